package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/store/media"
	"pendamping/store/postgres"
)

// checkPostgres opens the database, and looks at what is in it. pictures is nil where MEDIA_URL can't be opened.
func checkPostgres(ctx context.Context, s settings.Settings, pictures *media.Dir, now time.Time, say teller) {
	db, err := postgres.Open(ctx, s.Database)
	if err != nil {
		say("postgres", err, "See that DATABASE_URL is an address like postgres://user:password@host:5432/pendamping.")
		return
	}
	defer db.Close()
	err = db.Writable(ctx)
	say("postgres", err,
		"See that PostgreSQL runs and DATABASE_URL is right, and that it is the server that takes changes.")
	if err == nil {
		say("clock", clock(ctx, db, now), "Set this machine's clock, for example with systemd-timesyncd.")
		checkRecords(ctx, s, db, pictures, now, say)
	}
}

// checkRecords looks at what is in the database. An empty one is well, if somebody may fill it, and so is one of an
// older program's, if somebody may bring it up to date; nothing else is asked of them then.
func checkRecords(
	ctx context.Context, s settings.Settings, db *postgres.DB, pictures *media.Dir, now time.Time, say teller,
) {
	schema := db.CheckSchema(ctx)
	empty, older := errors.Is(schema, postgres.ErrEmpty), errors.Is(schema, postgres.ErrOlder)
	owner, who := db, postgres.Powers{Create: true} // where it can't be asked, that is said
	var err error
	if s.Migrate != "" {
		if owner, err = records.OpenOwner(ctx, s, db); err == nil {
			defer owner.Close()
		}
	}
	if err == nil {
		who, err = owner.Powers(ctx)
	}
	if s.Migrate != "" {
		if err == nil && (schema == nil || older) && !who.Owner {
			err = fmt.Errorf("%s does not own the tables", who.User)
		}
		say("migrating user", err,
			"Give MIGRATE_DATABASE_URL the database of DATABASE_URL with the user who owns its tables.")
	}
	if empty {
		if err == nil && !who.Create {
			say("schema", fmt.Errorf("empty, and %s may not make tables", who.User),
				"Set MIGRATE_DATABASE_URL to the user who owns the database.")
			return
		}
		say("schema: empty; import or serve makes it", nil, "")
		return
	}
	if older { // what the program asks of the records may not be there yet
		if err == nil && !who.Owner {
			say("schema", fmt.Errorf("older than this program, and %s may not change it", who.User),
				"Set MIGRATE_DATABASE_URL to the user who owns the tables.")
			return
		}
		say("schema: older than this program; serve brings it up to date (back the database up before)", nil, "")
		return
	}
	say("schema", schema, "Start the newer pendamping, or restore the backup that was made before it.")
	powers, err := db.Powers(ctx)
	say("database user"+reach(powers), err,
		"See that the user of DATABASE_URL may read the tables: run `pendamping serve` once with MIGRATE_DATABASE_URL.")
	say("bot", records.CheckBot(ctx, db, s.Token),
		"Give TELEGRAM_TOKEN the token of the bot whose people this database knows.")
	if pictures != nil {
		say("media folder", records.CheckFolder(ctx, db, pictures),
			"Give MEDIA_URL the folder in which this database's photographs are; a start with this one is refused.")
	}
	say("processes", frozen(ctx, db),
		"Stop that process; the others take over from it by themselves after half a minute, "+
			"if they may end its sessions.")
	say("files", filesWaiting(ctx, db, now),
		"See that MEDIA_URL has room and may be written to, and that the Bot API is reached; "+
			"they are fetched by themselves then.")
	ahead, err := db.RootAhead(ctx, now)
	if err == nil && ahead != "" {
		err = fmt.Errorf("the root of %s is dated in the future", ahead)
	}
	say("roots", err, "The bot made none such: "+
		"run `pendamping verify --root FILE`, and see who writes to the database. "+
		"If a clock was wrong, the owner of the tables deletes that root.")
	parked, err := db.Quarantined(ctx)
	if err == nil && len(parked) > 0 {
		err = fmt.Errorf("%d updates were set aside, the first (%d) because: %s",
			len(parked), parked[0].ID, parked[0].Reason)
	}
	say("parked updates", err, "Mend the cause, then run `pendamping doctor --unpark`.")
}

// reach says what whoever has DATABASE_URL may do.
func reach(p postgres.Powers) string {
	if p.User == "" {
		return ""
	}
	if p.Safe() {
		return fmt.Sprintf(" %s: adds to the trail, and can't change it, its roots or the schema", p.User)
	}
	var may []string
	switch {
	case p.Superuser:
		may = []string{"everything, as a superuser"}
	case p.Owner:
		may = []string{"everything with the tables, as their owner"}
	default:
		if may = p.Trail; p.Create {
			may = append(may, "create tables")
		}
	}
	runs := "and the bot runs with these rights"
	if p.Role != p.User {
		runs = "which the bot gives up for " + p.Role + " on each connection"
	}
	return fmt.Sprintf(" %s: may do %s, %s. A user of its own is safer: MIGRATE_DATABASE_URL in cmd/README.md",
		p.User, strings.Join(may, ", "), runs)
}

// slowFile is how long the bytes of a file may be on their way.
const slowFile = 10 * time.Minute

func filesWaiting(ctx context.Context, db *postgres.DB, now time.Time) error {
	n, oldest, err := db.FilesMissing(ctx, now.Add(-slowFile))
	if err == nil && n > 0 {
		err = fmt.Errorf("the bytes of %d files are not here, the oldest came %s ago",
			n, now.Sub(oldest).Round(time.Minute))
	}
	return err
}

// frozen reports whether a running process stands still.
func frozen(ctx context.Context, db *postgres.DB) error {
	list, err := db.Frozen(ctx, 0)
	if err == nil && len(list) > 0 {
		err = fmt.Errorf("process %d stands still for %s, as when it is frozen or its machine is paused",
			list[0].Process, list[0].Still.Round(time.Second))
	}
	return err
}

// mostDrift is how far this machine's clock may be from the database's.
const mostDrift = 5 * time.Second

func clock(ctx context.Context, db *postgres.DB, now time.Time) error {
	there, err := db.Clock(ctx)
	if err != nil {
		return err
	}
	if d := there.Sub(now).Abs(); d > mostDrift {
		return fmt.Errorf("%s apart from the database's", d.Round(time.Second))
	}
	return nil
}
