package bot

import (
	"context"
	"slices"
	"sync"
	"time"

	"pendamping/bot/ratelimit"
)

// chatQueues hold what is to be done for each chat. A chat's tasks run in order, and chats run side by side: a chat
// with something to do has one goroutine. Only a chat's first updates are in memory; the others stay in the inbox,
// where more finds them.
type chatQueues struct {
	more  func(chat, after int64) ([]update, error) // returns the chat's next updates from the inbox, in order
	do    func(update)
	limit *ratelimit.Chats // limits how fast a chat's updates are handled; nil for no limit
	crowd chan struct{}    // has a slot for each crowded chat that is worked on; nil for no limit

	mu     sync.Mutex
	chats  map[int64]*chatQueue
	active int           // queues that work, rather than wait for their limit
	idle   chan struct{} // closed when the last of them is done
	ended  chan struct{} // closed once what waits was dropped
	busy   sync.WaitGroup
}

// What waits for a chat is bounded, in memory and in the inbox. At the chat's rate, maxInInbox updates take forty
// minutes.
const (
	maxInMemory = 32   // updates of a chat that wait in memory
	maxInInbox  = 5000 // updates of a chat that this process left in the inbox
)

// Whoever sends many updates should take little from whoever waits for one answer. Of the chats with at least
// crowdedFrom updates, only maxCrowded are worked on side by side.
const (
	crowdedFrom = 4
	maxCrowded  = 4
)

// chatQueue is the queue of one chat.
type chatQueue struct {
	waiting  []task
	updates  int   // how many of them are updates
	last     int64 // the highest update that was in memory
	spilled  bool  // there is more in the inbox
	inInbox  int   // roughly how many updates were left there
	toldFull bool  // the chat was told that no more are accepted
	reading  bool  // it is being read from the inbox
}

// task is an update, or something else to be done in a chat's turn.
type task struct {
	update update
	do     func() // nil if it is an update
}

// addTask puts a task at the end of a chat's queue.
func (q *chatQueues) addTask(chat int64, do func()) { q.put(chat, task{do: do}) }

// addUpdate puts an update at the end of its chat's queue or, if many wait there, leaves it to the inbox.
func (q *chatQueues) addUpdate(u update) { q.put(u.Chat, task{update: u}) }

func (q *chatQueues) put(chat int64, t task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c, running := q.chats[chat]
	if !running {
		if q.chats == nil {
			q.chats = make(map[int64]*chatQueue)
		}
		c = &chatQueue{}
		q.chats[chat] = c
	}
	if t.do == nil {
		late := c.updates >= maxInMemory || c.spilled || c.reading
		if late && t.update.ID > c.last { // an older one than those in memory would not be found there
			c.spilled = true
			c.inInbox++
			return
		}
		c.updates++
		c.last = max(c.last, t.update.ID)
	}
	c.waiting = append(c.waiting, t)
	if !running {
		q.active++
		q.busy.Go(func() { q.drain(chat, c) })
	}
}

// behind reports whether so many updates of a chat wait that the next one is not handled soon.
func (q *chatQueues) behind(chat int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.chats[chat]
	return c != nil && (c.spilled || c.updates >= maxInMemory/4)
}

// full reports whether so many updates of a chat wait that no more are accepted, and whether to say so, which happens
// once until all are handled.
func (q *chatQueues) full(chat int64) (full, say bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.chats[chat]
	if c == nil || c.inInbox < maxInInbox {
		return false, false
	}
	say, c.toldFull = !c.toldFull, true
	return true, say
}

func (q *chatQueues) drain(chat int64, c *chatQueue) {
	for {
		t, ok := q.next(chat, c)
		if !ok {
			return
		}
		if t.do != nil {
			t.do()
			continue
		}
		if wait := q.limit.Take(chat, time.Now()); wait > 0 && !q.rest(wait) {
			continue // what waits was dropped, including this one
		}
		q.handle(c, t.update)
	}
}

// handle handles an update. In a crowded chat it first waits for a slot.
func (q *chatQueues) handle(c *chatQueue, u update) {
	q.mu.Lock()
	takes := q.crowd != nil && (c.spilled || c.updates >= crowdedFrom)
	q.mu.Unlock()
	if takes {
		select {
		case q.crowd <- struct{}{}:
			defer func() { <-q.crowd }()
		case <-q.ended:
			return // dropped with what waits
		}
	}
	q.do(u)
}

// next takes the first task of a queue. It returns false if there is none, and the queue ends.
func (q *chatQueues) next(chat int64, c *chatQueue) (task, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(c.waiting) == 0 && c.spilled {
		c.spilled, c.reading = false, true
		after := c.last
		q.mu.Unlock()
		list, err := q.more(chat, after)
		q.mu.Lock()
		c.reading = false
		for _, u := range list {
			c.waiting = append(c.waiting, task{update: u})
			c.updates++
			c.last = max(c.last, u.ID)
		}
		c.inInbox = max(0, c.inInbox-len(list))
		if len(list) == maxInMemory {
			c.spilled = true
		}
		if err != nil {
			c.spilled = true
			q.mu.Unlock()
			q.rest(time.Second)
			q.mu.Lock()
		}
		if q.isDropped() {
			c.waiting, c.updates, c.spilled = nil, 0, false
		}
	}
	if len(c.waiting) == 0 {
		delete(q.chats, chat)
		q.deactivate()
		return task{}, false
	}
	t := c.waiting[0]
	if c.waiting = slices.Delete(c.waiting, 0, 1); t.do == nil {
		c.updates--
	}
	return t, true
}

// deactivate counts one active queue less. The caller holds q.mu.
func (q *chatQueues) deactivate() {
	if q.active--; q.active == 0 && q.idle != nil {
		close(q.idle)
		q.idle = nil
	}
}

// rest waits in a queue, which is not active meanwhile. It returns false if what waits was dropped.
func (q *chatQueues) rest(d time.Duration) bool {
	q.mu.Lock()
	q.deactivate()
	q.mu.Unlock()
	t := time.NewTimer(d)
	defer t.Stop()
	defer func() {
		q.mu.Lock()
		q.active++
		q.mu.Unlock()
	}()
	select {
	case <-q.ended:
		return false
	case <-t.C:
		return true
	}
}

func (q *chatQueues) isDropped() bool {
	select {
	case <-q.ended:
		return true
	default:
		return false
	}
}

// waitIdle waits until no queue is active, for at most d.
func (q *chatQueues) waitIdle(ctx context.Context, d time.Duration) {
	q.mu.Lock()
	if q.active == 0 {
		q.mu.Unlock()
		return
	}
	if q.idle == nil {
		q.idle = make(chan struct{})
	}
	idle := q.idle
	q.mu.Unlock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-idle:
	case <-timer.C:
	}
}

// drop drops what waits. It stays in the inbox and the outbox for the next process.
func (q *chatQueues) drop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended != nil && !q.isDropped() {
		close(q.ended)
	}
	for _, c := range q.chats {
		c.waiting, c.updates, c.spilled = nil, 0, false
	}
}

// wait lets each queue finish what is in hand, for at most d, and drops the rest.
func (q *chatQueues) wait(d time.Duration) {
	q.drop()
	done := make(chan struct{})
	go func() { q.busy.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(d):
	}
}
