package redis_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/redis"
)

const chat = 7

func (s server) enter(t *testing.T, owner string) store.Lease {
	t.Helper()
	l, err := s.Acquire(t.Context(), chat, owner)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (s server) leave(t *testing.T, owner string, revision int64, session string, want error) {
	t.Helper()
	if err := s.Release(t.Context(), chat, owner, revision, []byte(session)); !errors.Is(err, want) {
		t.Fatalf("%s leaves revision %d: %v, want %v", owner, revision, err, want)
	}
}

// expect compares what Enter found.
func expect(t *testing.T, got store.Lease, session string, revision int64, stale bool) {
	t.Helper()
	if string(got.Session) != session || got.Revision != revision || got.Stale != stale || got.Busy != 0 {
		t.Fatalf("entered %q %+v, want %q, revision %d, stale %v", got.Session, got, session, revision, stale)
	}
}

func TestLaneOneAtATime(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		l := s.enter(t, "a")
		if expect(t, l, "", 0, false); l.Session != nil {
			t.Errorf("session is %q, want nil", l.Session)
		}
		if l := s.enter(t, "b"); l.Busy <= 0 || l.Busy > redis.Hold || l.Session != nil {
			t.Fatalf("b entered %+v while a is in", l)
		}
		expect(t, s.enter(t, "a"), "", 0, false)
		binary := string([]byte{0, 255, '\r', '\n', 0x80})
		s.leave(t, "a", 0, binary, nil)
		expect(t, s.enter(t, "b"), binary, 1, false)
		if err := s.Release(t.Context(), chat, "b", 1, nil); err != nil {
			t.Fatal(err)
		}
		expect(t, s.enter(t, "c"), binary, 1, false)
		s.leave(t, "c", 1, "", nil)
		if l := s.enter(t, "c"); l.Session == nil || len(l.Session) != 0 || l.Revision != 2 {
			t.Errorf("entered %#v, want an empty session that is not nil", l)
		}
		if ttl := s.raw.TTL(t.Context(), fmt.Sprintf("lane:%d", chat)).Val(); ttl < 179*24*time.Hour {
			t.Errorf("the session ends after %v", ttl)
		}
	})
}

func TestLaneTakenOver(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		s.enter(t, "a")
		s.leave(t, "a", 0, "one", nil)
		s.enter(t, "a")
		s.set(t, "lane:7", "u", 1) // a's time is over
		expect(t, s.enter(t, "b"), "one", 1, true)
		s.leave(t, "a", 1, "a's", store.ErrConflict)
		if err := s.Release(t.Context(), chat, "a", 1, nil); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a lets go of b's lease: %v", err)
		}
		if l := s.enter(t, "c"); l.Busy <= 0 {
			t.Errorf("c entered %+v while b is in", l)
		}
		s.leave(t, "b", 1, "two", nil)
		s.leave(t, "a", 1, "a's", store.ErrConflict)
		expect(t, s.enter(t, "a"), "two", 2, false)
		s.set(t, "lane:7", "u", 1)
		expect(t, s.enter(t, "a"), "two", 2, false) // one's own lateness took nothing from anybody
	})
}

// An answer that got lost makes the client send the same Leave again.
func TestLaneLeaveTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		s.enter(t, "a")
		s.leave(t, "a", 0, "one", nil)
		s.leave(t, "a", 0, "one", nil)
		s.leave(t, "a", 0, "another", store.ErrConflict)
		expect(t, s.enter(t, "b"), "one", 1, false)
		s.leave(t, "a", 0, "one", store.ErrConflict)
		s.leave(t, "b", 0, "stale revision", store.ErrConflict)
		s.leave(t, "b", 1, "two", nil)
	})
}

func TestLaneFlushed(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		if _, err := s.Restore(t.Context(), chat, []byte("old"), 4); err != nil {
			t.Fatal(err)
		}
		expect(t, s.enter(t, "a"), "old", 4, false)
		s.flush(t)
		s.leave(t, "a", 4, "new", nil)
		expect(t, s.enter(t, "b"), "new", 5, false)
		s.flush(t)
		expect(t, s.enter(t, "c"), "", 0, false)
		s.leave(t, "b", 5, "b's", store.ErrConflict) // c came in after the flush
		s.leave(t, "c", 0, "c's", nil)
		expect(t, s.enter(t, "b"), "c's", 1, false)
		s.flush(t)
		if err := s.Release(t.Context(), chat, "b", 1, nil); err != nil {
			t.Errorf("letting go after a flush: %v", err)
		}
	})
}

func TestLaneRestore(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		for _, c := range []struct {
			session  string
			revision int64
			written  bool
		}{{"three", 3, true}, {"three again", 3, false}, {"two", 2, false}, {"ten", 10, true}} {
			written, err := s.Restore(t.Context(), chat, []byte(c.session), c.revision)
			if err != nil || written != c.written {
				t.Errorf("Restore(%q, %d) = %v, %v; want %v", c.session, c.revision, written, err, c.written)
			}
		}
		expect(t, s.enter(t, "a"), "ten", 10, false)
		if written, err := s.Restore(t.Context(), chat, []byte("eleven"), 11); !written || err != nil {
			t.Fatalf("Restore = %v, %v", written, err)
		}
		s.leave(t, "a", 10, "a's", store.ErrConflict)
	})
}

// Many owners append to one session; none of their turns may be lost.
func TestLaneCrowd(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		const owners, turns = 8, 20
		var wg sync.WaitGroup
		for i := range owners {
			wg.Go(func() {
				owner := fmt.Sprint("owner ", i)
				for n := 0; n < turns; {
					l, err := s.Acquire(t.Context(), chat, owner)
					if err != nil {
						t.Error(err)
						return
					}
					if l.Busy > 0 {
						continue
					}
					if err := s.Release(t.Context(), chat, owner, l.Revision, append(l.Session, byte(i))); err != nil {
						t.Error(err)
						return
					}
					n++
				}
			})
		}
		wg.Wait()
		l := s.enter(t, "last")
		if l.Revision != owners*turns {
			t.Errorf("revision %d, want %d", l.Revision, owners*turns)
		}
		for i := range owners {
			if n := bytes.Count(l.Session, []byte{byte(i)}); n != turns {
				t.Errorf("owner %d wrote %d times, want %d", i, n, turns)
			}
		}
	})
}

func BenchmarkEnterLeave(b *testing.B) {
	s := connect(b, testdb.Redis(b))
	session := bytes.Repeat([]byte("x"), 600)
	for i := int64(0); b.Loop(); i++ {
		l, err := s.Acquire(b.Context(), i%1000, "a")
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Release(b.Context(), i%1000, "a", l.Revision, session); err != nil {
			b.Fatal(err)
		}
	}
}

// A lease that was acquired before the clock was set back is free: its time is further off than any owner's.
func TestLaneClockSetBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		if _, err := s.Acquire(t.Context(), 1, "a"); err != nil {
			t.Fatal(err)
		}
		s.set(t, "lane:1", "u", time.Now().Add(time.Hour).UnixMicro())
		if l, err := s.Acquire(t.Context(), 1, "b"); err != nil || l.Busy > 0 || !l.Stale {
			t.Errorf("Enter = %+v, %v; want a stale lease", l, err)
		}
	})
}
