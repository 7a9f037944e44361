package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var visits = record[store.Visit]{
	kind: "visit",
	from: `
		select id, version, recipient, state, mode, by, start, minutes, place, spot, nullif(met, '{}'),
			nullif(acts, '{}'), progress, words, problem, follow_up, due, solved, reason, coalesce(word, '{}'), at
		from visits`,
	scan: func(row pgx.CollectableRow) (v store.Visit, err error) {
		err = row.Scan(&v.ID, &v.Version, &v.Recipient, &v.State, &v.Mode, &v.By, &v.Start, &v.Minutes, &v.Place,
			&v.Spot,
			&v.Met, &v.Acts, &v.Progress, &v.Words, &v.Problem, &v.FollowUp, &v.Due, (*zeronull.Timestamptz)(&v.Solved),
			&v.Reason, &v.Word, &v.At)
		return v, err
	},
	key: func(v store.Visit) (store.ID, int) { return v.ID, v.Version },
}

// Visit returns the visit with that id.
func (t *Tx) Visit(ctx context.Context, id store.ID) (store.Visit, error) {
	return one(ctx, t, visits, `where id = $1`, id)
}

// Visits returns a recipient's visits, newest start first, at most limit.
func (t *Tx) Visits(ctx context.Context, recipient store.ID, limit int) ([]store.Visit, error) {
	return list(ctx, t, visits, `where recipient = $1 order by start desc, id desc limit $2`, recipient, limit)
}

// VisitsBy returns a mentor's visits that start within a span, the end left out, oldest first.
func (t *Tx) VisitsBy(ctx context.Context, mentor store.ID, from, to time.Time) ([]store.Visit, error) {
	return list(ctx, t, visits, `where by = $1 and start >= $2 and start < $3 order by start, id`, mentor, from, to)
}

// Disputed returns the held visits of a scope that somebody of the group denied since that time, newest first.
func (t *Tx) Disputed(ctx context.Context, province, regency string, since time.Time) ([]store.Visit, error) {
	return list(ctx, t, visits, `
		where state = 'held' and word ->> 'yes' = 'false' and at >= $3 and recipient in (
			select id from recipients
			where ($1 = '' or lower(province) = lower($1)) and ($2 = '' or lower(regency) = lower($2)))
		order by start desc, id desc`, province, regency, since)
}

// Doubtful returns the visits in person of a scope that were logged since that time, and took less than short minutes,
// began within near of another one of the same mentor in another regency, or before the mentor had the recipient;
// newest first, at most limit.
func (t *Tx) Doubtful(
	ctx context.Context, province, regency string, since time.Time, near time.Duration, short, limit int,
) ([]store.Visit, error) {
	return list(ctx, t, visits, `
		where state = 'held' and mode = 'person' and at >= $3 and recipient in (
			select id from recipients
			where ($1 = '' or lower(province) = lower($1)) and ($2 = '' or lower(regency) = lower($2)))
		and (minutes < $5 or exists (
			select from visits o
			where o.by = visits.by and o.state = 'held' and o.mode = 'person' and o.start > visits.start - $4::interval
				and o.start < visits.start + $4::interval
				and (select regency from recipients where id = o.recipient) <> (select regency from recipients where id = visits.recipient))
			or exists (
			select from handovers h
			where h.recipient = visits.recipient and h.state = 'done' and h.kind in ('mentor', 'leave') and h.taker = visits.by
				and h.decided_at > visits.start and h.decided_at <= visits.at))
		order by start desc, id desc
		limit $6`, province, regency, since, near, short, limit)
}

// FilesOfVisit returns what came with a visit, in the order in which it came.
func (t *Tx) FilesOfVisit(ctx context.Context, visit store.ID) ([]store.File, error) {
	return list(ctx, t, files, `where visit = $1 order by at, id`, visit)
}

// spoken returns the group's word as its column has it: null for none.
func spoken(w store.Word) any {
	if w.By == 0 {
		return nil
	}
	b, err := json.Marshal(w)
	if err != nil {
		return err // no column takes it
	}
	return string(b)
}

// someOf returns a list as its column has it: never null.
func someOf[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// AddVisit keeps a new visit.
func (t *Tx) AddVisit(ctx context.Context, what string, v *store.Visit) error {
	if err := day("visit", v.Due); err != nil {
		return err
	}
	c, err := t.fresh(ctx, v.Recipient, &v.ID, &v.Version)
	if err != nil {
		return err
	}
	micros(&v.Start, &v.Solved, &v.Word.At, &v.At)
	t.write(1, "visit", `
		insert into visits (id, version, recipient, state, mode, by, start, minutes, place, spot, met, acts, progress, words,
			problem, follow_up, due, solved, reason, word, at)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		v.ID, v.Recipient, v.State, v.Mode, v.By, v.Start, v.Minutes, v.Place, v.Spot, someOf(v.Met), someOf(v.Acts),
		v.Progress,
		v.Words, v.Problem, v.FollowUp, v.Due, zeronull.Timestamptz(v.Solved), v.Reason, spoken(v.Word), v.At)
	return add(ctx, t, visits, c, what, *v)
}

// PutVisit changes a visit. Whose it is stays, and who made it too, unless it was only planned.
func (t *Tx) PutVisit(ctx context.Context, what string, v *store.Visit) error {
	if err := day("visit", v.Due); err != nil {
		return err
	}
	c, err := t.chain(ctx, v.Recipient)
	if err != nil {
		return err
	}
	micros(&v.Start, &v.Solved, &v.Word.At, &v.At)
	return put(ctx, t, visits, c, what, v, &v.Version, func() {
		t.write(1, "visit", `
			update visits
			set version = version + 1, state = $5, mode = $6, start = $7, minutes = $8, place = $9, spot = $10, met = $11,
				acts = $12, progress = $13, words = $14, problem = $15, follow_up = $16, due = $17, solved = $18, reason = $19,
				word = $20, at = $21, by = $4
			where id = $1 and version = $2 and recipient = $3 and (by = $4 or state = 'planned')`,
			v.ID, v.Version, v.Recipient, v.By, v.State, v.Mode, v.Start, v.Minutes, v.Place, v.Spot, someOf(v.Met),
			someOf(v.Acts), v.Progress, v.Words, v.Problem, v.FollowUp, v.Due, zeronull.Timestamptz(v.Solved), v.Reason,
			spoken(v.Word), v.At)
	})
}
