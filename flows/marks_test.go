package flows_test

import (
	"slices"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/form"
	"pendamping/store"
)

// A coordinator who passed on the codes of a mentor and of a treasurer does not admit the one, and the other confirms
// no visit of hers: one human may hold both phones. Somebody whom another one invited does.
func TestWhoGotTheCodesIsNoWitness(t *testing.T) {
	for name, test := range map[string]struct {
		mentor, treasurer string // who passed on the code of each
		says              string
	}{
		"one coordinator":  {"KOR-1", "KOR-1", "visitword.tied"},
		"two coordinators": {"KOR-1", "KOR-2", "visitword.done"},
		"import":           {"", "", "visitword.done"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			ctx := t.Context()
			v := store.Visit{State: store.VisitHeld, Mode: store.InPerson, Start: walkStart.Add(-2 * time.Hour),
				Minutes: 60, Words: "x", At: walkStart}
			c.stored(func(tx store.Tx) {
				v.Recipient = flows.IDOf(c.ids.Replace("{G}"))
				by := func(role store.Role, code, sponsor string) store.Person {
					p, err := tx.PersonByCode(ctx, role, code)
					if err != nil {
						t.Fatal(err)
					}
					if sponsor != "" {
						k, err := tx.PersonByCode(ctx, store.Coordinator, sponsor)
						if err != nil {
							t.Fatal(err)
						}
						p.Sponsors = append(p.Sponsors, k.ID)
						if err := tx.PutPerson(ctx, "person.unbound", &p); err != nil {
							t.Fatal(err)
						}
					}
					return p
				}
				by(store.Treasurer, "A", test.treasurer)
				v.By = by(store.Mentor, "PDP-1", test.mentor).ID
				if err := tx.AddVisit(ctx, "visit.held", &v); err != nil {
					t.Fatal(err)
				}
			})
			press := "visitword:" + store.Rupiah(v.ID).String() + ":" + flows.Facts(v) + ":y"
			if said, _, wrote := c.does("Sri", form.Event{Kind: form.Press, Press: press}); said != test.says ||
				wrote != (test.says == "visitword.done") {
				t.Errorf("%q is said, written: %v; want %q", said, wrote, test.says)
			}
		})
	}
}

// Whoever passed on a mentor's code is not asked whether its bearer is the mentor: another coordinator is, of another
// place if need be.
func TestWhoGotTheCodeAdmitsNobody(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	tx := c.g.db.Begin(walkStart, 0)
	defer tx.Rollback(ctx)
	rina, err := tx.PersonByCode(ctx, store.Mentor, "PDP-1")
	if err != nil {
		t.Fatal(err)
	}
	budi, err := tx.PersonByCode(ctx, store.Coordinator, "KOR-1")
	if err != nil {
		t.Fatal(err)
	}
	var i store.Invite
	asked := func() (names []string) {
		list, err := flows.Approvers(ctx, tx, rina, i)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			names = append(names, p.Name)
		}
		return names
	}
	if got := asked(); !slices.Equal(got, []string{"Budi"}) {
		t.Errorf("%v are asked, want Budi of the place", got)
	}
	rina.Sponsors = []store.ID{budi.ID} // as of somebody whom Budi admitted before
	if got := asked(); !slices.Equal(got, []string{"Budi"}) {
		t.Errorf("%v are asked, want Budi again", got)
	}
	i.Held = []store.ID{budi.ID}
	if got := asked(); !slices.Equal(got, []string{"Sari"}) {
		t.Errorf("%v are asked, want Sari, who did not get the code", got)
	}
}
