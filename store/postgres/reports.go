package postgres

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// closing are the states in which a book takes nothing, as store.ReportState.Closes has them.
const closing = `'verified', 'signed', 'uploaded', 'accepted'`

var reports = record[store.Report]{
	kind: "report",
	from: `
		select id, version, recipient, edition, state, at, by, nullif(hands, '{}'), coalesce(review, '{}'), nullif(wrong, '{}'), approval,
			coalesce(upload, '{}'), coalesce(result, '{}'), late, reopened
		from reports`,
	scan: func(row pgx.CollectableRow) (r store.Report, err error) {
		err = row.Scan(&r.ID, &r.Version, &r.Recipient, &r.Edition, &r.State, (*zeronull.Timestamptz)(&r.At),
			(*zeronull.Int8)(&r.By),
			&r.Hands, &r.Review, &r.Wrong, (*zeronull.Int8)(&r.Approval), &r.Upload, &r.Result, &r.Late, &r.Reopened)
		return r, err
	},
	key: func(r store.Report) (store.ID, int) { return r.ID, r.Version },
}

// Report returns a recipient's newest edition.
func (t *Tx) Report(ctx context.Context, recipient store.ID) (store.Report, error) {
	return one(ctx, t, reports, `where recipient = $1 order by edition desc`, recipient)
}

// ReportByID returns the report with that id.
func (t *Tx) ReportByID(ctx context.Context, id store.ID) (store.Report, error) {
	return one(ctx, t, reports, `where id = $1`, id)
}

// Reports returns a recipient's editions, newest first.
func (t *Tx) Reports(ctx context.Context, recipient store.ID) ([]store.Report, error) {
	return list(ctx, t, reports, `where recipient = $1 order by edition desc`, recipient)
}

// ReportsToReview returns the sent ones that a reviewer is to look at, oldest first: a mentor's groups', and for a
// coordinator those of the place whose mentor has a hand in them or that have none.
func (t *Tx) ReportsToReview(ctx context.Context, reviewer store.Person, hands []store.ID) ([]store.Report, error) {
	return list(ctx, t, reports, `
		where state = 'sent' and not hands && coalesce($5::bigint[], '{}') and recipient in (
			select g.id from recipients g
			where case when $1 = 'koordinator'
				then ($3 = '' or lower(g.province) = lower($3)) and ($4 = '' or lower(g.regency) = lower($4))
					and (g.mentor is null or g.mentor = any (reports.hands))
				else g.mentor = $2 end)
		order by at, id`, reviewer.Role, reviewer.ID, reviewer.Province, reviewer.Regency, hands)
}

// object returns a part of a record as its column has it: null for none.
func object[T comparable](v T) any {
	var none T
	if v == none {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err // no column takes it
	}
	return string(b)
}

// AddReport adds a recipient's next edition. Without a state it is drafted.
func (t *Tx) AddReport(ctx context.Context, what string, r *store.Report) error {
	older, err := t.Reports(ctx, r.Recipient)
	if err != nil {
		return err
	}
	c, err := t.fresh(ctx, r.Recipient, &r.ID, &r.Version)
	if err != nil {
		return err
	}
	r.Edition = len(older) + 1 // another that came first has the number, and this one is a conflict
	if r.State == "" {
		r.State = store.ReportDrafted
	}
	micros(&r.At, &r.Review.At, &r.Upload.At, &r.Result.At)
	t.write(1, "report", `
		insert into reports (id, version, recipient, edition, state, at, by, hands, review, wrong, approval, upload, result, late, reopened)
		values ($1, 1, $2, $3, $4, $5, $6, coalesce($7, '{}'::bigint[]), $8, coalesce($9, '{}'::text[]), $10, $11, $12, $13, $14)`,
		r.ID, r.Recipient, r.Edition, r.State, zeronull.Timestamptz(r.At), null(r.By), r.Hands, decision(r.Review),
		r.Wrong,
		null(r.Approval), object(r.Upload), object(r.Result), r.Late, r.Reopened)
	return add(ctx, t, reports, c, what, *r)
}

// PutReport changes a report; its recipient and edition are for good.
func (t *Tx) PutReport(ctx context.Context, what string, r *store.Report) error {
	c, err := t.chain(ctx, r.Recipient)
	if err != nil {
		return err
	}
	micros(&r.At, &r.Review.At, &r.Upload.At, &r.Result.At)
	return put(ctx, t, reports, c, what, r, &r.Version, func() {
		t.write(1, "report", `
			update reports
			set version = version + 1, state = $5, at = $6, by = $7, hands = coalesce($8, '{}'::bigint[]), review = $9,
				wrong = coalesce($10, '{}'::text[]), approval = $11, upload = $12, result = $13, late = $14, reopened = $15
			where id = $1 and version = $2 and recipient = $3 and edition = $4`,
			r.ID, r.Version, r.Recipient, r.Edition, r.State, zeronull.Timestamptz(r.At), null(r.By), r.Hands,
			decision(r.Review), r.Wrong,
			null(r.Approval), object(r.Upload), object(r.Result), r.Late, r.Reopened)
	})
}

// book returns the chain of a recipient whose book is open. One that closed since its state was read is a conflict: the
// work is done anew and meets the facts.
func (t *Tx) book(ctx context.Context, recipient store.ID) (*chain, error) {
	c, err := t.chain(ctx, recipient)
	if err == nil {
		t.write(0, "closed book", `select from reports where recipient = $1 and state in (`+closing+`)`, recipient)
	}
	return c, err
}

var chapters = record[store.Chapter]{
	kind: "chapter",
	from: `select id, version, recipient, code, text, voice, comment, proposal, advisor, by, at from chapters`,
	scan: func(row pgx.CollectableRow) (c store.Chapter, err error) {
		err = row.Scan(&c.ID, &c.Version, &c.Recipient, &c.Code, &c.Text, (*zeronull.Int8)(&c.Voice), &c.Comment,
			&c.Proposal,
			(*zeronull.Int8)(&c.Advisor), (*zeronull.Int8)(&c.By), (*zeronull.Timestamptz)(&c.At))
		return c, err
	},
	key: func(c store.Chapter) (store.ID, int) { return c.ID, c.Version },
}

// Chapters returns a recipient's chapters, in no order.
func (t *Tx) Chapters(ctx context.Context, recipient store.ID) ([]store.Chapter, error) {
	return list(ctx, t, chapters, `where recipient = $1 order by id`, recipient)
}

// Chapter returns the chapter with that id.
func (t *Tx) Chapter(ctx context.Context, id store.ID) (store.Chapter, error) {
	return one(ctx, t, chapters, `where id = $1`, id)
}

// AddChapter adds a chapter; store.ErrConflict when the recipient has one with that code.
func (t *Tx) AddChapter(ctx context.Context, what string, ch *store.Chapter) error {
	c, err := t.fresh(ctx, ch.Recipient, &ch.ID, &ch.Version)
	if err != nil {
		return err
	}
	micros(&ch.At)
	t.write(1, "chapter", `
		insert into chapters (id, version, recipient, code, text, voice, comment, proposal, advisor, by, at)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		ch.ID, ch.Recipient, ch.Code, ch.Text, null(ch.Voice), ch.Comment, ch.Proposal, null(ch.Advisor), null(ch.By),
		zeronull.Timestamptz(ch.At))
	return add(ctx, t, chapters, c, what, *ch)
}

// PutChapter changes a chapter; its recipient is for good.
func (t *Tx) PutChapter(ctx context.Context, what string, ch *store.Chapter) error {
	c, err := t.chain(ctx, ch.Recipient)
	if err != nil {
		return err
	}
	micros(&ch.At)
	return put(ctx, t, chapters, c, what, ch, &ch.Version, func() {
		t.write(1, "chapter", `
			update chapters
			set version = version + 1, code = $4, text = $5, voice = $6, comment = $7, proposal = $8, advisor = $9, by = $10, at = $11
			where id = $1 and version = $2 and recipient = $3`,
			ch.ID, ch.Version, ch.Recipient, ch.Code, ch.Text, null(ch.Voice), ch.Comment, ch.Proposal,
			null(ch.Advisor), null(ch.By),
			zeronull.Timestamptz(ch.At))
	})
}
