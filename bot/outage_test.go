package bot_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"pendamping/store/embedded"
	"pendamping/store/embedded/testdb"
	"pendamping/store/redis"
)

// PostgreSQL ends in the middle of conversations and comes back. People are asked once to wait, and then answered in
// order.
func TestPostgresStopsAndStarts(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r, options := newRelay(t), embedded.Options{Dir: t.TempDir()}
	server, err := embedded.StartPostgres(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { server.Stop() }()
	url := r.up(server.URL)
	if err := migrate(ctx, url); err != nil {
		t.Fatal(err)
	}
	h := newHouseOn(t, url, testdb.Redis(t))
	h.start()
	people := h.owners(6)
	early, late := people[:5], people[5]
	for _, p := range people {
		p.SendPhoto(picture(1), "")
	}
	h.settle()

	server.Stop()
	r.down()
	for _, p := range early {
		p.Send("195rb")
		p.Send("TB Jaya")
	}
	for _, p := range early {
		p.hears("busy.wait")
	}
	late.Send("200rb")
	late.hears("busy.wait")

	if server, err = embedded.StartPostgres(ctx, options); err != nil {
		t.Fatal(err)
	}
	r.up(server.URL)
	h.settle()
	for _, p := range early {
		if p.heard("receipt.day") == 0 { // whoever takes over may know the seller already, and not ask
			t.Errorf("%d: the conversation did not go on: %q", p.ID(), p.Last().Text)
		}
		if n := p.heard("busy.wait"); n != 1 {
			t.Errorf("%d was asked %d times to wait", p.ID(), n)
		}
	}
	if late.heard("receipt.seller") != 1 || late.heard("busy.wait") != 1 {
		t.Errorf("the one who came late sees %+v", late.answers())
	}
	for _, p := range people {
		p.SendPhoto(picture(2), "")
	}
	h.settle()
	for _, p := range people {
		p.inOrder(2)
	}
	if parked, err := h.db.Quarantined(ctx); err != nil || len(parked) > 0 {
		t.Errorf("parked by the outage: %+v, %v", parked, err)
	}
	h.verified()
}

// A short outage under load loses nothing.
func TestPostgresBlinks(t *testing.T) {
	t.Parallel()
	r := newRelay(t)
	behind := testdb.Database(t, migrate)
	h := newHouseOn(t, r.up(behind), testdb.Redis(t))
	h.start()
	people := h.owners(20)
	for i := range 6 {
		for _, p := range people {
			p.SendPhoto(picture(i), "")
		}
		if i == 1 || i == 3 {
			people[0].hears("photo.saved")
			r.down()
			r.up(behind)
		}
	}
	h.settle()
	for _, p := range people {
		p.inOrder(6)
		if n := p.heard("sorry.parked"); n != 0 {
			t.Errorf("%d was told that it failed", p.ID())
		}
	}
	h.verified()
}

// Redis ends and comes back. Conversations go on meanwhile, and afterwards Redis has what was said then.
func TestRedisStopsAndStarts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		forgets bool
	}{{"with what it had", false}, {"empty", true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			r, options := newRelay(t), embedded.Options{Dir: t.TempDir(), Throwaway: c.forgets}
			server, err := embedded.StartRedis(ctx, options)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { server.Stop() }()
			url := r.up(server.URL)
			h := newHouseOn(t, testdb.Database(t, migrate), url)
			a := h.start()
			people := h.owners(4)
			for _, p := range people {
				p.SendPhoto(picture(1), "")
			}
			h.settle()

			server.Stop()
			r.down()
			for _, p := range people {
				p.Send("195rb")
				p.hears("receipt.seller")
				p.Send("TB Jaya")
				p.hears("receipt.day")
			}

			if server, err = embedded.StartRedis(ctx, options); err != nil {
				t.Fatal(err)
			}
			r.up(server.URL)
			cache, err := redis.Open(ctx, url)
			h.ok(err)
			defer cache.Close()
			h.until("Redis has what it missed", func() bool {
				for _, p := range people {
					l, err := cache.Acquire(ctx, p.ID(), "test")
					if err != nil || l.Busy > 0 {
						return false
					}
					_ = cache.Release(ctx, p.ID(), "test", l.Revision, nil)
					if !bytes.Contains(l.Session, []byte("TB Jaya")) {
						return false
					}
				}
				return true
			})
			a.stop() // only Redis can know now what was said
			h.start()
			for _, p := range people {
				p.Send("kemarin")
			}
			h.settle()
			for _, p := range people {
				if p.heard("receipt.line") != 1 {
					t.Errorf("%d: what was said during the outage is lost: %q", p.ID(), p.Last().Text)
				}
				p.inOrder(1)
			}
		})
	}
}

// Redis is emptied between two messages. Whoever handled the last one has a copy of the session.
func TestRedisFlushed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	p := h.owners(1)[0]
	cache, err := redis.Open(context.Background(), h.Redis)
	h.ok(err)
	defer cache.Close()
	for _, step := range []struct{ says, hears string }{
		{"195rb", "receipt.seller"}, {"TB Jaya", "receipt.day"}, {"kemarin", "receipt.line"},
	} {
		if p.heard("photo.saved") == 0 {
			p.SendPhoto(picture(1), "")
			h.settle()
		}
		h.ok(cache.Clear(t.Context()))
		p.Send(step.says)
		h.settle()
		if p.heard(step.hears) != 1 {
			t.Errorf("after %q they see %q", step.says, p.Last().Text)
		}
	}
	p.inOrder(1)
}

// A stop ends in time even while a dependency hangs.
func TestStopDuringOutage(t *testing.T) {
	t.Parallel()
	r := newRelay(t)
	h := newHouseOn(t, r.up(testdb.Database(t, migrate)), testdb.Redis(t))
	a := h.start()
	p := h.owners(1)[0]
	p.Send("anu")
	h.settle()
	r.down()
	p.Send("masih di sana?")
	p.hears("busy.wait")
	began := time.Now()
	a.stop()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the stop took %v", took)
	}
}

// While Redis is away, a process by itself keeps to one reply a second for a chat.
func TestRateWithoutRedis(t *testing.T) {
	t.Parallel()
	r := newRelay(t)
	h := newHouseOn(t, testdb.Database(t, migrate), r.up(testdb.Redis(t)))
	var mu sync.Mutex
	var calls []time.Time
	h.seen = func(method string, _ map[string]string) {
		if method == "sendMessage" {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, time.Now())
		}
	}
	h.start(limited)
	p := h.owners(1)[0]
	p.Send("anu")
	h.settle()
	r.down()
	for _, words := range []string{"/saldo", "halo", "/privasi"} { // answers that differ, so that none is merged
		p.Send(words)
	}
	h.until("all are answered", func() bool { return len(p.answers()) == 4 })
	mu.Lock()
	defer mu.Unlock()
	for i := 2; i < len(calls); i++ {
		// between two calls, of which the first may be late
		if apart := calls[i].Sub(calls[i-1]); apart < 500*time.Millisecond {
			t.Errorf("replies %v apart", apart)
		}
	}
}
