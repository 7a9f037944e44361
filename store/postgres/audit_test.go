package postgres_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/store"
	"pendamping/store/postgres"
)

// TestErasing changes the record of a person who was erased: only what the erasure took is excused.
func TestErasing(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	change := func(sql string) {
		t.Helper()
		_, err := conn.Exec(t.Context(), sql, b.chair.ID)
		ok(t, err)
	}
	do(t, db, func(tx *postgres.Tx) {
		p, err := tx.Person(t.Context(), b.chair.ID)
		ok(t, err)
		ok(t, tx.ErasePerson(t.Context(), p))
	})
	wantWhole(t, db)
	change(`update persons set name = 'Somebody' where id = $1`)
	wantBreak(t, db, "name")
	change(`update persons set name = '', organisation = 'Dinas' where id = $1`)
	wantBreak(t, db, "organisation")
}

func TestEvents(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	type event struct {
		Chain, Seq, Update int64
		At, What           string
		Actor              store.Actor
		Record             struct {
			Kind        string
			ID, Version int
		}
		Before, After map[string]any
	}
	read := func(kind string, id store.ID, version int) (e event, raw string) {
		t.Helper()
		ok(t, conn.QueryRow(t.Context(), `select body from events where kind = $1 and record = $2 and version = $3`,
			kind, id, version).Scan(&raw))
		ok(t, json.Unmarshal([]byte(raw), &e))
		return e, raw
	}
	e, _ := read("receipt", b.receipt.ID, 2)
	if e.What != "receipt.submitted" || e.At != "2026-11-23T05:00:00.123456Z" || e.Chain != int64(b.recipient.ID) {
		t.Errorf("event is %s at %s in chain %d", e.What, e.At, e.Chain)
	}
	wantSame(t, store.Actor{Person: b.mentor.ID, Role: store.Mentor, Behalf: b.chair.ID}, e.Actor)
	before := []string{}
	for name := range e.Before {
		before = append(before, name)
	}
	slices.Sort(before)
	wantSame(t, []string{"day", "draft", "flags", "hands", "items", "kind", "payment", "seller", "sources", "state",
		"submitted", "total"}, before)
	if e.Before["state"] != "unfinished" || e.Before["seller"] != nil || e.After["seller"] != "Toko Jaya" {
		t.Errorf("state was %v, seller was %v and is %v", e.Before["state"], e.Before["seller"], e.After["seller"])
	}

	old, raw := read("person", b.chair.ID, 1)
	now, _ := read("person", b.chair.ID, 2)
	for _, value := range []string{"Asep", "+62811", "4711", "ketua-A"} {
		if strings.Contains(raw, value) {
			t.Errorf("an event has a personal value in it: %s", raw)
		}
	}
	wantSame(t, map[string]any{"wa": old.After["wa"]}, now.Before)
	if now.After["name"] == old.After["name"] {
		t.Error("the same name has the same hash twice: it is not salted")
	}
}

// TestVerifyFindsMovedInvite moves bytes from what is kept of an invitation's token into what is kept of its code,
// where a "/" lets the text that is hashed stay the same.
func TestVerifyFindsMovedInvite(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	do(t, db, func(tx *postgres.Tx) {
		for n := range 40 { // one in eight has a "/"
			i := store.Invite{Person: b.chair.ID, Token: fmt.Sprint("link-", n), Code: fmt.Sprint("CODE-", n),
				Expires: noon.Add(time.Hour)}
			ok(t, tx.AddInvite(t.Context(), "invite.added", &i))
		}
	})
	wantWhole(t, db)
	_,
		err := conn.Exec(t.Context(),
		`alter table invites drop constraint invites_token_check, drop constraint invites_code_check`)
	ok(t, err)
	tag, err := conn.Exec(t.Context(), `
		update invites
		set token = substr(token, 1, position('\x2f' in token) - 1), code = substr(token, position('\x2f' in token) + 1) || '\x2f'::bytea || code
		where position('\x2f' in token) > 0`)
	ok(t, err)
	if tag.RowsAffected() == 0 {
		t.Fatal("no token has one")
	}
	wantBreak(t, db, "seal")
}
