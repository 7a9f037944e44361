package bot

import (
	"context"
	"time"
)

// progressMaxAge is how old the field's figures may become.
const progressMaxAge = 10 * time.Minute

// progress works out the field's figures when they are too old. One process does it.
func (b *Bot) progress(ctx context.Context) {
	for b.ScheduleCheck > 0 {
		if lead, err := b.Process.Lead(ctx, "progress"); err == nil && lead {
			if err := b.refreshProgress(ctx); err != nil && ctx.Err() == nil {
				b.warn(ctx, "the field's progress was not worked out", err)
			}
		}
		if !sleep(ctx, b.ScheduleCheck) {
			return
		}
	}
}

func (b *Bot) refreshProgress(ctx context.Context) error {
	now := b.Now()
	at, err := b.Records.ProgressAt(ctx)
	if err != nil || (now.Sub(at) < progressMaxAge && !at.After(now)) {
		return err
	}
	return b.Records.RefreshProgress(ctx, now)
}
