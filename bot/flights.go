package bot

import (
	"context"
	"math"
	"sync"
	"time"
)

// window is how many calls may be under way for announcements. With a limit of the rate it is what the network needs to keep it,
// see flights.room: the fewer there are, the fewer a kill leaves unknown, and the fewer arrive at once when the network halts.
const window = 64

// lost is after how long a call counts as under way no more, if answers usually come much sooner.
const lost = 250 * time.Millisecond

// flights are the calls under way for announcements.
type flights struct {
	rate   float64
	mu     sync.Mutex
	begun  map[int]time.Time // of each
	next   int
	usual  time.Duration // that an answer takes
	landed chan struct{} // closed when the next one ends
	all    sync.WaitGroup
}

// room waits until more calls may begin, and tells how many. Without a limit of the rate that is half the window at least: a claim
// costs as much for one as for many.
func (f *flights) room(ctx context.Context) int {
	for {
		f.mu.Lock()
		free, again := f.free(time.Now())
		if f.landed == nil {
			f.landed = make(chan struct{})
		}
		landed := f.landed
		f.mu.Unlock()
		if free > 0 {
			return free
		}
		timer := time.NewTimer(again)
		select {
		case <-ctx.Done():
			timer.Stop()
			return 1
		case <-landed:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// free is how many calls may begin now, and when to look again if none. At a limited rate as many are under way as answers take,
// and one; those that take too long don't count.
func (f *flights) free(now time.Time) (n int, again time.Duration) {
	again = time.Hour
	if f.rate == 0 {
		if n = window - len(f.begun); n < window/2 {
			n = 0
		}
		return n, again
	}
	n = 1 + int(math.Ceil(f.rate*f.usual.Seconds()))
	late := max(lost, 4*f.usual)
	for _, at := range f.begun {
		if left := late - now.Sub(at); left > 0 {
			n, again = n-1, min(again, left)
		}
	}
	return min(n, window-len(f.begun)), again
}

func (f *flights) begin(call func()) {
	f.mu.Lock()
	f.next++
	id, at := f.next, time.Now()
	if f.begun == nil {
		f.begun = map[int]time.Time{}
	}
	f.begun[id] = at
	f.mu.Unlock()
	f.all.Go(func() {
		call()
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.begun, id)
		took := time.Since(at)
		if f.usual == 0 {
			f.usual = took
		}
		f.usual += (min(took, 4*f.usual) - f.usual) / 16 // one that is very late says little about the others
		if f.landed != nil {
			close(f.landed)
			f.landed = nil
		}
	})
}

func (f *flights) wait() { f.all.Wait() }
