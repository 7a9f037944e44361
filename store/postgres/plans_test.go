package postgres_test

import (
	"fmt"
	"testing"

	"pendamping/store"
)

// A proposal waits for the mentor, or for a coordinator of the place where there is no mentor to decide it; nobody
// decides their own.
func TestPlansToReview(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	ctx := t.Context()
	g := addGroup(t, tx, "A")
	bind := func(p store.Person, account int64) store.Person {
		p.Account = account
		ok(t, tx.PutPerson(ctx, "person.joined", &p))
		return p
	}
	coordinator := func(code, province string, account int64) store.Person {
		p := store.Person{Key: "id:" + code, Role: store.Coordinator, Code: code, Province: province, Account: account}
		ok(t, tx.AddPerson(ctx, "person.added", &p))
		return p
	}
	here, twin, away := coordinator("K1", "jawa barat", 81), coordinator("K2", "", 70), coordinator("K3", "Bali", 83)
	other := addGroup(t, tx, "B").mentor
	for _, c := range []struct {
		name    string
		account int64    // of the mentor
		none    bool     // no mentor at all
		by      store.ID // who proposes
		want    string   // mentor, coordinator here, one everywhere with account 70, one elsewhere, another mentor
	}{
		{"by the group", 70, false, g.chair.ID, "1 0 0 0 0"},
		{"by the mentor", 70, false, g.mentor.ID, "0 1 0 0 0"},
		{"for an unbound mentor", 0, false, g.chair.ID, "1 1 1 0 0"},
		{"without a mentor", 70, true, g.chair.ID, "0 1 1 0 0"},
		{"with the roster", 70, false, 0, "1 0 0 0 0"},
	} {
		g.mentor = bind(g.mentor, c.account)
		if g.recipient.Mentor = g.mentor.ID; c.none {
			g.recipient.Mentor = 0
		}
		ok(t, tx.PutRecipient(ctx, "recipient.changed", &g.recipient))
		p := store.Plan{Recipient: g.recipient.ID, State: store.PlanProposed, By: c.by, At: noon}
		ok(t, tx.AddPlan(ctx, "plan.proposed", &p))
		var got []int
		for _, reviewer := range []store.Person{g.mentor, here, twin, away, other} {
			list, err := tx.PlansToReview(ctx, reviewer, nil)
			ok(t, err)
			got = append(got, len(list))
		}
		if s := fmt.Sprint(got); s != "["+c.want+"]" {
			t.Errorf("a plan proposed %s is seen by %s, want [%s]", c.name, s, c.want)
		}
		p.State = store.PlanDeclined
		ok(t, tx.PutPlan(ctx, "plan.declined", &p))
	}
}
