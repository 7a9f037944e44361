package roster_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/roster"
	"pendamping/store"
)

func TestImportKeepsEverything(t *testing.T) {
	o := openOffice(t)
	out := o.Run(roster.Files{
		Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, officetest.BankerRow, officetest.MemberRow),
	})
	o.Want("report", out, `note: 1 with a telegram_id but no persetujuan stay unbound until they accept an invitation
programme TKM-PEMULA version 1 added
roster.csv: people 4 added, 0 changed, 0 unchanged; recipients 1 added, 0 changed, 0 unchanged
`)
	g, mentor, banker := o.Group("KM-01"), o.Person("pendamping|pd-1|bambang"), o.Person("bendahara|km-01|utami")
	want := store.Recipient{
		ID: g.ID, Version: 1, Code: "KM-01", Name: "Melati Jaya", Program: g.Program, Province: "Jawa Tengah",
		Regency: "Sukoharjo",
		Village: "Bulakan", Wave: "II", Zone: "Asia/Jakarta", Grant: 20_000_000, Disbursed: "2026-11-20",
		Mentor: mentor.ID,
	}
	o.Want("recipient", g, want)
	o.Want("bendahara", banker, store.Person{
		ID: banker.ID, Version: 1, Key: "bendahara|km-01|utami", Role: store.Treasurer, Code: "KM-01", Name: "Utami",
		Recipient: g.ID, Account: 1001, Consent: "2026-11",
	})
	consent := officetest.Must(o.Look().ConsentOf(t.Context(), banker.ID))(o)
	o.Want("consent", consent.Source+" "+consent.Given.Format(time.DateOnly), "paper 2026-11-02")
	o.Want("account without consent", o.Person("anggota|km-01|joko").Account, int64(0))
	entries := officetest.Must(o.Look().Entries(t.Context(), g.ID))(o)
	if len(entries) != 1 || entries[0].Kind != store.EntryGrant || entries[0].Amount != 20_000_000 ||
		entries[0].Day != "2026-11-20" {
		t.Errorf("book: %+v", entries)
	}
	program := officetest.Must(o.Look().Program(t.Context(), g.Program))(o)
	o.Want("programme", program.Code, roster.DefaultProgram)
}

func TestSameFilesChangeNothing(t *testing.T) {
	o := openOffice(t)
	in := roster.Files{
		Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, officetest.BankerRow, officetest.MemberRow),
		Plans:  "testdata/rab-twice.csv", Program: "testdata/program-good.toml",
	}
	o.Run(in)
	o.Want("first commits", o.Commits, 1)
	out := o.Run(in)
	o.Want("commits", o.Commits, 1)
	if !strings.Contains(out, "people 0 added, 0 changed, 4 unchanged; recipients 0 added, 0 changed, 1 unchanged") ||
		!strings.Contains(out, "nothing has changed") {
		t.Errorf("report: %s", out)
	}
}

func TestNothingIsImportedWithABadRow(t *testing.T) {
	o := openOffice(t)
	_, err := o.Try(roster.Files{
		Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, "ketua,KM-02,Ani,,,,,,,,PD-7,,,,",
			officetest.BankerRow),
		Plans:   o.File("rab.csv", "kode,uraian,pos,volume,satuan,harga_satuan\nKM-09,Oven,ALAT,1,unit,100\n"),
		Invites: filepath.Join(o.Dir, "out.csv"),
	})
	want := `roster.csv line 4: kelompok is empty on every line of KM-02; pendamping "PD-7" is neither in the file nor known
rab.csv line 2: kode "KM-09" is neither in the roster nor known
2 problems: nothing was imported`
	if err == nil || err.Error() != want {
		t.Errorf("error: %v", err)
	}
	o.Want("commits", o.Commits, 0)
	if _, err := o.Look().RecipientByCode(t.Context(), "KM-01"); err == nil {
		t.Error("the good rows are there")
	}
	if left, _ := filepath.Glob(o.Dir + "/*out*"); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

func TestUpdates(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, officetest.BankerRow,
		officetest.MemberRow, "anggota,KM-01,Siti,,,,,,,,,,,S-1,")})
	o.Run(roster.Files{Roster: o.Roster(
		"ketua,KM-01,SRI WAHYUNI,Melati Jaya Abadi,,,,,21.000.000,,,,,,0812345678901",
		"bendahara,KM-01,Utami,,,,,,,,,,,,", // silent about the account: it stays
		"sekretaris,KM-01,Siti Aminah,,,,,,,,,,,S-1,",
		"anggota,KM-01,Joko,,,,,,,,,,,J-1,",
		"pendamping,PD-2,Bambang,,,,,,,,,,,,",
	)})
	chair, banker, siti := o.Person("ketua|km-01|sri wahyuni"), o.Person("bendahara|km-01|utami"), o.Person("id:S-1")
	o.Want("ketua", chair.Name+" "+chair.WA, "SRI WAHYUNI 62812345678901")
	o.Want("ketua's version", chair.Version, 2)
	o.Want("bendahara", banker.Account, int64(1001))
	o.Want("bendahara's version", banker.Version, 1)
	o.Want("by id", string(siti.Role)+" "+siti.Name, "sekretaris Siti Aminah")
	o.Want("an id is given later", o.Person("id:J-1").Version, 2)
	g := o.Group("KM-01")
	o.Want("group", g.Name+" "+g.Regency, "Melati Jaya Abadi Sukoharjo")
	entries := officetest.Must(o.Look().Entries(t.Context(), g.ID))(o)
	if len(entries) != 2 || entries[1].State != store.EntryCancelled || entries[0].State != store.EntryStands ||
		entries[0].Amount != 21_000_000 {
		t.Errorf("book: %+v", entries)
	}
	balance := officetest.Must(o.Look().Balance(t.Context(), g.ID))(o)
	o.Want("received", balance.Received, store.Rupiah(21_000_000))

	o.Run(roster.Files{Roster: o.Roster("anggota,KM-01,Joko,,,,,,,,PD-2,,,,")}) // the row has no id, Joko has: still he
	o.Want("mentor", o.Group("KM-01").Mentor, o.Person("pendamping|pd-2|bambang").ID)
	o.Want("Joko", o.Person("id:J-1").Version, 2)
}

// TestProvinceNotes name the province that was meant, where one is near, for groups and for coordinators.
func TestProvinceNotes(t *testing.T) {
	for written, meant := range map[string]string{
		"Jawa Timr": " (did you mean Jawa Timur?)", "Prov. Sulawesi Tengara": " (did you mean Sulawesi Tenggara?)",
		"Balli": " (did you mean Bali?)", "Papua Salatan": " (did you mean Papua Selatan?)", "Sumatera Tengah": "",
		"Bla": "", "Jawa": "", "Maluku Baru": "",
	} {
		o := openOffice(t)
		out := o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, strings.Replace(officetest.ChairRow,
			"Jawa Tengah", written, 1),
			"koordinator,K-9,Ratna,,"+written+",,,,,,,,,,")})
		for _, want := range []string{
			fmt.Sprintf("KM-01: provinsi %q is none of the 38%s, so no coordinator of a province sees this", written,
				meant),
			fmt.Sprintf("line 4: provinsi %q is none of the 38%s, so this koordinator sees only groups", written,
				meant),
		} {
			if !strings.Contains(out, want) {
				t.Errorf("it does not say %s:\n%s", want, out)
			}
		}
	}
}

// TestNotes are about what is kept and yet looks odd.
func TestNotes(t *testing.T) {
	o := openOffice(t)
	chair := strings.NewReplacer("2026", "2062", "Jawa Tengah", "Jawa Tenggah").Replace(officetest.ChairRow)
	out := o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, chair, officetest.BankerRow)})
	if !strings.Contains(out,
		`note: KM-01: provinsi "Jawa Tenggah" is none of the 38 (did you mean Jawa Tengah?), so `) {
		t.Errorf("report: %s", out)
	}
	if !strings.Contains(out, "note: KM-01: tanggal_cair 2062-11-20 is in the future\n") {
		t.Errorf("report: %s", out)
	}
	out = o.Run(roster.Files{
		Roster: o.Roster(strings.Replace(officetest.BankerRow, "Utami", "Utami Rahayu", 1)), Overrule: true,
	})
	if !strings.Contains(out,
		"note: roster.csv line 2: this account is already a bendahara of KM-01 under another name") {
		t.Errorf("report: %s", out)
	}
}

// TestGrantFromTheChat: what people entered themselves is not entered again.
func TestGrantFromTheChat(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{
		Roster: o.Roster(officetest.MentorRow, "ketua,KM-01,Sri Wahyuni,Melati Jaya,,,,,20000000,,PD-1,,,,"),
	})
	tx, g := o.Look(), o.Group("KM-01")
	e := store.Entry{Recipient: g.ID, Kind: store.EntryGrant, Amount: 20_000_000, Day: "2026-11-20",
		By: o.Person("ketua|km-01|sri wahyuni").ID, At: officetest.Noon}
	if err := tx.AddEntry(t.Context(), "entry.added", &e); err != nil {
		t.Fatal(err)
	}
	officetest.Must(tx.Commit(t.Context(), 0, nil, nil))(o)
	out := o.Run(roster.Files{Roster: o.Roster(officetest.ChairRow)})
	if !strings.Contains(out, "note: KM-01: somebody entered dana masuk in the chat") {
		t.Errorf("report: %s", out)
	}
	o.Want("received", officetest.Must(o.Look().Balance(t.Context(), g.ID))(o).Received, store.Rupiah(20_000_000))
	o.Want("disbursed", o.Group("KM-01").Disbursed, store.Day("2026-11-20"))
}

// TestWithdrawnConsent: a paper does not overturn what a person said later.
func TestWithdrawnConsent(t *testing.T) {
	o := openOffice(t)
	o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, officetest.BankerRow)})
	tx := o.Look()
	banker := o.Person("bendahara|km-01|utami")
	consent := officetest.Must(tx.ConsentOf(t.Context(), banker.ID))(o)
	consent.Withdrawn, banker.Account = officetest.Noon, 0
	if err := tx.PutConsent(t.Context(), "consent.withdrawn", &consent); err != nil {
		t.Fatal(err)
	}
	if err := tx.PutPerson(t.Context(), "person.left", &banker); err != nil {
		t.Fatal(err)
	}
	officetest.Must(tx.Commit(t.Context(), 0, nil, nil))(o)
	out := o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, officetest.BankerRow)})
	if !strings.Contains(out, "note: roster.csv line 4: consent was withdrawn after 2026-11-02") {
		t.Errorf("report: %s", out)
	}
	banker = o.Person("bendahara|km-01|utami")
	o.Want("account", banker.Account, int64(0))
	o.Want("consent", banker.Consent, "")
}

func TestImportWithoutAFile(t *testing.T) {
	o := openOffice(t)
	if _, err := o.Try(roster.Files{Roster: filepath.Join(o.Dir, "none.csv")}); !os.IsNotExist(err) {
		t.Errorf("error: %v", err)
	}
	if _, err := o.Try(roster.Files{Roster: o.Roster(officetest.MentorRow, officetest.ChairRow, officetest.MemberRow),
		Invites: filepath.Join(o.Dir, "none", "out.csv")}); err == nil {
		t.Error("invitations without a folder")
	}
	o.Want("commits", o.Commits, 0)
}
