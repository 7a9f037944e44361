package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// page is how many records are compared at a time.
const page = 500

// kind is what Verify needs to know of a kind of record.
type kind struct {
	name     string
	from     string
	personal []string
	page     func(ctx context.Context, q querier, after store.ID) ([]present, error)
}

// present is a record as it stands.
type present struct {
	id      store.ID
	version int
	fields  fields
}

// kinds returns all kinds of records.
func kinds() []kind {
	return []kind{
		kindOf(programs), kindOf(recipients), kindOf(people), kindOf(consents), kindOf(invites), kindOf(plans),
		kindOf(receipts), kindOf(entries), kindOf(files), kindOf(complaints),
		kindOf(remarks), kindOf(approvals),
		kindOf(visits), kindOf(snapshots), kindOf(initiatives), kindOf(letters), kindOf(handovers), kindOf(broadcasts),
		kindOf(reports), kindOf(chapters), kindOf(annexes), kindOf(seals),
		kindOf(dataRequests), kindOf(breaches), kindOf(legalHolds), kindOf(holds), kindOf(audiences), kindOf(weeks),
	}
}

// PersonalFields returns the fields, by kind of record, whose values events have as salted hashes.
func PersonalFields() map[string][]string {
	fields := map[string][]string{}
	for _, k := range kinds() {
		fields[k.name] = k.personal
	}
	return fields
}

// kindOf reads records with the code that everybody reads them with.
func kindOf[T any](r record[T]) kind {
	return kind{r.kind, r.from, personal[T](), func(ctx context.Context, q querier, after store.ID) ([]present, error) {
		rows, err := q.Query(ctx, r.from+" where id > $1 order by id limit $2", after, page)
		if err != nil {
			return nil, err
		}
		found, err := pgx.CollectRows(rows, r.scan)
		if err != nil {
			return nil, err
		}
		list := make([]present, len(found))
		for i, v := range found {
			f, err := fieldsOf(v)
			if err != nil {
				return nil, err
			}
			id, version := r.key(v)
			list[i] = present{id, version, f}
		}
		return list, nil
	}}
}

// records compares every record with its last event, and its personal values with the hashes in all of its events.
func (v *verifier) records(ctx context.Context) error {
	all := kinds()
	names := make([]string, len(all))
	for i, k := range all {
		names[i] = k.name
		if err := v.kind(ctx, k); err != nil {
			return err
		}
	}
	if err := v.none(ctx, "chain %d, event %d: it is about nothing known", `
		select chain, seq from events where kind <> all($1) order by 1, 2`, names); err != nil {
		return err
	}
	return v.none(ctx, "a personal value of record %d, version %d, belongs to no event", `
		select p.record, p.version
		from personal p
		where not exists (select from events e where e.kind = p.kind and e.record = p.record and e.version = p.version)
		order by 1, 2`)
}

// kind compares the records of a kind, a page at a time.
func (v *verifier) kind(ctx context.Context, k kind) error {
	var after store.ID
	for {
		list, err := k.page(ctx, v.tx, after)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		if err := v.compare(ctx, k, list); err != nil {
			return err
		}
		after = list[len(list)-1].id
	}
	return v.none(ctx, "chain %d, event %d: its "+k.name+" is gone", `
		select e.chain, e.seq
		from events e
		where e.kind = $1 and not exists (select from (`+k.from+`) r where r.id = e.record)
		order by 1, 2`, k.name)
}

// compare compares a page of records with their events.
func (v *verifier) compare(ctx context.Context, k kind, list []present) error {
	ids := make([]store.ID, len(list))
	for i, p := range list {
		ids[i] = p.id
	}
	rows, err := v.tx.Query(ctx, `
		select body from events where kind = $1 and record = any($2::bigint[]) order by record, version`, k.name, ids)
	if err != nil {
		return err
	}
	events := map[store.ID][]event{}
	var body []byte
	if _, err := pgx.ForEachRow(rows, []any{&body}, func() error {
		var e event
		err := json.Unmarshal(body, &e)
		events[e.Record.ID] = append(events[e.Record.ID], e)
		return err
	}); err != nil {
		return err
	}
	secrets, err := v.secrets(ctx, k, ids)
	if err != nil {
		return err
	}
	for _, p := range list {
		v.report.Records++
		if err := v.record(k, p, events[p.id], secrets); err != nil {
			return err
		}
	}
	if len(secrets) > 0 {
		first := slices.MinFunc(slices.Collect(maps.Keys(secrets)),
			func(a, b secretKey) int { return int(a.id - b.id) })
		return broken("%s %d, version %d: no event has a hash of its %s", k.name, first.id, first.version, first.field)
	}
	return nil
}

// secretKey names a personal value.
type secretKey struct {
	id      store.ID
	version int
	field   string
}

func (v *verifier) secrets(ctx context.Context, k kind, ids []store.ID) (map[secretKey]secret, error) {
	rows, err := v.tx.Query(ctx, `
		select record, version, field, salt, value from personal where kind = $1 and record = any($2::bigint[])`, k.name, ids)
	if err != nil {
		return nil, err
	}
	found := map[secretKey]secret{}
	var key secretKey
	var s secret
	_, err = pgx.ForEachRow(rows, []any{&key.id, &key.version, &key.field, &s.salt, (*[]byte)(&s.value)}, func() error {
		found[key] = secret{key.field, bytes.Clone(s.salt), bytes.Clone(s.value)}
		return nil
	})
	return found, err
}

// record compares a record with its events. It takes the secrets that it meets out of the map.
func (v *verifier) record(k kind, p present, events []event, secrets map[secretKey]secret) error {
	if len(events) == 0 {
		return broken("%s %d has no event", k.name, p.id)
	}
	for i, e := range events {
		if e.Record.Version != i+1 {
			return broken("%s %d: the event of its version %d is missing", k.name, p.id, i+1)
		}
		for _, name := range k.personal {
			if !strings.HasPrefix(string(e.After[name]), `"`+store.Hashed) {
				continue
			}
			key := secretKey{p.id, e.Record.Version, name}
			s, kept := secrets[key]
			by, gone := v.erasureOf(k.name, key)
			switch {
			case kept && !bytes.Equal(s.sum(), e.After[name]):
				return broken("chain %d, event %d (%s %d): its %s has another hash", e.Chain, e.Seq, k.name, p.id, name)
			case kept && gone:
				return broken("chain %d, event %d (%s %d): its %s was erased and is here again", e.Chain, e.Seq, k.name,
					p.id, name)
			case !kept && !gone:
				return broken("chain %d, event %d (%s %d): its %s is missing and was not erased", e.Chain, e.Seq,
					k.name, p.id, name)
			}
			delete(secrets, key)
			e.After[name] = s.value
			if gone {
				v.report.Erased[by].Values++
				e.After[name] = nothing(p.fields[name])
			}
		}
	}
	last := events[len(events)-1]
	for _, name := range slices.Sorted(maps.Keys(last.After)) {
		if !same(last.After[name], p.fields[name]) {
			return broken("%s %d: its %s is not what its last event says (chain %d, event %d, %s)",
				k.name, p.id, name, last.Chain, last.Seq, last.What)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.fields)) {
		if _, ok := last.After[name]; !ok {
			return broken("%s %d: its %s is not in its last event (chain %d, event %d, %s)", k.name, p.id, name,
				last.Chain, last.Seq, last.What)
		}
	}
	if last.Record.Version != p.version {
		return broken("%s %d: its version is %d and its last event's %d (chain %d, event %d)",
			k.name, p.id, p.version, last.Record.Version, last.Chain, last.Seq)
	}
	return nil
}

// erasureOf finds the event that erased a value.
func (v *verifier) erasureOf(kind string, key secretKey) (by int, ok bool) {
	for _, x := range v.erased[ref{kind, key.id}] {
		if key.version <= x.Until && slices.Contains(x.Fields, key.field) {
			return x.by, true
		}
	}
	return 0, false
}

// nothing returns what a record says where its value was erased: the value itself when it is empty, else what no record
// says.
func nothing(value json.RawMessage) json.RawMessage {
	if empty(value) {
		return value
	}
	return json.RawMessage(`"erased"`)
}

// same compares two values in JSON by what they mean.
func same(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	decode := func(raw json.RawMessage) (v any) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return nil // absent
		}
		return v
	}
	return reflect.DeepEqual(decode(a), decode(b))
}
