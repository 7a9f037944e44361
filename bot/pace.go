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
func (b *Bot) open(ctx context.Context) bool {
	left, err := b.Gate.Paused(ctx)
	return err == nil && sleep(ctx, left) && b.pace.wait(ctx)
}

// slot waits for what is no reply until a call to a chat may be made: first for the chat's own pace, then, as the last thing before
// the call, for a place in the gate. The gate is told when the call has landed. Not ok: Redis is away, or the process stops.
func (b *Bot) slot(ctx context.Context, class store.Class, chat int64) (landed func(), ok bool) {
	if b.Rate > 0 || class != store.Bulk { // else a load test
		after, err := b.Gate.Chat(ctx, chat, chat < 0)
		if err != nil || !sleep(ctx, after) {
			return nil, false
		}
	}
	if class == store.Bulk { // the others would only ask in vain
		b.pace.bulk.Lock()
		defer b.pace.bulk.Unlock()
	}
	for b.pace.wait(ctx) {
		if b.Rate == 0 {
			return func() {}, true
		}
		place, wait, err := b.Gate.Take(ctx, class, b.Rate)
		if err != nil {
			return nil, false
		}
		if place > 0 {
			return func() { b.Gate.Landed(place) }, true
		}
		sleep(ctx, wait)
	}
	return nil, false
}
