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

func (s server) take(t *testing.T, class store.Class, rate float64) time.Duration {
	t.Helper()
	place, wait, err := s.Take(t.Context(), class, rate)
	if err != nil {
		t.Fatal(err)
	}
	if (place > 0) == (wait > 0) {
		t.Fatalf("Take gave place %d and a wait of %v", place, wait)
	}
	return wait
}

// places is how many bulk gets one after the other.
func (s server) places(t *testing.T, rate float64) (n int) {
	t.Helper()
	for n < 64 && s.take(t, store.Bulk, rate) == 0 {
		n++
	}
	return n
}

// past makes everything that the gate knows so much older.
func (s server) past(t *testing.T, d time.Duration) {
	t.Helper()
	for field := range s.raw.HGetAll(t.Context(), "gate").Val() {
		if field != "every" && field != "owed" && field != "count" {
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
					place, wait, err := s.Take(t.Context(), store.Bulk, rate)
					if err != nil {
						t.Error(err)
						return
					}
					if place > 0 {
						mu.Lock()
						given++
						mu.Unlock()
					}
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
		if n := s.places(t, rate); n != 1 {
			t.Fatalf("%d places at once, want 1", n)
		}
		if wait := s.take(t, store.Bulk, rate); wait == 0 || wait > every {
			t.Fatalf("wait %v", wait)
		}
		s.past(t, every)
		if s.take(t, store.Bulk, rate) > 0 {
			t.Fatal("no place after its time")
		}
		s.past(t, time.Hour) // an idle gate saves nothing up
		if n := s.places(t, rate); n != 1 {
			t.Fatalf("%d places after an idle hour, want 1", n)
		}
		s.past(t, -time.Hour) // the clock was set back
		if s.take(t, store.Bulk, rate) > 0 {
			t.Fatal("no place after the clock was set back")
		}
		s.past(t, time.Hour)
		s.take(t, store.Bulk, 10) // a caller who comes late keeps the beat of 20 ms ago
		if wait := s.take(t, store.Bulk, 10); wait > 80*time.Millisecond {
			t.Errorf("wait %v after a late caller, want 80 ms at most", wait)
		}
	})
}

// However late callers come and answers are, the calls that Telegram may have had in the time of 28 places are 30 at most.
func TestGateSpan(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		const rate, span = 100, 280 * time.Millisecond
		late := func(callers int) (places []int64) {
			for range callers {
				place, _, err := s.Take(t.Context(), store.Bulk, rate)
				if err != nil {
					t.Fatal(err)
				}
				if place > 0 {
					places = append(places, place)
				}
				s.set(t, "gate", "next", 1) // as if this caller came late for the next one
			}
			return places
		}
		places := late(40)
		if len(places) != 30 {
			t.Fatalf("%d places at once, want 30", len(places))
		}
		time.Sleep(span)
		if n := len(late(1)); n > 0 {
			t.Fatalf("%d places while 30 calls have no answer", n)
		}
		for _, place := range places[:10] {
			s.Landed(place)
		}
		for s.raw.ZCount(t.Context(), "gate:air", "-inf", fmt.Sprint(time.Now().UnixMicro())).Val() < 10 { // noted behind our back
		}
		if n := len(late(1)); n > 0 {
			t.Fatalf("%d places right after 10 answers", n)
		}
		time.Sleep(span)
		if n := len(late(40)); n != 10 {
			t.Errorf("%d places when 10 answers are a span old, want 10", n)
		}
		s.raw.Del(t.Context(), "gate:air")
		late(40)
		time.Sleep(2*time.Second + span)
		if n := len(late(40)); n != 30 {
			t.Errorf("%d places when answers are not waited for any more, want 30", n)
		}
	})
}

func TestGateOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		s.take(t, store.Bulk, rate)
		if s.take(t, store.Nudge, rate) == 0 {
			t.Fatal("the nudge passed the pace")
		}
		s.past(t, -time.Hour) // the next place counts as come, and both want it
		if wait := s.take(t, store.Bulk, rate); wait < every {
			t.Fatalf("bulk passed a waiting nudge: wait %v", wait)
		}
		if s.take(t, store.Nudge, rate) > 0 {
			t.Fatal("the nudge has no place")
		}
		s.set(t, "gate", "next", 1)
		if s.take(t, store.Bulk, rate) > 0 {
			t.Fatal("bulk waits for a nudge that was served")
		}
		s.take(t, store.Nudge, rate)
		s.past(t, 2*every) // the nudge never came back
		if s.take(t, store.Bulk, rate) > 0 {
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
		for _, class := range []store.Class{store.Nudge, store.Bulk} {
			if wait := s.take(t, class, 28); wait <= time.Second || wait > time.Minute {
				t.Errorf("%s: wait %v during a pause", class, wait)
			}
		}
		s.past(t, time.Minute)
		if s.take(t, store.Bulk, 28) > 0 {
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
		s.take(t, store.Bulk, rate)
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
			s.take(t, store.Nudge, rate) // sets the pace
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
				if s.take(t, store.Bulk, rate) == 0 {
					given++
				}
			}
			if given != c.want {
				t.Errorf("%d replies each %d places: %d of 12 are left to announcements, want %d", c.replies, c.each, given, c.want)
			}
			s.past(t, 100*every) // long ago
			for range 3 {
				if s.take(t, store.Bulk, rate) > 0 {
					t.Error("replies of long ago are still made room for")
				}
				s.past(t, every)
			}
		})
	}
}
