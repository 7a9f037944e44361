package testdb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Pool lends databases to one test after another, each with the sessions that earlier tests left open in it. A new
// session reads the catalogue and plans every statement, which takes more processor time than what most tests ask
// of it.
//
// When a test ends, its database becomes what the template is: the tables have the same rows, and the sequences go
// on from the same numbers. It is dropped instead if the test failed, altered the schema or left something under
// way.
type Pool[T interface{ Close() }] struct {
	Migrate func(ctx context.Context, url string) error // makes the template, as for Database
	Open    func(ctx context.Context, url string) (T, error)
	Forget  func(T) // drops what is remembered of the tables' content

	mu   sync.Mutex
	free []*pooled[T]
}

// pooled is a database of a pool.
type pooled[T interface{ Close() }] struct {
	url      string
	sessions T
	keeper
	drop func() error
}

// Take lends a database until the test ends: what is open in it, and its URL. The test must not close the first.
func (p *Pool[T]) Take(tb testing.TB) (sessions T, url string) {
	tb.Helper()
	d, err := p.take(tb)
	if err != nil {
		tb.Fatalf("database for this test: %v", err)
	}
	tb.Cleanup(func() {
		if tb.Failed() || d.restore(context.Background()) != nil {
			if err := d.end(); err != nil {
				tb.Errorf("dropping the test's database: %v", err)
			}
			return
		}
		p.Forget(d.sessions)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.free = append(p.free, d)
	})
	return d.sessions, d.url
}

func (p *Pool[T]) take(tb testing.TB) (*pooled[T], error) {
	p.mu.Lock()
	if n := len(p.free); n > 0 {
		d := p.free[n-1]
		p.free = p.free[:n-1]
		p.mu.Unlock()
		return d, nil
	}
	p.mu.Unlock()
	ctx := context.Background()
	cluster := Postgres(tb)
	name, err := create(ctx, cluster, p.Migrate)
	if err != nil {
		return nil, err
	}
	d := &pooled[T]{url: at(cluster, name), drop: func() error { return drop(cluster, name) }}
	if d.keeper, err = keep(ctx, d.url); err == nil {
		d.sessions, err = p.Open(ctx, d.url)
	}
	if err != nil {
		return nil, errors.Join(err, d.drop())
	}
	return d, nil
}

// Close drops the databases that nobody has.
func (p *Pool[T]) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, d := range p.free {
		if err := d.end(); err != nil {
			return err
		}
	}
	p.free = nil
	return nil
}

func (d *pooled[T]) end() error {
	_ = d.conn.Close(context.Background())
	err := d.drop() // first, since it ends the sessions that somebody left in use
	d.sessions.Close()
	return err
}

// keeper knows what is in a new database, and restores it.
type keeper struct {
	conn      *pgx.Conn
	schema    string
	rows      []tableRows
	sequences string // SQL that sets them back
}

// tableRows are the rows of a table, as COPY writes them.
type tableRows struct {
	table string
	rows  []byte
}

// filled are the tables that have had rows.
const filled = `
	select relname::text from pg_class
	where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0 order by relname`

// schema changes with everything that alters, grants or truncates, and with the settings of the database.
const schema = `
	with rows (by, file) as (
		select xmin, relfilenode::bigint from pg_class where oid >= 16384
		union all select xmin, 0 from pg_attribute where attrelid >= 16384
		union all select xmin, 0 from pg_index where indexrelid >= 16384
		union all select xmin, 0 from pg_proc where oid >= 16384
		union all select xmin, 0 from pg_constraint
		union all select xmin, 0 from pg_trigger
		union all select xmin, 0 from pg_database where datname = current_database()
		union all select s.xmin, 0 from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
			where d.datname = current_database()
	)
	select concat_ws(' ', count(*), sum(by::text::bigint), sum(file)) from rows`

// setBack writes SQL that sets all sequences to where they are.
const setBack = `
	select coalesce(string_agg(format('select setval(%L, %s, %L)',
		seqrelid::regclass, coalesce(last, seqstart), last is not null), ';'), '')
	from pg_sequence, lateral (select pg_sequence_last_value(seqrelid) as last) l`

// underWay counts the sessions that do something, and the locks that somebody holds beyond transactions.
const underWay = `
	select (
		select count(*) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
	) + (
		select count(*) from pg_locks l join pg_database d on d.oid = l.database
		where l.locktype = 'advisory' and d.datname = current_database()
	)`

func keep(ctx context.Context, url string) (keeper, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return keeper{}, err
	}
	k := keeper{conn: conn}
	// Neither foreign keys nor triggers look at what is put back.
	if _, err = conn.Exec(ctx, `set session_replication_role = replica`); err != nil {
		return k, err
	}
	if err = conn.QueryRow(ctx, schema).Scan(&k.schema); err != nil {
		return k, err
	}
	if err = conn.QueryRow(ctx, setBack).Scan(&k.sequences); err != nil {
		return k, err
	}
	tables, err := k.tables(ctx)
	for _, table := range tables {
		var rows bytes.Buffer
		if _, err := conn.PgConn().CopyTo(ctx, &rows, "copy "+table+" to stdout"); err != nil {
			return k, err
		}
		k.rows = append(k.rows, tableRows{table, rows.Bytes()})
	}
	return k, err
}

func (k *keeper) tables(ctx context.Context) ([]string, error) {
	rows, err := k.conn.Query(ctx, filled)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// restore makes the database what it was, or says why it can't. It deletes rows, because after a truncate all
// sessions would plan anew.
func (k *keeper) restore(ctx context.Context) error {
	var schemaNow string
	if err := k.conn.QueryRow(ctx, schema).Scan(&schemaNow); err != nil {
		return err
	}
	if schemaNow != k.schema {
		return errors.New("the schema was altered")
	}
	var busy int
	if err := k.conn.QueryRow(ctx, underWay).Scan(&busy); err != nil {
		return err
	}
	if busy > 0 {
		return fmt.Errorf("%d sessions or locks are left", busy)
	}
	tables, err := k.tables(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(k.rows, func(t tableRows) bool { return !slices.Contains(tables, t.table) }) {
		return errors.New("a table that had rows is gone")
	}
	sql := []string{"begin", "set local lock_timeout = '10s'"}
	for _, table := range tables {
		sql = append(sql, "delete from "+table)
	}
	sql = append(sql, k.sequences)
	if _, err := k.conn.PgConn().Exec(ctx, strings.Join(sql, ";")).ReadAll(); err != nil {
		return err
	}
	for _, t := range k.rows {
		if _, err := k.conn.PgConn().CopyFrom(ctx, bytes.NewReader(t.rows), "copy "+t.table+" from stdin"); err != nil {
			return err
		}
	}
	_, err = k.conn.Exec(ctx, "commit")
	return err
}
