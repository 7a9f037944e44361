package privacy

import (
	"context"
	"fmt"
	"io"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/flows/dialog"
	"pendamping/store"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// Retention lists the recipients whose years are over at now, and with erase takes their people's names, numbers and
// words, and their files, away for good. The figures stay, and the trail stays whole. Recipients under a legal hold are
// left out. Stopped in between, or at an error, it has erased whole recipients, and goes on when it is called again.
func Retention(ctx context.Context, s settings.Settings, erase bool, now time.Time, out io.Writer) error {
	var pictures *media.Dir
	if erase {
		var err error
		if pictures, err = records.Files(s); err != nil {
			return err
		}
	}
	return records.With(ctx, s, func(db *postgres.DB) error { return retain(ctx, db, pictures, now, out) })
}

// retain does what Retention says; without a folder of files it only lists.
func retain(ctx context.Context, db *postgres.DB, pictures *media.Dir, now time.Time, out io.Writer) error {
	tx := db.Begin(now, 0)
	programs, err := tx.Programs(ctx)
	tx.Rollback(ctx)
	if err != nil {
		return err
	}
	over := 0
	for _, p := range programs {
		tx := db.Begin(now, 0)
		list, err := tx.Expired(ctx, p.ID, store.NewDay(now.UTC().Year()-p.Rules.KeepYears(), time.January, 1))
		tx.Rollback(ctx)
		if err != nil {
			return err
		}
		for _, of := range list {
			over++
			if pictures == nil {
				fmt.Fprintf(out, "%s  %s, disbursed %s, kept for %d years\n",
					of.Code, p.Code, of.Disbursed, p.Rules.KeepYears())
				continue
			}
			persons, files, err := expire(ctx, db, pictures, of, now)
			if err != nil {
				return fmt.Errorf("%s: %w", of.Code, err)
			}
			fmt.Fprintf(out, "%s  erased: %d persons, %d files\n", of.Code, persons, files)
		}
	}
	if over == 0 {
		fmt.Fprintln(out, "nothing is kept longer than the programmes' years")
	}
	return nil
}

// expire erases one recipient's people and files. The bytes go first: stopped in between, the recipient is listed
// again.
func expire(
	ctx context.Context, db *postgres.DB, pictures *media.Dir, of store.Recipient, now time.Time,
) (persons, files int, err error) {
	tx := db.Begin(now, 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return 0, 0, err
	}
	for _, p := range members {
		if err := dialog.Erase(ctx, tx, p.ID); err != nil {
			return 0, 0, err
		}
	}
	hashes, err := tx.ExpireFiles(ctx, of.ID)
	if err != nil {
		return 0, 0, err
	}
	for _, h := range hashes {
		if err := pictures.Remove(h); err != nil {
			return 0, 0, err
		}
	}
	return len(members), len(hashes), records.Commit(ctx, tx)
}
