package bot_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/bot/telegram"
	"pendamping/store/embedded/testdb"
)

// Telegram forgets an update when the offset passes it, and by then it must be in the inbox. An update that is
// durable although its Accept seemed to fail is handled once, because the answer to a commit may be lost.
func TestAcceptWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(3)
	var lost sync.Map
	h.start(watched(func(point string, id int64) error {
		if point == "accepted" {
			if _, again := lost.LoadOrStore(id, true); !again {
				return errors.New("the connection is gone")
			}
		}
		return nil
	}))
	for range 4 {
		for _, p := range people {
			p.Send("anu")
		}
		h.settle()
	}
	for _, p := range people {
		if n := p.puzzled(); n != 4 {
			t.Errorf("%d answers to 4 texts", n)
		}
	}
}

func TestDurableBeforeAcknowledged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var accepted sync.Map
	var acknowledged atomic.Int64
	h.seen = func(method string, params map[string]string) {
		if method != "getUpdates" {
			return
		}
		offset, _ := strconv.ParseInt(params["offset"], 10, 64)
		for id := acknowledged.Load() + 1; id < offset; id++ {
			if _, ok := accepted.Load(id); !ok && id > 0 && acknowledged.Load() > 0 {
				t.Errorf("update %d is acknowledged before it is durable", id)
			}
		}
		acknowledged.Store(max(acknowledged.Load(), offset-1))
	}
	people := h.owners(3)
	var refuse atomic.Int32
	refuse.Store(3)
	h.start(watched(func(point string, id int64) error {
		switch point {
		case "accept":
			if refuse.Add(-1) >= 0 {
				return errors.New("not kept")
			}
		case "accepted":
			accepted.Store(id, true)
		}
		return nil
	}))
	for range 20 {
		for _, p := range people {
			p.Send("anu")
		}
	}
	h.settle()
	for _, p := range people {
		if n := p.puzzled(); n != 20 {
			t.Errorf("%d answers to 20 texts", n)
		}
		if n := p.heard("busy.wait"); n > 1 {
			t.Errorf("asked to wait %d times", n)
		}
	}
	if acknowledged.Load() == 0 {
		t.Error("nothing was acknowledged")
	}
}

// An update that Telegram delivers again just while it is looked up is handled once: before it is durable nobody finds
// it, and after that it is in hand already.
func TestDeliveredAgainWhileLookedUp(t *testing.T) {
	for _, durable := range []string{"before the look", "after the look"} {
		t.Run(durable, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			p := h.owners(1)[0]
			looks, looked, accepted := make(chan bool), make(chan bool), make(chan bool)
			var refused, found sync.Once
			var asksAgain atomic.Bool
			var turns atomic.Int32
			h.seen = func(method string, _ map[string]string) {
				if method == "getUpdates" && asksAgain.Load() {
					<-looks // Telegram delivers it again only when it is looked up
				}
			}
			h.start(watched(func(point string, _ int64) (err error) {
				switch point {
				case "accept":
					refused.Do(func() { err = errors.New("not kept") })
					if err != nil {
						asksAgain.Store(true)
						return err
					}
					if durable == "after the look" {
						<-looked
					}
				case "accepted":
					close(accepted)
				case "look up":
					found.Do(func() {
						close(looks)
						if durable == "before the look" {
							<-accepted
						}
					})
				case "looked up":
					select {
					case <-looked:
					default:
						close(looked)
						if durable == "after the look" {
							<-accepted
						}
					}
				case "account":
					turns.Add(1)
					<-looked
					time.Sleep(3 * time.Second) // it is not done when it is looked up once more
				}
				return nil
			}))
			p.Send("anu")
			h.settle()
			if n := p.puzzled(); n != 1 || turns.Load() != 1 {
				t.Errorf("%d answers to one text, in %d turns", n, turns.Load())
			}
		})
	}
}

// An update that was kept although its Accept failed is handled before the chat's next one, also when both come while
// it is looked up.
func TestUncertainUpdateKeepsItsPlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	refused, looks, handled := make(chan bool), make(chan bool), make(chan bool)
	var refuse, first sync.Once
	var asksAgain, looked atomic.Bool
	var mu sync.Mutex
	var order []int64
	h.seen = func(method string, _ map[string]string) {
		if method == "getUpdates" && asksAgain.Load() {
			<-looks
		}
	}
	h.start(watched(func(point string, _ int64) (err error) {
		switch point {
		case "accepted":
			refuse.Do(func() {
				asksAgain.Store(true)
				close(refused)
				err = errors.New("the answer is lost")
			})
		case "look up":
			if !looked.Swap(true) {
				close(looks)
				<-handled
			}
		}
		return err
	}), func(c *bot.Config) {
		begin := c.Begin
		c.Begin = func(now time.Time, update int64) bot.Tx {
			if update != 0 {
				mu.Lock()
				order = append(order, update)
				mu.Unlock()
				first.Do(func() { close(handled) })
			}
			return begin(now, update)
		}
	})
	p.Send("satu")
	<-refused
	p.Send("dua")
	h.settle()
	if n := p.puzzled(); n != 2 || len(order) != 2 || !slices.IsSorted(order) {
		t.Errorf("%d answers to two texts, handled in the order %v", n, order)
	}
}

// What is no update at all can't be acknowledged by its id. It is passed all the same, and holds up nothing that
// comes after it.
func TestUnreadIsPassed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	p := h.owners(1)[0]
	p.Send("anu") // so that there is an offset
	h.settle()
	for i, raw := range []string{
		`null`, `[]`, `5`, `{}`, `{"update_id":0}`, `{"update_id":-1}`, `{"update_id":"7"}`, `{"update_id":1.5}`,
		`{"update_id":1e400}`, `{"update_id":{}}`,
		`{"update_id":9223372036854775807}`, `{"message":{"message_id":1,"chat":{"id":1e400}}}`,
	} {
		h.telegram.Inject([]byte(raw))
		h.settle()
		p.Send("anu lagi")
		h.settle()
		if n := p.puzzled(); n != i+2 {
			t.Errorf("%d answers to %d texts after %s", n, i+2, raw)
		}
	}
}

func TestRedelivery(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.telegram.DuplicateNext(4)
	h.start()
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "semen")
	p.Send("195rb")
	h.settle()
	before := p.answers()
	for id := h.telegram.LastUpdate(); id > h.telegram.LastUpdate()-2; id-- {
		if !h.telegram.Redeliver(id) {
			t.Fatal("the update is not known")
		}
	}
	h.settle()
	if list, _ := p.receipts(); len(list) != 1 {
		t.Errorf("%d notas, want 1", len(list))
	}
	if after := p.answers(); len(after) != len(before) || len(after) != 2 {
		t.Errorf("%d answers, then %d; want 2", len(before), len(after))
	}
}

// Another program polls with the same token for a while.
func TestConflictIsSurvived(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	p := h.owners(1)[0]
	p.Send("satu")
	h.settle()
	conflict := h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultStatus, Status: 409, Method: "getUpdates", Count: 3,
	})
	p.Send("dua")
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	p.Send("tiga")
	h.ok(conflict.Wait(ctx, 3))
	p.Send("empat")
	h.settle()
	if n := p.puzzled(); n != 4 {
		t.Errorf("%d answers to 4 texts", n)
	}
	if began, ended := h.logged("another program polls"), h.logged("nobody else polls"); began != 1 || ended != 1 {
		t.Errorf("one episode of conflicts is logged %d times, and its end %d times", began, ended)
	}
}

func TestOnePolls(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var first, second trail
	a := h.start(watched(first.at))
	p := h.owners(1)[0]
	p.Send("satu")
	h.settle()
	h.start(watched(second.at))
	for range 10 {
		p.Send("lagi")
		h.settle()
	}
	if n := len(second.of("accepted")); n != 0 {
		t.Errorf("the second process took %d updates while the first polls", n)
	}
	if _, metrics := a.get("/metrics"); strings.Contains(metrics, `fate="conflict"`) {
		t.Error("the second process polls beside the first")
	}
	a.stop()
	p.Send("dua")
	h.settle()
	if n := len(second.of("accepted")); n == 0 {
		t.Error("nobody took over")
	}
	if n := p.puzzled(); n != 12 {
		t.Errorf("%d answers to 12 texts", n)
	}
}

// web is where Telegram finds the bot, known before there is one.
type web struct {
	*httptest.Server
	mu  sync.Mutex
	bot *process
}

func newWeb(t *testing.T) *web {
	w := &web{}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		bot := w.bot
		w.mu.Unlock()
		if bot == nil {
			http.Error(rw, "nobody here", http.StatusBadGateway)
			return
		}
		bot.handler().ServeHTTP(rw, r)
	}))
	t.Cleanup(w.Close)
	return w
}

func (w *web) serve(p *process) {
	w.mu.Lock()
	w.bot = p
	w.mu.Unlock()
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	h, w := newHouse(t), newWeb(t)
	var passed trail
	var calls, kept atomic.Int32
	a := h.start(watched(func(point string, id int64) error {
		switch point {
		case "accept":
			calls.Add(1)
		case "accepted":
			kept.Add(1)
		}
		return passed.at(point, id)
	}), func(c *bot.Config) { c.PublicURL = w.URL })
	w.serve(a)
	people := h.owners(40)
	for _, p := range people {
		p.Send("anu")
	}
	h.settle()
	for _, p := range people {
		if n := p.puzzled(); n != 1 {
			t.Errorf("%d answers to %d, want 1", n, p.ID())
		}
	}
	if calls.Load() >= kept.Load() {
		t.Errorf("%d updates took %d inserts", kept.Load(), calls.Load())
	}
	for _, c := range []struct {
		secret, body string
		code         int
	}{{"", "{}", 403}, {"wrong", "{}", 403}, {strings.Repeat("0", 64), `{"update_id":1}`, 403}} {
		req, _ := http.NewRequest(http.MethodPost, w.URL+"/telegram", strings.NewReader(c.body))
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
		resp, err := http.DefaultClient.Do(req)
		h.ok(err)
		resp.Body.Close()
		if resp.StatusCode != c.code {
			t.Errorf("secret %q: %d, want %d", c.secret, resp.StatusCode, c.code)
		}
	}
	http.DefaultClient.CloseIdleConnections()

	// From here on the bot polls, so the webhook has to go.
	a.stop()
	h.start()
	people[0].Send("masih di sana?")
	h.settle()
	if n := people[0].puzzled(); n != 2 {
		t.Errorf("%d answers after polling took over, want 2", n)
	}
	client := telegram.New(h.Telegram, token)
	defer client.Close()
	if hook, err := client.Webhook(t.Context()); err != nil || hook.URL != "" {
		t.Errorf("the webhook is still %q, %v", hook.URL, err)
	}
}

// A webhook call that can't be kept is not acknowledged, so Telegram delivers the update again.
func TestWebhookNotKept(t *testing.T) {
	t.Parallel()
	r, database := newRelay(t), testdb.Database(t, migrate)
	h, w := newHouseOn(t, r.up(database), testdb.Redis(t)), newWeb(t)
	w.serve(h.start(func(c *bot.Config) { c.PublicURL = w.URL }))
	p := h.owners(1)[0]
	p.Send("anu")
	h.settle()
	r.down()
	p.Send("masih di sana?")
	p.hears("busy.wait")
	if h.telegram.Pending() != 1 {
		t.Error("Telegram forgot an update that is not durable")
	}
	r.up(database)
	h.settle()
	if said, wait := p.puzzled(), p.heard("busy.wait"); said != 2 || wait != 1 {
		t.Errorf("%d answers to 2 texts, asked to wait %d times", said, wait)
	}
}
