package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// others tells that the mentor of a nota's recipient may look at it: neither another person of the account nor a
// sponsor had a hand in it. It is looked up nota by nota: joined, all notas would be sorted.
const others = `not exists (
	select from recipients g join persons m on m.id = g.mentor
	where g.id = r.recipient and (m.id = any (r.hands) or m.sponsors && r.hands or exists (
		select from persons o where o.account = m.account and (o.id = any (r.hands) or o.sponsors && r.hands))))`

// standings is how the recipients stand whose ids a table named chosen has. They are given to each index as an array:
// joined, the planner would read whole tables for a few recipients.
const standings = `
	, money as (
		select e.recipient,
			coalesce(sum(e.amount) filter (where e.kind = 'grant'), 0)::bigint received,
			coalesce(sum(case e.kind when 'grant' then e.amount when 'refund' then e.amount when 'withdraw' then 0 else -e.amount end), 0)::bigint rest
		from entries e
		where e.recipient = any (array(select recipient from chosen)) and e.state = 'stands'
		group by 1
	), notas as (
		select r.recipient,
			coalesce(sum(r.total) filter (where r.state in ('submitted', 'returned', 'verified')), 0)::bigint spent,
			count(*) filter (where r.state in ('submitted', 'returned', 'verified')) counted,
			count(*) filter (where r.state = 'verified') checked,
			max(coalesce(r.submitted, r.begun)) last,
			count(*) filter (where r.state = 'unfinished') unfinished,
			min(r.begun) filter (where r.state = 'unfinished') unfinished_since,
			(array_agg(r.number order by r.begun) filter (where r.state = 'unfinished'))[:3] unfinished_numbers,
			min(r.id) filter (where r.state = 'unfinished') unfinished_first,
			count(*) filter (where r.state = 'submitted' and ` + others + `) submitted,
			min(r.submitted) filter (where r.state = 'submitted' and ` + others + `) submitted_since,
			count(*) filter (where r.state = 'returned') returned,
			min((r.review ->> 'at')::timestamptz) filter (where r.state = 'returned') returned_since,
			(array_agg(r.number order by r.number) filter (where r.state = 'returned'))[:3] returned_numbers,
			min(r.id) filter (where r.state = 'returned') returned_first
		from receipts r
		where r.recipient = any (array(select recipient from chosen))
		group by 1
	), met as (
		select v.recipient,
			max(v.start) filter (where v.state = 'held') last,
			json_agg(json_build_object('id', v.id, 'at', v.start) order by v.start) filter (where v.state = 'planned') planned,
			json_agg(json_build_object('id', v.id, 'at', v.at) order by v.at)
				filter (where v.state = 'held' and v.mode <> 'contact' and v.word is null) unsaid,
			json_agg(json_build_object('id', v.id, 'at', v.due::timestamp at time zone 'UTC') order by v.due)
				filter (where v.state in ('held', 'missed') and v.due is not null and v.solved is null) follow_ups
		from visits v
		where v.recipient = any (array(select recipient from chosen))
		group by 1
	), answers as (
		select l.recipient, json_agg(json_build_object('id', l.answers, 'at', l.at) order by l.at) open
		from letters l
		join persons p on p.id = l.addressee and p.role = 'pendamping' -- who may have given the recipient to another since
		where l.recipient = any (array(select recipient from chosen)) and l.answers is not null and not exists (
			select from letters b where b.answers = l.answers and b.id > l.id)
		group by 1
	)
	select g.id, g.version, g.code, g.name, g.single, g.program, g.province, g.regency, g.village, g.wave, g.zone, g.amount,
		g.disbursed, g.mentor, g.regular, g.back,
		coalesce(money.received, 0), coalesce(money.rest, 0) - coalesce(notas.spent, 0),
		coalesce(unfinished, 0), unfinished_since, coalesce(unfinished_first, 0), unfinished_numbers,
		coalesce(submitted, 0), submitted_since,
		coalesce(returned, 0), returned_since, coalesce(returned_first, 0), returned_numbers,
		coalesce(counted, 0), coalesce(checked, 0), notas.last, met.last,
		coalesce(met.planned, '[]'), coalesce(met.unsaid, '[]'), coalesce(met.follow_ups, '[]'), coalesce(answers.open, '[]'),
		exists (
			select from persons
			where recipient = g.id and role in ('penerima', 'ketua', 'sekretaris', 'bendahara') and ` + written + `
				and account is distinct from (select m.account from persons m where m.id = g.mentor)),
		coalesce(plan.id, 0), plan.at,
		coalesce(lpj.id, 0), coalesce(lpj.edition, 0), coalesce(lpj.state, ''), lpj.at, lpj.hands, lpj.step,
		(select max(x.until) from annexes x where x.recipient = g.id and x.kind = 'extension' and x.dropped is null)
	from chosen
	join recipients g on g.id = chosen.recipient
	left join money on money.recipient = g.id
	left join notas on notas.recipient = g.id
	left join met on met.recipient = g.id
	left join answers on answers.recipient = g.id
	left join lateral (
		select p.id, p.at from plans p where p.recipient = g.id and p.state = 'proposed' and p.by is distinct from g.mentor limit 1) plan on true
	left join lateral (
		select l.id, l.edition, l.state, l.at, l.hands, case l.state
				when 'sent' then l.at
				when 'signed' then (select a.at from approvals a where a.id = l.approval)
				when 'uploaded' then (l.upload ->> 'at')::timestamptz
				when 'returned' then (l.review ->> 'at')::timestamptz
				when 'verified' then (l.review ->> 'at')::timestamptz
			end step
		from reports l where l.recipient = g.id order by l.edition desc limit 1) lpj on true`

func scanStanding(row pgx.CollectableRow) (s store.Standing, err error) {
	g := &s.Recipient
	var planned, unsaid, followUps, answers []byte
	err = row.Scan(&g.ID, &g.Version, &g.Code, &g.Name, &g.Single, &g.Program, &g.Province, &g.Regency, &g.Village,
		&g.Wave, &g.Zone,
		&g.Grant, &g.Disbursed, (*zeronull.Int8)(&g.Mentor), (*zeronull.Int8)(&g.Regular), &g.Back,
		&s.Received, &s.Left,
		&s.Unfinished.Count, (*zeronull.Timestamptz)(&s.Unfinished.Since), &s.Unfinished.First, &s.Unfinished.Numbers,
		&s.Submitted.Count, (*zeronull.Timestamptz)(&s.Submitted.Since),
		&s.Returned.Count, (*zeronull.Timestamptz)(&s.Returned.Since), &s.Returned.First, &s.Returned.Numbers,
		&s.Counted, &s.Checked, (*zeronull.Timestamptz)(&s.LastNota), (*zeronull.Timestamptz)(&s.LastVisit),
		&planned, &unsaid, &followUps, &answers, &s.Heard, &s.Plan.ID, (*zeronull.Timestamptz)(&s.Plan.At),
		&s.Report.ID, &s.Report.Edition, &s.Report.State, (*zeronull.Timestamptz)(&s.Report.At), &s.Report.Hands,
		(*zeronull.Timestamptz)(&s.Step), &s.Until)
	for _, l := range []struct {
		raw []byte
		to  *[]store.Open
	}{{planned, &s.Planned}, {unsaid, &s.Unsaid}, {followUps, &s.FollowUps}, {answers, &s.Letters}} {
		if err == nil && len(l.raw) > 2 {
			err = json.Unmarshal(l.raw, l.to)
		}
	}
	return s, err
}

// Standings returns how a mentor's recipients stand, by name.
func (t *Tx) Standings(ctx context.Context, mentor store.ID) ([]store.Standing, error) {
	return t.standings(ctx, `select id recipient from recipients where mentor = $1`, `order by g.name, g.id`, mentor)
}

// StandingOf returns how one recipient stands.
func (t *Tx) StandingOf(ctx context.Context, recipient store.ID) (store.Standing, error) {
	list, err := t.standings(ctx, `select id recipient from recipients where id = $1`, ``, recipient)
	if err == nil && len(list) == 0 {
		err = failed("recipient", store.ErrNotFound)
	}
	if err != nil {
		return store.Standing{}, err
	}
	return list[0], nil
}

// EveryStanding returns how the recipients of some zones stand, in the order of their ids, beginning after one of them,
// at most limit.
func (t *Tx) EveryStanding(ctx context.Context, zones []string, after store.ID, limit int) ([]store.Standing, error) {
	return t.standings(ctx,
		`select id recipient from recipients where zone = any ($1) and id > $2 order by id limit $3`, `order by g.id`,
		zones, after, limit)
}

// Zones returns the recipients' zones; "" is the default zone.
func (t *Tx) Zones(ctx context.Context) ([]string, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `select distinct zone from recipients order by 1`)
	if err != nil {
		return nil, failed("zones", err)
	}
	zones, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return zones, failed("zones", err)
}

// written is who can be written to: bound, with a consent that stands, and not known to have blocked the bot.
const written = `account is not null
	and not exists (select from unreachable u where u.chat = account)
	and exists (select from consents c where c.person = persons.id and c.withdrawn is null
		and not exists (select from consents n where n.person = persons.id and (n.given, n.id) > (c.given, c.id)))`

// Officers returns those of the recipients of some zones who can be written to, with the ketua first.
func (t *Tx) Officers(ctx context.Context, zones []string) ([]store.Person, error) {
	return list(ctx, t, people, `
		where role in ('penerima', 'ketua', 'sekretaris', 'bendahara') and `+written+`
			and recipient in (select id from recipients where zone = any ($1))
		order by array_position(array['penerima', 'ketua', 'sekretaris', 'bendahara'], role), id`, zones)
}

// FirstPersons returns the first person of each of some accounts: who they are where one human counts once.
func (t *Tx) FirstPersons(ctx context.Context, accounts []int64) (map[int64]store.ID, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `select account, min(id) from persons where account = any ($1) group by 1`, accounts)
	if err != nil {
		return nil, failed("persons", err)
	}
	first := map[int64]store.ID{}
	var account int64
	var id store.ID
	_, err = pgx.ForEachRow(rows, []any{&account, &id}, func() error { first[account] = id; return nil })
	return first, failed("persons", err)
}

// MentorsIn returns the mentors who can be written to and have most of their recipients in some zones.
func (t *Tx) MentorsIn(ctx context.Context, zones []string) ([]store.Person, error) {
	return list(ctx, t, people, `
		where role = 'pendamping' and `+written+` and id in (
			select mentor from recipients where mentor is not null group by mentor
			having mode() within group (order by zone) = any ($1))
		order by id`, zones)
}

func (t *Tx) standings(ctx context.Context, chosen, order string, args ...any) ([]store.Standing, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, "with chosen as materialized ("+chosen+")"+standings+" "+order, args...)
	if err != nil {
		return nil, failed("standings", err)
	}
	list, err := pgx.CollectRows(rows, scanStanding)
	return list, failed("standings", err)
}

// Told returns what was said to persons since a day, that day too.
func (t *Tx) Told(ctx context.Context, persons []store.ID, since store.Day) ([]store.ToldOnce, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		select person, what, day, at, kinds from promises where person = any ($1::bigint[]) and day >= $2 order by day, person, what`, persons, since)
	if err != nil {
		return nil, failed("promises", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p store.ToldOnce, err error) {
		return p, row.Scan(&p.Person, &p.What, &p.Day, &p.At, &p.Kinds)
	})
	return list, failed("promises", err)
}

// KeepTold records that something is said, together with what is queued in the same transaction; store.ErrConflict when
// it was said on that day.
func (t *Tx) KeepTold(_ context.Context, p store.ToldOnce) error {
	t.write(1, "promise", `insert into promises (person, what, day, at, kinds) values ($1, $2, $3, $4, $5)`,
		p.Person, p.What, p.Day, micro(p.At), someOf(p.Kinds))
	return t.err
}

// ForgetTold takes back a record of KeepTold, because it is not said after all.
func (t *Tx) ForgetTold(_ context.Context, person store.ID, what string, day store.Day) error {
	t.write(anyRows, "promise", `delete from promises where person = $1 and what = $2 and day = $3`, person, what, day)
	return t.err
}

var holds = record[store.Hold]{
	kind: "hold",
	from: `select id, version, person, kind, until from holds`,
	scan: func(row pgx.CollectableRow) (h store.Hold, err error) {
		return h, row.Scan(&h.ID, &h.Version, &h.Person, &h.Kind, &h.Until)
	},
	key: func(h store.Hold) (store.ID, int) { return h.ID, h.Version },
}

// Holds returns what persons keep from themselves, without those that were lifted.
func (t *Tx) Holds(ctx context.Context, persons []store.ID) ([]store.Hold, error) {
	return list(ctx, t, holds, `where person = any ($1::bigint[]) and until is not null order by person, kind`, persons)
}

// PutHold keeps a hold in place of the one of that person and kind; without a day it is lifted. One that says what is
// kept already changes nothing.
func (t *Tx) PutHold(ctx context.Context, h store.Hold) error {
	if err := day("hold", h.Until); err != nil {
		return err
	}
	kept, err := one(ctx, t, holds, `where person = $1 and kind = $2`, h.Person, h.Kind)
	isNew := errors.Is(err, store.ErrNotFound)
	if err != nil && !isNew {
		return err
	}
	if kept.Until == h.Until {
		return nil
	}
	c, err := t.chainOf(ctx, h.Person)
	if err != nil {
		return err
	}
	what := "hold.kept"
	if h.Until == "" {
		what = "hold.lifted"
	}
	if h.ID, h.Version = kept.ID, kept.Version; !isNew {
		return put(ctx, t, holds, c, what, &h, &h.Version, func() {
			t.write(1, "hold", `update holds set version = version + 1, until = $3 where id = $1 and version = $2`,
				h.ID, h.Version, h.Until)
		})
	}
	if h.ID, err = t.newID(ctx); err != nil {
		return err
	}
	h.Version = 1
	t.write(1, "hold", `insert into holds (id, version, person, kind, until) values ($1, 1, $2, $3, $4)`, h.ID,
		h.Person, h.Kind, h.Until)
	return add(ctx, t, holds, c, what, h)
}
