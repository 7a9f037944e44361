package postgres_test

import (
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// What was read before is asked anew, and ids go on where the sequence is.
func TestForget(t *testing.T) {
	db, conn := open(t)
	add := func(code string) (p store.Program) {
		p = store.Program{Code: code, Edition: 1, Rules: store.DefaultRules()}
		do(t, db, func(tx *postgres.Tx) { ok(t, tx.AddProgram(t.Context(), "program.added", &p)) })
		return p
	}
	code := func(id store.ID) string {
		p, err := db.Begin(noon, 0).Program(t.Context(), id)
		ok(t, err)
		return p.Code
	}
	first := add("OLD")
	before := code(first.ID)
	_, err := conn.Exec(t.Context(), `update programs set code = 'NEW'`)
	ok(t, err)
	if kept := code(first.ID); kept != before {
		t.Fatalf("rules are not remembered: %s", kept)
	}
	db.Forget()
	if now := code(first.ID); now != "NEW" {
		t.Errorf("the programme is still %s", now)
	}
	var next store.ID
	ok(t, conn.QueryRow(t.Context(), `select nextval('ids')`).Scan(&next))
	if second := add("SECOND"); second.ID <= next {
		t.Errorf("the next id is %d, of the block before %d", second.ID, next)
	}
}
