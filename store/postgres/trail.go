package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Snapshot is a view of everything as it is now, whatever is written meanwhile. Nothing can be written through it, and it must end
// with Rollback.
func (d *DB) Snapshot(ctx context.Context, at time.Time) (*Tx, error) {
	tx, err := d.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, failed("snapshot", err)
	}
	t := d.Begin(at, 0)
	t.tx = tx
	return t, nil
}

// Trail is the audit trail of a recipient.
func (t *Tx) Trail(ctx context.Context, recipient store.ID) (store.Trail, error) {
	trail := store.Trail{Chain: recipient}
	q, err := t.reads(ctx)
	if err != nil {
		return trail, err
	}
	rows, err := q.Query(ctx, `
		select seq, encode(hash, 'hex'), case when kind = 'complaint' then '' else body end
		from events where chain = $1 order by seq`, recipient)
	if err != nil {
		return trail, failed("events", err)
	}
	if trail.Events, err = pgx.CollectRows(rows, pgx.RowToStructByPos[store.Event]); err != nil {
		return trail, failed("events", err)
	}
	rows, err = q.Query(ctx, `
		select p.kind, p.record, p.version, p.field, encode(p.salt, 'hex'), p.value
		from personal p
		join events e on e.kind = p.kind and e.record = p.record and e.version = p.version
		where e.chain = $1 and e.kind <> 'complaint'
		order by e.seq, p.field`, recipient)
	if err != nil {
		return trail, failed("personal values", err)
	}
	if trail.Secrets, err = pgx.CollectRows(rows, pgx.RowToStructByPos[store.Secret]); err != nil {
		return trail, failed("personal values", err)
	}
	r, err := lastRoot(ctx, q, `order by day desc`)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return trail, failed("root", err)
	}
	trail.Root = store.Root{Day: r.Day, Hash: r.Hash, Body: r.Body}
	return trail, nil
}

// NewestRoot is the newest daily root of the audit trail, without its text.
func (t *Tx) NewestRoot(ctx context.Context) (store.Root, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return store.Root{}, err
	}
	var r store.Root
	err = q.QueryRow(ctx, `select day, encode(hash, 'hex') from roots order by day desc limit 1`).Scan(&r.Day, &r.Hash)
	return r, failed("root", err)
}

// Broken is the first link of a trail that does not follow from the one before it, or what its root has otherwise; "" when all is
// whole. Of an event without text its hash is taken as given.
func Broken(trail store.Trail) string {
	var head [32]byte
	for i, e := range trail.Events {
		hash, err := hex.DecodeString(e.Hash)
		switch {
		case e.Seq != int64(i+1):
			return broken("event %d is missing", i+1).Error()
		case err != nil || len(hash) != len(head):
			return broken("event %d has no hash", e.Seq).Error()
		case e.Body != "" && link(head, []byte(e.Body)) != [32]byte(hash):
			return broken("event %d: its hash does not follow from its text and the event before", e.Seq).Error()
		}
		head = [32]byte(hash)
	}
	if trail.Root.Day == "" {
		return ""
	}
	r := Root{Day: trail.Root.Day, Hash: trail.Root.Hash, Body: trail.Root.Body}
	if hashText(r.Body) != r.Hash {
		return broken("root of %s: its hash is not that of its text", r.Day).Error()
	}
	_, chains, err := r.lines()
	if err != nil {
		return broken("root of %s: %s", r.Day, err).Error()
	}
	for _, c := range chains {
		if c.chain != trail.Chain || c.length == 0 {
			continue
		}
		if c.length > int64(len(trail.Events)) || trail.Events[c.length-1].Hash != hex.EncodeToString(c.head) {
			return broken("root of %s: the chain was another up to event %d", r.Day, c.length).Error()
		}
	}
	return ""
}
