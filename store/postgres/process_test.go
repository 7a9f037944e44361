package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// join enters a process that is closed when the test ends.
func join(tb testing.TB, db *postgres.DB) *postgres.Process {
	tb.Helper()
	p, err := db.Join(tb.Context(), noon)
	ok(tb, err)
	tb.Cleanup(p.Close)
	return p
}

// kill ends a process's connection as the kernel would when the process is killed.
func kill(tb testing.TB, conn *pgx.Conn, p *postgres.Process) {
	tb.Helper()
	p.Die()
	unplug(tb, conn, p)
}

// unplug ends a process's connection, once it has one, while the process lives.
func unplug(tb testing.TB, conn *pgx.Conn, p *postgres.Process) {
	tb.Helper()
	var killed bool
	for err := pgx.ErrNoRows; err != nil; time.Sleep(time.Millisecond) {
		err = conn.QueryRow(tb.Context(), `
			select pg_terminate_backend(pid, 10000) from pg_locks
			where locktype = 'advisory' and objid::bigint = $1 and classid::bigint = 1886388225 and granted`, p.ID).Scan(&killed)
		if !errors.Is(err, pgx.ErrNoRows) {
			ok(tb, err)
		}
	}
	if !killed {
		tb.Fatal("the process's backend lives on")
	}
}

// A process that loses its connection comes back under its number, to what it led. Meanwhile nobody takes over from it
// nor leads instead of it.
func TestProcessRejoins(t *testing.T) {
	db, conn := open(t)
	db.RejoinGrace = time.Hour
	a, b := join(t, db), join(t, db)
	if a.ID == b.ID || a.ID == 0 {
		t.Fatalf("ids %d and %d", a.ID, b.ID)
	}
	ok(t, a.Enter(t.Context(), store.ByWebhook))
	accept(t, db, a.ID, updates(1), 1)
	leads(t, a, "poll", true)
	for range 3 {
		unplug(t, conn, a)
		recovered(t, db, b.ID, nil)
		leads(t, b, "poll", false)
		for absent := true; absent; {
			left, err := db.Recover(t.Context(), b.ID, 1000)
			ok(t, err)
			absent = left.Absent
		}
		if !a.Here(t.Context()) {
			t.Fatal("it is lost")
		}
		leads(t, b, "poll", false)
		if newest, err := db.Webhook(t.Context()); newest != a.ID || err != nil {
			t.Fatalf("the webhook is that of %d, %v; want %d", newest, err, a.ID)
		}
		recovered(t, db, b.ID, nil)
	}
	a.Close()
	recovered(t, db, b.ID, []int64{1}) // at once
}

// What a process led it still leads when it is back, however often another one asks for the lead meanwhile.
func TestProcessKeepsItsLead(t *testing.T) {
	db, conn := open(t)
	db.RejoinGrace = time.Hour
	a, b := join(t, db), join(t, db)
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprint("part ", i))
		leads(t, a, names[i], true)
	}
	asked := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			for _, name := range names {
				if led, err := b.Lead(ctx, name); led || err != nil {
					asked <- fmt.Errorf("the other one leads in %s: %v, %v", name, led, err)
					return
				}
			}
		}
		asked <- nil
	}()
	backend := func() (pid int64) {
		ok(t, conn.QueryRow(t.Context(), `select backend from processes where id = $1`, a.ID).Scan(&pid))
		return pid
	}
	for range 10 {
		before := backend()
		unplug(t, conn, a)
		for backend() == before { // until it is back
			time.Sleep(time.Millisecond)
		}
		if !a.Here(t.Context()) {
			t.Error("it is lost")
			break
		}
	}
	stop()
	ok(t, <-asked)
}

// While the server lets nobody in, who asks for a lead hears that the connection is lost, and the process can be
// closed.
func TestProcessWhileServerIsAway(t *testing.T) {
	db, conn := open(t)
	a := join(t, db)
	leads(t, a, "poll", true)
	server := testdb.Connect(t, testdb.Postgres(t))
	lets := func(in bool) {
		t.Helper()
		_, err := server.Exec(t.Context(), fmt.Sprintf("alter database %s allow_connections %v", conn.Config().Database,
			in))
		ok(t, err)
	}
	lets(false)
	unplug(t, conn, a)
	for here := true; here; { // until it has noticed
		soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		here = a.Here(soon)
		cancel()
	}
	done := make(chan error)
	go func() {
		var err error
		for err == nil { // on a busy machine it may not have noticed yet
			_, err = a.Lead(t.Context(), "poll")
		}
		a.Close()
		done <- err
	}()
	if err := <-done; err == nil {
		t.Error("it leads without a connection")
	}
	lets(true)
}

// Who comes back too late is lost: what it had is another's. Here holds nobody up then.
func TestProcessLost(t *testing.T) {
	db, conn := open(t)
	a, b := join(t, db), join(t, db)
	accept(t, db, a.ID, updates(1), 1)
	_, err := conn.Exec(t.Context(), `delete from processes where id = $1`, a.ID)
	ok(t, err)
	unplug(t, conn, a)
	<-a.Lost()
	if a.Here(t.Context()) {
		t.Error("a lost process is here")
	}
	recovered(t, db, b.ID, []int64{1})
	select {
	case <-b.Lost():
		t.Error("b is lost, too")
	default:
	}
	a.Close()
	a.Close()
}

// A process that ended without a word is taken over from when it did not come back for so long, and not before.
func TestRejoinGrace(t *testing.T) {
	db, conn := open(t)
	const grace = 300 * time.Millisecond
	db.RejoinGrace = grace
	a, b := join(t, db), join(t, db)
	accept(t, db, a.ID, updates(1), 1)
	kill(t, conn, a)
	began := time.Now()
	for {
		left, err := db.Recover(t.Context(), b.ID, 1000)
		ok(t, err)
		if len(left.Updates) == 0 && left.Absent {
			continue
		}
		if len(left.Updates) != 1 || left.Absent || time.Since(began) < grace {
			t.Errorf("after %v: %+v", time.Since(began), left)
		}
		break
	}
}

// leads expects that a process leads, or does not.
func leads(t *testing.T, p *postgres.Process, name string, want bool) {
	t.Helper()
	if led, err := p.Lead(t.Context(), name); led != want || err != nil {
		t.Fatalf("Lead(%q) of %d = %v, %v; want %v", name, p.ID, led, err, want)
	}
}

func TestOneLeads(t *testing.T) {
	db, conn := open(t)
	a, b := join(t, db), join(t, db)
	leads(t, a, "poll", true)
	leads(t, a, "poll", true)
	leads(t, b, "poll", false)
	given, giveUp := context.WithCancel(t.Context())
	giveUp()
	if led, err := b.Lead(given, "poll"); led || err != nil {
		t.Fatalf("Lead of one in a hurry = %v, %v", led, err)
	}
	leads(t, b, "remind", true)
	leads(t, a, "remind", false)
	kill(t, conn, a)
	leads(t, b, "poll", false) // it may come back
	_, err := db.Recover(t.Context(), b.ID, 1000)
	ok(t, err)
	leads(t, b, "poll", true)
	b.Close()
	leads(t, join(t, db), "poll", true)
}

func TestProcessLeavesNothingRunning(t *testing.T) {
	db, _ := open(t)
	ok(t, db.Ping(t.Context()))
	running := goleak.IgnoreCurrent()
	p, err := db.Join(t.Context(), noon)
	ok(t, err)
	p.Close()
	<-p.Lost()
	goleak.VerifyNone(t, running)
}
