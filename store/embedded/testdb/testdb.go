// Package testdb hands each test a PostgreSQL database and a Redis of its own.
//
// It takes them from the servers that DATABASE_URL and REDIS_URL name, which cmd/check sets for all packages' tests,
// and where these are unset from throwaway servers that live as long as the test process.
package testdb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"pendamping/store/embedded"
)

// Run is the variable that names one run of several test processes which were built from the same sources.
const Run = "PENDAMPING_RUN"

// lock is the advisory lock, in the maintenance database, on making templates (exclusive) and copying them (shared).
const lock = 0x70656e64

// ownPostgres is the cluster of a test process that was given none. It ends with the process.
var ownPostgres = sync.OnceValues(func() (*embedded.Postgres, error) {
	return embedded.StartPostgres(context.Background(), embedded.Options{Throwaway: true, Log: os.Stderr})
})

// Full reports whether tests run at their full length (PENDAMPING_FULL=1): drills, long walks, fuzzing. Else each runs
// the short form of the same thing.
func Full() bool { return os.Getenv("PENDAMPING_FULL") == "1" }

// Postgres returns the URL of the cluster that tests use; its database is for maintenance, not for data.
func Postgres(tb testing.TB) string {
	tb.Helper()
	if given := os.Getenv("DATABASE_URL"); given != "" {
		return given
	}
	p, err := ownPostgres()
	if err != nil {
		tb.Fatalf("PostgreSQL for this test: %v", err)
	}
	return p.URL
}

// idle are connections to the maintenance databases of clusters. They stay open from test to test: on some machines a
// new one costs more than the copy that it asks for.
var idle = struct {
	sync.Mutex
	of map[string][]*pgx.Conn
}{of: map[string][]*pgx.Conn{}}

// borrow returns a connection to a cluster's maintenance database, for giveBack.
func borrow(ctx context.Context, cluster string) (*pgx.Conn, error) {
	for {
		idle.Lock()
		list := idle.of[cluster]
		if len(list) == 0 {
			idle.Unlock()
			return pgx.Connect(ctx, cluster)
		}
		conn := list[len(list)-1]
		idle.of[cluster] = list[:len(list)-1]
		idle.Unlock()
		if conn.Ping(ctx) == nil { // the cluster may have been started anew
			return conn, nil
		}
	}
}

// CloseIdle closes what is kept open from test to test, for who looks for leaks after the last one.
func CloseIdle() {
	idle.Lock()
	defer idle.Unlock()
	for cluster, list := range idle.of {
		for _, conn := range list {
			_ = conn.Close(context.Background())
		}
		delete(idle.of, cluster)
	}
}

// giveBack keeps a connection for the next test.
func giveBack(cluster string, conn *pgx.Conn) {
	if conn.IsClosed() {
		return
	}
	idle.Lock()
	defer idle.Unlock()
	idle.of[cluster] = append(idle.of[cluster], conn)
}

// Database returns the URL of a new database on which migrate has run, dropped when the test ends. migrate runs once,
// on a template that all tests with the same function copy; nil means an empty database.
func Database(tb testing.TB, migrate func(ctx context.Context, url string) error) string {
	tb.Helper()
	cluster := Postgres(tb)
	name, err := create(context.Background(), cluster, migrate)
	if err != nil {
		tb.Fatalf("database for this test: %v", err)
	}
	tb.Cleanup(func() {
		if err := drop(cluster, name); err != nil {
			tb.Errorf("dropping the test's database: %v", err)
		}
	})
	return at(cluster, name)
}

// create makes a new database and returns its name.
func create(ctx context.Context, cluster string, migrate func(context.Context, string) error) (name string, err error) {
	conn, err := borrow(ctx, cluster)
	if err != nil {
		return "", err
	}
	defer giveBack(cluster, conn)
	template := "template0"
	if migrate != nil {
		template = templateName(migrate)
	}
	name = "test_" + random()
	for copied := false; !copied; {
		if migrate != nil {
			if err := ensureTemplate(ctx, conn, cluster, template, migrate); err != nil {
				return "", fmt.Errorf("template: %w", err)
			}
		}
		if copied, err = copyTemplate(ctx, conn, template, name, migrate != nil); err != nil {
			return "", err
		}
	}
	return name, nil
}

// ensureTemplate makes the template, unless it is there and as old as the code that migrates.
func ensureTemplate(
	ctx context.Context, conn *pgx.Conn, cluster, template string, migrate func(context.Context, string) error,
) error {
	if made, err := isMade(ctx, conn, template); made || err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", lock); err != nil {
		return err
	}
	defer conn.Exec(ctx, "select pg_advisory_unlock($1)", lock)
	if made, err := isMade(ctx, conn, template); made || err != nil {
		return err // another process was quicker
	}
	for _, sql := range []string{"drop database if exists %s with (force)", "create database %s template template0"} {
		if _, err := conn.Exec(ctx, fmt.Sprintf(sql, template)); err != nil {
			return err
		}
	}
	if err := migrate(ctx, at(cluster, template)); err != nil {
		return err
	}
	// A template with an open connection cannot be copied, so one that migrate left behind ends here.
	if _, err := conn.Exec(ctx, "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1",
		template); err != nil {
		return err
	}
	mark, err := fingerprint()
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, fmt.Sprintf("comment on database %s is '%s'", template, mark))
	return err
}

// isMade reports whether the template carries this code's mark, its last step.
func isMade(ctx context.Context, conn *pgx.Conn, template string) (bool, error) {
	mark, err := fingerprint()
	if err != nil {
		return false, err
	}
	var made bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database
		where datname = $1 and shobj_description(oid, 'pg_database') = $2)`, template, mark).Scan(&made)
	return made, err
}

// copyTemplate makes the database, unless the template was remade meanwhile.
func copyTemplate(ctx context.Context, conn *pgx.Conn, template, name string, marked bool) (bool, error) {
	if _, err := conn.Exec(ctx, "select pg_advisory_lock_shared($1)", lock); err != nil {
		return false, err
	}
	defer conn.Exec(ctx, "select pg_advisory_unlock_shared($1)", lock)
	if marked {
		if made, err := isMade(ctx, conn, template); !made || err != nil {
			return false, err
		}
	}
	// Of 10 MB: over the log it would take longer.
	_, err := conn.Exec(ctx, fmt.Sprintf("create database %s template %s strategy file_copy", name, template))
	return err == nil, err
}

// drop ends all sessions in the database, too.
func drop(cluster, name string) error {
	ctx := context.Background()
	conn, err := borrow(ctx, cluster)
	if err != nil {
		return err
	}
	defer giveBack(cluster, conn)
	_, err = conn.Exec(ctx, fmt.Sprintf("drop database if exists %s with (force)", name))
	return err
}

// templateName is the same for the same function in all packages' test processes.
func templateName(migrate func(context.Context, string) error) string {
	name := runtime.FuncForPC(reflect.ValueOf(migrate).Pointer()).Name()
	sum := sha256.Sum256([]byte(name))
	return "template_" + hex.EncodeToString(sum[:8])
}

// fingerprint says from which code a template was made: the run where one is named, else this very program.
var fingerprint = sync.OnceValues(func() (string, error) {
	h := sha256.New()
	if run := os.Getenv(Run); run != "" {
		fmt.Fprintf(h, "run %s", run)
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	program, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer program.Close()
	if _, err := io.Copy(h, program); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
})

// at returns the cluster's URL with another database.
func at(cluster, database string) string {
	u, err := url.Parse(cluster)
	if err != nil {
		return cluster
	}
	u.Path = "/" + database
	return u.String()
}

// Conn is a connection to look behind the bot's back with.
type Conn = pgx.Conn

// Connect opens one, closed when the test ends.
func Connect(tb testing.TB, url string) *Conn {
	tb.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		tb.Fatalf("PostgreSQL for this test: %v", err)
	}
	tb.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Login returns the URL of a database with a new user in it, who is a member of those roles, may else only connect, and
// is dropped when the test ends.
func Login(tb testing.TB, database string, roles ...string) string {
	tb.Helper()
	name, member := "login_"+random(), ""
	if len(roles) > 0 {
		member = " in role " + strings.Join(roles, ", ")
	}
	owner := Connect(tb, database)
	if _, err := owner.Exec(context.Background(), fmt.Sprintf("create role %s login password 'x'%s", name,
		member)); err != nil {
		tb.Fatalf("user for this test: %v", err)
	}
	tb.Cleanup(func() {
		if _, err := owner.Exec(context.Background(), "drop role "+name); err != nil {
			tb.Errorf("dropping the test's user: %v", err)
		}
	})
	u, err := url.Parse(database)
	if err != nil {
		tb.Fatalf("user for this test: %v", err)
	}
	u.User = url.UserPassword(name, "x")
	return u.String()
}
