package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// However a call goes wrong, the person gets their answer and there is one nota.
func TestReplyIsSentAgain(t *testing.T) {
	for _, c := range []struct {
		fault faketelegram.Fault
		most  int // answers
	}{
		{faketelegram.Fault{Kind: faketelegram.FaultStatus, Status: 500, Count: 2}, 1},
		{faketelegram.Fault{Kind: faketelegram.FaultStatus, Status: 502, Count: 2}, 1},
		{faketelegram.Fault{Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 1, Count: 1}, 1},
		{faketelegram.Fault{Kind: faketelegram.FaultReset, Count: 2}, 1},
		{faketelegram.Fault{Kind: faketelegram.FaultHTML, Count: 2}, 1},
		{faketelegram.Fault{Kind: faketelegram.FaultHang, Count: 1}, 1},
		{faketelegram.Fault{Kind: faketelegram.FaultTruncate, Count: 1}, 2},
		{faketelegram.Fault{Kind: faketelegram.FaultGhost, Count: 1}, 2},
	} {
		t.Run(string(c.fault.Kind), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.start()
			people := h.owners(2)
			c.fault.Method, c.fault.Chat = "sendMessage", people[0].ID()
			fault := h.telegram.Fail(c.fault)
			people[0].SendPhoto(picture(1), "semen")
			ctx, cancel := context.WithTimeout(t.Context(), patient)
			defer cancel()
			h.ok(fault.Wait(ctx, 1))
			people[1].Send("anu")
			people[1].hears("unknown.words") // nobody waits for another's call
			h.settle()
			if n := people[0].heard("photo.saved"); n < 1 || n > c.most {
				t.Errorf("%d answers, want one and at most %d", n, c.most)
			}
			if fault.Hits() != c.fault.Count {
				t.Errorf("%d calls went wrong, want %d", fault.Hits(), c.fault.Count)
			}
			people[0].inOrder(1)
		})
	}
}

// A 429 is obeyed: what it pauses is sent when the pause is over, and not before.
func TestPauseIsObeyed(t *testing.T) {
	for name, refused := range map[string]int{"one chat": 1, "everybody": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const pause = 2 * time.Second
			h := newHouse(t)
			var mu sync.Mutex
			first, last := map[string]time.Time{}, map[string]time.Time{}
			h.seen = func(method string, params map[string]string) {
				if method == "sendMessage" {
					mu.Lock()
					defer mu.Unlock()
					now, chat := time.Now(), params["chat_id"]
					if first[chat].IsZero() {
						first[chat] = now
					}
					last[chat] = now
				}
			}
			people, other := h.owners(6), h.other()
			h.start()
			h.refuse(int(pause/time.Second), people[:refused]...)
			var waits []*owner // who meets the 429
			for _, p := range people[:refused] {
				p.Send("anu")
				waits = append(waits, p)
			}
			h.until("the bot knows", func() bool { // what it tells the others it does itself by then
				if refused == 1 {
					_, wait, err := other.TakeReply(t.Context(), people[0].ID(), store.InTurn)
					h.ok(err)
					return wait > 0
				}
				p, err := other.Paused(t.Context())
				h.ok(err)
				return p.All > 0
			})
			for _, p := range people[refused:] {
				p.Send("anu")
			}
			h.settle()
			mu.Lock()
			defer mu.Unlock()
			for _, p := range people {
				chat := strconv.FormatInt(p.ID(), 10)
				if p.puzzled() != 1 {
					t.Errorf("%s has %d answers", chat, p.puzzled())
				}
			}
			for _, p := range waits {
				chat := strconv.FormatInt(p.ID(), 10)
				if d := last[chat].Sub(first[chat]); d < pause-100*time.Millisecond {
					t.Errorf("%s is sent to again after %v", chat, d)
				}
			}
			if refused == 1 {
				return
			}
			for _, p := range people[refused:] {
				chat := strconv.FormatInt(p.ID(), 10)
				if d := first[chat].Sub(first[strconv.FormatInt(people[0].ID(), 10)]); d < pause-100*time.Millisecond {
					t.Errorf("everybody pauses, and %s is sent to after %v", chat, d)
				}
			}
		})
	}
}

// nudge queues a message that waits behind replies, and reports whether it arrives.
func (o *owner) nudge(id string) (arrives bool) {
	o.h.t.Helper()
	before := o.h.backlog(store.Unreachable)
	o.h.ok(o.h.db.Queue(context.Background(), time.Now(), []store.Delivery{{
		Message: store.Message{Chat: o.ID(), Class: store.Nudge, Body: []store.Text{store.Say(id)}},
	}}))
	o.h.settle()
	if arrived := o.heard(id) > 0; arrived == (o.h.backlog(store.Unreachable) > before) {
		o.h.t.Errorf("arrived: %v, and %d more unreachable", arrived, o.h.backlog(store.Unreachable)-before)
	}
	return o.heard(id) > 0
}

func (h *house) backlog(s store.DeliveryState) int {
	h.t.Helper()
	counts, err := h.db.Backlog(context.Background(), time.Now())
	h.ok(err)
	return counts[s]
}

func TestUnreachable(t *testing.T) {
	for _, c := range []struct {
		name    string
		blocked func(*owner)
		restart bool
		back    func(*owner)
	}{
		{"a 403, then they write", refused, false, func(p *owner) { p.Send("anu") }},
		{"a 403, a restart, then they write", refused, true, func(p *owner) { p.Send("anu") }},
		{"blocked and unblocked", func(p *owner) { p.Block(true) }, false, func(p *owner) { p.Block(false) }},
		{"blocked, a restart, unblocked", func(p *owner) { p.Block(true) }, true, func(p *owner) { p.Block(false) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			first := h.start()
			p := h.owners(1)[0]
			p.Send("anu")
			h.settle()
			c.blocked(p)
			h.settle()
			if p.nudge("cancel.nothing") {
				t.Fatal("a nudge reached them")
			}
			if c.restart {
				first.stop()
				h.start()
			}
			c.back(p)
			h.settle()
			if !p.nudge("unknown.command") {
				t.Error("they are back, and the next nudge does not arrive")
			}
		})
	}
}

// refused makes one call meet a 403.
func refused(p *owner) {
	p.h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultBlocked, Method: "sendMessage", Chat: p.ID(), Count: 1,
	})
	p.SendPhoto(picture(1), "semen")
	p.h.settle()
	if n := p.h.backlog(store.Unreachable); n != 1 {
		p.h.t.Errorf("%d deliveries are unreachable, want 1", n)
	}
}

// Only replies are sent a second time without knowing whether they arrived. Anything else is listed as unknown.
func TestNudgeOfUnknownOutcome(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	h.start()
	p.Send("anu")
	h.settle()
	h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultGhost, Method: "sendMessage", Count: 1})
	if !p.nudge("cancel.nothing") || p.heard("cancel.nothing") != 1 || h.backlog(store.Unknown) != 1 {
		t.Errorf("it arrived %d times, %d are unknown; want one of each", p.heard("cancel.nothing"),
			h.backlog(store.Unknown))
	}
}

// When a message of a chat is requeued because of a 429, those behind it are requeued too, and all of them arrive in
// order. Nobody else waits.
func TestRequeuedInOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(2)
	a := h.start()
	people[0].Send("anu")
	people[1].Send("anu")
	h.settle()
	var rows []store.Delivery
	for i := range 3 {
		for _, p := range people {
			rows = append(rows, store.Delivery{Message: store.Message{
				Chat: p.ID(), Class: store.Nudge, Due: time.Now().Add(time.Hour), // until the process holds them
				Body: []store.Text{store.Say("photo.saved", "Number", strconv.Itoa(i+1))},
			}})
		}
	}
	h.ok(h.db.Queue(t.Context(), time.Now(), rows))
	conn := testdb.Connect(t, h.Postgres)
	_, err := conn.Exec(t.Context(), `update outbox set message = (message::jsonb - 'due')::text where class = 'nudge'`)
	h.ok(err)
	ids, err := conn.Query(t.Context(), `select id from outbox where class = 'nudge' order by id`)
	h.ok(err)
	for i := range rows {
		if !ids.Next() {
			t.Fatal("a row is missing")
		}
		h.ok(ids.Scan(&rows[i].ID))
		rows[i].Message.Due = time.Time{}
	}
	ids.Close()
	refused := h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 1, Method: "sendMessage", Chat: people[0].ID(),
		Count: 1,
	})
	a.bot.Deliver(rows)
	h.until("all are told", func() bool {
		return people[0].heard("photo.saved") == 3 &&
			people[1].heard("photo.saved") == 3
	})
	if n := refused.Hits(); n != 1 {
		t.Errorf("%d calls were refused", n)
	}
	for _, p := range people {
		var told []int
		for _, m := range p.answers() {
			var n int
			if _, about, ok := strings.Cut(m.Text, "#"); ok {
				_, err := fmt.Sscanf(about, "%d", &n)
				h.ok(err)
				told = append(told, n)
			}
		}
		if !slices.Equal(told, []int{1, 2, 3}) {
			t.Errorf("%d is told of %v", p.ID(), told)
		}
	}
}

func TestGroupMigrates(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	g := h.telegram.Group(-77, "Grup-Rahasia", p.User)
	var once sync.Once
	h.seen = func(method string, params map[string]string) {
		if method == "sendMessage" && params["chat_id"] == "-77" {
			once.Do(func() { g.Migrate() })
		}
	}
	h.start()
	g.As(p.User).Send("/saldo@fake_bot")
	h.settle()
	n := 0
	for _, m := range h.telegram.Messages(g.ID()) {
		if m.FromBot {
			n++
		}
	}
	if n != 1 || g.ID() == -77 {
		t.Errorf("%d answers in the supergroup %d, want 1", n, g.ID())
	}
}

// button returns the data of the first such button of the last message that has one.
func (o *owner) button(prefix string) (message int, data string) {
	o.h.t.Helper()
	list := o.answers()
	for i := len(list) - 1; i >= 0; i-- {
		for _, row := range list[i].Buttons {
			for _, b := range row {
				if len(b.Data) >= len(prefix) && b.Data[:len(prefix)] == prefix {
					return list[i].ID, b.Data
				}
			}
		}
	}
	o.h.t.Fatalf("no button %q among %+v", prefix, list)
	return 0, ""
}

func TestEdits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	p := h.owners(1)[0]
	p.Send("/saldo")
	h.settle()
	message, data := p.button("rab")
	for range 2 { // the second finds that it is shown already
		p.PressOld(message, data)
		h.settle()
	}
	if list := p.answers(); len(list) != 1 || list[0].ID != message || list[0].Edited != 1 {
		t.Fatalf("after two presses they see %+v", list)
	}
	p.Delete(message)
	press := p.PressOld(message, data)
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	if _, err := press.Wait(ctx); err != nil {
		t.Error("the button keeps spinning")
	}
	h.settle()
	if list := p.answers(); len(list) != 1 || list[0].ID == message {
		t.Errorf("the message was deleted; now they see %+v", list)
	}
	if n := h.backlog(store.Failed); n != 0 {
		t.Errorf("%d deliveries failed", n)
	}
}
