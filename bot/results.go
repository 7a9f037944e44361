package bot

import (
	"context"
	"sync"
	"time"

	"pendamping/store"
)

// results writes in batches which updates are handled and what became of deliveries.
type results struct {
	bot  *Bot
	wake chan struct{}

	mu         sync.Mutex
	handled    []int64
	deliveries []store.DeliveryOutcome
}

func newResults(b *Bot) *results { return &results{bot: b, wake: make(chan struct{}, 1)} }

// batchDelay is how long a result waits for others.
const batchDelay = 20 * time.Millisecond

func (r *results) recordHandled(update int64) {
	r.mu.Lock()
	r.handled = append(r.handled, update)
	r.mu.Unlock()
	wake(r.wake)
}

func (r *results) record(outcome store.DeliveryOutcome) {
	r.mu.Lock()
	r.deliveries = append(r.deliveries, outcome)
	r.mu.Unlock()
	wake(r.wake)
}

// take removes and returns the results of deliveries, for a statement that writes them along with something else.
func (r *results) take() []store.DeliveryOutcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.deliveries
	r.deliveries = nil
	return list
}

// putBack returns them after that statement failed.
func (r *results) putBack(list []store.DeliveryOutcome) {
	r.mu.Lock()
	r.deliveries = append(list, r.deliveries...)
	r.mu.Unlock()
	wake(r.wake)
}

func (r *results) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
			sleep(ctx, batchDelay)
			if !r.write(ctx) {
				sleep(ctx, 500*time.Millisecond)
				wake(r.wake)
			}
		}
	}
}

// write writes what was collected. What could not be written waits for the next time.
func (r *results) write(ctx context.Context) bool {
	list := r.take()
	r.mu.Lock()
	done := r.handled
	r.handled = nil
	r.mu.Unlock()
	ok := true
	if len(list) > 0 && r.bot.Records.KeepOutcomes(ctx, r.bot.Now(), list) != nil {
		r.putBack(list)
		ok = false
	}
	if len(done) > 0 && r.bot.Records.Done(ctx, done) != nil {
		r.mu.Lock()
		r.handled = append(done, r.handled...)
		r.mu.Unlock()
		ok = false
	}
	return ok
}

// flush writes everything when the process stops. It retries when a connection broke, because whoever takes over
// sends again what was sent and isn't marked.
func (r *results) flush() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for !r.write(ctx) && sleep(ctx, 20*time.Millisecond) {
	}
}
