package bot

import (
	"context"
	"slices"
	"sync"
	"time"
)

// beats know when each loop last went round. Times are monotonic: neither a step of the clock nor a suspended machine makes a loop late.
type beats struct {
	mu    sync.Mutex
	loops map[string]beat
}

type beat struct {
	last    time.Time
	promise time.Duration // until the next
}

// beat notes that a loop goes round, and promises when it will again.
func (b *beats) beat(loop string, promise time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.loops == nil {
		b.loops = make(map[string]beat)
	}
	b.loops[loop] = beat{time.Now(), promise}
}

// end forgets all loops: they have ended.
func (b *beats) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.loops)
}

// late names the loops that broke their promise; what they could not help, such as an outage that was over so long ago, counts as a
// beat.
func (b *beats) late(now time.Time, excused time.Time) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for name, l := range b.loops {
		last := l.last
		if excused.After(last) {
			last = excused
		}
		if now.Sub(last) > l.promise {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// sendPromise is for loops that wait for Telegram and for the gate. A pause or an outage excuses them.
const sendPromise = 15 * time.Minute

// watchMemory sees when Redis is back.
func (b *Bot) watchMemory(ctx context.Context) {
	b.memory.watch(ctx, func() { b.beats.beat("sessions", time.Minute) })
}

// hung names the loops that hang. While PostgreSQL or Telegram is away or all sending is paused, a loop that waits is well: ending the process
// would mend nothing.
func (b *Bot) hung(ctx context.Context) []string {
	now := time.Now()
	late := b.beats.late(now, time.Time{})
	if len(late) == 0 {
		return nil
	}
	paused := b.backoff.end()
	if on, _ := b.silent.now(); on || now.Before(paused) || b.answers(ctx) != nil {
		return nil
	}
	excused := paused
	for _, e := range []*episode{&b.postgres, &b.readOnly, &b.silent} {
		if ago, ok := e.over(); ok && now.Add(-ago).After(excused) {
			excused = now.Add(-ago)
		}
	}
	return b.beats.late(now, excused)
}

// awayAfter is how many calls in a row Telegram leaves without an answer before it counts as away.
const awayAfter = 5

// denialPause is for how long a token that is not valid pauses everything at a time. It is made longer as long as the token is not.
const denialPause = 2 * time.Second

// noticeTelegram logs when Telegram stops answering or does not take the token any more, and when it does again. While it does not take
// the token nothing is sent by this process: another may have a newer token.
func (b *Bot) noticeTelegram() {
	if b.Telegram.TokenRejected() {
		b.metrics.denied.Set(1)
		b.denied.begin(nil)
		b.backoff.extend(denialPause, denialPause, time.Now())
	} else {
		b.metrics.denied.Set(0)
		b.denied.end()
	}
	switch n := b.Telegram.Unanswered(); {
	case n == 0:
		b.silent.end()
	case n >= awayAfter:
		b.silent.begin(nil)
	}
}
