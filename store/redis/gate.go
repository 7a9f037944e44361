package redis

import (
	"context"
	"fmt"
	"math"
	"time"

	"pendamping/store"
)

// gate is the hash of the pace that all processes share, in microseconds: next is when the next place falls, every the
// time between places, pause until when nobody sends, yield until when bulk leaves its places to a waiting nudge; owed is how many
// replies it still makes room for, and spent when the last of them was sent. count numbers the places.
const gate = "gate"

// air are the last places by when Telegram had their calls at the latest: their answer, or, until it is there, the time after
// which it is not waited for.
const air = "gate:air"

// span is how many places fall in the time that Telegram's limit is about, and most what it allows in that time ("no more than
// about 30 messages per second", Bot FAQ).
const (
	span = 28
	most = 30
	slow = 2 * time.Second // after which an answer is not waited for
)

// Places fall at even distances. A caller who comes up to 20 ms after its place keeps the beat, so that the rate is held
// although callers wake late. Telegram counts when it has a call, which is some time between its place and its answer: the calls
// of any one second, so told, are never more than most.
//
// Each place given makes room for one reply that went before it: replies and the rest keep the rate together, but however many
// people write, every second place is left.
//
// A nudge that is told to wait is about to ask again; for 200 ms no bulk passes it. A next place further off than one
// second, or one distance, can only come from a clock that was set back, and counts as come.
var take = script(`
local class, every, span, most, slow = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local g = redis.call('HMGET', KEYS[1], 'pause', 'next', 'yield', 'every', 'owed', 'spent')
local pause, next, yield = tonumber(g[1]) or 0, tonumber(g[2]) or 0, tonumber(g[3]) or 0
if tonumber(g[4]) ~= every then
	redis.call('HSET', KEYS[1], 'every', every)
end
if now < pause then
	return {0, pause - now}
end
if next > now + math.max(every, 1000000) then
	next = now
end
next = math.max(next, now - 20000)
if class == 'bulk' and now < yield then
	return {0, math.max(next - now, 0) + every}
end
local wait = next - now
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - span * every)
redis.call('ZREMRANGEBYSCORE', KEYS[2], now + slow + 1, '+inf')
if redis.call('ZCARD', KEYS[2]) >= most then
	wait = math.max(wait, every)
end
if wait > 0 then
	if class == 'nudge' then
		redis.call('HSET', KEYS[1], 'yield', now + 200000)
	end
	return {0, wait}
end
local owed = tonumber(g[5]) or 0
if (tonumber(g[6]) or 0) < now - span * every then
	owed = 0
end
local room = math.min(owed, 1)
redis.call('HSET', KEYS[1], 'next', next + (1 + room) * every, 'owed', owed - room)
if class == 'nudge' and yield > 0 then
	redis.call('HDEL', KEYS[1], 'yield')
end
local place = redis.call('HINCRBY', KEYS[1], 'count', 1)
redis.call('ZADD', KEYS[2], string.format('%.0f', now + slow), place)
return {place, 0}
`)

// Take asks for a place in the gate in front of Telegram, for a nudge or bulk that is sent at once: it returns the place, of which
// Landed is told when the call has its answer, or after how long to ask again. At most rate places, which is above 0, fall in a
// second, evenly spaced, over all processes. Nudges go before bulk. All processes give the same rate. Replies ask for none: Spent
// tells of them.
func (d *DB) Take(ctx context.Context, class store.Class, rate float64) (place int64, wait time.Duration, err error) {
	every := int64(math.Ceil(1e6 / rate))
	r, err := take.Run(ctx, d.c, []string{gate, air}, string(class), every, span, most, slow.Microseconds()).Int64Slice()
	if err != nil {
		return 0, 0, fmt.Errorf("gate: %w", err)
	}
	return r[0], micro(r[1]), nil
}

var pause = script(`
local set = tonumber(redis.call('HGET', KEYS[1], 'pause')) or 0
if now + ARGV[1] > set then
	redis.call('HSET', KEYS[1], 'pause', now + ARGV[1])
end
return 1
`)

// Pause keeps everything from being sent for that long, by any process: the retry_after of a 429. A pause never
// shortens an earlier one.
func (d *DB) Pause(ctx context.Context, length time.Duration) error {
	if err := pause.Run(ctx, d.c, []string{gate}, length.Microseconds()).Err(); err != nil {
		return fmt.Errorf("gate: %w", err)
	}
	return nil
}

var paused = script(`
return math.max((tonumber(redis.call('HGET', KEYS[1], 'pause')) or 0) - now, 0)
`)

// Paused is how much of a pause is left, 0 for none.
func (d *DB) Paused(ctx context.Context) (time.Duration, error) {
	left, err := paused.Run(ctx, d.c, []string{gate}).Int64()
	if err != nil {
		return 0, fmt.Errorf("gate: %w", err)
	}
	return micro(left), nil
}
