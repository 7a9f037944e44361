package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// decision returns a review as its column has it: null for none.
func decision(r store.Review) any {
	if r.By == 0 {
		return nil
	}
	b, err := json.Marshal(r)
	if err != nil {
		return err // no column takes it
	}
	return string(b)
}

// ToReview returns the submitted notas that a reviewer is to look at. Most flags are worked out from what is there now,
// so that none is stale.
func (t *Tx) ToReview(ctx context.Context, reviewer store.Person, hands []store.ID) ([]store.Waiting, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		with mine as (
			select id, mentor = $2 as first from recipients
			where case when $1 = 'koordinator'
				then ($3 = '' or lower(province) = lower($3)) and ($4 = '' or lower(regency) = lower($4))
				else mentor = $2 or ($5 <> '' and mentor in (
					select id from persons where role = 'pendamping' and organisation = $5)) end
		)
		select r.id, r.version, r.recipient, r.number, r.submitted, r.flags || array(
			select 'none' where r.kind = 'none'
			union all select 'behalf' where r.behalf
			union all select 'helped' where not r.behalf and exists (
				select from persons p where p.id = any (r.hands) and p.id <> all (r.sponsors) and p.role = 'pendamping')
			union all select 'sponsored' where r.sponsors <> '{}'
			union all select 'objected' where exists (
				select from remarks m where m.receipt = r.id and m.kind = 'objection' and m.answered is null)
			union all select 'asked' where exists (
				select from remarks m where m.receipt = r.id and m.kind = 'question' and m.answered is null)
			union all select distinct unnest(l.flaws) from files f join looks l on l.file = f.id where f.receipt = r.id
			union all select 'file' where exists (`+sameFile+`)
			union all select 'near' where exists (`+nearFile+`)
			union all select 'twin' where exists (`+twin+`)
			union all select 'stamps' where $6::bigint > 0 and r.total <= $6 and $6 < (
				select sum(o.total) from receipts o
				where o.recipient = r.recipient and o.day = r.day and o.total <= $6 and lower(o.seller) = lower(r.seller)
				and o.state in ('submitted', 'returned', 'verified'))
		)
		from receipts r
		join mine on mine.id = r.recipient
		left join recipients g on g.id = r.recipient
		where r.state = 'submitted' and not r.hands && coalesce($7::bigint[], '{}')
			and (mine.first or g.mentor is null or g.mentor = any (r.hands)
				or exists (select from persons m where m.id = g.mentor and m.sponsors && r.hands))
		order by r.submitted, r.id`,
		reviewer.Role, reviewer.ID, reviewer.Province, reviewer.Regency, reviewer.Organisation, stampOver, hands)
	if err != nil {
		return nil, failed("queue", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w store.Waiting, err error) {
		err = row.Scan(&w.Receipt, &w.Version, &w.Recipient, &w.Number, &w.Submitted, &w.Flags)
		return w, err
	})
	return list, failed("queue", err)
}

// ReviewedElsewhere returns how many submitted notas of a mentor's groups, or of a coordinator's place, wait for
// somebody else, because one of the hands entered them; and how many others of the place wait for a mentor who can't be
// reached.
func (t *Tx) ReviewedElsewhere(
	ctx context.Context, reviewer store.Person, hands []store.ID,
) (others, unreached int, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return 0, 0, err
	}
	err = q.QueryRow(ctx, `
		select count(*) filter (where own),
			count(*) filter (where not own and $1 = 'koordinator' and m.id is not null and m.id <> all (hands)
				and not m.sponsors && hands and (m.account is null or not exists (
					select from consents c where c.person = m.id and c.withdrawn is null)))
		from (
			select g.mentor, r.hands, r.hands && coalesce($5::bigint[], '{}') as own
			from receipts r join recipients g on g.id = r.recipient
			where r.state = 'submitted' and case when $1 = 'koordinator'
				then ($3 = '' or lower(g.province) = lower($3)) and ($4 = '' or lower(g.regency) = lower($4))
				else g.mentor = $2 end
		) waits left join persons m on m.id = waits.mentor`,
		reviewer.Role, reviewer.ID, reviewer.Province, reviewer.Regency, hands).Scan(&others, &unreached)
	return others, unreached, failed("reviewed elsewhere", err)
}

// stampOver is the amount above which the law asks for a meterai: sums of notas that stay just under it are worth a
// look.
var stampOver = store.Rules{}.StampOver()

// What makes a nota r like another one, o, that is not cancelled: what was struck out and entered again is no reuse.
const (
	sameFile = `
		select from files f join files o on o.sha256 = f.sha256 or o.unique_id = f.unique_id join receipts n on n.id = o.receipt
		where f.receipt = r.id and f.kind <> 'voice' and o.receipt <> r.id and n.state <> 'cancelled'`
	nearFile = `
		select from files f join likes l on l.file = f.id join files o on o.id = l.other join receipts n on n.id = o.receipt
		where f.receipt = r.id and o.receipt <> r.id and n.state <> 'cancelled'`
	twin = `
		select from receipts o
		where o.day = r.day and o.total = r.total and o.id <> r.id and lower(o.seller) = lower(r.seller)
		and o.state in ('submitted', 'returned', 'verified')`
)

// Matches returns the other notas, of any recipient, that a nota resembles: the surest kind first, each other nota
// once.
func (t *Tx) Matches(ctx context.Context, receipt store.ID) ([]store.Match, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		select distinct on (other) kind, file, other, picture from (
			select 1 as sure, 'file' as kind, f.id as file, o.receipt as other, o.id as picture
			from files f join files o on o.sha256 = f.sha256 or o.unique_id = f.unique_id join receipts n on n.id = o.receipt
			where f.receipt = $1 and f.kind <> 'voice' and o.receipt <> $1 and n.state <> 'cancelled'
			union all
			select 2, 'near', f.id, o.receipt, o.id
			from files f join likes l on l.file = f.id join files o on o.id = l.other join receipts n on n.id = o.receipt
			where f.receipt = $1 and o.receipt <> $1 and n.state <> 'cancelled'
			union all
			select 3, 'twin', coalesce((select min(id) from files where receipt = r.id and kind = 'photo'), 0),
				o.id, coalesce((select min(id) from files where receipt = o.id and kind = 'photo'), 0)
			from receipts r join receipts o on o.day = r.day and o.total = r.total and o.id <> r.id
			where r.id = $1 and lower(o.seller) = lower(r.seller) and o.state in ('submitted', 'returned', 'verified')
		) found
		order by other, sure, file`, receipt)
	if err != nil {
		return nil, failed("likes", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l store.Match, err error) {
		err = row.Scan(&l.Kind, &l.File, &l.Other, &l.Picture)
		return l, err
	})
	return list, failed("likes", err)
}

// ReceiptAt returns a nota as it was at a version, from the audit trail, and when it became so.
func (t *Tx) ReceiptAt(ctx context.Context, id store.ID, version int) (r store.Receipt, at time.Time, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return r, at, err
	}
	var body []byte
	const read = `select body, at from events where kind = 'receipt' and record = $1 and version = $2`
	if err := q.QueryRow(ctx, read, id, version).Scan(&body, &at); err != nil {
		return r, at, failed("receipt", err)
	}
	var e struct {
		After store.Receipt `json:"after"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return r, at, failed("receipt", err)
	}
	return e.After, at, nil
}

// Shared returns the accounts and wa numbers that stand behind several recipients of a scope.
func (t *Tx) Shared(ctx context.Context, province, regency string) ([]store.Shared, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		with known as (
			select 'account' as kind, account::text as value, recipient from persons where account is not null
			union
			select 'wa', wa, recipient from persons where wa <> ''
		)
		select k.kind, array_agg(distinct r.id order by r.id)
		from known k join recipients r on r.id = k.recipient
		where ($1 = '' or lower(r.province) = lower($1)) and ($2 = '' or lower(r.regency) = lower($2))
		group by k.kind, k.value
		having count(distinct r.id) > 1
		order by count(distinct r.id) desc, k.kind, min(r.id)
		limit 50`, province, regency)
	if err != nil {
		return nil, failed("shared accounts", err)
	}
	var ids [][]store.ID
	shared, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s store.Shared, err error) {
		var of []store.ID
		err = row.Scan(&s.Kind, &of)
		ids = append(ids, of)
		return s, err
	})
	if err != nil {
		return nil, failed("shared accounts", err)
	}
	for i, of := range ids {
		if shared[i].Recipients, err = list(ctx, t, recipients, `where id = any ($1) order by name, id`,
			of); err != nil {
			return nil, err
		}
	}
	return shared, nil
}
