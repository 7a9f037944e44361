package bot

import (
	"context"
	"errors"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/store"
)

// rounds makes the day's rounds when their hour comes: looked at every half minute, by one process. A process that takes the
// part over makes them again, which promises nothing twice.
func (b *Bot) rounds(ctx context.Context) {
	made := map[string]bool{}
	for b.Round > 0 {
		b.beats.beat("rounds", 15*time.Minute)
		if lead, err := b.Process.Lead(ctx, "rounds"); err == nil && lead {
			if err := b.makeRounds(ctx, made); err != nil && ctx.Err() == nil {
				b.warn(ctx, "a round was not made", err)
			}
		}
		if !sleep(ctx, b.Round) {
			return
		}
	}
}

func (b *Bot) makeRounds(ctx context.Context, made map[string]bool) error {
	now := b.Now()
	tx := b.Begin(now, 0)
	zones, err := tx.Zones(ctx)
	tx.Rollback(ctx)
	if err != nil {
		return err
	}
	for _, r := range flows.Rounds(now, zones, b.Zone) {
		if made[flows.String(r)] {
			continue
		}
		n, err := b.makeRound(ctx, r)
		if err != nil {
			return err
		}
		made[flows.String(r)] = true
		if n > 0 {
			b.Log.Info("a round was made", "what", r.What, "day", string(r.Day), "messages", n)
			wake(b.paced)
		}
	}
	return nil
}

// makeRound keeps what a round promises and its messages in one commit.
func (b *Bot) makeRound(ctx context.Context, r dialog.Round) (int, error) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	list, err := flows.MakeRound(r, ctx, tx, b.setting)
	if err == nil && tx.Written() {
		_, err = tx.Commit(ctx, b.Process.Number(), nil, queued(list))
	}
	return len(list), err
}

// needed looks again at a message whose need may have gone. What it is then: to be said as it comes back, put off, or taken
// back; done tells that nothing is to be said now.
func (b *Bot) needed(ctx context.Context, d store.Delivery) (m store.Message, done bool) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	m, due, err := flows.Needed(ctx, tx, b.setting, d.Message)
	if err == nil || errors.Is(err, store.ErrNotFound) {
		if _, e := tx.Commit(ctx, b.Process.Number(), nil, nil); e != nil {
			err = e
		}
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		b.marks.sent(store.Mark{ID: d.ID, State: store.Withdrawn, Reason: "needed no more"})
	case err != nil:
		b.marks.sent(store.Mark{ID: d.ID, State: store.Queued, Due: b.Now().Add(time.Minute)})
	case !due.IsZero():
		b.marks.sent(store.Mark{ID: d.ID, State: store.Queued, Due: due})
	default:
		return m, false
	}
	return m, true
}
