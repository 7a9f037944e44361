package bot_test

import (
	"sync/atomic"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/store/embedded/testdb"
)

// unplug ends the connection of a running process.
func (p *process) unplug() {
	p.house.t.Helper()
	p.mu.Lock()
	number := p.self.Number()
	p.mu.Unlock()
	var ended bool
	p.house.ok(testdb.Connect(p.house.t, p.house.Postgres).QueryRow(p.house.t.Context(), `
		select pg_terminate_backend(pid, 10000) from pg_locks where locktype = 'advisory' and classid::bigint = 1886388225 and objid::bigint = $1
		and granted and database = (select oid from pg_database where datname = current_database())`, number).Scan(&ended))
	if !ended {
		p.house.t.Fatal("its backend lives on")
	}
}

// recovering counts how often a process looks for what others left.
func countRecoveries(n *atomic.Int64) func(*bot.Config) {
	return watched(func(point string, _ int64) error {
		if point == "recover" {
			n.Add(1)
		}
		return nil
	})
}

// A living process loses its connection to PostgreSQL while calls to Telegram are under way and replies wait in its
// queues. It comes back under its own number, and nobody who counted it as dead says anything again.
func TestConnectionLostWhileAlive(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.grace = time.Minute // on any machine, however busy
	people := h.owners(3)
	a := h.start(limited, func(c *bot.Config) { c.Telegram.SendTimeout = time.Hour })
	people[2].Send("anu")
	h.settle() // it polls
	slow := h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultSlow, Delay: time.Hour, Method: "sendMessage"})
	for _, p := range people[:2] {
		p.SendPhoto(picture(1), "")
		p.SendPhoto(picture(2), "") // its answer waits for the first one's
	}
	h.ok(slow.Wait(t.Context(), 2))
	var looked atomic.Int64
	h.start(limited, countRecoveries(&looked))
	for range 2 {
		a.unplug()
		from := looked.Load()
		h.until("the other one has looked for what was left", func() bool { return looked.Load() >= from+4 })
	}
	slow.Stop()
	h.settle()
	for _, p := range people[:2] {
		p.inOrder(2)
		if n := p.heard("photo.saved"); n != 2 {
			t.Errorf("%d is told %d times that their two pictures are kept:\n%s", p.ID(), n, h.log)
		}
	}
	// If another of its connections breaks in use as well, it rejoins by itself, and then somebody does take over.
	if n := h.logged("took over from a stopped process"); n > h.logged(
		"joining anew: the database took this process for gone") {
		t.Errorf("a living process was taken over from %d times:\n%s", n, h.log)
	}
	people[2].Send("anu lagi")
	h.settle()
	if n := people[2].puzzled(); n != 2 {
		t.Errorf("%d answers to 2 texts", n)
	}
	h.verified()
}
