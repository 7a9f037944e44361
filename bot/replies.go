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

// A chat's replies are sent in order, at the chat's rate. What waits is bounded. An answer that a newer one makes
// needless is dropped, and only the newest few of the others are kept. A reply about a record is never dropped,
// because its row in the outbox takes it back if too many wait.
const (
	maxAnswers = 5  // answers about no record that wait for a chat
	maxRows    = 32 // replies with a row that wait for a chat in memory
)

// outgoingReply is a reply that is to be sent.
type outgoingReply struct {
	store.Delivery        // without an ID it is about no record, and has no row
	done           func() // called once it is sent, merged or dropped; may be nil
}

func (o *outgoingReply) end() {
	if o.done != nil {
		o.done()
	}
}

// replies are the queues of all chats to which something is being sent.
type replies struct {
	mu    sync.Mutex
	chats map[int64]*replyQueue
}

// replyQueue is what waits for one chat, oldest first.
type replyQueue struct {
	waiting []outgoingReply
	calling bool // the first one is being sent, so nothing replaces it
}

// put puts a reply behind those that wait. It returns the replies that this one makes needless, whether there was
// room for it, and whether somebody is sending to that chat already.
func (r *replies) put(o outgoingReply) (needless []outgoingReply, room, sending bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	chat := o.Message.Chat
	q, sending := r.chats[chat]
	if !sending {
		if r.chats == nil {
			r.chats = map[int64]*replyQueue{}
		}
		r.chats[chat] = &replyQueue{waiting: []outgoingReply{o}}
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
	if o.ID != 0 && rows >= maxRows {
		q.waiting = kept
		return needless, false, true
	}
	if o.ID == 0 && answers >= maxAnswers {
		i := fixed + slices.IndexFunc(kept[fixed:], func(old outgoingReply) bool { return old.ID == 0 })
		needless = append(needless, kept[i])
		kept = slices.Delete(kept, i, i+1)
	}
	q.waiting = append(kept, o)
	return needless, true, true
}

// replaces reports whether a reply makes an older one needless: it is the same answer, or a newer edit of the same
// message.
func (o outgoingReply) replaces(old outgoingReply) bool {
	if old.ID != 0 {
		return false
	}
	if o.Message.Edit != 0 {
		return o.Message.Edit == old.Message.Edit
	}
	o.Message.Yields = old.Message.Yields
	return o.ID == 0 && o.Language == old.Language && reflect.DeepEqual(o.Message, old.Message)
}

// any reports whether something waits for a chat. If nothing does, the chat's queue ends.
func (r *replies) any(chat int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.chats[chat].waiting) > 0 {
		return true
	}
	delete(r.chats, chat)
	return false
}

// yield returns behind whose replies all that waits for a chat goes, and for how many chats something waits.
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

// startCall returns the first reply of a chat, and marks it as being sent.
func (r *replies) startCall(chat int64) outgoingReply {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.chats[chat]
	q.calling = true
	return q.waiting[0]
}

// endCall notes that a call has ended. The reply is removed if it is off, and otherwise waits as before.
func (r *replies) endCall(chat int64, off bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.chats[chat]
	if q.calling = false; off {
		q.waiting = q.waiting[1:]
	}
}

// count returns how many replies wait.
func (r *replies) count() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.chats {
		n += len(q.waiting)
	}
	return n
}

// reply sends a reply in its chat's order. It returns once the reply is sent or, if it has to wait for the chat's
// rate, queued. With async it returns at once.
func (b *Bot) reply(o outgoingReply, async bool) {
	chat := o.Message.Chat
	needless, room, sending := b.replies.put(o)
	for _, old := range needless {
		b.metrics.merged.Inc()
		old.end()
	}
	switch {
	case !room: // it waits as a row instead
		b.results.record(store.DeliveryOutcome{
			ID: o.ID, State: store.Queued, Due: b.Now().Add(maxRows * store.ChatEvery),
		})
		o.end()
	case sending:
	case async:
		b.queues.busy.Go(func() { b.sendReplies(chat, false) })
	default:
		b.sendReplies(chat, true)
	}
}

// sendReplies sends what waits for a chat. In the chat's turn it goes on in the background once it has to wait for
// the chat's rate. That frees the queue, whose next answers may replace what waits.
func (b *Bot) sendReplies(chat int64, inTurn bool) {
	for b.replies.any(chat) {
		yields, chats := b.yieldOf(chat)
		token, after := b.takeReplyToken(b.work, chat, yields)
		if !token {
			after += jitter(yields, chats)
		}
		if after > 0 && inTurn {
			b.queues.busy.Go(func() {
				if b.rest(after) && (!token || b.sendFirst(chat)) {
					b.sendReplies(chat, false)
				}
			})
			return
		}
		if after > 0 && !b.rest(after) || token && !b.sendFirst(chat) {
			return // stopped; the next process has the updates and rows
		}
	}
}

// yieldOf returns behind whose replies those of a chat go when many are sent, and for how many chats something waits.
// A chat yields if its replies say so, or if more of its updates wait than a conversation has.
func (b *Bot) yieldOf(chat int64) (y store.Yield, chats int) {
	y, chats = b.replies.yield(chat)
	if b.queues.behind(chat) {
		y = max(y, store.Behind)
	}
	return y, chats
}

// jitter returns how much later to ask again for a token. Thousands of chats that were told the same moment would
// mostly ask in vain, at the cost of those that have a token.
func jitter(yields store.Yield, chats int) time.Duration {
	most := map[store.Yield]time.Duration{store.Behind: time.Second, store.BehindAll: 10 * time.Second}[yields]
	if spread := min(most, time.Duration(chats)*jitterEach); spread > 0 {
		return rand.N(spread)
	}
	return 0
}

// jitterEach is how far apart chats without a token ask again.
const jitterEach = 20 * time.Millisecond

// sendFirst sends the first reply that waits for a chat, unless a pause began after it got its token. It returns
// false if the process stops.
func (b *Bot) sendFirst(chat int64) bool {
	if b.backoff.Left(store.Reply, chat, time.Now()) > 0 {
		return true
	}
	o := b.replies.startCall(chat)
	if (o.ID != 0 || o.done != nil) && !b.Process.Here(b.work) {
		return false // whoever takes over sends it
	}
	outcome, told := b.sendIfNeeded(b.work, o.Delivery)
	if outcome.State == "" && told {
		return false
	}
	off := outcome.State != store.Queued
	b.replies.endCall(chat, off)
	if !off {
		return true // a 429 paused the chat
	}
	if o.ID != 0 && told {
		b.results.record(outcome)
	}
	o.end()
	// The preview of an announcement is followed by a question, and the two must not use a burst.
	return o.Message.Language == "" || b.rest(store.ChatEvery)
}

// rest waits, and returns false if the process is told to stop.
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

// pendingWork counts what is left to do for an update, and calls done when nothing is.
type pendingWork struct {
	left atomic.Int32
	done func()
}

func newPendingWork(done func()) *pendingWork {
	o := &pendingWork{done: done}
	o.left.Store(1)
	return o
}

func (o *pendingWork) add() { o.left.Add(1) }

func (o *pendingWork) release() {
	if o.left.Add(-1) == 0 {
		o.done()
	}
}
