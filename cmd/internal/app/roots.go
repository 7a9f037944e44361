package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"pendamping/store"
	"pendamping/store/postgres"
)

// Root prints the root of the audit trail of a day, in the form that Verify reads: to be kept where nobody with access to the
// database can change it.
func Root(ctx context.Context, s Settings, day store.Day, out io.Writer) error {
	db, err := OpenRecords(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	hash, err := db.KeepRoot(ctx, day)
	if err == nil {
		fmt.Fprintln(out, day, hash)
	}
	return err
}

// scanRoots reads roots as `pendamping root` prints them: a day and a hash a line.
func scanRoots(r io.Reader) ([]postgres.Root, error) {
	var list []postgres.Root
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		day, hash, ok := strings.Cut(text, " ")
		if root := (postgres.Root{Day: store.Day(day), Hash: strings.TrimSpace(hash)}); ok && root.Day.Valid() && len(root.Hash) == 64 {
			list = append(list, root)
			continue
		}
		return nil, fmt.Errorf("line %d is no root: write a day and its hash, like 2026-11-23 9f86d0…", n)
	}
	return list, lines.Err()
}
