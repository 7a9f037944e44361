// Package records opens the database and the folder of files for a command, and sees that they belong to each other
// and to the bot.
package records

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"pendamping/cmd/internal/settings"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// Open opens the database and brings its schema up to date, as the user of MIGRATE_DATABASE_URL where there is one.
// The caller closes it. Its error is one line that names the variable to look at, and says what to do.
func Open(ctx context.Context, s settings.Settings) (*postgres.DB, error) {
	if err := s.Need("DATABASE_URL"); err != nil {
		return nil, err
	}
	db, err := postgres.Open(ctx, s.Database)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: PostgreSQL can't be opened: %s", settings.OneLine(err))
	}
	if s.Token != "" {
		db.UseInviteKey(inviteKey(s.Token))
	}
	if err := db.Ping(ctx); err != nil {
		db.Close()
		return nil,
			fmt.Errorf("DATABASE_URL: PostgreSQL does not answer; see that it runs and the address is right: %s",
				settings.OneLine(err))
	}
	if err := migrate(ctx, s, db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// migrate brings the schema of db up to date. Its error is one line that names the variable to look at.
func migrate(ctx context.Context, s settings.Settings, db *postgres.DB) error {
	owner, variable := db, ""
	if s.Migrate != "" {
		var err error
		if owner, err = OpenOwner(ctx, s, db); err != nil {
			return err
		}
		defer owner.Close()
		variable = "MIGRATE_DATABASE_URL: "
	}
	err := owner.Migrate(ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, postgres.ErrNewer):
		return fmt.Errorf("%w: start the newer pendamping, or restore the backup that was made before it", err)
	case !errors.Is(err, postgres.ErrNotOwner):
		return fmt.Errorf("%sschema: %s", variable, settings.OneLine(err))
	case s.Migrate == "":
		return errors.New(settings.OneLine(err) + ": set MIGRATE_DATABASE_URL to the user who owns the tables, " +
			"or run the newer pendamping with it once")
	}
	user, asked := db.Owner(ctx)
	if asked != nil || user == "" {
		return fmt.Errorf("%s%s: give it the user who owns the database", variable, settings.OneLine(err))
	}
	return fmt.Errorf("%sthe tables belong to %s, and this user may not change them: give it that user; "+
		"or, to move to two users, dump the database, run roles.sh on a new server, and restore there", variable, user)
}

// OpenOwner opens the database of db as the user of MIGRATE_DATABASE_URL, which is set. The caller closes it. Its error
// is one line that names the variable; it is one that the two are not the same database.
func OpenOwner(ctx context.Context, s settings.Settings, db *postgres.DB) (*postgres.DB, error) {
	owner, err := postgres.Open(ctx, s.Migrate)
	if err != nil {
		return nil, fmt.Errorf("MIGRATE_DATABASE_URL: PostgreSQL can't be opened: %s", settings.OneLine(err))
	}
	if err := owner.Ping(ctx); err != nil {
		owner.Close()
		return nil, fmt.Errorf("MIGRATE_DATABASE_URL: PostgreSQL does not answer; "+
			"see that user, password and address are right: %s", settings.OneLine(err))
	}
	same, err := db.Same(ctx, owner)
	if err == nil && !same {
		err = errors.New("MIGRATE_DATABASE_URL is another database than DATABASE_URL: " +
			"give both the same one, each with its own user")
	}
	if err != nil {
		owner.Close()
		return nil, err
	}
	return owner, nil
}

// inviteKey returns the key with which invitations are kept. It follows from the bot's token, which every process that
// needs it has and which is never in the database; so an operator has no second secret to keep. A new token ends the
// open invitations.
func inviteKey(token string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(token), nil, "pendamping invitations", sha256.Size)
	if err != nil {
		panic(err) // only for a key that is longer than SHA-256 can make
	}
	return key
}

// With opens the records for as long as do runs. Its error is that of Open, or of do.
func With(ctx context.Context, s settings.Settings, do func(*postgres.DB) error) error {
	db, err := Open(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}

// WithTx runs do with a transaction of the records, in which it is now. What do does not commit itself, with Commit,
// is undone. Its error is that of Open, or of do.
func WithTx(ctx context.Context, s settings.Settings, now time.Time, do func(*postgres.Tx) error) error {
	return With(ctx, s, func(db *postgres.DB) error {
		tx := db.Begin(now, 0)
		defer tx.Rollback(context.WithoutCancel(ctx))
		return do(tx)
	})
}

// Commit commits what a command did. It sends no messages. The error is store.ErrConflict where somebody else changed
// one of the records meanwhile.
func Commit(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Commit(ctx, 0, nil, nil)
	return err
}

// Files returns the folder of the bot's files, for a command that needs what is there. A folder that is not there is an
// error, not made: every file would be missing.
func Files(s settings.Settings) (*media.Dir, error) {
	pictures, err := media.At(s.Media)
	if err != nil {
		return nil, fmt.Errorf("MEDIA_URL: %w", err)
	}
	if folder, ok := pictures.There(); !ok {
		return nil, fmt.Errorf("MEDIA_URL: there is no folder %s: give it the one that the bot has", folder)
	}
	return pictures, nil
}
