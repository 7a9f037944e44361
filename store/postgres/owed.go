package postgres

import (
	"context"
	"time"

	"pendamping/store"
)

// OwedFor are the replies that an update's commit queued and that are not known to be sent.
func (d *DB) OwedFor(ctx context.Context, update int64) ([]store.Delivery, error) {
	return deliveries(d.pool.Query(ctx, `
		select `+deliveryColumns+` from outbox o
		where o.update_id = $1 and o.state = 'queued' and o.holder is not null order by o.id`, update))
}

// FilesToFetch are files whose bytes are not here, in the order of their ids, after one of them.
func (d *DB) FilesToFetch(ctx context.Context, after store.ID, limit int) ([]store.File, error) {
	return list(ctx, d.Begin(time.Time{}, 0), files, `where sha256 is null and id > $1 order by id limit $2`, int64(after), limit)
}

// KeepRoot makes the root of a day, or finds the one that was made, and returns its hash.
func (d *DB) KeepRoot(ctx context.Context, day store.Day) (hash string, err error) {
	r, err := d.Root(ctx, day)
	return r.Hash, err
}

// Clock is the database's time, to compare clocks with.
func (d *DB) Clock(ctx context.Context) (at time.Time, err error) {
	err = d.pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&at)
	return at, failed("clock", err)
}

// Gone tells whether a process has ended and was taken over from.
func (d *DB) Gone(ctx context.Context, process int64) (gone bool, err error) {
	err = d.pool.QueryRow(ctx, `select not exists (select from processes where id = $1)`, process).Scan(&gone)
	return gone, failed("process", err)
}

// Number tells this process from the others.
func (p *Process) Number() int64 { return p.ID }

// Waiting counts the updates that are durable and not done.
func (d *DB) Waiting(ctx context.Context) (n int, err error) {
	err = d.pool.QueryRow(ctx, `select count(*) from inbox where state in (0, 1)`).Scan(&n)
	return n, failed("inbox", err)
}
