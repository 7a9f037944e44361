package redis_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"pendamping/store"
)

// A rate so slow that a test itself takes no time, and the distance between its places.
const (
	rate  = 0.01
	every = 100 * time.Second
)

// chats numbers chats that nothing was sent to.
var chats atomic.Int64

func (s server) take(t *testing.T, class store.Class, rate float64) store.Token {
	t.Helper()
	p, err := s.Take(t.Context(), class, chats.Add(1), rate)
	if err != nil || p.Chat || (p.Number == 0 && p.After == 0) {
		t.Fatalf("Take gave %+v, %v", p, err)
	}
	return p
}

// places is how many bulk is given one after the other.
func (s server) places(t *testing.T, rate float64) (n int) {
	t.Helper()
	for n < 64 && s.take(t, store.Bulk, rate).Number > 0 {
		n++
	}
	return n
}

// past makes everything that the limiter knows so much older. Below 0 it is as if the clock was set back.
func (s server) past(t *testing.T, d time.Duration) {
	t.Helper()
	ctx := t.Context()
	for _, key := range append(s.raw.Keys(ctx, "pause:*").Val(), "gate") {
		for field := range s.raw.HGetAll(ctx, key).Val() {
			if slices.Contains([]string{"every", "owed", "count", "cuts", "pause:for", "hold:for"}, field) {
				continue
			}
			if err := s.raw.HIncrBy(ctx, key, field, -d.Microseconds()).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, key := range s.raw.Keys(ctx, "pace:*").Val() {
		if err := s.raw.IncrBy(ctx, key, -d.Microseconds()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if s.raw.Exists(ctx, "gate:strangers").Val() == 1 {
		s.raw.IncrBy(ctx, "gate:strangers", -d.Microseconds())
	}
	for i, at := range s.raw.LRange(ctx, "gate:replies", 0, -1).Val() {
		n, err := strconv.ParseInt(at, 10, 64)
		if err == nil {
			err = s.raw.LSet(ctx, "gate:replies", int64(i), n-d.Microseconds()).Err()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, place := range s.raw.ZRange(ctx, "gate:air", 0, -1).Val() {
		if err := s.raw.ZIncrBy(ctx, "gate:air", -float64(d.Microseconds()), place).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// reply takes a place for a reply to a chat and returns how long it has to wait instead.
func (s server) reply(t *testing.T, chat int64) time.Duration {
	t.Helper()
	_, wait, err := s.TakeReply(t.Context(), chat, store.InTurn)
	if err != nil {
		t.Fatal(err)
	}
	return wait
}

func TestGateHoldsItsRate(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		const rate, places, late = 50, 30, 20 * time.Millisecond
		var given atomic.Int64
		start := time.Now()
		var wg sync.WaitGroup
		for range 3 { // three senders, one pace
			wg.Go(func() {
				for given.Load() < places {
					p, err := s.Take(t.Context(), store.Bulk, chats.Add(1), rate)
					if err != nil {
						t.Error(err)
						return
					}
					if p.Number > 0 {
						given.Add(1)
					}
					time.Sleep(p.After)
				}
			})
		}
		wg.Wait()
		if took, least := time.Since(start), time.Second*(places-1)/rate-late; took < least {
			t.Errorf("%d places in %v, want at least %v", given.Load(), took, least)
		}
	})
}

func TestGateEvenPlaces(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		for i := range time.Duration(3) {
			if p := s.take(t, store.Bulk, rate); p.Number == 0 || p.After > i*every || p.After < i*every-time.Second {
				t.Fatalf("the place of %v is %+v", i*every, p)
			}
		}
		if p := s.take(t, store.Bulk, rate); p.Number > 0 || p.After > 2*every || p.After < every {
			t.Fatalf("three places are given, and the next one is %+v", p)
		}
		s.past(t, every)
		if n := s.places(t, rate); n != 1 {
			t.Fatalf("%d places after the time of one", n)
		}
		s.past(t, time.Hour) // an idle limiter saves nothing up
		if n := s.places(t, rate); n != 3 {
			t.Fatalf("%d places after an idle hour, want 3", n)
		}
		s.past(t, -time.Hour) // the clock was set back
		if p := s.take(t, store.Bulk, rate); p.Number == 0 || p.After > 0 {
			t.Fatalf("after the clock was set back the next one is %+v", p)
		}
		s.past(t, time.Hour)
		s.take(t, store.Bulk, 10) // a caller who comes late keeps the beat of 20 ms ago
		if p := s.take(t, store.Bulk, 10); p.After > 80*time.Millisecond {
			t.Errorf("the place after a late caller's is %+v, want it in 80 ms at most", p)
		}
	})
}

// However late callers come and answers are, the calls that Telegram may have had in the time of 28 places are 30 at
// most. That time is long here, and moved by hand, so that it doesn't matter how long the machine takes.
func TestGateSpan(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		const rate, span, slow = 1, 28 * time.Second, 2 * time.Second
		ctx := t.Context()
		late := func(callers int) (places []int64) {
			for range callers {
				if p := s.take(t, store.Bulk, rate); p.Number > 0 {
					places = append(places, p.Number)
				}
				s.set(t, "gate", "next", 1) // as if this caller came late for the next one
			}
			return places
		}
		given := func(from time.Time) int64 { // places by when Telegram has had their calls
			return s.raw.ZCount(ctx, "gate:air", fmt.Sprint(from.UnixMicro()), "+inf").Val()
		}
		unanswered := func(places []int64, until time.Duration) { // whose answers are waited for so long from now
			for _, place := range places {
				s.raw.ZAdd(ctx, "gate:air", goredis.Z{Score: float64(time.Now().Add(until).UnixMicro()), Member: place})
			}
		}
		began := time.Now()
		places := late(40)
		if len(places) != 30 || given(began.Add(slow)) != 30 {
			t.Fatalf("%d places at once, of which %d may be answered for %v; want 30", len(places),
				given(began.Add(slow)), slow)
		}
		unanswered(places, -span/2)
		if n := len(late(1)); n > 0 {
			t.Fatalf("%d places while Telegram may have had 30 calls half a span ago", n)
		}
		answered := time.Now()
		for _, place := range places[:10] {
			s.Answered(place)
		}
		for given(answered) < 10 { // noted behind our back
			time.Sleep(time.Millisecond)
		}
		if n := len(late(1)); n > 0 {
			t.Fatalf("%d places right after 10 answers", n)
		}
		s.past(t, span)
		unanswered(places[10:], 0)
		if n := len(late(20)); n != 10 {
			t.Errorf("%d places when 10 answers are a span old, want 10", n)
		}
		s.raw.Del(ctx, "gate:air")
		late(40)
		s.past(t, slow+span)
		if n := len(late(40)); n != 30 {
			t.Errorf("%d places when answers are not waited for any more, want 30", n)
		}
	})
}

func TestGateOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		s.places(t, rate)
		if s.take(t, store.Nudge, rate).Number > 0 {
			t.Fatal("the nudge passed the pace")
		}
		s.set(t, "gate", "next", time.Now().Add(time.Hour).UnixMicro()) // it counts as come, and both want it
		if p := s.take(t, store.Bulk, rate); p.Number > 0 || p.After < every {
			t.Fatalf("bulk passed a waiting nudge: %+v", p)
		}
		if s.take(t, store.Nudge, rate).Number == 0 {
			t.Fatal("the nudge has no place")
		}
		if s.places(t, rate) == 0 {
			t.Fatal("bulk waits for a nudge that was served")
		}
		s.take(t, store.Nudge, rate)
		s.past(t, 2*every) // the nudge never came back
		if s.take(t, store.Bulk, rate).Number == 0 {
			t.Fatal("bulk waits for a nudge that is gone")
		}
	})
}

func TestGatePause(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		ctx := t.Context()
		paused := func() store.Pause {
			t.Helper()
			p, err := s.Paused(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		if p := paused(); p != (store.Pause{}) {
			t.Fatalf("Paused = %+v; want none", p)
		}
		within := func(what string, d time.Duration) {
			t.Helper()
			if d <= time.Second || d > time.Minute {
				t.Errorf("%s waits %v, want a minute", what, d)
			}
		}
		for _, c := range []struct {
			pause   func(d time.Duration) error
			replies bool // are paused too
		}{
			{func(d time.Duration) error { return s.PauseBulk(ctx, d) }, false},
			{func(d time.Duration) error { return s.Pause(ctx, d) }, true},
		} {
			for _, d := range []time.Duration{time.Minute, time.Second} { // the shorter one changes nothing
				if err := c.pause(d); err != nil {
					t.Fatal(err)
				}
			}
			for _, class := range []store.Class{store.Nudge, store.Bulk} {
				p := s.take(t, class, 28)
				if within(string(class), p.After); p.Number > 0 {
					t.Errorf("%s: %+v during a pause", class, p)
				}
			}
			switch wait := s.reply(t, chats.Add(1)); {
			case c.replies:
				within("a reply", wait)
				within("everything", paused().All)
			case wait > 0 || paused().All > 0:
				t.Errorf("a pause of bulk keeps a reply for %v", wait)
			default:
				within("bulk", paused().Bulk)
			}
			s.past(t, time.Minute)
			if s.take(t, store.Bulk, 28).Number == 0 || s.reply(t, chats.Add(1)) > 0 {
				t.Error("no place after the pause")
			}
		}
	})
}

// A 429 of one chat keeps that chat, for all processes, and nobody else. After it the chat has no burst for some time.
func TestPauseOfOneChat(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		const chat, other = 7, 8
		if err := s.PauseChat(t.Context(), chat, time.Minute); err != nil {
			t.Fatal(err)
		}
		if wait := s.reply(t, chat); wait <= time.Second || wait > time.Minute {
			t.Errorf("its next reply waits %v, want a minute", wait)
		}
		if p, err := s.Take(t.Context(), store.Bulk, chat, 28); err != nil || p.Number > 0 || !p.Chat ||
			p.After <= time.Second {
			t.Errorf("bulk for it: %+v, %v; want a minute", p, err)
		}
		if s.reply(t, other) > 0 || s.take(t, store.Bulk, 28).Number == 0 {
			t.Error("another chat waits")
		}
		s.past(t, time.Minute)
		if wait := s.reply(t, chat); wait > 0 {
			t.Errorf("after its pause it waits %v", wait)
		}
		if wait := s.reply(t, chat); wait == 0 || wait > time.Second {
			t.Errorf("after its pause the second reply waits %v, want a second", wait)
		}
	})
}

// Nothing that was kept by the clock outlives that the clock is set back: neither a pause, which is as long as it was,
// nor a chat's next place.
func TestClockSetBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		ctx := t.Context()
		const chat = 9
		for range 5 {
			s.reply(t, chat)
		}
		s.take(t, store.Nudge, rate)
		s.past(t, -time.Hour)
		if wait := s.reply(t, chat); wait > 0 {
			t.Errorf("a chat's reply waits %v", wait)
		}
		s.past(t, -time.Hour)
		if p, err := s.Take(ctx, store.Bulk, chat, rate); err != nil || p.Number == 0 {
			t.Errorf("a chat's bulk: %+v, %v", p, err)
		}
		for _, pause := range []func(context.Context, time.Duration) error{
			s.Pause, s.PauseBulk, func(ctx context.Context, d time.Duration) error { return s.PauseChat(ctx, chat, d) },
		} {
			if err := pause(ctx, time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		s.past(t, -time.Hour)
		for range 2 { // looked at again it is not begun anew
			p, err := s.Paused(ctx)
			if err != nil || p.All > time.Minute || p.Bulk > time.Minute || p.Cuts != 2 {
				t.Errorf("after the clock was set back: %+v, %v; want a minute at most, cut twice", p, err)
			}
		}
		if wait := s.reply(t, chat); wait > time.Minute {
			t.Errorf("the paused chat waits %v, want a minute at most", wait)
		}
		s.past(t, time.Minute)
		if wait := s.reply(t, chat); wait > 0 {
			t.Errorf("a minute later it waits %v", wait)
		}
	})
}

// A chat's replies have a burst, and then come once a second. What a group gets in any minute is twenty messages at
// most.
func TestReplyPace(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		const step = 200 * time.Millisecond
		for _, c := range []struct {
			chat   int64
			burst  int
			within time.Duration // in which there are
			most   int
		}{{5, 5, 30 * time.Second, 35}, {-5, 1, time.Minute, 20}} {
			start := time.Now()
			burst := 0
			for s.reply(t, c.chat) == 0 {
				burst++
			}
			if late := int(time.Since(start) / time.Second); burst < c.burst || burst > c.burst+late {
				t.Errorf("chat %d: %d at once, want %d", c.chat, burst, c.burst)
			}
			var sent []time.Duration
			for range burst {
				sent = append(sent, 0)
			}
			for at := step; at < 2*time.Minute; at += step {
				s.past(t, step)
				if s.reply(t, c.chat) == 0 {
					sent = append(sent, at)
				}
			}
			late := int(time.Since(start) / time.Second) // the real clock ran too
			for i := range sent {
				n := 0
				for _, at := range sent[i:] {
					if at < sent[i]+c.within {
						n++
					}
				}
				if n > c.most+late {
					t.Errorf("chat %d: %d within %v, want at most %d", c.chat, n, c.within, c.most)
				}
			}
			if len(sent) < 30 {
				t.Errorf("chat %d: %d in two minutes", c.chat, len(sent))
			}
		}
	})
}

// All replies together keep 28 a second. What comes above it has its place later, in the order in which it is asked
// for. Replies that yield have none while a quarter of a second is in use, strangers' while an eighth is, and nudges
// and bulk have at most half of it.
func TestPaceOfAllReplies(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		ask := func(yields store.Yield) (bool, time.Duration) {
			t.Helper()
			place, after, err := s.TakeReply(t.Context(), chats.Add(1), yields)
			if err != nil {
				t.Fatal(err)
			}
			return place, after
		}
		// The places that fall within a second of a start, however long the asking takes.
		within := func(yields store.Yield) (n int) {
			start := time.Now()
			for range 100 {
				if place, after := ask(yields); place && time.Since(start)+after < time.Second {
					n++
				}
			}
			return n
		}
		if n := within(store.BehindAll); n != 3 {
			t.Errorf("%d replies to strangers in a second, want 3", n)
		}
		if n := within(store.Behind); n != 4 {
			t.Errorf("%d replies that yield in a second beside them, want 4", n)
		}
		s.past(t, time.Minute)
		if n := within(store.InTurn); n != 28 {
			t.Errorf("%d replies in a second, want 28", n)
		}
		if place, after := ask(store.Behind); place || after <= 0 {
			t.Errorf("behind them one that yields has a place: %v, asks again in %v", place, after)
		}
		last := time.Duration(0)
		for range 400 {
			place, after := ask(store.InTurn)
			if place && after < last-time.Second { // the asking takes time too
				t.Errorf("a place in %v after one in %v", after, last)
			}
			if last = after; !place {
				break
			}
		}
		if place, after := ask(store.InTurn); place || after > 10*time.Second {
			t.Errorf("who would wait longer than 10 s has a place: %v, in %v", place, after)
		}
		s.past(t, -time.Hour)
		if place, after := ask(store.InTurn); !place || after > 0 {
			t.Errorf("after the clock was set back: %v, in %v", place, after)
		}
		s.flush(t)
		for range 14 {
			s.raw.ZAdd(t.Context(), "gate:air", goredis.Z{
				Score: float64(time.Now().Add(time.Hour).UnixMicro()), Member: chats.Add(1),
			})
		}
		if n := within(store.InTurn); n != 14 {
			t.Errorf("%d replies in a second beside announcements, want 14", n)
		}
	})
}

// A stranger has its few answers, and all of them share three a second.
func TestStrangers(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		ask := func(key string, most int, shared bool) store.StrangerAnswer {
			t.Helper()
			may, err := s.Stranger(t.Context(), key, most, time.Hour, shared)
			if err != nil {
				t.Fatal(err)
			}
			return may
		}
		for i := range 5 {
			want := []store.StrangerAnswer{
				store.AnswerStranger, store.AnswerStranger, store.LastAnswer, store.HadItsAnswers, store.HadItsAnswers,
			}[i]
			if may := ask("a", 3, false); may != want {
				t.Errorf("time %d: %v", i+1, may)
			}
		}
		if ask("b", 3, false) != store.AnswerStranger {
			t.Error("another has no answer")
		}
		storm := func(most int) (n int) {
			begun := time.Now()
			for i := range 50 {
				if ask(fmt.Sprint("crowd", i), most, true) == store.AnswerStranger {
					n++
				}
			}
			return n - int(time.Since(begun)*3/time.Second)
		}
		if n := storm(0); n < 2 || n > 4 {
			t.Errorf("%d of 50 at once are answered, want 3", n)
		}
		if ask("c", 3, true) != store.TooManyStrangers {
			t.Error("one more is answered")
		}
		s.past(t, time.Minute)
		if n := storm(3); n < 2 || n > 4 {
			t.Errorf("a minute later %d of 50 are answered, want 3", n)
		}
		s.past(t, time.Minute)
		for range 14 {
			s.reply(t, chats.Add(1))
		}
		if may := ask("d", 3, true); may != store.TooManyStrangers {
			t.Errorf("while many replies are sent: %v", may)
		}
		s.past(t, time.Minute)
		for i := range 3 {
			want := store.AnswerStranger
			if i == 2 {
				want = store.LastAnswer
			}
			if may := ask("d", 3, true); may != want {
				t.Errorf("what was dropped is counted as an answer: %d, %v", i, may)
			}
			s.past(t, time.Minute)
		}
	})
}

func TestChatPace(t *testing.T) {
	onBoth(t, func(t *testing.T, s server) {
		for chat, every := range map[int64]time.Duration{5: time.Second, -5: time.Minute / 19} {
			at := time.Now()
			if p, err := s.Take(t.Context(), store.Bulk, chat, 0); p.Number == 0 || p.After > 0 || err != nil {
				t.Fatalf("chat %d: %+v, %v", chat, p, err)
			}
			p, err := s.Take(t.Context(), store.Bulk, chat, rate)
			if p.Number > 0 || !p.Chat || p.After > every || p.After < every-time.Since(at) || err != nil {
				t.Errorf("chat %d again: %+v, %v; want it in %v", chat, p, err, every)
			}
			key := fmt.Sprint("pace:", chat)
			if ttl := s.raw.PTTL(t.Context(), key).Val(); ttl <= 0 || ttl > every+time.Millisecond {
				t.Errorf("%s lives %v, want at most %v", key, ttl, every)
			}
		}
		if s.take(t, store.Bulk, rate).After > 0 {
			t.Error("another chat waits for a chat")
		}
		s.past(t, every)
		s.raw.Set(t.Context(), "pace:5", time.Now().Add(time.Second).UnixMicro(), time.Minute)
		if p, err := s.Take(t.Context(), store.Nudge, 5, rate); p.Number > 0 || !p.Chat || err != nil {
			t.Errorf("the busy chat's nudge: %+v, %v", p, err)
		}
		if s.take(t, store.Bulk, rate).After > 0 {
			t.Error("bulk waits for the nudge of a busy chat")
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
		p, err := s.Take(t.Context(), store.Bulk, -9, 0)
		if err != nil || !p.Chat || p.After <= time.Second || p.After > time.Minute/19 {
			t.Errorf("the group's next one: %+v, %v; want a whole distance", p, err)
		}
	})
}

// Replies and announcements keep the rate together. When people write more than that, half of it is left to
// announcements: they are slower, and never stand still.
func TestGateBehindReplies(t *testing.T) {
	for _, c := range []struct{ each, replies, want int }{
		{1, 0, 120}, {4, 1, 90}, {3, 1, 80}, {2, 1, 60}, {1, 1, 60}, {1, 8, 60},
	} {
		onBoth(t, func(t *testing.T, s server) {
			s.take(t, store.Nudge, rate) // sets the pace
			given := 0
			asks := time.Duration(0) // when the sender asks again
			for i := range 120 {
				if i%c.each == 0 && c.replies > 0 {
					var paces []string
					for range c.replies {
						chat := chats.Add(1)
						s.Spent(chat)
						paces = append(paces, fmt.Sprint("pace:", chat))
					}
					for s.raw.Exists(t.Context(), paces...).Val() < int64(len(paces)) { // noted behind our back
						time.Sleep(100 * time.Microsecond)
					}
					s.raw.Del(t.Context(), paces...) // else past moves those of chats that say no more
				}
				s.past(t, every)
				at := time.Duration(i) * every
				if at < asks {
					continue
				}
				p := s.take(t, store.Bulk, rate)
				if asks = at + p.After; p.Number > 0 && asks < 120*every {
					given++
				}
			}
			if given < c.want || given > c.want+2 { // two may be made room for later
				t.Errorf("%d replies each %d places: %d of 120 are left to announcements, want %d", c.replies, c.each,
					given, c.want)
			}
			s.past(t, 100*every) // long ago
			for range 3 {
				if s.take(t, store.Bulk, rate).After > 0 {
					t.Error("replies of long ago are still made room for")
				}
				s.past(t, every)
			}
		})
	}
}
