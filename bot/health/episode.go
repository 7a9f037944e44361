// Package health remembers what hangs and what is in trouble: heartbeats of loops, and episodes of trouble that many
// calls notice and the log names once.
package health

import (
	"log/slog"
	"sync"
	"time"
)

// Episode is trouble that many calls notice, and that is logged only twice: when it begins and when it ends.
type Episode struct {
	Log          *slog.Logger  // where it is logged
	Began, Ended string        // the two log lines
	Steady       time.Duration // the trouble ends when nobody noticed it for this long

	mu    sync.Mutex
	since time.Time // zero if there is no trouble
	met   time.Time // when it was last noticed
	last  time.Time // when the last trouble ended
}

// Begin notes that the trouble is there. The first time it is logged, with args and, unless it is nil, err.
func (e *Episode) Begin(err error, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.met = time.Now()
	if !e.since.IsZero() {
		return
	}
	e.since = e.met
	if err != nil {
		args = append(args, "err", err.Error())
	}
	e.Log.Warn(e.Began, args...)
}

// End notes that the trouble is over. It has to be called until nobody noticed the trouble for e.Steady.
func (e *Episode) End() { e.EndAfter(e.Steady) }

// EndAfter ends the trouble if nobody noticed it for that long.
func (e *Episode) EndAfter(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.since.IsZero() || time.Since(e.met) < d {
		return
	}
	e.Log.Info(e.Ended, "after", time.Since(e.since).Round(time.Millisecond).String())
	e.since, e.last = time.Time{}, time.Now()
}

// Now reports whether the trouble is there, and for how long.
func (e *Episode) Now() (on bool, since time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.since.IsZero() {
		return false, 0
	}
	return true, time.Since(e.since)
}

// Over returns how long ago the last trouble ended; ok is false if there was none.
func (e *Episode) Over() (ago time.Duration, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Since(e.last), !e.last.IsZero()
}
