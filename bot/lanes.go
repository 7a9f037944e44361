package bot

import (
	"context"
	"slices"
	"sync"
	"time"
)

// lanes hold what is to be done for each chat in order, chats side by side: a chat with something to do has one goroutine. Of the
// updates that wait for a chat only the first ones are in memory. The others are in the inbox, where more finds them.
type lanes struct {
	more  func(chat, after int64) ([]update, error) // the chat's next updates in the inbox, in order
	do    func(update)
	limit *limiter      // of how fast a chat's updates are handled; nil: none
	crowd chan struct{} // a place for each crowded chat that is worked for; nil: there is one for all

	mu     sync.Mutex
	chats  map[int64]*chatLane
	active int           // lanes that work, and don't wait for their limit
	idle   chan struct{} // closed when the last of them is done
	ended  chan struct{} // closed when what waits was dropped
	busy   sync.WaitGroup
}

// What waits for a chat is bounded, in memory and in the inbox: at their pace mostLeft are handled in forty minutes.
const (
	mostWaiting = 32   // updates of a chat that wait in memory
	mostLeft    = 5000 // and in the inbox, of those that this process took in
)

// Who sends much takes little from who waits for one answer: of the chats in which so many updates wait, only a few are worked for side
// by side.
const (
	crowded     = 4
	mostCrowded = 4
)

// chatLane is one chat's lane.
type chatLane struct {
	waiting []task
	updates int   // of them
	last    int64 // the highest update that was in memory
	spilled bool  // there is more in the inbox
	left    int   // updates that were left there, about
	told    bool  // that no more are taken in
	reading bool  // it is being read from there
}

// task is an update, or something else to be done in a chat's lane.
type task struct {
	update update
	do     func() // nil: it is an update
}

// add puts work at the end of a chat's lane.
func (l *lanes) add(chat int64, do func()) { l.put(chat, task{do: do}) }

// update puts an update at the end of its chat's lane or, when many wait there, leaves it to the inbox.
func (l *lanes) update(u update) { l.put(u.Chat, task{update: u}) }

func (l *lanes) put(chat int64, t task) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, running := l.chats[chat]
	if !running {
		if l.chats == nil {
			l.chats = make(map[int64]*chatLane)
		}
		c = &chatLane{}
		l.chats[chat] = c
	}
	if t.do == nil {
		late := c.updates >= mostWaiting || c.spilled || c.reading
		if late && t.update.ID > c.last { // one that came before those in memory would not be found
			c.spilled = true
			c.left++
			return
		}
		c.updates++
		c.last = max(c.last, t.update.ID)
	}
	c.waiting = append(c.waiting, t)
	if !running {
		l.active++
		l.busy.Go(func() { l.drain(chat, c) })
	}
}

// behind tells whether a chat has so many updates waiting that the next one is not handled soon.
func (l *lanes) behind(chat int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.chats[chat]
	return c != nil && (c.spilled || c.updates >= mostWaiting/4)
}

// full tells whether so many updates wait for a chat that no more are taken in, and whether that is to be said: once until all are handled.
func (l *lanes) full(chat int64) (full, say bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.chats[chat]
	if c == nil || c.left < mostLeft {
		return false, false
	}
	say, c.told = !c.told, true
	return true, say
}

func (l *lanes) drain(chat int64, c *chatLane) {
	for {
		t, ok := l.next(chat, c)
		if !ok {
			return
		}
		if t.do != nil {
			t.do()
			continue
		}
		if wait := l.limit.take(chat, time.Now()); wait > 0 && !l.rest(wait) {
			continue // what waits was dropped, and this one with it
		}
		l.work(c, t.update)
	}
}

// work does what an update of a lane asks for, in a crowded one as soon as there is a place.
func (l *lanes) work(c *chatLane, u update) {
	l.mu.Lock()
	takes := l.crowd != nil && (c.spilled || c.updates >= crowded)
	l.mu.Unlock()
	if takes {
		select {
		case l.crowd <- struct{}{}:
			defer func() { <-l.crowd }()
		case <-l.ended:
			return // it was dropped with what waits
		}
	}
	l.do(u)
}

// next takes the first task of a lane. There is none any more: the lane ends.
func (l *lanes) next(chat int64, c *chatLane) (task, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(c.waiting) == 0 && c.spilled {
		c.spilled, c.reading = false, true
		after := c.last
		l.mu.Unlock()
		list, err := l.more(chat, after)
		l.mu.Lock()
		c.reading = false
		for _, u := range list {
			c.waiting = append(c.waiting, task{update: u})
			c.updates++
			c.last = max(c.last, u.ID)
		}
		c.left = max(0, c.left-len(list))
		if len(list) == mostWaiting {
			c.spilled = true
		}
		if err != nil {
			c.spilled = true
			l.mu.Unlock()
			l.rest(time.Second)
			l.mu.Lock()
		}
		if l.dropped() {
			c.waiting, c.updates, c.spilled = nil, 0, false
		}
	}
	if len(c.waiting) == 0 {
		delete(l.chats, chat)
		l.deactivate()
		return task{}, false
	}
	t := c.waiting[0]
	if c.waiting = slices.Delete(c.waiting, 0, 1); t.do == nil {
		c.updates--
	}
	return t, true
}

// deactivate counts one active lane less; l is locked.
func (l *lanes) deactivate() {
	if l.active--; l.active == 0 && l.idle != nil {
		close(l.idle)
		l.idle = nil
	}
}

// rest waits in a lane, which is not active meanwhile. False: what waits was dropped.
func (l *lanes) rest(d time.Duration) bool {
	l.mu.Lock()
	l.deactivate()
	l.mu.Unlock()
	t := time.NewTimer(d)
	defer t.Stop()
	defer func() {
		l.mu.Lock()
		l.active++
		l.mu.Unlock()
	}()
	select {
	case <-l.ended:
		return false
	case <-t.C:
		return true
	}
}

func (l *lanes) dropped() bool {
	select {
	case <-l.ended:
		return true
	default:
		return false
	}
}

// waitIdle waits until no lane is active, for at most d.
func (l *lanes) waitIdle(ctx context.Context, d time.Duration) {
	l.mu.Lock()
	if l.active == 0 {
		l.mu.Unlock()
		return
	}
	if l.idle == nil {
		l.idle = make(chan struct{})
	}
	idle := l.idle
	l.mu.Unlock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-idle:
	case <-timer.C:
	}
}

// drop forgets what waits; it stays in the inbox and the outbox for the next process.
func (l *lanes) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended != nil && !l.dropped() {
		close(l.ended)
	}
	for _, c := range l.chats {
		c.waiting, c.updates, c.spilled = nil, 0, false
	}
}

// wait lets each lane finish what is in hand, for at most d, and drops the rest.
func (l *lanes) wait(d time.Duration) {
	l.drop()
	done := make(chan struct{})
	go func() { l.busy.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(d):
	}
}

// limiter lets something happen for each of many chats at a steady rate, and so often at once after a rest.
type limiter struct {
	every time.Duration
	burst int

	mu    sync.Mutex
	next  map[int64]time.Time // when the next one falls if they are evenly spaced
	swept int
}

// allChats is in place of a chat what all of them have together; no chat has this id.
const allChats = 0

// allow takes a chat's place if there is one now.
func (l *limiter) allow(chat int64, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := later(l.next[chat], now)
	if at.Sub(now) > time.Duration(l.burst-1)*l.every {
		return false
	}
	l.put(chat, at.Add(l.every), now)
	return true
}

// put notes when a chat's next one falls; l is locked.
func (l *limiter) put(chat int64, next, now time.Time) {
	if l.next == nil {
		l.next = map[int64]time.Time{}
	}
	l.next[chat] = next
	if len(l.next) > 2*l.swept+1024 {
		for other, next := range l.next {
			if next.Before(now) {
				delete(l.next, other)
			}
		}
		l.swept = len(l.next)
	}
}

// take takes a chat's next place and tells how long it is until then.
func (l *limiter) take(chat int64, now time.Time) time.Duration {
	if l == nil || chat == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at := later(l.next[chat], now)
	l.put(chat, at.Add(l.every), now)
	return max(at.Sub(now)-time.Duration(l.burst-1)*l.every, 0)
}
