package bot_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/store"
)

// board is what a group sees of the bot.
type board struct {
	*faketelegram.Group
	h *house
}

func (h *house) board(p *owner) board { return board{h.telegram.Group(-77, "Grup-Rahasia", p.User), h} }

// says returns the bot's messages in the group, by chat, because a supergroup starts anew.
func (b board) says() (list []faketelegram.Message) {
	for _, m := range b.h.telegram.Messages(b.ID()) {
		if m.FromBot && !m.Deleted {
			list = append(list, m)
		}
	}
	return list
}

// shows checks that the group sees one card with that many notas.
func (b board) shows(kept, complete int) {
	b.h.t.Helper()
	want := b.h.words.Text("id", "room.card", map[string]string{
		"Count": strconv.Itoa(kept), "Complete": strconv.Itoa(complete),
	})
	list := b.says()
	if len(list) != 1 || list[0].Text != want {
		b.h.t.Errorf("the group sees %+v, want one card: %q", list, want)
		return
	}
	if open := len(list[0].Buttons) > 0; open != (kept > complete) || !list[0].Silent {
		b.h.t.Errorf("the card has buttons %v, silent %v", list[0].Buttons, list[0].Silent)
	}
}

// calls counts what is said in groups.
type calls struct {
	mu  sync.Mutex
	all int
	old int // in the chat before the move
}

func (c *calls) watch(h *house) {
	h.seen = func(method string, params map[string]string) {
		if !strings.HasPrefix(params["chat_id"], "-") {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.all++
		if params["chat_id"] == "-77" {
			c.old++
		}
	}
}

func (c *calls) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all
}

func (c *calls) toOld() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.old
}

// turnstile is a rate limiter whose tokens for groups wait until the test lets them through, and are counted.
type turnstile struct {
	bot.RateLimiter
	open   chan struct{} // each value lets a token through
	mu     sync.Mutex
	places int
}

func (s *turnstile) Take(ctx context.Context, class store.Class, chat int64, rate float64) (store.Token, error) {
	if chat > 0 {
		return s.RateLimiter.Take(ctx, class, chat, rate)
	}
	select {
	case <-s.open:
	case <-ctx.Done():
		return store.Token{}, ctx.Err()
	}
	for {
		token, err := s.RateLimiter.Take(ctx, class, chat, rate)
		if err != nil || token.Number > 0 {
			s.mu.Lock()
			s.places++
			s.mu.Unlock()
			return token, err
		}
		select {
		case <-time.After(token.After):
		case <-ctx.Done():
			return token, ctx.Err()
		}
	}
}

func (s *turnstile) taken() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.places
}

// Photos in a burst give one card, however many come until the group's rate limit has a token. The next token edits
// the card. The limiter keeps the tokens apart, and is tested there. People in private chats wait for none of it.
func TestGroupRate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var said calls
	said.watch(h)
	limiter := &turnstile{open: make(chan struct{})}
	h.start(func(c *bot.Config) { limiter.RateLimiter, c.Limiter = c.Limiter, limiter })
	people := h.owners(2)
	p, other := people[0], people[1]
	p.Send("anu")
	g := h.board(p)
	kept := 0
	burst := func(n int) {
		t.Helper()
		for range n {
			g.As(p.User).SendPhoto(picture(kept), "@fake_bot")
			kept++
		}
		h.until("they are kept, and their card is where it waits", func() bool {
			list, _ := p.receipts()
			open, err := h.db.Waiting(t.Context())
			return len(list) == kept && open == 0 && err == nil
		})
	}
	burst(10)
	if !other.nudgeNow() {
		t.Error("somebody else waits for the group")
	}
	for calls := 1; calls <= 2; calls++ {
		if n := said.count(); n != calls-1 {
			t.Errorf("the group was called %d times with %d places", n, calls-1)
		}
		limiter.open <- struct{}{}
		h.settle()
		g.shows(kept, 0)
		if n := said.count(); n != calls || limiter.taken() != n {
			t.Errorf("the group was called %d times with %d tokens for %d bursts", n, limiter.taken(), calls)
		}
		if calls == 1 {
			burst(3)
		}
	}
	h.verified()
}

// nudgeNow queues a nudge and reports whether it arrives while something else still waits.
func (o *owner) nudgeNow() bool {
	o.h.t.Helper()
	o.Send("anu") // the bot may write to them
	o.hears("unknown.words")
	o.h.ok(o.h.db.Queue(context.Background(), time.Now(), []store.Delivery{{
		Message: store.Message{Chat: o.ID(), Class: store.Nudge, Body: []store.Text{store.Say("cancel.nothing")}},
	}}))
	o.hears("cancel.nothing")
	return o.h.backlog(store.Queued) > 0
}

// The group becomes a supergroup, and its card moves with it, whether Telegram tells the bot or only a call meets the
// old id.
func TestGroupCardMigrates(t *testing.T) {
	for _, c := range []struct {
		name string
		move func(*house, board, *process)
		old  int // calls with the old id after the move
	}{
		{"told", func(h *house, g board, _ *process) {
			g.Migrate()
			h.settle()
		}, 0},
		{"not told", func(h *house, g board, running *process) {
			running.stop()
			g.Migrate()
			resp, err := http.Get(fmt.Sprintf("%s/bot%s/getUpdates?offset=%d", h.Telegram, token,
				h.telegram.LastUpdate()+1))
			h.ok(err)
			resp.Body.Close()
			h.start()
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			var said calls
			said.watch(h)
			first := h.start()
			p := h.owners(1)[0]
			p.Send("anu")
			g := h.board(p)
			g.As(p.User).SendPhoto(picture(1), "@fake_bot 50rb TB Jaya kemarin bahan")
			h.settle()
			g.shows(1, 0)
			before := said.toOld()
			c.move(h, g, first)
			message, data := p.button("q:") // the review: yes
			p.PressOld(message, data)
			h.settle()
			g.shows(1, 1)
			g.As(p.User).SendPhoto(picture(2), "/nota")
			h.settle()
			g.shows(2, 1)
			if n := said.toOld() - before; n != c.old {
				t.Errorf("%d calls with the old id, want %d", n, c.old)
			}
		})
	}
}

// With two cards on their way at once, a card that somebody deleted, and an update that comes again, the group sees
// one card.
func TestGroupHasOneCard(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	p := h.owners(1)[0]
	p.Send("anu")
	g := h.board(p)
	slow := h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultSlow, Delay: time.Second, Method: "sendMessage", Chat: -77, Count: 1,
	})
	g.As(p.User).SendPhoto(picture(1), "@fake_bot")
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	h.ok(slow.Wait(ctx, 1))
	g.As(p.User).SendPhoto(picture(2), "@fake_bot")
	h.settle()
	g.shows(2, 0)
	h.telegram.Redeliver(h.telegram.LastUpdate())
	h.settle()
	g.shows(2, 0)
	g.As(p.User).Delete(g.says()[0].ID)
	g.As(p.User).SendPhoto(picture(3), "@fake_bot")
	h.settle()
	g.shows(3, 0)
}
