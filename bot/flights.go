package bot

import (
	"context"
	"math"
	"sync"
	"time"

	"pendamping/store"
)

// window is how many rows of announcements may be in a process's hands. With a limit of the rate it is what keeps it, see
// flights.free: the fewer there are, the fewer a kill leaves unknown, and the fewer arrive at once when the network halts.
const window = 64

// lost is after how long a call counts as under way no more, if answers usually come much sooner.
const lost = 250 * time.Millisecond

// flights are the rows of announcements in this process's hands: those that wait for their place, and the calls under way.
type flights struct {
	rate  float64
	mu    sync.Mutex
	hand  map[store.ID]time.Time // since when a row's call is under way; zero while it waits for its place
	claim time.Duration          // that a claim usually takes
	call  time.Duration          // that a call usually takes
	moved chan struct{}          // closed when the next one takes off or ends
	all   sync.WaitGroup
}

func newFlights(rate float64) *flights { return &flights{rate: rate, hand: map[store.ID]time.Time{}} }

// room waits until more rows may be claimed, and tells how many: half of them at least, if that starves nobody, for a claim costs
// as much for one as for many.
func (f *flights) room(ctx context.Context) int {
	for {
		f.mu.Lock()
		free, again := f.free(time.Now())
		if f.moved == nil {
			f.moved = make(chan struct{})
		}
		moved := f.moved
		f.mu.Unlock()
		if free > 0 {
			return free
		}
		timer := time.NewTimer(again)
		select {
		case <-ctx.Done():
			timer.Stop()
			return 1
		case <-moved:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// free is how many rows may be claimed now, and when to look again if none. At a limited rate as many are in hand as keep it while
// one waits for the claim before its own, for its own and for its answer, and one more; calls that take too long don't count.
func (f *flights) free(now time.Time) (n int, again time.Duration) {
	again = time.Hour
	if f.rate == 0 {
		if n = window - len(f.hand); n < window/2 {
			n = 0
		}
		return n, again
	}
	all, waiting := 1+int(math.Ceil(f.rate*(2*f.claim+f.call).Seconds())), 0
	n = all
	late := max(lost, 4*f.call)
	for _, at := range f.hand {
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
	return min(n, window-len(f.hand)), again
}

// begin sends what was claimed in that time, each by itself.
func (f *flights) begin(list []store.Delivery, took time.Duration, send func(store.Delivery)) {
	f.mu.Lock()
	learn(&f.claim, took)
	for _, d := range list {
		f.hand[d.ID] = time.Time{}
	}
	f.mu.Unlock()
	for _, d := range list {
		f.all.Go(func() {
			send(d)
			f.end(d.ID)
		})
	}
}

// waits is a row that waits for the place of its next call.
func (f *flights) waits(id store.ID) { f.set(id, time.Time{}) }

// off is a row's call that begins now.
func (f *flights) off(id store.ID) { f.set(id, time.Now()) }

func (f *flights) set(id store.ID, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hand[id] = at
	f.changed()
}

// changed lets room look again.
func (f *flights) changed() {
	if f.moved != nil {
		close(f.moved)
		f.moved = nil
	}
}

func (f *flights) end(id store.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := f.hand[id]; !at.IsZero() {
		learn(&f.call, time.Since(at))
	}
	delete(f.hand, id)
	f.changed()
}

// learn moves what is usual towards what was seen. One that is very late says little about the others.
func learn(usual *time.Duration, seen time.Duration) {
	if *usual == 0 {
		*usual = seen
	}
	*usual += (min(seen, 4**usual) - *usual) / 16
}
