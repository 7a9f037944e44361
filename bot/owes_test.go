package bot_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// asked is a rate limiter that notes whose replies yield.
type asked struct {
	bot.RateLimiter
	mu     sync.Mutex
	yields map[int64][]store.Yield
}

func (a *asked) TakeReply(ctx context.Context, chat int64, yields store.Yield) (bool, time.Duration, error) {
	a.mu.Lock()
	a.yields[chat] = append(a.yields[chat], yields)
	a.mu.Unlock()
	return true, 0, nil
}

// of returns the answers to a chat so far.
func (a *asked) of(chat int64) []store.Yield {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]store.Yield(nil), a.yields[chat]...)
}

// What somebody causes is told to others, who lose neither the message nor its turn by it, whether its author gets an
// answer, is a stranger or floods.
func TestOthersAreToldWhatTheyAreOwed(t *testing.T) {
	for _, asker := range []dialog.Asker{
		dialog.Known, dialog.Guesser, dialog.Bearer, dialog.Anybody, dialog.Knocker, dialog.Stranger,
	} {
		t.Run(fmt.Sprint("asker ", asker), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			people := h.owners(2)
			writes, hears := people[0], people[1]
			var turns atomic.Int64 // a stranger's update may be dropped before its turn
			limiter := &asked{yields: map[int64][]store.Yield{}}
			h.start(limited, func(c *bot.Config) {
				limiter.RateLimiter = c.Limiter
				c.Limiter = limiter
				c.Turn = func(_ context.Context, _ store.Tx, _ dialog.Setting, s dialog.Session,
					e form.Event) (flows.Result, error) {
					say := func(chat int64, key string) store.Message {
						return store.Message{Chat: chat, Key: key, Body: []store.Text{store.Say("unknown.words")}}
					}
					if e.Account == hears.ID() {
						return flows.Result{Session: s}, nil
					}
					turns.Add(1)
					key := fmt.Sprint("alarm ", e.Update)
					return flows.Result{Session: s, Asker: asker, Language: "id",
						Messages: []store.Message{say(writes.ID(), ""), say(hears.ID(), key)}}, nil
				}
			})
			hears.Send("/start") // Telegram lets the bot write to them from now on
			const n = 10
			for i := range n {
				writes.Send(fmt.Sprint("pesan ", i))
				h.settle()
			}
			if told := hears.puzzled(); told != int(turns.Load()) {
				t.Errorf("the other one hears %d of %d", told, turns.Load())
			}
			for _, yields := range limiter.of(hears.ID()) {
				if yields != store.InTurn {
					t.Error("the other one's messages go behind")
				}
			}
			own := limiter.of(writes.ID())
			first, last := store.BehindAll, store.BehindAll
			if asker == dialog.Known {
				first, last = store.InTurn, store.Behind
			}
			if len(own) == 0 || own[0] != first || own[len(own)-1] != last {
				t.Errorf("the author's own go behind: %v", own)
			}
		})
	}
}
