package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/app"
	"pendamping/store"
)

const (
	mentorRow = "pendamping,PD-1,Bambang,,,,,,,,,1008,2026-11-01,,"
	chairRow  = "ketua,KM-01,Sri Wahyuni,Melati Jaya,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,"
	bankerRow = "bendahara,KM-01,Utami,,,,,,,,,1001,02/11/2026,,"
	memberRow = "anggota,KM-01,Joko,,,,,,,,,1004,,,"
)

func TestImportKeepsEverything(t *testing.T) {
	o := openOffice(t)
	out := o.run(app.Files{Roster: o.roster(mentorRow, chairRow, bankerRow, memberRow)})
	o.want("report", out, `note: 1 with a telegram_id but no persetujuan stay unbound until they accept an invitation
programme TKM-PEMULA version 1 added
roster.csv: people 4 added, 0 changed, 0 unchanged; recipients 1 added, 0 changed, 0 unchanged
`)
	g, mentor, banker := o.group("KM-01"), o.person("pendamping|pd-1|bambang"), o.person("bendahara|km-01|utami")
	want := store.Recipient{
		ID: g.ID, Version: 1, Code: "KM-01", Name: "Melati Jaya", Program: g.Program, Province: "Jawa Tengah", Regency: "Sukoharjo",
		Village: "Bulakan", Wave: "II", Zone: "Asia/Jakarta", Grant: 20_000_000, Disbursed: "2026-11-20", Mentor: mentor.ID,
	}
	o.want("recipient", g, want)
	o.want("bendahara", banker, store.Person{
		ID: banker.ID, Version: 1, Key: "bendahara|km-01|utami", Role: store.Treasurer, Code: "KM-01", Name: "Utami",
		Recipient: g.ID, Account: 1001, Consent: "2026-11",
	})
	consent := must(o.look().ConsentOf(t.Context(), banker.ID))(o)
	o.want("consent", consent.Source+" "+consent.Given.Format(time.DateOnly), "paper 2026-11-02")
	o.want("account without consent", o.person("anggota|km-01|joko").Account, int64(0))
	entries := must(o.look().Entries(t.Context(), g.ID))(o)
	if len(entries) != 1 || entries[0].Kind != store.EntryGrant || entries[0].Amount != 20_000_000 || entries[0].Day != "2026-11-20" {
		t.Errorf("book: %+v", entries)
	}
	program := must(o.look().Program(t.Context(), g.Program))(o)
	o.want("programme", program.Code, app.DefaultProgram)
}

func TestSameFilesChangeNothing(t *testing.T) {
	o := openOffice(t)
	in := app.Files{
		Roster: o.roster(mentorRow, chairRow, bankerRow, memberRow), Plans: "testdata/rab-twice.csv", Program: "testdata/program-good.toml",
	}
	o.run(in)
	o.want("first commits", o.commits, 1)
	out := o.run(in)
	o.want("commits", o.commits, 1)
	if !strings.Contains(out, "people 0 added, 0 changed, 4 unchanged; recipients 0 added, 0 changed, 1 unchanged") || !strings.Contains(out, "nothing has changed") {
		t.Errorf("report: %s", out)
	}
}

func TestNothingIsImportedWithABadRow(t *testing.T) {
	o := openOffice(t)
	_, err := o.try(app.Files{
		Roster:  o.roster(mentorRow, chairRow, "ketua,KM-02,Ani,,,,,,,,PD-7,,,,", bankerRow),
		Plans:   o.file("rab.csv", "kode,uraian,pos,volume,satuan,harga_satuan\nKM-09,Oven,ALAT,1,unit,100\n"),
		Invites: filepath.Join(o.dir, "out.csv"),
	})
	want := `roster.csv line 4: kelompok is empty on every line of KM-02; pendamping "PD-7" is neither in the file nor known
rab.csv line 2: kode "KM-09" is neither in the roster nor known
2 problems: nothing was imported`
	if err == nil || err.Error() != want {
		t.Errorf("error: %v", err)
	}
	o.want("commits", o.commits, 0)
	if _, err := o.look().RecipientByCode(t.Context(), "KM-01"); err == nil {
		t.Error("the good rows are there")
	}
	if left, _ := filepath.Glob(o.dir + "/*out*"); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

func TestUpdates(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow, bankerRow, memberRow, "anggota,KM-01,Siti,,,,,,,,,,,S-1,")})
	o.run(app.Files{Roster: o.roster(
		"ketua,KM-01,SRI WAHYUNI,Melati Jaya Abadi,,,,,21.000.000,,,,,,0812345678901",
		"bendahara,KM-01,Utami,,,,,,,,,,,,", // silent about the account: it stays
		"sekretaris,KM-01,Siti Aminah,,,,,,,,,,,S-1,",
		"anggota,KM-01,Joko,,,,,,,,,,,J-1,",
		"pendamping,PD-2,Bambang,,,,,,,,,,,,",
	)})
	chair, banker, siti := o.person("ketua|km-01|sri wahyuni"), o.person("bendahara|km-01|utami"), o.person("id:S-1")
	o.want("ketua", chair.Name+" "+chair.WA, "SRI WAHYUNI 62812345678901")
	o.want("ketua's version", chair.Version, 2)
	o.want("bendahara", banker.Account, int64(1001))
	o.want("bendahara's version", banker.Version, 1)
	o.want("by id", string(siti.Role)+" "+siti.Name, "sekretaris Siti Aminah")
	o.want("an id is given later", o.person("id:J-1").Version, 2)
	g := o.group("KM-01")
	o.want("group", g.Name+" "+g.Regency, "Melati Jaya Abadi Sukoharjo")
	entries := must(o.look().Entries(t.Context(), g.ID))(o)
	if len(entries) != 2 || entries[1].State != store.EntryCancelled || entries[0].State != store.EntryStands || entries[0].Amount != 21_000_000 {
		t.Errorf("book: %+v", entries)
	}
	balance := must(o.look().Balance(t.Context(), g.ID))(o)
	o.want("received", balance.Received, store.Rupiah(21_000_000))

	o.run(app.Files{Roster: o.roster("anggota,KM-01,Joko,,,,,,,,PD-2,,,,")}) // the row has no id, Joko has: still he
	o.want("mentor", o.group("KM-01").Mentor, o.person("pendamping|pd-2|bambang").ID)
	o.want("Joko", o.person("id:J-1").Version, 2)
}

// TestProvinceNotes name the province that was meant, where one is near, for groups and for coordinators.
func TestProvinceNotes(t *testing.T) {
	for written, meant := range map[string]string{
		"Jawa Timr": " (did you mean Jawa Timur?)", "Prov. Sulawesi Tengara": " (did you mean Sulawesi Tenggara?)",
		"Balli": " (did you mean Bali?)", "Papua Salatan": " (did you mean Papua Selatan?)", "Sumatera Tengah": "", "Bla": "", "Jawa": "", "Maluku Baru": "",
	} {
		o := openOffice(t)
		out := o.run(app.Files{Roster: o.roster(mentorRow, strings.Replace(chairRow, "Jawa Tengah", written, 1),
			"koordinator,K-9,Ratna,,"+written+",,,,,,,,,,")})
		for _, want := range []string{
			fmt.Sprintf("KM-01: provinsi %q is none of the 38%s, so no coordinator of a province sees this", written, meant),
			fmt.Sprintf("line 4: provinsi %q is none of the 38%s, so this koordinator sees only groups", written, meant),
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
	chair := strings.NewReplacer("2026", "2062", "Jawa Tengah", "Jawa Tenggah").Replace(chairRow)
	out := o.run(app.Files{Roster: o.roster(mentorRow, chair, bankerRow)})
	if !strings.Contains(out, `note: KM-01: provinsi "Jawa Tenggah" is none of the 38 (did you mean Jawa Tengah?), so `) {
		t.Errorf("report: %s", out)
	}
	if !strings.Contains(out, "note: KM-01: tanggal_cair 2062-11-20 is in the future\n") {
		t.Errorf("report: %s", out)
	}
	out = o.run(app.Files{Roster: o.roster(strings.Replace(bankerRow, "Utami", "Utami Rahayu", 1)), Overrule: true})
	if !strings.Contains(out, "note: roster.csv line 2: this account is already a bendahara of KM-01 under another name") {
		t.Errorf("report: %s", out)
	}
}

// TestGrantFromTheChat: what people entered themselves is not entered again.
func TestGrantFromTheChat(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(mentorRow, "ketua,KM-01,Sri Wahyuni,Melati Jaya,,,,,20000000,,PD-1,,,,")})
	tx, g := o.look(), o.group("KM-01")
	e := store.Entry{Recipient: g.ID, Kind: store.EntryGrant, Amount: 20_000_000, Day: "2026-11-20", By: o.person("ketua|km-01|sri wahyuni").ID, At: noon}
	if err := tx.AddEntry(t.Context(), "entry.added", &e); err != nil {
		t.Fatal(err)
	}
	must(tx.Commit(t.Context(), 0, nil, nil))(o)
	out := o.run(app.Files{Roster: o.roster(chairRow)})
	if !strings.Contains(out, "note: KM-01: somebody entered dana masuk in the chat") {
		t.Errorf("report: %s", out)
	}
	o.want("received", must(o.look().Balance(t.Context(), g.ID))(o).Received, store.Rupiah(20_000_000))
	o.want("disbursed", o.group("KM-01").Disbursed, store.Day("2026-11-20"))
}

// TestWithdrawnConsent: a paper does not overturn what a person said later.
func TestWithdrawnConsent(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow, bankerRow)})
	tx := o.look()
	banker := o.person("bendahara|km-01|utami")
	consent := must(tx.ConsentOf(t.Context(), banker.ID))(o)
	consent.Withdrawn, banker.Account = noon, 0
	if err := tx.PutConsent(t.Context(), "consent.withdrawn", &consent); err != nil {
		t.Fatal(err)
	}
	if err := tx.PutPerson(t.Context(), "person.left", &banker); err != nil {
		t.Fatal(err)
	}
	must(tx.Commit(t.Context(), 0, nil, nil))(o)
	out := o.run(app.Files{Roster: o.roster(mentorRow, chairRow, bankerRow)})
	if !strings.Contains(out, "note: roster.csv line 4: consent was withdrawn after 2026-11-02") {
		t.Errorf("report: %s", out)
	}
	banker = o.person("bendahara|km-01|utami")
	o.want("account", banker.Account, int64(0))
	o.want("consent", banker.Consent, "")
}

func TestImportWithoutAFile(t *testing.T) {
	o := openOffice(t)
	if _, err := o.try(app.Files{Roster: filepath.Join(o.dir, "none.csv")}); !os.IsNotExist(err) {
		t.Errorf("error: %v", err)
	}
	if _, err := o.try(app.Files{Roster: o.roster(mentorRow, chairRow, memberRow), Invites: filepath.Join(o.dir, "none", "out.csv")}); err == nil {
		t.Error("invitations without a folder")
	}
	o.want("commits", o.commits, 0)
}
