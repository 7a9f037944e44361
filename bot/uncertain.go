package bot

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// uncertainUpdates are updates whose Accept failed, so that nobody knows whether they are durable: the answer to a
// commit may be lost with its connection. Telegram delivers them again, but one that was kept already isn't fresh
// then, and nobody would handle it.
type uncertainUpdates struct {
	mu   sync.Mutex
	list map[int64]uncertainUpdate
}

type uncertainUpdate struct {
	update update
	since  time.Time
}

const (
	// uncertainAfter is how long an update is left to Telegram, which delivers it again at once, before it is looked
	// up.
	uncertainAfter = 2 * time.Second
	// uncertainUntil is how long an update is looked up. One that was not kept until then comes again.
	uncertainUntil = time.Minute
)

// add remembers updates whose Accept failed, except those that were looked up for long enough.
func (d *uncertainUpdates) add(list ...uncertainUpdate) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.list == nil {
		d.list = make(map[int64]uncertainUpdate)
	}
	for _, one := range list {
		if time.Since(one.since) < uncertainUntil {
			d.list[one.update.ID] = one
		}
	}
}

// take removes and returns the uncertain updates that is selects. The caller settles them or adds them again.
func (d *uncertainUpdates) take(is func(uncertainUpdate) bool) []uncertainUpdate {
	d.mu.Lock()
	defer d.mu.Unlock()
	var taken []uncertainUpdate
	for id, one := range d.list {
		if is(one) {
			taken = append(taken, one)
			delete(d.list, id)
		}
	}
	slices.SortFunc(taken, func(a, b uncertainUpdate) int { return cmp.Compare(a.update.ID, b.update.ID) })
	return taken
}

// settleUncertain dispatches the updates that are kept in this process's name, and adds the others again.
func (b *Bot) settleUncertain(ctx context.Context, list []uncertainUpdate) {
	if len(list) == 0 {
		return
	}
	ids := make([]int64, len(list))
	for i, one := range list {
		ids[i] = one.update.ID
	}
	held, err := b.Records.HeldUpdates(ctx, b.Process.Number(), ids)
	if err != nil {
		b.uncertain.add(list...)
		return
	}
	var kept []update
	for _, one := range list {
		if slices.Contains(held, one.update.ID) {
			kept = append(kept, one.update)
		} else {
			b.uncertain.add(one)
		}
	}
	b.metrics.received.Add(float64(len(kept)))
	b.dispatch(kept)
}

// watchUncertain looks up updates that Telegram delivers to another process, or not again.
func (b *Bot) watchUncertain(ctx context.Context) {
	for sleep(ctx, uncertainAfter) {
		due := b.uncertain.take(func(d uncertainUpdate) bool { return time.Since(d.since) >= uncertainAfter })
		b.settleUncertain(ctx, due)
	}
}
