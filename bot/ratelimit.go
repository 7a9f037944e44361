package bot

import (
	"context"
	"time"

	"pendamping/bot/ratelimit"
	"pendamping/store"
)

// takeReplyToken takes a token for a reply to a chat, which may be sent after that time. Without a token it is asked
// for again after that time. A reply that yields goes behind the others when many are sent.
func (b *Bot) takeReplyToken(ctx context.Context, chat int64, yields store.Yield) (token bool, after time.Duration) {
	left := b.backoff.Left(store.Reply, chat, time.Now())
	if left > 0 || b.Rate == 0 { // without a rate only 429s are obeyed
		return left == 0, left
	}
	if !b.sessions.away.Load() {
		call, cancel := context.WithTimeout(ctx, leaseTimeout)
		ok, after, err := b.Limiter.TakeReply(call, chat, yields)
		cancel()
		if err == nil {
			return ok, after
		}
		b.sessions.noteError(ctx, err)
	}
	return b.localLimiter.Take(chat, yields, time.Now())
}

// waitOutPause waits while there is a pause. It returns false if the process stops, or if Redis is away, because then
// only replies are sent.
func (b *Bot) waitOutPause(ctx context.Context) bool {
	return !b.sessions.away.Load() && b.backoff.Wait(ctx, store.Bulk)
}

// maxTokenWait is how long a nudge or bulk waits for its chat's rate before others go first.
const maxTokenWait = 1500 * time.Millisecond

// waitForToken waits until a call may be made for a nudge or bulk, as the last thing before that call. The caller
// calls release once the call has its answer. If release is nil there is no token: the chat has one after that time
// or, if that is 0, Redis is away or the process stops.
func (b *Bot) waitForToken(ctx context.Context, class store.Class, chat int64) (release func(), after time.Duration) {
	for b.waitOutPause(ctx) {
		if left := b.backoff.Left(class, chat, time.Now()); left > maxTokenWait {
			return nil, left
		}
		if b.Rate == 0 && class == store.Bulk { // a load test
			return func() {}, 0
		}
		token, err := b.takeToken(ctx, class, chat)
		switch {
		case err != nil:
			b.sessions.noteError(ctx, err)
		case token.Number > 0:
			return func() { b.Limiter.Answered(token.Number) }, 0
		case token.Chat && token.After > maxTokenWait:
			return nil, token.After
		}
		sleep(ctx, token.After)
	}
	return nil, 0
}

// idleWait is how long bulk waits for the last update in hand, so that replies have the machine to themselves. The
// rate limiter tolerates a caller that is this late.
const idleWait = 20 * time.Millisecond

// takeToken asks the rate limiter for a token and waits until it is due. It returns without one if the chat itself
// has to wait.
func (b *Bot) takeToken(ctx context.Context, class store.Class, chat int64) (store.Token, error) {
	if class == store.Bulk { // more than one goroutine would only ask in vain
		b.bulkTokens.Lock()
		defer b.bulkTokens.Unlock()
	}
	for b.backoff.Wait(ctx, class) {
		token, err := b.Limiter.Take(ctx, class, chat, b.Rate)
		if err != nil || token.Chat {
			return token, err
		}
		ok := sleep(ctx, token.After)
		if token.Number == 0 {
			continue
		}
		if class == store.Bulk {
			b.queues.waitIdle(ctx, idleWait)
		}
		if ok && b.backoff.Left(class, 0, time.Now()) == 0 {
			return token, nil
		}
		b.Limiter.Answered(token.Number) // no call is made with it
	}
	return store.Token{}, ctx.Err()
}

// obey429 applies a 429 that a message of a class met in a chat, in all processes.
func (b *Bot) obey429(ctx context.Context, class store.Class, chat int64, after time.Duration) {
	if after > ratelimit.MaxPause {
		b.longPauses.Begin(nil, "seconds", after.Seconds())
		after = ratelimit.MaxPause
	}
	all, bulk := b.backoff.Note429(class, chat, after, time.Now())
	if all {
		b.pauses.Begin(nil, "seconds", after.Seconds())
	}
	if b.sessions.away.Load() {
		return
	}
	err := b.Limiter.PauseChat(ctx, chat, after)
	if err == nil && bulk {
		err = b.Limiter.PauseBulk(ctx, after)
	}
	if err == nil && all {
		err = b.Limiter.Pause(ctx, after)
	}
	if err != nil {
		b.sessions.noteError(ctx, err)
	}
}

// pausesEndAfter is how long after a pause of all chats another one still counts as the same episode in the log.
const pausesEndAfter = 30 * time.Second

// endEpisodes ends the episodes that are over once nothing has happened for a while.
func (b *Bot) endEpisodes(now time.Time) {
	if b.backoff.Left(store.Reply, 0, now) == 0 {
		b.pauses.EndAfter(pausesEndAfter)
	}
	b.longPauses.EndAfter(ratelimit.MaxPause)
	b.strangers.crowd.EndAfter(crowdEndsAfter)
}

// watchPauses takes over the pauses that other processes were told to make.
func (b *Bot) watchPauses(ctx context.Context) {
	cuts, asked := int64(-1), time.Now()
	for sleep(ctx, 250*time.Millisecond) {
		b.heartbeats.Beat("pauses", time.Minute)
		if b.Telegram.TokenRejected() && time.Since(asked) > b.TokenCheck {
			_, err := b.Telegram.Me(ctx) // the token may be valid again
			b.metrics.call("getMe", err)
			asked = time.Now()
		}
		b.noticeTelegram()
		b.endEpisodes(time.Now())
		if b.sessions.away.Load() {
			continue
		}
		p, err := b.Limiter.Paused(ctx)
		if err != nil {
			b.sessions.noteError(ctx, err)
			continue
		}
		b.backoff.Extend(p.All, p.Bulk, time.Now())
		if cuts >= 0 && p.Cuts > cuts {
			b.Log.Warn("the clock of Redis was set back under a pause, which was cut", "pauses", p.Cuts-cuts)
			b.metrics.cuts.Add(float64(p.Cuts - cuts))
		}
		cuts = p.Cuts
	}
}
