package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// refresh works out how far every recipient has come, with the dates that its rules set, in one pass over each table.
// The percentage is that of flows.progressOf, half for rupiah and half for notas. Rows that stay as they are aren't
// written.
const refresh = `
	with rules as (
		select * from unnest($1::bigint[], $2::date[], $3::date[], $4::int[]) r (program, disbursed, due, contact)
	), money as (
		select recipient,
			coalesce(sum(amount) filter (where kind = 'grant'), 0)::bigint received,
			coalesce(sum(amount) filter (where kind = 'deposit'), 0)::bigint deposited,
			coalesce(sum(case kind when 'fee' then amount when 'deposit' then amount when 'refund' then -amount end), 0)::bigint used
		from entries where state = 'stands' group by 1
	), notas as (
		select recipient,
			coalesce(sum(total) filter (where state in ('submitted', 'returned', 'verified')), 0)::bigint spent,
			coalesce(sum(total) filter (where state = 'verified'), 0)::bigint verified,
			count(*) filter (where state = 'unfinished') unfinished,
			count(*) filter (where state = 'submitted') submitted,
			count(*) filter (where state = 'returned') returned,
			count(*) filter (where state in ('submitted', 'returned', 'verified')) counted,
			count(*) filter (where state = 'verified') checked,
			max(coalesce(submitted, begun)) last
		from receipts group by 1
	), met as (
		select recipient, max(start) last from visits where state = 'held' group by 1
	), more as (
		select recipient, max(until) until from annexes where kind = 'extension' and dropped is null group by 1
	), facts as (
		select g.id, coalesce(received, 0) received,
			greatest(coalesce(used, 0) + coalesce(spent, 0), 0) accounted,
			least(coalesce(verified, 0) + coalesce(deposited, 0), coalesce(received, 0)) evidenced,
			coalesce(unfinished, 0) unfinished, coalesce(submitted, 0) submitted, coalesce(returned, 0) returned,
			coalesce(counted, 0) counted, coalesce(checked, 0) checked,
			case when received > 0 then least(greatest((coalesce(used, 0) + coalesce(spent, 0)) * 50 / received, 0), 50) else 0 end
				+ case when counted > 0 then checked * 50 / counted else 0 end percent,
			notas.last nota, met.last visit, greatest(rules.due, more.until) due,
			greatest(notas.last, met.last, g.disbursed::timestamp at time zone 'UTC') heard, g.disbursed, rules.contact
		from recipients g
		left join rules on rules.program = g.program and rules.disbursed = g.disbursed
		left join money on money.recipient = g.id
		left join notas on notas.recipient = g.id
		left join met on met.recipient = g.id
		left join more on more.recipient = g.id
	)
	insert into progress as p (recipient, received, accounted, evidenced, unfinished, submitted, returned, counted, checked, percent,
		last_nota, last_visit, due, silent)
	select id, received, accounted, evidenced, unfinished, submitted, returned, counted, checked, percent, nota, visit, due,
		case when percent < 100 and disbursed is not null then heard + make_interval(days => contact) end
	from facts
	on conflict (recipient) do update
	set received = excluded.received, accounted = excluded.accounted, evidenced = excluded.evidenced, unfinished = excluded.unfinished,
		submitted = excluded.submitted, returned = excluded.returned, counted = excluded.counted, checked = excluded.checked,
		percent = excluded.percent, last_nota = excluded.last_nota, last_visit = excluded.last_visit, due = excluded.due,
		silent = excluded.silent
	where (p.*) is distinct from (excluded.*)`

// RefreshProgress works the progress of every recipient out anew, and keeps the figures of a week that begins.
func (d *DB) RefreshProgress(ctx context.Context, at time.Time) error {
	programs, disbursed, due, contact, err := d.limits(ctx)
	if err != nil {
		return failed("progress", err)
	}
	b := &pgx.Batch{}
	b.Queue(refresh, programs, disbursed, due, contact)
	b.Queue(`insert into progress_read (at) values ($1) on conflict (one) do update set at = excluded.at`, micro(at))
	if err := d.pool.SendBatch(ctx, b).Close(); err != nil {
		return failed("progress", err)
	}
	return d.keepWeek(ctx, at)
}

// figures are a part's sums; $2 is the time and $3 its day.
const figures = `count(*), count(*) filter (where p.percent = 100), count(*) filter (where p.percent < 100 and p.due < $3),
	count(*) filter (where p.silent <= $2), coalesce(sum(p.received), 0)::bigint, coalesce(sum(p.evidenced), 0)::bigint`

// limits returns the LPJ's last day, and the days that may pass without a word, for each day of disbursement under each
// programme.
func (d *DB) limits(ctx context.Context) (programs []store.ID, disbursed, due []store.Day, contact []int, err error) {
	rows, err := d.pool.Query(ctx, `
		select g.program, g.disbursed, p.rules
		from (select distinct program, disbursed from recipients where disbursed is not null) g
		join programs p on p.id = g.program`)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	var program store.ID
	var day store.Day
	var raw []byte
	known := map[store.ID]store.Rules{}
	_, err = pgx.ForEachRow(rows, []any{&program, &day, &raw}, func() error {
		r, ok := known[program]
		if !ok {
			if err := json.Unmarshal(raw, &r); err != nil {
				return fmt.Errorf("rules: %w", err)
			}
			known[program] = r
		}
		programs, disbursed, due, contact = append(programs, program), append(disbursed, day), append(due, r.Due(day)),
			append(contact, r.ContactWithin())
		return nil
	})
	return programs, disbursed, due, contact, err
}

// ProgressAt returns when the field's progress was worked out last; the zero time: never.
func (d *DB) ProgressAt(ctx context.Context) (at time.Time, err error) {
	err = d.pool.QueryRow(ctx, `select max(at) from progress_read`).Scan((*zeronull.Timestamptz)(&at))
	return at, failed("progress", err)
}

// together lists the columns by which each level is grouped.
var together = map[store.Level]string{
	store.ByProvince: "lower(g.province)", store.ByRegency: "lower(g.province), lower(g.regency)",
	store.ByMentor: "lower(g.province), lower(g.regency), g.mentor", store.ByGroup: "g.id",
}

// Field adds the progress of a part of the field up, as a whole and by level, as it was worked out last. Names are read
// once the sums are few.
func (t *Tx) Field(ctx context.Context, in store.Area, by store.Level) (f store.Field, err error) {
	load := "0"
	if by == store.ByMentor {
		load = "(select count(*) from recipients l where l.mentor = g.mentor)"
	}
	b := &pgx.Batch{}
	b.Queue(`select max(at) from progress_read`).QueryRow(
		func(row pgx.Row) error { return row.Scan((*zeronull.Timestamptz)(&f.At)) })
	b.Queue(`
		with sums (whole, id, zone, mentors, percent, groups, complete, late, silent, received, evidenced, accounted,
				unfinished, submitted, returned, checked, counted, nota, visit, due) as (
			select grouping(`+together[by]+`) > 0, min(g.id), min(g.zone collate "C"), count(distinct g.mentor),
				coalesce(round(avg(coalesce(p.percent, 0))), 0)::int, `+figures+`,
				coalesce(sum(p.accounted), 0)::bigint, coalesce(sum(p.unfinished), 0), coalesce(sum(p.submitted), 0),
				coalesce(sum(p.returned), 0), coalesce(sum(p.checked), 0), coalesce(sum(p.counted), 0),
				max(p.last_nota), max(p.last_visit), min(p.due)
			from recipients g
			left join progress p on p.recipient = g.id
			where ($1::text is null or lower(g.province) = lower($1))
				and ($4::text is null or lower(g.regency) = lower($4))
				and ($5::bigint is null or coalesce(g.mentor, 0) = $5) and ($6::bigint is null or g.id = $6)
			group by grouping sets ((), (`+together[by]+`))
		)
		select s.*, g.id, g.code, g.name, g.province, g.regency, g.village, g.disbursed, g.mentor, coalesce(m.name, ''), `+load+`
		from sums s
		join recipients g on g.id = s.id
		left join persons m on m.id = g.mentor`,
		in.Province, t.at, store.DayOf(t.at, time.UTC), in.Regency, in.Mentor,
		in.Recipient).Query(func(rows pgx.Rows) error {
		var whole bool
		_, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
			p, err := scanProgress(row, &whole)
			if whole {
				f.All = p
			} else {
				f.Parts = append(f.Parts, p)
			}
			return struct{}{}, err
		})
		return err
	})
	return f, failed("progress", t.readBatch(ctx, b))
}

func scanProgress(row pgx.CollectableRow, whole *bool) (p store.Progress, err error) {
	g, first := &p.Of, store.ID(0)
	err = row.Scan(whole, &first, &p.Zone, &p.Mentors, &p.Percent, &p.Groups, &p.Complete, &p.Late, &p.Silent,
		&p.Received, &p.Evidenced,
		&p.Accounted, &p.Unfinished, &p.Submitted, &p.Returned, &p.Checked, &p.Counted,
		(*zeronull.Timestamptz)(&p.LastNota), (*zeronull.Timestamptz)(&p.LastVisit), &p.Due,
		&g.ID, &g.Code, &g.Name, &g.Province, &g.Regency, &g.Village, &g.Disbursed, (*zeronull.Int8)(&g.Mentor),
		&p.Mentor, &p.Load)
	g.Zone = p.Zone
	return p, err
}

// FieldBefore adds up a part's figures as they were at the beginning of the week of a Monday; store.ErrNotFound when
// they weren't kept. Parts are told apart by place only.
func (t *Tx) FieldBefore(ctx context.Context, in store.Area, monday store.Day) (p store.Progress, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return p, err
	}
	err = q.QueryRow(ctx, `
		select sum(groups), sum(complete), sum(late), sum(silent), sum(received)::bigint, sum(evidenced)::bigint
		from progress_weeks
		where week = $1 and ($2::text is null or lower(province) = lower($2))
			and ($3::text is null or lower(regency) = lower($3))
		having count(*) > 0`, monday, in.Province, in.Regency).Scan(&p.Groups, &p.Complete, &p.Late, &p.Silent, &p.Received, &p.Evidenced)
	return p, failed("progress", err)
}

// CoordinatorsIn returns those who can be written to and whose recipients, or the most western of them, are in some
// zones.
func (t *Tx) CoordinatorsIn(ctx context.Context, zones []string) ([]store.Person, error) {
	return list(ctx, t, people, `
		where role = 'koordinator' and `+written+` and id in (
			select persons.id
			from persons
			join (
				select province, regency, min(zone collate "C") zone from recipients group by 1, 2
			) g on `+covers("g.province", "g.regency")+`
			where persons.role = 'koordinator'
			group by persons.id
			having min(g.zone) = any ($1))
		order by id`, zones)
}
