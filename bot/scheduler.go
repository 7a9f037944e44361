package bot

import (
	"context"
	"errors"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/store"
)

// schedule runs the day's rounds of reminders when their hour comes. One process does it, and checks every half
// minute. A process that takes over runs them again, which reminds of nothing twice.
func (b *Bot) schedule(ctx context.Context) {
	made := map[string]bool{}
	for b.ScheduleCheck > 0 {
		b.heartbeats.Beat("rounds", 15*time.Minute)
		if lead, err := b.Process.Lead(ctx, "rounds"); err == nil && lead {
			if err := b.runDue(ctx, made); err != nil && ctx.Err() == nil {
				b.warn(ctx, "a round was not made", err)
			}
		}
		if !sleep(ctx, b.ScheduleCheck) {
			return
		}
	}
}

func (b *Bot) runDue(ctx context.Context, made map[string]bool) error {
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
		n, err := b.runRound(ctx, r)
		if err != nil {
			return err
		}
		made[flows.String(r)] = true
		if n > 0 {
			b.Log.Info("a round was made", "what", r.What, "day", string(r.Day), "messages", n)
			wake(b.nudges)
		}
	}
	return nil
}

// runRound keeps what a round reminds of, and its messages, in one commit.
func (b *Bot) runRound(ctx context.Context, r dialog.Round) (int, error) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	list, err := flows.MakeRound(ctx, tx, r, b.setting)
	if err == nil && tx.Written() {
		_, err = tx.Commit(ctx, b.Process.Number(), nil, toDeliveries(list))
	}
	return len(list), err
}

// stillNeeded checks whether a message is still needed. It returns the message to send, or done if it was withdrawn
// or postponed.
func (b *Bot) stillNeeded(ctx context.Context, d store.Delivery) (m store.Message, done bool) {
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
		b.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Withdrawn, Reason: "needed no more"})
	case err != nil:
		b.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Queued, Due: b.Now().Add(time.Minute)})
	case !due.IsZero():
		b.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Queued, Due: due})
	default:
		return m, false
	}
	return m, true
}
