package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// ClaimBulk gives a process up to limit rows of running announcements that are due into its hands, the oldest announcement's
// first. Nobody else gets them; it must Mark each, also with store.Queued to give it back. What a paused or cancelled one
// has left is given to nobody.
func (d *DB) ClaimBulk(ctx context.Context, holder int64, at time.Time, limit int) ([]store.Delivery, error) {
	rows, err := d.pool.Query(ctx, `
		with next as (
			select o.id, b.edition
			from (select id, edition from broadcasts where state = 'running' order by id) b
			cross join lateral (
				select id from outbox
				where broadcast = b.id and state = 'queued' and holder is null and due <= $2
				order by due, id limit $3 for update skip locked
			) o
			limit $3
		)
		update outbox o set holder = $1, tries = tries + 1, edition = nullif(next.edition, 0)
		from next where o.id = next.id
		returning o.id, o.chat, o.language, o.tries, o.broadcast, next.edition`, holder, at, limit)
	if err != nil {
		return nil, failed("outbox", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b store.Delivery, err error) {
		b.Message.Class, b.State = store.Bulk, store.Queued
		return b, row.Scan(&b.ID, &b.Message.Chat, &b.Language, &b.Tries, &b.Broadcast, &b.Edition)
	})
	return list, failed("outbox", err)
}

// NextBulk is when ClaimBulk will have something next: the given time when it has now, the zero time when nothing waits.
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
