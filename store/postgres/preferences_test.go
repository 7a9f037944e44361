package postgres_test

import (
	"os"
	"strings"
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// What was chosen before choices had events gets one when the schema is brought up to date; what is slipped in
// afterwards has none.
func TestPreferencesAdopted(t *testing.T) {
	db, conn := open(t)
	var g group
	do(t, db, func(tx *postgres.Tx) { g = addGroup(t, tx, "A") })
	b, err := os.ReadFile("migrations/0040_preferences.sql")
	ok(t, err)
	up, down, _ := strings.Cut(string(b), "-- +goose Down")
	run := func(sql string, args ...any) {
		t.Helper()
		_, err := conn.Exec(t.Context(), sql, args...)
		ok(t, err)
	}
	run(down)
	run(`insert into holds values ($1, 'remind', '2026-12-01'), ($2, 'praise', '9999-12-31')`, int64(g.chair.ID),
		int64(g.mentor.ID))
	run(
		`insert into audiences values ($1, 'Garut "timur"', '{"regency":"Garut","roles":["ketua"],"mentor":9007199254740993}'), ($1, 'semua', '{}')`, int64(g.mentor.ID))
	run(up)
	adopted := wantWhole(t, db)
	want := store.Audience{Regency: "Garut", Roles: []store.Role{store.Chair}, Mentor: 9007199254740993}
	do(t, db, func(tx *postgres.Tx) {
		list, err := tx.Audiences(t.Context(), g.mentor.ID)
		if ok(t, err); len(list) != 2 || list[0].ID == 0 || list[0].ID == list[1].ID {
			t.Fatalf("the audiences are %+v", list)
		}
		wantSame(t, want, list[0].Audience)
		ok(t, tx.PutHold(t.Context(), store.Hold{Person: g.chair.ID, Kind: "remind"}))
		ok(t, tx.PutAudience(t.Context(), store.SavedAudience{
			Person: g.mentor.ID, Name: "semua", Audience: store.Audience{Wave: "1"},
		}))
	})
	if later := wantWhole(t, db); later.Events != adopted.Events+2 || later.Records != adopted.Records {
		t.Errorf("%d events and %d records, and after two changes %d and %d", adopted.Events, adopted.Records,
			later.Events, later.Records)
	}
	run(`insert into holds (id, version, person, kind, until) values (77, 1, $1, 'card', '2026-12-01')`,
		int64(g.chair.ID))
	if report, err := db.Verify(t.Context(), verifiedAt, nil); err != nil ||
		!strings.Contains(report.Break, "hold 77 has no event") {
		t.Errorf("a hold without an event: %q, %v", report.Break, err)
	}
}
