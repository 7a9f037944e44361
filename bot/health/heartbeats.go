package health

import (
	"slices"
	"sync"
	"time"
)

// Heartbeats know when each loop last went round. Their times are monotonic, so that neither a clock step nor a
// suspended machine makes a loop late.
type Heartbeats struct {
	mu    sync.Mutex
	loops map[string]heartbeat
}

type heartbeat struct {
	last     time.Time
	deadline time.Duration // for the next beat
}

// Beat notes that a loop goes round, and until when it will again.
func (b *Heartbeats) Beat(loop string, deadline time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.loops == nil {
		b.loops = make(map[string]heartbeat)
	}
	b.loops[loop] = heartbeat{time.Now(), deadline}
}

// End forgets all loops, because they have ended.
func (b *Heartbeats) End() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.loops)
}

// Late returns the names of the loops that missed their deadline, sorted. Time before excused, such as that of an
// outage, does not count.
func (b *Heartbeats) Late(now time.Time, excused time.Time) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for name, l := range b.loops {
		last := l.last
		if excused.After(last) {
			last = excused
		}
		if now.Sub(last) > l.deadline {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
