package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"pendamping/store"
	"pendamping/store/postgres"
)

func TestSmoke(t *testing.T) {
	db, _ := open(t)
	var g group
	do(t, db, func(tx *postgres.Tx) { g = addGroup(t, tx, "A") })
	tx := db.Begin(noon, 0)
	a, err := tx.Account(t.Context(), 4711)
	ok(t, err)
	if d := cmp.Diff(store.Account{ID: 4711, People: []store.Person{g.chair}}, a); d != "" {
		t.Error(d)
	}
	r := store.Receipt{Recipient: g.recipient.ID, By: g.chair.ID, Begun: noon, Items: []store.Item{{Amount: 5}}, Draft: []byte(`{"a": 1}`)}
	ok(t, tx.AddReceipt(t.Context(), "receipt.begun", &r))
	r.Seller = "Toko"
	ok(t, tx.PutReceipt(t.Context(), "receipt.changed", &r))
	g.chair.Name = "Asep"
	ok(t, tx.PutPerson(t.Context(), "person.changed", &g.chair))
	got, err := tx.Receipt(t.Context(), r.ID)
	ok(t, err)
	if d := cmp.Diff(r, got); d != "" {
		t.Error(d)
	}
	_, err = tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
}
