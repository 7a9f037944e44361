package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// settle stands in until outbox.go is here, which replaces it: whoever adds that file deletes this one.
func settle(b *pgx.Batch, _ time.Time, _, update int64, _ []byte, _ []store.Delivery) {
	if update != 0 {
		b.Queue(`select 1`)
	}
}
