// Package postgres keeps the records in PostgreSQL: plain SQL by hand, one file per record, and with every change its event
// in the audit trail, in the same transaction.
package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// connections is how many one process holds at most. A turn holds one for a few milliseconds.
const connections = 16

// DB is a database with the records. It is safe for use by many goroutines.
type DB struct {
	pool     *pgxpool.Pool
	ids      ids
	roster   roster
	front    front
	programs sync.Map // the rules that were read, by id: they never change
}

// Open connects to the database that the URL names. It does not migrate, nor does it wait for a server that is not there:
// Ping tells.
func Open(ctx context.Context, url string) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("postgres: the database URL is malformed") // the error would repeat parts of the URL
	}
	config.MaxConns = connections
	// The pages that are looked up are in memory or on flash. By the default, made for turning disks, statements that are prepared
	// while their tables are small read whole tables ever after.
	config.ConnConfig.RuntimeParams["random_page_cost"] = "1.1"
	config.AfterConnect = func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{
			Name:  "timestamptz",
			OID:   pgtype.TimestamptzOID,
			Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	return &DB{pool: pool}, nil
}

// Close waits for transactions under way and closes all connections.
func (d *DB) Close() { d.pool.Close() }

// Ping reports whether the server answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.pool.Ping(ctx); err != nil {
		return fmt.Errorf("postgres: ping: %w", err)
	}
	return nil
}

// ErrNewer says that a newer program has migrated the database: this one would write what the newer schema no longer allows.
var ErrNewer = errors.New("the database's schema is newer than this program")

// Migrate brings the schema up to date, or returns ErrNewer. Several processes may do so at once: one works, the others wait for
// its lock.
func (d *DB) Migrate(ctx context.Context) error {
	return d.goose(func(p *goose.Provider) error {
		current, target, err := p.GetVersions(ctx)
		if err != nil {
			return err
		}
		if current > target {
			return newer(current, target)
		}
		_, err = p.Up(ctx)
		return err
	})
}

// CheckSchema returns ErrNewer when a newer program has migrated the database. An older schema is no error: Migrate brings it up
// to date.
func (d *DB) CheckSchema(ctx context.Context) error {
	return d.goose(func(p *goose.Provider) error {
		current, target, err := p.GetVersions(ctx)
		if err == nil && current > target {
			return newer(current, target)
		}
		return err
	})
}

func newer(current, target int64) error {
	return fmt.Errorf("%w: it has number %d, and this program knows %d", ErrNewer, current, target)
}

// goose hands the migrations to do.
func (d *DB) goose(do func(p *goose.Provider) error) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	db := stdlib.OpenDBFromPool(d.pool)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, dir, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	if err := do(p); err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	return nil
}

// Clock is the database's time, to compare clocks with.
func (d *DB) Clock(ctx context.Context) (at time.Time, err error) {
	err = d.pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&at)
	return at, failed("clock", err)
}
