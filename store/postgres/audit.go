package postgres

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// chain is the audit trail of a recipient, or of what belongs to none: events of which each hashes the one before. Its
// row is locked from the first write until the commit, so its numbers have no gaps.
type chain struct {
	id       store.ID
	length   int64
	head     [sha256.Size]byte // hash of the last event, zeros before the first
	receipts int               // last number of a nota
	entries  int               // last number of an entry
}

// event is the body of an event. Its stored bytes are what is hashed.
type event struct {
	Chain  store.ID    `json:"chain"`
	Seq    int64       `json:"seq"` // from 1
	At     time.Time   `json:"at"`
	Update int64       `json:"update,omitempty"`
	Actor  store.Actor `json:"actor"`
	What   string      `json:"what"`
	Record version     `json:"record"`
	Before fields      `json:"before,omitempty"` // what the changed fields were, null for absent
	After  fields      `json:"after"`            // the whole record
	Erased []erasure   `json:"erased,omitempty"` // the personal values that the same transaction took out of the trail
}

// version names a record at one version.
type version struct {
	ref
	Version int `json:"version"`
}

// link returns the hash of an event whose body comes after the event with the hash previous.
func link(previous [sha256.Size]byte, body []byte) [sha256.Size]byte {
	return sha256.Sum256(append(previous[:], body...))
}

// chain locks a chain and tells where it ends. ErrNotFound: there is no such recipient.
func (t *Tx) chain(ctx context.Context, id store.ID) (*chain, error) {
	if t.chains[id] == nil {
		if err := t.lock(ctx, []store.ID{id}); err != nil {
			return nil, err
		}
	}
	return t.chains[id], nil
}

// lock locks several chains at once, in the order of their ids, so that two who do so never wait for one another in a
// circle. ErrNotFound: one of them is not there.
func (t *Tx) lock(ctx context.Context, ids []store.ID) error {
	// One by one: the server would make a new plan for each list.
	const lock = `select id, length, head, last_receipt, last_entry from chains where id = $1 for update`
	for _, id := range slices.Sorted(slices.Values(ids)) {
		t.pending().Queue(lock, id).QueryRow(func(row pgx.Row) error {
			var head []byte
			var c chain
			if err := row.Scan(&c.id, &c.length, &head, &c.receipts, &c.entries); err != nil {
				return t.fail(failed("recipient", err))
			}
			copy(c.head[:], head)
			if t.chains[id] == nil { // else it is locked, and further than the row
				t.chains[id] = &c
			}
			return nil
		})
	}
	return t.flush(ctx)
}

// chainOf returns the chain of a person's recipient.
func (t *Tx) chainOf(ctx context.Context, person store.ID) (*chain, error) {
	if _, ok := t.homes[person]; !ok {
		if _, err := t.Person(ctx, person); err != nil {
			return nil, err
		}
	}
	return t.chain(ctx, t.homes[person])
}

// newChain starts the chain of a new recipient.
func (t *Tx) newChain(id store.ID) *chain {
	c := &chain{id: id}
	t.chains[id] = c
	t.write(1, "chain", `
		insert into chains (id, length, head, last_receipt, last_entry)
		values ($1, 0, $2, 0, 0)`, id, make([]byte, sha256.Size))
	return c
}

// keepChains writes where the chains end now.
func (t *Tx) keepChains() {
	for _, c := range t.chains {
		t.write(1, "chain", `
			update chains
			set length = $2, head = $3, last_receipt = $4, last_entry = $5
			where id = $1`, c.id, c.length, bytes.Clone(c.head[:]), c.receipts, c.entries)
	}
}

// event adds an event to the chain. The values of personal fields go to their own table, salted hashes to the event.
func (t *Tx) event(
	ctx context.Context, c *chain, what string, of version, before, after fields, personal []string,
) error {
	if what == "" {
		return errors.New("it has no name")
	}
	e := event{
		Chain: c.id, Seq: c.length + 1, At: t.at, Update: t.update, Actor: t.actor, What: what,
		Record: of, Before: diff(before, after), After: fields{}, Erased: t.erased,
	}
	t.erased = nil
	for name, value := range after {
		e.After[name] = value
	}
	var secrets []secret
	for _, name := range personal {
		if !empty(after[name]) {
			s := newSecret(name, after[name])
			e.After[name] = s.sum()
			secrets = append(secrets, s)
		}
	}
	if err := t.hide(ctx, e, personal); err != nil {
		return err
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	c.length++
	c.head = link(c.head, body)
	t.write(1, "event", `
		insert into events (chain, seq, at, kind, record, version, body, hash)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.id, c.length, t.at, of.Kind, of.ID, of.Version, string(body), bytes.Clone(c.head[:]))
	for _, s := range secrets {
		t.write(1, "personal value", `
			insert into personal (kind, record, version, field, salt, value)
			values ($1, $2, $3, $4, $5, $6)`,
			of.Kind, of.ID, of.Version, s.field, s.salt, string(s.value))
	}
	return nil
}

// hide puts the hashes that the event before this one had in the place of personal values in e.Before.
func (t *Tx) hide(ctx context.Context, e event, personal []string) error {
	var previous *event
	for _, name := range personal {
		if empty(e.Before[name]) {
			continue
		}
		if previous == nil {
			q, err := t.reads(ctx)
			if err != nil {
				return err
			}
			var body []byte
			err = q.QueryRow(ctx, `select body from events where kind = $1 and record = $2 and version = $3`,
				e.Record.Kind, e.Record.ID, e.Record.Version-1).Scan(&body)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(body, &previous); err != nil {
				return err
			}
		}
		e.Before[name] = previous.After[name]
	}
	return nil
}

// diff returns what the fields that changed were before, null where they were not there. The version always changes and
// is left out.
func diff(before, after fields) fields {
	if before == nil {
		return nil
	}
	d := fields{}
	for name, was := range before {
		if name != "version" && !bytes.Equal(was, after[name]) {
			d[name] = was
		}
	}
	for name := range after {
		if _, ok := before[name]; !ok {
			d[name] = json.RawMessage("null")
		}
	}
	return d
}

// secret is a personal value with the salt that keeps it from being guessed from its hash.
type secret struct {
	field string
	salt  []byte
	value json.RawMessage
}

func newSecret(field string, value json.RawMessage) secret {
	s := secret{field: field, salt: make([]byte, store.SaltSize), value: value}
	rand.Read(s.salt)
	return s
}

// sum returns the hash of the value as events have it, in JSON.
func (s secret) sum() json.RawMessage {
	return json.RawMessage(`"` + store.HashPersonal(s.salt, s.value) + `"`)
}

// empty reports whether there is nothing to hide.
func empty(value json.RawMessage) bool {
	switch string(value) {
	case "", "null", `""`, "0":
		return true
	}
	return false
}
