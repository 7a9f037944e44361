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

// sessions are people's sessions in Redis, with copies of the recent ones in this process. Replies go on while Redis
// is away, and a chat whose session Redis lost goes on from the copy.
type sessions struct {
	leases Leases
	gone   func(ctx context.Context, process int64) (bool, error)
	owner  string
	away   atomic.Bool // only markAway and markBack set it
	outage episode

	mu     sync.Mutex
	copies map[int64]sessionCopy
}

type sessionCopy struct {
	session  []byte
	revision int64
	ahead    bool // Redis doesn't have it yet
}

// maxCopies bounds the copies of sessions that Redis has too.
const maxCopies = 20_000

// Redis counts as away if a call for a lease takes leaseTimeout. Without a copy of the session it gets more time,
// because otherwise the person would be asked again what they answered already.
const (
	leaseTimeout            = time.Second
	leaseTimeoutWithoutCopy = 5 * time.Second
)

func newSessions(l Leases, owner string, gone func(context.Context, int64) (bool, error), log *slog.Logger) *sessions {
	return &sessions{leases: l, owner: owner, gone: gone, copies: make(map[int64]sessionCopy), outage: episode{log: log,
		began: "redis is away: replies go on, announcements wait", ended: "redis is back", steady: serverSteady}}
}

// markAway notes that Redis doesn't answer.
func (m *sessions) markAway(err error) {
	m.away.Store(true)
	m.outage.begin(err)
}

// markBack notes that Redis answers again.
func (m *sessions) markBack() { m.away.Store(false) }

// lease is a chat's lease, as it was acquired.
type lease struct {
	store.Lane
	chat  int64
	local bool // acquired without Redis
}

// acquire waits for a chat's lease and returns it with the chat's session.
func (m *sessions) acquire(ctx context.Context, chat int64) (lease, error) {
	asked := time.Time{} // when we last asked whether the holder has ended
	for !m.away.Load() {
		limit := leaseTimeoutWithoutCopy
		if m.copyOf(chat).session != nil {
			limit = leaseTimeout
		}
		call, cancel := context.WithTimeout(ctx, limit)
		l, err := m.leases.Enter(call, chat, m.owner)
		cancel()
		if err != nil {
			if ctx.Err() != nil {
				return lease{}, ctx.Err()
			}
			m.markAway(err)
			break
		}
		if l.Busy > 0 {
			if time.Since(asked) > 200*time.Millisecond {
				m.expire(ctx, chat, l.Owner)
				asked = time.Now()
			}
			if !sleep(ctx, min(l.Busy, 20*time.Millisecond)) {
				return lease{}, ctx.Err()
			}
			continue
		}
		switch k := m.copyOf(chat); {
		case k.ahead && k.revision > l.Revision:
			// Redis first gets what it missed, so that the next write is the newest, whoever is late.
			if err := m.writeBack(ctx, chat, k); err != nil {
				m.markAway(err)
				continue
			}
			l.Session, l.Revision = k.session, k.revision
		case l.Session == nil:
			l.Session = k.session
		}
		return lease{Lane: l, chat: chat}, nil
	}
	k := m.copyOf(chat)
	return lease{Lane: store.Lane{Session: k.session, Revision: k.revision}, chat: chat, local: true}, nil
}

// expire ends the lease of a process that is gone, so that its chats need not wait for the lease to run out.
func (m *sessions) expire(ctx context.Context, chat int64, owner string) {
	n, err := strconv.ParseInt(owner, 10, 64)
	if err != nil {
		return
	}
	if gone, err := m.gone(ctx, n); err == nil && gone {
		_ = m.leases.Evict(ctx, chat, owner) // or else it runs out
	}
}

// release keeps the session, unless it is nil, and ends the lease. store.ErrConflict says that another process took
// the lease.
func (m *sessions) release(ctx context.Context, l lease, session []byte) error {
	if !l.local {
		call, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseTimeout)
		err := m.leases.Leave(call, l.chat, m.owner, l.Revision, session)
		cancel()
		if err == nil || errors.Is(err, store.ErrConflict) {
			m.keep(l.chat, sessionCopy{session: session, revision: l.Revision + 1}, err != nil)
			return err
		}
		m.markAway(err)
	}
	if session != nil {
		m.keep(l.chat, sessionCopy{session: session, revision: l.Revision + 1, ahead: true}, false)
	}
	return nil
}

func (m *sessions) copyOf(chat int64) sessionCopy {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.copies[chat]
}

func (m *sessions) keep(chat int64, c sessionCopy, forget bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if forget {
		delete(m.copies, chat)
		return
	}
	if c.session == nil {
		return
	}
	m.copies[chat] = c
	for old, k := range m.copies {
		if len(m.copies) <= maxCopies {
			break
		}
		if !k.ahead && old != chat {
			delete(m.copies, old)
		}
	}
}

// watch notices when Redis is back, and writes what it missed.
func (m *sessions) watch(ctx context.Context, beat func()) {
	for sleep(ctx, 250*time.Millisecond) {
		beat()
		if !m.away.Load() {
			m.outage.end()
			continue
		}
		call, cancel := context.WithTimeout(ctx, leaseTimeout)
		err := m.leases.Ping(call)
		cancel()
		if err != nil {
			continue
		}
		m.markBack()
		m.mu.Lock()
		missed := make(map[int64]sessionCopy)
		for chat, k := range m.copies {
			if k.ahead {
				missed[chat] = k
			}
		}
		m.mu.Unlock()
		for chat, k := range missed {
			if err := m.writeBack(ctx, chat, k); err != nil {
				m.markAway(err)
				break
			}
		}
	}
}

// noteError notes that a call of Redis failed elsewhere.
func (m *sessions) noteError(ctx context.Context, err error) {
	if ctx.Err() == nil {
		m.markAway(err)
	}
}

// writeBack writes a session that Redis missed, unless Redis has a newer one.
func (m *sessions) writeBack(ctx context.Context, chat int64, k sessionCopy) error {
	call, cancel := context.WithTimeout(ctx, leaseTimeout)
	defer cancel()
	if _, err := m.leases.Restore(call, chat, k.session, k.revision); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.copies[chat]; now.revision == k.revision {
		now.ahead = false
		m.copies[chat] = now
	}
	return nil
}
