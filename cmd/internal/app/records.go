package app

import (
	"context"
	"fmt"
	"time"

	"pendamping/store/media"
	"pendamping/store/postgres"
)

// withRecords opens the records for as long as a command runs.
func withRecords(ctx context.Context, s Settings, do func(*postgres.DB) error) error {
	db, err := OpenRecords(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}

// inRecords gives a command a transaction of that time. What it does not commit itself is undone.
func inRecords(ctx context.Context, s Settings, now time.Time, do func(*postgres.Tx) error) error {
	return withRecords(ctx, s, func(db *postgres.DB) error {
		tx := db.Begin(now, 0)
		defer tx.Rollback(context.WithoutCancel(ctx))
		return do(tx)
	})
}

// commit commits what a command did.
func commit(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Commit(ctx, 0, nil, nil)
	return err
}

// keptFiles is the folder of the bot's files, for a command that needs what is there. A folder that is not there is an error, not made:
// every file would be missing.
func keptFiles(s Settings) (*media.Dir, error) {
	pictures, err := media.At(s.Media)
	if err != nil {
		return nil, fmt.Errorf("MEDIA_URL: %w", err)
	}
	if folder, ok := pictures.There(); !ok {
		return nil, fmt.Errorf("MEDIA_URL: there is no folder %s: give it the one that the bot has", folder)
	}
	return pictures, nil
}
