package serve

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// A database that does not let the process in is said once, however often it is tried.
func TestJoinLogsItsErrorOnce(t *testing.T) {
	db, err := postgres.Open(t.Context(), testdb.Database(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	now := func() time.Time {
		if tries++; tries == 4 {
			cancel()
		}
		return time.Now()
	}
	var log strings.Builder
	if _, err := joinProcesses(ctx, db, now, slog.New(slog.NewTextHandler(&log, nil))); err == nil {
		t.Error("it joined a database without tables")
	}
	if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "processes") {
		t.Errorf("%d tries, and the log says: %s", tries, log.String())
	}
}
