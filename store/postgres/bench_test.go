package postgres_test

import (
	"testing"
	"time"

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

// BenchmarkLaunch puts an announcement to 110,000 chats into the outbox.
func BenchmarkLaunch(b *testing.B) {
	db, conn := open(b)
	ctx := b.Context()
	var g group
	do(b, db, func(tx *postgres.Tx) { g = addGroup(b, tx, "A") })
	_, err := conn.Exec(ctx, `
		insert into recipients (id, version, code, name, single, program, province, regency, village, wave, zone, amount)
		select 200000000 + n, 1, 'G' || n, 'K ' || n, false, $1, 'Jawa Barat', 'Garut', '', '1', 'Asia/Jakarta', 1 from generate_series(1, 11000) n`, g.program.ID)
	ok(b, err)
	_, err = conn.Exec(ctx, `
		insert into persons (id, version, key, role, code, name, recipient, organisation, province, regency, wa, account)
		select 300000000 + n, 1, 'x' || n, 'anggota', 'G', 'Orang', 200000001 + n % 11000, '', '', '', '', 20000000 + n from generate_series(1, 110000) n`)
	ok(b, err)
	_, err = conn.Exec(ctx, `vacuum analyze`)
	ok(b, err)
	cast := store.Broadcast{By: g.mentor.ID, State: store.BroadcastRunning, Words: "Halo", At: noon, Launched: noon}
	for b.Loop() {
		do(b, db, func(tx *postgres.Tx) {
			ok(b, tx.AddBroadcast(ctx, "broadcast.composed", &cast))
			n, err := tx.Launch(ctx, cast, "", "", func(string) time.Time { return noon })
			ok(b, err)
			if n < 110_000 {
				b.Fatalf("%d chats", n)
			}
		})
	}
}
