package audit_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/officetest"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/locales"
	"pendamping/store"
)

// forged is a folder of an export that somebody who has this very program makes anew: chain, roots, README and
// manifest fit one another.
type forged struct {
	*archive
	words  *locales.Locales
	files  map[string]string
	events []store.Event
	roots  []store.Root
	of     store.Recipient
	at     time.Time // of the last event

	seals, originals, elsewhere int // what the README counts: printings, files, events of other chains
}

func (a *archive) forge(files map[string]string, roots []store.Root, at time.Time) *forged {
	a.Helper()
	words, err := locales.Load()
	a.OK(err)
	f := &forged{archive: a, words: words, files: maps.Clone(files), roots: slices.Clone(roots), of: a.Of, at: at,
		seals: 1, originals: 8}
	f.of.Village = "Bulakan Lor"
	for line := range strings.Lines(files["peristiwa/peristiwa.jsonl"]) {
		var e store.Event
		a.OK(json.Unmarshal([]byte(line), &e))
		f.events = append(f.events, e)
	}
	return f
}

// rewrite changes the text of an event, and makes chain and roots follow from it, those too that were kept elsewhere.
func (f *forged) rewrite(i int, old, now string) {
	f.Helper()
	if f.events[i].Body = strings.Replace(f.events[i].Body, old, now, 1); !strings.Contains(f.events[i].Body, now) {
		f.Fatalf("event %d has no %s: %s", i+1, old, f.events[i].Body)
	}
	head, hashes := make([]byte, 32), []string{}
	for i := range f.events {
		e, was := &f.events[i], f.events[i].Hash
		if e.Body != "" {
			e.Hash = hexSum(string(head) + e.Body)
		}
		head, _ = hex.DecodeString(e.Hash)
		hashes = append(hashes, was, e.Hash)
	}
	for i := range f.roots {
		r := &f.roots[i]
		was := r.Hash
		r.Body = strings.NewReplacer(hashes...).Replace(r.Body)
		r.Hash = hexSum(r.Body)
		hashes = append(hashes, was, r.Hash)
	}
}

// root adds a root of the folder's own.
func (f *forged) root(hour time.Time, withheld string) {
	n, name := len(f.events), store.RootName(hour)
	body := fmt.Sprintf("pendamping %s\nprevious %s\n%d %d %s withheld %s\n", name, f.roots[len(f.roots)-1].Hash,
		f.of.ID, n, f.events[n-1].Hash, withheld)
	f.roots = append(f.roots, store.Root{Name: name, Hash: hexSum(body), Body: body})
}

// check writes the folder and tells what verify says, and whether it finds it whole.
func (f *forged) check(kept []store.Root) (bool, string) {
	f.Helper()
	ctx := f.Context()
	zone, err := time.LoadLocation(f.S.Zone)
	f.OK(err)
	maps.DeleteFunc(f.files, func(name, _ string) bool {
		return name == "MANIFES.sha256" || strings.HasPrefix(name, "peristiwa/akar-")
	})
	for _, r := range f.roots {
		f.files["peristiwa/akar-"+r.Name+".txt"] = r.Body
	}
	var lines strings.Builder
	f.OK(flows.JSONLines(&lines, f.events))
	f.files["peristiwa/peristiwa.jsonl"] = lines.String()
	set := dialog.Setting{
		Zone: zone, Words: func(language string, t store.Text) string { return f.words.Text(language, t.ID, t.Data) },
	}
	trail := store.Trail{Events: f.events, Roots: f.roots, Elsewhere: make([]store.Event, f.elsewhere)}
	f.files["BACA-SAYA.txt"] = flows.AuditReadme(set, f.of, f.at.In(flows.Placed(f.of.Zone, zone)), trail, f.seals,
		f.originals, 1)
	folder, hashes := f.TempDir(), map[string]string{}
	for name, text := range f.files {
		path := filepath.Join(folder, name)
		f.OK(os.MkdirAll(filepath.Dir(path), 0o700))
		f.OK(os.WriteFile(path, []byte(text), 0o600))
		hashes[name] = hexSum(text)
	}
	f.OK(os.WriteFile(filepath.Join(folder, "MANIFES.sha256"), []byte(audit.Manifest(hashes)), 0o600))
	roots := ""
	if len(kept) > 0 {
		var list strings.Builder
		for _, r := range kept {
			fmt.Fprintln(&list, r.Name, r.Hash)
		}
		roots = filepath.Join(f.TempDir(), "roots.txt")
		f.OK(os.WriteFile(roots, []byte(list.String()), 0o600))
	}
	var out strings.Builder
	whole, err := audit.CheckExportQuickly(ctx, f.S, f.words, folder, roots, &out)
	f.OK(err)
	return whole, out.String()
}

func hexSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// TestExportForged makes folders in which all fits but what was kept elsewhere: each is found by the roots that cover
// what was changed in it, and for what none of them covers, verify says that there is only the manifest's hash.
func TestExportForged(t *testing.T) {
	a := openArchive(t)
	a.furnish()
	before, ctx := inside(t, a.export()), t.Context()
	tx := a.DB.Begin(officetest.Noon.Add(4*time.Hour), 0)
	list, err := tx.Receipts(ctx, a.Of.ID, "", 9, 0)
	a.OK(err)
	r := list[0]
	tx.Act(store.Actor{Person: r.By, Role: store.Treasurer})
	r.State, r.Reason = store.Cancelled, "nota palsu"
	a.OK(tx.PutReceipt(ctx, "receipt.cancelled", &r))
	_, err = tx.Commit(ctx, 0, nil, nil)
	a.OK(err)
	_, err = a.DB.KeepRoot(ctx, officetest.Noon.Add(5*time.Hour))
	a.OK(err)
	folder := filepath.Join(t.TempDir(), "out")
	a.OK(audit.Export(ctx, a.S, officetest.Box, "KM-01", folder, officetest.Noon.Add(5*time.Hour), &strings.Builder{}))
	was, all, at, earlier := inside(t, folder), a.roots(), officetest.Noon.Add(4*time.Hour),
		officetest.Noon.Add(150*time.Minute)
	older := all[:len(all)-1]
	old := func(f *forged) { // the papers and the history of before
		other := func(name string) bool {
			return strings.HasPrefix(name, "dokumen/sekarang") || name == audit.ManifestOnly
		}
		maps.DeleteFunc(f.files, func(name, _ string) bool { return other(name) })
		for name, text := range before {
			if other(name) {
				f.files[name] = text
			}
		}
		f.at = earlier
	}
	who, another := `"actor":{"person":`, `"actor":{"person":9`
	last := len(a.forge(was, all, at).events) - 1
	hidden := func(f *forged) {
		old(f)
		f.events[last].Body = ""
		f.root(officetest.Noon.Add(6*time.Hour), fmt.Sprintf("21,%d", last+1))
	}
	newer := fmt.Sprintf("the folder ends with the root of %s, but newer ones were kept elsewhere, the first of %s",
		older[len(older)-1].Name, all[len(all)-1].Name)
	unsaid := fmt.Sprintf("event %d has no text, and no root that was kept elsewhere says", last+1)
	onlyManifest := "only the manifest's hash"
	for _, c := range []struct {
		what  string
		files map[string]string
		roots []store.Root // in the folder
		at    time.Time
		do    func(f *forged)
		kept  []store.Root
		whole bool
		want  string
	}{
		{"nothing", was, all, at, nil, all, true, "0 events are newer than the newest root that was kept elsewhere, " +
			all[len(all)-1].Name},
		{"nothing, none kept", was, all, at, nil, nil, true, onlyManifest},
		{"an event hidden by a root of its own", was, all, at, hidden, all, false, unsaid},
		{"an event hidden, none kept", was, all, at, hidden, nil, true, onlyManifest},
		{"an event hidden after the newest root that was kept", was, all, at, hidden, older, false, unsaid},
		{"an older export", before, older, earlier, nil, all, false, newer},
		{"an older export, as of then", before, older, earlier, nil, older, true, "at 2026-11-23T"},
		{"the newest root left out, what it covers rewritten", was, older, at,
			func(f *forged) { f.rewrite(last, who, another) }, all, false, newer},
		{"the newest root left out, what it covers cut", was, older, at,
			func(f *forged) { old(f); f.events = f.events[:last] }, all, false, newer},
		{"an event rewritten, the roots made anew", was, all, at, func(f *forged) { f.rewrite(last, who, another) },
			all, false, "is not the one that was kept elsewhere"},
		{"an event rewritten, only an older root kept", was, all, at, func(f *forged) { f.rewrite(last, who, another) },
			all[:2], true,
			fmt.Sprintf("events are newer than the newest root that was kept elsewhere, %s: for them there is %s",
				all[1].Name, onlyManifest)},
		{"a version left out", was, older, at, func(f *forged) { f.rewrite(last, `"version":`, `"version":9`) }, nil,
			false, "has no version "},
	} {
		f := a.forge(c.files, c.roots, c.at)
		if c.do != nil {
			c.do(f)
		}
		whole, said := f.check(c.kept)
		if whole != c.whole || !strings.Contains(said, c.want) {
			t.Errorf("%s: whole is %v, want %v, %q, and it says\n%s", c.what, whole, c.whole, c.want, said)
		}
	}
}
