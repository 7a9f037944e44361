package bot

import (
	"context"
	"sync"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows/broadcast"
	"pendamping/store"
)

// sendBulk sends announcements. It claims no more rows than the rate needs while answers come, so that what a kill leaves unknown
// are the calls under way; each takes its place in the gate last, so that nothing slow lies between the place and the call.
func (b *Bot) sendBulk(ctx context.Context) {
	a := &announcer{Bot: b, flights: newFlights(b.Rate)}
	defer a.all.Wait()
	for ctx.Err() == nil {
		b.beats.beat("announcements", sendPromise)
		rest := b.untilBulk(ctx)
		for rest == 0 && ctx.Err() == nil {
			b.beats.beat("announcements", sendPromise)
			want := a.room(ctx)
			if !b.open(ctx) {
				rest = look
				break
			}
			at := time.Now()
			var marks []store.Mark
			if b.Rate > 0 { // else many are written while others are claimed
				marks = b.marks.take() // what has just landed is what makes room
			}
			list, err := b.Records.ClaimBulk(ctx, b.Process.Number(), b.Now(), want, marks)
			b.claimed(ctx, err)
			if err != nil {
				b.marks.back(marks)
				rest = look
				break
			}
			a.begin(list, time.Since(at), func(d store.Delivery) { a.announce(ctx, d) })
			if len(list) < want {
				break // nothing more is due
			}
		}
		sleep(ctx, rest)
	}
}

// untilBulk is after how long it is worth looking at the outbox: 0 when something is due.
func (b *Bot) untilBulk(ctx context.Context) time.Duration {
	at := b.Now()
	due, err := b.Records.NextBulk(ctx, at)
	if err != nil || due.IsZero() {
		return look
	}
	return min(look, max(due.Sub(at), 0))
}

// again is after how long a message is tried once more that certainly did not arrive, and mostTries how often before it is set
// aside.
const (
	again     = 5 * time.Second
	mostTries = 8
)

// announcer sends announcements, which it puts into words once for each edition and language.
type announcer struct {
	*Bot
	*flights
	mu    sync.Mutex
	cast  store.Broadcast // the last one
	parts map[string][]telegram.Request
}

// announce sends one row of an announcement and marks it. Until its first call it is given back when the process stops.
func (a *announcer) announce(ctx context.Context, d store.Delivery) {
	parts, edition, err := a.words(ctx, d)
	if err != nil {
		a.marks.sent(store.Mark{ID: d.ID, State: store.Queued, Due: a.Now().Add(again)})
		return
	}
	mark := store.Mark{State: store.Failed, Reason: "there is nothing to say"}
	var album []int
	for i, p := range parts {
		var ids []int
		if i == 0 {
			mark, ids = a.carry(ctx, d, p)
		} else {
			mark, ids = a.carryOn(d, p)
		}
		if mark.State != store.Sent {
			break
		}
		mark.Album, album = album, append(album, ids...)
	}
	if mark.State == store.Queued && mark.Reason != uncalled && d.Tries >= mostTries {
		mark.State, mark.Due = store.Failed, time.Time{}
	}
	if mark.State == store.Unreachable {
		a.unreachable(d.Message.Chat, mark.Reason)
	}
	mark.ID, mark.Edition = d.ID, edition
	a.marks.sent(mark)
}

func (b *Bot) unreachable(chat int64, reason string) {
	b.wrote.Delete(chat)
	if err := b.Records.Unreachable(b.work, b.Now(), chat, reason); err != nil && b.work.Err() == nil {
		b.Log.Warn("a chat's state was not kept", "err", err.Error())
	}
}

// uncalled is the reason of a row for which no call was made.
const uncalled = ""

// carryOn makes a further call for an announcement. What came before it is there, so the row can't be given back.
func (a *announcer) carryOn(d store.Delivery, r telegram.Request) (store.Mark, []int) {
	for try := 1; ; try++ {
		mark, ids := a.carry(a.work, d, r)
		switch {
		case mark.State != store.Queued:
			return mark, ids
		case mark.Reason == uncalled && mark.Due.IsZero():
			return store.Mark{State: store.Unknown, Reason: "stopped between its parts"}, nil
		case try == mostTries:
			return store.Mark{State: store.Failed, Reason: mark.Reason}, nil
		}
		sleep(a.work, mark.Due.Sub(a.Now()))
	}
}

// carry makes one call for an announcement, and tells the ids of the messages that it made. A failure that is certainly none
// of the person's gives the row back.
func (a *announcer) carry(ctx context.Context, d store.Delivery, r telegram.Request) (store.Mark, []int) {
	b, to := a.Bot, d.Message.Chat
	a.waits(d.ID)
	landed, after := b.slot(ctx, store.Bulk, to)
	if landed == nil {
		mark := b.givenBack(d, after)
		mark.Reason = uncalled
		return mark, nil
	}
	a.off(d.ID)
	made, err := b.Telegram.Send(b.work, r.To(to, b.Paid))
	landed()
	b.metrics.call(r.Method, err)
	if err == nil {
		b.backoff.noteTaken(store.Bulk, to, time.Now())
		mark := store.Mark{State: store.Sent, Poll: made.Poll}
		if n := len(made.Messages); n > 0 {
			mark.SentID = made.Messages[n-1]
		}
		return mark, made.Messages
	}
	f, ok := telegram.AsError(err)
	if !ok {
		return store.Mark{State: store.Sent}, nil // carried out, its answer unreadable
	}
	switch f.Class {
	case telegram.Unauthorized:
		b.noticeTelegram()
		return store.Mark{State: store.Queued, Due: b.Now().Add(again), Reason: uncalled}, nil
	case telegram.TooManyRequests:
		b.obey(b.work, store.Bulk, to, f.RetryAfter)
		return store.Mark{State: store.Queued, Due: b.Now().Add(f.RetryAfter), Reason: f.Description}, nil
	case telegram.Migrated:
		if err := b.Records.MoveChat(b.work, to, f.MigratedTo); err != nil {
			b.Log.Warn("a group's new id was not kept", "err", err.Error())
		}
		return store.Mark{State: store.Queued, Reason: f.Description}, nil
	case telegram.NotDone:
		return store.Mark{State: store.Queued, Due: b.Now().Add(again), Reason: f.Description}, nil
	case telegram.Unreachable:
		return store.Mark{State: store.Unreachable, Reason: f.Description}, nil
	case telegram.OutcomeUnknown:
		return store.Mark{State: store.Unknown, Reason: f.Description}, nil
	}
	b.Log.Error("telegram refused a message", "method", r.Method, "words", f.Description)
	return store.Mark{State: store.Failed, Reason: f.Description}, nil
}

// words are the calls that a row needs, and the edition that they say: that of the row or, if it was corrected since, a later one.
func (a *announcer) words(ctx context.Context, d store.Delivery) ([]telegram.Request, int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cast.ID != d.Broadcast || a.cast.Edition < d.Edition {
		tx := a.Begin(a.Now(), 0)
		defer tx.Rollback(context.WithoutCancel(ctx))
		cast, err := tx.Broadcast(ctx, d.Broadcast)
		if err != nil {
			return nil, 0, err
		}
		a.cast, a.parts = cast, map[string][]telegram.Request{}
	}
	if parts, ok := a.parts[d.Language]; ok {
		return parts, a.cast.Edition, nil
	}
	var parts []telegram.Request
	for _, m := range broadcast.Announcement(a.cast, d.Language) {
		parts = append(parts, telegram.NewRequest(a.Locales, m, d.Language))
	}
	a.parts[d.Language] = parts
	return parts, a.cast.Edition, nil
}
