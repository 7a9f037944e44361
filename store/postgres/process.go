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
	alive   = 0x70700001 // the second is a process's id; living has it in decimal
	leading = 0x70700002 // the second is the hash of what it leads
)

const (
	pulse  = 250 * time.Millisecond
	silent = 5 * time.Second // a server that says nothing for so long is gone
	// rejoinGrace is how long a process that lost its connection has to come back. Until then it is not taken over
	// from: it may live, with calls under way whose outcome nobody else knows.
	rejoinGrace = 3 * time.Second
)

// Process is this process among those that share the database. It lives as long as its own connection does: the server
// lets go of its locks the moment that ends, so that the others know without a heartbeat in any table. One that is
// frozen keeps it; the others see that it doesn't ping (frozen.go) and end it. When the connection ends and the process
// does not, it comes back under the same number within rejoinGrace. From when it notices until it is back, Here blocks,
// so that it begins nothing that another process may begin.
type Process struct {
	ID int64

	stale  time.Duration // without an answer for so long the process may have been taken over from while it was frozen
	config *pgx.ConnConfig
	broken func() int64 // how many of the other connections ended while they were in use

	mu   sync.Mutex // the connection is used by one goroutine at a time
	conn *pgx.Conn
	led  map[string]bool
	mode store.Mode

	state sync.Mutex
	here  chan struct{} // closed while the connection is up
	heard time.Time     // when the server last answered a ping
	lost  chan struct{}
	stop  context.CancelFunc
	done  chan struct{}
}

// Join enters this process among the running ones. When Lost closes, others take what it holds, or will: it must stop
// and, if it goes on, join anew.
func (d *DB) Join(ctx context.Context, at time.Time) (*Process, error) {
	config := d.pool.Config().ConnConfig.Copy()
	// The server, too, must notice when the other end is gone without a word, and only after silent has passed here.
	for name, value := range map[string]string{
		"idle_session_timeout": "0",
		"tcp_keepalives_idle":  "5", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
	} {
		config.RuntimeParams[name] = value
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("postgres: process: %w", err)
	}
	p := &Process{
		stale: d.FrozenAfter / 2, heard: time.Now(), config: config, broken: d.broken.Load, conn: conn,
		led: map[string]bool{}, here: make(chan struct{}), lost: make(chan struct{}), done: make(chan struct{}),
	}
	close(p.here)
	// The lock is taken before the row can be seen.
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx,
			`insert into processes (started_at, backend) values ($1, pg_backend_pid()) returning id`,
			micro(at)).Scan(&p.ID)
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

// Lost closes at Close, and when the connection has ended and the process could not come back in time, or lost other
// connections too.
func (p *Process) Lost() <-chan struct{} { return p.lost }

// Here waits until this process is among the running ones, as far as it knows: after it was frozen it asks the server
// first. It is false when it is lost, or the context is done.
func (p *Process) Here(ctx context.Context) bool {
	for {
		p.state.Lock()
		here, heard := p.here, p.heard
		p.state.Unlock()
		select {
		case <-here:
		case <-p.lost:
			return false
		case <-ctx.Done():
			return false
		}
		if !longAgo(heard, p.stale) {
			return true
		}
		select {
		case <-p.lost:
			return false
		case <-ctx.Done():
			return false
		case <-time.After(pulse / 10):
		}
	}
}

// longAgo reports whether a time is longer ago than d by either clock: the monotonic one may stand still while a
// machine is paused.
func longAgo(at time.Time, d time.Duration) bool {
	now := time.Now()
	return now.Sub(at) > d || now.Round(0).Sub(at.Round(0)) > d
}

// Number tells this process from the others.
func (p *Process) Number() int64 { return p.ID }

// Enter tells the others how this process takes updates in.
func (p *Process) Enter(ctx context.Context, mode store.Mode) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), silent) // as in Lead
	defer cancel()
	_, err := p.conn.Exec(ctx, `update processes set mode = $2 where id = $1`, p.ID, mode)
	if err == nil {
		p.mode = mode
	}
	return failed("process", err)
}

// lockOf is SQL that is true of the lock l of the process p, whoever holds it.
const lockOf = `
	l.locktype = 'advisory' and l.granted and l.classid = 1886388225 and l.objid = p.id::oid and l.objsubid = 2
	and l.database = (select oid from pg_database where datname = current_database())`

// living is SQL that finds the lock of the process p, unless somebody else holds it to take over.
const living = `select from pg_locks l where ` + lockOf + ` and l.pid = p.backend`

// Webhook returns the newest living process that receives by webhook; 0: there is none.
func (d *DB) Webhook(ctx context.Context) (newest int64, err error) {
	err = d.pool.QueryRow(ctx, `
		select coalesce(max(p.id), 0) from processes p where p.mode = $1 and exists (`+living+`)`, store.ByWebhook).Scan(&newest)
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
	led, err := lead(ctx, p.conn, p.ID, name)
	if err != nil {
		return false, fmt.Errorf("postgres: lead: %w", err)
	}
	if led {
		p.led[name] = true
	}
	return led, nil
}

// keyOf returns the second number of the lock of what processes lead in.
func keyOf(name string) int32 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return int32(h.Sum32())
}

// lead takes the lead in what the name says if nobody has it, and nobody may come back to it.
func lead(ctx context.Context, conn *pgx.Conn, me int64, name string) (led bool, err error) {
	present, err := allPresent(ctx, conn, me)
	if err != nil || !present {
		return false, err
	}
	if led, err = tryLead(ctx, conn, name); err != nil || !led {
		return false, err
	}
	// Who led may have lost its connection since the others were looked at.
	if present, err = allPresent(ctx, conn, me); err != nil || present {
		return present, err
	}
	_, err = conn.Exec(ctx, `select pg_advisory_unlock($1::int, $2::int)`, leading, keyOf(name))
	return false, err
}

// allPresent reports whether each other process that has not ended has its connection.
func allPresent(ctx context.Context, conn *pgx.Conn, me int64) (present bool, err error) {
	err = conn.QueryRow(ctx, `
		select not exists (select from processes p where p.id <> $1 and not exists (`+living+`))`, me).Scan(&present)
	return present, err
}

// tryLead takes the lock of a lead, if nobody has it.
func tryLead(ctx context.Context, conn *pgx.Conn, name string) (led bool, err error) {
	err = conn.QueryRow(ctx, `select pg_try_advisory_lock($1::int, $2::int)`, leading, keyOf(name)).Scan(&led)
	return led, err
}

// Close lets go of everything. Another process recovers what this one still holds.
func (p *Process) Close() {
	p.stop()
	<-p.done
}

// Gone reports whether a process has ended and was taken over from.
func (d *DB) Gone(ctx context.Context, process int64) (gone bool, err error) {
	err = d.pool.QueryRow(ctx, `select not exists (select from processes where id = $1)`, process).Scan(&gone)
	return gone, failed("process", err)
}

// watch looks after the connection, and after a new one when that has ended, until the process is lost or the context
// is done.
func (p *Process) watch(ctx context.Context, listened <-chan struct{}) {
	defer func() { p.stop(); <-listened; close(p.done) }()
	lost := sync.OnceFunc(func() { close(p.lost) })
	defer lost()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		// What is left is taken over at once, and the locks are free when Close returns.
		_, _ = p.conn.Exec(ctx, `delete from processes where id = $1`, p.ID)
		_, _ = p.conn.Exec(ctx, `select pg_advisory_unlock_all()`)
		_ = p.conn.Close(ctx)
	}()
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for ended := false; ; {
		broken := p.broken()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		asked := time.Now() // an answer may wait to be read for as long as the process stands still
		if p.ping(ctx) == nil {
			p.state.Lock()
			p.heard = asked
			p.state.Unlock()
			continue
		}
		p.state.Lock()
		p.here = make(chan struct{})
		p.state.Unlock()
		// Where another connection ended too, an answer may be lost with it, and nobody knows what was committed: then
		// it joins anew.
		back := p.rejoin(ctx)
		if ended = ended || !back || p.broken() != broken; ended {
			lost()
		}
		if !back {
			<-ctx.Done()
			return
		}
		if ended {
			// what it still does until Close nobody takes over: it has its number, and its pings say that it lives
			continue
		}
		p.state.Lock()
		p.heard = time.Now()
		close(p.here)
		p.state.Unlock()
	}
}

// rejoin comes back with a new connection, however long the server is away. False: another process took over, or the
// context is done.
func (p *Process) rejoin(ctx context.Context) bool {
	for ctx.Err() == nil {
		if back, err := p.reconnect(ctx); err == nil {
			return back
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	return false
}

// reconnect tries once to come back. The old connection is free meanwhile, so that whoever asks for a lead hears that
// it is lost, and a stop does not wait for a server that is away.
func (p *Process) reconnect(ctx context.Context) (back bool, err error) {
	call, cancel := context.WithTimeout(ctx, silent)
	defer cancel()
	conn, err := pgx.ConnectConfig(call, p.config)
	if err != nil {
		return false, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if back, err = p.retake(call, conn); err != nil {
		_ = conn.Close(call)
		return false, err
	}
	_ = p.conn.Close(ctx)
	p.conn = conn
	return back, nil
}

// retake takes the process's locks again. False: somebody took over. Not before it has all that it led is it there for
// the others, who would lead instead of it.
func (p *Process) retake(ctx context.Context, conn *pgx.Conn) (back bool, err error) {
	// Who is taking over holds the lock until that is done, and then there is no row.
	if _, err = conn.Exec(ctx, `select pg_advisory_lock($1::int, $2::bigint::int)`, alive, p.ID); err != nil {
		return false, err
	}
	err = conn.QueryRow(ctx, `select exists (select from processes where id = $1)`, p.ID).Scan(&back)
	if err != nil || !back {
		return false, err
	}
	for name := range p.led {
		var led bool
		if led, err = tryLead(ctx, conn, name); err != nil {
			return false, err
		}
		if !led {
			return false, fmt.Errorf("postgres: lead in %s: another has just taken it, and gives it back", name)
		}
	}
	_, err = conn.Exec(ctx, `update processes set mode = $2, backend = pg_backend_pid() where id = $1`, p.ID, p.mode)
	return err == nil, err
}

func (p *Process) ping(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, silent)
	defer cancel()
	return p.conn.Ping(ctx)
}

// absent remembers since when processes were seen without their connection.
type absent struct {
	mu    sync.Mutex
	since map[connection]time.Time
}

// connection is a process's connection: one that came back has another.
type connection struct{ process, backend int64 }

// gone notes which processes have no connection, and returns those that have been without for longer than the grace.
func (a *absent) gone(list []connection, grace time.Duration, now time.Time) (dead []int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	since := map[connection]time.Time{}
	for _, c := range list {
		at, known := a.since[c]
		if !known {
			at = now
		}
		if since[c] = at; now.Sub(at) >= grace {
			dead = append(dead, c.process)
		}
	}
	a.since = since
	return dead
}
