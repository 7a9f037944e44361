package bot

import (
	"context"
	"time"

	"pendamping/flows/handover"
)

// keepDone is how long updates, and the words of messages, are kept after they are done. Telegram may deliver an
// update again for 24 h (Bot API, getUpdates); twice that is safe.
const keepDone = 48 * time.Hour

// keepQuarantined is how long the words of a quarantined update are kept for somebody to look at. They may name people.
const keepQuarantined = 30 * 24 * time.Hour

// hourly makes the hour's root of the audit trail, gives lent groups back and clears old rows. One process does it,
// when an hour begins. A root is made late rather than never if no process ran.
func (b *Bot) hourly(ctx context.Context) {
	for {
		if lead, err := b.Process.Lead(ctx, "hourly"); err == nil && lead {
			b.keepRoot(ctx)
			if err := b.GiveBack(ctx); err != nil && ctx.Err() == nil {
				b.warn(ctx, "groups were not given back", err)
			}
			for _, old := range []struct {
				what  string
				clear func(context.Context, time.Time) (int, error)
				keep  time.Duration
			}{
				{"updates", b.Records.Prune, keepDone}, {"words of messages", b.Records.Redact, keepDone},
				{"unfinished files", b.Media.Sweep, keepDone},
				{"updates that were set aside", b.Records.PruneQuarantined, keepQuarantined},
			} {
				if _, err := old.clear(ctx, b.Now().Add(-old.keep)); err != nil && ctx.Err() == nil {
					b.Log.Warn("what is old was not cleared", "what", old.what, "err", err.Error())
				}
			}
		}
		now := b.Now()
		if !sleep(ctx, now.Truncate(time.Hour).Add(time.Hour).Sub(now)) {
			return
		}
	}
}

// GiveBack returns groups to their mentors whose leave is over, and tells them.
func (b *Bot) GiveBack(ctx context.Context) error {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	tell, err := handover.Return(ctx, tx, b.setting)
	if err != nil || !tx.Written() {
		return err
	}
	if _, err := tx.Commit(ctx, b.Process.Number(), nil, toDeliveries(tell)); err != nil {
		return err
	}
	wake(b.nudges)
	return nil
}

// keepRoot makes the hour's root and writes it to the log, which is a second place to keep it.
func (b *Bot) keepRoot(ctx context.Context) {
	r, err := b.Records.KeepRoot(ctx, b.Now())
	if err != nil {
		if ctx.Err() == nil {
			b.warn(ctx, "the hour's root was not made", err)
		}
		return
	}
	b.Log.Info("root of the audit trail", "hour", r.Name, "hash", r.Hash)
	name, err := b.Records.RootAhead(ctx, b.Now())
	if err != nil {
		b.warn(ctx, "whether a root of the audit trail is dated in the future is not known", err)
	}
	if name != "" {
		b.Log.Error("a root of the audit trail is dated in the future: run `pendamping verify`, "+
			"and see who writes to the database", "hour", name)
	}
}
