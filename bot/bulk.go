package bot

import (
	"context"
	"sync"
	"time"

	"pendamping/bot/ratelimit"
	"pendamping/bot/telegram"
	"pendamping/flows/broadcast"
	"pendamping/store"
)

// sendBulk sends announcements. It claims no more rows than the rate needs while answers come, so that a kill leaves
// only the calls under way unknown. Each row takes its token last, so that nothing slow comes between the token and
// the call.
func (b *Bot) sendBulk(ctx context.Context) {
	a := &announcer{Bot: b, InFlight: ratelimit.NewInFlight(b.Rate)}
	defer a.InFlight.Wait()
	for ctx.Err() == nil {
		b.heartbeats.Beat("announcements", sendDeadline)
		rest := b.untilBulk(ctx)
		for rest == 0 && ctx.Err() == nil {
			b.heartbeats.Beat("announcements", sendDeadline)
			want := a.Next(ctx)
			if !b.waitOutPause(ctx) {
				rest = outboxPoll
				break
			}
			at := time.Now()
			var outcomes []store.DeliveryOutcome
			if b.Rate > 0 { // unthrottled, results are written while other rows are claimed
				outcomes = b.results.take() // finished calls make room for new rows
			}
			list, err := b.Records.ClaimBulk(ctx, b.Process.Number(), b.Now(), want, outcomes)
			b.noteClaim(ctx, err)
			if err != nil {
				b.results.putBack(outcomes)
				rest = outboxPoll
				break
			}
			a.Start(list, time.Since(at), func(d store.Delivery) { a.announce(ctx, d) })
			if len(list) < want {
				break // nothing more is due
			}
		}
		sleep(ctx, rest)
	}
}

// untilBulk returns after how long the outbox is worth looking at, or 0 if something is due.
func (b *Bot) untilBulk(ctx context.Context) time.Duration {
	at := b.Now()
	due, err := b.Records.NextBulk(ctx, at)
	if err != nil || due.IsZero() {
		return outboxPoll
	}
	return min(outboxPoll, max(due.Sub(at), 0))
}

// A message that certainly did not arrive is tried again after retryDelay, up to maxDeliveryTries times.
const (
	retryDelay       = 5 * time.Second
	maxDeliveryTries = 8
)

// announcer sends announcements, which it renders once for each edition and language.
type announcer struct {
	*Bot
	*ratelimit.InFlight
	mu     sync.Mutex
	cast   store.Broadcast // the one that cached is about
	cached map[string][]telegram.Request
}

// announce sends one row of an announcement and records the result. If the process stops before its first call, the
// row is requeued.
func (a *announcer) announce(ctx context.Context, d store.Delivery) {
	requests, edition, err := a.requests(ctx, d)
	if err != nil {
		a.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Queued, Due: a.Now().Add(retryDelay)})
		return
	}
	outcome := store.DeliveryOutcome{State: store.Failed, Reason: "there is nothing to say"}
	var album []int
	for i, r := range requests {
		var ids []int
		if i == 0 {
			outcome, ids = a.call(ctx, d, r)
		} else {
			outcome, ids = a.callNext(d, r)
		}
		if outcome.State != store.Sent {
			break
		}
		outcome.Album, album = album, append(album, ids...)
	}
	if outcome.State == store.Queued && outcome.Reason != notCalled && d.Tries >= maxDeliveryTries {
		outcome.State, outcome.Due = store.Failed, time.Time{}
	}
	if outcome.State == store.Unreachable {
		a.noteUnreachable(d.Message.Chat, outcome.Reason)
	}
	outcome.ID, outcome.Edition = d.ID, edition
	a.results.record(outcome)
}

func (b *Bot) noteUnreachable(chat int64, reason string) {
	b.reachable.Delete(chat)
	if err := b.Records.Unreachable(b.work, b.Now(), chat, reason); err != nil && b.work.Err() == nil {
		b.Log.Warn("a chat's state was not kept", "err", err.Error())
	}
}

// notCalled is the reason of a row for which no call was made.
const notCalled = ""

// callNext makes a further call for an announcement. Its first message has arrived, so the row can't be requeued.
func (a *announcer) callNext(d store.Delivery, r telegram.Request) (store.DeliveryOutcome, []int) {
	for try := 1; ; try++ {
		outcome, ids := a.call(a.work, d, r)
		switch {
		case outcome.State != store.Queued:
			return outcome, ids
		case outcome.Reason == notCalled && outcome.Due.IsZero():
			return store.DeliveryOutcome{State: store.Unknown, Reason: "stopped between its parts"}, nil
		case try == maxDeliveryTries:
			return store.DeliveryOutcome{State: store.Failed, Reason: outcome.Reason}, nil
		}
		sleep(a.work, outcome.Due.Sub(a.Now()))
	}
}

// call makes one call for an announcement, and returns the ids of the messages that it sent. A failure that is
// certainly not the person's requeues the row.
func (a *announcer) call(ctx context.Context, d store.Delivery, r telegram.Request) (store.DeliveryOutcome, []int) {
	b, to := a.Bot, d.Message.Chat
	a.Waiting(d.ID)
	release, after := b.waitForToken(ctx, store.Bulk, to)
	if release == nil {
		outcome := b.requeued(d, after)
		outcome.Reason = notCalled
		return outcome, nil
	}
	a.Calling(d.ID)
	made, err := b.Telegram.Send(b.work, r.To(to, b.Paid))
	release()
	b.metrics.call(r.Method, err)
	if err == nil {
		b.backoff.NoteTaken(store.Bulk, to, time.Now())
		outcome := store.DeliveryOutcome{State: store.Sent, Poll: made.Poll}
		if n := len(made.Messages); n > 0 {
			outcome.SentID = made.Messages[n-1]
		}
		return outcome, made.Messages
	}
	e, ok := telegram.AsError(err)
	if !ok {
		return store.DeliveryOutcome{State: store.Sent}, nil // carried out, but its answer is unreadable
	}
	switch e.Class {
	case telegram.Unauthorized:
		b.noticeTelegram()
		return store.DeliveryOutcome{State: store.Queued, Due: b.Now().Add(retryDelay), Reason: notCalled}, nil
	case telegram.TooManyRequests:
		b.obey429(b.work, store.Bulk, to, e.RetryAfter)
		return store.DeliveryOutcome{State: store.Queued, Due: b.Now().Add(e.RetryAfter), Reason: e.Description}, nil
	case telegram.Migrated:
		if err := b.Records.MoveChat(b.work, to, e.MigratedTo); err != nil {
			b.Log.Warn("a group's new id was not kept", "err", err.Error())
		}
		return store.DeliveryOutcome{State: store.Queued, Reason: e.Description}, nil
	case telegram.NotDone:
		return store.DeliveryOutcome{State: store.Queued, Due: b.Now().Add(retryDelay), Reason: e.Description}, nil
	case telegram.Unreachable:
		return store.DeliveryOutcome{State: store.Unreachable, Reason: e.Description}, nil
	case telegram.OutcomeUnknown:
		return store.DeliveryOutcome{State: store.Unknown, Reason: e.Description}, nil
	}
	b.Log.Error("telegram refused a message", "method", r.Method, "words", e.Description)
	return store.DeliveryOutcome{State: store.Failed, Reason: e.Description}, nil
}

// requests returns the calls that a row needs, and the edition that they say. That is the row's edition, or a later
// one if the announcement was corrected.
func (a *announcer) requests(ctx context.Context, d store.Delivery) ([]telegram.Request, int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cast.ID != d.Broadcast || a.cast.Edition < d.Edition {
		tx := a.Begin(a.Now(), 0)
		defer tx.Rollback(context.WithoutCancel(ctx))
		cast, err := tx.Broadcast(ctx, d.Broadcast)
		if err != nil {
			return nil, 0, err
		}
		a.cast, a.cached = cast, map[string][]telegram.Request{}
	}
	if requests, ok := a.cached[d.Language]; ok {
		return requests, a.cast.Edition, nil
	}
	var requests []telegram.Request
	for _, m := range broadcast.Announcement(a.cast, d.Language) {
		requests = append(requests, telegram.NewRequest(a.Locales, m, d.Language))
	}
	a.cached[d.Language] = requests
	return requests, a.cast.Edition, nil
}
