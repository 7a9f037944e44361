package testdb_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"pendamping/store/embedded/testdb"
)

// migrations counts how often a template was really made by this process.
var migrations atomic.Int32

func migrate(ctx context.Context, url string) error {
	migrations.Add(1)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "create table greeting (words text primary key)")
	return err
}

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Run("side by side", func(t *testing.T) {
		for range 6 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				conn := connect(t, testdb.Database(t, migrate))
				// The same key twice in one database would be refused.
				if _, err := conn.Exec(t.Context(), "insert into greeting values ('halo')"); err != nil {
					t.Fatal(err)
				}
			})
		}
	})
	if n := migrations.Load(); n > 1 {
		t.Errorf("the template was made %d times, want at most once", n)
	}
}

func TestDatabaseIsDroppedAtTheEnd(t *testing.T) {
	var url string
	t.Run("uses one", func(t *testing.T) {
		url = testdb.Database(t, nil)
		connect(t, url) // left open: dropping must not wait for it
	})
	conn, err := pgx.Connect(t.Context(), url)
	if err == nil {
		conn.Close(t.Context())
		t.Fatal("the database is still there")
	}
	if !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("error is %v, want that the database does not exist", err)
	}
}

func TestEveryTestHasARedisOfItsOwn(t *testing.T) {
	ctx := t.Context()
	var first string
	t.Run("one", func(t *testing.T) {
		first = testdb.Redis(t)
		other := testdb.Redis(t)
		a, b := client(t, first), client(t, other)
		if err := a.Set(ctx, "greeting", "halo", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if n := b.Exists(ctx, "greeting").Val(); n != 0 {
			t.Error("another test's key is seen")
		}
	})
	if n, err := client(t, first).DBSize(ctx).Result(); err != nil || n != 0 {
		t.Errorf("after the test its database has %d keys (%v), want none", n, err)
	}
}

func BenchmarkDatabase(b *testing.B) {
	for b.Loop() {
		testdb.Database(b, migrate)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { c.Close() })
	return c
}
