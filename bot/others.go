package bot

import (
	"context"
	"time"
)

// othersLook is how often the other processes are looked at.
const othersLook = 5 * time.Second

// watchOthers sees when another process stands still, which can't say so itself, and has it taken over from when it goes on for too long.
func (b *Bot) watchOthers(ctx context.Context) {
	seen, refused := false, false
	for sleep(ctx, othersLook) {
		list, err := b.Records.Frozen(ctx, b.Process.Number())
		if err != nil {
			continue // that PostgreSQL is away is noticed elsewhere
		}
		b.metrics.frozen.Set(float64(len(list)))
		if len(list) == 0 {
			b.frozen.end()
			seen = false
			continue
		}
		b.frozen.begin(nil, "process", list[0].Process, "seconds", list[0].Still.Seconds())
		if !seen { // after all of them stood still, as when their machine was suspended, each has a moment to go on
			seen = true
			continue
		}
		ended, err := b.Records.EndFrozen(ctx, b.Process.Number())
		if err != nil && !refused && ctx.Err() == nil {
			b.Log.Error("the database sessions of a process that stands still can't be ended: stop it",
				"process", list[0].Process, "err", err.Error())
			refused = true
		}
		for _, process := range ended {
			b.Log.Warn("ended the database sessions of a process that stands still: others take over from it", "process", process)
		}
	}
}
