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
// then, and nobody would handle it. So they are looked up, both when they are delivered again and every two seconds.
// Whoever finds one first dispatches it.
type uncertainUpdates struct {
	mu   sync.Mutex
	list map[int64]uncertainUpdate
}

type uncertainUpdate struct {
	update update
	since  time.Time
	holder int64 // the process number in whose name it was dispatched; 0 for none yet
}

const (
	// uncertainAfter is how long an update is left to Telegram, which delivers it again at once, before it is looked
	// up.
	uncertainAfter = 2 * time.Second
	// uncertainUntil is how long an update is looked up. One that was not kept until then comes again.
	uncertainUntil = time.Minute
	// uncertainKept is how long it is remembered, longer than a lookup takes that began just before.
	uncertainKept = 2 * time.Minute
)

// add remembers updates whose Accept failed.
func (d *uncertainUpdates) add(list []update) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.list == nil {
		d.list = make(map[int64]uncertainUpdate)
	}
	for _, u := range list {
		if _, known := d.list[u.ID]; !known {
			d.list[u.ID] = uncertainUpdate{update: u, since: time.Now()}
		}
	}
}

// due returns the updates to look up, in order: those that nobody has dispatched and that is selects.
func (d *uncertainUpdates) due(is func(uncertainUpdate) bool) []update {
	d.mu.Lock()
	defer d.mu.Unlock()
	var due []update
	for id, one := range d.list {
		switch age := time.Since(one.since); {
		case age >= uncertainKept:
			delete(d.list, id)
		case age < uncertainUntil && one.holder == 0 && is(one):
			due = append(due, one.update)
		}
	}
	slices.SortFunc(due, func(a, b update) int { return cmp.Compare(a.ID, b.ID) })
	return due
}

// claim dispatches updates through do in the name of a process number, except those that were uncertain and have been
// dispatched in that name before. Two that claim at once do so one after the other, so that no update overtakes.
func (d *uncertainUpdates) claim(holder int64, list []update, do func(update)) (claimed int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, u := range list {
		if one, uncertain := d.list[u.ID]; uncertain {
			if one.holder == holder {
				continue
			}
			one.holder = holder
			d.list[u.ID] = one
		}
		do(u)
		claimed++
	}
	return claimed
}

// settleUncertain dispatches those updates that are kept in this process's name.
func (b *Bot) settleUncertain(ctx context.Context, holder int64, list []update) {
	if len(list) == 0 {
		return
	}
	ids := make([]int64, len(list))
	for i, u := range list {
		ids[i] = u.ID
	}
	held, err := b.Records.HeldUpdates(ctx, holder, ids)
	if err != nil {
		return // they are looked up again
	}
	list = slices.DeleteFunc(list, func(u update) bool { return !slices.Contains(held, u.ID) })
	b.metrics.received.Add(float64(b.dispatch(holder, list)))
}

// watchUncertain looks up updates that Telegram delivers to another process, or not again.
func (b *Bot) watchUncertain(ctx context.Context) {
	for sleep(ctx, uncertainAfter) {
		due := b.uncertain.due(func(d uncertainUpdate) bool { return time.Since(d.since) >= uncertainAfter })
		b.settleUncertain(ctx, b.Process.Number(), due)
	}
}
