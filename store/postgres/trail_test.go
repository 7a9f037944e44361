package postgres_test

import (
	"strings"
	"testing"
	"time"

	"pendamping/store"
	"pendamping/store/postgres"
)

// A snapshot stays as it was taken, and nothing is written through it; its trail is whole, and a text changed in it is
// found.
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
		ok(t, tx.AddAnnex(ctx, "annex.added", &store.Annex{
			Recipient: b.recipient.ID, Edition: 1, Kind: store.AnnexTool, By: b.chair.ID, At: noon,
		}))
	})
	after, err := snap.Trail(ctx, b.recipient.ID)
	ok(t, err)
	if len(before.Events) == 0 || len(after.Events) != len(before.Events) || len(before.Roots) != 1 {
		t.Errorf("%d events, then %d, under %d roots", len(before.Events), len(after.Events), len(before.Roots))
	}
	if at := postgres.Broken(before); at != "" {
		t.Error(at)
	}
	if err := snap.AddAnnex(ctx, "annex.added", &store.Annex{
		Recipient: b.recipient.ID, Edition: 1, Kind: store.AnnexTool, By: b.chair.ID, At: noon,
	}); err == nil {
		if _, err := snap.Commit(ctx, 0, nil, nil); err == nil {
			t.Error("a snapshot was written through")
		}
	}
	before.Events[1].Body += " "
	if at := postgres.Broken(before); at != "event 2: its hash does not follow from its text and the event before" {
		t.Errorf("a changed text: %q", at)
	}
}

// A day's first root has all chains that there were: it may lack one that began later, and no other.
func TestTrailBegunAfterRoot(t *testing.T) {
	const lacks = "it does not have the chain"
	for name, c := range map[string]struct {
		// since the chain's first events, which are of noon; more is when another comes, if it does
		root, more time.Duration
		want       string
	}{
		"root of the hour before":       {root: -time.Hour},
		"root earlier in that hour":     {},
		"root of the hour after":        {root: time.Hour, want: lacks},
		"root between the events":       {root: time.Hour, more: 2 * time.Hour, want: lacks},
		"root before all of the events": {root: -time.Hour, more: 2 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			db, _ := open(t)
			_, err := db.KeepRoot(t.Context(), noon.Add(c.root))
			ok(t, err)
			b := fill(t, db)
			if c.more != 0 {
				tx := db.Begin(noon.Add(c.more), 0)
				defer tx.Rollback(t.Context())
				ok(t, tx.PutRecipient(t.Context(), "recipient.changed", &b.recipient))
				_, err := tx.Commit(t.Context(), 0, nil, nil)
				ok(t, err)
			}
			snap, err := db.Snapshot(t.Context(), noon)
			ok(t, err)
			defer snap.Rollback(t.Context())
			trail, err := snap.Trail(t.Context(), b.recipient.ID)
			ok(t, err)
			if at := postgres.Broken(trail); (at == "") != (c.want == "") || !strings.HasSuffix(at, c.want) {
				t.Errorf("it says %q, want %q", at, c.want)
			}
		})
	}
}
