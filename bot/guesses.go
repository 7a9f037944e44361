package bot

import (
	"context"
	"sync/atomic"
	"time"
)

// unusual is how many wrong invitation codes within an hour, of all accounts together, are more than slips of the finger: on the
// busiest day some hundreds of people join, and a few of them mistype.
const unusual = 100

// guesses watches over the wrong codes that people give. One account gets few tries an hour (flows); many accounts
// together are what only this sees.
type guesses struct{ warned atomic.Bool }

// count counts a wrong code, and logs once an episode that there are unusually many. An episode ends when there are half as many.
func (g *guesses) count(ctx context.Context, b *Bot) {
	b.metrics.guesses.Inc()
	n, err := b.Records.CountGuesses(ctx, b.Now().Add(-time.Hour), unusual)
	switch {
	case err != nil: // the records are away: the next one counts
	case n >= unusual:
		if !g.warned.Swap(true) {
			b.Log.Warn("unusually many wrong invitation codes: somebody may be guessing", "atLeast", n, "within", "1h")
		}
	case n < unusual/2:
		g.warned.Store(false)
	}
}
