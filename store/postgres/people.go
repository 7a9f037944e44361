package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// people reads persons with the notice they consented to last, if they have not withdrawn it.
var people = record[store.Person]{
	kind: "person",
	from: `
		select id, version, key, role, code, name, recipient, organisation, province, regency, wa, account, roots,
			nullif(sponsors, '{}'), nullif(same, '{}'),
			coalesce((
				select case when c.withdrawn is null then c.notice else '' end
				from consents c
				where c.person = persons.id
				order by c.given desc, c.id desc
				limit 1
			), '')
		from persons`,
	scan: func(row pgx.CollectableRow) (p store.Person, err error) {
		err = row.Scan(&p.ID, &p.Version, &p.Key, &p.Role, &p.Code, &p.Name, (*zeronull.Int8)(&p.Recipient),
			&p.Organisation, &p.Province, &p.Regency, &p.WA, (*zeronull.Int8)(&p.Account), &p.Roots, &p.Sponsors,
			&p.Same, &p.Consent)
		return p, err
	},
	key: func(p store.Person) (store.ID, int) { return p.ID, p.Version },
}

// Account returns a Telegram account with the persons bound to it and the recipients they belong to. An unknown account
// is an empty one, not an error.
func (t *Tx) Account(ctx context.Context, id int64) (store.Account, error) {
	kept, generation, ok := t.db.roster.get(id)
	if ok && !t.Written() {
		return kept, nil
	}
	a := store.Account{ID: id}
	b := &pgx.Batch{}
	b.Queue(`select language, active from accounts where id = $1`, id).Query(func(rows pgx.Rows) error {
		if rows.Next() {
			return rows.Scan(&a.Language, (*zeronull.Int8)(&a.Active))
		}
		return nil
	})
	b.Queue(people.from+` where account = $1 order by id`, id).Query(func(rows pgx.Rows) (err error) {
		a.People, err = collect(t, people, rows)
		return err
	})
	b.Queue(recipients.from+` where id in (select recipient from persons where account = $1)`,
		id).Query(func(rows pgx.Rows) (err error) {
		a.Recipients, err = collect(t, recipients, rows)
		return err
	})
	if err := t.readBatch(ctx, b); err != nil {
		return a, failed("account", err)
	}
	if !t.Written() {
		t.db.roster.put(a, generation)
	}
	return a, nil
}

// PutAccount keeps an account's preferences; they are no record and have no event.
func (t *Tx) PutAccount(_ context.Context, a store.Account) error {
	t.roster = true
	t.write(1, "account", `
		insert into accounts (id, language, active) values ($1, $2, $3)
		on conflict (id) do update set language = excluded.language, active = excluded.active`,
		a.ID, a.Language, null(a.Active))
	return nil
}

// Person returns the person with that id.
func (t *Tx) Person(ctx context.Context, id store.ID) (store.Person, error) {
	return one(ctx, t, people, `where id = $1`, id)
}

// PersonByKey returns the person with that store.Person.Key.
func (t *Tx) PersonByKey(ctx context.Context, key string) (store.Person, error) {
	return one(ctx, t, people, `where key = $1 and key <> ''`, key)
}

// PersonByCode returns the first person with that role and code, for example a group's mentor.
func (t *Tx) PersonByCode(ctx context.Context, role store.Role, code string) (store.Person, error) {
	return one(ctx, t, people, `where role = $1 and code = $2 order by id`, role, code)
}

// Members returns the persons of a recipient, officers first, without those who were erased.
func (t *Tx) Members(ctx context.Context, recipient store.ID) ([]store.Person, error) {
	return list(ctx, t, people, `
		where recipient = $1 and (name <> '' or key <> '')
		order by array_position(array['penerima', 'ketua', 'sekretaris', 'bendahara', 'anggota'], role), id`, recipient)
}

// covers returns the condition in SQL that a coordinator's scope covers a place, which is given in SQL too. An empty
// part of a scope is everywhere, and upper and lower case are the same.
func covers(province, regency string) string {
	return `(persons.province = '' or lower(persons.province) = lower(` + province + `))
		and (persons.regency = '' or lower(persons.regency) = lower(` + regency + `))`
}

// Coordinators returns those whose scope covers a place, the narrowest scope first.
func (t *Tx) Coordinators(ctx context.Context, province, regency string) ([]store.Person, error) {
	return list(ctx, t, people, `
		where role = 'koordinator' and `+covers("$1", "$2")+`
		order by regency = '', province = '', id`, province, regency)
}

// CoordinatorsNear returns those whose scope covers a scope or is a part of it, by name.
func (t *Tx) CoordinatorsNear(ctx context.Context, province, regency string) ([]store.Person, error) {
	return list(ctx, t, people, `
		where role = 'koordinator'
			and ($1 = '' or province = '' or lower(province) = lower($1))
			and ($2 = '' or regency = '' or lower(regency) = lower($2))
		order by name, id`, province, regency)
}

// BoundCoordinators returns those with an account, the widest scope first.
func (t *Tx) BoundCoordinators(ctx context.Context) ([]store.Person, error) {
	return list(ctx, t, people,
		`where role = 'koordinator' and account is not null order by province <> '', regency <> '', id`)
}

// Sharers returns those with whom a person shares or ever shared an account or a WhatsApp number, as given or by the
// records, who are tied to the person, or who were the same human when one of the two was erased. Whoever had an
// account or a number stands in the trail: it keeps each value that a field had, as JSON.
func (t *Tx) Sharers(ctx context.Context, p store.Person) ([]store.Person, error) {
	return list(ctx, t, people, `
		where id <> $1 and id in (
			select now.id
			from persons now
			where now.account = $2 or now.account = (select account from persons where id = $1)
			union
			select had.record
			from personal had
			where had.kind = 'person' and had.field = 'account' and had.value in (
				select $2::bigint::text
				union
				select own.value
				from personal own
				where own.kind = 'person' and own.record = $1 and own.field = 'account')
			union
			select had.record
			from personal had
			where had.kind = 'person' and had.field = 'wa' and had.value in (
				select to_json($3::text)::text
				union
				select own.value
				from personal own
				where own.kind = 'person' and own.record = $1 and own.field = 'wa')
			union
			select other.id
			from persons p
			join persons other on other.id = any (p.sponsors) and p.id = any (other.sponsors)
			where p.id = $1
			union
			select unnest(same) from persons where id = $1
			union
			select id from persons where same @> array[$1::bigint])
		order by id`, p.ID, p.Account, zeronull.Text(p.WA))
}

// Had returns the accounts that a person has or had, the latest first: the trail keeps each.
func (t *Tx) Had(ctx context.Context, person store.ID) ([]int64, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		select value::bigint
		from personal
		where kind = 'person' and record = $1 and field = 'account'
		group by value
		order by max(version) desc`, person)
	if err != nil {
		return nil, failed("account", err)
	}
	had, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return had, failed("account", err)
}

// Erased returns the persons with a code, without regard to case, who were erased.
func (t *Tx) Erased(ctx context.Context, code string) ([]store.Person, error) {
	return list(ctx, t, people,
		`where lower(code) = lower($1) and key = '' and name = '' and account is null order by id`, code)
}

// AddPerson keeps a new person.
func (t *Tx) AddPerson(ctx context.Context, what string, p *store.Person) error {
	c, err := t.chain(ctx, p.Recipient)
	if err != nil {
		return err
	}
	if p.ID, err = t.newID(ctx); err != nil {
		return err
	}
	p.Version = 1
	t.write(1, "person", `
		insert into persons
			(id, version, key, role, code, name, recipient, organisation, province, regency, wa, account, sponsors, roots, same)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
			coalesce($12, '{}'::bigint[]), $13, coalesce($14, '{}'::bigint[]))`,
		p.ID, p.Key, p.Role, p.Code, p.Name, null(p.Recipient), p.Organisation, p.Province, p.Regency, p.WA,
		null(p.Account),
		p.Sponsors, p.Roots, p.Same)
	return add(ctx, t, people, c, what, *p)
}

// PutPerson changes a person. One who moves to another recipient has the event in the chain of the new one.
func (t *Tx) PutPerson(ctx context.Context, what string, p *store.Person) error {
	c, err := t.chain(ctx, p.Recipient)
	if err != nil {
		return err
	}
	return put(ctx, t, people, c, what, p, &p.Version, func() {
		t.write(1, "person", `
			update persons
			set version = version + 1, key = $3, role = $4, code = $5, name = $6, recipient = $7, organisation = $8,
				province = $9, regency = $10, wa = $11, account = $12,
				sponsors = coalesce($13, '{}'::bigint[]), roots = $14, same = coalesce($15, '{}'::bigint[])
			where id = $1 and version = $2`,
			p.ID, p.Version, p.Key, p.Role, p.Code, p.Name, null(p.Recipient), p.Organisation,
			p.Province, p.Regency, p.WA, null(p.Account), p.Sponsors, p.Roots, p.Same)
	})
}
