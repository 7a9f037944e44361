package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var snapshots = record[store.Snapshot]{
	kind: "snapshot",
	from: `
		select id, version, recipient, visit, month, revenue, profit, capital, workers, permits, by, at
		from snapshots`,
	scan: func(row pgx.CollectableRow) (s store.Snapshot, err error) {
		err = row.Scan(&s.ID, &s.Version, &s.Recipient, (*zeronull.Int8)(&s.Visit), &s.Month, &s.Revenue, &s.Profit,
			&s.Capital,
			&s.Workers, &s.Permits, &s.By, &s.At)
		return s, err
	},
	key: func(s store.Snapshot) (store.ID, int) { return s.ID, s.Version },
}

// Snapshots returns a recipient's snapshots, newest month first.
func (t *Tx) Snapshots(ctx context.Context, recipient store.ID) ([]store.Snapshot, error) {
	return list(ctx, t, snapshots, `where recipient = $1 order by month desc`, recipient)
}

// AddSnapshot adds a month's snapshot; store.ErrConflict when that month has one.
func (t *Tx) AddSnapshot(ctx context.Context, what string, s *store.Snapshot) error {
	c, err := t.fresh(ctx, s.Recipient, &s.ID, &s.Version)
	if err != nil {
		return err
	}
	micros(&s.At)
	t.write(1, "snapshot", `
		insert into snapshots (id, version, recipient, visit, month, revenue, profit, capital, workers, permits, by, at)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, s.Recipient, null(s.Visit), s.Month, s.Revenue, s.Profit, s.Capital, s.Workers, s.Permits, s.By, s.At)
	return add(ctx, t, snapshots, c, what, *s)
}

// PutSnapshot changes a snapshot; whose it is and of which month are for good.
func (t *Tx) PutSnapshot(ctx context.Context, what string, s *store.Snapshot) error {
	c, err := t.chain(ctx, s.Recipient)
	if err != nil {
		return err
	}
	micros(&s.At)
	return put(ctx, t, snapshots, c, what, s, &s.Version, func() {
		t.write(1, "snapshot", `
			update snapshots
			set version = version + 1, visit = $5, revenue = $6, profit = $7, capital = $8, workers = $9, permits = $10,
				by = $11, at = $12
			where id = $1 and version = $2 and recipient = $3 and month = $4`,
			s.ID, s.Version, s.Recipient, s.Month, null(s.Visit), s.Revenue, s.Profit, s.Capital, s.Workers, s.Permits,
			s.By, s.At)
	})
}

var initiatives = record[store.Initiative]{
	kind: "initiative",
	from: `select id, version, recipient, visit, kind, words, result, closed, by, at from initiatives`,
	scan: func(row pgx.CollectableRow) (i store.Initiative, err error) {
		err = row.Scan(&i.ID, &i.Version, &i.Recipient, (*zeronull.Int8)(&i.Visit), &i.Kind, &i.Words, &i.Result,
			(*zeronull.Timestamptz)(&i.Closed), &i.By, &i.At)
		return i, err
	},
	key: func(i store.Initiative) (store.ID, int) { return i.ID, i.Version },
}

// Initiative returns the initiative with that id.
func (t *Tx) Initiative(ctx context.Context, id store.ID) (store.Initiative, error) {
	return one(ctx, t, initiatives, `where id = $1`, id)
}

// Initiatives returns a recipient's initiatives, open ones first, newest first.
func (t *Tx) Initiatives(ctx context.Context, recipient store.ID) ([]store.Initiative, error) {
	return list(ctx, t, initiatives, `where recipient = $1 order by closed is not null, id desc`, recipient)
}

// AddInitiative keeps a new initiative.
func (t *Tx) AddInitiative(ctx context.Context, what string, i *store.Initiative) error {
	c, err := t.fresh(ctx, i.Recipient, &i.ID, &i.Version)
	if err != nil {
		return err
	}
	micros(&i.Closed, &i.At)
	t.write(1, "initiative", `
		insert into initiatives (id, version, recipient, visit, kind, words, result, closed, by, at)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		i.ID, i.Recipient, null(i.Visit), i.Kind, i.Words, i.Result, zeronull.Timestamptz(i.Closed), i.By, i.At)
	return add(ctx, t, initiatives, c, what, *i)
}

// PutInitiative changes an initiative; whose it is, of which kind and who began it are for good.
func (t *Tx) PutInitiative(ctx context.Context, what string, i *store.Initiative) error {
	c, err := t.chain(ctx, i.Recipient)
	if err != nil {
		return err
	}
	micros(&i.Closed, &i.At)
	return put(ctx, t, initiatives, c, what, i, &i.Version, func() {
		t.write(1, "initiative", `
			update initiatives
			set version = version + 1, visit = $6, words = $7, result = $8, closed = $9, at = $10
			where id = $1 and version = $2 and recipient = $3 and kind = $4 and by = $5`,
			i.ID, i.Version, i.Recipient, i.Kind, i.By, null(i.Visit), i.Words, i.Result,
			zeronull.Timestamptz(i.Closed), i.At)
	})
}
