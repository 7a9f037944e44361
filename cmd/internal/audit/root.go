package audit

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/store"
	"pendamping/store/postgres"
)

// Root makes the root of the audit trail for the hour of now, where there is none yet, and prints its hour and its hash
// as Verify reads them: to be kept where nobody with access to the database can change it.
func Root(ctx context.Context, s settings.Settings, now time.Time, out io.Writer) error {
	return records.With(ctx, s, func(db *postgres.DB) error {
		r, err := db.KeepRoot(ctx, now)
		if err == nil {
			fmt.Fprintln(out, r.Name, r.Hash)
		}
		return err
	})
}

// scanRoots reads roots as `pendamping root` prints them: a name and a hash a line. A line may name
// a day only; it then stands for each root of that day.
func scanRoots(r io.Reader) ([]store.Root, error) {
	var list []store.Root
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		name, hash, _ := strings.Cut(text, " ")
		if root := (store.Root{Name: name, Hash: strings.TrimSpace(hash)}); root.Valid() {
			list = append(list, root)
			continue
		}
		return nil, fmt.Errorf("line %d is no root: write an hour and its hash, like 2026-11-23T05 9f86d0…", n)
	}
	return list, lines.Err()
}

func readRoots(path string) ([]store.Root, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return scanRoots(f)
}
