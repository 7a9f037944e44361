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
//
// Telegram may deliver one just while it is looked up. Then either the call that accepts it or the lookup dispatches
// it: the lookup leaves it to the call while that is under way, and forgets what a call has found fresh.
type uncertainUpdates struct {
	mu       sync.Mutex
	list     map[int64]uncertainUpdate
	lookedUp map[int64]bool // those that a caller of take or offer has in hand
	offered  map[int64]int  // by how many calls of Accept under way
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
	for _, one := range list {
		d.put(one)
	}
}

// put does what add does for one; d is locked.
func (d *uncertainUpdates) put(one uncertainUpdate) {
	delete(d.lookedUp, one.update.ID)
	if time.Since(one.since) >= uncertainUntil {
		return
	}
	if d.list == nil {
		d.list = make(map[int64]uncertainUpdate)
	}
	d.list[one.update.ID] = one
}

// take removes and returns, in order, those that are due and that no call offers. The caller settles them.
func (d *uncertainUpdates) take() []uncertainUpdate {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.takeIf(func(one uncertainUpdate) bool {
		return time.Since(one.since) >= uncertainAfter && d.offered[one.update.ID] == 0
	})
}

// offer notes that a call of Accept has begun for those updates, and takes the uncertain ones among them.
func (d *uncertainUpdates) offer(list []update) []uncertainUpdate {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.offered == nil {
		d.offered = make(map[int64]int)
	}
	mine := make(map[int64]bool, len(list))
	for _, u := range list {
		mine[u.ID] = true
		d.offered[u.ID]++
	}
	return d.takeIf(func(one uncertainUpdate) bool { return mine[one.update.ID] })
}

// takeIf removes and returns those that is selects; d is locked.
func (d *uncertainUpdates) takeIf(is func(uncertainUpdate) bool) (taken []uncertainUpdate) {
	for id, one := range d.list {
		if is(one) {
			taken = append(taken, one)
			delete(d.list, id)
			if d.lookedUp == nil {
				d.lookedUp = make(map[int64]bool)
			}
			d.lookedUp[id] = true
		}
	}
	slices.SortFunc(taken, func(a, b uncertainUpdate) int { return cmp.Compare(a.update.ID, b.update.ID) })
	return taken
}

// accepted notes that a call of Accept for those updates has ended. What was fresh is certain, whoever looks it up.
func (d *uncertainUpdates) accepted(list []update, fresh []int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, u := range list {
		if d.offered[u.ID]--; d.offered[u.ID] == 0 {
			delete(d.offered, u.ID)
		}
	}
	for _, id := range fresh {
		delete(d.list, id)
		delete(d.lookedUp, id)
	}
}

// settle returns the updates to dispatch of those that were looked up, and puts the others back. A call that offers
// one decides about it.
func (d *uncertainUpdates) settle(list []uncertainUpdate, held []int64) (kept []update) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range list {
		switch id := one.update.ID; {
		case !d.lookedUp[id]: // it came, fresh, meanwhile
		case d.offered[id] == 0 && slices.Contains(held, id):
			delete(d.lookedUp, id)
			kept = append(kept, one.update)
		default:
			d.put(one)
		}
	}
	return kept
}

// settleUncertain dispatches the updates that are kept in this process's name, and puts the others back.
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
		held = nil
	}
	kept := b.uncertain.settle(list, held)
	b.metrics.received.Add(float64(len(kept)))
	b.dispatch(kept)
}

// watchUncertain looks up updates that Telegram delivers to another process, or not again.
func (b *Bot) watchUncertain(ctx context.Context) {
	for sleep(ctx, uncertainAfter) {
		b.settleUncertain(ctx, b.uncertain.take())
	}
}
