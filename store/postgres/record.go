package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// record says how one kind of record is read.
type record[T any] struct {
	kind string // what events and errors call it
	from string // select … from … without a condition; id is the record's own
	scan pgx.RowToFunc[T]
	key  func(T) (id store.ID, version int)
}

// ref names a record.
type ref struct {
	Kind string   `json:"kind"`
	ID   store.ID `json:"id"`
}

// snapshot is a record as it was read or written. Its fields, of which events are made, are worked out when one is.
type snapshot struct {
	version int
	value   any
}

// fields is a record's JSON, field by field. Its own JSON has them in the order of their names.
type fields map[string]json.RawMessage

func fieldsOf(v any) (fields, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var f fields
	return f, json.Unmarshal(b, &f)
}

// list reads the records for which the rest of the query holds.
func list[T any](ctx context.Context, t *Tx, r record[T], rest string, args ...any) ([]T, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, r.from+" "+rest, args...)
	if err != nil {
		return nil, failed(r.kind, err)
	}
	return collect(t, r, rows)
}

// one reads the first record for which the rest of the query holds; ErrNotFound when there is none.
func one[T any](ctx context.Context, t *Tx, r record[T], rest string, args ...any) (T, error) {
	found, err := list(ctx, t, r, rest+" limit 1", args...)
	if err == nil && len(found) == 0 {
		err = failed(r.kind, store.ErrNotFound)
	}
	if err != nil {
		var none T
		return none, err
	}
	return found[0], nil
}

func collect[T any](t *Tx, r record[T], rows pgx.Rows) ([]T, error) {
	found, err := pgx.AppendRows([]T(nil), rows, r.scan)
	if err != nil {
		return nil, failed(r.kind, err)
	}
	for _, v := range found {
		see(t, r, v)
	}
	return found, nil
}

// see remembers the record as it stands, for the event of a change to it: whoever changes a record replaces its slices
// and does not write into them.
func see[T any](t *Tx, r record[T], v T) {
	id, version := r.key(v)
	t.seen[ref{r.kind, id}] = snapshot{version, v}
	if p, ok := any(v).(store.Person); ok {
		t.homes[id] = p.Recipient
	}
}

// stored returns the record as the database has it in the version that v carries; another version is a conflict.
func stored[T any](ctx context.Context, t *Tx, r record[T], v T) (fields, error) {
	id, version := r.key(v)
	if s, ok := t.seen[ref{r.kind, id}]; ok && s.version == version {
		return fieldsOf(s.value)
	}
	if _, err := one(ctx, t, r, "where id = $1", id); err != nil {
		return nil, err
	}
	s := t.seen[ref{r.kind, id}]
	if s.version != version {
		return nil, failed(r.kind, store.ErrConflict)
	}
	return fieldsOf(s.value)
}

// add writes the event of a record that is new.
func add[T any](ctx context.Context, t *Tx, r record[T], c *chain, what string, v T) error {
	return changed(ctx, t, r, c, what, nil, v)
}

// put changes a record: update queues the statement, which must name the version that v has until then.
func put[T any](
	ctx context.Context, t *Tx, r record[T], c *chain, what string, v *T, version *int, update func(),
) error {
	before, err := stored(ctx, t, r, *v)
	if err != nil {
		return err
	}
	update()
	*version++
	t.raised = append(t.raised, version)
	return changed(ctx, t, r, c, what, before, *v)
}

// changed writes the event of a record that is v now; before is nil for a new one. The record's own statement is queued
// by then, so without its event the transaction is over.
func changed[T any](ctx context.Context, t *Tx, r record[T], c *chain, what string, before fields, v T) error {
	t.roster = t.roster || changesRoster[r.kind]
	see(t, r, v)
	after, err := fieldsOf(v)
	if err == nil {
		id, n := r.key(v)
		err = t.event(ctx, c, what, version{ref{r.kind, id}, n}, before, after, personal[T]())
	}
	if err != nil {
		return t.fail(fmt.Errorf("event of %s: %w", r.kind, err))
	}
	return nil
}

// personal returns the names in JSON of the fields of T that are about a person.
func personal[T any]() []string {
	var names []string
	for t, i := reflect.TypeFor[T](), 0; i < t.NumField(); i++ {
		if f := t.Field(i); f.Tag.Get("audit") == "personal" {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}

// fresh gives a new record its id and version, and the chain of its recipient.
func (t *Tx) fresh(ctx context.Context, recipient store.ID, id *store.ID, version *int) (*chain, error) {
	c, err := t.chain(ctx, recipient)
	if err != nil {
		return nil, err
	}
	*id, err = t.newID(ctx)
	*version = 1
	return c, err
}
