package serve

import (
	"context"
	"log/slog"
	"time"

	"pendamping/cmd/internal/settings"
	"pendamping/store/postgres"
)

// joinProcesses makes this process known to the others, as soon as the database lets it, and logs once that it does
// not; the error is that of ctx.
func joinProcesses(
	ctx context.Context, db *postgres.DB, now func() time.Time, log *slog.Logger,
) (*postgres.Process, error) {
	for said := false; ; said = true {
		self, err := db.Join(ctx, now())
		if err == nil {
			if said {
				log.Info("the database takes this process in again")
			}
			return self, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !said {
			log.Warn("the database does not take this process in: it tries again until it does",
				"err", settings.OneLine(err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}
