package bot

import (
	"context"
	"time"
)

// frozenCheck is how often the other processes are checked.
const frozenCheck = 5 * time.Second

// watchFrozen notices when another process is frozen, which it can't report itself, and has it taken over from if it
// stays frozen.
func (b *Bot) watchFrozen(ctx context.Context) {
	seen, refused := false, false
	for sleep(ctx, frozenCheck) {
		list, err := b.Records.Frozen(ctx, b.Process.Number())
		if err != nil {
			continue // an outage of PostgreSQL is noticed elsewhere
		}
		b.metrics.frozen.Set(float64(len(list)))
		if len(list) == 0 {
			b.frozen.End()
			seen = false
			continue
		}
		b.frozen.Begin(nil, "process", list[0].Process, "seconds", list[0].Still.Seconds())
		if !seen { // after a suspension of the whole machine each process has a moment to go on
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
			b.Log.Warn("ended the database sessions of a process that stands still: others take over from it",
				"process", process)
		}
	}
}
