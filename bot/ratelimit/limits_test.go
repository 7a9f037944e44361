package ratelimit

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pendamping/store"
)

// Whom a 429 pauses besides its own chat. Each line is what happens, in order: "3" is a 429 that a reply meets in
// chat 3, "b3" one that bulk meets, "+3" a reply that Telegram accepts, and "~20" lets that many seconds pass.
func TestWhomA429Pauses(t *testing.T) {
	const after = 30 * time.Second
	for _, c := range []struct {
		happens   string
		all, bulk bool
	}{
		{"3", false, false},
		{"3 3 3 3", false, false},  // one chat, however often
		{"3 4", false, false},      // two
		{"3 4 5", true, true},      // three
		{"3 4 ~6 5", false, false}, // not within seconds
		{"3 +9 4 5", false, false}, // Telegram accepts calls meanwhile
		{"3 4 +9 5 6", false, false},
		{"3 4 +9 5 6 7", true, true},
		{"+3 +4 +5 3 4 5", false, false}, // chats that were just talked to caused it themselves
		{"+3 +4 +5 ~11 3 4 5", true, true},
		{"3 +9 4 +9 5 +9 ~31 3 4 5", false, false}, // who met one before meets it again
		{"3 +9 4 +9 5 +9 ~700 3 4 5", true, true},
		{"b3", false, true}, // bulk can wait
		{"+3 b3", false, false},
		{"b3 b4 b5", true, true},
		{"3 b4 5", true, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			var p Backoff
			var chat int64
			var seconds int
			for word := range strings.FieldsSeq(c.happens) {
				now := time.Now()
				switch {
				case reads(word, "+%d", &chat):
					p.NoteTaken(store.Reply, chat, now)
				case reads(word, "b%d", &chat):
					p.Note429(store.Bulk, chat, after, now)
				case reads(word, "~%d", &seconds):
					time.Sleep(time.Duration(seconds) * time.Second)
					continue
				case reads(word, "%d", &chat):
					p.Note429(store.Reply, chat, after, now)
				}
				if word[0] != '+' && p.Left(store.Reply, chat, now) != after {
					t.Errorf("%s: after %s its own chat waits %v", c.happens, word, p.Left(store.Reply, chat, now))
				}
			}
			if all, bulk := p.Left(store.Reply, 0, time.Now()) > 0,
				p.Left(store.Bulk, 0, time.Now()) > 0; all != c.all || bulk != c.bulk {
				t.Errorf("%s: everybody pauses: %v, bulk: %v; want %v, %v", c.happens, all, bulk, c.all, c.bulk)
			}
		})
	}
}

// Chats that are quiet again are forgotten.
func TestBackoffForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Backoff
		for chat := range int64(100_000) {
			if chat%1000 == 0 {
				time.Sleep(time.Second)
			}
			p.NoteTaken(store.Reply, chat, time.Now())
		}
		if n := len(p.chats); n > 30_000 { // 11 seconds' worth, and as many that are swept next
			t.Errorf("%d chats are remembered", n)
		}
	})
}

// Without Redis a process keeps to one reply a second for a chat and twenty a minute for a group.
func TestLocalLimiter(t *testing.T) {
	for chat, most := range map[int64]int{5: 61, -5: 20} {
		synctest.Test(t, func(t *testing.T) {
			p := NewLocal()
			sent := 0
			for end := time.Now().Add(time.Minute); ; sent++ {
				token, after := p.Take(chat, store.InTurn, time.Now())
				if !token || time.Now().Add(after).After(end) {
					break
				}
				time.Sleep(after)
			}
			if sent != most {
				t.Errorf("%d replies in a minute to %d, want %d", sent, chat, most)
			}
		})
	}
}

// Without Redis a process sends at most 28 replies in any second. Those that yield have no token while a quarter of
// these is used, or an eighth if they are strangers', and then cost the others nothing.
func TestLocalLimiterOfAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewLocal()
		begun := time.Now()
		var sent []time.Duration
		yielding := map[store.Yield]int{}
		for _, yields := range []store.Yield{store.BehindAll, store.Behind} {
			for chat := range int64(100) {
				if token, _ := p.Take(1000*int64(yields)+chat, yields, time.Now()); token {
					yielding[yields]++
				}
			}
		}
		for chat := range int64(100) {
			token, after := p.Take(1+chat, store.InTurn, time.Now())
			if !token {
				t.Fatal("a reply has no token")
			}
			sent = append(sent, time.Since(begun)+after)
		}
		for i, at := range sent {
			if before := i - (store.RepliesASecond - 7); before >= 0 &&
				at < time.Duration(1+before/store.RepliesASecond)*time.Second {
				t.Errorf("reply %d is sent after %v", i, at)
			}
		}
		if last := sent[len(sent)-1]; yielding[store.BehindAll] != 3 || yielding[store.Behind] != 4 ||
			last > 5*time.Second {
			t.Errorf("%v that yield are sent, want 3 and 4; the last of the others comes after %v", yielding, last)
		}
		if token, after := p.Take(5000, store.Behind, time.Now()); token || after <= 0 {
			t.Error("one that yields has a token before those that wait")
		}
	})
}

// reads reads the number in a word of that form.
func reads(word, form string, to any) bool {
	n, err := fmt.Sscanf(word, form, to)
	return n == 1 && err == nil
}

// What exceeds a limit is not owed later: whoever has waited long enough is allowed again.
func TestAllow(t *testing.T) {
	const every, burst = 3 * time.Second, 6
	l := Chats{Every: every, Burst: burst}
	now := time.Unix(1_000_000, 0)
	allowed := func(chat int64, times int) (n int) {
		for range times {
			if l.Allow(chat, now) {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		chat       int64
		after      time.Duration
		want, from int
	}{
		{1, 0, burst, 100}, {2, 0, 1, 1}, {1, every - 1, 0, 100}, {1, 1, 1, 100},
		{1, time.Hour, burst, 100},
	} {
		now = now.Add(c.after)
		if n := allowed(c.chat, c.from); n != c.want {
			t.Errorf("chat %d, %v later: %d of %d, want %d", c.chat, c.after, n, c.from, c.want)
		}
	}
}
