package audit_test

import (
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/officetest"
	"pendamping/flows/dialog"
	"pendamping/flows/join"
	"pendamping/store"
	"pendamping/store/postgres"
)

// A folder is whole after the lawful erasure of somebody who had left the group: the erasure's event is in another
// chain, and goes with it.
func TestExportOfErased(t *testing.T) {
	const excuse = "peristiwa/penghapusan.jsonl"
	a := openArchive(t)
	ctx := t.Context()
	var p store.Person
	a.Do(func(tx *postgres.Tx) {
		var err error
		p, err = tx.PersonByKey(ctx, "bendahara|km-01|utami")
		a.OK(err)
		p.Recipient, p.Role, p.Account = 0, store.Member, 0
		p.Key = store.PersonKey("", store.Member, "KM-01", "Utami")
		a.OK(tx.PutPerson(ctx, "person.retired", &p))
	})
	a.Do(func(tx *postgres.Tx) { // a number that the group never knew
		p.WA = "628111000999"
		a.OK(tx.PutPerson(ctx, "person.changed", &p))
	})
	if was := inside(t, a.export()); was[excuse] != "" {
		t.Fatalf("before anything was erased it has\n%s", was[excuse])
	}
	a.Do(func(tx *postgres.Tx) {
		p, err := tx.Person(ctx, p.ID)
		a.OK(err)
		a.OK(tx.EraseNumber(ctx, p))
	})
	a.Do(func(tx *postgres.Tx) {
		p, err := tx.Person(ctx, p.ID)
		a.OK(err)
		a.OK(dialog.Erase(ctx, tx, p.ID))
	})
	if r, err := a.DB.Verify(ctx, officetest.Noon.Add(time.Hour), nil); err != nil || r.Break != "" {
		t.Fatal(r.Break, err)
	}
	folder := a.export()
	was := inside(t, folder)
	if wrong := a.check(folder, ""); wrong != "" || !strings.Contains(was[excuse], "person.erased") ||
		strings.Contains(was[excuse], "Utami") {
		t.Fatalf("%q, and of the erasure it has\n%s", wrong, was[excuse])
	}
	person := `\"kind\":\"person\",\"id\":` + number(p.ID)
	for what, c := range map[string]struct{ text, want string }{
		"nothing":          {was[excuse], ""},
		"left out":         {"", "is missing and was not erased"},
		"twice":            {was[excuse] + was[excuse], "is not in its place"},
		"of somebody else": {strings.ReplaceAll(was[excuse], person, person+"9"), "is no erasure of who had left"},
		"of another kind": {
			strings.ReplaceAll(was[excuse], "person.erased", "person.retired"), "is no erasure of who had left",
		},
		"of too early": {
			strings.ReplaceAll(was[excuse], `\"version\":5`, `\"version\":1`), "is no erasure of who had left",
		},
		"of the same chain": {strings.ReplaceAll(was[excuse], `{\"chain\":0,`, `{\"chain\":`+number(a.Of.ID)+`,`),
			"is no erasure of who had left"},
	} {
		if what != "nothing" && c.text == was[excuse] {
			t.Errorf("%s: nothing was changed: %s", what, c.text)
		}
		f := a.forge(was, a.roots(), officetest.Noon)
		f.of.Village = a.Of.Village
		if f.files[excuse] = c.text; c.text == "" {
			delete(f.files, excuse)
		}
		f.seals, f.originals, f.elsewhere = 1, 2, strings.Count(c.text, "\n")
		whole, said := f.check(nil)
		if whole != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: whole is %v, want %q, and it says\n%s", what, whole, c.want, said)
		}
		if whole && !strings.Contains(said, "personal values are missing by an erasure in chain 0, event ") {
			t.Errorf("it does not say what excuses them:\n%s", said)
		}
	}
}

// Versions of a record that another chain has are no gap: of somebody who left and came back, of their consent and
// put-off reminders, and of a picture that found its group later.
func TestExportOfMoved(t *testing.T) {
	a := openArchive(t)
	ctx := t.Context()
	f := store.File{Kind: "photo", FileID: "f9", UniqueID: "u9", SHA256: a.Sum, At: officetest.Noon}
	var c store.Consent
	a.Do(func(tx *postgres.Tx) {
		p, err := tx.PersonByKey(ctx, "bendahara|km-01|utami")
		a.OK(err)
		f.By = p.ID
		p.Recipient, p.Role = 0, store.Member
		a.OK(tx.PutPerson(ctx, "person.retired", &p))
		c = store.Consent{Person: p.ID, Notice: join.Notice, Given: officetest.Noon, Source: "chat"}
		a.OK(tx.AddConsent(ctx, "consent.given", &c))
		a.OK(tx.PutHold(ctx, store.Hold{Person: p.ID, Kind: "week", Until: "2026-12-01"}))
		a.OK(tx.AddFile(ctx, "file.kept", &f))
	})
	a.Do(func(tx *postgres.Tx) {
		p, err := tx.Person(ctx, f.By)
		a.OK(err)
		p.Recipient = a.Of.ID
		a.OK(tx.PutPerson(ctx, "person.appointed", &p))
		c.Withdrawn = officetest.Noon
		a.OK(tx.PutConsent(ctx, "consent.withdrawn", &c))
		a.OK(tx.PutHold(ctx, store.Hold{Person: p.ID, Kind: "week", Until: "2026-12-05"}))
		f.Recipient = a.Of.ID
		a.OK(tx.PutFile(ctx, "file.placed", &f))
	})
	if wrong := a.check(a.export(), ""); wrong != "" {
		t.Error(wrong)
	}
}
