package bot_test

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"pendamping/store/embedded/testdb"
)

// A leading process is frozen with replies in its queue. The others report it and take over. When it wakes up it says
// nothing again.
func TestFrozen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Frozen = 6 * time.Second
	p := h.owners(1)[0]
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	frozen := h.child(ctx, plan{addresses: h.addresses, Round: -1, Rate: 28})
	defer frozen.Wait()
	defer cancel()
	p.Send("anu")
	h.settle() // it leads
	a := h.start(limited)
	var said string
	h.until("the other one runs", func() bool { _, said = a.get("/readyz"); return said == "ok\n" })
	for i := range 7 {
		p.SendPhoto(picture(i), "")
	}
	h.until("some are answered", func() bool { return p.heard("photo.saved") > 0 })
	h.ok(frozen.Process.Signal(syscall.SIGSTOP))
	h.until("it is said", func() bool {
		_, said = a.get("/readyz")
		return strings.Contains(said, "another process stands still") && a.metric("pendamping_processes_frozen") == 1
	})
	h.settle()
	told := p.heard("photo.saved")
	h.ok(frozen.Process.Signal(syscall.SIGCONT))
	h.until("it joins anew", func() bool { return h.logged("joining anew") > 0 })
	p.Send("anu lagi")
	h.settle()
	if n := p.heard("photo.saved"); n != told {
		t.Errorf("when it woke up it said %d answers again", n-told)
	}
	p.inOrder(7)
	for _, line := range []string{"another process stands still", "ended the database sessions of a process"} {
		if n := h.logged(line); n != 1 {
			t.Errorf("%q is logged %d times\n%s", line, n, h.log)
		}
	}
	h.until("it is over", func() bool { _, said = a.get("/readyz"); return said == "ok\n" })
	h.verified()
}

// A database that turned read-only, like a standby, is reported as such, and the metrics name what is away meanwhile.
func TestReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	a := h.start()
	p.Send("anu")
	h.settle()
	turn := func(mode string) {
		t.Helper()
		conn := testdb.Connect(t, h.Postgres)
		_, err := conn.Exec(t.Context(), `set default_transaction_read_only = off`)
		h.ok(err)
		var name string
		h.ok(conn.QueryRow(t.Context(), `select quote_ident(current_database())`).Scan(&name))
		_, err = conn.Exec(t.Context(), `alter database `+name+` set default_transaction_read_only = `+mode)
		h.ok(err)
		_, err = conn.Exec(t.Context(), `
			select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
		h.ok(err)
	}
	turn("on")
	p.Send("masih di sana?")
	h.until("it is said", func() bool {
		code, body := a.get("/readyz")
		return code == 503 && strings.HasPrefix(body, "no: PostgreSQL is read-only: updates wait\n")
	})
	_, body := a.get("/metrics")
	for _, line := range []string{`pendamping_away{what="postgres"} 1`, `pendamping_away{what="redis"} 0`} {
		if !strings.Contains(body, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	h.until("it is logged", func() bool { return h.logged("PostgreSQL is read-only: updates wait") == 1 })
	turn("off")
	h.until("it is ready", func() bool { _, body := a.get("/readyz"); return body == "ok\n" })
	h.settle()
	if n := p.puzzled(); n != 2 {
		t.Errorf("%d answers to 2 texts", n)
	}
}
