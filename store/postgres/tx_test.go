package postgres_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

func TestReadingWritesNothing(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 7)
	defer tx.Rollback(t.Context())
	a, err := tx.Account(t.Context(), 1)
	ok(t, err)
	wantSame(t, store.Account{ID: 1}, a)
	if tx.Written() {
		t.Error("a reader has something to commit")
	}
	ok(t, tx.PutAccount(t.Context(), store.Account{ID: 1, Language: "en"}))
	if !tx.Written() {
		t.Error("a writer has nothing to commit")
	}
	a, err = tx.Account(t.Context(), 1)
	ok(t, err)
	wantSame(t, store.Account{ID: 1, Language: "en"}, a) // what is written is seen at once
	tx.Rollback(t.Context())
	tx.Rollback(t.Context())
	if _, err := tx.Account(t.Context(), 1); err == nil {
		t.Error("a transaction that has ended still reads")
	}
	do(t, db, func(tx *postgres.Tx) {
		a, err := tx.Account(t.Context(), 1)
		ok(t, err)
		wantSame(t, store.Account{ID: 1}, a) // what was rolled back is gone
	})
}

// TestConflicts changes every kind of record in two transactions that have read the same version.
func TestConflicts(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	for name, put := range map[string]func(tx *postgres.Tx, b book) error{
		"recipient": func(tx *postgres.Tx, b book) error { return tx.PutRecipient(t.Context(), "x", &b.recipient) },
		"person":    func(tx *postgres.Tx, b book) error { return tx.PutPerson(t.Context(), "x", &b.chair) },
		"consent":   func(tx *postgres.Tx, b book) error { return tx.PutConsent(t.Context(), "x", &b.consent) },
		"invite":    func(tx *postgres.Tx, b book) error { return tx.PutInvite(t.Context(), "x", &b.invite) },
		"receipt":   func(tx *postgres.Tx, b book) error { return tx.PutReceipt(t.Context(), "x", &b.receipt) },
		"entry":     func(tx *postgres.Tx, b book) error { return tx.PutEntry(t.Context(), "x", &b.entry) },
		"file":      func(tx *postgres.Tx, b book) error { return tx.PutFile(t.Context(), "x", &b.file) },
		"complaint": func(tx *postgres.Tx, b book) error { return tx.PutComplaint(t.Context(), "x", &b.complaint) },
	} {
		t.Run(name, func(t *testing.T) {
			loser := db.Begin(noon, 0)
			defer loser.Rollback(t.Context())
			b.read(t, loser) // the versions are known before the winner comes
			do(t, db, func(tx *postgres.Tx) { ok(t, put(tx, b)) })
			err := put(loser, b)
			if err == nil {
				_, err = loser.Commit(t.Context(), 0, nil, nil)
			}
			if !errors.Is(err, store.ErrConflict) {
				t.Errorf("the second to change it got %v, want a conflict", err)
			}
			fresh := db.Begin(noon, 0)
			defer fresh.Rollback(t.Context())
			if err := put(fresh, b); !errors.Is(err, store.ErrConflict) {
				t.Errorf("who comes later with the old version got %v, want a conflict", err)
			}
		})
	}
	wantWhole(t, db)
}

// A change that was not kept leaves its record with the version it was read in. Tried again as it is, it meets the
// conflict again and does not overwrite what another transaction has changed meanwhile.
func TestLostChangeIsNoNewVersion(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	stale := b.file
	attempt := func() error {
		tx := db.Begin(noon, 0)
		defer tx.Rollback(t.Context())
		stale.Name = "stale"
		if err := tx.PutFile(t.Context(), "x", &stale); err != nil {
			return err
		}
		// Somebody else is quicker, though who waits for the chain's lock comes later.
		_, err := tx.Commit(t.Context(), 0, nil, nil)
		return err
	}
	read := db.Begin(noon, 0)
	defer read.Rollback(t.Context())
	ok(t, read.PutFile(t.Context(), "x", &stale))
	read.Rollback(t.Context())
	if stale.Version != b.file.Version {
		t.Errorf("after a rollback it carries version %d, want %d", stale.Version, b.file.Version)
	}
	winner := b.file
	winner.Name = "winner"
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutFile(t.Context(), "x", &winner)) })
	for range 3 {
		if err := attempt(); !errors.Is(err, store.ErrConflict) {
			t.Errorf("with the old version: %v, want a conflict", err)
		}
	}
	do(t, db, func(tx *postgres.Tx) {
		f, err := tx.File(t.Context(), b.file.ID)
		ok(t, err)
		if f.Name != "winner" || f.Version != winner.Version {
			t.Errorf("the file is %q in version %d, want the winner's in %d", f.Name, f.Version, winner.Version)
		}
		// Changed twice in one transaction and rolled back, it is as it was; kept, it has both.
		again := f
		lost := db.Begin(noon, 0)
		ok(t, errors.Join(lost.PutFile(t.Context(), "x", &again), lost.PutFile(t.Context(), "x", &again)))
		lost.Rollback(t.Context())
		if again.Version != f.Version {
			t.Errorf("changed twice in vain it carries version %d, want %d", again.Version, f.Version)
		}
		ok(t, errors.Join(tx.PutFile(t.Context(), "x", &again), tx.PutFile(t.Context(), "x", &again)))
		if again.Version != f.Version+2 {
			t.Errorf("changed twice it carries version %d, want %d", again.Version, f.Version+2)
		}
	})
	wantWhole(t, db)
}

func TestWhatIsForGood(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	other := b
	do(t, db, func(tx *postgres.Tx) { other.group = addGroup(t, tx, "Z") })
	for name, put := range map[string]func(tx *postgres.Tx) error{
		"a nota's recipient": func(tx *postgres.Tx) error {
			b.receipt.Recipient = other.recipient.ID
			return tx.PutReceipt(t.Context(), "x", &b.receipt)
		},
		"an entry's number": func(tx *postgres.Tx) error {
			b.entry.Number = 99
			return tx.PutEntry(t.Context(), "x", &b.entry)
		},
		"a file's recipient": func(tx *postgres.Tx) error {
			b.file.Recipient = other.recipient.ID
			return tx.PutFile(t.Context(), "x", &b.file)
		},
	} {
		tx := db.Begin(noon, 0)
		err := put(tx)
		if err == nil {
			_, err = tx.Commit(t.Context(), 0, nil, nil)
		}
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s was changed: %v", name, err)
		}
		tx.Rollback(t.Context())
	}
	wantWhole(t, db)
}

// TestSameKeyTwice has two processes import the same person at once.
func TestSameKeyTwice(t *testing.T) {
	db, _ := open(t)
	first, second := db.Begin(noon, 0), db.Begin(noon, 0)
	defer second.Rollback(t.Context())
	ok(t, first.AddPerson(t.Context(), "x", &store.Person{Key: "same", Role: store.Mentor}))
	_, err := first.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	ok(t, second.AddPerson(t.Context(), "x", &store.Person{Key: "same", Role: store.Mentor}))
	if _, err = second.Commit(t.Context(), 0, nil, nil); !errors.Is(err, store.ErrConflict) {
		t.Errorf("got %v, want a conflict", err)
	}
}

func TestNumbersHaveNoGaps(t *testing.T) {
	db, conn := open(t)
	var g group
	do(t, db, func(tx *postgres.Tx) { g = addGroup(t, tx, "A") })
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				tx := db.Begin(noon, 0)
				r := store.Receipt{Recipient: g.recipient.ID, By: g.chair.ID, Begun: noon}
				e := store.Entry{Recipient: g.recipient.ID, Kind: store.EntryFee, Amount: 1, At: noon}
				if err := errors.Join(tx.AddReceipt(t.Context(), "x", &r),
					tx.AddEntry(t.Context(), "x", &e)); err != nil {
					t.Error(err)
				}
				if (i+w)%5 == 0 { // some give up: their number goes to the next
					tx.Rollback(t.Context())
					continue
				}
				if _, err := tx.Commit(t.Context(), 0, nil, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, table := range []string{"receipts", "entries"} {
		var n, last, ids int
		ok(t, conn.QueryRow(t.Context(), "select count(*), max(number), count(distinct id) from "+table).Scan(&n, &last,
			&ids))
		if n != writers*each*4/5 || last != n || ids != n {
			t.Errorf("%s: %d rows, last number %d, %d ids", table, n, last, ids)
		}
	}
	wantWhole(t, db)
}

func TestAnUpdateIsHandledOnce(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	_, err := db.Accept(t.Context(), 1, []store.Update{{ID: 77, Chat: 4711, Payload: []byte("{}"), At: noon}})
	ok(t, err)
	turn := func(words string) ([]store.Delivery, error) {
		tx := db.Begin(noon, 77)
		defer tx.Rollback(t.Context())
		r := store.Receipt{Recipient: b.recipient.ID, By: b.chair.ID, Seller: words, Begun: noon}
		ok(t, tx.AddReceipt(t.Context(), "receipt.begun", &r))
		return tx.Commit(t.Context(), 1, []byte("session"), []store.Delivery{
			{Message: store.Message{Chat: 4711, Body: []store.Text{store.Say("receipt.kept")}}},
			{Message: store.Message{Chat: 4712, Class: store.Bulk, Body: []store.Text{store.Say("receipt.kept")}}},
		})
	}
	sent, err := turn("first")
	ok(t, err)
	if sent[0].ID == 0 || sent[1].ID == 0 || sent[0].ID == sent[1].ID {
		t.Errorf("deliveries have the ids %d and %d", sent[0].ID, sent[1].ID)
	}
	if _, err := turn("second"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the same update again: %v, want a conflict", err)
	}
	var receipts, outbox int
	ok(t, conn.QueryRow(t.Context(), `
		select (select count(*) from receipts where seller in ('first', 'second')), (select count(*) from outbox)`).Scan(&receipts, &outbox))
	if receipts != 1 || outbox != 2 {
		t.Errorf("%d notas and %d messages, want 1 and 2", receipts, outbox)
	}
	wantWhole(t, db)
}

// TestAHalfWrittenRecordIsNotKept has an event that can't be written after its record was.
func TestAHalfWrittenRecordIsNotKept(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	r := store.Receipt{Recipient: b.recipient.ID, By: b.chair.ID}
	if err := tx.AddReceipt(t.Context(), "", &r); err == nil {
		t.Error("an event needs no name")
	}
	if _, err := tx.Commit(t.Context(), 0, nil, nil); err == nil {
		t.Error("a record without its event was committed")
	}
	wantWhole(t, db)
}

func TestManyMigrateAtOnce(t *testing.T) {
	url := testdb.Database(t, nil)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := migrate(t.Context(), url); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	ok(t, migrate(t.Context(), url))
}

func TestOpen(t *testing.T) {
	if _, err := postgres.Open(t.Context(), "postgres://user:secret@:x/"); err == nil ||
		strings.Contains(err.Error(), "secret") {
		t.Errorf("a malformed URL: %v", err)
	}
	db, err := postgres.Open(t.Context(), "postgres://user:secret@127.0.0.1:1/x")
	ok(t, err)
	defer db.Close()
	if err := db.Ping(t.Context()); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody there: %v", err)
	}
}
