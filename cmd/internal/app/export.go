package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/paper"
	"pendamping/flows/sandbox"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// manifest is the file that has the hash of every other one, as sha256sum reads it.
const manifest = "MANIFES.sha256"

// Export writes all that an auditor takes away of a recipient, by its code, into a new folder, with a manifest that finds any change
// to it. The same records give the same bytes. It is an error when originals that came are missing; the folder is written all the same.
func Export(ctx context.Context, s Settings, box *sandbox.Box, code, folder string, now time.Time, out io.Writer) error {
	if err := s.Need("DATABASE_URL"); err != nil {
		return err
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return err
	}
	words, err := locales.Load()
	if err != nil {
		return err
	}
	db, err := OpenRecords(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	pictures, err := media.At(s.Media)
	if err != nil {
		return fmt.Errorf("MEDIA_URL: %w", err)
	}
	tx, err := db.Snapshot(ctx, now)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	of, err := tx.RecipientByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no recipient with the code %q", code)
	}
	if err != nil {
		return err
	}
	trail, err := tx.Trail(ctx, of.ID)
	if err != nil {
		return err
	}
	if err := empty(folder); err != nil {
		return err
	}
	from := documents.Source{Tx: tx, Media: pictures, Ready: paper.In(box, tally{}), Setting: dialog.Setting{Zone: zone, Words: func(language string, t store.Text) string {
		return words.Text(language, t.ID, t.Data)
	}}}
	sums := sums{folder: folder, of: map[string]string{}}
	missing, err := flows.Audit(ctx, from, of, trail, sums.create)
	if err != nil {
		return err
	}
	list := sums.manifest()
	if err := os.WriteFile(filepath.Join(folder, manifest), list, 0o600); err != nil {
		return err
	}
	sum := sha256.Sum256(list)
	fmt.Fprintf(out, "%s: %d files, %d events\nmanifest %s\n", folder, len(sums.of), len(trail.Events), hex.EncodeToString(sum[:]))
	if at := postgres.Broken(trail); at != "" {
		return fmt.Errorf("the trail in it is not whole: %s. Run `pendamping verify`, or export again when an hour has passed and its root was made", at)
	}
	if missing > 0 {
		return fmt.Errorf("%d originals are missing: is MEDIA_URL right?", missing)
	}
	return nil
}

// tally counts attempts at files for as long as an export runs: somebody sits before it.
type tally map[string]int

func (t tally) Try(_ context.Context, hashes []string) (map[string]int, error) {
	tries := map[string]int{}
	for _, h := range hashes {
		t[h]++
		tries[h] = t[h]
	}
	return tries, nil
}

func (t tally) Done(_ context.Context, hashes []string) error {
	for _, h := range hashes {
		delete(t, h)
	}
	return nil
}

func (t tally) Undo(_ context.Context, hashes []string) error {
	for _, h := range hashes {
		t[h]--
	}
	return nil
}

// empty makes a folder, and refuses one that has something in it: what is exported stands alone.
func empty(folder string) error {
	if folder == "" {
		return errors.New("name a new folder: --out FOLDER")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	list, err := os.ReadDir(folder)
	if err == nil && len(list) > 0 {
		err = fmt.Errorf("%s is not empty: name a new folder", folder)
	}
	return err
}

// sums makes files and knows their hashes.
type sums struct {
	folder string
	of     map[string]string // by name
}

// summed is a file whose hash is taken on the way.
type summed struct {
	file *os.File
	hash hash.Hash
	done func(string)
}

func (s sums) create(name string) (io.WriteCloser, error) {
	path := filepath.Join(s.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return &summed{f, sha256.New(), func(sum string) { s.of[name] = sum }}, nil
}

func (f *summed) Write(b []byte) (int, error) {
	n, err := f.file.Write(b)
	f.hash.Write(b[:n])
	return n, err
}

func (f *summed) Close() error {
	f.done(hex.EncodeToString(f.hash.Sum(nil)))
	return f.file.Close()
}

// manifest lists the files by name.
func (s sums) manifest() []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(s.of)) {
		fmt.Fprintf(&b, "%s  %s\n", s.of[name], name)
	}
	return b.Bytes()
}

// readManifest reads it back: a hash by each name.
func readManifest(folder string) (map[string]string, error) {
	b, err := os.ReadFile(filepath.Join(folder, manifest))
	if err != nil {
		return nil, err
	}
	list := map[string]string{}
	for line := range strings.Lines(string(b)) {
		sum, name, ok := strings.Cut(strings.TrimRight(line, "\n"), "  ")
		if !ok || len(sum) != 64 {
			return nil, fmt.Errorf("%s: a line is no hash and name: %q", manifest, strings.TrimSpace(line))
		}
		list[name] = sum
	}
	return list, nil
}
