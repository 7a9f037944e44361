package postgres_test

import (
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// An account is kept where it was read, and forgotten in every process when one of them changes it.
func TestRosterIsForgotten(t *testing.T) {
	here, conn := open(t)
	there, err := postgres.Open(t.Context(), conn.Config().ConnString())
	ok(t, err)
	t.Cleanup(there.Close)
	join(t, here)
	join(t, there)
	var g group
	do(t, here, func(tx *postgres.Tx) {
		g = addGroup(t, tx, "KLP-1")
		g.chair.Account = 77
		ok(t, tx.PutPerson(t.Context(), "person.joined", &g.chair))
	})
	name := func(db *postgres.DB) string {
		a, err := db.Begin(noon, 0).Account(t.Context(), 77)
		ok(t, err)
		if len(a.People) != 1 || len(a.Recipients) != 1 {
			t.Fatalf("account %+v", a)
		}
		return a.People[0].Name
	}
	until(t, func() bool { // both listen: what was changed behind their backs is not seen
		name(here)
		name(there)
		_, err := conn.Exec(t.Context(), `update persons set name = name || '!' where id = $1`, g.chair.ID)
		ok(t, err)
		return len(name(here)) < len(nameOf(t, conn, g.chair.ID)) && len(name(there)) < len(nameOf(t, conn, g.chair.ID))
	})
	do(t, there, func(tx *postgres.Tx) {
		p, err := tx.Person(t.Context(), g.chair.ID)
		ok(t, err)
		p.Name = "Bu Asih"
		ok(t, tx.PutPerson(t.Context(), "person.changed", &p))
	})
	if got := name(there); got != "Bu Asih" {
		t.Errorf("where it was changed: %s", got)
	}
	until(t, func() bool { return name(here) == "Bu Asih" })
	do(t, here, func(tx *postgres.Tx) {
		ok(t, tx.AddConsent(t.Context(), "consent.given", &store.Consent{
			Person: g.chair.ID, Notice: "2026-11", Given: noon, Source: "chat",
		}))
	})
	until(t, func() bool {
		a, err := there.Begin(noon, 0).Account(t.Context(), 77)
		return err == nil && a.People[0].Consent == "2026-11"
	})
}
