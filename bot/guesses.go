package bot

import (
	"context"
	"sync/atomic"
	"time"
)

// unusualGuesses is how many wrong invitation codes within an hour, over all accounts, are more than typing mistakes.
// On the busiest day some hundreds of people join, and a few of them mistype.
const unusualGuesses = 100

// guesses watches the wrong codes of all accounts together. What one account may try is limited by flows.
type guesses struct{ warned atomic.Bool }

// count counts a wrong code, and logs once an episode that there are unusually many. An episode ends when there are
// half as many.
func (g *guesses) count(ctx context.Context, b *Bot) {
	b.metrics.guesses.Inc()
	n, err := b.Records.CountGuesses(ctx, b.Now().Add(-time.Hour), unusualGuesses)
	switch {
	case err != nil: // the records are away; the next wrong code counts them
	case n >= unusualGuesses:
		if !g.warned.Swap(true) {
			b.Log.Warn("unusually many wrong invitation codes: somebody may be guessing", "atLeast", n, "within", "1h")
		}
	case n < unusualGuesses/2:
		g.warned.Store(false)
	}
}
