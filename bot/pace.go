package bot

import (
	"context"
	"sync"
	"time"

	"pendamping/store"
)

// localPace is the pace of replies that a process keeps by itself while Redis is away.
type localPace struct {
	chats, groups limiter

	mu     sync.Mutex
	recent [store.RepliesASecond]time.Time // when the most recent replies are sent: a ring
	oldest int                             // the one of them that is replaced next
}

func newLocalPace() *localPace {
	return &localPace{chats: limiter{every: store.ChatEvery, burst: 1}, groups: limiter{every: store.GroupEvery, burst: 1}}
}

// take takes a place for a reply to a chat, which may be sent after that time. A reply that yields has none while its share
// of a second's places is in use.
func (p *localPace) take(chat int64, yields store.Yield, now time.Time) (place bool, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if share := store.RepliesASecond / yields.Share(); yields != store.InTurn {
		last := p.recent[(p.oldest+store.RepliesASecond-share)%store.RepliesASecond]
		if wait := last.Add(time.Second).Sub(now); wait > 0 {
			return false, wait
		}
	}
	limit := &p.chats
	if chat < 0 {
		limit = &p.groups
	}
	at := later(now.Add(limit.take(chat, now)), p.recent[p.oldest].Add(time.Second))
	p.recent[p.oldest] = at
	p.oldest = (p.oldest + 1) % store.RepliesASecond
	return true, at.Sub(now)
}

// takePlace takes a place for a reply to a chat, which may be sent after that time. Without a place it is asked for again then. A
// reply that yields goes behind the others when many are sent.
func (b *Bot) takePlace(ctx context.Context, chat int64, yields store.Yield) (place bool, after time.Duration) {
	left := b.backoff.left(store.Reply, chat, time.Now())
	if left > 0 || b.Rate == 0 { // without a limit, only 429s are obeyed
		return left == 0, left
	}
	if !b.memory.away.Load() {
		call, cancel := context.WithTimeout(ctx, laneTime)
		place, after, err := b.Gate.Reply(call, chat, yields)
		cancel()
		if err == nil {
			return place, after
		}
		b.memory.lost(ctx, err)
	}
	return b.local.take(chat, yields, time.Now())
}

// open waits while there is a pause. False: Redis is away, where what is not a reply stops, or the process stops.
func (b *Bot) open(ctx context.Context) bool {
	return !b.memory.away.Load() && b.backoff.wait(ctx, store.Bulk)
}

// shortWait is how long what is no reply waits for its chat's pace before others go first.
const shortWait = 1500 * time.Millisecond

// slot waits, as the last thing before it, until a call may be made for what is no reply. The gate is told when the call has landed.
// Without landed there is no place: its chat has one after that time or, if that is 0, Redis is away or the process stops.
func (b *Bot) slot(ctx context.Context, class store.Class, chat int64) (landed func(), after time.Duration) {
	for b.open(ctx) {
		if left := b.backoff.left(class, chat, time.Now()); left > shortWait {
			return nil, left
		}
		if b.Rate == 0 && class == store.Bulk { // a load test
			return func() {}, 0
		}
		place, err := b.place(ctx, class, chat)
		switch {
		case err != nil:
			b.memory.lost(ctx, err)
		case place.Number > 0:
			return func() { b.Gate.Landed(place.Number) }, 0
		case place.Chat && place.After > shortWait:
			return nil, place.After
		}
		sleep(ctx, place.After)
	}
	return nil, 0
}

// idleWait is how long bulk waits until no update is in hand, so that replies have the machine for themselves. The gate keeps the beat
// of who is late by so much.
const idleWait = 20 * time.Millisecond

// place asks the gate for a place and waits for its time. It comes back without one when the chat has to wait for itself.
func (b *Bot) place(ctx context.Context, class store.Class, chat int64) (store.Place, error) {
	if class == store.Bulk { // the others would only ask in vain
		b.bulkTurn.Lock()
		defer b.bulkTurn.Unlock()
	}
	for b.backoff.wait(ctx, class) {
		place, err := b.Gate.Take(ctx, class, chat, b.Rate)
		if err != nil || place.Chat {
			return place, err
		}
		ok := sleep(ctx, place.After)
		if place.Number == 0 {
			continue
		}
		if class == store.Bulk {
			b.lanes.waitIdle(ctx, idleWait)
		}
		if ok && b.backoff.left(class, 0, time.Now()) == 0 {
			return place, nil
		}
		b.Gate.Landed(place.Number) // no call is made
	}
	return store.Place{}, ctx.Err()
}
