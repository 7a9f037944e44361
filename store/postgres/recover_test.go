package postgres_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// recovered expects the texts of replies by what they say.
func recovered(
	t *testing.T, db *postgres.DB, me int64, updates []int64, replies ...store.ID,
) ([]store.Pending, []store.Delivery) {
	t.Helper()
	left, err := db.Recover(t.Context(), me, 1000)
	ok(t, err)
	pending, list := left.Updates, left.Replies
	var ids []store.ID
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	if !slices.Equal(idsOf(pending), updates) || !slices.Equal(ids, replies) {
		t.Fatalf("took over updates %v and replies %v, want %v and %v", idsOf(pending), ids, updates, replies)
	}
	return pending, list
}

// A process is killed at every point of an update's way.
func TestRecoverKilled(t *testing.T) {
	db, conn := open(t)
	a, b := join(t, db), join(t, db)
	accept(t, db, a.ID, updates(1, 2, 3, 4), 1, 2, 3, 4)
	accept(t, db, b.ID, updates(5), 5)
	ok(t, db.Done(t.Context(), []int64{1}))
	ids := kept(t, db, a.ID, 2, "after 2", reply(7), reply(8), nudge(9), later(reply(11)))
	ok(t, db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{{ID: ids[0], State: store.Sent, SentID: 77}}))
	ids = append(ids, queue(t, db, bulk(10))...)
	claimed, err := db.Claim(t.Context(), a.ID, noon, store.Bulk, 1)
	if err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	waiting := queue(t, db, bulk(12))
	papers := queue(t, db, sheet(13))
	if list, err := db.Claim(t.Context(), a.ID, noon, store.Paper, 1); err != nil || len(list) != 1 ||
		list[0].Tries != 1 {
		t.Fatalf("claimed %v, %v", list, err)
	}

	recovered(t, db, b.ID, nil) // a lives
	kill(t, conn, a)
	pending, replies := recovered(t, db, b.ID, []int64{2, 3, 4}, ids[1])
	if string(pending[0].Session) != "after 2" || pending[1].Session != nil ||
		string(pending[1].Payload) != "update 3" {
		t.Errorf("took over %+v", pending)
	}
	if r := replies[0]; r.Message.Chat != 8 || r.State != store.Queued || r.Tries != 2 || r.Language != "id" {
		t.Errorf("took over reply %+v", r)
	}
	recovered(t, db, b.ID, nil) // once
	for id, want := range map[store.ID]store.DeliveryState{
		ids[0]: store.Sent, ids[1]: store.Queued, ids[2]: store.Queued, ids[3]: store.Queued, ids[4]: store.Unknown,
		waiting[0]: store.Queued, papers[0]: store.Queued,
	} {
		if got := stateOf(t, conn, id); got != want {
			t.Errorf("delivery %d is %s, want %s", id, got, want)
		}
	}
	free, err := db.Claim(t.Context(), b.ID, noon, store.Bulk, 10)
	if err != nil || len(free) != 1 || free[0].ID != waiting[0] {
		t.Errorf("free for anyone: %v, %v; want %v", free, err, waiting)
	}

	again, err := db.Claim(t.Context(), b.ID, noon, store.Paper, 10)
	if err != nil || len(again) != 1 || again[0].ID != papers[0] || again[0].Tries != 2 {
		t.Errorf("papers to make again: %v, %v; want %v", again, err, papers)
	}
	ok(t, db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{{ID: papers[0], State: store.Sent, SentID: 78}}))

	// The killed one's pool lives on for a while: what it still writes is not lost either.
	accept(t, db, a.ID, updates(6), 6)
	ghost := kept(t, db, a.ID, 3, "after 3", reply(7))
	recovered(t, db, b.ID, []int64{6}, ghost[0])
	if list := pendingIn(t, db, 4, 2, 3); string(list[1].Session) != "after 3" {
		t.Errorf("pending %+v, want what the killed one committed", list)
	}
	if err := commit(t, db, b.ID, 3, nil); err == nil {
		t.Error("update 3 was committed twice")
	}

	b.Close()
	recovered(t, db, join(t, db).ID, []int64{2, 3, 4, 5, 6}, ids[1], ghost[0])
}

// Whoever recovers may have been there longer than whoever ended.
func TestRecoverFromYounger(t *testing.T) {
	db, conn := open(t)
	a, b := join(t, db), join(t, db)
	accept(t, db, b.ID, updates(1), 1)
	ids := kept(t, db, b.ID, 1, "after 1", reply(7))
	kill(t, conn, b)
	recovered(t, db, a.ID, []int64{1}, ids[0])
}

// An ended process's last transaction may still hold a row; nobody waits for it.
func TestRecoverPassesLocked(t *testing.T) {
	db, conn := open(t)
	a, b := join(t, db), join(t, db)
	accept(t, db, a.ID, updates(1, 2), 1, 2)
	ids := kept(t, db, a.ID, 0, "", reply(1), reply(2))
	kill(t, conn, a)
	tx, err := conn.Begin(t.Context())
	ok(t, err)
	_, err = tx.Exec(t.Context(), `select from inbox, outbox where inbox.id = 1 and outbox.id = $1 for update`, ids[0])
	ok(t, err)
	recovered(t, db, b.ID, []int64{2}, ids[1])
	ok(t, tx.Rollback(t.Context()))
	recovered(t, db, b.ID, []int64{1}, ids[0])
}

func TestRecoverAtOnce(t *testing.T) {
	db, conn := open(t)
	const dead, each, processes = 3, 40, 4
	var orphans []int64
	for d := range int64(dead) {
		p := join(t, db)
		for i := range int64(each) {
			id := d*each + i + 1
			orphans = append(orphans, id)
			accept(t, db, p.ID, updates(id), id)
			kept(t, db, p.ID, id, "s", reply(id))
		}
		kill(t, conn, p)
	}
	var mu sync.Mutex
	var taken []int64
	var replies []int64
	var wg sync.WaitGroup
	for range processes {
		me := join(t, db)
		wg.Go(func() {
			for range 5 {
				left, err := db.Recover(t.Context(), me.ID, 1000)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				taken = append(taken, idsOf(left.Updates)...)
				for _, r := range left.Replies {
					replies = append(replies, r.Message.Chat)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(taken)
	slices.Sort(replies)
	if !slices.Equal(taken, orphans) || !slices.Equal(replies, orphans) {
		t.Errorf("took over %d updates and %d replies, want each of %d once", len(taken), len(replies), len(orphans))
	}
	var left string
	ok(t, conn.QueryRow(t.Context(), `select string_agg(id::text, ' ' order by id) from processes`).Scan(&left))
	if want := fmt.Sprint(dead+1, dead+2, dead+3, dead+4); left != want {
		t.Errorf("processes %q are left, want %q", left, want)
	}
}
