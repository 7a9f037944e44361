package bot

import (
	"context"
	"time"

	"pendamping/store"
)

// adopt takes over what stopped processes left: at the start, and then every second.
func (b *Bot) adopt(ctx context.Context) {
	for {
		b.takeOverAll(ctx)
		if !sleep(ctx, time.Second) {
			return
		}
	}
}

// takeOverAll puts what stopped processes left into its chats' lanes: what is owed, and then what is not done, in order.
func (b *Bot) takeOverAll(ctx context.Context) {
	b.adopting.Lock()
	defer b.adopting.Unlock()
	pending, owed, err := b.Records.Adopt(ctx, b.Process.Number())
	if err != nil && ctx.Err() == nil && b.Records.Ping(ctx) == nil {
		b.Log.Error("what a stopped process left was not taken over", "err", err.Error())
	}
	if len(pending)+len(owed) > 0 {
		b.Log.Info("took over from a stopped process", "updates", len(pending), "messages", len(owed))
	}
	b.inLanes(b.Now(), owed)
	for _, p := range pending {
		if p.Session != nil {
			b.lanes.add(p.Chat, func() { b.finish(p) })
			continue
		}
		u, err := read(p.Payload, b.calls)
		if err != nil {
			b.marks.handled(p.ID)
			continue
		}
		b.dispatch([]update{u})
	}
}

// finish hands back the session of an update whose records are committed; what it owes was taken over beside it.
func (b *Bot) finish(p store.Pending) {
	for b.restore(b.work, p.Chat, p.ID, p.Session) != nil {
		if !sleep(b.work, 100*time.Millisecond) {
			return
		}
	}
	b.marks.handled(p.ID)
}

// keep is how long updates, and the words of messages, are kept after they are done. Telegram delivers an update again for 24 h (Bot API,
// getUpdates); twice that is safe.
const keep = 48 * time.Hour

// daily keeps the day's root of the audit trail and clears what is done and old: looked at every hour, by one process.
func (b *Bot) daily(ctx context.Context) {
	for {
		if lead, err := b.Process.Lead(ctx, "daily"); err == nil && lead {
			b.keepRoot(ctx)
			for what, clear := range map[string]func(context.Context, time.Time) (int, error){
				"updates": b.Records.Prune, "words of messages": b.Records.Redact, "unfinished files": b.Media.Sweep,
			} {
				if _, err := clear(ctx, b.Now().Add(-keep)); err != nil && ctx.Err() == nil {
					b.Log.Warn("what is old was not cleared", "what", what, "err", err.Error())
				}
			}
		}
		if !sleep(ctx, time.Hour) {
			return
		}
	}
}

// keepRoot makes the day's root and writes it to the log, which is a second place that has it.
func (b *Bot) keepRoot(ctx context.Context) {
	day := store.DayOf(b.Now(), time.UTC)
	hash, err := b.Records.KeepRoot(ctx, day)
	if err != nil {
		if ctx.Err() == nil {
			b.Log.Warn("the day's root was not made", "err", err.Error())
		}
		return
	}
	b.Log.Info("root of the audit trail", "day", string(day), "hash", hash)
}
