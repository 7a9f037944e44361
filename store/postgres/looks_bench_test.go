package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// BenchmarkReuse is the check for reuse of one picture and its nota: nearly identical pictures, the same file, the same
// seller, day and amount, and a mentor's queue with its flags, among so many notas of 11,000 groups.
func BenchmarkReuse(b *testing.B) {
	for _, notas := range []int{5_000, 500_000} {
		b.Run(fmt.Sprint(notas), func(b *testing.B) {
			db, conn := open(b)
			var g group
			var nota store.Receipt
			var file store.File
			do(b, db, func(tx *postgres.Tx) {
				g = addGroup(b, tx, "A")
				for range 20 {
					nota, file = picture(b, tx, g, store.Submitted, "TB Jaya", 1)
				}
				ok(b, tx.KeepLook(b.Context(), store.Look{
					File: file.ID, Prints: []store.Print{{Hash: 1}}, Fine: []byte{1},
				}))
			})
			for _, sql := range []string{
				`insert into recipients select 10000000 + n, 1, 'G' || n, 'G' || n, false, $1, 'Jawa Barat', 'Garut', '', '1', '', 1, null, null
				from generate_series(1, 11000) n where $2::bigint > 0 and $3::bigint > 0`,
				`insert into receipts (id, version, recipient, number, state, kind, payment, seller, day, total, reason, flags, by, behalf, hands, begun, submitted)
				select 20000000 + n, 1, 10000000 + 1 + n % 11000, 1 + n / 11000, 'submitted', 'nota', 'tunai', 'Toko ' || n % 500,
					'2026-10-01'::date + (n % 60)::int, 10000 + n % 997 * 500, '', '{}', $2, false, '{}', now(), now()
				from generate_series(1, $3::bigint) n where $1::bigint > 0`,
				`insert into files (id, version, recipient, receipt, kind, file_id, unique_id, message, name, words, mime, size, width, height, sha256, album, at, looked)
				select 40000000 + n, 1, 10000000 + 1 + n % 11000, 20000000 + n, 'photo', 'f' || n, 'u' || n, n, '', '', '', 1, 1, 1,
					encode(sha256(n::text::bytea), 'hex'), '', now(), true
				from generate_series(1, $3::bigint) n where $1::bigint + $2::bigint > 0`,
				`insert into looks select 40000000 + n, '{}', '', now() from generate_series(1, $3::bigint) n where $1::bigint + $2::bigint > 0`,
				`insert into prints select 40000000 + n, ord, ((random() * 4294967295)::bigint << 32) | (random() * 4294967295)::bigint, array[n, n, n, n] from generate_series(1, $3::bigint) n, generate_series(0, 2) ord where $1::bigint + $2::bigint > 0`,
			} {
				_, err := conn.Exec(b.Context(), sql, g.program.ID, g.chair.ID, notas)
				ok(b, err)
			}
			_, err := conn.Exec(b.Context(), "vacuum analyze")
			ok(b, err)
			rng := rand.New(rand.NewPCG(1, 1))
			b.ResetTimer()
			for b.Loop() {
				probes := make([]uint64, 51)
				for i := range probes {
					probes[i] = rng.Uint64()
				}
				_, err := db.Resembling(b.Context(), file.ID, probes)
				ok(b, err)
				tx := db.Begin(noon, 0)
				_, err = tx.Matches(b.Context(), nota.ID)
				ok(b, err)
				queue, err := tx.ToReview(b.Context(), g.mentor, []store.ID{g.mentor.ID})
				if ok(b, err); len(queue) != 20 {
					b.Fatalf("%d notas to review", len(queue))
				}
				tx.Rollback(b.Context())
			}
		})
	}
}
