package bot

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pendamping/bot/ratelimit"
	"pendamping/bot/telegram"
)

// numbered returns an update of a chat with that id.
func numbered(id, chat int64) update { return update{Update: telegram.Update{ID: id, Chat: chat}} }

// waitIdle waits until the last queue is empty, or for as long as it is told to.
func TestWaitIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l chatQueues
		took := func(d time.Duration) time.Duration {
			start := time.Now()
			l.waitIdle(t.Context(), d)
			return time.Since(start)
		}
		const long, short = time.Minute, 10 * time.Millisecond
		if d := took(long); d != 0 {
			t.Errorf("nothing is to be done, and it waited %v", d)
		}
		one, two := make(chan struct{}), make(chan struct{})
		l.addTask(1, func() { <-one })
		l.addTask(2, func() { <-two })
		if d := took(short); d != short {
			t.Errorf("two queues are busy, and it waited %v", d)
		}
		close(one)
		if d := took(short); d != short {
			t.Errorf("one queue is busy, and it waited %v", d)
		}
		time.AfterFunc(short, func() { close(two) })
		if d := took(long); d != short {
			t.Errorf("the last queue was done after %v, and it waited %v", short, d)
		}
		ctx, cancel := context.WithCancel(t.Context())
		l.addTask(1, func() { <-ctx.Done() })
		time.AfterFunc(short, cancel)
		l.waitIdle(ctx, long) // ends with its context
	})
}

// inbox has the updates of a test until they are handled.
type inbox struct {
	mu    sync.Mutex
	open  []update // in order
	looks int
	fails int // how often it was read
	most  int // of what was given at once
}

func (i *inbox) more(chat, after int64) ([]update, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.looks++; i.fails > 0 {
		i.fails--
		return nil, context.DeadlineExceeded
	}
	var list []update
	for _, u := range i.open {
		if u.Chat == chat && u.ID > after && len(list) < maxInMemory {
			list = append(list, u)
		}
	}
	i.most = max(i.most, len(list))
	return list, nil
}

// However many updates a chat has, few are in memory. All are handled once and in order, even if more come while
// others are read, or the inbox can't be read for some time. Other chats don't wait for that one.
func TestBacklogStaysInTheInbox(t *testing.T) {
	for _, fails := range []int{0, 3} {
		synctest.Test(t, func(t *testing.T) {
			box := &inbox{fails: fails}
			var handled []int64
			l := chatQueues{
				more: box.more, ended: make(chan struct{}), limit: &ratelimit.Chats{Every: time.Second / 2, Burst: 30},
			}
			l.do = func(u update) {
				if u.Chat == 1 {
					handled = append(handled, u.ID)
				}
				time.Sleep(time.Millisecond)
			}
			var want []int64
			for id := range int64(1000) {
				box.mu.Lock()
				box.open = append(box.open, numbered(id+1, 1))
				box.mu.Unlock()
				l.addUpdate(numbered(id+1, 1))
				l.mu.Lock()
				if n := len(l.chats[1].waiting); n > maxInMemory {
					t.Fatalf("%d updates are in memory", n)
				}
				l.mu.Unlock()
				want = append(want, id+1)
				time.Sleep(50 * time.Millisecond) // twenty a second
			}
			if !l.behind(1) {
				t.Error("it is not behind")
			}
			start := time.Now()
			other := make(chan struct{})
			l.addTask(2, func() { close(other) })
			<-other
			if d := time.Since(start); d > 0 {
				t.Errorf("another chat waits %v for it", d)
			}
			start = time.Now()
			l.waitIdle(t.Context(), time.Hour)
			if d := time.Since(start); d > 10*time.Millisecond {
				t.Errorf("its rate keeps bulk waiting for %v", d)
			}
			l.busy.Wait()
			if !slices.Equal(handled, want) {
				t.Errorf("%d were handled, want %d in order", len(handled), len(want))
			}
			if box.looks > 2*len(want)/maxInMemory+2*fails+2 || box.most > maxInMemory {
				t.Errorf("the inbox was read %d times, at most %d at once", box.looks, box.most)
			}
			if len(l.chats) > 0 || l.active != 0 {
				t.Errorf("%d queues are left, %d active", len(l.chats), l.active)
			}
		})
	}
}

// However many chats send much at once, few of them are worked on side by side, each in order, and whoever sends one
// thing waits for none.
func TestCrowdedChatsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := chatQueues{ended: make(chan struct{}), crowd: make(chan struct{}, 2)}
		var mu sync.Mutex
		const each = 3 * crowdedFrom
		now, most, handled := 0, 0, map[int64][]int64{}
		const other = 99
		var began time.Time
		waited := time.Hour
		l.do = func(u update) {
			if u.Chat == other {
				waited = time.Since(began)
				return
			}
			mu.Lock()
			handled[u.Chat] = append(handled[u.Chat], u.ID)
			among := u.ID > 0 && u.ID < each-crowdedFrom // the others of each chat are few
			if among {
				now++
				most = max(most, now)
			}
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			defer mu.Unlock()
			if among {
				now--
			}
		}
		var want []int64
		for id := range int64(each) {
			want = append(want, id)
			for chat := range int64(10) {
				l.addUpdate(numbered(id, chat+1))
			}
		}
		synctest.Wait()
		began = time.Now()
		l.addUpdate(numbered(1, other))
		l.busy.Wait()
		if waited > 0 {
			t.Errorf("who sends one thing waits %v", waited)
		}
		if most != 2 {
			t.Errorf("%d crowded chats are worked for at once, want 2", most)
		}
		for chat := range int64(10) {
			if !slices.Equal(handled[chat+1], want) {
				t.Errorf("chat %d: %d were handled, want %d in order", chat+1, handled[chat+1], want)
			}
		}
	})
}

// A stop doesn't wait for the rate of a chat that is far behind.
func TestStopDropsBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &inbox{}
		l := chatQueues{
			more: box.more, ended: make(chan struct{}), limit: &ratelimit.Chats{Every: time.Minute, Burst: 1},
			do: func(update) {},
		}
		for id := range int64(100) {
			box.open = append(box.open, numbered(id+1, 1))
			l.addUpdate(numbered(id+1, 1))
		}
		time.Sleep(time.Second)
		start := time.Now()
		l.wait(time.Hour)
		if d := time.Since(start); d > 0 {
			t.Errorf("it waited %v", d)
		}
		l.busy.Wait()
	})
}

// fieldsOf returns the parts of a line.
func fieldsOf(line string) iter.Seq[string] { return strings.FieldsSeq(line) }

// count counts a word in a line.
func count(line, word string) (n int) {
	for w := range fieldsOf(line) {
		if w == word {
			n++
		}
	}
	return n
}

// scan reads the number in a word of that form.
func scan(word, form string, to any) bool {
	n, err := fmt.Sscanf(word, form, to)
	return n == 1 && err == nil
}
