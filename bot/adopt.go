package bot

import (
	"context"
	"time"
)

// adopt takes over what stopped processes left: at the start, and then every second.
func (b *Bot) adopt(ctx context.Context) {
	for {
		pending, owed, err := b.Records.Adopt(ctx, b.Process.Number())
		if err != nil && ctx.Err() == nil && b.Records.Ping(ctx) == nil {
			b.Log.Error("what a stopped process left was not taken over", "err", err.Error())
		}
		if len(pending)+len(owed) > 0 {
			b.Log.Info("took over from a stopped process", "updates", len(pending), "messages", len(owed))
		}
		b.deliver(ctx, b.Now(), owed)
		for _, p := range pending {
			if p.Session != nil {
				if err := b.restore(ctx, p.Chat, p.ID, p.Session); err != nil {
					b.Log.Warn("a session was not handed back", "err", err.Error())
					continue
				}
				b.marks.handled(p.ID)
				continue
			}
			u, err := read(p.Payload)
			if err != nil {
				b.marks.handled(p.ID)
				continue
			}
			b.lanes.add(u, b.handle)
		}
		if !sleep(ctx, time.Second) {
			return
		}
	}
}

// keep is how long updates and deliveries are kept after they are done. Telegram delivers an update again for 24 h (Bot API,
// getUpdates); twice that is safe.
const keep = 48 * time.Hour

// prune clears what is done and old, once an hour, by one process.
func (b *Bot) prune(ctx context.Context) {
	for sleep(ctx, time.Hour) {
		if lead, err := b.Process.Lead(ctx, "prune"); err != nil || !lead {
			continue
		}
		if _, err := b.Records.Prune(ctx, b.Now().Add(-keep)); err != nil && ctx.Err() == nil {
			b.Log.Warn("old updates were not cleared", "err", err.Error())
		}
	}
}
