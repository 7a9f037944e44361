package ratelimit

import (
	"context"
	"math"
	"sync"
	"time"

	"pendamping/store"
)

// window is how many rows of announcements a process may hold. With a rate limit it holds only as many as sustain the
// rate, see InFlight.free: the fewer it holds, the fewer a kill leaves unknown, and the fewer arrive at once after a
// network stall.
const window = 64

// hungAfter is how long a call counts as under way, if answers usually come much sooner.
const hungAfter = 250 * time.Millisecond

// InFlight is the rows of announcements that this process holds: those that wait for their token, and the calls under
// way.
type InFlight struct {
	rate      float64
	mu        sync.Mutex
	rows      map[store.ID]time.Time // when a row's call began; zero while it waits for its token
	claimTime time.Duration          // what a claim usually takes
	callTime  time.Duration          // what a call usually takes
	change    chan struct{}          // closed when the next call begins or ends
	all       sync.WaitGroup
}

// NewInFlight returns an empty one for that many announcements a second; 0 for no limit.
func NewInFlight(rate float64) *InFlight {
	return &InFlight{rate: rate, rows: map[store.ID]time.Time{}}
}

// Next blocks until rows may be claimed and returns how many. It waits for at least half a window if that starves
// nobody, because a claim costs the same for one row as for many.
func (f *InFlight) Next(ctx context.Context) int {
	for {
		f.mu.Lock()
		free, again := f.free(time.Now())
		if f.change == nil {
			f.change = make(chan struct{})
		}
		change := f.change
		f.mu.Unlock()
		if free > 0 {
			return free
		}
		timer := time.NewTimer(again)
		select {
		case <-ctx.Done():
			timer.Stop()
			return 1
		case <-change:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// free returns how many rows may be claimed now and, if none, when to look again. With a rate limit, the window
// covers two claims and one call, plus one spare row. Calls that hang don't count.
func (f *InFlight) free(now time.Time) (n int, again time.Duration) {
	again = time.Hour
	if f.rate == 0 {
		if n = window - len(f.rows); n < window/2 {
			n = 0
		}
		return n, again
	}
	all, waiting := 1+int(math.Ceil(f.rate*(2*f.claimTime+f.callTime).Seconds())), 0
	n = all
	late := max(hungAfter, 4*f.callTime)
	for _, at := range f.rows {
		switch left := late - now.Sub(at); {
		case at.IsZero():
			n, waiting = n-1, waiting+1
		case left > 0:
			n, again = n-1, min(again, left)
		}
	}
	if waiting > 0 && n < (all+1)/2 {
		n = 0
	}
	return min(n, window-len(f.rows)), again
}

// Start sends the rows of a claim, which took that long, each in a goroutine.
func (f *InFlight) Start(list []store.Delivery, took time.Duration, send func(store.Delivery)) {
	f.mu.Lock()
	average(&f.claimTime, took)
	for _, d := range list {
		f.rows[d.ID] = time.Time{}
	}
	f.mu.Unlock()
	for _, d := range list {
		f.all.Go(func() {
			send(d)
			f.end(d.ID)
		})
	}
}

// Wait waits until all rows that were started are settled.
func (f *InFlight) Wait() { f.all.Wait() }

// Waiting notes that a row waits for the token of its next call.
func (f *InFlight) Waiting(id store.ID) { f.set(id, time.Time{}) }

// Calling notes that a row's call begins.
func (f *InFlight) Calling(id store.ID) { f.set(id, time.Now()) }

func (f *InFlight) set(id store.ID, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows[id] = at
	f.changed()
}

// changed lets Next look again.
func (f *InFlight) changed() {
	if f.change != nil {
		close(f.change)
		f.change = nil
	}
}

func (f *InFlight) end(id store.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := f.rows[id]; !at.IsZero() {
		average(&f.callTime, time.Since(at))
	}
	delete(f.rows, id)
	f.changed()
}

// average moves what is usual towards what was seen. An outlier counts little.
func average(usual *time.Duration, seen time.Duration) {
	if *usual == 0 {
		*usual = seen
	}
	*usual += (min(seen, 4**usual) - *usual) / 16
}
