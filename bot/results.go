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
	handledIDs []int64
	deliveries []store.Mark
}

func newResults(b *Bot) *results { return &results{bot: b, wake: make(chan struct{}, 1)} }

// batchDelay is how long a result waits for others.
const batchDelay = 20 * time.Millisecond

func (m *results) updateDone(update int64) {
	m.mu.Lock()
	m.handledIDs = append(m.handledIDs, update)
	m.mu.Unlock()
	wake(m.wake)
}

func (m *results) delivered(mark store.Mark) {
	m.mu.Lock()
	m.deliveries = append(m.deliveries, mark)
	m.mu.Unlock()
	wake(m.wake)
}

// take removes and returns the results of deliveries, for a statement that writes them along with something else.
func (m *results) take() []store.Mark {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.deliveries
	m.deliveries = nil
	return list
}

// putBack returns them after that statement failed.
func (m *results) putBack(list []store.Mark) {
	m.mu.Lock()
	m.deliveries = append(list, m.deliveries...)
	m.mu.Unlock()
	wake(m.wake)
}

func (m *results) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.wake:
			sleep(ctx, batchDelay)
			if !m.write(ctx) {
				sleep(ctx, 500*time.Millisecond)
				wake(m.wake)
			}
		}
	}
}

// write writes what was collected. What could not be written waits for the next time.
func (m *results) write(ctx context.Context) bool {
	list := m.take()
	m.mu.Lock()
	done := m.handledIDs
	m.handledIDs = nil
	m.mu.Unlock()
	ok := true
	if len(list) > 0 && m.bot.Records.Mark(ctx, m.bot.Now(), list) != nil {
		m.putBack(list)
		ok = false
	}
	if len(done) > 0 && m.bot.Records.Done(ctx, done) != nil {
		m.mu.Lock()
		m.handledIDs = append(done, m.handledIDs...)
		m.mu.Unlock()
		ok = false
	}
	return ok
}

// flush writes everything when the process stops. It retries when a connection broke, because whoever takes over
// sends again what was sent and isn't marked.
func (m *results) flush() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for !m.write(ctx) && sleep(ctx, 20*time.Millisecond) {
	}
}
