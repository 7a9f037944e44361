package bot

import (
	"context"
	"sync"
	"time"
)

// lanes hold what is to be done for each chat in order, chats side by side: a chat with something to do has one goroutine.
type lanes struct {
	mu    sync.Mutex
	queue map[int64][]func()
	quiet chan struct{} // closed when the last of them is empty
	busy  sync.WaitGroup
}

// add puts work at the end of a chat's lane.
func (l *lanes) add(chat int64, do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queue == nil {
		l.queue = make(map[int64][]func())
	}
	waiting, running := l.queue[chat]
	l.queue[chat] = append(waiting, do)
	if !running {
		l.busy.Go(func() { l.drain(chat) })
	}
}

func (l *lanes) drain(chat int64) {
	for {
		l.mu.Lock()
		waiting := l.queue[chat]
		if len(waiting) == 0 {
			delete(l.queue, chat)
			if len(l.queue) == 0 && l.quiet != nil {
				close(l.quiet)
				l.quiet = nil
			}
			l.mu.Unlock()
			return
		}
		do := waiting[0]
		l.queue[chat] = waiting[1:]
		l.mu.Unlock()
		do()
	}
}

// calm waits until nothing is to be done for any chat, for at most d.
func (l *lanes) calm(ctx context.Context, d time.Duration) {
	l.mu.Lock()
	if len(l.queue) == 0 {
		l.mu.Unlock()
		return
	}
	if l.quiet == nil {
		l.quiet = make(chan struct{})
	}
	quiet := l.quiet
	l.mu.Unlock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-quiet:
	case <-timer.C:
	}
}

// drop forgets what waits; it stays in the inbox and the outbox for the next process.
func (l *lanes) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for chat := range l.queue {
		l.queue[chat] = nil
	}
}

// wait lets each lane finish what is in hand, for at most d, and drops the rest.
func (l *lanes) wait(d time.Duration) {
	l.drop()
	done := make(chan struct{})
	go func() { l.busy.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(d):
	}
}
