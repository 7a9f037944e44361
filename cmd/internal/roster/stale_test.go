package roster_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/roster"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

const staleCoordinator = "koordinator,KO-1,Ratih,,Jawa Tengah,,,,,,,1020,2026-11-01,,"

// press is a coordinator's press of buttons in the chat, one after the other; "" confirms what is asked.
func (o *office) press(account int64, buttons ...string) {
	o.Helper()
	tx := o.DB.Begin(officetest.Noon.Add(time.Hour), 0)
	defer tx.Rollback(o.Context())
	set := dialog.Setting{Zone: time.UTC, Bot: "bot", Words: func(_ string, s store.Text) string { return s.ID }}
	session := dialog.Session{Screen: 1, Taken: []int64{1}}
	for _, button := range buttons {
		if button == "" {
			button = fmt.Sprintf("q:%d:ok", session.Screen)
		}
		e := form.Event{Kind: form.Press, Press: button, Account: account, Chat: account, Message: 1}
		result, err := flows.Turn(o.Context(), tx, set, session, e)
		if err != nil {
			o.Fatal(err)
		}
		session = result.Session
	}
	if _, err := tx.Commit(o.Context(), 0, nil, nil); err != nil {
		o.Fatal(err)
	}
}

// correct has a coordinator correct somebody's name or number in the chat.
func (o *office) correct(p store.Person, part, words string, knowingly ...string) {
	o.Helper()
	d := store.DataRequest{Person: p.ID, Kind: store.RequestCorrection, Part: part, Words: words, At: officetest.Noon,
		Province: "Jawa Tengah", Regency: "Sukoharjo"}
	o.change(func(tx roster.Tx) error { return tx.AddDataRequest(o.Context(), "data.asked", &d) })
	o.press(1020, strings.Join(append([]string{fmt.Sprintf("requestdo:%d:correct", d.ID)}, knowingly...), ":"))
}

// stays imports the files and wants no change of the records, and these notes.
func (o *office) stays(in roster.Files, notes ...string) {
	o.Helper()
	out := o.Run(in)
	for _, n := range append(notes, "nothing has changed") {
		if !strings.Contains(out, n) {
			o.Errorf("it does not say %q: %s", n, out)
		}
	}
}

// The office's file of before a correction makes nobody a second time, with ids or without.
func TestImportAfterCorrection(t *testing.T) {
	for name, row := range map[string]string{
		"a mentor":            "pendamping,PD-1,Bambang,,,,,,,,,,,,628111112222",
		"a mentor with an id": "pendamping,PD-1,Bambang,,,,,,,,,,,7,628111112222",
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			in := roster.Files{Roster: o.Roster(row, tiesOther, tiesChair, tiesTreasurer, staleCoordinator)}
			o.Run(in)
			id := o.Group("KM-01").Mentor
			was := officetest.Must(o.Look().Person(o.Context(), id))(o)
			o.correct(was, "name", "Bambang Sutrisno")
			o.correct(was, "wa", "628111113333")
			o.stays(in, "line 2: kept: name and wa of this pendamping of PD-1 corrected in the chat")
			now := officetest.Must(o.Look().Person(o.Context(), id))(o)
			o.Want("name and number", now.Name+" "+now.WA, "Bambang Sutrisno 628111113333")
			o.Want("mentor", o.Group("KM-01").Mentor, id)

			in.Overrule = true
			o.Run(in)
			o.Want("overruled", officetest.Must(o.Look().Person(o.Context(), id))(o).Name, "Bambang")
			in.Overrule = false
			o.stays(in)
		})
	}
}

// A coordinator whose name was corrected stays one.
func TestImportAfterCorrectionOfCoordinator(t *testing.T) {
	o := openOffice(t)
	in := roster.Files{
		Roster: o.Roster(tiesMentor, tiesChair, "koordinator,KO-2,Wulan,,Jawa Tengah,,,,,,,,,,", staleCoordinator),
	}
	o.Run(in)
	o.correct(o.Person("koordinator|ko-2|wulan"), "name", "Wulan Sari")
	o.stays(in, "kept: name of this koordinator of KO-2")
}

// A name that fits nobody, where somebody whom the file doesn't name has the office, is refused; overruled, the two
// stay tied.
func TestImportOfMendedName(t *testing.T) {
	for _, row := range []string{tiesMentor, tiesChair, tiesTreasurer, staleCoordinator} {
		role, rest, _ := strings.Cut(row, ",")
		code, rest, _ := strings.Cut(rest, ",")
		name, rest, _ := strings.Cut(rest, ",")
		t.Run(role, func(t *testing.T) {
			o := openOffice(t)
			o.Run(roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer, staleCoordinator)})
			rest = strings.Replace(strings.Replace(strings.Replace(rest, "1008,2026-11-01", ",", 1), "1009,2026-11-01",
				",", 1), "1020,2026-11-01", ",", 1)
			mended := roster.Files{Roster: o.Roster(role + "," + code + "," + name + " Mended," + rest)}
			out, err := o.Try(mended)
			if want := "line 2: the " + role + " of " + code + " is known by another name"; err == nil ||
				!strings.Contains(err.Error(), want) {
				t.Fatalf("want %q: %v, %s", want, err, out)
			}
			mended.Overrule = true
			o.Run(mended)
			was := o.Person(store.PersonKey("", store.Role(role), code, name))
			now := o.Person(store.PersonKey("", store.Role(role), code, name+" Mended"))
			verifies := role == "pendamping" || role == "koordinator"
			o.Want("tied", len(now.Sponsors) == 1 && now.Sponsors[0] == was.ID, verifies)
			mended.Overrule = false
			o.stays(mended)
		})
	}
}

// Who is named besides whoever has the office, or has another id, comes as before; so do members.
func TestImportOfSeveralInOffice(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer,
		"anggota,KM-01,Joko,,,,,,,,,,,,", "ketua,KM-02,Dewi,,,,,,,,,,,5,")})
	o.Run(roster.Files{Roster: o.Roster(tiesChair, "ketua,KM-01,Sari,,,,,,,,,,,,", "anggota,KM-01,Wahyu,,,,,,,,,,,,",
		"ketua,KM-02,Ayu,,,,,,,,,,,6,")})
}

// What the chat did with an office stays, with ids or without: who has it, who lost it, and who left.
func TestImportAfterOfficeMoved(t *testing.T) {
	for _, ids := range []bool{false, true} {
		t.Run(fmt.Sprint(ids), func(t *testing.T) {
			o := openOffice(t)
			treasurer, member := "bendahara,KM-01,Utami,,,,,,,,,1030,2026-11-01,,", "anggota,KM-01,Joko,,,,,,,,,,,,"
			utamiKey, jokoKey := "bendahara|km-01|utami", "anggota|km-01|joko"
			if ids {
				treasurer, member, utamiKey, jokoKey = "bendahara,KM-01,Utami,,,,,,,,,1030,2026-11-01,3,",
					"anggota,KM-01,Joko,,,,,,,,,,,4,", "id:3", "id:4"
			}
			in := roster.Files{Roster: o.Roster(tiesMentor, tiesChair, treasurer, member)}
			o.Run(in)
			utami, joko := o.Person(utamiKey), o.Person(jokoKey)
			key := func(p store.Person) string {
				if ids {
					return p.Key
				}
				return store.PersonKey("", p.Role, p.Code, p.Name)
			}
			move := func(p *store.Person, role store.Role, what string) {
				p.Role = role
				p.Key = key(*p)
				o.change(func(tx roster.Tx) error { return tx.PutPerson(o.Context(), what, p) })
			}
			move(&utami, store.Member, "person.retired")
			move(&joko, store.Treasurer, "person.appointed")
			o.stays(in, "line 4: kept as the chat has it: this person is no longer bendahara",
				"line 5: kept as the chat has it: this person is no longer anggota")
			move(&joko, store.Member, "person.frozen")
			utami.Recipient, utami.Account = 0, 0
			move(&utami, store.Member, "person.left")
			o.stays(in, "line 4: kept as the chat has it: this person is no longer")
			o.Want("people", len(officetest.Must(o.Look().Members(o.Context(), o.Group("KM-01").ID))(o)), 2)
			in.Overrule = true
			o.Run(in)
			utami = officetest.Must(o.Look().Person(o.Context(), utami.ID))(o)
			o.Want("overruled", fmt.Sprint(utami.Role, utami.Recipient, utami.Key),
				fmt.Sprint(store.Treasurer, o.Group("KM-01").ID, utamiKey))
			in.Overrule = false
			o.stays(in)
		})
	}
}

// A group that the chat gave to another mentor doesn't go back.
func TestImportAfterGroupMoved(t *testing.T) {
	o := openOffice(t)
	in := roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)}
	o.Run(in)
	of, other := o.Group("KM-01"), o.Person("pendamping|pd-2|ratna").ID
	first := of.Mentor
	of.Mentor = other
	o.change(func(tx roster.Tx) error { return tx.PutRecipient(o.Context(), "recipient.moved", &of) })
	o.stays(in, "line 4: kept as the chat has it: KM-01 has another pendamping than PD-1")
	o.Want("mentor", o.Group("KM-01").Mentor, other)
	in.Overrule = true
	o.Run(in)
	o.Want("overruled", o.Group("KM-01").Mentor, first)
}

// An officer under another office, and a mentor under another code, are no second persons of the same human.
func TestImportOfSameName(t *testing.T) {
	for want, rows := range map[string][]string{
		"line 2: this person is known as bendahara of KM-02": {"ketua,KM-02,Utami,,,,,,,,,,,,"},
		`line 2: the pendamping of KM-01 has this name and the kode "PD-1"`: {
			"pendamping,PD-01,Bambang,,,,,,,,,,,,", strings.Replace(tiesChair, "PD-1", "PD-01", 1),
		},
	} {
		o := openOffice(t)
		o.Run(roster.Files{Roster: o.Roster(tiesMentor, tiesOther, tiesChair, tiesTreasurer)})
		in := roster.Files{Roster: o.Roster(rows...)}
		if out, err := o.Try(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v, %s", want, err, out)
		}
		in.Overrule = true
		o.Run(in)
		in.Overrule = false
		o.stays(in)
		if strings.Contains(want, "PD-1") {
			o.Want("tied", o.tied(o.Person("pendamping|pd-1|bambang"), o.Person("pendamping|pd-01|bambang")), true)
		}
	}
}
