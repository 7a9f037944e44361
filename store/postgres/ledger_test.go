package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pendamping/store"
	"pendamping/store/postgres"
)

func TestReceipts(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	ctx := t.Context()
	g, other := addGroup(t, tx, "A"), addGroup(t, tx, "B")
	for i, state := range []store.ReceiptState{
		"", store.Submitted, store.Cancelled, store.Submitted, store.Unfinished,
	} {
		r := store.Receipt{
			Recipient: g.recipient.ID, State: state, By: g.chair.ID, Begun: noon.Add(time.Duration(-i) * time.Minute),
			Day: "2026-11-23", Total: 1, Submitted: noon,
			Sources: []store.Source{{
				Person: g.chair.ID, Message: 10, Name: fmt.Sprint("q", i),
			}, {Person: g.chair.ID, Message: 20 + i, Name: "amount"}},
		}
		ok(t, tx.AddReceipt(ctx, "receipt.begun", &r))
	}
	ok(t, tx.AddReceipt(ctx, "receipt.begun", &store.Receipt{
		Recipient: other.recipient.ID, By: g.mentor.ID, Behalf: true,
	}))

	for _, c := range []struct {
		state         store.ReceiptState
		limit, offset int
		want          string
		count         int
	}{
		{"", 10, 0, "[5 4 3 2 1]", 5},
		{"", 2, 1, "[4 3]", 5},
		{store.Submitted, 10, 0, "[4 2]", 2},
		{store.Submitted, 1, 1, "[2]", 2},
		{store.Unfinished, 10, 0, "[5 1]", 2},
		{store.Cancelled, 10, 5, "[]", 1},
	} {
		list, err := tx.Receipts(ctx, g.recipient.ID, c.state, c.limit, c.offset)
		ok(t, err)
		if got := fmt.Sprint(numbers(list)); got != c.want {
			t.Errorf("receipts in state %q, %d from %d: %s, want %s", c.state, c.limit, c.offset, got, c.want)
		}
		n, err := tx.CountReceipts(ctx, g.recipient.ID, c.state)
		ok(t, err)
		if n != c.count {
			t.Errorf("%d receipts in state %q, want %d", n, c.state, c.count)
		}
	}
	mine, err := tx.UnfinishedOf(ctx, g.chair.ID)
	ok(t, err)
	if got := fmt.Sprint(numbers(mine)); got != "[1 5]" { // the first was begun last
		t.Errorf("unfinished are %s", got)
	}
	behalf, err := tx.UnfinishedOf(ctx, g.mentor.ID)
	ok(t, err)
	if len(behalf) != 1 || behalf[0].Recipient != other.recipient.ID || behalf[0].Number != 1 {
		t.Errorf("a mentor's unfinished are %v", behalf)
	}
	for _, c := range []struct {
		account int64
		message int
		number  int
		name    string
	}{{4711, 23, 4, "amount"}, {4711, 10, 1, "q0"}, {4712, 23, 0, ""}, {4711, 99, 0, ""}} {
		r, name, err := tx.ReceiptBySource(ctx, c.account, c.message)
		if r.Number != c.number || name != c.name || (c.number == 0) != errors.Is(err, store.ErrNotFound) {
			t.Errorf("message %d of %d: nota %d, %q, %v", c.message, c.account, r.Number, name, err)
		}
	}
	if _, err := tx.ReceiptByNumber(ctx, other.recipient.ID, 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a number of another group: %v", err)
	}
}

func numbers(list []store.Receipt) (all []int) {
	for _, r := range list {
		all = append(all, r.Number)
	}
	return all
}

func TestFiles(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	var held store.File
	do(t, db, func(tx *postgres.Tx) {
		for i, kind := range []string{"photo", "document", "photo"} {
			f := store.File{
				Recipient: b.recipient.ID, Receipt: b.receipt.ID, Kind: kind, FileID: fmt.Sprint(kind, i),
				At: noon.Add(time.Duration(-i-1) * time.Second),
			}
			ok(t, tx.AddFile(t.Context(), "file.added", &f))
		}
		for i := range 2 {
			held = store.File{Kind: "photo", FileID: fmt.Sprint("held", i), By: b.mentor.ID,
				At: noon.Add(time.Duration(-i) * time.Second)}
			ok(t, tx.AddFile(t.Context(), "file.held", &held))
		}
	})
	want := func(list func(*postgres.Tx) ([]store.File, error), want string) {
		t.Helper()
		got, err := list(db.Begin(noon, 0))
		ok(t, err)
		names := []string{}
		for _, f := range got {
			names = append(names, f.FileID)
		}
		if fmt.Sprint(names) != want {
			t.Errorf("files %v, want %s", names, want)
		}
	}
	ofReceipt := func(tx *postgres.Tx) ([]store.File, error) { return tx.Files(t.Context(), b.receipt.ID) }
	ofMentor := func(tx *postgres.Tx) ([]store.File, error) { return tx.HeldFiles(t.Context(), b.mentor.ID) }
	want(ofReceipt, "[photo2 document1 photo0 AgAC]")
	want(ofMentor, "[held1 held0]")
	do(t, db, func(tx *postgres.Tx) {
		held.Recipient, held.Receipt = b.recipient.ID, b.receipt.ID
		ok(t, tx.PutFile(t.Context(), "file.placed", &held))
	})
	want(ofMentor, "[held0]")
	accepted := func(want int) {
		t.Helper()
		var n int
		ok(t, conn.QueryRow(t.Context(), `select count(file_id) from accepted_photos`).Scan(&n))
		if n != want {
			t.Errorf("%d accepted photos, want %d", n, want)
		}
	}
	accepted(4)
	do(t, db, func(tx *postgres.Tx) {
		b.receipt.State = store.Cancelled
		ok(t, tx.PutReceipt(t.Context(), "receipt.cancelled", &b.receipt))
	})
	accepted(0)
	wantWhole(t, db) // also of the file whose first event is in another chain
}

func TestScopes(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	ctx := t.Context()
	g := addGroup(t, tx, "A")
	for i, c := range []store.Complaint{
		{Topic: "closed", Province: "Aceh", Regency: "Pidie", State: store.ComplaintClosed},
		{Topic: "old", Province: "ACEH", Regency: "Pidie"},
		{Topic: "new", Province: "Aceh", Regency: "Bireuen", State: store.ComplaintTaken},
		{Topic: "bali", Province: "Bali"},
	} {
		c.Person, c.At = g.chair.ID, noon.Add(time.Duration(i)*time.Minute)
		ok(t, tx.AddComplaint(ctx, "complaint.sent", &c))
	}
	for _, c := range []struct{ province, regency, want string }{
		{"", "", "[bali new old closed]"}, {"aceh", "", "[new old closed]"}, {"Aceh", "Pidie", "[old closed]"},
		{"Riau", "", "[]"},
	} {
		list, err := tx.ComplaintsIn(ctx, c.province, c.regency)
		ok(t, err)
		topics := []string{}
		for _, x := range list {
			topics = append(topics, x.Topic)
		}
		if fmt.Sprint(topics) != c.want {
			t.Errorf("complaints in %q, %q: %v, want %s", c.province, c.regency, topics, c.want)
		}
	}

	ok(t, tx.AddRecipient(ctx, "recipient.added", &store.Recipient{
		Code: "0", Name: "Abadi", Program: g.program.ID, Mentor: g.mentor.ID,
	}))
	groups, err := tx.RecipientsOf(ctx, g.mentor.ID)
	ok(t, err)
	if len(groups) != 2 || groups[0].Name != "Abadi" {
		t.Errorf("a mentor's groups are %v", groups)
	}
	if r, err := tx.RecipientByCode(ctx, "A"); err != nil || r.ID != g.recipient.ID {
		t.Errorf("recipient A: %v, %v", r, err)
	}
	ok(t, tx.AddProgram(ctx, "program.added", &store.Program{Code: "TKM-A", Edition: 3}))
	for version, edition := range map[int]int{0: 3, 1: 1, 3: 3, 2: 0} {
		p, err := tx.ProgramByCode(ctx, "TKM-A", version)
		if p.Edition != edition || (edition == 0) != errors.Is(err, store.ErrNotFound) {
			t.Errorf("version %d of the programme: %d, %v", version, p.Edition, err)
		}
	}
}
