package audit_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/roster"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/postgres"
)

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
		"BACA-SAYA.txt", "MANIFES.sha256", "bukti/nota/0001-01.jpg", "dokumen/data/" + code + ".json",
		"dokumen/edisi-1/" + code + ".pdf",
		"dokumen/edisi-1/" + code + ".xlsx", "dokumen/sekarang/LPJ.json", "peristiwa/akar-2026-11-23T05.txt",
		"peristiwa/nilai.jsonl", "peristiwa/peristiwa.jsonl", "peristiwa/riwayat.xlsx",
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
	if s := one["BACA-SAYA.txt"]; !strings.Contains(s, "Melati Jaya (KM-01)") ||
		!strings.Contains(s, "PERHATIAN: 1 berkas") || strings.Contains(s, "<no value>") {
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

// An officer whom somebody of the programme proposed is named with them in the LPJ, and so is whatever that officer
// did in the history.
func TestExportNamesSponsors(t *testing.T) {
	a := openArchive(t)
	ctx := t.Context()
	a.Do(func(tx *postgres.Tx) {
		banker, err := tx.PersonByKey(ctx, "bendahara|km-01|utami")
		a.OK(err)
		mentor, err := tx.PersonByCode(ctx, store.Mentor, "PD-1")
		a.OK(err)
		banker.Sponsors = []store.ID{mentor.ID}
		a.OK(tx.PutPerson(ctx, "person.changed", &banker))
		tx.Act(store.Actor{Person: banker.ID, Role: banker.Role, Sponsors: banker.Sponsors})
		a.OK(tx.AddEntry(ctx, "entry.added", &store.Entry{Recipient: a.Of.ID, Kind: store.EntryFee,
			State: store.EntryStands, Amount: 5000, Day: "2026-11-22", By: banker.ID, At: officetest.Noon}))
	})
	all := inside(t, a.export())
	if !strings.Contains(all["dokumen/sekarang/LPJ.json"],
		`{"role":"bendahara","name":"Utami","sponsors":["diusulkan atau dibantu pendamping Bambang"]}`) {
		t.Errorf("the LPJ's officers are not named with their sponsors:\n%s", all["dokumen/sekarang/LPJ.json"][:600])
	}
	var history strings.Builder
	for _, r := range sheet(t, all["peristiwa/riwayat.xlsx"], "Peristiwa") {
		history.WriteString(strings.Join(r, "|") + "\n")
	}
	for _, want := range []string{
		"Utami|bendahara, ditunjuk atas usul atau dengan bantuan Bambang|", "|sponsors||Bambang\n",
	} {
		if !strings.Contains(history.String(), want) {
			t.Errorf("the history does not say %q:\n%s", want, history.String())
		}
	}
}

// Words that look like the hash of a personal value are words where no personal value can stand.
func TestExportOfWordsLikeAHash(t *testing.T) {
	a := openArchive(t)
	a.Do(func(tx *postgres.Tx) {
		list, err := tx.Receipts(t.Context(), a.Of.ID, "", 9, 0)
		a.OK(err)
		r := list[0]
		r.Seller = store.Hashed + strings.Repeat("0", 64)
		a.OK(tx.PutReceipt(t.Context(), "receipt.changed", &r))
	})
	if wrong := a.check(a.export(), ""); wrong != "" {
		t.Error(wrong)
	}
}

// A change after the last printing shows in the documents.
func TestExportNow(t *testing.T) {
	a := openArchive(t)
	a.Do(func(tx *postgres.Tx) {
		a.OK(tx.AddEntry(t.Context(), "entry.added", &store.Entry{Recipient: a.Of.ID, Kind: store.EntryFee,
			State: store.EntryStands, Amount: 5000, Day: "2026-11-22", At: officetest.Noon}))
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
	o := officetest.In(t, a.DB)
	o.Run(roster.Files{
		Roster: o.Roster("ketua,LM-01,Tini,Mawar,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,"),
	})
	folder := filepath.Join(t.TempDir(), "out")
	a.OK(audit.Export(t.Context(), a.S, officetest.Box, "LM-01", folder, officetest.Noon.Add(time.Hour),
		&strings.Builder{}))
	if wrong := a.check(folder, ""); wrong != "" {
		t.Error(wrong)
	}
}

// An export without the originals says so and fails; it makes no folder of its own for them.
func TestExportWithoutOriginals(t *testing.T) {
	a := openArchive(t)
	a.S.Media = filepath.Join(t.TempDir(), "elsewhere")
	folder := filepath.Join(t.TempDir(), "out")
	err := audit.Export(t.Context(), a.S, officetest.Box, "KM-01", folder, officetest.Noon.Add(time.Hour),
		&strings.Builder{})
	if err == nil || err.Error() != "1 originals are missing: is MEDIA_URL right?" {
		t.Errorf("it ends with %v", err)
	}
	if _, err := os.Stat(a.S.Media); !os.IsNotExist(err) {
		t.Errorf("the folder of originals: %v", err)
	}
	all := inside(t, folder)
	if all["MANIFES.sha256"] == "" || !strings.Contains(all["BACA-SAYA.txt"], "PERHATIAN: 2 berkas") {
		t.Errorf("the README says:\n%s", all["BACA-SAYA.txt"])
	}
}

// A folder that is not as its manifest says is found, and so is one whose roots are not those that were kept
// elsewhere. What else can be changed in it, and the manifest made to fit, is in TestExportFindsEveryChange.
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
	a.OK(err)
	for name, c := range map[string]struct {
		do    func(files map[string]string)
		roots string
		want  string
	}{
		"nothing":            {nil, strings.Join(kept, ""), ""},
		"no roots":           {nil, "", ""},
		"roots of more days": {nil, "2026-11-20T05 " + zeros + "\n" + strings.Join(kept, ""), ""},
		"a newer root": {nil, strings.Join(kept, "") + "2026-11-24T01 " + zeros + "\n",
			"but newer ones were kept elsewhere, the first of 2026-11-24T01"},
		"a day's root": {nil, "2026-11-23" + strings.TrimPrefix(kept[1], "2026-11-23T06"), ""},
		"changed": {func(f map[string]string) { f["bukti/nota/0001-01.jpg"] = "another" }, "",
			"bukti/nota/0001-01.jpg has changed"},
		"removed": {
			func(f map[string]string) { delete(f, "BACA-SAYA.txt") }, "", "BACA-SAYA.txt is missing",
		},
		"added": {func(f map[string]string) { f["bukti/nota/0002-01.jpg"] = "a nota" }, "",
			"bukti/nota/0002-01.jpg was added"},
		"the manifest in another order": {func(f map[string]string) {
			lines := slices.Collect(strings.Lines(f["MANIFES.sha256"]))
			slices.Reverse(lines)
			f["MANIFES.sha256"] = strings.Join(lines, "")
		}, "", "MANIFES.sha256 is not as an export writes it"},
		"another root": {
			nil, "2026-11-23T06 " + zeros, "the root of 2026-11-23T06 is not the one that was kept elsewhere",
		},
		"a root less between": {nil, strings.Join(kept, "") + "2026-11-23T07 " + zeros,
			"the root of 2026-11-23T07, kept elsewhere, is missing"},
		"a root less before": {nil, strings.Join(kept, "") + "2026-11-23T04 " + zeros,
			"the root of 2026-11-23T04, kept elsewhere, is missing"},
		"none of the kept roots": {
			nil, "2026-11-24T05 " + zeros, "the folder has none of the roots that were kept elsewhere",
		},
		"none, though events follow": {
			nil, "2026-11-22T05 " + zeros, "the folder has none of the roots that were kept elsewhere",
		},
	} {
		files, folder := maps.Clone(was), t.TempDir()
		if c.do != nil {
			c.do(files)
		}
		for name, text := range files {
			path := filepath.Join(folder, name)
			a.OK(os.MkdirAll(filepath.Dir(path), 0o700))
			a.OK(os.WriteFile(path, []byte(text), 0o600))
		}
		roots := ""
		if c.roots != "" {
			roots = filepath.Join(t.TempDir(), "roots.txt")
			a.OK(os.WriteFile(roots, []byte(c.roots), 0o600))
		}
		var out strings.Builder
		whole, err := audit.CheckExportQuickly(t.Context(), a.S, words, folder, roots, &out)
		a.OK(err)
		if got := a.wrong(whole, &out); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	folder := a.export()
	if err := audit.Export(t.Context(), a.S, officetest.Box, "KM-01", folder, officetest.Noon,
		&strings.Builder{}); err == nil {
		t.Error("a second export went into the same folder")
	}
	if err := audit.Export(t.Context(), a.S, officetest.Box, "NOBODY", filepath.Join(t.TempDir(), "x"), officetest.Noon,
		&strings.Builder{}); err == nil || !strings.Contains(err.Error(), "NOBODY") {
		t.Errorf("an unknown recipient: %v", err)
	}
}

// A folder whose manifest is no file is refused before it is read: it could be without end, or the checker's own file.
func TestExportManifestIsNoFile(t *testing.T) {
	a := openArchive(t)
	folder := a.export()
	secret := filepath.Join(t.TempDir(), "secret")
	a.OK(os.WriteFile(secret, []byte("PASSWORD=geheim\n"), 0o600))
	path := filepath.Join(folder, "MANIFES.sha256")
	a.OK(os.Remove(path))
	a.OK(os.Symlink(secret, path))
	_, err := audit.CheckExport(t.Context(), a.S, officetest.Box, folder, "", io.Discard)
	if err == nil || !strings.Contains(err.Error(), "is no file") || strings.Contains(err.Error(), "geheim") {
		t.Errorf("a manifest elsewhere: %v", err)
	}
	a.OK(os.Remove(path))
	a.OK(os.WriteFile(path, []byte("PASSWORD=geheim\n"), 0o600))
	_, err = audit.CheckExport(t.Context(), a.S, officetest.Box, folder, "", io.Discard)
	if err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("a manifest of other words: %v", err)
	}
}
