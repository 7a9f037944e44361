package bot

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pendamping/store"
)

// A chat's replies are sent in order, at its pace. What waits is bounded: an answer that a newer one makes needless is merged into
// it, and of the others the newest few are kept. A reply about a record is never dropped: it has a row in the outbox, which gets it
// back when too many wait.
const (
	mostAnswers = 5  // that wait for a chat and are about no record
	mostRows    = 32 // of the outbox that wait for a chat in memory
)

// outgoing is a reply on its way.
type outgoing struct {
	store.Delivery        // without an ID it is about no record, and has no row
	done           func() // called when it is sent, merged or dropped; nil: nobody waits for it
}

func (o *outgoing) end() {
	if o.done != nil {
		o.done()
	}
}

// replies are the queues of all chats to which something is being said.
type replies struct {
	mu    sync.Mutex
	chats map[int64]*queue
}

// queue is what waits for one chat, oldest first.
type queue struct {
	waiting []outgoing
	calling bool // the first one is being sent, so nothing replaces it
}

// put puts a reply behind those that wait. It returns those that need not be said any more, whether there was room for this one, and
// whether somebody is sending to that chat already.
func (r *replies) put(o outgoing) (needless []outgoing, room, sending bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	chat := o.Message.Chat
	q, sending := r.chats[chat]
	if !sending {
		if r.chats == nil {
			r.chats = map[int64]*queue{}
		}
		r.chats[chat] = &queue{waiting: []outgoing{o}}
		return nil, true, false
	}
	fixed := 0
	if q.calling {
		fixed = 1
	}
	rows, answers := 0, 0
	kept := q.waiting[:fixed:fixed]
	for _, old := range q.waiting[fixed:] {
		if o.replaces(old) {
			needless = append(needless, old)
			continue
		}
		if kept = append(kept, old); old.ID != 0 {
			rows++
		} else {
			answers++
		}
	}
	if o.ID != 0 && rows >= mostRows {
		q.waiting = kept
		return needless, false, true
	}
	if o.ID == 0 && answers >= mostAnswers {
		i := fixed + slices.IndexFunc(kept[fixed:], func(old outgoing) bool { return old.ID == 0 })
		needless = append(needless, kept[i])
		kept = slices.Delete(kept, i, i+1)
	}
	q.waiting = append(kept, o)
	return needless, true, true
}

// replaces tells whether a reply makes an older one needless: the same answer again, or a newer edit of the same message.
func (o outgoing) replaces(old outgoing) bool {
	if old.ID != 0 {
		return false
	}
	if o.Message.Edit != 0 {
		return o.Message.Edit == old.Message.Edit
	}
	o.Message.Yields = old.Message.Yields
	return o.ID == 0 && o.Language == old.Language && reflect.DeepEqual(o.Message, old.Message)
}

// any tells whether something waits for a chat. If nothing does, what comes next begins anew.
func (r *replies) any(chat int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.chats[chat].waiting) > 0 {
		return true
	}
	delete(r.chats, chat)
	return false
}

// yield is behind whose replies all that waits for a chat goes, and how many chats something waits for.
func (r *replies) yield(chat int64) (y store.Yield, chats int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if q := r.chats[chat]; q != nil && len(q.waiting) > 0 {
		y = store.BehindAll
		for _, o := range q.waiting {
			y = min(y, o.Message.Yields)
		}
	}
	return y, len(r.chats)
}

// begin returns the first reply of a chat for a call.
func (r *replies) begin(chat int64) outgoing {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.chats[chat]
	q.calling = true
	return q.waiting[0]
}

// ended notes what came of the call: the reply is off, or waits as before.
func (r *replies) ended(chat int64, off bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.chats[chat]
	if q.calling = false; off {
		q.waiting = q.waiting[1:]
	}
}

// count counts the replies that wait.
func (r *replies) count() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.chats {
		n += len(q.waiting)
	}
	return n
}

// reply sends a reply in its chat's order. It returns when it is sent or, if it has to wait for its pace, when it is in its queue.
// aside: it returns at once.
func (b *Bot) reply(o outgoing, aside bool) {
	chat := o.Message.Chat
	needless, room, sending := b.replies.put(o)
	for _, old := range needless {
		b.metrics.merged.Inc()
		old.end()
	}
	switch {
	case !room: // its row waits for it instead
		b.marks.sent(store.Mark{ID: o.ID, State: store.Queued, Due: b.Now().Add(mostRows * store.ChatEvery)})
		o.end()
	case sending:
	case aside:
		b.lanes.busy.Go(func() { b.sendReplies(chat, false) })
	default:
		b.sendReplies(chat, true)
	}
}

// sendReplies sends what waits for a chat. In a lane it goes on beside it once it has to wait for the pace: the lane is free then,
// and what it says next may replace what waits.
func (b *Bot) sendReplies(chat int64, inLane bool) {
	for b.replies.any(chat) {
		yields, chats := b.yields(chat)
		place, after := b.takePlace(b.work, chat, yields)
		if !place {
			after += apart(yields, chats)
		}
		if after > 0 && inLane {
			b.lanes.busy.Go(func() {
				if b.rest(after) && (!place || b.sendFirst(chat)) {
					b.sendReplies(chat, false)
				}
			})
			return
		}
		if after > 0 && !b.rest(after) || place && !b.sendFirst(chat) {
			return // stopped: updates and rows are there for the next process
		}
	}
}

// yields is behind whose replies what waits for a chat goes when many are sent, as it says or because more of the chat's updates wait than
// a conversation has; and how many chats something waits for.
func (b *Bot) yields(chat int64) (y store.Yield, chats int) {
	y, chats = b.replies.yield(chat)
	if b.lanes.behind(chat) {
		y = max(y, store.Behind)
	}
	return y, chats
}

// apart is how much later than the others somebody who had no place asks again: of thousands who are told the same moment, most would ask
// in vain, and at the cost of those who have one.
func apart(yields store.Yield, chats int) time.Duration {
	most := map[store.Yield]time.Duration{store.Behind: time.Second, store.BehindAll: 10 * time.Second}[yields]
	if spread := min(most, time.Duration(chats)*apartEach); spread > 0 {
		return rand.N(spread)
	}
	return 0
}

// apartEach is how far apart those ask again who had no place.
const apartEach = 20 * time.Millisecond

// sendFirst sends the first reply that waits for a chat, unless a pause has begun since it got its place. False: the process stops.
func (b *Bot) sendFirst(chat int64) bool {
	if b.backoff.left(store.Reply, chat, time.Now()) > 0 {
		return true
	}
	o := b.replies.begin(chat)
	if (o.ID != 0 || o.done != nil) && !b.Process.Here(b.work) {
		return false // who took over says it
	}
	mark, told := b.tell(b.work, o.Delivery)
	if mark.State == "" && told {
		return false
	}
	off := mark.State != store.Queued
	b.replies.ended(chat, off)
	if !off {
		return true // a 429 paused the chat
	}
	if o.ID != 0 && told {
		b.marks.sent(mark)
	}
	o.end()
	// What an announcement looks like is followed by a question: these two use no burst.
	return o.Message.Language == "" || b.rest(store.ChatEvery)
}

// rest waits, unless the process is told to stop.
func (b *Bot) rest(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-b.work.Done():
		return false
	case <-b.stopping:
		return false
	case <-t.C:
		return true
	}
}

// owed counts what is left to do for an update. It is handled when all is done.
type owed struct {
	left atomic.Int32
	done func()
}

func newOwed(done func()) *owed {
	o := &owed{done: done}
	o.left.Store(1)
	return o
}

func (o *owed) add() { o.left.Add(1) }

func (o *owed) release() {
	if o.left.Add(-1) == 0 {
		o.done()
	}
}
