package bot

import (
	"slices"
	"sync"
	"time"
)

// beats know when each loop last went round. Times are monotonic: neither a step of the clock nor a suspended machine makes a loop late.
type beats struct {
	mu    sync.Mutex
	loops map[string]beat
}

type beat struct {
	last    time.Time
	promise time.Duration // until the next
}

// beat notes that a loop goes round, and promises when it will again.
func (b *beats) beat(loop string, promise time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.loops == nil {
		b.loops = make(map[string]beat)
	}
	b.loops[loop] = beat{time.Now(), promise}
}

// rest notes that a loop has ended, or waits for what may never come.
func (b *beats) rest(loop string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.loops, loop)
}

// late names the loops that broke their promise; what they could not help, such as an outage that was over so long ago, counts as a
// beat.
func (b *beats) late(now time.Time, excused time.Time) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for name, l := range b.loops {
		last := l.last
		if excused.After(last) {
			last = excused
		}
		if now.Sub(last) > l.promise {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
