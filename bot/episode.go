package bot

import (
	"log/slog"
	"sync"
	"time"
)

// serverSteady is how long nothing must be noticed any more until a server is back in the log. One that comes back may refuse some calls
// at first, and calls that began while it was away end later: that is still the same outage.
const serverSteady = 3 * time.Second

// episode is a trouble that many calls notice and that is logged twice: when it begins and when it is over.
type episode struct {
	log          *slog.Logger
	began, ended string        // what is logged
	steady       time.Duration // without being noticed for that time the trouble is over

	mu    sync.Mutex
	since time.Time // zero: there is none
	met   time.Time // when it was last noticed
	last  time.Time // when the last one was over
}

// begin notes that the trouble is there. err may be nil.
func (e *episode) begin(err error, args ...any) {
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
	e.log.Warn(e.began, args...)
}

// end notes that the trouble is over, once it is steady: until then it has to be called again.
func (e *episode) end() { e.endAfter(e.steady) }

// endAfter notes that the trouble is over when it was not noticed for that time.
func (e *episode) endAfter(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.since.IsZero() || time.Since(e.met) < d {
		return
	}
	e.log.Info(e.ended, "after", time.Since(e.since).Round(time.Millisecond).String())
	e.since, e.last = time.Time{}, time.Now()
}

// now reports whether the trouble is there, and since how long.
func (e *episode) now() (on bool, since time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.since.IsZero() {
		return false, 0
	}
	return true, time.Since(e.since)
}

// over is how long ago the last trouble was over; ok is false when there was none.
func (e *episode) over() (ago time.Duration, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Since(e.last), !e.last.IsZero()
}
