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

// Places fall at even distances, and are given up to two of them ahead, so that one question is enough for one call. A caller who
// comes up to 20 ms after its place keeps the beat, so that the rate is held although callers wake late. Telegram counts when it
// has a call, which is some time between its place and its answer: the calls of any one second, so told, are never more than most.
//
// Each place given makes room for one reply that went before it: replies and the rest keep the rate together, but however many
// people write, every second place is left.
//
// A nudge that is told to ask again is about to; for 200 ms no bulk passes it. A next place further off than one second, or four
// distances, can only come from a clock that was set back, and counts as come.
//
// A chat has its own pace beside that: who has to wait for it has no place and holds up nobody.
var take = script(`
local class, every, span, most, slow, own = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local g = redis.call('HMGET', KEYS[1], 'pause', 'next', 'yield', 'every', 'owed', 'spent')
local pause, next, yield = tonumber(g[1]) or 0, tonumber(g[2]) or 0, tonumber(g[3]) or 0
if tonumber(g[4]) ~= every then
	redis.call('HSET', KEYS[1], 'every', every)
end
if now < pause then
	return {0, pause - now, 0}
end
if next > now + math.max(4 * every, 1000000) then
	next = now
end
next = math.max(next, now - 20000)
local wait = every > 0 and math.max(next - now, 0) or 0
local free = tonumber(redis.call('GET', KEYS[3])) or 0
if free > now + wait then
	return {0, free - now, 1}
end
if every > 0 then
	if class == 'bulk' and now < yield then
		return {0, wait + every, 0}
	end
	redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - span * every)
	redis.call('ZREMRANGEBYSCORE', KEYS[2], now + slow + 2 * every + 1, '+inf')
	local later = 0
	if redis.call('ZCOUNT', KEYS[2], string.format('(%.0f', now + wait - span * every), '+inf') >= most then
		later = math.max(wait, every)
	elseif wait > 2 * every then
		later = wait - every
	end
	if later > 0 then
		if class == 'nudge' then
			redis.call('HSET', KEYS[1], 'yield', now + 200000)
		end
		return {0, later, 0}
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
end
local place = redis.call('HINCRBY', KEYS[1], 'count', 1)
if every > 0 then
	redis.call('ZADD', KEYS[2], string.format('%.0f', now + wait + slow), place)
end
redis.call('SET', KEYS[3], string.format('%.0f', now + wait + own), 'PX', math.ceil((wait + own) / 1000))
return {place, wait, 0}
`)

// Take asks the gate in front of Telegram for a place for a nudge or bulk to a chat. Who gets one calls after the time that it
// says, and Landed is told when the call has its answer. At most rate places fall in a second, evenly spaced, over all processes;
// 0: as many as are asked for. A chat has one message a second, a group twenty a minute. Nudges go before bulk. All processes give
// the same rate. Replies ask for none: Spent tells of them.
func (d *DB) Take(ctx context.Context, class store.Class, chat int64, rate float64) (store.Place, error) {
	every := int64(0)
	if rate > 0 {
		every = int64(math.Ceil(1e6 / rate))
	}
	r, err := take.Run(ctx, d.c, []string{gate, air, pace(chat)},
		string(class), every, span, most, slow.Microseconds(), everyOf(chat).Microseconds()).Int64Slice()
	if err != nil {
		return store.Place{}, fmt.Errorf("gate: %w", err)
	}
	return store.Place{Number: r[0], After: micro(r[1]), Chat: r[2] == 1}, nil
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
