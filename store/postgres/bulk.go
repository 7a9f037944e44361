package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// front is where claiming goes on. What was claimed leaves dead entries in the index until they are vacuumed away, and
// whoever starts from the beginning walks over all of them: at the end of a long announcement that takes longer than
// the claim itself.
type front struct {
	mu        sync.Mutex
	broadcast store.ID
	due       time.Time
	id        store.ID
	since     time.Time // of the beginning
}

// afresh is how often claiming starts from the beginning, to find what was given back meanwhile.
const afresh = time.Second

// from returns the row after which claiming goes on; zeros for the beginning.
func (f *front) from() (broadcast store.ID, due time.Time, id store.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broadcast == 0 || time.Since(f.since) > afresh {
		f.broadcast, f.since = 0, time.Now()
	}
	return f.broadcast, f.due, f.id
}

// move goes on behind what was claimed, or from the beginning when that was not all that was wanted.
func (f *front) move(list []store.Delivery, wanted int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broadcast = 0
	if len(list) < max(wanted, 1) {
		return
	}
	last := slices.MaxFunc(list, func(a, b store.Delivery) int {
		return cmp.Or(cmp.Compare(a.Broadcast, b.Broadcast), a.Message.Due.Compare(b.Message.Due),
			cmp.Compare(a.ID, b.ID))
	})
	f.broadcast, f.due, f.id = last.Broadcast, last.Message.Due, last.ID
}

// ClaimBulk gives a process up to limit rows of running announcements that are due into its hands, the oldest
// announcement's first. Nobody else gets them; it must call KeepOutcomes for each, also with store.Queued to give it
// back: that is found again when all that comes after it is claimed, or a second later. What a paused or cancelled one
// has left is given to nobody. Outcomes that are known by then go along in the same commit, see KeepOutcomes.
func (d *DB) ClaimBulk(
	ctx context.Context, holder int64, at time.Time, limit int, outcomes []store.DeliveryOutcome,
) ([]store.Delivery, error) {
	cast, due, id := d.front.from()
	b := &pgx.Batch{}
	if len(outcomes) > 0 {
		queueOutcomes(b, at, outcomes)
	}
	var list []store.Delivery
	// not an argument: for a limit that it doesn't know the server makes a new plan each time
	wanted := strconv.Itoa(limit)
	b.Queue(`
		with next as (
			select o.id, b.edition
			from (select id, edition from broadcasts where state = 'running' and id >= $3 order by id) b
			cross join lateral (
				select id from outbox
				where broadcast = b.id and state = 'queued' and holder is null and due <= $2
					and (due, id) > (case when b.id = $3 then $4::timestamptz else '-infinity' end, $5)
				order by due, id limit `+wanted+` for update skip locked
			) o
			limit `+wanted+`
		)
		update outbox o set holder = $1, tries = tries + 1, edition = nullif(next.edition, 0)
		from next where o.id = next.id
		returning o.id, o.chat, o.due, o.language, o.tries, o.broadcast, next.edition`, holder, at, cast, due, id).
		Query(func(rows pgx.Rows) (err error) {
			list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (b store.Delivery, err error) {
				b.Message.Class, b.State = store.Bulk, store.Queued
				return b, row.Scan(&b.ID, &b.Message.Chat, &b.Message.Due, &b.Language, &b.Tries, &b.Broadcast,
					&b.Edition)
			})
			return err
		})
	if err := d.pool.SendBatch(ctx, b).Close(); err != nil {
		return nil, failed("outbox", err)
	}
	d.front.move(list, limit)
	return list, nil
}

// NextBulk returns when ClaimBulk has the next row: the given time when it has one now, the zero time when none waits.
func (d *DB) NextBulk(ctx context.Context, at time.Time) (time.Time, error) {
	var next time.Time
	err := d.pool.QueryRow(ctx, `
		select greatest(min(o.due), $1)
		from broadcasts b
		cross join lateral (
			select due from outbox where broadcast = b.id and state = 'queued' and holder is null order by due limit 1
		) o
		where b.state = 'running'
		having min(o.due) is not null`, micro(at)).Scan(&next)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, nil
	}
	return next, failed("outbox", err)
}
