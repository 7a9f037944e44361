package telegram

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
)

const token = "4242:kunci-rahasia"

// serve starts a Bot API for one test.
func serve(t *testing.T) (api *faketelegram.Server, base string) {
	t.Helper()
	api = faketelegram.New(token)
	http := httptest.NewServer(api)
	t.Cleanup(http.Close)
	t.Cleanup(api.Close)
	return api, http.URL
}

// However a call fails, its error does not contain the token.
func TestTokenIsNeverTold(t *testing.T) {
	api, base := serve(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, c := range []struct {
		name, base, token string
		fault             faketelegram.FaultKind
	}{
		{"refused", closed.URL, token, ""},
		{"another bot's token", base, "4243:kunci-rahasia", ""},
		{"a token with a line break", base, token + "\n", ""},
		{"a base without a scheme", "127.0.0.1", token, ""},
		{"reset", base, token, faketelegram.FaultReset},
		{"cut", base, token, faketelegram.FaultTruncate},
		{"a proxy's page", base, token, faketelegram.FaultHTML},
	} {
		if c.fault != "" {
			api.Fail(faketelegram.Fault{Kind: c.fault, Method: "getMe", Count: 1})
		}
		client := New(c.base, c.token)
		_, err := client.Me(t.Context())
		client.Close()
		if err == nil || strings.Contains(err.Error(), "kunci-rahasia") {
			t.Errorf("%s: %v", c.name, err)
		}
		if TokenRejected(err) != (c.name == "another bot's token") {
			t.Errorf("%s: the token is rejected: %v", c.name, TokenRejected(err))
		}
	}
}

// The response to a method is read up to a bound, and is an error beyond it.
func TestEndlessAnswer(t *testing.T) {
	api, base := serve(t)
	api.Fail(faketelegram.Fault{Kind: faketelegram.FaultEndless, Method: "getMe"})
	client := New(base, token)
	defer client.Close()
	err := client.call(t.Context(), 5*time.Minute, Request{Method: "getMe"}, nil)
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("it ends with %v", err)
	}
}
