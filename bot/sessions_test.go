package bot

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"pendamping/store"
)

// slowLeases answer after some time.
type slowLeases struct {
	Leases
	after time.Duration
}

func (l slowLeases) Acquire(ctx context.Context, _ int64, _ string) (store.Lease, error) {
	select {
	case <-ctx.Done():
		return store.Lease{}, ctx.Err()
	case <-time.After(l.after):
		return store.Lease{Session: []byte("theirs"), Revision: 7}, nil
	}
}

// Redis is waited for longer if nobody else knows what a person has answered already.
func TestRedisIsWaitedFor(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		copy  bool
		alone bool
	}{
		{2 * time.Second, false, false}, {2 * time.Second, true, true}, {6 * time.Second, false, true},
		{0, true, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := newSessions(slowLeases{after: c.after}, "1", nil, slog.New(slog.DiscardHandler))
			if c.copy {
				m.keep(5, sessionCopy{session: []byte("ours"), revision: 6}, false)
			}
			l, err := m.acquire(t.Context(), 5)
			if err != nil || l.local != c.alone {
				t.Errorf("after %v, with a copy: %v; it goes on alone: %v, %v", c.after, c.copy, l.local, err)
			}
		})
	}
}
