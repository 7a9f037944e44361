package bot

import (
	"context"
	"sync"
	"time"

	"pendamping/store"
)

// marks writes in batches what is known already: updates that are handled, messages that were sent.
type marks struct {
	bot  *Bot
	wake chan struct{}

	mu    sync.Mutex
	done  []int64
	fates []store.Mark
}

func newMarks(b *Bot) *marks { return &marks{bot: b, wake: make(chan struct{}, 1)} }

// together is how long a mark waits for others.
const together = 20 * time.Millisecond

func (m *marks) handled(update int64) {
	m.mu.Lock()
	m.done = append(m.done, update)
	m.mu.Unlock()
	wake(m.wake)
}

func (m *marks) sent(mark store.Mark) {
	m.mu.Lock()
	m.fates = append(m.fates, mark)
	m.mu.Unlock()
	wake(m.wake)
}

// take takes what became of messages, for a statement that writes it on its way.
func (m *marks) take() []store.Mark {
	m.mu.Lock()
	defer m.mu.Unlock()
	fates := m.fates
	m.fates = nil
	return fates
}

// back takes it back when that failed.
func (m *marks) back(fates []store.Mark) {
	m.mu.Lock()
	m.fates = append(fates, m.fates...)
	m.mu.Unlock()
	wake(m.wake)
}

func (m *marks) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.wake:
			sleep(ctx, together)
			if !m.write(ctx) {
				sleep(ctx, 500*time.Millisecond)
				wake(m.wake)
			}
		}
	}
}

// write writes what has come together; what could not be written waits.
func (m *marks) write(ctx context.Context) bool {
	fates := m.take()
	m.mu.Lock()
	done := m.done
	m.done = nil
	m.mu.Unlock()
	ok := true
	if len(fates) > 0 && m.bot.Records.Mark(ctx, m.bot.Now(), fates) != nil {
		m.back(fates)
		ok = false
	}
	if len(done) > 0 && m.bot.Records.Done(ctx, done) != nil {
		m.mu.Lock()
		m.done = append(done, m.done...)
		m.mu.Unlock()
		ok = false
	}
	return ok
}

// flush writes everything at a stop. A connection that broke meanwhile is no reason to forget it: what was sent and is not marked
// is sent once more by who takes over.
func (m *marks) flush() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for !m.write(ctx) && sleep(ctx, 20*time.Millisecond) {
	}
}
