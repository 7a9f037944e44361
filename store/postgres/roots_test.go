package postgres_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pendamping/store/postgres"
)

// rewrite changes a nota in the database and every hash after it, as one who knows how it is done could.
func rewrite(t *testing.T, conn *pgx.Conn, b book) {
	t.Helper()
	ctx := t.Context()
	_, err := conn.Exec(ctx, `update receipts set seller = 'Toko Lain' where id = $1`, b.receipt.ID)
	ok(t, err)
	_, err = conn.Exec(ctx, `update events set body = replace(body, 'Toko Jaya', 'Toko Lain') where chain = $1`, b.recipient.ID)
	ok(t, err)
	rows, err := conn.Query(ctx, `select seq, body from events where chain = $1 order by seq`, b.recipient.ID)
	ok(t, err)
	bodies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
		Seq  int64
		Body string
	}])
	ok(t, err)
	var head [sha256.Size]byte
	for _, e := range bodies {
		head = sha256.Sum256(append(head[:], e.Body...))
		_, err := conn.Exec(ctx, `update events set hash = $3 where chain = $1 and seq = $2`, b.recipient.ID, e.Seq, head[:])
		ok(t, err)
	}
	_, err = conn.Exec(ctx, `update chains set head = $2 where id = $1`, b.recipient.ID, head[:])
	ok(t, err)
}

func TestRootsFindARewrittenHistory(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	kept, err := db.Root(t.Context(), "2026-11-23")
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutRecipient(t.Context(), "recipient.changed", &b.recipient)) })
	wantWhole(t, db, kept) // what comes later is no break

	rewrite(t, conn, b)
	wantBreak(t, db, fmt.Sprintf("root of 2026-11-23: chain %d was another", b.recipient.ID))

	// A forged root makes it whole for those who kept none.
	_, err = conn.Exec(t.Context(), `delete from roots`)
	ok(t, err)
	forged, err := db.Root(t.Context(), "2026-11-23")
	ok(t, err)
	wantWhole(t, db)
	wantBreak(t, db, "the root of 2026-11-23 is not the one that was kept elsewhere", kept)
	wantBreak(t, db, "the root of 2026-11-23 is not the one that was kept elsewhere", postgres.Root{Day: kept.Day, Hash: kept.Hash})
	wantBreak(t, db, "does not have its own hash", postgres.Root{Day: kept.Day, Hash: forged.Hash, Body: kept.Body})
	wantBreak(t, db, "the root of 2026-11-21, kept elsewhere, is missing", postgres.Root{Day: "2026-11-21", Hash: kept.Hash})
}

func wantBreak(t *testing.T, db *postgres.DB, part string, kept ...postgres.Root) {
	t.Helper()
	report, err := db.Verify(t.Context(), kept)
	ok(t, err)
	if !strings.Contains(report.Break, part) {
		t.Errorf("verify says %q, want it to say %q", report.Break, part)
	}
}

func TestRoot(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	first, err := db.Root(ctx, "2026-11-23")
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutRecipient(ctx, "recipient.changed", &b.recipient)) })
	again, err := db.Root(ctx, "2026-11-23")
	ok(t, err)
	wantSame(t, first, again)
	next, err := db.Root(ctx, "2026-11-24")
	ok(t, err)
	if !strings.HasPrefix(next.Body, "pendamping 2026-11-24\nprevious "+first.Hash+"\n0 ") {
		t.Errorf("a root begins with %.120q", next.Body)
	}
	if sum := sha256.Sum256([]byte(next.Body)); next.Hash != hex.EncodeToString(sum[:]) {
		t.Error("a root's hash is not that of its body")
	}
	if _, err := db.Root(ctx, "2026-11-22"); err == nil {
		t.Error("a day before the last root got one")
	}
	wantWhole(t, db, first, next)
}
