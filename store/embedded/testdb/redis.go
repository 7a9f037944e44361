package testdb

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"pendamping/store/embedded"
)

// Keys in database 0 that deal out the other databases.
const (
	counter = "pendamping:testdb:next"
	claim   = "pendamping:testdb:taken:"
)

// ownRedis is the server of a test process that was given none. It ends with the process.
var ownRedis = sync.OnceValues(func() (*embedded.Redis, error) {
	return embedded.StartRedis(context.Background(), embedded.Options{Throwaway: true, Log: os.Stderr})
})

// Redis returns the URL of an empty logical database of a real Redis that no other test has, emptied when the test
// ends. The server is shared: flush with FLUSHDB, and remember that channels (PUBLISH) know no databases.
func Redis(tb testing.TB) string {
	tb.Helper()
	ctx := context.Background()
	server := os.Getenv("REDIS_URL")
	if server == "" {
		own, err := ownRedis()
		if err != nil {
			tb.Fatalf("Redis for this test: %v", err)
		}
		server = own.URL
	}
	options, err := redis.ParseURL(server)
	if err != nil {
		tb.Fatal("Redis for this test: REDIS_URL is no Redis URL")
	}
	options.DB = 0
	zero := redis.NewClient(options)
	number, err := deal(ctx, zero, options)
	if err != nil {
		tb.Fatalf("Redis for this test: %v", err)
	}
	tb.Cleanup(func() {
		defer zero.Close()
		if err := emptied(ctx, options, number); err != nil {
			tb.Errorf("emptying the test's Redis: %v", err)
		}
		zero.Del(ctx, claim+strconv.Itoa(number))
	})
	return at(server, strconv.Itoa(number))
}

// RedisDump returns what a database has under each key, as words where it is any.
func RedisDump(tb testing.TB, server string) map[string]string {
	tb.Helper()
	ctx := context.Background()
	options, err := redis.ParseURL(server)
	if err != nil {
		tb.Fatal("Redis for this test: it is no Redis URL")
	}
	c := redis.NewClient(options)
	defer c.Close()
	keys, err := c.Keys(ctx, "*").Result()
	if err != nil {
		tb.Fatalf("Redis for this test: %v", err)
	}
	all := map[string]string{}
	for _, key := range keys {
		all[key] = fmt.Sprint(c.Dump(ctx, key).Val(), c.Get(ctx, key).Val(), c.HGetAll(ctx, key).Val(),
			c.LRange(ctx, key, 0, -1).Val(), c.ZRange(ctx, key, 0, -1).Val())
	}
	return all
}

// deal takes the next database that nobody has and that is empty: one with keys may be somebody's work.
func deal(ctx context.Context, zero *redis.Client, options *redis.Options) (int, error) {
	conf, err := zero.ConfigGet(ctx, "databases").Result()
	if err != nil {
		return 0, err
	}
	databases, err := strconv.Atoi(conf["databases"])
	if err != nil || databases < 2 {
		return 0, fmt.Errorf("it has %q logical databases, tests need more", conf["databases"])
	}
	for range databases {
		n, err := zero.Incr(ctx, counter).Result()
		if err != nil {
			return 0, err
		}
		number := 1 + int(n%int64(databases-1))
		// A killed test cannot give its database back; the claim runs out.
		err = zero.SetArgs(ctx, claim+strconv.Itoa(number), os.Getpid(),
			redis.SetArgs{Mode: "NX", TTL: time.Hour}).Err()
		if err == redis.Nil {
			continue
		}
		if err != nil {
			return 0, err
		}
		size, err := sizeOf(ctx, options, number)
		if err != nil {
			return 0, err
		}
		if size == 0 {
			return number, nil
		}
	}
	return 0, fmt.Errorf("all of its %d logical databases are taken or have keys", databases)
}

func sizeOf(ctx context.Context, options *redis.Options, number int) (int64, error) {
	c := open(options, number)
	defer c.Close()
	return c.DBSize(ctx).Result()
}

func emptied(ctx context.Context, options *redis.Options, number int) error {
	c := open(options, number)
	defer c.Close()
	return c.FlushDB(ctx).Err()
}

func open(options *redis.Options, number int) *redis.Client {
	o := *options
	o.DB = number
	return redis.NewClient(&o)
}

// random returns a name's part that no other process draws.
func random() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
