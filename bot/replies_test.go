package bot

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pendamping/store"
)

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
