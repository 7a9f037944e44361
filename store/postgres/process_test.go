package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

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
	var killed bool
	ok(tb, conn.QueryRow(tb.Context(), `
		select pg_terminate_backend(pid, 10000) from pg_locks
		where locktype = 'advisory' and objid::bigint = $1 and classid::bigint = 1886388225 and granted`, p.ID).Scan(&killed))
	if !killed {
		tb.Fatal("the process's backend lives on")
	}
}

func TestProcessLost(t *testing.T) {
	db, conn := open(t)
	a, b := join(t, db), join(t, db)
	if a.ID == b.ID || a.ID == 0 {
		t.Fatalf("ids %d and %d", a.ID, b.ID)
	}
	kill(t, conn, a)
	<-a.Lost()
	if _, err := a.Lead(t.Context(), "poll"); err == nil {
		t.Error("a lost process leads")
	}
	select {
	case <-b.Lost():
		t.Error("b is lost, too")
	default:
	}
	a.Close()
	a.Close()
}

func TestOneLeads(t *testing.T) {
	db, conn := open(t)
	a, b := join(t, db), join(t, db)
	lead := func(p *postgres.Process, name string, want bool) {
		t.Helper()
		if led, err := p.Lead(t.Context(), name); led != want || err != nil {
			t.Fatalf("Lead(%q) of %d = %v, %v; want %v", name, p.ID, led, err, want)
		}
	}
	lead(a, "poll", true)
	lead(a, "poll", true)
	lead(b, "poll", false)
	given, giveUp := context.WithCancel(t.Context())
	giveUp()
	if led, err := b.Lead(given, "poll"); led || err != nil {
		t.Fatalf("Lead of one in a hurry = %v, %v", led, err)
	}
	lead(b, "remind", true)
	lead(a, "remind", false)
	kill(t, conn, a)
	lead(b, "poll", true)
	b.Close()
	lead(join(t, db), "poll", true)
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
