package postgres_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// What an earlier version wrote is whole after the upgrade. Each file of testdata/versions is what a conversation left
// in the database of the program whose newest migration has the number that the name begins with.
func TestUpgrade(t *testing.T) {
	files, err := filepath.Glob("testdata/versions/*.copy.gz")
	if err != nil || len(files) == 0 {
		t.Fatalf("no earlier versions: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".copy.gz"), func(t *testing.T) {
			t.Parallel()
			ctx, url := t.Context(), testdb.Database(t, nil)
			number, err := strconv.ParseInt(filepath.Base(file)[:4], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			if err := restore(ctx, url, number, file); err != nil {
				t.Fatal(err)
			}
			db, err := postgres.Open(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := db.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			report, err := db.Verify(ctx, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), nil)
			if err != nil {
				t.Fatal(err)
			}
			if report.Break != "" || report.Events == 0 {
				t.Errorf("after the upgrade %d events, broken: %q", report.Events, report.Break)
			}
		})
	}
}

// restore makes an empty database what it was when a file was written: for each table a line with its name and columns,
// its rows as COPY writes them, and a line \. behind.
func restore(ctx context.Context, url string, number int64, file string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	if err := postgres.MigrateTo(ctx, config, number); err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	// The rows are there already as triggers and foreign keys left them.
	if _, err := conn.Exec(ctx, `set session_replication_role = replica`); err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		table, columns, _ := strings.Cut(lines.Text(), " ")
		var rows strings.Builder
		for lines.Scan() && lines.Text() != `\.` {
			rows.WriteString(lines.Text() + "\n")
		}
		sql := fmt.Sprintf("copy %s %s from stdin", pgx.Identifier{table}.Sanitize(), columns)
		// what the migrations put there
		if _, err := conn.Exec(ctx, "delete from "+pgx.Identifier{table}.Sanitize()); err != nil {
			return err
		}
		if _, err := conn.PgConn().CopyFrom(ctx, strings.NewReader(rows.String()), sql); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return lines.Err()
}
