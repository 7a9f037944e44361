package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"pendamping/store"
)

// Hold is how long a lease lasts if its owner doesn't release it.
const Hold = 5 * time.Second

// keep is how long an untouched session is kept. If it is lost, the person is asked again.
const keep = 180 * 24 * time.Hour

// leaseKey returns the key of a chat's hash: s session, r revision, o owner, u until when the lease lasts, in
// microseconds.
func leaseKey(chat int64) string { return "lane:" + strconv.FormatInt(chat, 10) }

var enter = script(`
local l = redis.call('HMGET', KEYS[1], 's', 'r', 'o', 'u')
local left = (tonumber(l[4]) or 0) - now
if left > tonumber(ARGV[2]) then -- the clock was set back
	left = 0
end
local other = l[3] and l[3] ~= ARGV[1]
if other and left > 0 then
	return {left, l[3], 0, 0}
end
redis.call('HSET', KEYS[1], 'o', ARGV[1], 'u', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {0, l[1], tonumber(l[2]) or 0, other and 1 or 0}
`)

// Acquire takes a chat's lease for Hold and returns its session, or how long it is Busy. If the owner holds the lease
// already, a new Hold begins.
func (d *DB) Acquire(ctx context.Context, chat int64, owner string) (store.Lease, error) {
	r, err := enter.Run(ctx, d.c, []string{leaseKey(chat)}, owner, Hold.Microseconds(), keep.Milliseconds()).Slice()
	if err != nil {
		return store.Lease{}, fmt.Errorf("lease: %w", err)
	}
	if busy := r[0].(int64); busy > 0 {
		other, _ := r[1].(string)
		return store.Lease{Busy: micro(busy), Owner: other}, nil
	}
	l := store.Lease{Revision: r[2].(int64), Stale: r[3].(int64) == 1}
	if s, ok := r[1].(string); ok {
		l.Session = []byte(s)
	}
	return l, nil
}

// A Release whose answer was lost is sent again and finds its own work, which is no conflict.
var leave = script(`
local l = redis.call('HMGET', KEYS[1], 's', 'r', 'o')
local flushed = not (l[1] or l[2] or l[3])
local revision = tonumber(l[2]) or 0
local written = not l[3] and revision == ARGV[2] + 1 and l[1] == ARGV[3]
if written then
	return 1
end
if not flushed and (l[3] ~= ARGV[1] or revision ~= tonumber(ARGV[2])) then
	return 0
end
redis.call('HSET', KEYS[1], 's', ARGV[3], 'r', ARGV[2] + 1)
redis.call('HDEL', KEYS[1], 'o', 'u')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`)

var letGo = script(`
local owner = redis.call('HGET', KEYS[1], 'o')
if owner and owner ~= ARGV[1] then
	return 0
end
redis.call('HDEL', KEYS[1], 'o', 'u')
return 1
`)

// Release writes the session and ends the lease, both at once; with a nil session it only ends the lease. The
// revision is the one that Acquire returned. If another owner has acquired the lease, or the session has changed, it
// returns store.ErrConflict and writes nothing. If Redis lost everything meanwhile, the session is written as if it
// had not.
func (d *DB) Release(ctx context.Context, chat int64, owner string, revision int64, session []byte) error {
	if session == nil {
		return conflict(letGo.Run(ctx, d.c, []string{leaseKey(chat)}, owner).Bool())
	}
	return conflict(leave.Run(ctx, d.c, []string{leaseKey(chat)}, owner, revision, session, keep.Milliseconds()).Bool())
}

var evict = script(`
if redis.call('HGET', KEYS[1], 'o') ~= ARGV[1] then
	return 0
end
redis.call('HSET', KEYS[1], 'u', 0)
return 1
`)

// Expire ends the Hold of an owner that is known to be gone, so that the next one finds the lease Stale at once.
func (d *DB) Expire(ctx context.Context, chat int64, owner string) error {
	if _, err := evict.Run(ctx, d.c, []string{leaseKey(chat)}, owner).Bool(); err != nil {
		return fmt.Errorf("lease: %w", err)
	}
	return nil
}

var restore = script(`
if (tonumber(redis.call('HGET', KEYS[1], 'r')) or 0) >= tonumber(ARGV[2]) then
	return 0
end
redis.call('HSET', KEYS[1], 's', ARGV[1], 'r', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`)

// Restore writes a session that was kept elsewhere, unless Redis has that revision or a later one, and reports
// whether it did. It doesn't end a lease, but its owner will meet a conflict on releasing it.
func (d *DB) Restore(ctx context.Context, chat int64, session []byte, revision int64) (bool, error) {
	written, err := restore.Run(ctx, d.c, []string{leaseKey(chat)}, session, revision, keep.Milliseconds()).Bool()
	if err != nil {
		return false, fmt.Errorf("lease: %w", err)
	}
	return written, nil
}

// conflict reads the answer of a script that reports whether it could do its work.
func conflict(ok bool, err error) error {
	if err != nil {
		return fmt.Errorf("lease: %w", err)
	}
	if !ok {
		return fmt.Errorf("lease: %w", store.ErrConflict)
	}
	return nil
}
