package redis

import (
	"context"
	"fmt"
	"math"
	"time"

	"pendamping/store"
)

// limiterKey is the hash of the rate limiter that all processes share, in microseconds. next is when the next token is
// due, every the time between tokens, and yield until when bulk leaves its tokens to a waiting nudge. owed is how many
// replies it still makes room for, and spent when the last of them was sent. count numbers the tokens. pause is until
// when nobody sends, and hold until when only replies are sent; pause:for and hold:for are how long these were meant to
// last, and cuts counts those that were cut.
const limiterKey = "gate"

// inAirKey has the last tokens by when Telegram had their calls at the latest: when they were answered or, until then,
// the time after which the answer isn't waited for.
const inAirKey = "gate:air"

// span is how many tokens are due in the time that Telegram's limit is about, and most what it allows in that time
// ("no more than about 30 messages per second", Bot FAQ).
const (
	span = store.RepliesASecond
	most = 30
	slow = 2 * time.Second // after which an answer isn't waited for
)

// left is Lua that returns how much of a pause is left, which is kept as a time and a length in a hash. A pause that
// is further off than it was long can only come from a clock that was set back. It begins anew, so that it never
// outlives its length.
const left = `
local function left(key, field)
	local p = redis.call('HMGET', key, field, field .. ':for')
	local rest, length = (tonumber(p[1]) or 0) - now, tonumber(p[2]) or 60000000
	if rest > length then
		redis.call('HSET', key, field, string.format('%.0f', now + length))
		redis.call('HINCRBY', KEYS[1], 'cuts', 1)
		rest = length
	end
	return math.max(rest, 0)
end
`

// Tokens are due at even distances, and up to two of them are given ahead, so that one question is enough for one
// call. A caller who is up to 20 ms late keeps the beat, so that the rate holds although callers wake late. Telegram
// counts a call when it has it, which is some time between its token and its answer. So counted, the calls of any one
// second are never more than most.
//
// Each token makes room for one reply that went before it. Replies and the rest keep the rate together, but however
// many people write, every second token is left.
//
// A nudge that is told to ask again is about to, so for 200 ms no bulk passes it. A next token further off than one
// second, or four distances, can only come from a clock that was set back, and counts as due.
//
// Besides that a chat has its own rate, and its own pause after a 429. Whoever has to wait for the chat gets no token
// and holds up nobody.
var take = script(left + `
local class, every, span, most, slow = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local own, ahead = tonumber(ARGV[6]), tonumber(ARGV[7])
local g = redis.call('HMGET', KEYS[1], 'next', 'yield', 'every', 'owed', 'spent')
local next, yield = tonumber(g[1]) or 0, tonumber(g[2]) or 0
if tonumber(g[3]) ~= every then
	redis.call('HSET', KEYS[1], 'every', every)
end
local paused = math.max(left(KEYS[1], 'pause'), left(KEYS[1], 'hold'))
if paused > 0 then
	return {0, paused, 0}
end
paused = left(KEYS[4], 'pause')
if paused > 0 then
	return {0, paused, 1}
end
if next > now + math.max(4 * every, 1000000) then
	next = now
end
next = math.max(next, now - 20000)
local wait = every > 0 and math.max(next - now, 0) or 0
local free = tonumber(redis.call('GET', KEYS[3])) or 0
if free > now + wait and free <= now + ahead * own then -- further off it can only come from a clock that was set back
	return {0, free - now, 1}
end
if every > 0 then
	if class == 'bulk' and now < yield and yield <= now + 200000 then
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
	local owed = tonumber(g[4]) or 0
	if (tonumber(g[5]) or 0) < now - span * every then
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

// Take asks for a token for a nudge or bulk to a chat. The caller may call after the time that the token names, and
// calls Answered once the call has its answer. At most rate tokens are due in a second, evenly spaced, over all
// processes; with a rate of 0 there is no limit. A chat gets one message a second, a group twenty a minute. Nudges go
// before bulk. All processes have to give the same rate. Replies take none of these tokens: see TakeReply and Spent.
func (d *DB) Take(ctx context.Context, class store.Class, chat int64, rate float64) (store.Token, error) {
	every := int64(0)
	if rate > 0 {
		every = int64(math.Ceil(1e6 / rate))
	}
	r, err := take.Run(ctx, d.c, []string{limiterKey, inAirKey, chatKey(chat), pauseOf(chat)},
		string(class), every, span, most, slow.Microseconds(), everyOf(chat).Microseconds(),
		burstOf(chat)+1).Int64Slice()
	if err != nil {
		return store.Token{}, fmt.Errorf("rate limiter: %w", err)
	}
	return store.Token{Number: r[0], After: micro(r[1]), Chat: r[2] == 1}, nil
}

var pause = script(left + `
local field, length = ARGV[1], tonumber(ARGV[2])
if left(KEYS[2], field) < length then
	redis.call('HSET', KEYS[2], field, string.format('%.0f', now + length), field .. ':for', length)
	if KEYS[1] ~= KEYS[2] then
		redis.call('PEXPIRE', KEYS[2], math.ceil(length / 1000) + ARGV[3])
	end
end
return 1
`)

func (d *DB) pause(ctx context.Context, key, field string, length time.Duration) error {
	err := pause.Run(ctx, d.c, []string{limiterKey, key}, field, length.Microseconds(), remember.Milliseconds()).Err()
	if err != nil {
		return fmt.Errorf("rate limiter: %w", err)
	}
	return nil
}

// Pause keeps all processes from sending anything for that long. It never shortens an earlier pause.
func (d *DB) Pause(ctx context.Context, length time.Duration) error {
	return d.pause(ctx, limiterKey, "pause", length)
}

// PauseBulk keeps all processes from sending anything but replies for that long.
func (d *DB) PauseBulk(ctx context.Context, length time.Duration) error {
	return d.pause(ctx, limiterKey, "hold", length)
}

// PauseChat keeps all processes from sending anything to one chat for that long. For some time after that its replies
// have no burst.
func (d *DB) PauseChat(ctx context.Context, chat int64, length time.Duration) error {
	return d.pause(ctx, pauseOf(chat), "pause", length)
}

var paused = script(left + `
return {left(KEYS[1], 'pause'), left(KEYS[1], 'hold'), tonumber(redis.call('HGET', KEYS[1], 'cuts')) or 0}
`)

// Paused returns how much is left of the pauses that concern more than one chat.
func (d *DB) Paused(ctx context.Context) (store.Pause, error) {
	r, err := paused.Run(ctx, d.c, []string{limiterKey}).Int64Slice()
	if err != nil {
		return store.Pause{}, fmt.Errorf("rate limiter: %w", err)
	}
	return store.Pause{All: micro(r[0]), Bulk: micro(r[1]), Cuts: r[2]}, nil
}
