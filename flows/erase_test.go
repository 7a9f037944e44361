package flows_test

import (
	"slices"
	"testing"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// An erasure does not cut the tie between two persons of one phone: else a mentor could verify what she entered as the
// group's officer.
func TestEraseKeepsTies(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	tx := w.db.Begin(w.clock.now(), 0)
	defer tx.Rollback(ctx)
	mentor, err := tx.PersonByCode(ctx, store.Mentor, "PDP-01")
	if err != nil {
		t.Fatal(err)
	}
	wati, err := tx.PersonByCode(ctx, store.Member, "KLP-001")
	if err != nil {
		t.Fatal(err)
	}
	wati.Role, wati.Account = store.Secretary, mentor.Account
	if err := tx.PutPerson(ctx, "person.joined", &wati); err != nil {
		t.Fatal(err)
	}
	if err := dialog.Erase(ctx, tx, wati.ID); err != nil {
		t.Fatal(err)
	}
	if mentor, err = tx.Person(ctx, mentor.ID); err != nil || !slices.Contains(mentor.Sponsors, wati.ID) {
		t.Errorf("the mentor's sponsors are %v, %v; want %d among them", mentor.Sponsors, err, wati.ID)
	}
	if wati, err = tx.Person(ctx, wati.ID); err != nil || wati.Name+wati.Key != "" || wati.Account != 0 {
		t.Errorf("what is left is %+v, %v", wati, err)
	}
}
