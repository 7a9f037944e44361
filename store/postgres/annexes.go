package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var annexes = record[store.Annex]{
	kind: "annex",
	from: `
		select id, version, recipient, edition, kind, file, note, number, day, until, place, stamped, by, at, dropped
		from annexes`,
	scan: func(row pgx.CollectableRow) (a store.Annex, err error) {
		err = row.Scan(&a.ID, &a.Version, &a.Recipient, &a.Edition, &a.Kind, (*zeronull.Int8)(&a.File), &a.Note,
			&a.Number, &a.Day, &a.Until,
			&a.Place, &a.Stamped, &a.By, &a.At, (*zeronull.Timestamptz)(&a.Dropped))
		return a, err
	},
	key: func(a store.Annex) (store.ID, int) { return a.ID, a.Version },
}

// Annexes returns a recipient's annexes that were not taken out, oldest first.
func (t *Tx) Annexes(ctx context.Context, recipient store.ID) ([]store.Annex, error) {
	return list(ctx, t, annexes, `where recipient = $1 and dropped is null order by id`, recipient)
}

// Annex returns the annex with that id.
func (t *Tx) Annex(ctx context.Context, id store.ID) (store.Annex, error) {
	return one(ctx, t, annexes, `where id = $1`, id)
}

// AddAnnex keeps a new annex.
func (t *Tx) AddAnnex(ctx context.Context, what string, a *store.Annex) error {
	for _, d := range []store.Day{a.Day, a.Until} {
		if err := day("annex", d); err != nil {
			return err
		}
	}
	c, err := t.fresh(ctx, a.Recipient, &a.ID, &a.Version)
	if err != nil {
		return err
	}
	micros(&a.At, &a.Dropped)
	t.write(1, "annex", `
		insert into annexes (id, version, recipient, edition, kind, file, note, number, day, until, place, stamped, by, at, dropped)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		a.ID, a.Recipient, a.Edition, a.Kind, null(a.File), a.Note, a.Number, a.Day, a.Until, a.Place, a.Stamped, a.By,
		a.At,
		zeronull.Timestamptz(a.Dropped))
	return add(ctx, t, annexes, c, what, *a)
}

// PutAnnex takes an annex out, or in again; what it is is for good.
func (t *Tx) PutAnnex(ctx context.Context, what string, a *store.Annex) error {
	c, err := t.chain(ctx, a.Recipient)
	if err != nil {
		return err
	}
	micros(&a.At, &a.Dropped)
	return put(ctx, t, annexes, c, what, a, &a.Version, func() {
		t.write(1, "annex", `
			update annexes
			set version = version + 1, dropped = $5
			where id = $1 and version = $2 and recipient = $3 and edition = $4`,
			a.ID, a.Version, a.Recipient, a.Edition, zeronull.Timestamptz(a.Dropped))
	})
}

var seals = record[store.Seal]{
	kind: "seal",
	from: `select id, version, recipient, edition, code, hash, received, spent, deposited, data, by, at from seals`,
	scan: func(row pgx.CollectableRow) (s store.Seal, err error) {
		err = row.Scan(&s.ID, &s.Version, &s.Recipient, &s.Edition, &s.Code, &s.Hash, &s.Received, &s.Spent,
			&s.Deposited,
			&s.Data, &s.By, &s.At)
		return s, err
	},
	key: func(s store.Seal) (store.ID, int) { return s.ID, s.Version },
}

// SealByCode returns what was printed with a code.
func (t *Tx) SealByCode(ctx context.Context, code string) (store.Seal, error) {
	return one(ctx, t, seals, `where code = $1`, code)
}

// Seals returns a recipient's seals, newest first, at most limit, without their data.
func (t *Tx) Seals(ctx context.Context, recipient store.ID, limit int) ([]store.Seal, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		select id, version, recipient, edition, code, hash, received, spent, deposited, '', by, at
		from seals where recipient = $1 order by id desc limit $2`, recipient, limit)
	if err != nil {
		return nil, failed("seals", err)
	}
	found, err := pgx.CollectRows(rows, seals.scan)
	return found, failed("seals", err)
}

// AddSeal keeps what is printed. It can't be changed.
func (t *Tx) AddSeal(ctx context.Context, what string, s *store.Seal) error {
	c, err := t.fresh(ctx, s.Recipient, &s.ID, &s.Version)
	if err != nil {
		return err
	}
	micros(&s.At)
	t.write(1, "seal", `
		insert into seals (id, version, recipient, edition, code, hash, received, spent, deposited, data, by, at)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, s.Recipient, s.Edition, s.Code, s.Hash, s.Received, s.Spent, s.Deposited, s.Data, s.By, s.At)
	return add(ctx, t, seals, c, what, *s)
}
