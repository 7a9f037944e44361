package bot

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"pendamping/store"
)

// pace is the pause that everything keeps after a 429, and the order in which this process's bulk asks for its places.
type pace struct {
	until atomic.Int64 // unix nanoseconds
	bulk  sync.Mutex
}

func (p *pace) pause(d time.Duration) {
	until := time.Now().Add(d).UnixNano()
	for old := p.until.Load(); old < until; old = p.until.Load() {
		if p.until.CompareAndSwap(old, until) {
			return
		}
	}
}

func (p *pace) paused() bool { return p.until.Load() > time.Now().UnixNano() }

func (p *pace) wait(ctx context.Context) bool {
	for {
		left := time.Until(time.Unix(0, p.until.Load()))
		if left <= 0 {
			return ctx.Err() == nil
		}
		if !sleep(ctx, left) {
			return false
		}
	}
}

// pauseAll obeys a 429, in all processes.
func (b *Bot) pauseAll(ctx context.Context, after time.Duration) {
	b.pace.pause(after)
	if err := b.Gate.Pause(ctx, after); err != nil && ctx.Err() == nil {
		b.Log.Warn("other processes could not be told to pause", "err", err.Error())
	}
}

// watchPause keeps the pauses that other processes were told to make.
func (b *Bot) watchPause(ctx context.Context) {
	for sleep(ctx, 250*time.Millisecond) {
		if b.memory.away.Load() {
			continue
		}
		if left, err := b.Gate.Paused(ctx); err == nil && left > 0 {
			b.pace.pause(left)
		}
	}
}

// open waits while there is a pause. False: Redis is away, where what is not a reply stops, or the process stops.
func (b *Bot) open(ctx context.Context) bool { return !b.memory.away.Load() && b.pace.wait(ctx) }

// slot waits, as the last thing before it, until a call may be made for what is no reply. The gate is told when the call has landed.
// Not ok: Redis is away, or the process stops.
func (b *Bot) slot(ctx context.Context, class store.Class, chat int64) (landed func(), ok bool) {
	if b.Rate == 0 && class == store.Bulk { // a load test
		return func() {}, b.pace.wait(ctx)
	}
	for b.open(ctx) {
		place, err := b.place(ctx, class, chat)
		if err != nil {
			b.memory.lost(ctx)
		} else if place.Number > 0 {
			return func() { b.Gate.Landed(place.Number) }, true
		}
		sleep(ctx, place.After)
	}
	return nil, false
}

// calm is how long bulk waits until no update is in hand, so that replies have the machine for themselves. The gate keeps the beat of
// who is late by so much.
const calm = 20 * time.Millisecond

// place asks the gate for a place and waits for its time. It comes back without one when the chat has to wait for itself.
func (b *Bot) place(ctx context.Context, class store.Class, chat int64) (store.Place, error) {
	if class == store.Bulk { // the others would only ask in vain
		b.pace.bulk.Lock()
		defer b.pace.bulk.Unlock()
	}
	for b.pace.wait(ctx) {
		place, err := b.Gate.Take(ctx, class, chat, b.Rate)
		if err != nil || place.Chat {
			return place, err
		}
		ok := sleep(ctx, place.After)
		if place.Number == 0 {
			continue
		}
		if class == store.Bulk {
			b.lanes.calm(ctx, calm)
		}
		if ok && !b.pace.paused() {
			return place, nil
		}
		b.Gate.Landed(place.Number) // no call is made
	}
	return store.Place{}, ctx.Err()
}
