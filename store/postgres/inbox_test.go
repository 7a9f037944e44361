package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendamping/store"
	"pendamping/store/postgres"
)

// updates are Telegram's, with these ids, in chat 7.
func updates(ids ...int64) []store.Update {
	list := make([]store.Update, len(ids))
	for i, id := range ids {
		list[i] = store.Update{ID: id, Chat: 7, Payload: fmt.Append(nil, "update ", id), At: noon}
	}
	return list
}

func accept(tb testing.TB, db *postgres.DB, holder int64, list []store.Update, want ...int64) {
	tb.Helper()
	fresh, err := db.Accept(tb.Context(), holder, list)
	if err != nil || !slices.Equal(fresh, want) {
		tb.Fatalf("Accept = %v, %v; want %v", fresh, err, want)
	}
}

// idsOf are the ids of pending updates.
func idsOf(list []store.Pending) (ids []int64) {
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

func pendingIn(tb testing.TB, db *postgres.DB, before int64, want ...int64) []store.Pending {
	tb.Helper()
	list, err := db.PendingIn(tb.Context(), 7, before)
	if err != nil || !slices.Equal(idsOf(list), want) {
		tb.Fatalf("pending in chat 7 before %d: %v, %v; want %v", before, idsOf(list), err, want)
	}
	return list
}

// commit settles an update as a turn does.
func commit(tb testing.TB, db *postgres.DB, holder, update int64, session []byte, list ...store.Delivery) error {
	tb.Helper()
	tx := db.Begin(noon, update)
	defer tx.Rollback(tb.Context())
	_, err := tx.Commit(tb.Context(), holder, session, list)
	return err
}

func TestAcceptOnce(t *testing.T) {
	db, _ := open(t)
	accept(t, db, 1, nil)
	accept(t, db, 1, updates(12, 10, 12), 10, 12)
	accept(t, db, 2, updates(10, 11, 12), 11)
	ok(t, db.Done(t.Context(), []int64{10}))
	accept(t, db, 1, updates(10))
	list := pendingIn(t, db, 12, 11)
	if want := []store.Pending{{Update: updates(11)[0]}}; !cmp.Equal(list, want) {
		t.Error(cmp.Diff(want, list))
	}
	accept(t, db, 1, []store.Update{{ID: 20, Chat: 7, At: noon}}, 20) // an update without words is one all the same
	pendingIn(t, db, 99, 11, 12, 20)
}

func TestAcceptAtOnce(t *testing.T) {
	db, _ := open(t)
	var mu sync.Mutex
	times := map[int64]int{}
	var wg sync.WaitGroup
	for n := range int64(8) {
		wg.Go(func() {
			for first := int64(0); first < 200; first += 10 {
				list := updates(first, first+1, first+2, first+3, first+4, first+5, first+6, first+7, first+8, first+9)
				if n%2 == 1 {
					slices.Reverse(list)
				}
				fresh, err := db.Accept(t.Context(), n, list)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, id := range fresh {
					times[id]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for id := range int64(200) {
		if times[id] != 1 {
			t.Errorf("update %d was new %d times", id, times[id])
		}
	}
}

func TestDoneForgets(t *testing.T) {
	db, conn := open(t)
	accept(t, db, 1, updates(1, 2, 3), 1, 2, 3)
	ok(t, commit(t, db, 1, 2, []byte("session")))
	_, err := db.Fail(t.Context(), 3, "words of a person")
	ok(t, err)
	ok(t, db.Done(t.Context(), []int64{1, 2, 3, 4}))
	pendingIn(t, db, 99)
	var kept int
	ok(t, conn.QueryRow(t.Context(), `select count(coalesce(payload, session, reason::bytea)) from inbox`).Scan(&kept))
	if kept != 0 {
		t.Errorf("%d updates keep what they said", kept)
	}
	if n, err := db.Prune(t.Context(), noon); n != 0 || err != nil {
		t.Errorf("Prune = %d, %v; want none that young", n, err)
	}
	accept(t, db, 1, updates(5), 5) // open: never pruned
	if n, err := db.Prune(t.Context(), noon.Add(time.Microsecond)); n != 3 || err != nil {
		t.Errorf("Prune = %d, %v; want 3", n, err)
	}
	pendingIn(t, db, 99, 5)
}

func TestParking(t *testing.T) {
	db, _ := open(t)
	me := join(t, db)
	accept(t, db, me.ID, updates(1, 2, 3), 1, 2, 3)
	for want := 1; want <= 3; want++ {
		if tries, err := db.Fail(t.Context(), 1, "boom"); tries != want || err != nil {
			t.Fatalf("Fail = %d, %v; want %d", tries, err, want)
		}
	}
	if list := pendingIn(t, db, 2, 1); list[0].Tries != 3 {
		t.Errorf("tries %d, want 3", list[0].Tries)
	}
	ok(t, db.Quarantine(t.Context(), 1, "boom"))
	ok(t, commit(t, db, 1, 2, []byte("after 2")))
	ok(t, db.Quarantine(t.Context(), 2, "its session cannot be kept"))
	pendingIn(t, db, 99, 3)
	parked, err := db.Quarantined(t.Context())
	want := []postgres.QuarantinedUpdate{
		{ID: 1, At: noon, Tries: 3, Reason: "boom"}, {ID: 2, At: noon, Reason: "its session cannot be kept"},
	}
	if err != nil || !cmp.Equal(parked, want) {
		t.Error(err, cmp.Diff(want, parked))
	}
	for _, id := range []int64{1, 99} {
		if err := db.Quarantine(t.Context(), id, ""); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("parking %d: %v", id, err)
		}
		if _, err := db.Fail(t.Context(), id, ""); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("failing %d: %v", id, err)
		}
	}
	if err := commit(t, db, 1, 1, nil); !errors.Is(err, store.ErrConflict) {
		t.Errorf("committing a parked update: %v", err)
	}
	if n, err := db.RetryQuarantined(t.Context()); n != 2 || err != nil {
		t.Fatalf("Unpark = %d, %v; want 2", n, err)
	}
	left, err := db.Recover(t.Context(), me.ID, 1000)
	list := left.Updates
	if err != nil || !slices.Equal(idsOf(list), []int64{1, 2}) {
		t.Fatalf("took over %v, %v; want the two", idsOf(list), err)
	}
	if list[0].Tries != 0 || list[0].Session != nil || string(list[1].Session) != "after 2" {
		t.Errorf("took over %+v", list)
	}
}

func TestCommitOnce(t *testing.T) {
	db, _ := open(t)
	accept(t, db, 1, updates(1, 2), 1, 2)
	ok(t, commit(t, db, 1, 1, nil, reply(7)))
	if list := pendingIn(t, db, 2, 1); list[0].Session == nil || len(list[0].Session) != 0 {
		t.Errorf("session %#v, want an empty one that says that the update is committed", list[0].Session)
	}
	if err := commit(t, db, 1, 1, []byte("again"), reply(7)); !errors.Is(err, store.ErrConflict) {
		t.Errorf("committing twice: %v", err)
	}
	ok(t, db.Done(t.Context(), []int64{2}))
	if err := commit(t, db, 1, 2, []byte("late"), reply(7)); !errors.Is(err, store.ErrConflict) {
		t.Errorf("committing what is done: %v", err)
	}
	if counts, err := db.Backlog(t.Context(), noon); counts[store.Queued] != 1 || err != nil {
		t.Errorf("backlog %v, %v; want the first commit's reply only", counts, err)
	}
}

func BenchmarkAccept(b *testing.B) {
	for _, n := range []int{1, 20, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			db, _ := open(b)
			list := updates(make([]int64, n)...)
			next := int64(1)
			for b.Loop() {
				for i := range list {
					list[i].ID = next
					next++
				}
				if _, err := db.Accept(b.Context(), 1, list); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "updates/s")
		})
	}
}
