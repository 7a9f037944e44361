package redis_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"pendamping/store"
)

// A rate so slow that a test itself takes no time, and the distance between its places.
const (
	rate  = 0.01
	every = 100 * time.Second
)

func (s server) take(t *testing.T, class store.Class, want int, rate float64) (int, time.Duration) {
	t.Helper()
	n, wait, err := s.Take(t.Context(), class, want, rate)
	if err != nil {
		t.Fatal(err)
	}
	if (n > 0) == (wait > 0) {
		t.Fatalf("Take gave %d places and a wait of %v", n, wait)
	}
	return n, wait
}

// past makes everything that the gate knows so much older.
func (s server) past(t *testing.T, d time.Duration) {
	t.Helper()
	for field := range s.raw.HGetAll(t.Context(), "gate").Val() {
		if field != "every" && field != "owed" {
			if err := s.raw.HIncrBy(t.Context(), "gate", field, -d.Microseconds()).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestGateHoldsItsRate(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		const rate, places, late = 50, 30, 20 * time.Millisecond
		var mu sync.Mutex
		given := 0
		start := time.Now()
		var wg sync.WaitGroup
		for range 3 { // three senders, one pace
			wg.Go(func() {
				for {
					mu.Lock()
					enough := given >= places
					mu.Unlock()
					if enough {
						return
					}
					n, wait, err := s.Take(t.Context(), store.Bulk, 1, rate)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					given += n
					mu.Unlock()
					time.Sleep(wait)
				}
			})
		}
		wg.Wait()
		if took, least := time.Since(start), time.Second*(places-1)/rate-late; took < least {
			t.Errorf("%d places in %v, want at least %v", given, took, least)
		}
	})
}

func TestGateEvenPlaces(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		if n, _ := s.take(t, store.Bulk, 64, rate); n != 1 {
			t.Fatalf("%d places at once, want 1", n)
		}
		if n, wait := s.take(t, store.Bulk, 1, rate); n != 0 || wait > every {
			t.Fatalf("took %d, wait %v", n, wait)
		}
		s.past(t, every)
		if n, _ := s.take(t, store.Bulk, 1, rate); n != 1 {
			t.Fatal("no place after its time")
		}
		s.past(t, time.Hour) // an idle gate saves nothing up
		if n, _ := s.take(t, store.Bulk, 64, rate); n != 1 {
			t.Fatalf("%d places after an idle hour, want 1", n)
		}
		s.past(t, -time.Hour) // the clock was set back
		if n, _ := s.take(t, store.Bulk, 1, rate); n != 1 {
			t.Fatal("no place after the clock was set back")
		}
		s.past(t, time.Hour)
		if n, _ := s.take(t, store.Bulk, 64, 1000); n != 21 {
			t.Errorf("%d places at 1000/s, want those of 20 ms", n)
		}
		for _, class := range []store.Class{store.Reply, store.Nudge, store.Bulk} {
			if n, _ := s.take(t, class, 64, 0); n != 64 {
				t.Errorf("%s: %d places without a limit, want 64", class, n)
			}
		}
	})
}

// Callers who come late make up for it, but no span of time has more places than the rate gives it.
func TestGateSpan(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		const rate = 100 // 28 places in 280 ms
		given := 0
		for range 40 {
			n, _ := s.take(t, store.Bulk, 64, rate)
			given += n
			s.set(t, "gate", "next", 1) // as if this caller came late for the next one
		}
		if given != 28 {
			t.Fatalf("%d places at once, want 28", given)
		}
		_, wait := s.take(t, store.Bulk, 1, rate)
		if wait > 280*time.Millisecond {
			t.Errorf("wait %v", wait)
		}
		time.Sleep(wait)
		if n, _ := s.take(t, store.Bulk, 1, rate); n == 0 {
			t.Error("no place after the span")
		}
	})
}

func TestGateOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		s.take(t, store.Bulk, 1, rate)
		if n, _ := s.take(t, store.Nudge, 1, rate); n != 0 {
			t.Fatal("the nudge passed the pace")
		}
		if n, _ := s.take(t, store.Reply, 3, rate); n != 3 {
			t.Fatal("the reply waits")
		}
		s.past(t, -time.Hour) // the next place counts as come, and both want it
		if n, wait := s.take(t, store.Bulk, 1, rate); n != 0 || wait < every {
			t.Fatalf("bulk passed a waiting nudge: %d places, wait %v", n, wait)
		}
		if n, _ := s.take(t, store.Nudge, 1, rate); n != 1 {
			t.Fatal("the nudge has no place")
		}
		s.set(t, "gate", "next", 1)
		if n, _ := s.take(t, store.Bulk, 1, rate); n != 1 {
			t.Fatal("bulk waits for a nudge that was served")
		}
		s.take(t, store.Nudge, 1, rate)
		s.past(t, 2*every) // the nudge never came back
		if n, _ := s.take(t, store.Bulk, 1, rate); n != 1 {
			t.Fatal("bulk waits for a nudge that is gone")
		}
	})
}

func TestGatePause(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		if left, err := s.Paused(t.Context()); left != 0 || err != nil {
			t.Fatalf("Paused = %v, %v; want none", left, err)
		}
		for _, d := range []time.Duration{time.Minute, time.Second} { // the shorter one changes nothing
			if err := s.Pause(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		if left, err := s.Paused(t.Context()); left <= time.Second || left > time.Minute || err != nil {
			t.Fatalf("Paused = %v, %v; want a minute", left, err)
		}
		for _, class := range []store.Class{store.Reply, store.Nudge, store.Bulk} {
			for _, rate := range []float64{0, 28} {
				if n, wait := s.take(t, class, 1, rate); n != 0 || wait <= time.Second || wait > time.Minute {
					t.Errorf("%s at %v/s: %d places, wait %v during a pause", class, rate, n, wait)
				}
			}
		}
		s.past(t, time.Minute)
		if n, _ := s.take(t, store.Bulk, 1, 28); n != 1 {
			t.Error("no place after the pause")
		}
	})
}

func TestChatPace(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		for _, c := range []struct {
			chat  int64
			group bool
			every time.Duration
		}{{5, false, time.Second}, {-5, true, 3 * time.Second}} {
			start := time.Now()
			for i := range time.Duration(4) {
				wait, err := s.Chat(t.Context(), c.chat, c.group)
				// Each place falls a whole distance after the one before, however slow this test is.
				if at := time.Since(start) + wait; err != nil || at < i*c.every || wait > i*c.every {
					t.Errorf("chat %d: place %d waits %v, %v; want %v", c.chat, i, wait, err, i*c.every)
				}
			}
		}
		if wait, err := s.Chat(t.Context(), 6, false); wait != 0 || err != nil {
			t.Errorf("another chat waits %v, %v", wait, err)
		}
		if ttl := s.raw.PTTL(t.Context(), "pace:6").Val(); ttl <= 0 || ttl > time.Second {
			t.Errorf("pace:6 lives %v, want at most a second", ttl)
		}
	})
}

func TestSpentMakesRoom(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		s.take(t, store.Bulk, 1, rate)
		s.past(t, every-time.Second) // the next place would come in a second
		chats := make([]int64, 300)
		for i := range chats {
			chats[i] = int64(i + 1)
		}
		s.Spent(append(chats, -9)...)
		for s.raw.Exists(t.Context(), "pace:-9").Val() == 0 { // noted behind our back
		}
		wait, err := s.Chat(t.Context(), -9, true)
		if err != nil || wait <= time.Second || wait > 3*time.Second {
			t.Errorf("the group waits %v, %v; want a whole distance", wait, err)
		}
	})
}

// Replies and announcements keep the rate together. When people write more than that, half of it is left to announcements: they
// are slower, and never stand still.
func TestGateBehindReplies(t *testing.T) {
	for _, c := range []struct{ each, replies, want int }{{1, 0, 12}, {4, 1, 9}, {3, 1, 8}, {2, 1, 6}, {1, 1, 6}, {1, 40, 6}} {
		onBoth(t, func(t *testing.T, s server) {
			s.take(t, store.Nudge, 1, rate) // sets the pace
			given, chat := 0, int64(0)
			for i := range 12 {
				if i%c.each == 0 && c.replies > 0 {
					for range c.replies {
						chat++
						s.Spent(chat)
					}
					for s.raw.Exists(t.Context(), fmt.Sprint("pace:", chat)).Val() == 0 { // noted behind our back
					}
				}
				s.past(t, every)
				n, _ := s.take(t, store.Bulk, 1, rate)
				given += n
			}
			if given != c.want {
				t.Errorf("%d replies each %d places: %d of 12 are left to announcements, want %d", c.replies, c.each, given, c.want)
			}
			s.past(t, 100*every) // long ago
			for range 3 {
				if n, _ := s.take(t, store.Bulk, 1, rate); n != 1 {
					t.Error("replies of long ago are still made room for")
				}
				s.past(t, every)
			}
		})
	}
}
