package postgres_test

import (
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// A snapshot stays as it was taken, and nothing is written through it; its trail is whole, and a text changed in it is found.
func TestTrail(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	_, err := db.KeepRoot(ctx, noon)
	ok(t, err)
	snap, err := db.Snapshot(ctx, noon)
	ok(t, err)
	defer snap.Rollback(ctx)
	before, err := snap.Trail(ctx, b.recipient.ID)
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) {
		ok(t, tx.AddAnnex(ctx, "annex.added", &store.Annex{Recipient: b.recipient.ID, Edition: 1, Kind: store.AnnexTool, By: b.chair.ID, At: noon}))
	})
	after, err := snap.Trail(ctx, b.recipient.ID)
	ok(t, err)
	if len(before.Events) == 0 || len(after.Events) != len(before.Events) || len(before.Roots) != 1 {
		t.Errorf("%d events, then %d, under %d roots", len(before.Events), len(after.Events), len(before.Roots))
	}
	if at := postgres.Broken(before); at != "" {
		t.Error(at)
	}
	if err := snap.AddAnnex(ctx, "annex.added", &store.Annex{Recipient: b.recipient.ID, Edition: 1, Kind: store.AnnexTool, By: b.chair.ID, At: noon}); err == nil {
		if _, err := snap.Commit(ctx, 0, nil, nil); err == nil {
			t.Error("a snapshot was written through")
		}
	}
	before.Events[1].Body += " "
	if at := postgres.Broken(before); at != "event 2: its hash does not follow from its text and the event before" {
		t.Errorf("a changed text: %q", at)
	}
}
