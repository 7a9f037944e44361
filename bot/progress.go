package bot

import (
	"context"
	"time"
)

// freshness is how old the field's figures become before they are worked out anew.
const freshness = 10 * time.Minute

// progress works the field's figures out when they have become old, in one process.
func (b *Bot) progress(ctx context.Context) {
	for b.Round > 0 {
		if lead, err := b.Process.Lead(ctx, "progress"); err == nil && lead {
			if err := b.refresh(ctx); err != nil && ctx.Err() == nil {
				b.warn(ctx, "the field's progress was not worked out", err)
			}
		}
		if !sleep(ctx, b.Round) {
			return
		}
	}
}

func (b *Bot) refresh(ctx context.Context) error {
	now := b.Now()
	at, err := b.Records.ProgressAt(ctx)
	if err != nil || (now.Sub(at) < freshness && !at.After(now)) {
		return err
	}
	return b.Records.RefreshProgress(ctx, now)
}
