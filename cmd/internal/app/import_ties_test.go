package app_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pendamping/cmd/internal/app"
	"pendamping/flows"
	"pendamping/store"
)

// Rows of a group with its mentor, another mentor, and a treasurer of another group.
const (
	tiesMentor    = "pendamping,PD-1,Bambang,,,,,,,,,1008,2026-11-01,,"
	tiesOther     = "pendamping,PD-2,Ratna,,,,,,,,,1009,2026-11-01,,"
	tiesChair     = "ketua,KM-01,Sri,Melati Jaya,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,"
	tiesTreasurer = "bendahara,KM-02,Utami,Mawar,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-2,,,,"
)

// change makes a change of the records that the chat could have made.
func (o *office) change(do func(tx app.Tx) error) {
	o.Helper()
	tx := o.db.Begin(noon, 0)
	if err := do(tx); err != nil {
		o.Fatal(err)
	}
	if _, err := tx.Commit(o.Context(), 0, nil, nil); err != nil {
		o.Fatal(err)
	}
}

// joined binds a person to an account, as an invitation does.
func (o *office) joined(key string, account int64) {
	o.Helper()
	p := o.person(key)
	p.Account = account
	o.change(func(tx app.Tx) error { return tx.PutPerson(o.Context(), "person.joined", &p) })
}

// tied tells whether each of two persons is a sponsor of the other.
func (o *office) tied(a, b store.Person) bool {
	return slices.Contains(a.Sponsors, b.ID) && slices.Contains(b.Sponsors, a.ID)
}

// An import that gives a person another account keeps them tied to whom they shared the one before, whichever of the two moves, and says
// so.
func TestImportKeepsTies(t *testing.T) {
	for name, moved := range map[string][]string{
		"the officer moves": {strings.Replace(tiesTreasurer, ",,,,", ",1010,2026-11-02,,", 1)},
		"the mentor moves":  {strings.Replace(tiesMentor, "1008", "1011", 1)},
		"both move": {
			strings.Replace(tiesMentor, "1008", "1011", 1), strings.Replace(tiesTreasurer, ",,,,", ",1010,2026-11-02,,", 1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.run(app.Files{Roster: o.roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)})
			o.joined("bendahara|km-02|utami", 1008)
			in := app.Files{Roster: o.roster(moved...)}
			if out := o.run(in); !strings.Contains(out, "had the same telegram_id: they are taken for one human") {
				t.Errorf("it says %q", out)
			}
			if a, b := o.person("pendamping|pd-1|bambang"), o.person("bendahara|km-02|utami"); !o.tied(a, b) || a.Account == b.Account {
				t.Errorf("accounts %d and %d, tied: %v", a.Account, b.Account, o.tied(a, b))
			}
			if out := o.run(in); !strings.Contains(out, "nothing has changed") {
				t.Errorf("the same file changed something: %s", out)
			}
		})
	}
}

// Somebody who was erased and is imported again has the ties that they had, and the import says that they are back.
func TestImportNamesWhoWasErased(t *testing.T) {
	o := openOffice(t)
	in := app.Files{Roster: o.roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)}
	o.run(in)
	o.joined("bendahara|km-02|utami", 1008)
	for _, key := range []string{"bendahara|km-02|utami", "pendamping|pd-2|ratna"} {
		p := o.person(key)
		o.change(func(tx app.Tx) error { return flows.Erase(o.Context(), tx, p) })
	}
	out := o.run(in)
	for _, line := range []string{
		"line 3: somebody of PD-2 was erased before, and this new pendamping",
		"line 5: somebody of KM-02 was erased before, and this new bendahara",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("it does not say %q: %s", line, out)
		}
	}
	mentor, again := o.person("pendamping|pd-1|bambang"), o.person("bendahara|km-02|utami")
	if !slices.Contains(again.Sponsors, mentor.ID) {
		t.Errorf("the treasurer is back with the sponsors %v, without the mentor %d", again.Sponsors, mentor.ID)
	}
	if other := o.person("pendamping|pd-2|ratna"); len(other.Sponsors) == 0 {
		t.Error("the mentor is back with no tie to what she did before")
	}
	if out := o.run(in); !strings.Contains(out, "nothing has changed") {
		t.Errorf("the same file changed something: %s", out)
	}
}

// Who gets the account that was another's is taken for the same human; the mentor's old account makes nobody an officer of her group.
func TestImportOfAnothersAccount(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)})
	o.run(app.Files{Roster: o.roster(strings.Replace(tiesMentor, "1008", "1011", 1), strings.Replace(tiesOther, "1009", "1012", 1))})
	in := app.Files{Roster: o.roster(strings.Replace(tiesTreasurer, ",,,,", ",1008,2026-11-02,,", 1))}
	if out := o.run(in); !strings.Contains(out, "pendamping of PD-1 had the same telegram_id: they are taken for one human") {
		t.Errorf("it says %q", out)
	}
	if a, b := o.person("pendamping|pd-1|bambang"), o.person("bendahara|km-02|utami"); !o.tied(a, b) {
		t.Error("they are not tied")
	}
	out, err := o.try(app.Files{Roster: o.roster(strings.Replace(tiesTreasurer, ",,,,", ",1009,2026-11-02,,", 1))})
	if err == nil || !strings.Contains(err.Error(), "pendamping of PD-2 had the same telegram_id: nobody verifies") {
		t.Errorf("the treasurer on her mentor's old account: %v, %s", err, out)
	}
}

// A mentor who is an officer of her own group is refused where a file makes it so, also when the file names neither of the two, and only
// named where it was so before: nobody else's import waits for her.
func TestImportOfOwnGroup(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)})
	o.joined("bendahara|km-02|utami", 1008)
	out, err := o.try(app.Files{Roster: o.roster("anggota,KM-02,Wahyu,,,,,,,,PD-1,,,,")})
	if err == nil || !strings.Contains(err.Error(), "pendamping of PD-1 and bendahara of KM-02 have the same telegram_id: nobody verifies") {
		t.Errorf("another mentor for the group: %v, %s", err, out)
	}
	o.joined("bendahara|km-02|utami", 1009)
	out = o.run(app.Files{Roster: o.roster(tiesMentor, tiesChair, "anggota,KM-02,Wahyu,,,,,,,,,,,,")})
	if !strings.Contains(out, "as they did before") {
		t.Errorf("it says %q", out)
	}
}

// The import, which reads everybody at once, takes the same persons for one human as the chat does, which asks the records about one: after
// any changes of accounts and ties, and whoever is erased.
func TestImportKnowsSharers(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(tiesMentor, tiesOther, tiesTreasurer, "anggota,KM-02,Wahyu,,,,,,,,,,,,")})
	ctx := t.Context()
	everybody := must(o.look().AllPeople(ctx))(o)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		tx := o.db.Begin(noon, 0)
		defer tx.Rollback(ctx)
		anybody := func(label string) store.Person {
			p, err := tx.Person(ctx, rapid.SampledFrom(everybody).Draw(rt, label).ID)
			ok(err)
			return p
		}
		for range rapid.IntRange(4, 16).Draw(rt, "changes") {
			p := anybody("who")
			if p.Key == "" {
				continue // erased
			}
			switch rapid.SampledFrom([]string{"account", "account", "tie", "tie", "erase"}).Draw(rt, "change") {
			case "account":
				p.Account = rapid.Int64Range(0, 2).Draw(rt, "account")
				ok(tx.PutPerson(ctx, "person.joined", &p))
			case "tie":
				other := anybody("with")
				if other.Key != "" && flows.Tie(&p, &other) {
					ok(tx.PutPerson(ctx, "person.tied", &p))
					ok(tx.PutPerson(ctx, "person.tied", &other))
				}
			case "erase":
				ok(flows.Erase(ctx, tx, p))
			}
		}
		known, err := app.KnownSharers(ctx, tx)
		ok(err)
		records := func(person store.ID, account int64) ([]store.Person, error) { return tx.Sharers(ctx, person, account) }
		human := func(p store.Person, account int64, sharers func(store.ID, int64) ([]store.Person, error)) (names []string) {
			list, err := flows.OneHuman(p.ID, account, sharers)
			ok(err)
			for _, same := range list {
				names = append(names, same.Name) // "" of who was erased
			}
			slices.Sort(names)
			return names
		}
		for _, p := range everybody {
			if now, err := tx.Person(ctx, p.ID); err != nil || now.Key == "" {
				ok(err)
				continue
			}
			for account := range int64(3) {
				if got, want := human(p, account, known), human(p, account, records); !slices.Equal(got, want) {
					rt.Fatalf("%s with account %d: the import knows %v, the records %v", p.Name, account, got, want)
				}
			}
		}
	})
}
