package bot

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"pendamping/store"
)

// memory is the sessions in Redis, with a copy of the last ones in this process: replies go on while Redis is away, and a
// chat whose session Redis lost goes on from the copy.
type memory struct {
	lanes Lanes
	owner string
	away  atomic.Bool

	mu   sync.Mutex
	kept map[int64]copied
}

type copied struct {
	session  []byte
	revision int64
	ahead    bool // Redis does not have it
}

// mostCopies bounds the copies of sessions that Redis has too.
const mostCopies = 20_000

// laneTime is how long a call for a lane may take before Redis counts as away.
const laneTime = time.Second

func newMemory(l Lanes, owner string) *memory {
	return &memory{lanes: l, owner: owner, kept: make(map[int64]copied)}
}

// lane is a chat's lane, as it was entered.
type lane struct {
	store.Lane
	chat  int64
	alone bool // entered without Redis
}

// enter waits for a chat's lane and returns what is remembered of the chat.
func (m *memory) enter(ctx context.Context, chat int64) (lane, error) {
	for !m.away.Load() {
		call, cancel := context.WithTimeout(ctx, laneTime)
		l, err := m.lanes.Enter(call, chat, m.owner)
		cancel()
		if err != nil {
			if ctx.Err() != nil {
				return lane{}, ctx.Err()
			}
			m.away.Store(true)
			break
		}
		if l.Busy > 0 {
			if !sleep(ctx, min(l.Busy, 20*time.Millisecond)) {
				return lane{}, ctx.Err()
			}
			continue
		}
		if k := m.copy(chat); k.ahead || l.Session == nil {
			l.Session = k.session
		}
		return lane{Lane: l, chat: chat}, nil
	}
	k := m.copy(chat)
	return lane{Lane: store.Lane{Session: k.session, Revision: k.revision}, chat: chat, alone: true}, nil
}

// leave keeps the session (nil: as it was) and lets the lane go. ErrConflict says that another process took the lane.
func (m *memory) leave(ctx context.Context, l lane, session []byte) error {
	if !l.alone {
		call, cancel := context.WithTimeout(context.WithoutCancel(ctx), laneTime)
		err := m.lanes.Leave(call, l.chat, m.owner, l.Revision, session)
		cancel()
		if err == nil || errors.Is(err, store.ErrConflict) {
			m.keep(l.chat, copied{session: session, revision: l.Revision + 1}, err != nil)
			return err
		}
		m.away.Store(true)
	}
	if session != nil {
		m.keep(l.chat, copied{session: session, revision: l.Revision + 1, ahead: true}, false)
	}
	return nil
}

func (m *memory) copy(chat int64) copied {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[chat]
}

func (m *memory) keep(chat int64, c copied, forget bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if forget {
		delete(m.kept, chat)
		return
	}
	if c.session == nil {
		return
	}
	m.kept[chat] = c
	for old, k := range m.kept {
		if len(m.kept) <= mostCopies {
			break
		}
		if !k.ahead && old != chat {
			delete(m.kept, old)
		}
	}
}

// watch sees when Redis is back, and gives it what it missed.
func (m *memory) watch(ctx context.Context) {
	for sleep(ctx, 250*time.Millisecond) {
		if !m.away.Load() {
			continue
		}
		call, cancel := context.WithTimeout(ctx, laneTime)
		err := m.lanes.Ping(call)
		cancel()
		if err != nil {
			continue
		}
		m.away.Store(false)
		m.mu.Lock()
		missed := make(map[int64]copied)
		for chat, k := range m.kept {
			if k.ahead {
				missed[chat] = k
			}
		}
		m.mu.Unlock()
		for chat, k := range missed {
			if _, err := m.lanes.Restore(ctx, chat, k.session, k.revision); err != nil {
				m.away.Store(true)
				break
			}
			m.mu.Lock()
			if now := m.kept[chat]; now.revision == k.revision {
				now.ahead = false
				m.kept[chat] = now
			}
			m.mu.Unlock()
		}
	}
}
