package bot

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"pendamping/store"
)

// memory is the sessions in Redis, with a copy of the last ones in this process: replies go on while Redis is away, and a
// chat whose session Redis lost goes on from the copy.
type memory struct {
	lanes Lanes
	gone  func(ctx context.Context, process int64) (bool, error)
	owner string
	away  atomic.Bool // set by lose and found only
	log   episode

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

// laneTime is how long a call for a lane may take before Redis counts as away, and lostTime how long when this process has no copy of the
// chat's session: without Redis the person is asked again what they have answered already.
const (
	laneTime = time.Second
	lostTime = 5 * time.Second
)

func newMemory(l Lanes, owner string, gone func(context.Context, int64) (bool, error), log *slog.Logger) *memory {
	return &memory{lanes: l, owner: owner, gone: gone, kept: make(map[int64]copied), log: episode{log: log,
		began: "redis is away: replies go on, announcements wait", ended: "redis is back", steady: serverSteady}}
}

// lose notes that Redis does not answer.
func (m *memory) lose(err error) {
	m.away.Store(true)
	m.log.begin(err)
}

// found notes that Redis answers again.
func (m *memory) found() { m.away.Store(false) }

// lane is a chat's lane, as it was entered.
type lane struct {
	store.Lane
	chat  int64
	alone bool // entered without Redis
}

// enter waits for a chat's lane and returns what is remembered of the chat.
func (m *memory) enter(ctx context.Context, chat int64) (lane, error) {
	asked := time.Time{} // when it was last asked whether who is in has ended
	for !m.away.Load() {
		limit := lostTime
		if m.copy(chat).session != nil {
			limit = laneTime
		}
		call, cancel := context.WithTimeout(ctx, limit)
		l, err := m.lanes.Enter(call, chat, m.owner)
		cancel()
		if err != nil {
			if ctx.Err() != nil {
				return lane{}, ctx.Err()
			}
			m.lose(err)
			break
		}
		if l.Busy > 0 {
			if time.Since(asked) > 200*time.Millisecond {
				m.evict(ctx, chat, l.Owner)
				asked = time.Now()
			}
			if !sleep(ctx, min(l.Busy, 20*time.Millisecond)) {
				return lane{}, ctx.Err()
			}
			continue
		}
		switch k := m.copy(chat); {
		case k.ahead && k.revision > l.Revision:
			// Redis gets what it missed first, so that the next write is the newest whoever is late.
			if err := m.give(ctx, chat, k); err != nil {
				m.lose(err)
				continue
			}
			l.Session, l.Revision = k.session, k.revision
		case l.Session == nil:
			l.Session = k.session
		}
		return lane{Lane: l, chat: chat}, nil
	}
	k := m.copy(chat)
	return lane{Lane: store.Lane{Session: k.session, Revision: k.revision}, chat: chat, alone: true}, nil
}

// evict lets a lane go that belongs to a process which has ended, so that its chats need not wait for its time to run out.
func (m *memory) evict(ctx context.Context, chat int64, owner string) {
	n, err := strconv.ParseInt(owner, 10, 64)
	if err != nil {
		return
	}
	if gone, err := m.gone(ctx, n); err == nil && gone {
		_ = m.lanes.Evict(ctx, chat, owner) // else its time runs out
	}
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
		m.lose(err)
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
func (m *memory) watch(ctx context.Context, beat func()) {
	for sleep(ctx, 250*time.Millisecond) {
		beat()
		if !m.away.Load() {
			m.log.end()
			continue
		}
		call, cancel := context.WithTimeout(ctx, laneTime)
		err := m.lanes.Ping(call)
		cancel()
		if err != nil {
			continue
		}
		m.found()
		m.mu.Lock()
		missed := make(map[int64]copied)
		for chat, k := range m.kept {
			if k.ahead {
				missed[chat] = k
			}
		}
		m.mu.Unlock()
		for chat, k := range missed {
			if err := m.give(ctx, chat, k); err != nil {
				m.lose(err)
				break
			}
		}
	}
}

// lost is what somebody else notices of Redis: it is away.
func (m *memory) lost(ctx context.Context, err error) {
	if ctx.Err() == nil {
		m.lose(err)
	}
}

// give writes a session that Redis missed, unless it has a newer one.
func (m *memory) give(ctx context.Context, chat int64, k copied) error {
	call, cancel := context.WithTimeout(ctx, laneTime)
	defer cancel()
	if _, err := m.lanes.Restore(call, chat, k.session, k.revision); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.kept[chat]; now.revision == k.revision {
		now.ahead = false
		m.kept[chat] = now
	}
	return nil
}
