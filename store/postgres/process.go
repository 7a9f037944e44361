package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Classes of advisory locks, the first of their two numbers.
const (
	alive   = 0x70700001 // the second is a process's id
	leading = 0x70700002 // the second is the hash of what it leads
)

const (
	pulse  = time.Second
	silent = 5 * time.Second // a server that says nothing for so long is gone
)

// Process is this process among those that share the database. It lives as long as its own connection does: the server
// lets go of its locks the moment that ends, so that the others know without a heartbeat in any table.
type Process struct {
	ID int64

	mu   sync.Mutex // the connection is used by one goroutine at a time
	conn *pgx.Conn
	led  map[string]bool

	lost chan struct{}
	stop context.CancelFunc
	done chan struct{}
}

// Join enters this process among the running ones. When Lost closes, others take what it holds: it must stop and, if it
// goes on, join anew.
func (d *DB) Join(ctx context.Context, at time.Time) (*Process, error) {
	config := d.pool.Config().ConnConfig.Copy()
	// The server, too, must notice when the other end is gone without a word, and only after silent has passed here.
	for name, value := range map[string]string{
		"application_name": "pendamping process", "idle_session_timeout": "0",
		"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
	} {
		config.RuntimeParams[name] = value
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("postgres: process: %w", err)
	}
	p := &Process{conn: conn, led: map[string]bool{}, lost: make(chan struct{}), done: make(chan struct{})}
	// The lock is taken before the row can be seen.
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `insert into processes (started_at) values ($1) returning id`, micro(at)).Scan(&p.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `select pg_advisory_lock($1::int, $2::bigint::int)`, alive, p.ID)
		return err
	})
	if err != nil {
		_ = conn.Close(ctx)
		return nil, fmt.Errorf("postgres: process: %w", err)
	}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	listened := make(chan struct{})
	go func() { defer close(listened); d.listen(life) }()
	go p.watch(life, listened)
	return p, nil
}

// Lost closes when the connection has ended, by Close or by itself.
func (p *Process) Lost() <-chan struct{} { return p.lost }

// Number tells this process from the others.
func (p *Process) Number() int64 { return p.ID }

// Enter tells the others how this process takes updates in.
func (p *Process) Enter(ctx context.Context, mode store.Mode) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), silent) // as in Lead
	defer cancel()
	_, err := p.conn.Exec(ctx, `update processes set mode = $2, backend = pg_backend_pid() where id = $1`, p.ID, mode)
	return failed("process", err)
}

// Webhook is the newest living process that receives by webhook; 0: there is none.
func (d *DB) Webhook(ctx context.Context) (newest int64, err error) {
	err = d.pool.QueryRow(ctx, `
		select coalesce(max(p.id), 0) from processes p
		join pg_locks l on l.locktype = 'advisory' and l.granted and l.classid = $1::bigint::oid and l.objid = p.id::oid and l.objsubid = 2
		and l.database = (select oid from pg_database where datname = current_database())
		and l.pid = p.backend
		where p.mode = $2`, alive, store.ByWebhook).Scan(&newest)
	return newest, failed("process", err)
}

// Lead reports whether this process leads in what the name says, and takes the lead when nobody has it. It keeps the
// lead until it ends.
func (p *Process) Lead(ctx context.Context, name string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn.IsClosed() {
		return false, errors.New("postgres: lead: the process's connection is lost")
	}
	if p.led[name] {
		return true, nil
	}
	// A query that is given up closes its connection, and with this one the process would end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), silent)
	defer cancel()
	h := fnv.New32a()
	h.Write([]byte(name))
	var led bool
	err := p.conn.QueryRow(ctx, `select pg_try_advisory_lock($1::int, $2::int)`, leading, int32(h.Sum32())).Scan(&led)
	if err != nil {
		return false, fmt.Errorf("postgres: lead: %w", err)
	}
	p.led[name] = led
	return led, nil
}

// Close lets go of everything. What the process still holds, another adopts.
func (p *Process) Close() {
	p.stop()
	<-p.done
}

// Gone tells whether a process has ended and was taken over from.
func (d *DB) Gone(ctx context.Context, process int64) (gone bool, err error) {
	err = d.pool.QueryRow(ctx, `select not exists (select from processes where id = $1)`, process).Scan(&gone)
	return gone, failed("process", err)
}

// watch looks after the connection until it ends or the context is done.
func (p *Process) watch(ctx context.Context, listened <-chan struct{}) {
	defer func() { p.stop(); <-listened; close(p.done) }()
	defer close(p.lost)
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pulse)
		defer cancel()
		_, _ = p.conn.Exec(ctx, `select pg_advisory_unlock_all()`) // so that they are free when Close returns
		_ = p.conn.Close(ctx)
	}()
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := p.ping(ctx); err != nil {
			return
		}
	}
}

func (p *Process) ping(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, silent)
	defer cancel()
	return p.conn.Ping(ctx)
}
