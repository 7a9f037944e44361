package bot_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/telegram"
	"pendamping/store"
)

// byHook makes a process receive by webhook, and check very often whether it is still set.
func byHook(w *web) func(*bot.Config) {
	return func(c *bot.Config) { c.PublicURL, c.WebhookCheck = w.URL, 10*time.Millisecond }
}

// call calls the Bot API with the bot's token, as another program would.
func (h *house) call(method string, params url.Values) {
	h.t.Helper()
	resp, err := http.PostForm(h.Telegram+"/bot"+token+"/"+method, params)
	h.ok(err)
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
}

func (h *house) hookedTo() string {
	t := telegram.New(h.Telegram, token)
	defer t.Close()
	w, err := t.Webhook(context.Background())
	h.ok(err)
	return w.URL
}

// logged counts the lines with those words.
func (h *house) logged(words string) int { return strings.Count(h.log.String(), words) }

// A second process without PUBLIC_URL would delete the webhook, so it is refused, and the first goes on.
func TestPollingBesideAWebhookIsRefused(t *testing.T) {
	t.Parallel()
	h, w := newHouse(t), newWeb(t)
	w.serve(h.start(byHook(w)))
	p := h.owners(1)[0]
	p.Send("anu")
	h.settle()
	stray := h.start()
	<-stray.done
	if !errors.Is(stray.err, bot.ErrWebhook) {
		t.Errorf("the stray process ended with %v, want ErrWebhook", stray.err)
	}
	stray.err = nil
	if got := h.hookedTo(); got != w.URL+"/telegram" {
		t.Errorf("the webhook is now %q", got)
	}
	p.Send("masih di sana?")
	h.settle()
	if n := p.puzzled(); n != 2 {
		t.Errorf("%d answers to 2 texts", n)
	}
}

// A stray process with other records can't be refused. The webhook that it removed is set again at the next check.
func TestWebhookTakenAwayIsSetAgain(t *testing.T) {
	t.Parallel()
	h, w := newHouse(t), newWeb(t)
	a := h.start(byHook(w))
	w.serve(a)
	p := h.owners(1)[0]
	for i, params := range []url.Values{{}, {"url": {"https://lain.example/hook"}}} {
		p.Send("anu")
		h.settle()
		h.call("setWebhook", params)
		h.until("it is set again", func() bool { return h.hookedTo() == w.URL+"/telegram" })
		p.Send("masih di sana?")
		h.settle()
		if n := p.puzzled(); n != 2*(i+1) {
			t.Errorf("%d answers to %d texts", n, 2*(i+1))
		}
	}
	if n := h.logged("the webhook was taken away"); n != 2 {
		t.Errorf("logged %d times that it was taken away, want 2", n)
	}
	if _, body := a.get("/metrics"); !strings.Contains(body, "pendamping_webhook_lost_total 2\n") {
		t.Error("the metrics do not count it")
	}
}

// A deploy moves from polling to a webhook, one process at a time, and back.
func TestDeployFromPollingToWebhook(t *testing.T) {
	t.Parallel()
	h, w := newHouse(t), newWeb(t)
	var first, second trail
	h.start(watched(first.at))
	p := h.owners(1)[0]
	p.Send("satu")
	h.settle()
	b := h.start(watched(second.at), byHook(w))
	w.serve(b)
	h.until("the poller stands down", func() bool { return h.logged("stands down from polling") == 1 })
	p.Send("dua")
	h.settle()
	if len(second.of("accepted")) != 1 || h.hookedTo() == "" {
		t.Error("the webhook did not win")
	}
	if h.logged("another program") > 0 {
		t.Errorf("the house's own webhook is called a stranger's:\n%s", h.log)
	}
	b.stop()
	p.Send("tiga")
	h.settle()
	if n := p.puzzled(); n != 3 || len(first.of("accepted")) != 2 {
		t.Errorf("%d answers to 3 texts, of which the poller took %d, want 2", n, len(first.of("accepted")))
	}
	if h.logged("no process receives by webhook any more") != 1 {
		t.Error("that it polls again is not logged once")
	}
}

// Of two processes with webhooks the newer one's URL stands, or a deploy to another URL would go back and forth.
func TestNewestWebhookStands(t *testing.T) {
	t.Parallel()
	h, old, w := newHouse(t), newWeb(t), newWeb(t)
	var looks atomic.Int32
	h.seen = func(method string, _ map[string]string) {
		if method == "getWebhookInfo" {
			looks.Add(1)
		}
	}
	old.serve(h.start(byHook(old)))
	h.until("it is set", func() bool { return h.hookedTo() == old.URL+"/telegram" })
	b := h.start(byHook(w))
	w.serve(b)
	h.until("the newer is set", func() bool { return h.hookedTo() == w.URL+"/telegram" })
	for from := looks.Load(); looks.Load() < from+20; time.Sleep(time.Millisecond) {
	}
	if got := h.hookedTo(); got != w.URL+"/telegram" || h.logged("the webhook was taken away") > 0 {
		t.Errorf("the webhook is %q\n%s", got, h.log)
	}
	b.stop()
	h.until("the older takes it back", func() bool { return h.hookedTo() == old.URL+"/telegram" })
}

// A foreign program sets a webhook while the bot polls. It is removed at once, but when it is set again only after a
// while, or two programs that both insist would fight. It is logged once.
func TestForeignWebhook(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var polls, removed atomic.Int32
	h.seen = func(method string, _ map[string]string) {
		switch method {
		case "getUpdates":
			polls.Add(1)
		case "deleteWebhook":
			removed.Add(1)
		}
	}
	h.start()
	p := h.owners(1)[0]
	p.Send("satu")
	h.settle()
	lain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(lain.Close)
	h.call("setWebhook", url.Values{"url": {lain.URL}})
	p.Send("dua")
	h.settle()
	h.call("setWebhook", url.Values{"url": {lain.URL}})
	from := polls.Load()
	h.until("it is asked again", func() bool { return polls.Load() >= from+3 })
	if removed.Load() != 1 || h.hookedTo() == "" || h.logged("another program sets a webhook") != 1 {
		t.Errorf("removed %d times, set to %q\n%s", removed.Load(), h.hookedTo(), h.log)
	}
	h.call("deleteWebhook", nil)
	p.Send("tiga")
	h.settle()
	if n := p.puzzled(); n != 3 || h.logged("no webhook is set any more") != 1 {
		t.Errorf("%d answers to 3 texts\n%s", n, h.log)
	}
}

// refusing is a process that can't enter among the others, or records that can't say whether there is a webhook,
// though PostgreSQL answers.
type refusing struct {
	bot.Process
	bot.Records
}

var errRefused = errors.New("permission denied")

func (refusing) Enter(context.Context, store.Mode) error           { return errRefused }
func (refusing) Webhook(context.Context) (int64, error)            { return 0, errRefused }
func (r refusing) Gone(ctx context.Context, n int64) (bool, error) { return r.Records.Gone(ctx, n) }

// If the records refuse what a start needs, the start ends with that error. An outage is waited for.
func TestStartIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*bot.Config){
		"entering":              func(c *bot.Config) { c.Process = refusing{Process: c.Process} },
		"looking for a webhook": func(c *bot.Config) { c.Records = refusing{Records: c.Records} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newHouse(t).start(change)
			select {
			case <-p.done:
			case <-time.After(patient):
				t.Fatal("it hangs without a word")
			}
			if !errors.Is(p.err, errRefused) || !strings.Contains(p.err.Error(), name) {
				t.Errorf("it ended with %v", p.err)
			}
			p.err = nil
		})
	}
}
