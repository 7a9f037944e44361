package bot_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// eye stands in for looking at pictures: it does what a test says for a file's bytes, and remembers the calls.
type eye struct {
	mu    sync.Mutex
	asked []glance
	do    func(ctx context.Context, f store.File, large bool) error
}

type glance struct {
	hash  string
	large bool
}

func (e *eye) config(c *bot.Config) {
	c.Inspect = func(ctx context.Context, f store.File, _ io.Reader, large bool) (receipt.Seen, error) {
		e.mu.Lock()
		e.asked = append(e.asked, glance{f.SHA256, large})
		e.mu.Unlock()
		// Each look ends in a word to the sender, so that the test sees it.
		return receipt.Seen{Look: store.Look{File: f.ID, Flaws: []string{"dark"}}}, e.do(ctx, f, large)
	}
}

func (e *eye) count(hash string) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, g := range e.asked {
		if g.hash == hash {
			n++
		}
	}
	return n
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// A picture whose look breaks a limit twice is set aside with a word to its sender, and blocks nobody else's. A
// restart doesn't try it again.
func TestLookSetAside(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(2)
	bad := hashOf(picture(1))
	e := &eye{do: func(_ context.Context, f store.File, _ bool) error {
		if f.SHA256 == bad {
			return receipt.ErrLimit
		}
		return nil
	}}
	p := h.start(e.config)
	people[0].SendPhoto(picture(1), "")
	people[0].hears("coach.unopened")
	people[1].SendPhoto(picture(2), "")
	people[1].hears("coach.dark")
	p.stop()
	h.start(e.config)
	people[1].SendPhoto(picture(1), "") // the same bytes from another sender
	people[1].hears("coach.unopened")
	if n := e.count(bad); n != 2 {
		t.Errorf("looked at %d times, want 2", n)
	}
	h.verified()
}

// A picture that ended two processes is not looked at again. One that a running process looks at doesn't count.
func TestLookEndsProcess(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(2)
	alive, err := h.db.Join(t.Context(), time.Now())
	h.ok(err)
	defer alive.Close()
	for hash, processes := range map[string][]int64{
		hashOf(picture(1)): {1 << 40, 1<<40 + 1},
		hashOf(picture(2)): {1 << 40, alive.Number()},
	} {
		for _, process := range processes {
			_, err := h.db.TryDecode(t.Context(), time.Now(), process, "look", []string{hash})
			h.ok(err)
		}
	}
	e := &eye{do: func(context.Context, store.File, bool) error { return nil }}
	h.start(e.config)
	people[0].SendPhoto(picture(1), "")
	people[0].hears("coach.unopened")
	people[1].SendPhoto(picture(2), "")
	people[1].hears("coach.dark")
	if n := e.count(hashOf(picture(1))); n != 0 {
		t.Errorf("looked at %d times", n)
	}
}

// One sender's heavy pictures hold up nobody else's, and large ones not even the sender's own small ones.
func TestLookTurns(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(4)
	small, large := hashOf(picture(1)), map[string]bool{hashOf(picture(10)): true, hashOf(picture(11)): true}
	release := make(chan struct{})
	var mu sync.Mutex
	under := map[string]int{}
	most := 0
	e := &eye{do: func(ctx context.Context, f store.File, isLarge bool) error {
		if large[f.SHA256] && !isLarge {
			return receipt.ErrLarge
		}
		if f.SHA256 != small && !isLarge {
			return nil
		}
		mu.Lock()
		under[f.SHA256]++
		n := 0
		for hash, k := range under {
			if large[hash] {
				n += k
			}
		}
		most = max(most, n)
		mu.Unlock()
		select {
		case <-release:
		case <-ctx.Done():
		}
		mu.Lock()
		under[f.SHA256]--
		mu.Unlock()
		return ctx.Err()
	}}
	h.start(e.config)
	attacker := people[0]
	attacker.SendPhoto(picture(1), "") // is looked at for as long as the test wants
	for until := time.Now().Add(patient); e.count(small) == 0 && time.Now().Before(until); {
		time.Sleep(5 * time.Millisecond)
	}
	attacker.SendPhoto(picture(3), "") // waits behind it
	people[1].SendPhoto(picture(10), "")
	people[2].SendPhoto(picture(11), "")
	people[3].SendPhoto(picture(4), "")
	people[3].hears("coach.dark")
	people[1].SendPhoto(picture(5), "") // small, though a large one of the same sender is under way
	people[1].hears("coach.dark")
	if n := e.count(hashOf(picture(3))); n != 0 {
		t.Error("two pictures of one sender are looked at side by side")
	}
	close(release)
	attacker.hears("coach.dark")
	people[2].hears("coach.dark")
	mu.Lock()
	defer mu.Unlock()
	if most > 1 {
		t.Errorf("%d large looks went on at once", most)
	}
}
