package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/store"
)

// Telegram rejects the token and later accepts it again. Replies, nudges and announcements wait, the outage is
// logged, and nothing is lost.
func TestTokenRevoked(t *testing.T) {
	t.Parallel()
	h, w := newHouse(t), newWeb(t)
	accounts, by := h.crowd(5)
	a := h.start(byHook(w), func(c *bot.Config) {
		c.WebhookCheck, c.TokenCheck, c.Rate = time.Hour, 20*time.Millisecond, 400
	})
	w.serve(a)
	h.until("it receives", func() bool { return h.hookedTo() != "" })
	revoked := h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultStatus, Status: 401})
	for _, account := range accounts {
		h.telegram.User(account, "").Send("anu")
	}
	h.ok(revoked.Wait(t.Context(), 1))
	h.ok(h.db.Queue(t.Context(), time.Now(), []store.Delivery{{
		Message: store.Message{Chat: accounts[0], Class: store.Nudge, Body: []store.Text{store.Say("busy.wait")}},
	}}))
	cast := h.launch(by)
	const line = "telegram does not accept TELEGRAM_TOKEN: messages wait"
	h.until("it is said", func() bool { _, body := a.get("/readyz"); return strings.Contains(body, line) })
	if n := a.metric("pendamping_token_denied"); n != 1 {
		t.Errorf("the gauge is %v", n)
	}
	from := revoked.Hits()
	h.until("it asks again", func() bool { return revoked.Hits() > from+5 })
	if _, tally := h.broadcast(cast.ID); tally[store.Failed] != 0 || h.backlog(store.Failed) != 0 {
		t.Errorf("given up meanwhile: %v, and %d others", tally, h.backlog(store.Failed))
	}
	revoked.Stop()
	h.settle()
	h.until("the announcement is off",
		func() bool { _, tally := h.broadcast(cast.ID); return tally[store.Sent] == len(accounts) })
	for i, account := range accounts {
		want := 2 // a reply and the announcement
		if i == 0 {
			want++ // and the nudge
		}
		h.until("all is said", func() bool { return h.announced(accounts)[account] >= want })
	}
	h.until("it is over", func() bool { _, body := a.get("/readyz"); return body == "ok\n" })
	if began, ended := h.logged("telegram does not accept TELEGRAM_TOKEN"),
		h.logged("telegram accepts TELEGRAM_TOKEN again"); began != 1 || ended != 1 {
		t.Errorf("logged %d and %d times\n%s", began, ended, h.log)
	}
}

// A poller can't receive anything with a rejected token, so it ends with a line that names the setting, and its
// unsent replies wait.
func TestTokenRevokedWhilePolling(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	a := h.start(limited)
	p.Send("anu")
	h.settle()
	revoked := h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultStatus, Status: 401})
	p.Send("anu lagi")
	select {
	case <-a.done:
	case <-time.After(patient):
		t.Fatal("it goes on")
	}
	if a.err == nil || !strings.HasPrefix(a.err.Error(), "TELEGRAM_TOKEN: ") || strings.Contains(a.err.Error(), "\n") {
		t.Errorf("it ended with %v", a.err)
	}
	a.err = nil
	if counts, err := h.db.Backlog(context.Background(), time.Now()); err != nil || counts[store.Failed] != 0 {
		t.Errorf("given up: %v, %v", counts, err)
	}
	revoked.Stop()
	h.start(limited)
	h.settle()
	if n := p.puzzled(); n != 2 {
		t.Errorf("%d answers to 2 texts", n)
	}
}
