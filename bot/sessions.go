package bot

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"pendamping/bot/health"
	"pendamping/store"
)

// sessions are people's sessions in Redis, with copies of the recent ones in this process. Replies go on while Redis
// is away, and a chat whose session Redis lost goes on from the copy.
type sessions struct {
	leases Leases
	gone   func(ctx context.Context, process int64) (bool, error)
	owner  string
	away   atomic.Bool // only markAway and markBack set it
	outage health.Episode

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
	return &sessions{
		leases: l, owner: owner, gone: gone, copies: make(map[int64]sessionCopy),
		outage: health.Episode{
			Log: log, Steady: serverSteady,
			Began: "redis is away: replies go on, announcements wait", Ended: "redis is back",
		},
	}
}

// markAway notes that Redis doesn't answer.
func (s *sessions) markAway(err error) {
	s.away.Store(true)
	s.outage.Begin(err)
}

// markBack notes that Redis answers again.
func (s *sessions) markBack() { s.away.Store(false) }

// lease is a chat's lease, as it was acquired.
type lease struct {
	store.Lease
	chat  int64
	local bool // acquired without Redis
}

// acquire waits for a chat's lease and returns it with the chat's session.
func (s *sessions) acquire(ctx context.Context, chat int64) (lease, error) {
	asked := time.Time{} // when we last asked whether the holder has ended
	for !s.away.Load() {
		limit := leaseTimeoutWithoutCopy
		if s.copyOf(chat).session != nil {
			limit = leaseTimeout
		}
		call, cancel := context.WithTimeout(ctx, limit)
		l, err := s.leases.Acquire(call, chat, s.owner)
		cancel()
		if err != nil {
			if ctx.Err() != nil {
				return lease{}, ctx.Err()
			}
			s.markAway(err)
			break
		}
		if l.Busy > 0 {
			if time.Since(asked) > 200*time.Millisecond {
				s.expire(ctx, chat, l.Owner)
				asked = time.Now()
			}
			if !sleep(ctx, min(l.Busy, 20*time.Millisecond)) {
				return lease{}, ctx.Err()
			}
			continue
		}
		switch c := s.copyOf(chat); {
		case c.ahead && c.revision > l.Revision:
			// Redis first gets what it missed, so that the next write is the newest, whoever is late.
			if err := s.writeBack(ctx, chat, c); err != nil {
				s.markAway(err)
				continue
			}
			l.Session, l.Revision = c.session, c.revision
		case l.Session == nil:
			l.Session = c.session
		}
		return lease{Lease: l, chat: chat}, nil
	}
	c := s.copyOf(chat)
	return lease{Lease: store.Lease{Session: c.session, Revision: c.revision}, chat: chat, local: true}, nil
}

// expire ends the lease of a process that is gone, so that its chats need not wait for the lease to run out.
func (s *sessions) expire(ctx context.Context, chat int64, owner string) {
	n, err := strconv.ParseInt(owner, 10, 64)
	if err != nil {
		return
	}
	if gone, err := s.gone(ctx, n); err == nil && gone {
		_ = s.leases.Expire(ctx, chat, owner) // or else it runs out
	}
}

// release keeps the session, unless it is nil, and ends the lease. store.ErrConflict says that another process took
// the lease.
func (s *sessions) release(ctx context.Context, l lease, session []byte) error {
	if !l.local {
		call, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseTimeout)
		err := s.leases.Release(call, l.chat, s.owner, l.Revision, session)
		cancel()
		if err == nil || errors.Is(err, store.ErrConflict) {
			s.keep(l.chat, sessionCopy{session: session, revision: l.Revision + 1}, err != nil)
			return err
		}
		s.markAway(err)
	}
	if session != nil {
		s.keep(l.chat, sessionCopy{session: session, revision: l.Revision + 1, ahead: true}, false)
	}
	return nil
}

func (s *sessions) copyOf(chat int64) sessionCopy {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.copies[chat]
}

func (s *sessions) keep(chat int64, c sessionCopy, forget bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if forget {
		delete(s.copies, chat)
		return
	}
	if c.session == nil {
		return
	}
	s.copies[chat] = c
	for old, kept := range s.copies {
		if len(s.copies) <= maxCopies {
			break
		}
		if !kept.ahead && old != chat {
			delete(s.copies, old)
		}
	}
}

// watch notices when Redis is back, and writes what it missed.
func (s *sessions) watch(ctx context.Context, beat func()) {
	for sleep(ctx, 250*time.Millisecond) {
		beat()
		if !s.away.Load() {
			s.outage.End()
			continue
		}
		call, cancel := context.WithTimeout(ctx, leaseTimeout)
		err := s.leases.Ping(call)
		cancel()
		if err != nil {
			continue
		}
		s.markBack()
		s.mu.Lock()
		missed := make(map[int64]sessionCopy)
		for chat, c := range s.copies {
			if c.ahead {
				missed[chat] = c
			}
		}
		s.mu.Unlock()
		for chat, c := range missed {
			if err := s.writeBack(ctx, chat, c); err != nil {
				s.markAway(err)
				break
			}
		}
	}
}

// noteError notes that a call of Redis failed elsewhere.
func (s *sessions) noteError(ctx context.Context, err error) {
	if ctx.Err() == nil {
		s.markAway(err)
	}
}

// writeBack writes a session that Redis missed, unless Redis has a newer one.
func (s *sessions) writeBack(ctx context.Context, chat int64, c sessionCopy) error {
	call, cancel := context.WithTimeout(ctx, leaseTimeout)
	defer cancel()
	if _, err := s.leases.Restore(call, chat, c.session, c.revision); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.copies[chat]; now.revision == c.revision {
		now.ahead = false
		s.copies[chat] = now
	}
	return nil
}
