package app

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pendamping/flows/sandbox"
	"pendamping/store"
	"pendamping/store/postgres"
)

// CheckExport compares an exported folder with its manifest, computes its chain of events anew, and compares its root with roots kept
// elsewhere. Then it compares the files with the events, since who changes a file can rewrite the manifest: see proving. It needs no
// database. whole is false when something is not as it was exported, which out names, all of it.
func CheckExport(ctx context.Context, s Settings, box *sandbox.Box, folder, roots string, out io.Writer) (whole bool, err error) {
	kept, err := readRoots(roots)
	if err != nil {
		return false, err
	}
	listed, err := readManifest(folder)
	if err != nil {
		return false, err
	}
	there, err := hashes(folder)
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
	trail, err := readTrail(folder)
	if err != nil {
		wrong("the events can't be read: %s", inOneLine(err))
	} else if at := postgres.Broken(trail); at != "" {
		wrong("%s", at)
	}
	for _, k := range kept {
		if on, is := postgres.Compare(k, trail.Roots); on && !is {
			wrong("the root of %s is not the one that was kept elsewhere", k.Name)
		}
	}
	p := proving{folder: folder, there: there, trail: trail, wrong: wrong}
	if err := p.all(ctx, s, box); err != nil {
		return false, err
	}
	fmt.Fprintf(out, "%d files, %d events\nmanifest %s\n", len(listed), len(trail.Events), own)
	if n := len(trail.Events); n > 0 {
		fmt.Fprintf(out, "last event %s\n", trail.Events[n-1].Hash)
	}
	if whole {
		fmt.Fprintln(out, "whole")
	}
	return whole, nil
}

// hashes are those of all files below a folder, by name; the manifest's own is that of "".
func hashes(folder string) (map[string]string, error) {
	list := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			return err
		}
		if name = filepath.ToSlash(name); name == manifest {
			name = ""
		}
		list[name] = hex.EncodeToString(sum.Sum(nil))
		return nil
	})
	return list, err
}

// readTrail reads the events and the roots of an exported folder. The chain's number is in the events themselves.
func readTrail(folder string) (trail store.Trail, err error) {
	f, err := os.Open(filepath.Join(folder, "peristiwa", "peristiwa.jsonl"))
	if err != nil {
		return trail, err
	}
	defer f.Close()
	from := json.NewDecoder(bufio.NewReader(f))
	for from.More() {
		var e store.Event
		if err := from.Decode(&e); err != nil {
			return trail, err
		}
		trail.Events = append(trail.Events, e)
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
		sum := sha256.Sum256(b)
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "akar-"), ".txt")
		trail.Roots = append(trail.Roots, store.Root{Name: name, Hash: hex.EncodeToString(sum[:]), Body: string(b)})
	}
	return trail, nil
}
