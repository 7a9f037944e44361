package postgres_test

import (
	"errors"
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

func TestRooms(t *testing.T) {
	db, _ := open(t)
	var a, b store.ID
	do(t, db, func(tx *postgres.Tx) {
		a, b = addGroup(t, tx, "A").recipient.ID, addGroup(t, tx, "B").recipient.ID
		ok(t, tx.PutRoom(t.Context(), -5, a))
		ok(t, tx.PutRoom(t.Context(), -6, b))
	})
	tx := db.Begin(noon, 0)
	ok(t, tx.PutRoom(t.Context(), -5, b))
	if _, err := tx.Commit(t.Context(), 0, nil, nil); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a chat was taken from whose it is: %v", err)
	}
	ok(t, db.MoveChat(t.Context(), -5, -1005))
	ok(t, db.MoveChat(t.Context(), -5, -1005)) // told twice: by Telegram, and by a call that met the old id
	ok(t, db.MoveChat(t.Context(), -5, -6))    // late news about a chat that is another's: nothing moves
	tx = db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	for chat, want := range map[int64]store.ID{-5: 0, -1005: a, -6: b} {
		if got, err := tx.RoomOf(t.Context(), chat); err != nil || got != want {
			t.Errorf("chat %d is of %d, want %d (%v)", chat, got, want, err)
		}
	}
	for recipient, want := range map[store.ID][]int64{a: {-1005}, b: {-6}} {
		got, err := tx.Rooms(t.Context(), recipient)
		ok(t, err)
		wantSame(t, want, got)
	}
}
