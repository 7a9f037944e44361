package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/roster"
	"pendamping/flows/dialog"
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
func (o *office) change(do func(tx roster.Tx) error) {
	o.Helper()
	tx := o.DB.Begin(officetest.Noon, 0)
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
	p := o.Person(key)
	p.Account = account
	o.change(func(tx roster.Tx) error { return tx.PutPerson(o.Context(), "person.joined", &p) })
}

// numbered gives a person a WhatsApp number.
func (o *office) numbered(key, number string) {
	o.Helper()
	p := o.Person(key)
	p.WA = number
	o.change(func(tx roster.Tx) error { return tx.PutPerson(o.Context(), "person.changed", &p) })
}

// tied tells whether each of two persons is a sponsor of the other.
func (o *office) tied(a, b store.Person) bool {
	return slices.Contains(a.Sponsors, b.ID) && slices.Contains(b.Sponsors, a.ID)
}

// An import that gives a person another account keeps them tied to whom they shared the one before, whichever of the
// two moves, and says so.
func TestImportKeepsTies(t *testing.T) {
	for name, moved := range map[string][]string{
		"the officer moves": {strings.Replace(tiesTreasurer, ",,,,", ",1010,2026-11-02,,", 1)},
		"the mentor moves":  {strings.Replace(tiesMentor, "1008", "1011", 1)},
		"both move": {
			strings.Replace(tiesMentor, "1008", "1011", 1), strings.Replace(tiesTreasurer, ",,,,", ",1010,2026-11-02,,",
				1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.Run(roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)})
			o.joined("bendahara|km-02|utami", 1008)
			in := roster.Files{Roster: o.Roster(moved...)}
			if out := o.Run(in); !strings.Contains(out, "had the same telegram_id: they are taken for one human") {
				t.Errorf("it says %q", out)
			}
			if a, b := o.Person("pendamping|pd-1|bambang"), o.Person("bendahara|km-02|utami"); !o.tied(a, b) ||
				a.Account == b.Account {
				t.Errorf("accounts %d and %d, tied: %v", a.Account, b.Account, o.tied(a, b))
			}
			if out := o.Run(in); !strings.Contains(out, "nothing has changed") {
				t.Errorf("the same file changed something: %s", out)
			}
		})
	}
}

// Somebody who was erased and is imported again has the ties that they had, and the import says that they are back.
func TestImportNamesWhoWasErased(t *testing.T) {
	o := openOffice(t)
	in := roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)}
	o.Run(in)
	o.joined("bendahara|km-02|utami", 1008)
	for _, key := range []string{"bendahara|km-02|utami", "pendamping|pd-2|ratna"} {
		p := o.Person(key)
		o.change(func(tx roster.Tx) error { return dialog.Erase(o.Context(), tx, p.ID) })
	}
	out := o.Run(in)
	for _, line := range []string{
		"line 3: somebody of PD-2 was erased before, and this new pendamping",
		"line 5: somebody of KM-02 was erased before, and this new bendahara",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("it does not say %q: %s", line, out)
		}
	}
	mentor, again := o.Person("pendamping|pd-1|bambang"), o.Person("bendahara|km-02|utami")
	if !slices.Contains(again.Sponsors, mentor.ID) {
		t.Errorf("the treasurer is back with the sponsors %v, without the mentor %d", again.Sponsors, mentor.ID)
	}
	if other := o.Person("pendamping|pd-2|ratna"); len(other.Sponsors) == 0 {
		t.Error("the mentor is back with no tie to what she did before")
	}
	if out := o.Run(in); !strings.Contains(out, "nothing has changed") {
		t.Errorf("the same file changed something: %s", out)
	}
}

// Two who verify nothing and share a phone stay one human when one of them is erased, or the number: whoever comes to
// verify on that phone verifies nothing of either.
func TestImportRemembersWhoWasErased(t *testing.T) {
	const number = "62833333333"
	for name, c := range map[string]struct {
		share func(o *office, key string)
		erase func(tx roster.Tx, p store.Person) error
		row   string
		says  string
	}{
		"all of one on one account": {
			share: func(o *office, key string) { o.joined(key, 2001) },
			erase: func(tx roster.Tx, p store.Person) error { return dialog.Erase(t.Context(), tx, p.ID) },
			row:   "pendamping,PD-5,Lilis M,,,,,,,,,2001,2026-11-02,,",
			says:  "one human with a bendahara of KM-02 who was erased",
		},
		"all of one with one number": {
			share: func(o *office, key string) { o.numbered(key, number) },
			erase: func(tx roster.Tx, p store.Person) error { return dialog.Erase(t.Context(), tx, p.ID) },
			row:   "pendamping,PD-5,Lilis M,,,,,,,,,,,," + number,
			says:  "one human with a bendahara of KM-02 who was erased",
		},
		"the number of one": {
			share: func(o *office, key string) { o.numbered(key, number) },
			erase: func(tx roster.Tx, p store.Person) error { return dialog.EraseWA(t.Context(), tx, p.ID) },
			row:   "pendamping,PD-5,Lilis M,,,,,,,,,,,," + number, says: "bendahara of KM-02 each share",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.Run(roster.Files{
				Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer, "anggota,KM-01,Lilis,,,,,,,,,,,,"),
			})
			c.share(o, "anggota|km-01|lilis")
			c.share(o, "bendahara|km-02|utami")
			gone := o.Person("bendahara|km-02|utami")
			o.change(func(tx roster.Tx) error { return c.erase(tx, gone) })
			in := roster.Files{Roster: o.Roster(c.row)}
			if out := o.Run(in); !strings.Contains(out, c.says) {
				t.Errorf("it does not say %q: %s", c.says, out)
			}
			if m := o.Person("pendamping|pd-5|lilis m"); !slices.Contains(m.Sponsors, gone.ID) {
				t.Errorf("the mentor has the sponsors %v, without the treasurer %d", m.Sponsors, gone.ID)
			}
			if out := o.Run(in); !strings.Contains(out, "nothing has changed") {
				t.Errorf("the same file changed something: %s", out)
			}
		})
	}
}

// Who gets the account that was another's is taken for the same human; the mentor's old account makes nobody an
// officer of her group.
func TestImportOfAnothersAccount(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)})
	o.Run(roster.Files{
		Roster: o.Roster(strings.Replace(tiesMentor, "1008", "1011", 1), strings.Replace(tiesOther, "1009", "1012", 1)),
	})
	in := roster.Files{Roster: o.Roster(strings.Replace(tiesTreasurer, ",,,,", ",1008,2026-11-02,,", 1))}
	if out := o.Run(in); !strings.Contains(out,
		"pendamping of PD-1 had the same telegram_id: they are taken for one human") {
		t.Errorf("it says %q", out)
	}
	if a, b := o.Person("pendamping|pd-1|bambang"), o.Person("bendahara|km-02|utami"); !o.tied(a, b) {
		t.Error("they are not tied")
	}
	out, err := o.Try(roster.Files{Roster: o.Roster(strings.Replace(tiesTreasurer, ",,,,", ",1009,2026-11-02,,", 1))})
	if err == nil || !strings.Contains(err.Error(), "pendamping of PD-2 had the same telegram_id: nobody verifies") {
		t.Errorf("the treasurer on her mentor's old account: %v, %s", err, out)
	}
}

// A mentor who is an officer of her own group is refused where a file makes it so, also when the file names neither
// of the two, and only named where it was so before: nobody else's import waits for her.
func TestImportOfOwnGroup(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)})
	o.joined("bendahara|km-02|utami", 1008)
	out, err := o.Try(roster.Files{Roster: o.Roster("anggota,KM-02,Wahyu,,,,,,,,PD-1,,,,")})
	if err == nil ||
		!strings.Contains(err.Error(),
			"pendamping of PD-1 and bendahara of KM-02 have the same telegram_id: nobody verifies") {
		t.Errorf("another mentor for the group: %v, %s", err, out)
	}
	o.joined("bendahara|km-02|utami", 1009)
	out = o.Run(roster.Files{Roster: o.Roster(tiesMentor, tiesChair, "anggota,KM-02,Wahyu,,,,,,,,,,,,")})
	if !strings.Contains(out, "as they did before") {
		t.Errorf("it says %q", out)
	}
}

// The import, which reads everybody at once, takes the same persons for one human as the chat does, which asks the
// records about one: after any changes of accounts, numbers and ties, and whoever is erased.
func TestImportKnowsSharers(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesTreasurer, "anggota,KM-02,Wahyu,,,,,,,,,,,,")})
	ctx := t.Context()
	everybody := officetest.Must(o.Look().AllPeople(ctx))(o)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		tx := o.DB.Begin(officetest.Noon, 0)
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
			switch rapid.SampledFrom([]string{
				"account", "account", "wa", "wa", "number", "tie", "tie", "erase",
			}).Draw(rt, "change") {
			case "account":
				p.Account = rapid.Int64Range(0, 2).Draw(rt, "account")
				ok(tx.PutPerson(ctx, "person.joined", &p))
			case "wa":
				p.WA = rapid.SampledFrom([]string{"", "1", "2"}).Draw(rt, "wa")
				ok(tx.PutPerson(ctx, "person.corrected", &p))
			case "number":
				if p.WA != "" {
					ok(tx.EraseNumber(ctx, p))
				}
			case "tie":
				other := anybody("with")
				if other.Key != "" && dialog.Tie(&p, &other) {
					ok(tx.PutPerson(ctx, "person.tied", &p))
					ok(tx.PutPerson(ctx, "person.tied", &other))
				}
			case "erase":
				ok(dialog.Erase(ctx, tx, p.ID))
			}
		}
		known, err := roster.KnownSharers(ctx, tx)
		ok(err)
		records := func(p store.Person) ([]store.Person, error) { return tx.Sharers(ctx, p) }
		human := func(p store.Person, sharers func(store.Person) ([]store.Person, error)) (names []string) {
			list, err := dialog.OneHuman(p, sharers)
			ok(err)
			for _, same := range list {
				names = append(names, same.Name) // "" of who was erased
			}
			slices.Sort(names)
			return names
		}
		for _, p := range everybody {
			p, err := tx.Person(ctx, p.ID)
			ok(err)
			if p.Key == "" {
				continue
			}
			for account := range int64(3) {
				for _, p.WA = range []string{p.WA, "", "1", "2"} {
					p.Account = account
					if got, want := human(p, known), human(p, records); !slices.Equal(got, want) {
						rt.Fatalf("%s with account %d and wa %s: the import knows %v, the records %v", p.Name, account,
							p.WA, got, want)
					}
				}
			}
		}
	})
}

// Whatever makes somebody a verifier of a group asks who is the same human: a role that starts to verify, another
// mentor for the group, and a number, by way of whomever it leads. Who shares nothing stays apart.
func TestImportAsksWhoVerifiesNow(t *testing.T) {
	const (
		number = "62811111111"
		ketua  = "ketua,KM-02,Wati,Mawar,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-2,,,w1,"
		helper = "anggota,KM-02,Lilis,,,,,,,,,,,w2,"
	)
	rows := []string{"pendamping,PD-1,Bambang,,,,,,,,,1008,2026-11-01,p1,",
		"pendamping,PD-2,Ratna,,,,,,,,,1009,2026-11-01,p2,",
		"bendahara,KM-02,Utami,Mawar,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-2,,,t1,",
		"bendahara,KM-03,Tini,Kenanga,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,t2,"}
	promoted := "pendamping,PD-3,Wati,,,,,,,,,,,w1,"
	for name, c := range map[string]struct {
		before func(o *office)
		file   []string
		a, b   string // tied by the file
		says   string
		fails  string
	}{
		"nothing in common": {file: []string{promoted}},
		"a chair becomes a mentor": {
			before: func(o *office) { o.joined("id:w1", 2001); o.joined("id:t2", 2001); o.joined("id:w1", 2002) },
			file:   []string{promoted}, a: "id:w1", b: "id:t2", says: "had the same telegram_id",
		},
		"a chair becomes a mentor, another has her account by now": {
			before: func(o *office) { o.joined("id:w1", 2001); o.joined("id:w1", 2002); o.joined("id:t2", 2001) },
			file:   []string{promoted}, a: "id:w1", b: "id:t2", says: "had the same telegram_id",
		},
		"by way of a third": {
			before: func(o *office) {
				for _, move := range []struct {
					key     string
					account int64
				}{{"id:w1", 2001}, {"id:w2", 2001}, {"id:w1", 2002}, {"id:w2", 2003}, {"id:t2", 2003},
					{"id:t2", 2004}} {
					o.joined(move.key, move.account)
				}
			},
			file: []string{promoted}, a: "id:w1", b: "id:t2", says: "each share",
		},
		"by a number and then an account": {
			before: func(o *office) {
				o.numbered("id:w1", number)
				o.numbered("id:w2", number)
				o.joined("id:w2", 2001)
				o.joined("id:t2", 2001)
			},
			file: []string{promoted}, a: "id:w1", b: "id:t2", says: "each share",
		},
		"by a number of before": {
			before: func(o *office) {
				o.numbered("id:w1", number)
				o.numbered("id:t2", number)
				o.numbered("id:t2", "62822222222")
			},
			file: []string{promoted}, a: "id:w1", b: "id:t2", says: "had the same wa",
		},
		"a mentor by a number of the file": {
			before: func(o *office) { o.numbered("id:w2", number); o.joined("id:w2", 2001); o.joined("id:t1", 2001) },
			file:   []string{strings.Replace(rows[0], "p1,", "p1,"+number, 1)}, a: "id:p1", b: "id:t1",
			says: "each share",
		},
		"another mentor for the group": {
			before: func(o *office) { o.numbered("id:w2", number); o.joined("id:w2", 2001); o.joined("id:t1", 2001) },
			file: []string{
				strings.Replace(rows[0], "p1,", "p1,"+number, 1), strings.Replace(rows[2], "PD-2", "PD-1", 1),
			},
			fails: "each share a telegram_id or wa with somebody else, or did: nobody verifies",
		},
		"a mentor who is tied gets the group": {
			before: func(o *office) { o.joined("id:t1", 1008); o.joined("id:t1", 2001) },
			file:   []string{strings.Replace(rows[2], "PD-2", "PD-1", 1)},
			fails:  "had the same telegram_id: nobody verifies",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.Run(roster.Files{Roster: o.Roster(append([]string{ketua, helper}, rows...)...)})
			if c.before != nil {
				c.before(o)
			}
			in := roster.Files{Roster: o.Roster(c.file...)}
			out, err := o.Try(in)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Fatalf("it says %q, %v", out, err)
				}
				return
			}
			if err != nil || !strings.Contains(out, c.says) || c.says == "" && strings.Contains(out, "one human") {
				t.Fatalf("it says %q, %v", out, err)
			}
			if c.a != "" && !o.tied(o.Person(c.a), o.Person(c.b)) {
				t.Error("they are not tied")
			}
			if out := o.Run(in); !strings.Contains(out, "nothing has changed") {
				t.Errorf("the same file changed something: %s", out)
			}
		})
	}
}

// A number that is corrected in the chat ties whoever has it, or whom it leads to, and so does one that is erased, as
// it can't tell any more.
func TestNumberTies(t *testing.T) {
	o := openOffice(t)
	helper := "anggota,KM-02,Lilis,,,,,,,,,,,,62833333333"
	o.Run(roster.Files{
		Roster: o.Roster(staleCoordinator, tiesMentor+"62811111111", tiesOther, tiesChair, tiesTreasurer, helper),
	})
	o.joined("anggota|km-02|lilis", 2001)
	o.joined("bendahara|km-02|utami", 2001)
	mentor, lilis := o.Person("pendamping|pd-1|bambang"), o.Person("anggota|km-02|lilis")
	o.correct(lilis, "wa", "62811111111")
	if o.tied(o.Person(mentor.Key), o.Person(lilis.Key)) {
		t.Error("they are tied before the coordinator has read whose number it is")
	}
	o.correct(lilis, "wa", "62811111111", "same")
	for _, key := range []string{"anggota|km-02|lilis", "bendahara|km-02|utami"} {
		if !o.tied(o.Person(mentor.Key), o.Person(key)) {
			t.Errorf("%s is not tied to the mentor of the same number", key)
		}
	}
	other := o.Person("pendamping|pd-2|ratna")
	o.numbered(other.Key, "62844444444")
	o.numbered("ketua|km-01|sri", "62844444444")
	d := store.DataRequest{Person: other.ID, Kind: store.RequestErasure, At: officetest.Noon, Province: "Jawa Tengah",
		Regency: "Sukoharjo"}
	o.change(func(tx roster.Tx) error { return tx.AddDataRequest(t.Context(), "data.asked", &d) })
	o.press(1020, fmt.Sprintf("requestgone:n%d", d.ID), "")
	if other = o.Person(other.Key); other.WA != "" || !o.tied(other, o.Person("ketua|km-01|sri")) {
		t.Errorf("after the erasure the number is %q, tied: %v", other.WA, o.tied(other, o.Person("ketua|km-01|sri")))
	}
}
