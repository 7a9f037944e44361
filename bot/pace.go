package bot

import (
	"context"
	"sync"
	"time"

	"pendamping/store"
)

// A 429 pauses its own chat. It pauses everybody only when it can't be that chat's doing: when it comes from several chats that were
// quiet, within seconds, and Telegram took no call in between. Bulk, which can wait, pauses at the first of them. So a person who
// floods the bot, with however many accounts, delays those accounts and nobody else.
const (
	several   = 3                // quiet chats that met a 429 in a row pause everybody
	seconds   = 5 * time.Second  // within which they met it
	quiet     = 10 * time.Second // after its last reply a chat is quiet
	remember  = 10 * time.Minute // after its own pause a chat is quiet
	mostPause = 10 * time.Minute // at most one pause lasts: a longer one is met again then
)

// pace is until when this process sends nothing, because of 429s that it or another process met.
type pace struct {
	mu      sync.Mutex
	all     time.Time // nothing is sent
	bulk    time.Time // only replies are sent
	chats   map[int64]chatPace
	swept   int                 // how many chats the last sweep left
	refused map[int64]time.Time // quiet chats that met a 429 since Telegram last took a call
	turn    sync.Mutex          // the order in which this process's bulk asks for its places
}

// chatPace is what is known of one chat. It is forgotten when nothing of it matters any more.
type chatPace struct {
	until   time.Time // the end of its own pause
	replied time.Time // when Telegram last took a reply
	free    time.Time // when the next reply may be sent, while Redis is away
}

// end is when the last pause of all chats ends, or ended.
func (p *pace) end() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bulk.After(p.all) {
		return p.bulk
	}
	return p.all
}

// left is how long it is until a message of a class may be sent to a chat; with chat 0 only the pauses of all chats count.
func (p *pace) left(class store.Class, chat int64, now time.Time) time.Duration {
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

// extend makes the pauses of all chats at least so long.
func (p *pace) extend(all, bulk time.Duration, now time.Time) {
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

// refuse notes a 429 that a message of a class met in a chat, and tells whom it pauses beside that chat.
func (p *pace) refuse(class store.Class, chat int64, after time.Duration, now time.Time) (all, bulk bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chats[chat]
	was := c
	c.until = later(c.until, now.Add(after))
	p.set(chat, c, now)
	if now.Sub(was.replied) < quiet || now.Sub(was.until) < remember {
		return false, false
	}
	if p.refused == nil {
		p.refused = map[int64]time.Time{}
	}
	p.refused[chat] = now
	for other, at := range p.refused {
		if now.Sub(at) > seconds {
			delete(p.refused, other)
		}
	}
	if all = len(p.refused) >= several; all {
		p.all = later(p.all, now.Add(after))
		clear(p.refused)
	}
	if bulk = class != store.Reply; bulk {
		p.bulk = later(p.bulk, now.Add(after))
	}
	return all, bulk
}

// accept notes that Telegram took a message of a class to a chat.
func (p *pace) accept(class store.Class, chat int64, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.refused)
	if class == store.Reply {
		c := p.chats[chat]
		c.replied = now
		p.set(chat, c, now)
	}
}

// alone takes a place for a reply to a chat at the pace that a process keeps by itself, or tells how long it is until there is one.
func (p *pace) alone(chat int64, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chats[chat]
	if wait := c.free.Sub(now); wait > 0 {
		return wait
	}
	c.free = now.Add(chatEvery)
	if chat < 0 {
		c.free = now.Add(groupEvery)
	}
	p.set(chat, c, now)
	return 0
}

// While Redis is away a chat gets one reply a second, a group a nineteenth of a minute's twenty.
const (
	chatEvery  = time.Second
	groupEvery = time.Minute / 19
)

// set keeps what is known of a chat, and now and then forgets what matters no more.
func (p *pace) set(chat int64, c chatPace, now time.Time) {
	if p.chats == nil {
		p.chats = map[int64]chatPace{}
	}
	p.chats[chat] = c
	if len(p.chats) < 2*p.swept+1024 {
		return
	}
	for other, c := range p.chats {
		if now.Sub(c.replied) > quiet && now.Sub(c.until) > remember && c.free.Before(now) {
			delete(p.chats, other)
		}
	}
	p.swept = len(p.chats)
}

// wait waits until no pause of all chats keeps a class. False: the process stops.
func (p *pace) wait(ctx context.Context, class store.Class) bool {
	for {
		left := p.left(class, 0, time.Now())
		if left == 0 {
			return ctx.Err() == nil
		}
		if !sleep(ctx, left) {
			return false
		}
	}
}

// obey obeys a 429 that a message of a class met in a chat, in all processes.
func (b *Bot) obey(ctx context.Context, class store.Class, chat int64, after time.Duration) {
	if after > mostPause {
		b.Log.Warn("telegram asks for a very long pause, which is cut", "seconds", after.Seconds())
		after = mostPause
	}
	all, bulk := b.pace.refuse(class, chat, after, time.Now())
	if all {
		b.Log.Warn("telegram asks everybody to wait", "seconds", after.Seconds())
	}
	if b.memory.away.Load() {
		return
	}
	err := b.Gate.PauseChat(ctx, chat, after)
	if err == nil && bulk {
		err = b.Gate.PauseBulk(ctx, after)
	}
	if err == nil && all {
		err = b.Gate.Pause(ctx, after)
	}
	if err != nil && ctx.Err() == nil {
		b.Log.Warn("other processes could not be told to pause", "err", err.Error())
	}
}

// watchPause keeps the pauses that other processes were told to make.
func (b *Bot) watchPause(ctx context.Context) {
	cuts := int64(-1)
	for sleep(ctx, 250*time.Millisecond) {
		b.beats.beat("pauses", time.Minute)
		b.noticeTelegram()
		if b.memory.away.Load() {
			continue
		}
		p, err := b.Gate.Paused(ctx)
		if err != nil {
			b.memory.lost(ctx, err)
			continue
		}
		b.pace.extend(p.All, p.Bulk, time.Now())
		if cuts >= 0 && p.Cuts > cuts {
			b.Log.Warn("the clock of Redis was set back under a pause, which was cut", "pauses", p.Cuts-cuts)
			b.metrics.cuts.Add(float64(p.Cuts - cuts))
		}
		cuts = p.Cuts
	}
}

// allowed takes a place for a reply to a chat. Above 0 there is none yet: it is asked for again after that time.
func (b *Bot) allowed(ctx context.Context, chat int64) time.Duration {
	left := b.pace.left(store.Reply, chat, time.Now())
	if left > 0 || b.Rate == 0 { // without a limit, only 429s are obeyed
		return left
	}
	if !b.memory.away.Load() {
		call, cancel := context.WithTimeout(ctx, laneTime)
		wait, err := b.Gate.Reply(call, chat)
		cancel()
		if err == nil {
			return wait
		}
		b.memory.lost(ctx, err)
	}
	return b.pace.alone(chat, time.Now())
}

// open waits while there is a pause. False: Redis is away, where what is not a reply stops, or the process stops.
func (b *Bot) open(ctx context.Context) bool {
	return !b.memory.away.Load() && b.pace.wait(ctx, store.Bulk)
}

// briefly is how long what is no reply waits for its chat's pace before others go first.
const briefly = 1500 * time.Millisecond

// slot waits, as the last thing before it, until a call may be made for what is no reply. The gate is told when the call has landed.
// Without landed there is no place: its chat has one after that time or, if that is 0, Redis is away or the process stops.
func (b *Bot) slot(ctx context.Context, class store.Class, chat int64) (landed func(), after time.Duration) {
	for b.open(ctx) {
		if left := b.pace.left(class, chat, time.Now()); left > briefly {
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
		case place.Chat && place.After > briefly:
			return nil, place.After
		}
		sleep(ctx, place.After)
	}
	return nil, 0
}

// calm is how long bulk waits until no update is in hand, so that replies have the machine for themselves. The gate keeps the beat of
// who is late by so much.
const calm = 20 * time.Millisecond

// place asks the gate for a place and waits for its time. It comes back without one when the chat has to wait for itself.
func (b *Bot) place(ctx context.Context, class store.Class, chat int64) (store.Place, error) {
	if class == store.Bulk { // the others would only ask in vain
		b.pace.turn.Lock()
		defer b.pace.turn.Unlock()
	}
	for b.pace.wait(ctx, class) {
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
		if ok && b.pace.left(class, 0, time.Now()) == 0 {
			return place, nil
		}
		b.Gate.Landed(place.Number) // no call is made
	}
	return store.Place{}, ctx.Err()
}
