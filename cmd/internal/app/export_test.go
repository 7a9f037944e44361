package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pendamping/cmd/internal/app"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// archive is a database with a group's history, and its pictures.
type archive struct {
	*testing.T
	s   app.Settings
	db  *postgres.DB
	of  store.Recipient
	sum string // of a nota's picture
}

func openArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{T: t, s: app.Settings{Database: testdb.Database(t, migrate), Media: t.TempDir(), Zone: "Asia/Jakarta", API: "https://api.example"}}
	var err error
	if a.db, err = app.OpenRecords(t.Context(), a.s); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.db.Close)
	o := &office{T: t, db: a.db, dir: t.TempDir()}
	o.run(app.Files{Roster: o.roster(mentorRow, chairRow, bankerRow, memberRow)})
	a.of = o.group("KM-01")
	banker, member := o.person("bendahara|km-01|utami"), o.person("anggota|km-01|joko")
	pictures, err := media.Open(a.s.Media)
	a.ok(err)
	a.sum, _, err = pictures.Put(t.Context(), bytes.NewReader([]byte("\xff\xd8\xffa nota")))
	a.ok(err)
	a.do(func(tx *postgres.Tx) {
		ctx := t.Context()
		tx.Act(store.Actor{Person: banker.ID, Role: banker.Role})
		r := store.Receipt{
			Recipient: a.of.ID, State: store.Submitted, Kind: store.KindNota, Payment: "tunai", Seller: "=TB Jaya", Day: "2026-11-21", Total: 150_000,
			Items: []store.Item{{Amount: 150_000, Pos: "BAHAN", Item: "benang"}}, By: banker.ID, Begun: noon, Submitted: noon,
		}
		a.ok(tx.AddReceipt(ctx, "receipt.submitted", &r))
		a.ok(tx.AddFile(ctx, "file.kept", &store.File{Recipient: a.of.ID, Receipt: r.ID, Kind: "photo", FileID: "f", UniqueID: "u", SHA256: a.sum, By: banker.ID, At: noon}))
		a.ok(tx.AddFile(ctx, "file.kept", &store.File{Recipient: a.of.ID, Kind: "voice", FileID: "v", UniqueID: "w", By: banker.ID, At: noon}))
		a.ok(tx.AddChapter(ctx, "chapter.written", &store.Chapter{Recipient: a.of.ID, Code: "latar", Text: "Kami menjahit.", By: banker.ID, At: noon}))
		a.ok(tx.AddComplaint(ctx, "complaint.sent", &store.Complaint{Person: member.ID, Recipient: a.of.ID, Topic: "pungli", Words: "Ketua minta bagian.", At: noon}))
		r.Total, r.Items = 175_000, []store.Item{{Amount: 175_000, Pos: "BAHAN", Item: "benang"}}
		a.ok(tx.PutReceipt(ctx, "receipt.changed", &r))
	})
	words, err := locales.Load()
	a.ok(err)
	a.do(func(tx *postgres.Tx) {
		_, err := flows.Turn(t.Context(), tx, dialog.Setting{Zone: time.UTC, Bot: "bot", Words: func(l string, s store.Text) string { return words.Text(l, s.ID, s.Data) }},
			dialog.Session{Screen: 1, Taken: []int64{1, 2}}, form.Event{Account: 1001, Chat: 1001, Message: 1, Kind: form.Press, Press: "lpjprint:" + number(a.of.ID) + ":pdf"})
		a.ok(err)
	})
	_, err = a.db.KeepRoot(t.Context(), noon)
	a.ok(err)
	return a
}

func number(id store.ID) string { b, _ := json.Marshal(id); return string(b) }

func (a *archive) ok(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

func (a *archive) do(f func(tx *postgres.Tx)) {
	a.Helper()
	tx := a.db.Begin(noon, 0)
	defer tx.Rollback(a.Context())
	f(tx)
	_, err := tx.Commit(a.Context(), 0, nil, nil)
	a.ok(err)
}

// export writes the folder anew.
func (a *archive) export() string {
	a.Helper()
	folder := filepath.Join(a.TempDir(), "out")
	var out strings.Builder
	a.ok(app.Export(a.Context(), a.s, box, "KM-01", folder, noon.Add(4*time.Hour), &out))
	return folder
}

// check is what is wrong with a folder.
func (a *archive) check(folder, roots string) string {
	a.Helper()
	var out strings.Builder
	whole, err := app.CheckExport(a.Context(), a.s, box, folder, roots, &out)
	a.ok(err)
	return a.wrong(whole, &out)
}

// wrong is what was said to be wrong.
func (a *archive) wrong(whole bool, out *strings.Builder) string {
	a.Helper()
	var wrong []string
	for line := range strings.Lines(out.String()) {
		if said, ok := strings.CutPrefix(line, "BROKEN: "); ok {
			wrong = append(wrong, strings.TrimSpace(said))
		}
	}
	if whole != (len(wrong) == 0) {
		a.Errorf("whole is %v, and it says:\n%s", whole, out.String())
	}
	return strings.Join(wrong, "; ")
}

// inside is the bytes of all files of a folder, by name.
func inside(t *testing.T, folder string) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(folder, name))
		list[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The same records give the same folder, which has everything but what was told in confidence.
func TestExport(t *testing.T) {
	a := openArchive(t)
	one, two := inside(t, a.export()), inside(t, a.export())
	names := slices.Sorted(maps.Keys(one))
	if !slices.Equal(names, slices.Sorted(maps.Keys(two))) {
		t.Fatalf("%v, then %v", names, slices.Sorted(maps.Keys(two)))
	}
	for _, name := range names {
		if one[name] != two[name] {
			t.Errorf("%s has other bytes the second time", name)
		}
	}
	code := ""
	for _, name := range names {
		if c, ok := strings.CutPrefix(name, "dokumen/data/"); ok {
			code = strings.TrimSuffix(c, ".json")
		}
	}
	want := []string{
		"BACA-SAYA.txt", "MANIFES.sha256", "bukti/nota/0001-01.jpg", "dokumen/data/" + code + ".json", "dokumen/edisi-1/" + code + ".pdf",
		"dokumen/edisi-1/" + code + ".xlsx", "dokumen/sekarang/LPJ.json", "peristiwa/akar-2026-11-23T05.txt", "peristiwa/nilai.jsonl", "peristiwa/peristiwa.jsonl", "peristiwa/riwayat.xlsx",
	}
	if code == "" || !slices.Equal(names, want) {
		t.Errorf("it has\n%s\nwant\n%s", strings.Join(names, "\n"), strings.Join(want, "\n"))
	}
	for _, name := range []string{"peristiwa/peristiwa.jsonl", "peristiwa/nilai.jsonl"} {
		if strings.Contains(one[name], "pungli") || strings.Contains(one[name], "minta bagian") {
			t.Errorf("%s tells of the complaint", name)
		}
	}
	if !strings.Contains(one["peristiwa/nilai.jsonl"], "Kami menjahit.") {
		t.Error("the personal values are not there")
	}
	if s := one["BACA-SAYA.txt"]; !strings.Contains(s, "Melati Jaya (KM-01)") || !strings.Contains(s, "PERHATIAN: 1 berkas") || strings.Contains(s, "<no value>") {
		t.Errorf("the README says:\n%s", s)
	}
	// Whoever has no tool of ours comes to the same.
	sum := sha256.Sum256([]byte(one["dokumen/data/"+code+".json"]))
	if !strings.Contains(one["peristiwa/peristiwa.jsonl"], hex.EncodeToString(sum[:])) {
		t.Error("the data's hash is not the one that was sealed")
	}
	rows := sheet(t, one["peristiwa/riwayat.xlsx"], "Peristiwa")
	if !slices.ContainsFunc(rows, func(r []string) bool {
		line := strings.Join(r, "|")
		return strings.Contains(line, "Utami|bendahara||Nota diubah|Nota #1|2|total|150000|175000")
	}) {
		t.Errorf("the history does not say who changed the nota from what to what:\n%q", rows)
	}
}

// An officer whom somebody of the programme proposed is named with them in the LPJ, and so is whatever that officer did in the history.
func TestExportNamesSponsors(t *testing.T) {
	a := openArchive(t)
	ctx := t.Context()
	a.do(func(tx *postgres.Tx) {
		banker, err := tx.PersonByKey(ctx, "bendahara|km-01|utami")
		a.ok(err)
		mentor, err := tx.PersonByCode(ctx, store.Mentor, "PD-1")
		a.ok(err)
		banker.Sponsors = []store.ID{mentor.ID}
		a.ok(tx.PutPerson(ctx, "person.changed", &banker))
		tx.Act(store.Actor{Person: banker.ID, Role: banker.Role, Sponsors: banker.Sponsors})
		a.ok(tx.AddEntry(ctx, "entry.added", &store.Entry{Recipient: a.of.ID, Kind: store.EntryFee, State: store.EntryStands, Amount: 5000, Day: "2026-11-22", By: banker.ID, At: noon}))
	})
	all := inside(t, a.export())
	if !strings.Contains(all["dokumen/sekarang/LPJ.json"], `{"role":"bendahara","name":"Utami","sponsors":["diusulkan atau dibantu pendamping Bambang"]}`) {
		t.Errorf("the LPJ's officers are not named with their sponsors:\n%s", all["dokumen/sekarang/LPJ.json"][:600])
	}
	var history strings.Builder
	for _, r := range sheet(t, all["peristiwa/riwayat.xlsx"], "Peristiwa") {
		history.WriteString(strings.Join(r, "|") + "\n")
	}
	for _, want := range []string{"Utami|bendahara, ditunjuk atas usul atau dengan bantuan Bambang|", "|sponsors||Bambang\n"} {
		if !strings.Contains(history.String(), want) {
			t.Errorf("the history does not say %q:\n%s", want, history.String())
		}
	}
}

// Words that look like the hash of a personal value are words where no personal value can stand.
func TestExportOfWordsLikeAHash(t *testing.T) {
	a := openArchive(t)
	a.do(func(tx *postgres.Tx) {
		list, err := tx.Receipts(t.Context(), a.of.ID, "", 9, 0)
		a.ok(err)
		r := list[0]
		r.Seller = store.Hashed + strings.Repeat("0", 64)
		a.ok(tx.PutReceipt(t.Context(), "receipt.changed", &r))
	})
	if wrong := a.check(a.export(), ""); wrong != "" {
		t.Error(wrong)
	}
}

// A change after the last printing shows in the documents.
func TestExportNow(t *testing.T) {
	a := openArchive(t)
	a.do(func(tx *postgres.Tx) {
		a.ok(tx.AddEntry(t.Context(), "entry.added", &store.Entry{Recipient: a.of.ID, Kind: store.EntryFee, State: store.EntryStands, Amount: 5000, Day: "2026-11-22", At: noon}))
	})
	folder := a.export()
	if wrong := a.check(folder, ""); wrong != "" {
		t.Error(wrong)
	}
	if all := inside(t, folder); all["dokumen/sekarang/LPJ.pdf"] == "" || all["dokumen/sekarang/LPJ.xlsx"] == "" {
		t.Errorf("how it stands now is missing: %v", slices.Sorted(maps.Keys(all)))
	}
}

// A recipient that was imported after the day's first root is exported, and its folder is whole.
func TestExportAfterRoot(t *testing.T) {
	a := openArchive(t)
	o := &office{T: t, db: a.db, dir: t.TempDir()}
	o.run(app.Files{Roster: o.roster("ketua,LM-01,Tini,Mawar,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,")})
	folder := filepath.Join(t.TempDir(), "out")
	a.ok(app.Export(t.Context(), a.s, box, "LM-01", folder, noon.Add(time.Hour), &strings.Builder{}))
	if wrong := a.check(folder, ""); wrong != "" {
		t.Error(wrong)
	}
}

// An export without the originals says so and fails; it makes no folder of its own for them.
func TestExportWithoutOriginals(t *testing.T) {
	a := openArchive(t)
	a.s.Media = filepath.Join(t.TempDir(), "elsewhere")
	folder := filepath.Join(t.TempDir(), "out")
	err := app.Export(t.Context(), a.s, box, "KM-01", folder, noon.Add(time.Hour), &strings.Builder{})
	if err == nil || err.Error() != "1 originals are missing: is MEDIA_URL right?" {
		t.Errorf("it ends with %v", err)
	}
	if _, err := os.Stat(a.s.Media); !os.IsNotExist(err) {
		t.Errorf("the folder of originals: %v", err)
	}
	all := inside(t, folder)
	if all["MANIFES.sha256"] == "" || !strings.Contains(all["BACA-SAYA.txt"], "PERHATIAN: 2 berkas") {
		t.Errorf("the README says:\n%s", all["BACA-SAYA.txt"])
	}
}

// A folder that is not as its manifest says is found, and so is one whose roots are not those that were kept elsewhere. What else can be
// changed in it, and the manifest made to fit, is in TestExportFindsEveryChange.
func TestExportTampered(t *testing.T) {
	a := openArchive(t)
	a.furnish()
	was := inside(t, a.export())
	var kept []string
	for _, r := range a.roots() {
		kept = append(kept, r.Name+" "+r.Hash+"\n")
	}
	zeros := strings.Repeat("0", 64)
	words, err := locales.Load()
	a.ok(err)
	for name, c := range map[string]struct {
		do    func(files map[string]string)
		roots string
		want  string
	}{
		"nothing":            {nil, strings.Join(kept, ""), ""},
		"no roots":           {nil, "", ""},
		"roots of more days": {nil, "2026-11-20T05 " + zeros + "\n" + strings.Join(kept, ""), ""},
		"a newer root":       {nil, strings.Join(kept, "") + "2026-11-24T01 " + zeros + "\n", "but newer ones were kept elsewhere, the first of 2026-11-24T01"},
		"a day's root":       {nil, "2026-11-23" + strings.TrimPrefix(kept[1], "2026-11-23T06"), ""},
		"changed":            {func(f map[string]string) { f["bukti/nota/0001-01.jpg"] = "another" }, "", "bukti/nota/0001-01.jpg has changed"},
		"removed":            {func(f map[string]string) { delete(f, "BACA-SAYA.txt") }, "", "BACA-SAYA.txt is missing"},
		"added":              {func(f map[string]string) { f["bukti/nota/0002-01.jpg"] = "a nota" }, "", "bukti/nota/0002-01.jpg was added"},
		"the manifest in another order": {func(f map[string]string) {
			lines := slices.Collect(strings.Lines(f["MANIFES.sha256"]))
			slices.Reverse(lines)
			f["MANIFES.sha256"] = strings.Join(lines, "")
		}, "", "MANIFES.sha256 is not as an export writes it"},
		"another root":               {nil, "2026-11-23T06 " + zeros, "the root of 2026-11-23T06 is not the one that was kept elsewhere"},
		"a root less between":        {nil, strings.Join(kept, "") + "2026-11-23T07 " + zeros, "the root of 2026-11-23T07, kept elsewhere, is missing"},
		"a root less before":         {nil, strings.Join(kept, "") + "2026-11-23T04 " + zeros, "the root of 2026-11-23T04, kept elsewhere, is missing"},
		"none of the kept roots":     {nil, "2026-11-24T05 " + zeros, "the folder has none of the roots that were kept elsewhere"},
		"none, though events follow": {nil, "2026-11-22T05 " + zeros, "the folder has none of the roots that were kept elsewhere"},
	} {
		files, folder := maps.Clone(was), t.TempDir()
		if c.do != nil {
			c.do(files)
		}
		for name, text := range files {
			path := filepath.Join(folder, name)
			a.ok(os.MkdirAll(filepath.Dir(path), 0o700))
			a.ok(os.WriteFile(path, []byte(text), 0o600))
		}
		roots := ""
		if c.roots != "" {
			roots = filepath.Join(t.TempDir(), "roots.txt")
			a.ok(os.WriteFile(roots, []byte(c.roots), 0o600))
		}
		var out strings.Builder
		whole, err := app.CheckExportQuickly(t.Context(), a.s, words, folder, roots, &out)
		a.ok(err)
		if got := a.wrong(whole, &out); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	folder := a.export()
	if err := app.Export(t.Context(), a.s, box, "KM-01", folder, noon, &strings.Builder{}); err == nil {
		t.Error("a second export went into the same folder")
	}
	if err := app.Export(t.Context(), a.s, box, "NOBODY", filepath.Join(t.TempDir(), "x"), noon, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "NOBODY") {
		t.Errorf("an unknown recipient: %v", err)
	}
}

// A kept picture that is not what it was is found by verify and named in an export.
func TestPictureTampered(t *testing.T) {
	a := openArchive(t)
	verify := func() (bool, string) {
		var out strings.Builder
		whole, err := app.Verify(t.Context(), a.s, box, "", true, verifiedAt, &out)
		a.ok(err)
		return whole, out.String()
	}
	if whole, said := verify(); !whole {
		t.Fatal(said)
	}
	path := filepath.Join(a.s.Media, a.sum[:2], a.sum[2:4], a.sum)
	a.ok(os.Chmod(path, 0o600))
	a.ok(os.WriteFile(path, []byte("\xff\xd8\xffanother nota"), 0o600))
	if whole, said := verify(); whole || !strings.Contains(said, a.sum) {
		t.Errorf("another picture was not noticed: %s", said)
	}
	all := inside(t, a.export())
	if !slices.ContainsFunc(sheet(t, all["peristiwa/riwayat.xlsx"], "Berkas bukti"), func(r []string) bool { return slices.Contains(r, "Isinya berubah") }) {
		t.Error("an export does not name it")
	}
	a.ok(os.Remove(path))
	if whole, said := verify(); whole || !strings.Contains(said, a.sum) {
		t.Errorf("a missing picture was not noticed: %s", said)
	}
}

// A wrong MEDIA_URL is said in one line, and neither verify nor an erasure makes a folder there or looks as if files had been read.
func TestWrongMediaFolder(t *testing.T) {
	a := openArchive(t)
	a.s.Media = filepath.Join(t.TempDir(), "elsewhere")
	want := "MEDIA_URL: there is no folder " + a.s.Media + ": give it the one that the bot has"
	for name, do := range map[string]func() error{
		"verify --files": func() error {
			whole, err := app.Verify(t.Context(), a.s, box, "", true, verifiedAt, &strings.Builder{})
			if whole {
				t.Error("verify says whole")
			}
			return err
		},
		"retention --erase": func() error { return app.Retention(t.Context(), a.s, true, noon.AddDate(20, 0, 0), &strings.Builder{}) },
	} {
		if err := do(); err == nil || err.Error() != want {
			t.Errorf("%s ends with %v, want %q", name, err, want)
		}
		if _, err := os.Stat(a.s.Media); !os.IsNotExist(err) {
			t.Errorf("%s made the folder: %v", name, err)
		}
	}
}

// sheet is the rows of a workbook's sheet.
func sheet(t *testing.T, book, name string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
