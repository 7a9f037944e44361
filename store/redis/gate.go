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
// replies it still makes room for, and spent when the last of them was sent.
const gate = "gate"

// given is the list of when the last places were given, the newest first, as many as span says.
const given = "gate:given"

// span is how many places are given in the time of so many distances: at 28/s no second has more, however late callers come.
const span = 28

// Places fall at even distances. A caller who comes up to 20 ms after its place keeps the beat, so that the rate is held
// although callers wake late, but never more than span places fall in the time of as many.
//
// Each place given makes room for one reply that went before it: replies and the rest keep the rate together, but however many
// people write, every second place is left.
//
// A nudge that is told to wait is about to ask again; for 200 ms no bulk passes it. A next place further off than one
// second, or one distance, can only come from a clock that was set back, and counts as come.
var take = script(`
local class, want, every, span = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local g = redis.call('HMGET', KEYS[1], 'pause', 'next', 'yield', 'every', 'owed', 'spent')
local pause, next, yield = tonumber(g[1]) or 0, tonumber(g[2]) or 0, tonumber(g[3]) or 0
if tonumber(g[4]) ~= every then
	redis.call('HSET', KEYS[1], 'every', every)
end
if now < pause then
	return {0, pause - now}
end
if class == 'reply' or every == 0 then
	return {want, 0}
end
if next > now + math.max(every, 1000000) then
	next = now
end
next = math.max(next, now - 20000)
if class == 'bulk' and now < yield then
	return {0, math.max(next - now, 0) + every}
end
if next > now then
	if class == 'nudge' then
		redis.call('HSET', KEYS[1], 'yield', now + 200000)
	end
	return {0, next - now}
end
local n = math.min(want, math.floor((now - next) / every) + 1)
local free, oldest = span, now
for _, at in ipairs(redis.call('LRANGE', KEYS[2], 0, span - 1)) do
	local t = tonumber(at)
	if t > now - span * every and t <= now then
		free, oldest = free - 1, t
	end
end
if free == 0 then
	if class == 'nudge' then
		redis.call('HSET', KEYS[1], 'yield', now + 200000)
	end
	return {0, math.max(oldest + span * every - now, 1)}
end
n = math.min(n, free)
for _ = 1, n do
	redis.call('LPUSH', KEYS[2], string.format('%.0f', now))
end
redis.call('LTRIM', KEYS[2], 0, span - 1)
local owed = tonumber(g[5]) or 0
if (tonumber(g[6]) or 0) < now - span * every then
	owed = 0
end
local room = math.min(owed, n)
redis.call('HSET', KEYS[1], 'next', next + (n + room) * every, 'owed', owed - room)
if class == 'nudge' and yield > 0 then
	redis.call('HDEL', KEYS[1], 'yield')
end
return {n, 0}
`)

// Take asks for places in the gate in front of Telegram, for messages to send at once: it returns how many of those
// wanted were given, or after how long to ask again. At most rate places fall in a second, evenly spaced, over all
// processes; a rate of 0 sets no limit. Nudges go before bulk. All processes give the same rate.
//
// A reply waits for nothing but a Pause. Its Take counts nothing: Spent does, once it is sent.
func (d *DB) Take(ctx context.Context, class store.Class, want int, rate float64) (n int, wait time.Duration, err error) {
	var every int64
	if rate > 0 {
		every = int64(math.Ceil(1e6 / rate))
	}
	r, err := take.Run(ctx, d.c, []string{gate, given}, string(class), want, every, span).Int64Slice()
	if err != nil {
		return 0, 0, fmt.Errorf("gate: %w", err)
	}
	return int(r[0]), micro(r[1]), nil
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
