package bot

import (
	"context"
	"sync"
	"time"

	"pendamping/store"
)

// chatLimiter lets something happen for each of many chats at a steady rate, with a burst after a rest.
type chatLimiter struct {
	every time.Duration
	burst int

	mu    sync.Mutex
	next  map[int64]time.Time // when the next one is due if they are evenly spaced
	swept int
}

// allChats stands for what all chats share. No chat has this id.
const allChats = 0

// allow takes a chat's token if one is available now.
func (l *chatLimiter) allow(chat int64, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := later(l.next[chat], now)
	if at.Sub(now) > time.Duration(l.burst-1)*l.every {
		return false
	}
	l.put(chat, at.Add(l.every), now)
	return true
}

// put records when a chat's next token is due. The caller holds l.mu.
func (l *chatLimiter) put(chat int64, next, now time.Time) {
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

// take takes a chat's next token and returns how long it is until then.
func (l *chatLimiter) take(chat int64, now time.Time) time.Duration {
	if l == nil || chat == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at := later(l.next[chat], now)
	l.put(chat, at.Add(l.every), now)
	return max(at.Sub(now)-time.Duration(l.burst-1)*l.every, 0)
}

// localLimiter limits the rate of replies in this process while Redis is away.
type localLimiter struct {
	chats, groups chatLimiter

	mu     sync.Mutex
	recent [store.RepliesASecond]time.Time // a ring of when the most recent replies are sent
	oldest int                             // the index that is replaced next
}

func newLocalLimiter() *localLimiter {
	return &localLimiter{
		chats:  chatLimiter{every: store.ChatEvery, burst: 1},
		groups: chatLimiter{every: store.GroupEvery, burst: 1},
	}
}

// take takes a token for a reply to a chat, which may be sent after that time. A reply that yields gets none while
// its share of a second's tokens is used up; it may ask again after that time.
func (l *localLimiter) take(chat int64, yields store.Yield, now time.Time) (token bool, after time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if share := store.RepliesASecond / yields.Share(); yields != store.InTurn {
		last := l.recent[(l.oldest+store.RepliesASecond-share)%store.RepliesASecond]
		if wait := last.Add(time.Second).Sub(now); wait > 0 {
			return false, wait
		}
	}
	limit := &l.chats
	if chat < 0 {
		limit = &l.groups
	}
	at := later(now.Add(limit.take(chat, now)), l.recent[l.oldest].Add(time.Second))
	l.recent[l.oldest] = at
	l.oldest = (l.oldest + 1) % store.RepliesASecond
	return true, at.Sub(now)
}

// takeReplyToken takes a token for a reply to a chat, which may be sent after that time. Without a token it is asked
// for again after that time. A reply that yields goes behind the others when many are sent.
func (b *Bot) takeReplyToken(ctx context.Context, chat int64, yields store.Yield) (token bool, after time.Duration) {
	left := b.backoff.left(store.Reply, chat, time.Now())
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
	return b.localLimiter.take(chat, yields, time.Now())
}

// waitOutPause waits while there is a pause. It returns false if the process stops, or if Redis is away, because then
// only replies are sent.
func (b *Bot) waitOutPause(ctx context.Context) bool {
	return !b.sessions.away.Load() && b.backoff.wait(ctx, store.Bulk)
}

// maxTokenWait is how long a nudge or bulk waits for its chat's rate before others go first.
const maxTokenWait = 1500 * time.Millisecond

// waitForToken waits until a call may be made for a nudge or bulk, as the last thing before that call. The caller
// calls release once the call has its answer. If release is nil there is no token: the chat has one after that time
// or, if that is 0, Redis is away or the process stops.
func (b *Bot) waitForToken(ctx context.Context, class store.Class, chat int64) (release func(), after time.Duration) {
	for b.waitOutPause(ctx) {
		if left := b.backoff.left(class, chat, time.Now()); left > maxTokenWait {
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
	for b.backoff.wait(ctx, class) {
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
		if ok && b.backoff.left(class, 0, time.Now()) == 0 {
			return token, nil
		}
		b.Limiter.Answered(token.Number) // no call is made with it
	}
	return store.Token{}, ctx.Err()
}
