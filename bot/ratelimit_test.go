package bot

import (
	"fmt"
	"slices"
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
			var p backoff
			var chat int64
			var seconds int
			for word := range fieldsOf(c.happens) {
				now := time.Now()
				switch {
				case scan(word, "+%d", &chat):
					p.noteTaken(store.Reply, chat, now)
				case scan(word, "b%d", &chat):
					p.note429(store.Bulk, chat, after, now)
				case scan(word, "~%d", &seconds):
					time.Sleep(time.Duration(seconds) * time.Second)
					continue
				case scan(word, "%d", &chat):
					p.note429(store.Reply, chat, after, now)
				}
				if word[0] != '+' && p.left(store.Reply, chat, now) != after {
					t.Errorf("%s: after %s its own chat waits %v", c.happens, word, p.left(store.Reply, chat, now))
				}
			}
			if all, bulk := p.left(store.Reply, 0, time.Now()) > 0,
				p.left(store.Bulk, 0, time.Now()) > 0; all != c.all || bulk != c.bulk {
				t.Errorf("%s: everybody pauses: %v, bulk: %v; want %v, %v", c.happens, all, bulk, c.all, c.bulk)
			}
		})
	}
}

// Chats that are quiet again are forgotten.
func TestBackoffForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p backoff
		for chat := range int64(100_000) {
			if chat%1000 == 0 {
				time.Sleep(time.Second)
			}
			p.noteTaken(store.Reply, chat, time.Now())
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
			p := newLocalLimiter()
			sent := 0
			for end := time.Now().Add(time.Minute); ; sent++ {
				token, after := p.take(chat, store.InTurn, time.Now())
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
		p := newLocalLimiter()
		begun := time.Now()
		var sent []time.Duration
		yielding := map[store.Yield]int{}
		for _, yields := range []store.Yield{store.BehindAll, store.Behind} {
			for chat := range int64(100) {
				if token, _ := p.take(1000*int64(yields)+chat, yields, time.Now()); token {
					yielding[yields]++
				}
			}
		}
		for chat := range int64(100) {
			token, after := p.take(1+chat, store.InTurn, time.Now())
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
		if token, after := p.take(5000, store.Behind, time.Now()); token || after <= 0 {
			t.Error("one that yields has a token before those that wait")
		}
	})
}

// Of thousands of chats without a token few ask again at the same moment, and strangers' the farthest apart. A chat
// that is alone waits no longer for it.
func TestJitter(t *testing.T) {
	for _, c := range []struct {
		yields store.Yield
		chats  int
		within time.Duration
	}{
		{store.InTurn, 5000, 0}, {store.Behind, 1, jitterEach}, {store.BehindAll, 1, jitterEach},
		{store.Behind, 5000, time.Second},
		{store.BehindAll, 5000, 10 * time.Second},
	} {
		busiest, asks := 0, map[time.Duration]int{}
		for range 5000 {
			after := jitter(c.yields, c.chats)
			if after < 0 || after > c.within {
				t.Fatalf("yields %d of %d chats: asks again %v later", c.yields, c.chats, after)
			}
			moment := after / (c.within/10 + 1)
			asks[moment]++
			busiest = max(busiest, asks[moment])
		}
		if c.within > 0 && busiest > 700 {
			t.Errorf("yields %d of %d chats: %d of 5000 ask again in a tenth of the time", c.yields, c.chats, busiest)
		}
	}
}

// What waits for a chat after each of these was put there while the first one is being sent: "r1" is about a record,
// "e7" an edit of message 7, "re7" both, and any other word an answer with these words.
func TestReplyQueue(t *testing.T) {
	for _, c := range []struct{ put, waits string }{
		{"x", "x"},
		{"x a b", "x a b"},
		{"x a a", "x a"},
		{"a a a", "a a"}, // the one that is being sent stays
		{"x a b a", "x b a"},
		{"x a b c d e f", "x b c d e f"}, // the newest few
		{"x r1 a b c d e f r2", "x r1 b c d e f r2"},
		{"x r1 r1 r1", "x r1 r1 r1"},
		{"x e7 e8 e7", "x e8 e7"},
		{"x re7 e7 e7", "x re7 e7"},
		{"x e7 re7", "x re7"},
	} {
		var r replies
		ended := map[string]int{}
		for i, word := range slices.Collect(fieldsOf(c.put)) {
			m := store.Message{Chat: 1, Body: []store.Text{store.Say(word)}}
			o := outgoingReply{Delivery: store.Delivery{Message: m}, done: func() { ended[word]++ }}
			if word[0] == 'r' {
				o.ID = store.ID(i + 1)
				o.done = nil
			}
			if scan(word, "e%d", &o.Message.Edit) || scan(word, "re%d", &o.Message.Edit) {
				o.Message.Body = []store.Text{store.Say(fmt.Sprint(i))}
			}
			needless, room, sending := r.put(o)
			if !room || sending != (i > 0) {
				t.Errorf("%s: %s has room: %v, is behind others: %v", c.put, word, room, sending)
			}
			for _, old := range needless {
				old.end()
			}
			if i == 0 {
				r.startCall(1)
			}
		}
		var waits []string
		for r.any(1) {
			o := r.startCall(1)
			word := o.Message.Body[0].ID
			switch {
			case o.Message.Edit != 0 && o.ID != 0:
				word = fmt.Sprint("re", o.Message.Edit)
			case o.Message.Edit != 0:
				word = fmt.Sprint("e", o.Message.Edit)
			}
			waits = append(waits, word)
			o.end()
			r.endCall(1, true)
		}
		if want := slices.Collect(fieldsOf(c.waits)); !slices.Equal(waits, want) {
			t.Errorf("%s: %v waits, want %v", c.put, waits, want)
		}
		for word, n := range ended { // each of them is settled once, whether it was said or not
			if put := count(c.put, word); n != put {
				t.Errorf("%s: %s was put %d times and settled %d times", c.put, word, put, n)
			}
		}
	}
}

// Only so many replies about records are in memory. The rest waits as rows.
func TestRowsThatWait(t *testing.T) {
	var r replies
	var room int
	for i := range 10 * maxRows {
		if _, ok, _ := r.put(outgoingReply{
			Delivery: store.Delivery{ID: store.ID(i + 1), Message: store.Message{Chat: 1}},
		}); ok {
			room++
		}
	}
	if room != maxRows {
		t.Errorf("%d rows wait in memory, want %d", room, maxRows)
	}
}
