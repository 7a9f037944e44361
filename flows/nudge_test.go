package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
)

// TestAddressees sends one nudge to groups of every kind: to each bound officer, else to whoever is bound, never to the
// one who writes; and where nobody can be reached a letter is kept all the same, and goes nowhere.
func TestAddressees(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC) // a Wednesday morning in Bandung
	tx := c.g.db.Begin(now, 0)
	acc, err := tx.Account(ctx, c.acts["Rina"])
	must(err)
	rina := acc.People[0].ID
	person := func(name string, role store.Role, of store.ID, account int64) {
		p := store.Person{
			Key: store.PersonKey("", role, name, name), Role: role, Name: name, Recipient: of, Account: account,
		}
		must(tx.AddPerson(ctx, "person.added", &p))
		if account != 0 {
			must(tx.AddConsent(ctx, "consent.given", &store.Consent{
				Person: p.ID, Notice: join.Notice, Given: now, Source: "paper",
			}))
		}
	}
	for name, people := range map[string]func(of store.ID){
		"C": func(of store.ID) { // nobody is bound
			person("Umar", store.Chair, of, 0)
			person("Murni", store.Treasurer, of, 0)
		},
		"D": func(of store.ID) { // the chair is the mentor, the treasurer is not bound, a member is
			person("Rina D", store.Chair, of, c.acts["Rina"])
			person("Lina", store.Treasurer, of, 0)
			person("Rudi", store.Member, of, 901)
			person("Rudi too", store.Member, of, 901)
		},
		"E": func(store.ID) {}, // nobody is known
	} {
		r := store.Recipient{
			Code: name, Name: "Kelompok " + name, Program: c.g.program, Province: "Jawa Barat", Regency: "Bandung",
			Zone:  "Asia/Jakarta",
			Grant: 20_000_000, Disbursed: "2026-11-10", Mentor: rina,
		}
		must(tx.AddRecipient(ctx, "recipient.added", &r))
		people(r.ID)
	}
	_, err = tx.Commit(ctx, 0, nil, nil)
	must(err)

	session := dialog.Session{Screen: 1, Taken: []int64{1}}
	for i, press := range []string{"nudge:semua", "=semangat", form.Confirm} {
		if last := session.Screen; i > 0 {
			press = "q:" + store.Rupiah(last).String() + ":" + press
		}
		tx := c.g.db.Begin(now, 0)
		res, err := flows.Turn(ctx, tx, c.g.setting, session, form.Event{
			Update: int64(10 + i), Account: c.acts["Rina"], Chat: c.acts["Rina"], Message: 5, Kind: form.Press,
			Press: press,
		})
		must(err)
		session = res.Session
		var list []store.Delivery
		for _, m := range res.Messages {
			list = append(list, store.Delivery{Message: m})
		}
		_, err = tx.Commit(ctx, 0, nil, list)
		must(err)
	}
	if session.Form.Form != "" {
		t.Fatalf("%q is still asked", session.Form.Form)
	}
	tx = c.g.db.Begin(now, 0)
	posted, err := tx.Posted(ctx, rina, now.Add(-time.Hour))
	must(err)
	var got []string
	batch := map[store.ID]bool{}
	for _, p := range posted {
		to, err := tx.Person(ctx, p.To)
		must(err)
		got = append(got, to.Name+" "+string(p.State))
		batch[p.Batch] = true
	}
	slices.Sort(got)
	want := "Ani queued, Joko queued, Murni unreachable, Rudi queued, Sri queued"
	if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" || len(batch) != 1 ||
		!batch[posted[len(posted)-1].ID] {
		t.Errorf("to others, or in %d batches (-want +got):\n%s", len(batch), diff)
	}
}
