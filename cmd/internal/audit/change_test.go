package audit_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/officetest"
	"pendamping/flows"
	"pendamping/flows/report"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// furnish gives the archive what a folder may have besides: originals of every kind, a complaint in the group's own
// chain as it was kept once, a second root of the day, and a change after the last printing.
func (a *archive) furnish() {
	a.Helper()
	ctx := a.Context()
	pictures, err := media.Open(a.S.Media)
	a.OK(err)
	chair, err := a.DB.Begin(officetest.Noon, 0).PersonByKey(ctx, "ketua|km-01|sri wahyuni")
	a.OK(err)
	n := 0
	keep := func(tx *postgres.Tx, f store.File) {
		n++
		f.SHA256, _, err = pictures.Put(ctx, strings.NewReader(fmt.Sprint("\xff\xd8\xffpicture ", n)))
		a.OK(err)
		f.Recipient, f.FileID, f.UniqueID, f.By, f.At = a.Of.ID, "g", fmt.Sprint("n", n), chair.ID, officetest.Noon
		a.OK(tx.AddFile(ctx, "file.kept", &f))
	}
	a.Do(func(tx *postgres.Tx) {
		list, err := tx.Receipts(ctx, a.Of.ID, "", 9, 0)
		a.OK(err)
		keep(tx, store.File{Receipt: list[0].ID, Kind: "photo"})
		keep(tx, store.File{Receipt: list[0].ID, Kind: "photo"})
		e := store.Entry{Recipient: a.Of.ID, Kind: store.EntryGrant, State: store.EntryStands, Amount: 20_000_000,
			Day: "2026-11-20", By: chair.ID, At: officetest.Noon}
		a.OK(tx.AddEntry(ctx, "entry.added", &e))
		keep(tx, store.File{Entry: e.ID, Kind: "photo"})
		v := store.Visit{Recipient: a.Of.ID, State: store.VisitHeld, Mode: store.InPerson, By: chair.ID,
			Start: officetest.Noon, Minutes: 60}
		a.OK(tx.AddVisit(ctx, "visit.held", &v))
		keep(tx, store.File{Visit: v.ID, Kind: "photo"})
		keep(tx, store.File{Kind: "photo"})
		keep(tx, store.File{Kind: "voice"})
	})
	conn := testdb.Connect(a, a.S.Database)
	var seq int64
	var head []byte
	a.OK(conn.QueryRow(ctx, `select length + 1, head from chains where id = $1`, int64(a.Of.ID)).Scan(&seq, &head))
	body := fmt.Sprintf(
		`{"chain":%d,"seq":%d,"at":%q,"actor":{},"what":"complaint.sent","record":{"kind":"complaint","id":900000,"version":1},"after":{}}`,
		a.Of.ID, seq, officetest.Noon.Format(time.RFC3339Nano))
	sum := sha256.Sum256(append(head, body...))
	_,
		err = conn.Exec(ctx,
		`insert into events (chain, seq, at, kind, record, version, body, hash) values ($1, $2, $3, 'complaint', 900000, 1, $4, $5)`,
		int64(a.Of.ID), seq, officetest.Noon, body, sum[:])
	a.OK(err)
	_, err = conn.Exec(ctx, `update chains set length = $2, head = $3 where id = $1`, int64(a.Of.ID), seq, sum[:])
	a.OK(err)
	_, err = a.DB.KeepRoot(ctx, officetest.Noon.Add(time.Hour))
	a.OK(err)
	tx := a.DB.Begin(officetest.Noon.Add(150*time.Minute), 0)
	defer tx.Rollback(ctx)
	of, err := tx.Recipient(ctx, a.Of.ID)
	a.OK(err)
	of.Village = "Bulakan Lor"
	a.OK(tx.PutRecipient(ctx, "recipient.changed", &of))
	_, err = tx.Commit(ctx, 0, nil, nil)
	a.OK(err)
	_, err = a.DB.KeepRoot(ctx, officetest.Noon.Add(3*time.Hour))
	a.OK(err)
}

// tampers are changes to the files of an exported folder, by what they do.
type tampers struct {
	testing.TB
	files map[string]string
	names []string
	list  []tamper
}

type tamper struct {
	what string
	name string // of the file whose bytes alone are other ones; "" where names change
	do   func(files map[string]string)
}

func (x *tampers) add(what, name string, do func(files map[string]string)) {
	x.list = append(x.list, tamper{what, name, do})
}

// set makes the bytes of a file other ones.
func (x *tampers) set(what, name, text string) {
	if text != x.files[name] {
		x.add(name+": "+what, name, func(f map[string]string) { f[name] = text })
	}
}

// file does to a file what can be done to any.
func (x *tampers) file(i int, name string) {
	text := x.files[name]
	x.add(name+" removed", "", func(f map[string]string) { delete(f, name) })
	x.set("a byte added", name, text+"\n")
	// Papers take a second to be printed anew, which alone finds these.
	if end := path.Ext(name); testdb.Full() || end != ".pdf" && end != ".xlsx" {
		x.set("emptied", name, "")
		x.set("cut in half", name, text[:len(text)/2])
		x.set("cut by a byte", name, text[:max(len(text)-1, 0)])
	}
	to := func(what, name, other string) {
		x.add(name+" "+what+" as "+other, "", func(f map[string]string) {
			if f[other] = f[name]; what == "renamed" {
				delete(f, name)
			}
		})
	}
	for _, what := range []string{"renamed", "copied"} {
		to(what, name, path.Join(path.Dir(name), "x-"+path.Base(name)))
		to(what, name, name+".x")
		to(what, name, "lain/"+path.Base(name))
	}
	other := x.names[(i+1)%len(x.names)]
	for _, n := range append(x.names[i+1:], x.names[:i]...) { // rather one of its own kind
		if path.Ext(n) == path.Ext(name) {
			other = n
			break
		}
	}
	x.add(name+" swapped with "+other, "", func(f map[string]string) { f[name], f[other] = f[other], f[name] })
}

// few are the places of a list that are tried: all at full length.
func few(n int) (list []int) {
	step := 1
	if !testdb.Full() {
		step = max(1, n/3)
	}
	for i := 0; i < n; i += step {
		list = append(list, i)
	}
	return append(list, n-1)
}

// lines removes, doubles, swaps and empties lines.
func (x *tampers) lines(name string) {
	all := strings.SplitAfter(strings.TrimSuffix(x.files[name], "\n"), "\n")
	with := func(what string, i int, list ...string) {
		x.set(fmt.Sprintf("line %d %s", i+1, what), name,
			strings.Join(slices.Concat(all[:i], list, all[min(i+max(1, len(list)-1), len(all)):]), ""))
	}
	for _, i := range few(len(all)) {
		x.set(fmt.Sprintf("line %d removed", i+1), name, strings.Join(slices.Delete(slices.Clone(all), i, i+1), ""))
		x.set(fmt.Sprintf("line %d doubled", i+1), name,
			strings.Join(slices.Insert(slices.Clone(all), i, strings.TrimSuffix(all[i], "\n")+"\n"), ""))
		with("emptied", i, "\n")
		if i+1 < len(all) {
			swapped := slices.Clone(all)
			swapped[i], swapped[i+1] = strings.TrimSuffix(all[i+1], "\n")+"\n", all[i]
			x.set(fmt.Sprintf("line %d swapped with the next", i+1), name, strings.Join(swapped, ""))
		}
	}
}

// fields changes and empties each field of the values of a file, a value a line, which is written as the export
// writes it.
func fields[T any](x *tampers, name string) {
	var all []T
	from := json.NewDecoder(strings.NewReader(x.files[name]))
	for from.More() {
		var v T
		if err := from.Decode(&v); err != nil {
			x.Fatal(err)
		}
		all = append(all, v)
	}
	write := func(list []T) string {
		var b bytes.Buffer
		if err := flows.JSONLines(&b, list); err != nil {
			x.Fatal(err)
		}
		return b.String()
	}
	if write(all) != x.files[name] {
		x.Fatalf("%s is not read as it is written", name)
	}
	for _, i := range few(len(all)) {
		was := all[i]
		leaves(reflect.ValueOf(&all[i]).Elem(), "", func(field string) {
			x.set(fmt.Sprintf("line %d, %s", i+1, field), name, write(all))
		})
		all[i] = was
	}
}

// salts moves the first byte of each personal value into its salt, which leaves what the hash is of.
func (x *tampers) salts(name string) {
	all := strings.SplitAfter(x.files[name], "\n")
	for i, line := range all[:len(all)-1] {
		var s store.Secret
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			x.Fatal(err)
		}
		s.Salt, s.Value = s.Salt+hex.EncodeToString([]byte(s.Value[:1])), s.Value[1:]
		var moved strings.Builder
		if err := flows.JSONLines(&moved, []store.Secret{s}); err != nil {
			x.Fatal(err)
		}
		x.set(fmt.Sprintf("line %d, a byte of the value moved into the salt", i+1), name,
			strings.Join(slices.Replace(slices.Clone(all), i, i+1, moved.String()), ""))
	}
}

// leaves changes and empties each value below v, one at a time.
func leaves(v reflect.Value, field string, changed func(field string)) {
	was := reflect.New(v.Type()).Elem()
	was.Set(v)
	try := func(what string, to reflect.Value) {
		if reflect.DeepEqual(to.Interface(), was.Interface()) {
			return
		}
		v.Set(to.Convert(v.Type()))
		changed(field + " " + what)
		v.Set(was)
	}
	try("emptied", reflect.Zero(v.Type()))
	if at, ok := v.Interface().(time.Time); ok {
		try("changed", reflect.ValueOf(at.Add(time.Second)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			leaves(v.Field(i), field+"."+v.Type().Field(i).Name, changed)
		}
	case reflect.Slice:
		for i := range v.Len() {
			leaves(v.Index(i), fmt.Sprintf("%s[%d]", field, i), changed)
		}
		if n := v.Len(); n > 0 {
			try("cut", v.Slice(0, n-1))
		}
	case reflect.String:
		try("changed", reflect.ValueOf(v.String()+"x"))
		try("in capitals", reflect.ValueOf(strings.ToUpper(v.String())))
	case reflect.Bool:
		try("changed", reflect.ValueOf(!v.Bool()))
	default:
		try("changed", reflect.ValueOf(v.Int()+1))
	}
}

// TestExportFindsEveryChange changes, empties, cuts, swaps, renames, copies and removes every file of a folder, and
// every line and field of its data, and lists what there is in the manifest. All of it is found, but for the bytes of
// the one file that store/README.md names.
func TestExportFindsEveryChange(t *testing.T) {
	a := openArchive(t)
	a.furnish()
	folder := a.export()
	roots := filepath.Join(t.TempDir(), "roots.txt")
	var kept strings.Builder
	for _, r := range a.roots() {
		fmt.Fprintln(&kept, r.Name, r.Hash)
	}
	a.OK(os.WriteFile(roots, []byte(kept.String()), 0o600))
	if wrong := a.check(folder, roots); wrong != "" {
		t.Fatal(wrong)
	}
	x := &tampers{TB: t, files: inside(t, folder)}
	delete(x.files, "MANIFES.sha256")
	x.names = slices.Sorted(maps.Keys(x.files))
	folders := map[string]bool{}
	for i, name := range x.names {
		x.file(i, name)
		if dir := path.Dir(name); !folders[dir] {
			folders[dir] = true
			x.add("a file added in "+dir, "", func(f map[string]string) { f[path.Join(dir, "baru.txt")] = "baru" })
			if dir != "." {
				x.add(dir+" removed", "", func(f map[string]string) {
					maps.DeleteFunc(f, func(name, _ string) bool { return strings.HasPrefix(name, dir+"/") })
				})
			}
		}
		switch path.Ext(name) {
		case ".jsonl", ".txt":
			x.lines(name)
		}
		switch path.Base(name) {
		case "peristiwa.jsonl":
			fields[store.Event](x, name)
		case "nilai.jsonl":
			fields[store.Secret](x, name)
			x.salts(name)
		}
	}
	for _, want := range []string{
		"BACA-SAYA.txt", "bukti/kas/M2-01.jpg", "bukti/kunjungan/2026-11-23-01.jpg", "bukti/lampiran/lampiran-01.jpg",
		"bukti/nota/0001-03.jpg",
		"bukti/suara/suara-02.jpg", "dokumen/sekarang/LPJ.json", "dokumen/sekarang/LPJ.pdf",
		"peristiwa/akar-2026-11-23T06.txt", audit.ManifestOnly,
	} {
		if x.files[want] == "" {
			t.Errorf("the folder has no %s, but %v", want, x.names)
		}
	}
	words, err := locales.Load()
	a.OK(err)
	for _, c := range x.list {
		files := maps.Clone(x.files)
		if c.do(files); maps.Equal(files, x.files) {
			t.Errorf("%s: nothing was changed", c.what)
		}
		folder, hashes := t.TempDir(), map[string]string{}
		for name, text := range files {
			path := filepath.Join(folder, name)
			a.OK(os.MkdirAll(filepath.Dir(path), 0o700))
			a.OK(os.WriteFile(path, []byte(text), 0o600))
			sum := sha256.Sum256([]byte(text))
			hashes[name] = hex.EncodeToString(sum[:])
		}
		a.OK(os.WriteFile(filepath.Join(folder, "MANIFES.sha256"), []byte(audit.Manifest(hashes)), 0o600))
		var out strings.Builder
		whole, err := audit.CheckExportQuickly(t.Context(), a.S, words, folder, roots, &out)
		if err == nil && whole {
			out.Reset()
			whole, err = audit.CheckExport(t.Context(), a.S, officetest.Box, folder, roots, &out)
		}
		if err == nil && whole != (c.name == audit.ManifestOnly) {
			t.Errorf("%s: whole is %v, and it says\n%s", c.what, whole, out.String())
		}
		a.OK(os.RemoveAll(folder))
	}
	t.Logf("%d changes", len(x.list))
	x.now(a, folder, roots, words)
	readme, err := os.ReadFile("../../../store/README.md")
	if a.OK(err); !strings.Contains(string(readme), "For `"+path.Base(audit.ManifestOnly)+"`") {
		t.Errorf("store/README.md does not say that there is only the manifest for %s", audit.ManifestOnly)
	}
}

// notProven are the fields of dokumen/sekarang/LPJ.json for which there is only the manifest, if its papers were made
// to fit.
var notProven = []string{
	"Code", "At", "Link", "Template", "Program", "Year", "Edition", "Members", "Officers", "Bank", "Mentor",
	"MentorCode", "Organisation", "To", "Due", "Extension", "Late",
	"Root", "Lines", "Pos", "Book", "Tools", "Activities", "Approval", "Verified", "Signed", "HardCopies",
	"Notas.Remarks", "Notas.By", "Notas.Verified", "Notas.Proofs",
	"Notas.Items.Line", "Tranches.Proofs", "Deposits.Proofs",
}

// now changes each field of what the records say now. Somebody could print the papers anew from it: so they are no
// proof here.
func (x *tampers) now(a *archive, folder, roots string, words *locales.Locales) {
	const name = "dokumen/sekarang/LPJ.json"
	var r report.Report
	a.OK(json.Unmarshal([]byte(x.files[name]), &r))
	index := regexp.MustCompile(`\[\d+\]`)
	found, proven := map[string]bool{}, map[string]bool{}
	leaves(reflect.ValueOf(&r).Elem(), "", func(field string) {
		data, err := json.Marshal(r)
		a.OK(err)
		if string(data) == x.files[name] {
			return
		}
		a.OK(os.WriteFile(filepath.Join(folder, name), data, 0o600))
		var out strings.Builder
		_, err = audit.CheckExportQuickly(a.Context(), a.S, words, folder, roots, &out)
		a.OK(err)
		field, _, _ = strings.Cut(index.ReplaceAllString(field[min(1, len(field)):], ""), " ")
		if field == "" {
			return
		}
		is := strings.Contains(out.String(), "BROKEN: "+name+": ")
		gap := slices.ContainsFunc(notProven, func(g string) bool {
			return field == g ||
				strings.HasPrefix(field, g+".")
		})
		if !is && !gap {
			x.Errorf("%s: %s changed, and nothing is found", name, field)
		}
		found[field] = true
		if is {
			proven[field] = true
		}
	})
	x.Logf("of %d fields of %s, %d are proven", len(found), name, len(proven))
	a.OK(os.WriteFile(filepath.Join(folder, name), []byte(x.files[name]), 0o600))
}
