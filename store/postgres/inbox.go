package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Accept keeps updates for a process and returns the ids of those that were not known yet, in order. Once it returns
// without an error they are on the disk and may be acknowledged.
func (d *DB) Accept(ctx context.Context, holder int64, updates []store.Update) ([]int64, error) {
	ids, chats := make([]int64, len(updates)), make([]int64, len(updates))
	times, payloads := make([]time.Time, len(updates)), make([][]byte, len(updates))
	for i, u := range updates {
		ids[i], chats[i], times[i], payloads[i] = u.ID, u.Chat, micro(u.At), some(u.Payload)
	}
	// In order, so that two processes with the same updates never wait for one another in a circle.
	rows, err := d.pool.Query(ctx, `
		insert into inbox (id, chat, at, payload, holder)
		select u.id, u.chat, u.at, u.payload, $5
		from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bytea[]) u (id, chat, at, payload)
		order by u.id
		on conflict (id) do nothing
		returning id`, ids, chats, times, payloads, holder)
	if err != nil {
		return nil, failed("inbox", err)
	}
	fresh, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return fresh, failed("inbox", err)
}

// HeldUpdates returns those of the updates that are durable, not done, and in a process's hands, in order.
func (d *DB) HeldUpdates(ctx context.Context, holder int64, ids []int64) ([]int64, error) {
	rows,
		err := d.pool.Query(ctx,
		`select id from inbox where id = any ($2) and holder = $1 and state in (0, 1) order by id`, holder, ids)
	if err != nil {
		return nil, failed("inbox", err)
	}
	held, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return held, failed("inbox", err)
}

// Done forgets what the updates said and keeps that they came.
func (d *DB) Done(ctx context.Context, ids []int64) error {
	_, err := d.pool.Exec(ctx, `
		update inbox set state = 2, payload = null, session = null, reason = null
		where id = any ($1) and state <> 2`, ids)
	return failed("inbox", err)
}

// Fail counts a try that failed and returns how many did so far; store.ErrNotFound when the update is not open any
// more.
func (d *DB) Fail(ctx context.Context, id int64, reason string) (tries int, err error) {
	err = d.pool.QueryRow(ctx, `
		update inbox set tries = tries + 1, reason = $2 where id = $1 and state in (0, 1)
		returning tries`, id, reason).Scan(&tries)
	return tries, failed("update", err)
}

// Quarantine sets an update aside so that it can't block its chat; store.ErrNotFound when it is not open any more.
func (d *DB) Quarantine(ctx context.Context, id int64, reason string) error {
	tag, err := d.pool.Exec(ctx, `update inbox set state = 3, reason = $2 where id = $1 and state in (0, 1)`, id,
		reason)
	if err == nil && tag.RowsAffected() == 0 {
		err = store.ErrNotFound
	}
	return failed("update", err)
}

// QuarantinedUpdate is an update that is not tried any more, and why.
type QuarantinedUpdate struct {
	ID     int64
	At     time.Time
	Tries  int
	Reason string
}

// Quarantined returns the quarantined updates, oldest first.
func (d *DB) Quarantined(ctx context.Context) ([]QuarantinedUpdate, error) {
	rows, err := d.pool.Query(ctx, `select id, at, tries, coalesce(reason, '') from inbox where state = 3 order by id`)
	if err != nil {
		return nil, failed("inbox", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[QuarantinedUpdate])
	return list, failed("inbox", err)
}

// CountQuarantined returns how many updates are quarantined.
func (d *DB) CountQuarantined(ctx context.Context) (n int, err error) {
	err = d.pool.QueryRow(ctx, `select count(*) from inbox where state = 3`).Scan(&n)
	return n, failed("inbox", err)
}

// RetryQuarantined gives all quarantined updates a new start, for whoever recovers next, and returns how many.
func (d *DB) RetryQuarantined(ctx context.Context) (int, error) {
	tag, err := d.pool.Exec(ctx, `
		update inbox set state = case when session is null then 0 else 1 end, tries = 0, holder = null
		where state = 3`)
	return int(tag.RowsAffected()), failed("inbox", err)
}

// PendingIn returns the open updates of a chat that came before a given one, in order: what the last lease holder left.
func (d *DB) PendingIn(ctx context.Context, chat, before int64) ([]store.Pending, error) {
	return pendings(d.pool.Query(ctx, `
		select id, chat, at, payload, tries, state, session from inbox
		where chat = $1 and id < $2 and state in (0, 1) order by id`, chat, before))
}

// Held returns the next open updates of a chat that a process holds, in order, after a given one.
func (d *DB) Held(ctx context.Context, holder, chat, after int64, limit int) ([]store.Pending, error) {
	return pendings(d.pool.Query(ctx, `
		select id, chat, at, payload, tries, state, session from inbox
		where chat = $1 and id > $2 and holder = $3 and state in (0, 1) order by id limit $4`, chat, after, holder, limit))
}

// Waiting counts the updates that are durable and not done.
func (d *DB) Waiting(ctx context.Context) (n int, err error) {
	err = d.pool.QueryRow(ctx, `select count(*) from inbox where state in (0, 1)`).Scan(&n)
	return n, failed("inbox", err)
}

// Prune deletes what is done and came before that time, and returns how many. Telegram offers an update again for 24
// hours, so it must be well longer ago than that.
func (d *DB) Prune(ctx context.Context, before time.Time) (int, error) {
	tag, err := d.pool.Exec(ctx, `delete from inbox where state = 2 and at < $1`, before)
	return int(tag.RowsAffected()), failed("inbox", err)
}

// pendings reads the columns id, chat, at, payload, tries, state, session.
func pendings(rows pgx.Rows, err error) ([]store.Pending, error) {
	if err != nil {
		return nil, failed("inbox", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.Pending, error) {
		var p store.Pending
		var state int16
		err := row.Scan(&p.ID, &p.Chat, &p.At, &p.Payload, &p.Tries, &state, &p.Session)
		if state == 1 {
			p.Session = some(p.Session)
		} else {
			p.Session = nil
		}
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: inbox: %w", err)
	}
	return list, nil
}

// some returns the bytes, empty but never nil: nil is null.
func some(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
