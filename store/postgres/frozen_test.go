package postgres_test

import (
	"testing"
	"time"

	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// A user who may no more than run the bot sees that a process of its own stands still, and ends its sessions; one that
// pings is left alone.
func TestProcessStandsStill(t *testing.T) {
	address := testdb.Login(t, testdb.Database(t, migrate), "pendamping_run")
	db, err := postgres.Open(t.Context(), address)
	ok(t, err)
	t.Cleanup(db.Close)
	other, err := postgres.Open(t.Context(), address)
	ok(t, err)
	t.Cleanup(other.Close)
	me, p := join(t, db), join(t, other)
	if list, err := db.Frozen(t.Context(), me.ID); err != nil || len(list) != 0 {
		t.Fatalf("one that lives is said to stand still: %+v, %v", list, err)
	}
	p.Die() // it never comes back
	db.FrozenAfter = 0
	for {
		ended, err := db.EndFrozen(t.Context(), me.ID)
		ok(t, err)
		if len(ended) == 1 && ended[0] == p.ID {
			break
		}
		time.Sleep(pulse) // it was in the middle of a ping
	}
	for {
		list, err := db.Frozen(t.Context(), me.ID)
		ok(t, err)
		if len(list) == 0 {
			break
		}
		time.Sleep(pulse)
	}
}

// A process that is lost but not closed yet lives on: it goes on pinging, so that nobody ends its sessions.
func TestLostProcessPings(t *testing.T) {
	db, conn := open(t)
	db.RejoinGrace = time.Hour
	me, p := join(t, db), join(t, db)
	p.WhenBack(func() { db.Break(t.Context()) }) // an answer may be lost with it, so that the process has to join anew
	unplug(t, conn, p)
	<-p.Lost()
	heard := func() (at time.Time) {
		ok(t, conn.QueryRow(t.Context(), `
			select state_change from processes p join pg_stat_activity a on a.pid = p.backend where p.id = $1`, p.ID).Scan(&at))
		return at
	}
	for first := heard(); !heard().After(first); {
		time.Sleep(pulse)
	}
	if p.Here(t.Context()) {
		t.Error("it is here again")
	}
	recovered(t, db, me.ID, nil)
}

// One that froze when it had its lock again and its row did not say so yet is found by its lock.
func TestProcessStandsStillOnItsWayBack(t *testing.T) {
	db, conn := open(t)
	me, p := join(t, db), join(t, db)
	p.Die()
	unplug(t, conn, p)
	frozen := testdb.Connect(t, conn.Config().ConnString())
	_, err := frozen.Exec(t.Context(), `select pg_advisory_lock(1886388225, $1::bigint::int)`, p.ID)
	ok(t, err)
	db.FrozenAfter = 0
	if ended, err := db.EndFrozen(t.Context(), me.ID); err != nil || len(ended) != 1 || ended[0] != p.ID {
		t.Errorf("ended %v, %v; want %d", ended, err, p.ID)
	}
}

// pulse is how often this test looks.
const pulse = 10 * time.Millisecond
