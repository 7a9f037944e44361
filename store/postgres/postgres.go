// Package postgres keeps the records in PostgreSQL: plain SQL by hand, one file per record, and with every change its
// event in the audit trail, in the same transaction.
package postgres

import (
	"cmp"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"pendamping/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// connections is how many one process holds at most, unless the URL says pool_max_conns. A turn holds one for a few
// milliseconds.
const connections = 16

// DB is a database with the records. It is safe for use by many goroutines.
type DB struct {
	RejoinGrace time.Duration // how long a process that lost its connection may take to come back
	FrozenAfter time.Duration // how long a process's heartbeat may stand still until the others end its sessions

	pool     *pgxpool.Pool
	owner    *pgx.ConnConfig // connects without stepping down
	ids      ids
	roster   roster
	front    front
	programs sync.Map // the rules that were read, by id: they never change
	absent   absent
	broken   atomic.Int64 // connections that ended while they were in use

	inviteKey []byte // nil: invitations can't be made or found
}

// Open connects to the database that the URL names. It does not migrate, nor does it wait for a server that is not
// there: Ping tells.
func Open(ctx context.Context, url string) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("postgres: the database URL is malformed") // the error would repeat parts of the URL
	}
	if !strings.Contains(url, "pool_max_conns=") {
		config.MaxConns = connections
	}
	// The pages that are looked up are in memory or on flash. By the default, made for turning disks, statements that
	// are prepared while their tables are small read whole tables ever after.
	config.ConnConfig.RuntimeParams["random_page_cost"] = "1.1"
	owner := config.ConnConfig.Copy()
	// All sessions of this process have the same name, and no others.
	name := cmp.Or(config.ConnConfig.RuntimeParams["application_name"], "pendamping")
	config.ConnConfig.RuntimeParams["application_name"] = name + " " + strings.ToLower(rand.Text()[:8])
	config.ConnConfig.AfterConnect = stepDown
	config.AfterConnect = func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{
			Name:  "timestamptz",
			OID:   pgtype.TimestamptzOID,
			Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	d := &DB{owner: owner, RejoinGrace: rejoinGrace, FrozenAfter: frozenAfter}
	config.BeforeClose = func(c *pgx.Conn) {
		if c.IsClosed() {
			d.broken.Add(1)
		}
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	return d, nil
}

// Close waits for transactions under way and closes all connections.
func (d *DB) Close() { d.pool.Close() }

// Forget drops the settings and all that is remembered of the tables' content, and keeps the connections. It is for
// tests, which fill the tables anew beneath it. Nothing else may be under way.
func (d *DB) Forget() {
	d.RejoinGrace, d.FrozenAfter, d.inviteKey = rejoinGrace, frozenAfter, nil
	d.ids.forget()
	d.roster.forget()
	d.front.move(nil, 0)
	d.programs.Clear()
	d.absent.gone(nil, 0, time.Time{})
}

// Ping reports whether the server answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.pool.Ping(ctx); err != nil {
		return fmt.Errorf("postgres: ping: %w", err)
	}
	return nil
}

// Writable reports whether the server answers and takes changes: store.ErrReadOnly says that it only answers, as a
// standby does.
func (d *DB) Writable(ctx context.Context) error {
	var readOnly bool
	if err := d.pool.QueryRow(ctx,
		`select current_setting('transaction_read_only')::bool`).Scan(&readOnly); err != nil {
		return fmt.Errorf("postgres: ping: %w", err)
	}
	if readOnly {
		return store.ErrReadOnly
	}
	return nil
}

// ErrNewer says that a newer program has migrated the database: this one would write what the newer schema no longer
// allows.
var ErrNewer = errors.New("the database's schema is newer than this program")

// Migrate brings the schema up to date and grants the role that runs the bot its rights, or returns ErrNewer. Several
// processes may do so at once: one works, the others wait for its lock.
func (d *DB) Migrate(ctx context.Context) error {
	if err := migrateAs(ctx, d.owner); err != nil {
		return err
	}
	d.pool.Reset() // connections made before have not stepped down
	return nil
}

func migrateAs(ctx context.Context, config *pgx.ConnConfig) error {
	err := withGoose(config, func(p *goose.Provider) error {
		current, target, err := p.GetVersions(ctx)
		if err != nil {
			return err
		}
		if current > target {
			return newer(current, target)
		}
		if pending, err := p.HasPending(ctx); err != nil || !pending {
			return err // the user need not be the owner to see that nothing is to be done
		}
		_, err = p.Up(ctx)
		return err
	})
	if err == nil {
		err = grant(ctx, config)
	}
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) && refused.Code == "42501" {
		return fmt.Errorf("%w: %s", ErrNotOwner, refused.Message)
	}
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	return nil
}

// ErrNotOwner says that the schema is older than this program, and that the user who connects may not change it.
var ErrNotOwner = errors.New("the schema is older than this program, and this user may not change it")

// ErrEmpty says that the database has no schema yet: Migrate makes it.
var ErrEmpty = errors.New("the database is empty")

// ErrOlder says that an older program migrated the database last: Migrate brings it up to date.
var ErrOlder = errors.New("the schema is older than this program")

// CheckSchema changes nothing. It returns ErrEmpty when nothing has migrated the database, ErrOlder when an older
// program has, and ErrNewer when a newer one has.
func (d *DB) CheckSchema(ctx context.Context) error {
	var found bool // goose makes its table where it asks for the number, so that is not asked first
	if err := d.pool.QueryRow(ctx, `select to_regclass('goose_db_version') is not null`).Scan(&found); err != nil {
		return failed("schema", err)
	}
	if !found {
		return ErrEmpty
	}
	return withGoose(d.owner, func(p *goose.Provider) error {
		current, target, err := p.GetVersions(ctx)
		switch {
		case err != nil:
			return err
		case current == 0:
			return ErrEmpty
		case current > target:
			return newer(current, target)
		}
		pending, err := p.HasPending(ctx) // one with a lower number may have come later
		if err == nil && pending {
			err = ErrOlder
		}
		return err
	})
}

// Same reports whether both are connected to one database of one server.
func (d *DB) Same(ctx context.Context, other *DB) (bool, error) {
	type identity struct {
		Database uint32
		Began    time.Time // of the server: numbers of databases are alike on new servers
	}
	var is [2]identity
	for i, db := range []*DB{d, other} {
		err := db.pool.QueryRow(ctx,
			`select oid, pg_postmaster_start_time() from pg_database where datname = current_database()`).
			Scan(&is[i].Database, &is[i].Began)
		if err != nil {
			return false, failed("identity", err)
		}
	}
	return is[0].Database == is[1].Database && is[0].Began.Equal(is[1].Began), nil
}

// Owner returns the user who owns the tables; "": there are none.
func (d *DB) Owner(ctx context.Context) (user string, err error) {
	err = d.pool.QueryRow(ctx, `
		select coalesce((select pg_get_userbyid(relowner) from pg_class where oid = to_regclass('goose_db_version')), '')`).Scan(&user)
	return user, failed("owner", err)
}

func newer(current, target int64) error {
	return fmt.Errorf("%w: it has number %d, and this program knows %d", ErrNewer, current, target)
}

// withGoose hands the migrations to do.
func withGoose(config *pgx.ConnConfig, do func(p *goose.Provider) error) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, dir, goose.WithSessionLocker(locker),
		goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	return do(p)
}

// Clock returns the database's time, to compare clocks with.
func (d *DB) Clock(ctx context.Context) (at time.Time, err error) {
	err = d.pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&at)
	return at, failed("clock", err)
}
