package postgres_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
	"pendamping/store/postgres"
)

// rewrite changes a nota in the database and every hash after it, as one who knows how it is done could.
func rewrite(t *testing.T, conn *pgx.Conn, b book) {
	t.Helper()
	ctx := t.Context()
	_, err := conn.Exec(ctx, `update receipts set seller = 'Toko Lain' where id = $1`, b.receipt.ID)
	ok(t, err)
	_, err = conn.Exec(ctx, `update events set body = replace(body, 'Toko Jaya', 'Toko Lain') where chain = $1`,
		b.recipient.ID)
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
		_, err := conn.Exec(ctx, `update events set hash = $3 where chain = $1 and seq = $2`, b.recipient.ID, e.Seq,
			head[:])
		ok(t, err)
	}
	_, err = conn.Exec(ctx, `update chains set head = $2 where id = $1`, b.recipient.ID, head[:])
	ok(t, err)
}

func TestRootsFindARewrittenHistory(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	kept, err := db.KeepRoot(t.Context(), noon)
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutRecipient(t.Context(), "recipient.changed", &b.recipient)) })
	wantWhole(t, db, kept) // what comes later is no break

	rewrite(t, conn, b)
	wantBreak(t, db, fmt.Sprintf("root of 2026-11-23T05: chain %d was another", b.recipient.ID))

	// A forged root makes it whole for those who kept none.
	_, err = conn.Exec(t.Context(), `delete from roots`)
	ok(t, err)
	forged, err := db.KeepRoot(t.Context(), noon)
	ok(t, err)
	wantWhole(t, db)
	wantBreak(t, db, "the root of 2026-11-23T05 is not the one that was kept elsewhere", kept)
	wantBreak(t, db, "the root of 2026-11-23T05 is not the one that was kept elsewhere",
		store.Root{Name: kept.Name, Hash: kept.Hash})
	wantBreak(t, db, "does not have its own hash", store.Root{Name: kept.Name, Hash: forged.Hash, Body: kept.Body})
	wantBreak(t, db, "the root of 2026-11-21T05, kept elsewhere, is missing", store.Root{Name: "2026-11-21T05",
		Hash: kept.Hash})
}

func wantBreak(t *testing.T, db *postgres.DB, part string, kept ...store.Root) {
	t.Helper()
	report, err := db.Verify(t.Context(), verifiedAt, kept)
	ok(t, err)
	if !strings.Contains(report.Break, part) {
		t.Errorf("verify says %q, want it to say %q", report.Break, part)
	}
}

// TestRoot makes roots hour by hour: a day's first has all chains, the next ones have those that have grown, each has
// the one before it.
func TestRoot(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	change := func() {
		t.Helper()
		do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutRecipient(ctx, "recipient.changed", &b.recipient)) })
	}
	at := func(hour time.Duration) store.Root {
		t.Helper()
		r, err := db.KeepRoot(ctx, noon.Add(hour*time.Hour+time.Minute))
		ok(t, err)
		if sum := sha256.Sum256([]byte(r.Body)); r.Hash != hex.EncodeToString(sum[:]) {
			t.Errorf("the hash of %s is not that of its body", r.Name)
		}
		return r
	}
	first := at(0)
	change()
	wantSame(t, first, at(0))
	second, third, next := at(1), at(3), at(24)
	for _, c := range []struct {
		r              store.Root
		name, previous string
		chains         int
	}{
		{first, "2026-11-23T05", "-", 2}, {second, "2026-11-23T06", first.Hash, 1},
		{third, "2026-11-23T08", second.Hash, 0}, {next, "2026-11-24T05", third.Hash, 2},
	} {
		head := "pendamping " + c.name + "\nprevious " + c.previous + "\n"
		if !strings.HasPrefix(c.r.Body, head) || strings.Count(c.r.Body, "\n") != 2+c.chains || c.r.Name != c.name {
			t.Errorf("%s is\n%s\nand should begin with\n%sand have %d chains", c.r.Name, c.r.Body, head, c.chains)
		}
	}
	if _, err := db.KeepRoot(ctx, noon); err == nil {
		t.Error("an hour before the last root got one")
	}
	change()
	for _, kept := range [][]store.Root{{first, next}, {{Name: "2026-11-23", Hash: second.Hash}, next}, nil} {
		if report := wantWhole(t, db, kept...); report.Root.Name != next.Name || report.After != 1 {
			t.Errorf("%d events come after %s", report.After, report.Root.Name)
		}
	}
	if report := wantWhole(t, db, first); report.Root.Name != first.Name || report.After != 2 {
		t.Errorf("%d events come after %s", report.After, report.Root.Name)
	}
	wantBreak(t, db, "the root of 2026-11-23 is not", store.Root{Name: "2026-11-23", Hash: next.Hash})
}

// A root from when there was one a day goes on being one, and the hours follow it.
func TestRootOfADay(t *testing.T) {
	db, conn := open(t)
	fill(t, db)
	ctx := t.Context()
	made, err := db.KeepRoot(ctx, noon)
	ok(t, err)
	body := strings.Replace(made.Body, made.Name, "2026-11-23", 1)
	sum := sha256.Sum256([]byte(body))
	_, err = conn.Exec(ctx, `update roots set name = '2026-11-23', body = $1, hash = $2`, body, sum[:])
	ok(t, err)
	next, err := db.KeepRoot(ctx, noon)
	ok(t, err)
	if strings.Count(next.Body, "\n") != 2 {
		t.Errorf("nothing has grown, and the root is\n%s", next.Body)
	}
	wantWhole(t, db, store.Root{Name: "2026-11-23", Hash: hex.EncodeToString(sum[:])}, next)
}

// A root that is dated in the future is a break and holds no root up: those of the hours go on beside it, and nobody is
// shown it.
func TestRootAhead(t *testing.T) {
	db, conn := open(t)
	fill(t, db)
	ctx := t.Context()
	hour := func(n time.Duration) time.Time { return noon.Add(n * time.Hour) }
	first, err := db.KeepRoot(ctx, hour(0))
	ok(t, err)
	name, err := db.RootAhead(ctx, hour(0))
	if ok(t, err); name != "" {
		t.Errorf("%s is ahead, and is the root of this hour", name)
	}
	body := strings.Replace(first.Body, "previous -", "previous "+first.Hash, 1)
	body = strings.Replace(body, first.Name, "9999-12-31T23", 1)
	sum := sha256.Sum256([]byte(body))
	_, err = conn.Exec(ctx, `insert into roots (name, body, hash) values ('9999-12-31T23', $1, $2)`, body, sum[:])
	ok(t, err)
	second, err := db.KeepRoot(ctx, hour(1))
	if ok(t, err); second.Name != "2026-11-23T06" || !strings.Contains(second.Body, "previous "+first.Hash) {
		t.Errorf("beside a root of the year 9999 it makes\n%s", second.Body)
	}
	if name, err = db.RootAhead(ctx, hour(1)); err != nil || name != "9999-12-31T23" {
		t.Errorf("%q is ahead, %v", name, err)
	}
	tx := db.Begin(hour(1), 0)
	defer tx.Rollback(ctx)
	newest, err := tx.NewestRoot(ctx)
	if ok(t, err); newest.Name != second.Name {
		t.Errorf("the newest root is %s", newest.Name)
	}
	trail, err := tx.Trail(ctx, 0)
	if ok(t, err); len(trail.Roots) != 2 || trail.Roots[1].Name != second.Name {
		t.Errorf("the trail has the roots %v", trail.Roots)
	}
	tx.Rollback(ctx)
	wantBreak(t, db, "the root of 9999-12-31T23 is dated in the future")
	_, err = conn.Exec(ctx, `delete from roots where name > '9'`)
	ok(t, err)
	wantWhole(t, db, first, second)
	// A clock that is a little ahead has made the next hour's root: it is no false one, and is waited for.
	_, err = db.KeepRoot(ctx, hour(3))
	ok(t, err)
	if _, err := db.KeepRoot(ctx, hour(2)); err == nil {
		t.Error("an hour before the last root got one")
	}
	wantWhole(t, db)
}

// oldComplaint adds a complaint as it was kept before complaints had a chain of their own: in that of the recipient.
func oldComplaint(t *testing.T, conn *pgx.Conn, b book) (seq int64) {
	t.Helper()
	ctx := t.Context()
	c := store.Complaint{ID: 900_000, Version: 1, Person: b.chair.ID, Recipient: b.recipient.ID, Topic: "pungli",
		State: store.ComplaintSent, At: noon.Truncate(time.Microsecond)}
	_, err := conn.Exec(ctx, `
		insert into complaints (id, version, person, recipient, province, regency, topic, words, state, reply, at)
		values ($1, 1, $2, $3, '', '', $4, '', $5, '', $6)`, int64(c.ID), int64(c.Person), int64(c.Recipient), c.Topic, c.State, c.At)
	ok(t, err)
	var head [sha256.Size]byte
	ok(t, conn.QueryRow(ctx, `select length + 1, head from chains where id = $1`, int64(b.recipient.ID)).Scan(&seq,
		(*hash)(&head)))
	after, err := json.Marshal(c)
	ok(t, err)
	body := fmt.Sprintf(
		`{"chain":%d,"seq":%d,"at":%q,"actor":{},"what":"complaint.sent","record":{"kind":"complaint","id":%d,"version":1},"after":%s}`,
		b.recipient.ID, seq, c.At.Format(time.RFC3339Nano), c.ID, after)
	head = sha256.Sum256(append(head[:], body...))
	_,
		err = conn.Exec(ctx,
		`insert into events (chain, seq, at, kind, record, version, body, hash) values ($1, $2, $3, 'complaint', $4, 1, $5, $6)`,
		int64(b.recipient.ID), seq, c.At, int64(c.ID), body, head[:])
	ok(t, err)
	_, err = conn.Exec(ctx, `update chains set length = $2, head = $3 where id = $1`, int64(b.recipient.ID), seq,
		head[:])
	ok(t, err)
	return seq
}

// hash is read from a column of bytes.
type hash [sha256.Size]byte

func (h *hash) ScanBytes(b []byte) error { copy(h[:], b); return nil }

// A complaint is in no recipient's chain. One that is, from before, is left out of the trail that goes to auditors, and
// a root names it: no other event may be left out.
func TestTrailWithholdsComplaintsOnly(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	ctx := t.Context()
	trail := func() store.Trail {
		t.Helper()
		tx := db.Begin(noon.Add(time.Hour), 0)
		defer tx.Rollback(ctx)
		trail, err := tx.Trail(ctx, b.recipient.ID)
		ok(t, err)
		return trail
	}
	_, err := db.KeepRoot(ctx, noon)
	ok(t, err)
	for _, e := range trail().Events {
		if e.Body == "" {
			t.Errorf("event %d of the recipient is left out", e.Seq)
		}
	}
	seq := oldComplaint(t, conn, b)
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutRecipient(ctx, "recipient.changed", &b.recipient)) })
	if got := postgres.Broken(trail()); !strings.Contains(got, fmt.Sprintf("event %d has no text", seq)) {
		t.Errorf("before a root names the complaint: %q", got)
	}
	r, err := db.KeepRoot(ctx, noon.Add(time.Hour))
	if ok(t, err); !strings.HasSuffix(r.Body, fmt.Sprintf(" withheld %d\n", seq)) {
		t.Errorf("the root is\n%s", r.Body)
	}
	wantWhole(t, db, r)
	whole := trail()
	if got := postgres.Broken(whole); got != "" {
		t.Error(got)
	}
	for i := range whole.Events {
		was := whole.Events[i].Body
		whole.Events[i].Body = ""
		if got := postgres.Broken(whole); (got == "") != (whole.Events[i].Seq == seq) {
			t.Errorf("event %d without its text: %q", whole.Events[i].Seq, got)
		}
		whole.Events[i].Body = was
	}
	sum := sha256.Sum256([]byte(strings.Replace(r.Body, " withheld ", " withheld 1,", 1)))
	_,
		err = conn.Exec(ctx,
		`update roots set body = replace(body, ' withheld ', ' withheld 1,'), hash = $2 where name = $1`, r.Name,
		sum[:])
	ok(t, err)
	wantBreak(t, db, "event 1 is none that was told in confidence")
}
