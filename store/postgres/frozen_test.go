package postgres_test

import (
	"testing"
	"time"

	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// A user who may no more than run the bot sees that a process of its own stands still, and ends its sessions; one that pings is left alone.
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

// pulse is how often this test looks.
const pulse = 10 * time.Millisecond
