package bot

import (
	"sync"
	"time"
)

// lanes hold each chat's updates in order, chats side by side: a chat with something to do has one goroutine.
type lanes struct {
	mu    sync.Mutex
	queue map[int64][]update
	busy  sync.WaitGroup
}

// add puts an update at the end of its chat's lane.
func (l *lanes) add(u update, do func(update)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queue == nil {
		l.queue = make(map[int64][]update)
	}
	waiting, running := l.queue[u.chat]
	l.queue[u.chat] = append(waiting, u)
	if !running {
		l.busy.Go(func() { l.drain(u.chat, do) })
	}
}

func (l *lanes) drain(chat int64, do func(update)) {
	for {
		l.mu.Lock()
		waiting := l.queue[chat]
		if len(waiting) == 0 {
			delete(l.queue, chat)
			l.mu.Unlock()
			return
		}
		u := waiting[0]
		l.queue[chat] = waiting[1:]
		l.mu.Unlock()
		do(u)
	}
}

// drop forgets what waits; it stays in the inbox for the next process.
func (l *lanes) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for chat := range l.queue {
		l.queue[chat] = nil
	}
}

// wait lets each lane finish the update in hand, for at most d, and leaves the rest to the inbox.
func (l *lanes) wait(d time.Duration) {
	l.drop()
	done := make(chan struct{})
	go func() { l.busy.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(d):
	}
}
