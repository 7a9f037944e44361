package postgres_test

import (
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// BenchmarkSubmit keeps a nota with its photo, their events and the balance of the chain, as one turn does.
func BenchmarkSubmit(b *testing.B) {
	db, _ := open(b)
	k := fill(b, db)
	b.ReportAllocs()
	for b.Loop() {
		do(b, db, func(tx *postgres.Tx) {
			r := k.receipt
			ok(b, tx.AddReceipt(b.Context(), "receipt.begun", &r))
			f := k.file
			f.Receipt = r.ID
			ok(b, tx.AddFile(b.Context(), "file.added", &f))
		})
	}
}

// BenchmarkAccount reads what every update starts with.
func BenchmarkAccount(b *testing.B) {
	db, _ := open(b)
	k := fill(b, db)
	b.ReportAllocs()
	for b.Loop() {
		if a, err := db.Begin(noon, 0).Account(b.Context(), k.chair.Account); err != nil || len(a.People) != 1 {
			b.Fatal(a, err)
		}
	}
}

// BenchmarkVerify looks at a thousand events and what belongs to them.
func BenchmarkVerify(b *testing.B) {
	db, _ := open(b)
	k := fill(b, db)
	do(b, db, func(tx *postgres.Tx) {
		for range 1000 {
			e := store.Entry{Recipient: k.recipient.ID, Kind: store.EntryFee, Amount: 1, At: noon}
			ok(b, tx.AddEntry(b.Context(), "entry.added", &e))
		}
	})
	for b.Loop() {
		wantWhole(b, db)
	}
}
