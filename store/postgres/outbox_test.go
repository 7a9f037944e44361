package postgres_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"pendamping/store"
	"pendamping/store/postgres"
)

func message(class store.Class, chat int64) store.Delivery {
	return store.Delivery{Language: "id", Message: store.Message{
		Chat: chat, Class: class, Body: []store.Text{store.Say("greeting", "Name", "Ibu Sari")},
	}}
}

func reply(chat int64) store.Delivery { return message(store.Reply, chat) }
func nudge(chat int64) store.Delivery { return message(store.Nudge, chat) }
func bulk(chat int64) store.Delivery  { return message(store.Bulk, chat) }
func sheet(chat int64) store.Delivery { return message(store.Paper, chat) }

func later(d store.Delivery) store.Delivery {
	d.Message.Due = noon.Add(time.Hour)
	return d
}

func keyed(d store.Delivery, key string) store.Delivery {
	d.Message.Key = key
	return d
}

// kept are the ids of deliveries that a commit queued.
func kept(
	tb testing.TB, db *postgres.DB, holder, update int64, session string, list ...store.Delivery,
) (ids []store.ID) {
	tb.Helper()
	tx := db.Begin(noon, update)
	defer tx.Rollback(tb.Context())
	list, err := tx.Commit(tb.Context(), holder, []byte(session), list)
	ok(tb, err)
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	return ids
}

func queue(tb testing.TB, db *postgres.DB, list ...store.Delivery) (ids []store.ID) {
	tb.Helper()
	ok(tb, db.Queue(tb.Context(), noon, list))
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	return ids
}

func claim(
	tb testing.TB, db *postgres.DB, at time.Time, class store.Class, limit int, want ...store.ID,
) []store.Delivery {
	tb.Helper()
	list, err := db.Claim(tb.Context(), 1, at, class, limit)
	ok(tb, err)
	var ids []store.ID
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	if !slices.Equal(ids, want) {
		tb.Fatalf("claimed %v, want %v", ids, want)
	}
	return list
}

func stateOf(tb testing.TB, conn *pgx.Conn, id store.ID) (state store.DeliveryState) {
	tb.Helper()
	ok(tb, conn.QueryRow(tb.Context(), `select state from outbox where id = $1`, id).Scan(&state))
	return state
}

func TestClaimByClassAndAge(t *testing.T) {
	db, _ := open(t)
	early := bulk(3)
	early.Message.Due = noon.Add(-time.Minute)
	early.Message.Buttons = [][]store.Button{{{Text: store.Say("ok"), Data: "k1"}}}
	ids := queue(t, db, bulk(1), nudge(2), early, later(bulk(4)))
	got := claim(t, db, noon, store.Bulk, 1, ids[2])
	want := early
	want.ID, want.State, want.Tries = ids[2], store.Queued, 1
	if !cmp.Equal(got[0], want) {
		t.Error(cmp.Diff(want, got[0]))
	}
	claim(t, db, noon, store.Bulk, 10, ids[0])
	claim(t, db, noon, store.Reply, 10)
	claim(t, db, noon, store.Nudge, 10, ids[1])
	claim(t, db, noon.Add(time.Hour-time.Microsecond), store.Bulk, 10)
	claim(t, db, noon.Add(time.Hour), store.Bulk, 10, ids[3])
	ok(t, db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{
		{ID: ids[3], State: store.Queued, Reason: "too many requests"},
	}))
	back := claim(t, db, noon.Add(time.Hour), store.Bulk, 10, ids[3])
	if back[0].Tries != 2 || back[0].Reason != "too many requests" {
		t.Errorf("given back, claimed again: %+v", back[0])
	}
}

func TestClaimersAtOnce(t *testing.T) {
	db, _ := open(t)
	list := slices.Repeat([]store.Delivery{bulk(1)}, 300)
	queue(t, db, list...)
	var mu sync.Mutex
	times := map[store.ID]int{}
	var wg sync.WaitGroup
	for p := range int64(4) {
		wg.Go(func() {
			for {
				got, err := db.Claim(t.Context(), p, noon, store.Bulk, 7)
				if err != nil {
					t.Error(err)
				}
				if len(got) == 0 {
					return
				}
				mu.Lock()
				for _, d := range got {
					times[d.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(times) != len(list) || slices.Max(slices.Collect(maps.Values(times))) != 1 {
		t.Errorf("%d of %d were claimed, once at most each: %v", len(times), len(list), times)
	}
}

func TestSettleHolds(t *testing.T) {
	db, conn := open(t)
	ids := kept(t, db, 5, 0, "", reply(1), nudge(1), bulk(1), later(nudge(1)))
	rows, err := conn.Query(t.Context(), `select coalesce(holder, 0) from outbox order by id`)
	ok(t, err)
	holders, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if want := []int64{5, 0, 0, 0}; err != nil || !slices.Equal(holders, want) {
		t.Errorf("holders %v, %v; want %v", holders, err, want)
	}
	claim(t, db, noon, store.Bulk, 9, ids[2])
	claim(t, db, noon, store.Nudge, 9, ids[1])
	claim(t, db, noon.Add(time.Hour), store.Nudge, 9, ids[3])
}

func TestKeyTakesThePlace(t *testing.T) {
	db, conn := open(t)
	ids := queue(t, db, keyed(bulk(1), "remind"), keyed(later(bulk(1)), "remind"), keyed(bulk(2), "remind"),
		keyed(bulk(1), "visit"), bulk(1))
	ids = append(ids, kept(t, db, 1, 0, "", keyed(later(nudge(1)), "remind"))...)
	for i, want := range []store.DeliveryState{
		store.Withdrawn, store.Withdrawn, store.Queued, store.Queued, store.Queued, store.Queued,
	} {
		if got := stateOf(t, conn, ids[i]); got != want {
			t.Errorf("delivery %d is %s, want %s", i, got, want)
		}
	}
	claim(t, db, noon, store.Bulk, 9, ids[2], ids[3], ids[4])
	queue(t, db, keyed(bulk(2), "remind"))
	if got := stateOf(t, conn, ids[2]); got != store.Queued {
		t.Errorf("what somebody is sending became %s", got)
	}
}

// What waits can be read, replaced and taken back together with a change of records; what is sent is known by its id.
func TestWithdraw(t *testing.T) {
	db, conn := open(t)
	ids := queue(t, db, keyed(later(nudge(1)), "verdict"), later(nudge(1)))
	do(t, db, func(tx *postgres.Tx) {
		m, err := tx.Queued(t.Context(), 1, "verdict")
		if err != nil || m.Chat != 1 {
			t.Errorf("Queued = %+v, %v", m, err)
		}
		if _, err := tx.Queued(t.Context(), 1, ""); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Queued without a key: %v", err)
		}
		ok(t, tx.Withdraw(t.Context(), 1, "verdict"))
		ok(t, tx.Withdraw(t.Context(), 1, ""))
		if _, err := tx.Queued(t.Context(), 1, "verdict"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Queued after Withdraw: %v", err)
		}
	})
	for i, want := range []store.DeliveryState{store.Withdrawn, store.Queued} {
		if got := stateOf(t, conn, ids[i]); got != want {
			t.Errorf("delivery %d is %s, want %s", i, got, want)
		}
	}
	again := queue(t, db, keyed(nudge(1), "card"))
	ok(t, db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{{ID: again[0], State: store.Sent, SentID: 77}}))
	do(t, db, func(tx *postgres.Tx) {
		for key, want := range map[string]int{"card": 77, "verdict": 0, "": 0} {
			if id, err := tx.LastSent(t.Context(), 1, key); id != want || err != nil {
				t.Errorf("LastSent(%q) = %d, %v; want %d", key, id, err, want)
			}
		}
	})
}

func TestNextDue(t *testing.T) {
	db, _ := open(t)
	next := func(class store.Class, want time.Time) {
		t.Helper()
		if got, err := db.NextDue(t.Context(), noon, class); !got.Equal(want) || err != nil {
			t.Errorf("NextDue = %v, %v; want %v", got, err, want)
		}
	}
	next(store.Reply, time.Time{})
	kept(t, db, 1, 0, "", reply(1)) // in somebody's hands
	next(store.Reply, time.Time{})
	queue(t, db, later(nudge(1)), bulk(1))
	next(store.Reply, time.Time{})
	next(store.Nudge, noon.Add(time.Hour))
	next(store.Bulk, noon)
	if got, err := db.NextDue(t.Context(), noon.Add(time.Minute), store.Bulk); !got.Equal(noon.Add(time.Minute)) ||
		err != nil {
		t.Errorf("overdue: NextDue = %v, %v; want now", got, err)
	}
}

func TestRedact(t *testing.T) {
	db, conn := open(t)
	ids := queue(t, db, bulk(1), later(bulk(1)))
	claim(t, db, noon, store.Bulk, 9, ids[0])
	ok(t, db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{{ID: ids[0], State: store.Sent, SentID: 5}}))
	for _, c := range []struct {
		before time.Time
		want   int
	}{{noon, 0}, {noon.Add(time.Second), 1}, {noon.Add(time.Second), 0}} {
		if n, err := db.Redact(t.Context(), c.before); n != c.want || err != nil {
			t.Errorf("Redact = %d, %v; want %d", n, err, c.want)
		}
	}
	if got := stateOf(t, conn, ids[0]); got != store.Sent {
		t.Errorf("redacted one is %s", got)
	}
	claim(t, db, noon.Add(time.Hour), store.Bulk, 9, ids[1])
}

// The words of a message with a secret are there while it waits, also in somebody's hands, and gone as soon as it waits
// no longer, whatever ended that.
func TestSecretIsForgotten(t *testing.T) {
	db, conn := open(t)
	secret := func(d store.Delivery) store.Delivery {
		d.Message.Secret = true
		d.Message.Body = []store.Text{store.Say("invite.forward", "Code", "K7QM-22XA")}
		return d
	}
	words := func() (n int) {
		t.Helper()
		ok(t, conn.QueryRow(t.Context(), `select count(*) from outbox where message like '%K7QM%'`).Scan(&n))
		return n
	}
	for _, state := range []store.DeliveryState{
		store.Sent, store.Failed, store.Unreachable, store.Unknown, store.Acknowledged,
	} {
		ids := kept(t, db, 1, 0, "", secret(reply(7)), reply(7))
		if words() != 1 {
			t.Fatalf("%s: it is not there while it waits", state)
		}
		ok(t, db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{
			{ID: ids[0], State: store.Queued}, {ID: ids[1], State: state},
		}))
		if words() != 1 {
			t.Errorf("%s: it is gone although it was given back", state)
		}
		ok(t, db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{{ID: ids[0], State: state}}))
		if words() != 0 {
			t.Errorf("%s: its words stay", state)
		}
	}
	var others int
	ok(t, conn.QueryRow(t.Context(), `select count(*) from outbox where message like '%Ibu Sari%'`).Scan(&others))
	if others != 5 {
		t.Errorf("%d of 5 messages without a secret keep their words", others)
	}
	queue(t, db, keyed(secret(nudge(7)), "k"))
	queue(t, db, keyed(nudge(7), "k")) // takes its place
	if words() != 0 {
		t.Error("its words stay when another takes its place")
	}
	queue(t, db, secret(nudge(8)))
	ok(t, db.Unreachable(t.Context(), noon, 8, "blocked"))
	queue(t, db, secret(nudge(8)))
	if words() != 0 {
		t.Error("its words stay when the chat can't be reached")
	}
}

// An update owes its replies to whoever finishes it; what waits for its turn is in other hands.
func TestOwedReplies(t *testing.T) {
	db, _ := open(t)
	me := join(t, db)
	accept(t, db, me.ID, updates(1), 1)
	ids := kept(t, db, me.ID, 1, "after 1", reply(7), sheet(7), nudge(8))
	for _, class := range []store.Class{store.Paper, store.Nudge} {
		if list, err := db.Claim(t.Context(), me.ID, noon, class, 1); err != nil || len(list) != 1 {
			t.Fatalf("claimed %v, %v", list, err)
		}
	}
	owed, err := db.OwedFor(t.Context(), 1)
	if err != nil || len(owed) != 1 || owed[0].ID != ids[0] {
		t.Errorf("owed %v, %v; want %d", owed, err, ids[0])
	}
}

// A database that takes no changes answers a claim: nothing is in anybody's hands then.
func TestClaimsOfReadOnly(t *testing.T) {
	_, conn := open(t)
	db, err := postgres.Open(t.Context(), conn.Config().ConnString()) // without sessions, which end below
	ok(t, err)
	t.Cleanup(db.Close)
	self := join(t, db)
	_, err = conn.Exec(t.Context(), fmt.Sprintf(`alter database %s set default_transaction_read_only = on`,
		conn.Config().Database))
	ok(t, err)
	_,
		err = conn.Exec(t.Context(),
		`select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
	ok(t, err)
	for what, claim := range map[string]func() error{
		"updates and replies of others": func() error { _, err := db.Recover(t.Context(), self.ID, 10); return err },
		"replies": func() error {
			_, err := db.Claim(t.Context(), self.ID, noon, store.Reply,
				10)
			return err
		},
		"nudges": func() error {
			_, err := db.Claim(t.Context(), self.ID, noon, store.Nudge,
				10)
			return err
		},
		"papers": func() error {
			_, err := db.Claim(t.Context(), self.ID, noon, store.Paper,
				10)
			return err
		},
		"bulk": func() error {
			_, err := db.ClaimBulk(t.Context(), self.ID, noon, 10,
				nil)
			return err
		},
	} {
		if err := claim(); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("claiming %s: %v", what, err)
		}
	}
}
