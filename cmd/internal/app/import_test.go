package app_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/app"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// noon is when these tests take place.
var noon = time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)

// migrate is for testdb, which runs it once on a template.
func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

// office is where an operator imports: a database and a folder of files.
type office struct {
	*testing.T
	db      *postgres.DB
	dir     string
	plain   bool // the store offers nothing but store.Tx
	commits int
}

func openOffice(t *testing.T) *office {
	t.Helper()
	db, err := postgres.Open(t.Context(), testdb.Database(t, migrate))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return &office{T: t, db: db, dir: t.TempDir()}
}

// watched counts the commits: without one, no event can have been kept.
type watched struct {
	*postgres.Tx
	commits *int
}

func (w watched) Commit(ctx context.Context, holder int64, session []byte, out []store.Delivery) ([]store.Delivery, error) {
	*w.commits++
	return w.Tx.Commit(ctx, holder, session, out)
}

// plain hides what a store offers beyond store.Tx.
type plain struct{ app.Tx }

// try imports and says what the operator reads.
func (o *office) try(in app.Files) (string, error) {
	o.Helper()
	in.Notice = "2026-11"
	var tx app.Tx = watched{o.db.Begin(noon, 0), &o.commits}
	if o.plain {
		tx = plain{tx}
	}
	var out strings.Builder
	err := app.Import(o.Context(), tx, in, &out)
	return out.String(), err
}

// run imports what must go well.
func (o *office) run(in app.Files) string {
	o.Helper()
	out, err := o.try(in)
	if err != nil {
		o.Fatal(err)
	}
	return out
}

// file writes a file of the operator's.
func (o *office) file(name, text string) string {
	o.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		o.Fatal(err)
	}
	return path
}

const header = "peran,kode,nama,kelompok,provinsi,kabupaten,desa,tahap,dana,tanggal_cair,pendamping,telegram_id,persetujuan,id,wa\n"

// roster writes a roster with these rows.
func (o *office) roster(rows ...string) string {
	o.Helper()
	return o.file("roster.csv", header+strings.Join(rows, "\n")+"\n")
}

// look reads records.
func (o *office) look() *postgres.Tx {
	o.Helper()
	tx := o.db.Begin(noon, 0)
	o.Cleanup(func() { tx.Rollback(context.Background()) })
	return tx
}

func (o *office) group(code string) store.Recipient {
	o.Helper()
	return must(o.look().RecipientByCode(o.Context(), code))(o)
}

func (o *office) person(key string) store.Person {
	o.Helper()
	return must(o.look().PersonByKey(o.Context(), key))(o)
}

// must is a value that came without an error.
func must[T any](v T, err error) func(*office) T {
	return func(o *office) T {
		o.Helper()
		if err != nil {
			o.Fatal(err)
		}
		return v
	}
}

func (o *office) want(what string, got, want any) {
	o.Helper()
	if got != want {
		o.Errorf("%s: %v, want %v", what, got, want)
	}
}

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
	for _, plain := range []bool{false, true} {
		o := openOffice(t)
		o.plain = plain
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

func TestPlans(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow)})
	out := o.run(app.Files{Plans: "testdata/rab-twice.csv"})
	o.want("report", out, `note: rab-twice.csv line 4: pos "JASA" is not in the rules of KM-01
rab-twice.csv: plans 1 added or revised, 0 unchanged
`)
	g := o.group("KM-01")
	plan := must(o.look().Plan(t.Context(), g.ID))(o)
	if plan.Edition != 1 || plan.Reason != "impor" || len(plan.Lines) != 3 || plan.Lines[1].Volume != 2500 {
		t.Errorf("plan: %+v", plan)
	}
	o.run(app.Files{Plans: o.file("rab.csv", "kode,uraian,pos,volume,satuan,harga_satuan\nkm-01,Oven,ALAT,2,unit,100\n")})
	plan = must(o.look().Plan(t.Context(), g.ID))(o)
	if plan.Edition != 2 || len(plan.Lines) != 1 || plan.Lines[0].Volume != 2000 {
		t.Errorf("second plan: %+v", plan)
	}
}

func TestPrograms(t *testing.T) {
	o := openOffice(t)
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow)})
	out := o.run(app.Files{Program: "testdata/program-good.toml"})
	o.want("report", out, "programme TKM-2024 version 2 added\n")
	other := "ketua,KM-02,Ani,Mawar,,,,,,,PD-1,,,,"
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow, other)})
	o.want("pinned before", must(o.look().Program(t.Context(), o.group("KM-01").Program))(o).Code, app.DefaultProgram)
	o.want("pinned now", must(o.look().Program(t.Context(), o.group("KM-02").Program))(o).Code, "TKM-2024")
	text := must(os.ReadFile("testdata/program-good.toml"))(o)
	_, err := o.try(app.Files{Program: o.file("p.toml", strings.Replace(string(text), "period = 45", "period = 50", 1))})
	if err == nil || !strings.Contains(err.Error(), "a version never changes: give it version 3") {
		t.Errorf("error: %v", err)
	}
}

func TestInvites(t *testing.T) {
	o := openOffice(t)
	path := filepath.Join(o.dir, "out.csv")
	in := app.Files{
		Roster:  o.roster(mentorRow, chairRow, bankerRow, "anggota,KM-01,=cmd(),,,,,,,,,,,,"),
		Invites: path, Bot: "@pendamping_bot",
	}
	out := o.run(in)
	if !strings.Contains(out, "2 invitations written to "+path+", good until 2026-12-23") {
		t.Errorf("report: %s", out)
	}
	info := must(os.Stat(path))(o)
	o.want("mode", info.Mode().Perm(), os.FileMode(0o600))
	first := o.invites(path)
	if len(first) != 2 || first[0][0] != "ketua" || first[1][2] != "'=cmd()" {
		t.Fatalf("rows: %v", first)
	}
	link := regexp.MustCompile(`^https://t\.me/pendamping_bot\?start=([A-Za-z0-9_-]{16,64})$`).FindStringSubmatch(first[0][3])
	if link == nil || !regexp.MustCompile(`^[2-9A-HJKMNP-TW-Z]{4}-[2-9A-HJKMNP-TW-Z]{4}$`).MatchString(first[0][4]) {
		t.Fatalf("row: %v", first[0])
	}
	chair := o.person("ketua|km-01|sri wahyuni")
	for _, code := range []string{link[1], first[0][4]} {
		i := must(o.look().InviteByCode(t.Context(), code))(o)
		o.want("invited", i.Person, chair.ID)
		o.want("expires", i.Expires, noon.AddDate(0, 0, 30))
	}

	o.run(app.Files{Invites: path}) // alone, without a bot's name: new codes, and the old ones end
	second := o.invites(path)
	o.want("link", second[0][3], "")
	old := must(o.look().InviteByCode(t.Context(), first[0][4]))(o)
	o.want("revoked", old.Revoked, noon)
	o.want("same code", second[0][4] == first[0][4], false)
	if left, _ := filepath.Glob(o.dir + "/.inv*"); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

// invites reads the file without its header.
func (o *office) invites(path string) [][]string {
	o.Helper()
	f := must(os.Open(path))(o)
	defer f.Close()
	return must(csv.NewReader(f).ReadAll())(o)[1:]
}

func TestImportWithoutAFile(t *testing.T) {
	o := openOffice(t)
	if _, err := o.try(app.Files{Roster: filepath.Join(o.dir, "none.csv")}); !os.IsNotExist(err) {
		t.Errorf("error: %v", err)
	}
	if _, err := o.try(app.Files{Roster: o.roster(mentorRow), Invites: filepath.Join(o.dir, "none", "out.csv")}); err == nil {
		t.Error("invitations without a folder")
	}
	o.want("commits", o.commits, 0)
}
