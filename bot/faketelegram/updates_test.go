package faketelegram_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
)

func texts(us []upd) (out []string) {
	for _, u := range us {
		out = append(out, u.Message.Text)
	}
	return out
}

func TestOffsets(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	for _, text := range []string{"a", "b", "c"} {
		u.Send(text)
	}
	us := updates(t, url, 0)
	if got := texts(us); !slices.Equal(got, []string{"a", "b", "c"}) || us[0].UpdateID >= us[1].UpdateID {
		t.Fatalf("got %v", got)
	}
	if got := texts(updates(t, url, us[1].UpdateID)); !slices.Equal(got, []string{"b", "c"}) || s.Pending() != 2 {
		t.Errorf("got %v, %d pending", got, s.Pending())
	}
	if got := texts(must[[]upd](t, url, "getUpdates", obj{"limit": 1})); !slices.Equal(got, []string{"b"}) {
		t.Errorf("got %v", got)
	}
	if got := texts(updates(t, url, -1)); !slices.Equal(got, []string{"c"}) || s.Pending() != 1 {
		t.Errorf("got %v, %d pending", got, s.Pending())
	}
	s.Redeliver(us[0].UpdateID)
	if got := texts(updates(t, url, us[2].UpdateID+1)); !slices.Equal(got, []string{"a"}) {
		t.Errorf("redelivered %v", got)
	}
	s.DuplicateNext(1)
	u.Send("d")
	d := updates(t, url, us[2].UpdateID+1)
	again := updates(t, url, d[0].UpdateID+1)
	if len(again) != 1 || again[0].UpdateID != d[0].UpdateID {
		t.Errorf("twice: %v, %v", texts(d), texts(again))
	}
	if err := s.Idle(t.Context()); err != nil {
		t.Error(err)
	}
}

// An injected update is handed out as it is, in its place among the others, and acknowledged like them.
func TestInject(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	u.Send("a")
	s.Inject(json.RawMessage(`{ "message":{"text":"b","text":"c"} }`))
	s.Inject(json.RawMessage(`{}`))
	s.Inject(json.RawMessage(`{"update_id":1e400,"message":null}`))
	s.Inject(json.RawMessage(`[5]`))
	u.Send("d")
	raws := must[[]json.RawMessage](t, url, "getUpdates", obj{})
	var got []string
	for _, raw := range raws[1:5] {
		got = append(got, string(raw))
	}
	want := []string{`{"update_id":1002,"message":{"text":"b","text":"c"}}`, `{"update_id":1003}`,
		`{"update_id":1e400,"message":null}`, `[5]`}
	if !slices.Equal(got, want) || len(raws) != 6 {
		t.Errorf("got %s", raws)
	}
	if us := updates(t, url, 1006); len(us) != 1 || us[0].Message.Text != "d" || s.Pending() != 1 {
		t.Errorf("got %+v, %d pending", us, s.Pending())
	}
}

func TestAllowedUpdates(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	must[[]upd](t, url, "getUpdates", obj{"allowed_updates": []string{"callback_query"}})
	id := u.Send("a")
	u.Edit(id, "b")
	u.PressOld(id, "x")
	if us := updates(t, url, 0); len(us) != 1 || us[0].CallbackQuery == nil {
		t.Errorf("got %+v", us)
	}
	must[[]upd](t, url, "getUpdates", obj{"allowed_updates": []string{}})
	u.Edit(id, "c")
	if us := updates(t, url, -1); us[0].EditedMessage == nil || us[0].EditedMessage.Text != "c" {
		t.Errorf("got %+v", us)
	}
}

// TestLongPoll has one poll wake at once, and one give way to a newer one.
func TestLongPoll(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	type result struct {
		a   answer
		err error
	}
	poll := func() chan result {
		got := make(chan result, 1)
		go func() {
			a, err := try(t.Context(), url, "getUpdates", obj{"timeout": 50})
			got <- result{a, err}
		}()
		return got
	}
	first := poll()
	second := poll()
	var other chan result
	var lost result
	select {
	case lost = <-first:
		other = second
	case lost = <-second:
		other = first
	}
	want := "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	if lost.err != nil || lost.a.ErrorCode != 409 || lost.a.Description != want {
		t.Errorf("got %+v, %v", lost.a, lost.err)
	}
	start := time.Now()
	u.Send("bangun")
	if r := <-other; r.err != nil || !r.a.OK || time.Since(start) > 5*time.Second {
		t.Errorf("got %+v, %v after %v", r.a, r.err, time.Since(start))
	}
	us := updates(t, url, 0)
	updates(t, url, us[0].UpdateID+1)
	third := poll()
	must[bool](t, url, "setWebhook", obj{"url": "http://127.0.0.1:1/"}) // whichever of the two comes first
	if r := <-third; r.a.ErrorCode != 409 {
		t.Errorf("got %+v", r.a)
	}
	if a := call(t, url, "getUpdates", obj{}); a.ErrorCode != 409 ||
		a.Description != "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first" {
		t.Errorf("got %+v", a)
	}
	must[bool](t, url, "deleteWebhook", obj{})
	updates(t, url, 0)
}

// TestPollLeft cancels a waiting poll; the next one must not be told of a conflict and nothing must be lost.
func TestPollLeft(t *testing.T) {
	s, url := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := try(ctx, url, "getUpdates", obj{"timeout": 50})
		gone <- err
	}()
	cancel()
	<-gone
	s.User(1, "Ani").Send("a")
	if us := updates(t, url, 0); len(us) != 1 {
		t.Errorf("got %v", texts(us))
	}
}

type hook struct {
	mu    sync.Mutex
	got   []upd
	fails map[string]int // by text: how often to refuse
	token string
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var u upd
	json.Unmarshal(raw, &u)
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != h.token {
		w.WriteHeader(401)
		return
	}
	h.got = append(h.got, u)
	if h.fails[u.Message.Text] > 0 {
		h.fails[u.Message.Text]--
		w.WriteHeader(500)
	}
}

func (h *hook) of(chat int64) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, u := range h.got {
		if u.Message.Chat.ID == chat {
			out = append(out, u.Message.Text)
		}
	}
	return out
}

func (h *hook) first(chat int64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.got, func(u upd) bool { return u.Message.Chat.ID == chat })
	return h.got[i].UpdateID
}

func TestWebhook(t *testing.T) {
	s, url := serve(t)
	h := &hook{token: "rahasia_1", fails: map[string]int{"1b": 2}}
	srv := httptest.NewServer(h)
	defer srv.Close()
	a, b := s.User(1, "Ani"), s.User(2, "Budi")
	a.Send("1a")
	must[bool](t, url, "setWebhook", obj{"url": srv.URL, "secret_token": "rahasia_1"})
	a.Send("1b")
	b.Send("2a")
	a.Send("1c")
	b.Send("2b")
	if err := s.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := h.of(1), []string{"1a", "1b", "1b", "1b", "1c"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := h.of(2), []string{"2a", "2b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	info := must[struct {
		URL       string
		Pending   int    `json:"pending_update_count"`
		LastError string `json:"last_error_message"`
	}](t, url, "getWebhookInfo", obj{})
	if info.URL != srv.URL || info.Pending != 0 ||
		info.LastError != "Wrong response from the webhook: 500 Internal Server Error" {
		t.Errorf("got %+v", info)
	}
	if !s.Redeliver(h.first(1)) || s.Redeliver(1) {
		t.Error("redelivery knows the wrong updates")
	}
	s.DuplicateNext(1)
	b.Send("2c")
	if err := s.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, m := len(h.of(1)), h.of(2); n != 6 || !slices.Equal(m[2:], []string{"2c", "2c"}) {
		t.Errorf("redelivered: %v %v", h.of(1), m)
	}
	must[bool](t, url, "deleteWebhook", obj{})
	a.Send("1d")
	if got := texts(updates(t, url, 0)); !slices.Equal(got, []string{"1d"}) {
		t.Errorf("polled %v", got)
	}
}

// TestWebhookComesBack keeps an update until there is a server to take it.
func TestWebhookComesBack(t *testing.T) {
	s, url := serve(t)
	h := &hook{}
	var up bool
	refused := make(chan struct{}, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		ok := up
		h.mu.Unlock()
		if !ok {
			refused <- struct{}{}
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
	}))
	defer srv.Close()
	must[bool](t, url, "setWebhook", obj{"url": srv.URL})
	s.User(1, "Ani").Send("a")
	<-refused
	if s.Pending() != 1 {
		t.Error("the update is gone")
	}
	h.mu.Lock()
	up = true
	h.mu.Unlock()
	if err := s.Idle(t.Context()); err != nil || !slices.Equal(h.of(1), []string{"a"}) {
		t.Errorf("%v, %v", err, h.of(1))
	}
}

func TestWatch(t *testing.T) {
	s, _ := serve(t)
	a, b := s.User(1, "Ani"), s.User(2, "Budi")
	ctx, cancel := context.WithCancel(t.Context())
	news := s.Watch(ctx)
	a.Send("x")
	if id := <-news; id != 1 {
		t.Errorf("got %d", id)
	}
	b.Send("x")
	b.Send("y")
	if id := <-news; id != 2 {
		t.Errorf("got %d", id)
	}
	cancel()
	for range news {
	}
	if got := s.Chats(); len(got) != 2 || got[0] != (faketelegram.ChatInfo{
		ID: 1, Type: "private", Title: "Ani", Started: true,
	}) {
		t.Errorf("got %+v", got)
	}
}
