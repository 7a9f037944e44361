// Package redis keeps what must be quick and may be lost: sessions with each chat's lease, and the rate limiter that
// all processes share. All of its times are the Redis server's own, the one clock that every process sees.
package redis

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// DB is a connection pool to one Redis. It is safe for concurrent use.
type DB struct {
	c        *redis.Client
	spent    chan int64 // chats
	answered chan answer
	stop     context.CancelFunc
	ended    chan struct{}
}

// Open connects to a Redis 6 or newer at a URL such as redis://user:password@host:6379/0 and sees that it answers.
// The error is ErrCluster for a node of a cluster.
func Open(ctx context.Context, url string) (*DB, error) {
	o, err := redis.ParseURL(url)
	if err != nil {
		// The parser's error repeats the URL, which may hold a password.
		return nil, errors.New("redis address: give redis://host:port/number, rediss:// or unix://")
	}
	o.Protocol = 2
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	o.ContextTimeoutEnabled = true
	o.PoolSize = max(o.PoolSize, 32, 10*runtime.GOMAXPROCS(0))
	// A Redis that is away is noticed within a second or two: people are waiting, and they can be served without it.
	o.DialTimeout, o.DialerRetries = time.Second, 1
	o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = time.Second, time.Second, time.Second
	o.MaxRetries = 1
	redis.SetLogger(silence{}) // what goes wrong is in the errors
	d := &DB{c: redis.NewClient(o), spent: make(chan int64, 4096), answered: make(chan answer, 4096),
		ended: make(chan struct{})}
	// A server that does not tell (an ACL may forbid INFO, miniredis has no such section) is taken for a single one.
	if info, err := d.c.Info(ctx, "cluster").Result(); err == nil && strings.Contains(info, "cluster_enabled:1") {
		_ = d.c.Close()
		return nil, ErrCluster
	}
	if err := d.Ping(ctx); err != nil {
		_ = d.c.Close()
		return nil, err
	}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	go d.note(life)
	return d, nil
}

// ErrCluster refuses a Redis Cluster. There the keys of a lease and of the rate limiter lie on different nodes, so
// that a script that uses several keys fails, although a ping is answered.
var ErrCluster = errors.New("it is a Redis Cluster, which is not supported: give a single Redis 7 or later")

// silence keeps the library from writing to the standard error, which is not ours to fill.
type silence struct{}

// Printf drops a line.
func (silence) Printf(context.Context, string, ...any) {}

// Close ends the connections.
func (d *DB) Close() error {
	d.stop()
	<-d.ended
	return d.c.Close()
}

// probe is a key that is written to see that keys can be.
const probe = "probe"

// Ping reports whether Redis answers and takes what is written: a replica, or one without memory left, only answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.c.Set(ctx, probe, 1, time.Minute).Err(); err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	return nil
}

// clock sets now, in microseconds. Seconds and microseconds come apart, and joined they still fit Lua's 53 bits.
const clock = "local time = redis.call('TIME')\nlocal now = time[1] * 1000000 + time[2]\n"

// script returns a Lua program that begins by reading the clock. Redis runs it as one step.
func script(lines string) *redis.Script { return redis.NewScript(clock + strings.TrimSpace(lines)) }

// micro reads a duration that a script returned.
func micro(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// Clear forgets everything in this database: what a lost Redis looks like.
func (d *DB) Clear(ctx context.Context) error { return d.c.FlushDB(ctx).Err() }
