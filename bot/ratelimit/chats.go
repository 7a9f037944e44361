// Package ratelimit decides in this process when something may be sent: at a steady rate for each chat, not while
// Telegram asks to wait after a 429, and with no more announcements in flight than the rate needs. The limits that all
// processes share are in Redis.
package ratelimit

import (
	"sync"
	"time"
)

// Chats lets something happen for each of many chats at a steady rate, with a burst after a rest.
type Chats struct {
	Every time.Duration // the time between two of them at the steady rate
	Burst int           // how many may happen at once after a rest, at least 1

	mu    sync.Mutex
	next  map[int64]time.Time // when the next one is due if they are evenly spaced
	swept int
}

// AllChats is the key of what all chats share. No chat has this id.
const AllChats = 0

// Allow takes a chat's token if one is available now.
func (l *Chats) Allow(chat int64, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := later(l.next[chat], now)
	if at.Sub(now) > time.Duration(l.Burst-1)*l.Every {
		return false
	}
	l.put(chat, at.Add(l.Every), now)
	return true
}

// put records when a chat's next token is due. The caller holds l.mu.
func (l *Chats) put(chat int64, next, now time.Time) {
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

// Take takes a chat's next token and returns how long it is until then. A nil Chats has no limit, nor has chat 0.
func (l *Chats) Take(chat int64, now time.Time) time.Duration {
	if l == nil || chat == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at := later(l.next[chat], now)
	l.put(chat, at.Add(l.Every), now)
	return max(at.Sub(now)-time.Duration(l.Burst-1)*l.Every, 0)
}
