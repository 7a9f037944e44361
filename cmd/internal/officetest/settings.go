package officetest

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/internal/doctor"
	"pendamping/cmd/internal/settings"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// Settings are whole: Telegram, which is faked and knows the bot 1:a, and Redis answer.
func Settings(t *testing.T, database string) settings.Settings {
	t.Helper()
	server := httptest.NewServer(faketelegram.New("1:a"))
	t.Cleanup(server.Close)
	return settings.Settings{
		Token: "1:a", API: server.URL, Database: database, Redis: testdb.Redis(t), Zone: "Asia/Jakarta",
		Media: t.TempDir(),
	}
}

// Empty reports whether a database has no table.
func Empty(t *testing.T, database string) bool {
	t.Helper()
	var empty bool
	err := testdb.Connect(t, database).QueryRow(t.Context(), `select not exists (
		select from pg_class where relnamespace = 'public'::regnamespace)`).Scan(&empty)
	if err != nil {
		t.Fatal(err)
	}
	return empty
}

// Doctor runs the doctor, and returns whether all is well and what it says.
func Doctor(t *testing.T, s settings.Settings) (well bool, said string) {
	t.Helper()
	var out strings.Builder
	well = doctor.Examine(t.Context(), s, Box, time.Now(), &out)
	return well, out.String()
}

// Migrate makes the schema. It is for testdb, which runs it once on a template.
func Migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}
