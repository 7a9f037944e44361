package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pendamping/cmd/internal/settings"
	"pendamping/flows"
	"pendamping/flows/sandbox"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/postgres"
)

// CheckExport checks a folder that Export wrote, and needs no database. It compares the files with the manifest,
// computes the chain of events anew, and compares the roots with those of the file roots, which were kept elsewhere; ""
// is none. Since who changes a file can rewrite the manifest, it then compares the files with the events, and prints
// the papers anew in box. whole is false when something is not as it was exported, which out names, all of it. The
// error says that a file can't be read.
func CheckExport(
	ctx context.Context, s settings.Settings, box *sandbox.Box, folder, roots string, out io.Writer,
) (whole bool, err error) {
	words, err := locales.Load()
	if err != nil {
		return false, err
	}
	return checkExport(ctx, s, box, words, folder, roots, out)
}

// checkExport does so; without a box it does not print the papers anew.
func checkExport(
	ctx context.Context, s settings.Settings, box *sandbox.Box, words *locales.Locales,
	folder, roots string, out io.Writer,
) (whole bool, err error) {
	kept, err := readRoots(roots)
	if err != nil {
		return false, err
	}
	there, err := hashes(folder) // first, since it refuses what is no file
	if err != nil {
		return false, err
	}
	listed, err := readManifest(folder)
	if err != nil {
		return false, err
	}
	own := there[""]
	delete(there, "")
	whole = true
	wrong := func(format string, args ...any) {
		whole = false
		fmt.Fprintf(out, "BROKEN: "+format+"\n", args...)
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		switch sum, ok := there[name]; {
		case !ok:
			wrong("%s is missing", name)
		case sum != listed[name]:
			wrong("%s has changed", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if _, ok := listed[name]; !ok {
			wrong("%s was added", name)
		}
	}
	if hashOf(sums{of: listed}.manifest()) != own {
		wrong("%s is not as an export writes it", manifest)
	}
	trail, err := readTrail(folder)
	trusted := trail.Roots
	if len(kept) > 0 {
		trusted = underKept(kept, trail.Roots)
	}
	if err != nil {
		wrong("the events can't be read: %s", settings.OneLine(err))
	} else if at := postgres.BrokenUnder(trail, trusted); at != "" {
		wrong("%s", at)
	}
	compareRoots(kept, trail.Roots, wrong)
	p := proving{folder: folder, there: there, trail: trail, words: words, wrong: wrong}
	if err := p.all(ctx, s, box); err != nil {
		return false, err
	}
	fmt.Fprintf(out, "%d files, %d events\nmanifest %s\n", len(listed), len(trail.Events), own)
	if n := len(trail.Events); n > 0 {
		fmt.Fprintf(out, "last event %s at %s\n", trail.Events[n-1].Hash, p.at.UTC().Format(time.RFC3339))
	}
	for _, x := range p.elsewhere {
		if x.excused > 0 {
			fmt.Fprintf(out, "%d personal values are missing by an erasure in chain %d, event %d, which only "+
				"`pendamping verify` over the database proves\n",
				x.excused, x.Chain, x.Seq)
		}
	}
	tellCovered(trail, trusted, len(kept) > 0, out)
	if whole {
		fmt.Fprintln(out, "whole")
	}
	return whole, nil
}

// The names of the files that have the trail.
const (
	readmeFile = "BACA-SAYA.txt"
	eventsFile = "peristiwa/peristiwa.jsonl"
	valuesFile = "peristiwa/nilai.jsonl"
	erasedFile = "peristiwa/penghapusan.jsonl" // is there only if it has something
)

func rootFile(name string) string { return "peristiwa/akar-" + name + ".txt" }

// readLines reads a file of JSON, a value a line, which must be the very bytes that an export writes of these values.
func readLines[T any](folder, name string) (list []T, err error) {
	b, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	from := json.NewDecoder(bytes.NewReader(b))
	for from.More() {
		var v T
		if err := from.Decode(&v); err != nil {
			return list, err
		}
		list = append(list, v)
	}
	var same bytes.Buffer
	if err := flows.JSONLines(&same, list); err != nil {
		return list, err
	}
	if !bytes.Equal(same.Bytes(), b) {
		return list, fmt.Errorf("%s is not as an export writes it", name)
	}
	return list, nil
}

// readTrail reads the events and the roots of an exported folder. The chain's number is in the events themselves.
func readTrail(folder string) (trail store.Trail, err error) {
	if trail.Events, err = readLines[store.Event](folder, eventsFile); err != nil {
		return trail, err
	}
	trail.Elsewhere, err = readLines[store.Event](folder, erasedFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return trail, err
	}
	for _, e := range trail.Events {
		var body struct {
			Chain store.ID `json:"chain"`
		}
		if json.Unmarshal([]byte(e.Body), &body) == nil && body.Chain != 0 {
			trail.Chain = body.Chain
		}
	}
	roots, err := filepath.Glob(filepath.Join(folder, "peristiwa", "akar-*.txt"))
	if err != nil || len(roots) == 0 {
		return trail, err
	}
	for _, path := range roots { // by their names, which is the order in which they were made
		b, err := os.ReadFile(path)
		if err != nil {
			return trail, err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "akar-"), ".txt")
		trail.Roots = append(trail.Roots, store.Root{Name: name, Hash: hashOf(b), Body: string(b)})
	}
	return trail, nil
}
