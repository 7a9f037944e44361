package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendamping/store"
)

func TestMarkInAnyOrder(t *testing.T) {
	db, conn := open(t)
	type states = []store.DeliveryState
	for _, c := range []struct {
		outcomes states
		want     store.DeliveryState
	}{
		{states{store.Sent}, store.Sent},
		{states{store.Failed}, store.Failed},
		{states{store.Unknown, store.Sent}, store.Sent},
		{states{store.Sent, store.Unknown}, store.Sent},
		{states{store.Sent, store.Acknowledged}, store.Acknowledged},
		{states{store.Acknowledged, store.Sent}, store.Acknowledged},
		{states{store.Failed, store.Queued}, store.Failed},
		{states{store.Queued}, store.Queued},
	} {
		var outcomes []store.DeliveryOutcome
		for _, state := range c.outcomes {
			outcomes = append(outcomes, store.DeliveryOutcome{State: state})
		}
		for _, together := range []bool{false, true} {
			if together && c.outcomes[0] == store.Failed {
				continue // in one batch the later one stands
			}
			id := kept(t, db, 1, 0, "", reply(1))[0]
			for i := range outcomes {
				outcomes[i].ID = id
				if outcomes[i].State == store.Sent {
					outcomes[i].SentID = 77
				}
				if !together {
					ok(t, db.KeepOutcomes(t.Context(), noon, outcomes[i:i+1]))
				}
			}
			if together {
				ok(t, db.KeepOutcomes(t.Context(), noon, outcomes))
			}
			var state store.DeliveryState
			var sent, holder int64
			ok(t,
				conn.QueryRow(t.Context(),
					`select state, coalesce(sent_id, 77), coalesce(holder, 0) from outbox where id = $1`, id).
					Scan(&state, &sent, &holder))
			if state != c.want || sent != 77 || holder != 0 {
				t.Errorf("%v (together: %v) ends as %s, message %d, holder %d; want %s", c.outcomes, together, state, sent,
					holder, c.want)
			}
		}
	}
	ok(t, db.KeepOutcomes(t.Context(), noon, nil))
}

func TestBacklog(t *testing.T) {
	db, _ := open(t)
	ids := kept(t, db, 1, 0, "", reply(1), reply(1), reply(1), nudge(1), bulk(1))
	ok(t, db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{
		{ID: ids[0], State: store.Sent}, {
			ID: ids[1], State: store.Failed, Reason: "chat not found",
		}, {ID: ids[3], State: store.Unknown},
	}))
	got, err := db.Backlog(t.Context(), noon)
	want := map[store.DeliveryState]int{store.Queued: 2, store.Failed: 1, store.Unknown: 1}
	if err != nil || !cmp.Equal(got, want) {
		t.Error(err, cmp.Diff(want, got))
	}
}

func TestUnreachable(t *testing.T) {
	db, conn := open(t)
	before := queue(t, db, bulk(1), later(nudge(1)), bulk(2))
	for range 2 {
		ok(t, db.Unreachable(t.Context(), noon, 1, "bot was blocked by the user"))
	}
	after := kept(t, db, 9, 0, "", nudge(1), reply(1), bulk(2))
	for id, want := range map[int64]store.DeliveryState{
		int64(before[0]): store.Unreachable, int64(before[1]): store.Unreachable, int64(before[2]): store.Queued,
		int64(after[0]): store.Unreachable, int64(after[1]): store.Queued, int64(after[2]): store.Queued,
	} {
		if got := stateOf(t, conn, store.ID(id)); got != want {
			t.Errorf("delivery %d is %s, want %s", id, got, want)
		}
	}
	for _, want := range []bool{true, false} {
		if was, err := db.Reachable(t.Context(), 1); was != want || err != nil {
			t.Errorf("Reachable = %v, %v; want %v", was, err, want)
		}
	}
	again := queue(t, db, nudge(1))
	claim(t, db, noon, store.Nudge, 9, again[0])
}

func TestMoveChat(t *testing.T) {
	db, _ := open(t)
	ids := queue(t, db, bulk(-5), later(bulk(-5)), bulk(-6))
	ok(t, db.MoveChat(t.Context(), -5, -1005))
	list := claim(t, db, noon.Add(time.Hour), store.Bulk, 9, ids[0], ids[2], ids[1])
	for i, want := range []int64{-1005, -6, -1005} {
		if got := list[i].Message.Chat; got != want {
			t.Errorf("delivery %d goes to %d, want %d", i, got, want)
		}
	}
}
