// Package audit recomputes the audit trail, takes a recipient's part of it away in a folder, and checks such a folder
// where there is no database.
package audit

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/flows/sandbox"
	"pendamping/store"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// Verify recomputes the audit trail, and compares the records with it. whole is false when there is a break, which out
// names. roots is a file of lines "DAY HASH" or "HOUR HASH" that were kept elsewhere, which are compared too; "" is
// none. With files, each kept picture is read and compared with its hash, and all that are missing or changed are
// named; then box looks at the pictures of notas anew, and the first is named of which something else was kept. The
// error says that something can't be read or opened.
func Verify(
	ctx context.Context, s settings.Settings, box *sandbox.Box, roots string, files bool, now time.Time, out io.Writer,
) (whole bool, err error) {
	kept, err := readRoots(roots)
	if err != nil {
		return false, err
	}
	var pictures *media.Dir
	if files {
		if pictures, err = records.Files(s); err != nil {
			return false, err
		}
	}
	err = records.With(ctx, s, func(db *postgres.DB) error {
		whole, err = verify(ctx, db, pictures, box, kept, now, out)
		return err
	})
	return whole, err
}

// verify does what Verify says; without a folder of files it reads none.
func verify(
	ctx context.Context, db *postgres.DB, pictures *media.Dir, box *sandbox.Box, kept []store.Root,
	now time.Time, out io.Writer,
) (whole bool, err error) {
	report, err := db.Verify(ctx, now, kept)
	if err != nil {
		return false, err
	}
	fmt.Fprintf(out, "%d chains, %d events, %d records\n", report.Chains, report.Events, report.Records)
	if report.Break != "" {
		fmt.Fprintf(out, "BROKEN: %s\n", report.Break)
		return false, nil
	}
	tellErased(report.Erased, out)
	switch {
	case report.Root.Name == "":
		fmt.Fprintln(out, "no root covers the events yet: run `pendamping root`, and keep what it prints elsewhere")
	case len(kept) > 0:
		fmt.Fprintf(out, "%d events are newer than the newest root that was kept elsewhere, %s\n",
			report.After, report.Root.Name)
	default:
		fmt.Fprintf(out, "%d events are newer than the newest root, %s; roots kept elsewhere show more: --root FILE\n",
			report.After, report.Root.Name)
	}
	fmt.Fprintf(out, "not covered: %s (store/README.md says why)\n", strings.Join(gaps(pictures != nil), ", "))
	if pictures != nil {
		if whole, err := verifyFiles(ctx, db, pictures, box, now, out); err != nil || !whole {
			return false, err
		}
	}
	fmt.Fprintln(out, "whole")
	return true, nil
}

// tellErased says how many personal values are gone, and by which events.
func tellErased(list []postgres.Erasure, out io.Writer) {
	values := 0
	for _, e := range list {
		values += e.Values
	}
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(out, "%d personal values were erased:\n", values)
	for _, e := range list {
		fmt.Fprintf(out, "  %d by chain %d, event %d (%s, %s)\n",
			e.Values, e.Chain, e.Seq, e.What, e.At.Format(time.DateOnly))
	}
}

// gaps returns the tables and columns about which verify says nothing; files tells whether it looks at the kept
// pictures too.
func gaps(files bool) (names []string) {
	for _, g := range postgres.Gaps() {
		switch {
		case files && g.Files:
		case g.Column != "":
			names = append(names, g.Table+"."+g.Column)
		default:
			names = append(names, g.Table)
		}
	}
	return names
}

// verifyFiles reads every kept file, and looks at the pictures of notas anew.
func verifyFiles(
	ctx context.Context, db *postgres.DB, pictures *media.Dir, box *sandbox.Box, now time.Time, out io.Writer,
) (whole bool, err error) {
	whole = true
	n := 0
	for after := ""; ; {
		list, err := db.Hashes(ctx, after, 1000)
		if err != nil {
			return false, err
		}
		if len(list) == 0 {
			break
		}
		for _, hash := range list {
			n++
			if err := pictures.Verify(ctx, hash); err != nil {
				whole = false
				fmt.Fprintf(out, "BROKEN: %s\n", settings.OneLine(err))
			}
		}
		after = list[len(list)-1]
	}
	fmt.Fprintf(out, "%d kept files\n", n)
	if err := ctx.Err(); err != nil || !whole {
		return false, err
	}
	return verifyLooks(ctx, db, pictures, box, now, out)
}
