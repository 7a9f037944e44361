package postgres

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// FormerPeople returns all persons of whom the chat changed the name, the number or the office, or who had another
// account or number, with what the records said before. The trail tells it: an erasure takes that out too.
func (t *Tx) FormerPeople(ctx context.Context) ([]store.Former, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[store.ID]*store.Former{}
	var id store.ID
	var field, value string
	of := func() *store.Former {
		if byID[id] == nil {
			byID[id] = &store.Former{Person: id}
		}
		return byID[id]
	}
	rows, err := q.Query(ctx, `
		select distinct v.record, v.field, v.value::json #>> '{}'
		from personal v
		join persons p on p.id = v.record
		where v.kind = 'person' and v.field = 'key' and v.value::json #>> '{}' <> p.key and v.value not like '"id:%'
		union
		select distinct v.record, v.field, v.value::json #>> '{}'
		from events e
		join personal v on v.kind = e.kind and v.record = e.record and v.version = e.version - 1 and v.field in ('name', 'wa')
		where e.kind = 'person' and e.body like '%"what":"person.corrected"%'
		union
		select distinct e.record, 'role', e.body::json #>> '{before,role}'
		from events e
		where e.kind = 'person' and e.body ~ '"what":"person\.(retired|appointed|frozen|restored)"'
			and e.body::json #>> '{before,role}' is not null
		union
		select distinct v.record, v.field, v.value
		from personal v
		join persons p on p.id = v.record
		where v.kind = 'person' and v.field = 'account' and v.value::bigint is distinct from p.account
		union
		select distinct v.record, 'number', v.value::json #>> '{}'
		from personal v
		join persons p on p.id = v.record
		where v.kind = 'person' and v.field = 'wa' and v.value::json #>> '{}' <> p.wa
		order by 1, 2, 3`)
	if err != nil {
		return nil, err
	}
	_, err = pgx.ForEachRow(rows, []any{&id, &field, &value}, func() error {
		switch f := of(); field {
		case "account":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return err
			}
			f.Accounts = append(f.Accounts, n)
		case "number":
			f.Numbers = append(f.Numbers, value)
		case "key":
			f.Keys = append(f.Keys, value)
		case "name":
			f.Names = append(f.Names, value)
		case "wa":
			f.WAs = append(f.WAs, value)
		default:
			f.Roles = append(f.Roles, store.Role(value))
		}
		return nil
	})
	var all []store.Former
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		all = append(all, *byID[id])
	}
	return all, err
}

// FormerMentors returns the mentors from whom the chat took a recipient, by recipient.
func (t *Tx) FormerMentors(ctx context.Context) (map[store.ID][]store.ID, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		select distinct e.record, (e.body::json #>> '{before,mentor}')::bigint
		from events e
		where e.kind = 'recipient' and e.body ~ '"what":"recipient\.(moved|lent|returned)"'
			and e.body::json #>> '{before,mentor}' is not null
		order by 1, 2`)
	if err != nil {
		return nil, err
	}
	all := map[store.ID][]store.ID{}
	var of, mentor store.ID
	_, err = pgx.ForEachRow(rows, []any{&of, &mentor}, func() error {
		all[of] = append(all[of], mentor)
		return nil
	})
	return all, err
}
