package bot

import (
	"context"
	"slices"
	"sync"
	"time"
)

// heartbeats know when each loop last went round. Their times are monotonic, so that neither a clock step nor a
// suspended machine makes a loop late.
type heartbeats struct {
	mu    sync.Mutex
	loops map[string]heartbeat
}

type heartbeat struct {
	last     time.Time
	deadline time.Duration // for the next beat
}

// beat notes that a loop goes round, and until when it will again.
func (b *heartbeats) beat(loop string, deadline time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.loops == nil {
		b.loops = make(map[string]heartbeat)
	}
	b.loops[loop] = heartbeat{time.Now(), deadline}
}

// end forgets all loops, because they have ended.
func (b *heartbeats) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.loops)
}

// late names the loops that missed their deadline. Time before excused doesn't count, such as that of an outage.
func (b *heartbeats) late(now time.Time, excused time.Time) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for name, l := range b.loops {
		last := l.last
		if excused.After(last) {
			last = excused
		}
		if now.Sub(last) > l.deadline {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// sendDeadline is for loops that wait for Telegram and for the rate limiter. A pause or an outage excuses them.
const sendDeadline = 15 * time.Minute

// watchSessions notices when Redis is back.
func (b *Bot) watchSessions(ctx context.Context) {
	b.sessions.watch(ctx, func() { b.heartbeats.beat("sessions", time.Minute) })
}

// hungLoops names the loops that hang. While PostgreSQL or Telegram is away, or all sending is paused, a waiting loop
// is healthy, because ending the process would mend nothing.
func (b *Bot) hungLoops(ctx context.Context) []string {
	now := time.Now()
	late := b.heartbeats.late(now, time.Time{})
	if len(late) == 0 {
		return nil
	}
	paused := b.backoff.end()
	if on, _ := b.telegramAway.now(); on || now.Before(paused) || b.checkPostgres(ctx) != nil {
		return nil
	}
	excused := paused
	for _, e := range []*episode{&b.postgresAway, &b.readOnly, &b.telegramAway} {
		if ago, ok := e.over(); ok && now.Add(-ago).After(excused) {
			excused = now.Add(-ago)
		}
	}
	return b.heartbeats.late(now, excused)
}

// awayAfter is after how many unanswered calls in a row Telegram counts as away.
const awayAfter = 5

// denialPause is how long a rejected token pauses everything. The pause is renewed while the token stays rejected.
const denialPause = 2 * time.Second

// noticeTelegram logs when Telegram stops answering or rejects the token, and when that is over. While the token is
// rejected this process sends nothing; another may have a newer token.
func (b *Bot) noticeTelegram() {
	if b.Telegram.TokenRejected() {
		b.metrics.denied.Set(1)
		b.tokenRejected.begin(nil)
		b.backoff.extend(denialPause, denialPause, time.Now())
	} else {
		b.metrics.denied.Set(0)
		b.tokenRejected.end()
	}
	switch n := b.Telegram.Unanswered(); {
	case n == 0:
		b.telegramAway.end()
	case n >= awayAfter:
		b.telegramAway.begin(nil)
	}
}
