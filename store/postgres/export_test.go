package postgres

import (
	"context"
	"errors"
	"net"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"pendamping/store"
)

// VerifyTable takes the steps of VerifyIn that look into a table: what they find, VerifyIn finds.
func VerifyTable(ctx context.Context, tx pgx.Tx, now time.Time, kept []store.Root, table string) (Report, error) {
	v := &verifier{tx: tx, now: now, erased: map[ref][]erased{}}
	read := regexp.MustCompile(`\b` + table + `\b`)
	steps := []func(context.Context) error{v.strays, v.numbers}
	for _, k := range kinds() {
		if read.MatchString(k.from) {
			steps = append(steps, func(ctx context.Context) error { return v.kind(ctx, k) })
		}
	}
	switch table {
	case "chains", "events", "roots":
		steps = append(steps, v.chains, func(ctx context.Context) error { return v.roots(ctx, kept) })
	}
	return v.run(ctx, steps...)
}

// Try runs SQL as the bot would, in a transaction that is rolled back.
func (d *DB) Try(ctx context.Context, sql string) error {
	tx, err := d.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	_, err = tx.Exec(ctx, sql)
	return err
}

// Die lets the process never come back once its connection has ended.
func (p *Process) Die() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.config.DialFunc = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("killed") }
}

// WhenBack does something before the process comes back with a new connection.
func (p *Process) WhenBack(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dial := p.config.DialFunc
	p.config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		do()
		return dial(ctx, network, address)
	}
}

// Break ends a connection of the pool while it is in use.
func (d *DB) Break(ctx context.Context) {
	before := d.broken.Load()
	_ = d.asUser(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select pg_terminate_backend(pg_backend_pid())`)
		return err
	})
	for d.broken.Load() == before && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
}

// MigrateTo brings an empty database to what the program was whose newest migration has this number.
func MigrateTo(ctx context.Context, config *pgx.ConnConfig, number int64) error {
	return withGoose(config, func(p *goose.Provider) error {
		_, err := p.UpTo(ctx, number)
		return err
	})
}
