package postgres_test

import (
	"errors"
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// TestErasePerson asks for a person to be erased: nothing names them any more, and the trail is whole.
func TestErasePerson(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	account := b.chair.Account
	ok(t, db.Queue(t.Context(), noon, []store.Delivery{
		{Message: store.Message{Chat: account, Body: []store.Text{store.Say("hello", "Name", b.chair.Name)}}},
		{Message: store.Message{Chat: account + 1, Body: []store.Text{store.Say("hello")}}},
	}))
	do(t, db, func(tx *postgres.Tx) {
		p, err := tx.Person(t.Context(), b.chair.ID)
		ok(t, err)
		ok(t, tx.ErasePerson(t.Context(), p))
	})
	wantWhole(t, db)
	tx := db.Begin(noon, 0)
	p, err := tx.Person(t.Context(), b.chair.ID)
	ok(t, err)
	if p.Name+p.WA+p.Key != "" || p.Account != 0 || p.Role != b.chair.Role {
		t.Errorf("what is left is %+v", p)
	}
	if _, err := tx.PersonByKey(t.Context(), b.chair.Key); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("they are still found by their key: %v", err)
	}
	a, err := tx.Account(t.Context(), account)
	ok(t, err)
	if len(a.People) > 0 || a.Language != "" {
		t.Errorf("the account still speaks as %+v", a)
	}
	i, err := tx.InviteOf(t.Context(), b.chair.ID)
	ok(t, err)
	if i.Used.IsZero() && i.Revoked.IsZero() {
		t.Error("their invitation still opens a door")
	}
	var secrets, said, others int
	ok(t, conn.QueryRow(t.Context(), `select count(*) from personal where kind = 'person' and record = $1`, b.chair.ID).Scan(&secrets))
	ok(t, conn.QueryRow(t.Context(), `select count(*) filter (where chat = $1), count(*) filter (where chat <> $1)
		from outbox where message is not null`, account).Scan(&said, &others))
	if secrets > 0 || said > 0 || others != 1 {
		t.Errorf("%d values and %d messages are left, and %d of somebody else", secrets, said, others)
	}
}
