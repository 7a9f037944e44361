package faketelegram_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
)

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name    string
		fault   faketelegram.Fault
		code    int    // of an answer
		text    string // its description
		err     string // part of the error of the HTTP client
		carried bool
	}{
		{"500", faketelegram.Fault{Kind: faketelegram.FaultStatus}, 500, "Internal Server Error", "", false},
		{"502", faketelegram.Fault{Kind: faketelegram.FaultStatus, Status: 502}, 502, "Bad Gateway", "", false},
		{"429", faketelegram.Fault{
			Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 7,
		}, 429, "Too Many Requests: retry after 7", "", false},
		{"blocked", faketelegram.Fault{Kind: faketelegram.FaultBlocked}, 403, "Forbidden: bot was blocked by the user",
			"", false},
		{"reset", faketelegram.Fault{Kind: faketelegram.FaultReset}, 0, "", "", false},
		{"ghost", faketelegram.Fault{Kind: faketelegram.FaultGhost}, 0, "", "", true},
		{"html", faketelegram.Fault{Kind: faketelegram.FaultHTML}, 0, "", "invalid character '<'", false},
		{"truncate", faketelegram.Fault{Kind: faketelegram.FaultTruncate}, 0, "", "unexpected EOF", true},
		{"slow", faketelegram.Fault{Kind: faketelegram.FaultSlow, Delay: time.Millisecond}, 0, "", "", true},
		{"hang", faketelegram.Fault{Kind: faketelegram.FaultHang}, 0, "", "context canceled", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, url := serve(t)
			u := s.User(1, "Ani")
			u.Send("halo")
			tt.fault.Method, tt.fault.Count = "send*", 1
			f := s.Fail(tt.fault)
			if a := call(t, url, "getMe", nil); !a.OK {
				t.Errorf("getMe met the fault: %+v", a)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if tt.name == "hang" {
				go func() {
					f.Wait(ctx, 1)
					cancel()
				}()
			}
			a, err := try(ctx, url, "sendMessage", obj{"chat_id": 1, "text": "x"})
			if a.ErrorCode != tt.code || a.Description != tt.text || a.Parameters.RetryAfter != tt.fault.RetryAfter {
				t.Errorf("got %+v", a)
			}
			if answered := tt.code != 0 || tt.name == "slow"; (err == nil) != answered {
				t.Errorf("got error %v", err)
			}
			if err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %v, want %q in it", err, tt.err)
			}
			carried := false
			for _, m := range u.Messages() {
				carried = carried || m.FromBot
			}
			if carried != tt.carried {
				t.Errorf("carried out: %v", carried)
			}
			if !call(t, url, "sendMessage", obj{"chat_id": 1, "text": "x"}).OK || f.Hits() != 1 {
				t.Errorf("after one call, %d hits", f.Hits())
			}
		})
	}
}

func TestFaultChoice(t *testing.T) {
	s, url := serve(t)
	s.User(1, "Ani").Send("a")
	s.User(2, "Budi").Send("a")
	f := s.Fail(faketelegram.Fault{Kind: faketelegram.FaultBlocked, Chat: 2})
	if !call(t, url, "sendMessage", obj{"chat_id": 1, "text": "x"}).OK ||
		call(t, url, "sendMessage", obj{"chat_id": 2, "text": "x"}).OK {
		t.Error("a fault of one chat")
	}
	f.Stop()
	some := s.Fail(faketelegram.Fault{Kind: faketelegram.FaultStatus, Method: "getMe", Probability: 0.5})
	for range 100 {
		call(t, url, "getMe", nil)
	}
	if n := some.Hits(); n < 20 || n > 80 {
		t.Errorf("%d of 100 at even chance", n)
	}
	s.Heal()
	if !call(t, url, "sendMessage", obj{"chat_id": 2, "text": "x"}).OK {
		t.Error("not healed")
	}
}

func TestDownload(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	u.SendDocument("a.txt", "", []byte("isi berkas"), "")
	path := must[struct {
		FilePath string `json:"file_path"`
	}](t, url, "getFile", obj{"file_id": u.Last().Document.ID}).FilePath
	get := func(token string) (int, string, error) {
		resp, err := http.Get(url + "/file/bot" + token + "/" + path)
		if err != nil {
			return 0, "", err
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		return resp.StatusCode, string(b), err
	}
	if code, body, err := get(token); code != 200 || body != "isi berkas" || err != nil {
		t.Errorf("%d %q %v", code, body, err)
	}
	if code, _, _ := get("1:x"); code != 401 {
		t.Errorf("a wrong token gets %d", code)
	}
	s.Fail(faketelegram.Fault{Kind: faketelegram.FaultTruncate, Method: "file", Count: 1})
	if _, body, err := get(token); err == nil || body != "isi b" {
		t.Errorf("a cut download gave %q", body)
	}
	s.Fail(faketelegram.Fault{Kind: faketelegram.FaultHTML, Method: "file", Count: 1})
	if code, _, _ := get(token); code != 502 {
		t.Errorf("got %d", code)
	}
}
