package redis_test

import (
	"context"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"pendamping/store/embedded/testdb"
	"pendamping/store/redis"
)

// server is one kind of Redis, opened twice: as its users see it, and raw, to make time pass or to lose data.
type server struct {
	*redis.DB
	raw *goredis.Client
}

// onBoth runs a contract on a real Redis and on miniredis, which the demo may take in its place.
func onBoth(t *testing.T, contract func(t *testing.T, s server)) {
	t.Run("redis", func(t *testing.T) { contract(t, connect(t, testdb.Redis(t))) })
	t.Run("miniredis", func(t *testing.T) {
		m := miniredis.RunT(t)
		m.ClockTTL(true)
		contract(t, connect(t, "redis://"+m.Addr()))
	})
}

func connect(tb testing.TB, url string) server {
	tb.Helper()
	d, err := redis.Open(tb.Context(), url)
	if err != nil {
		tb.Fatal(err)
	}
	o, err := goredis.ParseURL(url)
	if err != nil {
		tb.Fatal(err)
	}
	raw := goredis.NewClient(o)
	tb.Cleanup(func() {
		raw.Close()
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	return server{d, raw}
}

// set changes a field behind the DB's back.
func (s server) set(t *testing.T, key, field string, value any) {
	t.Helper()
	if err := s.raw.HSet(t.Context(), key, field, value).Err(); err != nil {
		t.Fatal(err)
	}
}

func (s server) flush(t *testing.T) {
	t.Helper()
	if err := s.raw.FlushDB(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	for url, problem := range map[string]string{
		"":                                   "redis address",
		"http://example.test":                "redis address",
		"redis://u:hunter2@%zz/0":            "redis address",
		"redis://:hunter2@127.0.0.1:1/0":     "refused",
		"redis://u:hunter2@127.0.0.1:1/zero": "redis address",
	} {
		d, err := redis.Open(t.Context(), url)
		if err == nil {
			d.Close()
			t.Errorf("Open(%q) found a server", url)
			continue
		}
		if !strings.Contains(err.Error(), problem) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Open(%q) = %v, want %q in the error and no password", url, err, problem)
		}
	}
}

func TestCloseLeavesNothingRunning(t *testing.T) {
	url := testdb.Redis(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(t.Context())
	d, err := redis.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	cancel() // bounds the opening, not the life
	if err := d.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	d.Spent(1, 2, 3)
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err := d.Ping(t.Context()); err == nil {
		t.Error("a closed DB answers")
	}
	d.Spent(1)
}
