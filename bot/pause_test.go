package bot_test

import (
	"sync"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/store"
	"pendamping/store/redis"
)

// other returns the rate limiter as another process has it.
func (h *house) other() *redis.DB {
	h.t.Helper()
	db, err := redis.Open(h.t.Context(), h.Redis)
	h.ok(err)
	h.t.Cleanup(func() { h.ok(db.Close()) })
	return db
}

// refuse makes each of these chats meet one 429.
func (h *house) refuse(after int, people ...*owner) {
	for _, p := range people {
		h.telegram.Fail(faketelegram.Fault{
			Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: after, Method: "sendMessage", Chat: p.ID(),
			Count: 1,
		})
	}
}

// A 429 of one chat pauses that chat. When several chats meet one within seconds everybody pauses, in all processes.
func TestPauseIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	everybody, other := h.owners(12), h.other()
	h.start()
	calm, people := everybody[0], everybody[1:]
	h.refuse(60, people...)
	paused := func() bool {
		p, err := other.Paused(t.Context())
		h.ok(err)
		return p.All > 0
	}
	chatPaused := func(p *owner) func() bool {
		return func() bool {
			_, wait, err := other.TakeReply(t.Context(), p.ID(), store.InTurn)
			h.ok(err)
			return wait > 15*time.Second // otherwise it is only the rate
		}
	}
	people[0].Send("anu")
	h.until("the others are told of the chat", chatPaused(people[0]))
	calm.Send("anu")
	calm.hears("unknown.words")
	if paused() {
		t.Error("one chat pauses everybody")
	}
	for _, p := range people[1:3] {
		p.Send("anu")
		h.until("the others are told of the chat", chatPaused(p))
	}
	if paused() { // a call went well since the first chat's, which shows that it wasn't everybody's
		t.Error("two chats pause everybody")
	}
	for _, p := range people[3:] { // at once, so that a slow machine meets three within seconds too
		p.Send("anu")
	}
	h.until("the others are told", paused)
}

// A process keeps to the pause of a 429 that another met.
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
	time.Sleep(time.Second) // a process checks for others' pauses four times a second
	p.Send("anu")
	h.settle()
	if mu.Lock(); first.Before(end.Add(-100 * time.Millisecond)) {
		t.Errorf("it sent %v before the pause of another process ended", end.Sub(first))
	}
	mu.Unlock()
}

// Pauses of everybody in close succession are one episode in the log.
func TestPausesAreLoggedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(12)
	refused := h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 1, Method: "sendMessage", Count: 12,
	})
	h.start()
	for _, p := range people {
		p.Send("anu")
	}
	for _, p := range people {
		p.hears("unknown.words")
	}
	if n := h.logged("telegram asks everybody to wait"); n != 1 || refused.Hits() != 12 {
		t.Errorf("%d calls met a 429, and the pauses are logged %d times", refused.Hits(), n)
	}
}
