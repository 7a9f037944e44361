package flows_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// A chair who verified something of the book by another person of theirs does not approve it, also when the two are on
// two phones by now.
func TestVerifierDoesNotApprove(t *testing.T) {
	for name, hers := range map[string]struct {
		shared, tied bool
		says         string
	}{
		"somebody else": {false, false, "approve.done"}, "on one phone": {true, false, "approve.judged"},
		"tied": {false, true, "approve.judged"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			ctx := t.Context()
			tx := c.g.db.Begin(walkStart, 0)
			defer tx.Rollback(ctx)
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			budi, err := tx.PersonByCode(ctx, store.Coordinator, "KOR-1")
			must(err)
			joko, err := tx.PersonByCode(ctx, store.Chair, "A")
			must(err)
			nota, err := tx.Receipt(ctx, flows.IDOf(c.ids.Replace("{B}")))
			must(err)
			nota.State, nota.Review = store.Verified, store.Review{
				By: budi.ID, At: tx.Now(), Version: 1, Verdict: "verified",
			}
			must(tx.PutReceipt(ctx, "receipt.verified", &nota))
			if hers.shared {
				budi.Account = joko.Account
			}
			if hers.tied {
				dialog.Tie(&budi, &joko)
				must(tx.PutPerson(ctx, "person.tied", &joko))
			}
			must(tx.PutPerson(ctx, "person.changed", &budi))
			must(tx.PutAccount(ctx, store.Account{ID: joko.Account, Active: joko.ID}))
			_, err = tx.Commit(ctx, 0, nil, nil)
			must(err)
			if said, _,
				wrote := c.does("Joko", form.Event{Kind: form.Press, Press: "approve:{H}"}); said != hers.says ||
				wrote != (hers.says == "approve.done") {
				t.Errorf("%q is said, written: %v; want %q", said, wrote, hers.says)
			}
		})
	}
}

// A chair who approved the book verifies nothing of it by another person of theirs afterwards, also when the two are on
// two phones by now.
func TestApproverDoesNotVerify(t *testing.T) {
	for name, hers := range map[string]struct{ shared, tied bool }{
		"somebody else": {false, false}, "on one phone": {true, false}, "tied": {false, true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			ctx := t.Context()
			of := flows.IDOf(c.ids.Replace("{G}"))
			apart := !hers.shared && !hers.tied
			by := "Budi"
			if hers.shared {
				by = "Joko"
			}
			c.stored(func(tx store.Tx) {
				must := func(err error) {
					t.Helper()
					if err != nil {
						t.Fatal(err)
					}
				}
				budi, err := tx.PersonByCode(ctx, store.Coordinator, "KOR-1")
				must(err)
				joko, err := tx.PersonByCode(ctx, store.Chair, "A")
				must(err)
				must(tx.AddApproval(ctx, "book.approved", &store.Approval{
					Recipient: of, Book: "x", By: joko.ID, At: tx.Now(),
				}))
				if hers.shared {
					budi.Account = joko.Account
					must(tx.PutAccount(ctx, store.Account{ID: joko.Account, Active: budi.ID}))
				}
				if hers.tied {
					dialog.Tie(&budi, &joko)
					must(tx.PutPerson(ctx, "person.tied", &joko))
				}
				must(tx.PutPerson(ctx, "person.changed", &budi))
			})
			said, _, wrote := c.does(by, form.Event{Kind: form.Press, Press: "verify:{B}:1"})
			if wrote != apart || (said == "review.approved") == apart {
				t.Errorf("verifying a nota: %q is said, written: %v", said, wrote)
			}
			said, _, wrote = c.does(by, form.Event{Kind: form.Press, Press: "lpjverify:{R}:1:x"})
			if wrote || (said == "lpjcard.approved") == apart {
				t.Errorf("verifying the LPJ: %q is said, written: %v", said, wrote)
			}
		})
	}
}

// A newcomer to a group, proposed in the chat, has the ties of whom was erased there, and who left an office comes back
// as who they were.
func TestNewcomerHasTies(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	tx := c.g.db.Begin(walkStart, 0)
	defer tx.Rollback(ctx)
	of, err := tx.Recipient(ctx, flows.IDOf(c.ids.Replace("{G}")))
	if err != nil {
		t.Fatal(err)
	}
	mentor, err := tx.Person(ctx, of.Mentor)
	if err != nil {
		t.Fatal(err)
	}
	wati, err := tx.PersonByCode(ctx, store.Member, "A")
	if err != nil {
		t.Fatal(err)
	}
	left := store.Person{Key: store.PersonKey("", store.Member, "A", "Utami"), Role: store.Member, Code: "A",
		Name: "Utami", Sponsors: []store.ID{mentor.ID}}
	if err := tx.AddPerson(ctx, "person.added", &left); err != nil {
		t.Fatal(err)
	}
	wati.Account = mentor.Account
	if err := tx.PutPerson(ctx, "person.changed", &wati); err != nil {
		t.Fatal(err)
	}
	if err := dialog.Erase(ctx, tx, wati.ID); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Wati", "Utami"} {
		p, err := flows.Welcomed(ctx, tx, of, store.Treasurer, name)
		if err != nil || !slices.Contains(p.Sponsors, mentor.ID) || name == "Utami" && p.ID != left.ID {
			t.Errorf("%s comes with the sponsors %v as %d, %v; the mentor is %d", name, p.Sponsors, p.ID, err,
				mentor.ID)
		}
	}
}

// Three requests about one's own data a day, and one of a kind at a time.
func TestRequestsAreFew(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	press := func(name, what string) string {
		said, asked, _ := c.does(name, form.Event{Kind: form.Press, Press: what})
		if asked != "" {
			return asked
		}
		return said
	}
	if said := press("Joko", "correct:"); said != "correct" {
		t.Fatalf("the first: %q", said)
	}
	tx := c.g.db.Begin(walkStart, 0)
	defer tx.Rollback(ctx)
	joko, err := tx.PersonByCode(ctx, store.Chair, "A")
	for _, at := range []time.Duration{-25, -3, -2, -1} {
		r := store.DataRequest{Person: joko.ID, Recipient: joko.Recipient, Kind: store.RequestCorrection,
			At: walkStart.Add(at * time.Hour), Outcome: store.OutcomeRefused, Answered: walkStart}
		err = errors.Join(err, tx.AddDataRequest(ctx, "data.asked", &r))
	}
	_, end := tx.Commit(ctx, 0, nil, nil)
	if err = errors.Join(err, end); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"correct:", "erase:"} {
		if said := press("Joko", what); said != "request.many" {
			t.Errorf("%s after three of a day: %q", what, said)
		}
	}
	if said := press("Sri", "erase:"); said != "request.waits" {
		t.Errorf("a second of a kind: %q", said)
	}
}
