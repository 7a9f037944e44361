package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var entries = record[store.Entry]{
	kind: "entry",
	from: `select id, version, recipient, number, kind, state, amount, day, pos, note, by, at from entries`,
	scan: func(row pgx.CollectableRow) (e store.Entry, err error) {
		err = row.Scan(&e.ID, &e.Version, &e.Recipient, &e.Number, &e.Kind, &e.State, &e.Amount, &e.Day, &e.Pos,
			&e.Note,
			(*zeronull.Int8)(&e.By), &e.At)
		return e, err
	},
	key: func(e store.Entry) (store.ID, int) { return e.ID, e.Version },
}

// Entries returns the book's movements that are not notas, newest number first.
func (t *Tx) Entries(ctx context.Context, recipient store.ID) ([]store.Entry, error) {
	return list(ctx, t, entries, `where recipient = $1 order by number desc`, recipient)
}

// AddEntry takes the recipient's next entry number and keeps the entry. Without a state it stands.
func (t *Tx) AddEntry(ctx context.Context, what string, e *store.Entry) error {
	if err := day("entry", e.Day); err != nil {
		return err
	}
	c, err := t.book(ctx, e.Recipient)
	if err != nil {
		return err
	}
	if e.ID, err = t.newID(ctx); err != nil {
		return err
	}
	c.entries++
	e.Version, e.Number = 1, c.entries
	if e.State == "" {
		e.State = store.EntryStands
	}
	micros(&e.At)
	t.write(1, "entry", `
		insert into entries (id, version, recipient, number, kind, state, amount, day, pos, note, by, at)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.ID, e.Recipient, e.Number, e.Kind, e.State, e.Amount, e.Day, e.Pos, e.Note, null(e.By), e.At)
	return add(ctx, t, entries, c, what, *e)
}

// PutEntry changes an entry; its recipient and number are for good.
func (t *Tx) PutEntry(ctx context.Context, what string, e *store.Entry) error {
	if err := day("entry", e.Day); err != nil {
		return err
	}
	c, err := t.book(ctx, e.Recipient)
	if err != nil {
		return err
	}
	micros(&e.At)
	return put(ctx, t, entries, c, what, e, &e.Version, func() {
		t.write(1, "entry", `
			update entries
			set version = version + 1, kind = $5, state = $6, amount = $7, day = $8, pos = $9, note = $10, by = $11, at = $12
			where id = $1 and version = $2 and recipient = $3 and number = $4`,
			e.ID, e.Version, e.Recipient, e.Number, e.Kind, e.State, e.Amount, e.Day, e.Pos, e.Note, null(e.By), e.At)
	})
}
