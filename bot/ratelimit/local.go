package ratelimit

import (
	"sync"
	"time"

	"pendamping/store"
)

// Local limits the rate of replies in this process while Redis is away.
type Local struct {
	chats, groups Chats

	mu     sync.Mutex
	recent [store.RepliesASecond]time.Time // a ring of when the most recent replies are sent
	oldest int                             // the index that is replaced next
}

// NewLocal returns a limiter with the rates that Telegram allows to a chat, a group and all chats.
func NewLocal() *Local {
	return &Local{
		chats:  Chats{Every: store.ChatEvery, Burst: 1},
		groups: Chats{Every: store.GroupEvery, Burst: 1},
	}
}

// Take takes a token for a reply to a chat, which may be sent after that time. A reply that yields gets none while
// its share of a second's tokens is used up; it may ask again after that time.
func (l *Local) Take(chat int64, yields store.Yield, now time.Time) (token bool, after time.Duration) {
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
	at := later(now.Add(limit.Take(chat, now)), l.recent[l.oldest].Add(time.Second))
	l.recent[l.oldest] = at
	l.oldest = (l.oldest + 1) % store.RepliesASecond
	return true, at.Sub(now)
}
