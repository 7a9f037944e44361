package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var remarks = record[store.Remark]{
	kind: "remark",
	from: `
		select id, version, recipient, receipt, kind, by, addressee, at, words, voice, answer, heard, answered
		from remarks`,
	scan: func(row pgx.CollectableRow) (r store.Remark, err error) {
		err = row.Scan(&r.ID, &r.Version, &r.Recipient, &r.Receipt, &r.Kind, &r.By, &r.To, &r.At, &r.Words,
			(*zeronull.Int8)(&r.Voice), &r.Answer, (*zeronull.Int8)(&r.Heard), (*zeronull.Timestamptz)(&r.Answered))
		return r, err
	},
	key: func(r store.Remark) (store.ID, int) { return r.ID, r.Version },
}

// Remark returns the remark with that id.
func (t *Tx) Remark(ctx context.Context, id store.ID) (store.Remark, error) {
	return one(ctx, t, remarks, `where id = $1`, id)
}

// Remarks returns a nota's remarks, oldest first.
func (t *Tx) Remarks(ctx context.Context, receipt store.ID) ([]store.Remark, error) {
	return list(ctx, t, remarks, `where receipt = $1 order by id`, receipt)
}

// RemarksTo returns those that wait for a person's answer, oldest first.
func (t *Tx) RemarksTo(ctx context.Context, person store.ID) ([]store.Remark, error) {
	return list(ctx, t, remarks, `where addressee = $1 and answered is null order by id`, person)
}

// AddRemark keeps a new remark.
func (t *Tx) AddRemark(ctx context.Context, what string, r *store.Remark) error {
	c, err := t.chain(ctx, r.Recipient)
	if err != nil {
		return err
	}
	if r.ID, err = t.newID(ctx); err != nil {
		return err
	}
	r.Version = 1
	micros(&r.At, &r.Answered)
	t.write(1, "remark", `
		insert into remarks
			(id, version, recipient, receipt, kind, by, addressee, at, words, voice, answer, heard, answered)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, r.Recipient, r.Receipt, r.Kind, r.By, r.To, r.At, r.Words, null(r.Voice), r.Answer, null(r.Heard),
		zeronull.Timestamptz(r.Answered))
	return add(ctx, t, remarks, c, what, *r)
}

// PutRemark changes a remark; what it is about and by whom are for good. Who answers it changes with the mentor.
func (t *Tx) PutRemark(ctx context.Context, what string, r *store.Remark) error {
	c, err := t.chain(ctx, r.Recipient)
	if err != nil {
		return err
	}
	micros(&r.At, &r.Answered)
	return put(ctx, t, remarks, c, what, r, &r.Version, func() {
		t.write(1, "remark", `
			update remarks
			set version = version + 1, addressee = $6, kind = $7, at = $8, words = $9, voice = $10, answer = $11, heard = $12, answered = $13
			where id = $1 and version = $2 and recipient = $3 and receipt = $4 and by = $5`,
			r.ID, r.Version, r.Recipient, r.Receipt, r.By, r.To, r.Kind, r.At, r.Words, null(r.Voice), r.Answer,
			null(r.Heard), zeronull.Timestamptz(r.Answered))
	})
}
