package bot_test

import (
	"sync"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/store/redis"
)

// other is the gate as another process has it.
func (h *house) other() *redis.DB {
	h.t.Helper()
	db, err := redis.Open(h.t.Context(), h.Redis)
	h.ok(err)
	h.t.Cleanup(func() { h.ok(db.Close()) })
	return db
}

// A 429 that one process meets pauses all others.
func TestPauseIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p, other := h.owners(1)[0], h.other()
	h.start()
	h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 60, Method: "sendMessage", Count: 1})
	p.Send("halo")
	h.until("the others are told", func() bool {
		left, err := other.Paused(t.Context())
		return err == nil && left > 0
	})
}

// A process keeps the pause of a 429 that another met.
func TestPauseIsKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p, other := h.owners(1)[0], h.other()
	var mu sync.Mutex
	var first time.Time
	h.seen = func(method string, _ map[string]string) {
		mu.Lock()
		defer mu.Unlock()
		if method == "sendMessage" && first.IsZero() {
			first = time.Now()
		}
	}
	h.start()
	const pause = 5 * time.Second
	h.ok(other.Pause(t.Context(), pause))
	end := time.Now().Add(pause)
	time.Sleep(time.Second) // a process looks for others' pauses four times a second
	p.Send("halo")
	h.settle()
	if mu.Lock(); first.Before(end.Add(-100 * time.Millisecond)) {
		t.Errorf("it sent %v before the pause of another process ended", end.Sub(first))
	}
	mu.Unlock()
}
