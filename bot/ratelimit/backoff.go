package ratelimit

import (
	"context"
	"sync"
	"time"

	"pendamping/store"
)

// A 429 pauses the chat that met it. It pauses all chats only if that chat can't be the cause: if several quiet chats
// met one within seconds and Telegram accepted no call in between. Bulk can wait, so it pauses at the first of them.
// A person who floods the bot therefore delays only their own accounts, however many they use.
const (
	pauseAllChats   = 3                // quiet chats that met a 429 in a row and so pause everybody
	pauseAllWithin  = 5 * time.Second  // the time within which they must have met it
	quietAfterReply = 10 * time.Second // a chat is quiet this long after its last reply
	quietAfterPause = 10 * time.Minute // and this long after its own pause
)

// MaxPause is how long Telegram may ask to wait. Longer pauses are cut; if Telegram means it, the next call meets it
// again.
const MaxPause = 10 * time.Minute

// Backoff holds until when this process may not send, because of 429s that it or another process met.
type Backoff struct {
	mu      sync.Mutex
	all     time.Time // nothing may be sent
	bulk    time.Time // only replies may be sent
	chats   map[int64]chatBackoff
	swept   int                 // the number of chats after the last sweep
	refused map[int64]time.Time // quiet chats that met a 429 since Telegram last accepted a call
}

// chatBackoff is what is known of one chat. It is dropped once the chat is quiet.
type chatBackoff struct {
	until   time.Time // the end of its own pause
	replied time.Time // when Telegram last accepted a reply
}

func (c chatBackoff) quiet(now time.Time) bool {
	return now.Sub(c.replied) >= quietAfterReply && now.Sub(c.until) >= quietAfterPause
}

// End returns when the last pause of all chats ends or ended.
func (p *Backoff) End() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bulk.After(p.all) {
		return p.bulk
	}
	return p.all
}

// Left returns how long a message of a class to a chat has to wait. For chat 0 only the pauses of all chats count.
func (p *Backoff) Left(class store.Class, chat int64, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.all
	if class != store.Reply && p.bulk.After(until) {
		until = p.bulk
	}
	if c := p.chats[chat]; c.until.After(until) {
		until = c.until
	}
	return max(until.Sub(now), 0)
}

// Extend lengthens the pauses of all chats to at least these durations.
func (p *Backoff) Extend(all, bulk time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all, p.bulk = later(p.all, now.Add(all)), later(p.bulk, now.Add(bulk))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Note429 records a 429 that a message of a class met in a chat, and reports whom it pauses besides that chat.
func (p *Backoff) Note429(class store.Class, chat int64, after time.Duration, now time.Time) (all, bulk bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chats[chat]
	was := c
	c.until = later(c.until, now.Add(after))
	p.set(chat, c, now)
	if !was.quiet(now) {
		return false, false
	}
	if p.refused == nil {
		p.refused = map[int64]time.Time{}
	}
	p.refused[chat] = now
	for other, at := range p.refused {
		if now.Sub(at) > pauseAllWithin {
			delete(p.refused, other)
		}
	}
	if all = len(p.refused) >= pauseAllChats; all {
		p.all = later(p.all, now.Add(after))
		clear(p.refused)
	}
	if bulk = class != store.Reply; bulk {
		p.bulk = later(p.bulk, now.Add(after))
	}
	return all, bulk
}

// NoteTaken records that Telegram accepted a message of a class to a chat.
func (p *Backoff) NoteTaken(class store.Class, chat int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.refused)
	if class == store.Reply {
		c := p.chats[chat]
		c.replied = now
		p.set(chat, c, now)
	}
}

// set stores what is known of a chat, and now and then sweeps out the chats that are quiet.
func (p *Backoff) set(chat int64, c chatBackoff, now time.Time) {
	if p.chats == nil {
		p.chats = map[int64]chatBackoff{}
	}
	p.chats[chat] = c
	if len(p.chats) < 2*p.swept+1024 {
		return
	}
	for other, c := range p.chats {
		if c.quiet(now) {
			delete(p.chats, other)
		}
	}
	p.swept = len(p.chats)
}

// Wait blocks while a pause of all chats holds a class back. It returns false if the process stops.
func (p *Backoff) Wait(ctx context.Context, class store.Class) bool {
	for {
		left := p.Left(class, 0, time.Now())
		if left == 0 {
			return ctx.Err() == nil
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(left):
		}
	}
}
