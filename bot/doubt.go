package bot

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// doubts are updates whose Accept failed, so that nobody knows whether they are durable: the answer of a commit may be lost with its
// connection. Telegram offers them again, but one that is kept already is not fresh then, and nobody would handle it.
type doubts struct {
	mu   sync.Mutex
	list map[int64]doubt
}

type doubt struct {
	update update
	since  time.Time
}

const (
	// doubtRest is how long an update is left to Telegram, which offers it again at once, before it is looked for.
	doubtRest = 2 * time.Second
	// doubtEnd is how long an update is looked for. One that was not kept until then comes again.
	doubtEnd = time.Minute
)

// add notes updates whose Accept failed, but none that has been looked for long enough.
func (d *doubts) add(list ...doubt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.list == nil {
		d.list = make(map[int64]doubt)
	}
	for _, one := range list {
		if time.Since(one.since) < doubtEnd {
			d.list[one.update.ID] = one
		}
	}
}

// take gives the doubtful ones among updates and forgets them. Whoever takes them settles them, or adds them again.
func (d *doubts) take(is func(doubt) bool) []doubt {
	d.mu.Lock()
	defer d.mu.Unlock()
	var taken []doubt
	for id, one := range d.list {
		if is(one) {
			taken = append(taken, one)
			delete(d.list, id)
		}
	}
	slices.SortFunc(taken, func(a, b doubt) int { return cmp.Compare(a.update.ID, b.update.ID) })
	return taken
}

// settleDoubts dispatches those of the doubtful updates that are kept in this process's hands, and adds the others again.
func (b *Bot) settleDoubts(ctx context.Context, list []doubt) {
	if len(list) == 0 {
		return
	}
	ids := make([]int64, len(list))
	for i, one := range list {
		ids[i] = one.update.ID
	}
	held, err := b.Records.HeldUpdates(ctx, b.Process.Number(), ids)
	if err != nil {
		b.doubts.add(list...)
		return
	}
	var kept []update
	for _, one := range list {
		if slices.Contains(held, one.update.ID) {
			kept = append(kept, one.update)
		} else {
			b.doubts.add(one)
		}
	}
	b.metrics.received.Add(float64(len(kept)))
	b.dispatch(kept)
}

// watchDoubts looks for doubtful updates that Telegram offers to another process, or not again.
func (b *Bot) watchDoubts(ctx context.Context) {
	for sleep(ctx, doubtRest) {
		b.settleDoubts(ctx, b.doubts.take(func(d doubt) bool { return time.Since(d.since) >= doubtRest }))
	}
}
