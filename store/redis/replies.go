package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"pendamping/store"
)

// Short bursts are tolerated in a private chat.
const (
	chatBurst  = 5
	groupBurst = 1
)

// remember is how long after its pause a chat that met a 429 has no burst.
const remember = 10 * time.Minute

// chatKey returns the key of the time, in microseconds, at which a chat's next token is due when tokens are evenly
// spaced. Replies may come earlier by the chat's burst. The key expires at that time.
func chatKey(chat int64) string { return "pace:" + strconv.FormatInt(chat, 10) }

// pauseOf returns the key of a chat's own pause.
func pauseOf(chat int64) string { return "pause:" + strconv.FormatInt(chat, 10) }

// owe is Lua that notes n replies, for which the limiter makes room later. At most span of them are owed, because
// what was sent can't be undone, only made up for.
const owe = `
local function owe(n, span)
	local g = redis.call('HMGET', KEYS[1], 'owed', 'spent', 'every')
	local every = tonumber(g[3]) or 0
	if every > 0 then
		local owed = tonumber(g[1]) or 0
		if (tonumber(g[2]) or 0) < now - span * every then
			owed = 0
		end
		redis.call('HSET', KEYS[1], 'owed', math.min(owed + n, span), 'spent', now)
	end
end
`

// repliesKey is the list of when the last replies to all chats are sent, the newest first, in microseconds. Together
// with nudges and bulk they keep to Telegram's limit for a bot: see limiterKey.
const repliesKey = "gate:replies"

// furthest is how far ahead a reply's time is given. A later one has to ask again, and a time further off can only
// come from a clock that was set back.
const furthest = 10 * time.Second

// busy is Lua that returns how long it is until the last second has room for another reply. Nudges and bulk have at
// most half of that second. Of what they leave, replies that yield use a part, so that bursts of the others need not
// wait for them.
const busy = `
local function busy(line, air, places, second, furthest, share)
	local newest = tonumber(redis.call('LINDEX', line, 0)) or 0
	if newest > now + second + furthest then
		redis.call('DEL', line)
	end
	local room = places - math.min(redis.call('ZCOUNT', air, string.format('%.0f', now - second), '+inf'), math.floor(places / 2))
	local last = tonumber(redis.call('LINDEX', line, math.floor(room / share) - 1)) or 0
	return math.max(last + second - now, 0)
end
`

// A chat's token is a virtual scheduling time (GCRA): a reply may be sent if it is at most a burst ahead. One that is
// further ahead than any reply puts it can only come from a clock that was set back.
var reply = script(left + owe + busy + `
local own, burst, span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local second, furthest, share = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local wait = math.max(left(KEYS[1], 'pause'), left(KEYS[3], 'pause'))
if wait > 0 then
	return {0, wait}
end
local free = tonumber(redis.call('GET', KEYS[2])) or 0
if free > now + (burst + 1) * own + furthest then
	free = now
end
free = math.max(free, now)
if redis.call('EXISTS', KEYS[3]) == 1 then
	burst = 1
end
wait = free - now - (burst - 1) * own
if wait > 0 then
	return {0, wait}
end
wait = busy(KEYS[4], KEYS[5], span, second, furthest, share)
if wait > furthest or share > 1 and wait > 0 then
	return {0, math.min(wait, furthest)}
end
owe(1, span)
redis.call('LPUSH', KEYS[4], string.format('%.0f', now + wait))
redis.call('LTRIM', KEYS[4], 0, span - 1)
redis.call('PEXPIRE', KEYS[4], math.ceil((wait + second) / 1000))
free = math.max(free, now + wait) + own
redis.call('SET', KEYS[2], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000))
return {1, wait}
`)

// TakeReply takes a token for a reply to a chat. With a token, the reply may be sent after that time. Without one it
// is asked for again after that time, because the chat or everybody is paused or had its burst. A reply that yields
// gets no token while many others are sent.
func (d *DB) TakeReply(
	ctx context.Context, chat int64, yields store.Yield,
) (token bool, after time.Duration, err error) {
	r, err := reply.Run(ctx, d.c, []string{limiterKey, chatKey(chat), pauseOf(chat), repliesKey, inAirKey},
		everyOf(chat).Microseconds(),
		burstOf(chat), span,
		time.Second.Microseconds(), furthest.Microseconds(), yields.Share()).Int64Slice()
	if err != nil {
		return false, 0, fmt.Errorf("rate limiter: %w", err)
	}
	return r[0] == 1, micro(r[1]), nil
}

// Replies push their chat's next token back.
var spend = script(owe + `
owe(#KEYS - 1, tonumber(ARGV[#KEYS]))
for i = 2, #KEYS do
	local after = now + ARGV[i - 1]
	if (tonumber(redis.call('GET', KEYS[i])) or 0) < after then
		redis.call('SET', KEYS[i], string.format('%.0f', after), 'PX', math.ceil(ARGV[i - 1] / 1000))
	end
end
return 1
`)

// Spent notes replies that were sent without a token, one for each chat given, so that nudges and bulk make room. It
// returns at once and the notes are written in batches; while Redis is away they are dropped.
func (d *DB) Spent(chats ...int64) {
	for _, chat := range chats {
		select {
		case d.spent <- chat:
		default: // thousands of notes wait, so Redis is away
		}
	}
}

var land = script(`
for i = 1, #ARGV, 2 do
	redis.call('ZADD', KEYS[1], 'XX', string.format('%.0f', now - ARGV[i + 1]), ARGV[i])
end
return 1
`)

// answer notes when the call of a token had its answer.
type answer struct {
	token int64
	at    time.Time
}

// Answered notes that the call of a token of Take has its answer. It returns at once and the notes are written in
// batches; without its note a call counts as under way for some time.
func (d *DB) Answered(token int64) {
	select {
	case d.answered <- answer{token, time.Now()}:
	default: // thousands of notes wait, so Redis is away
	}
}

// linger is how long a note waits for others. Nobody waits for it.
const linger = 5 * time.Millisecond

// note writes what Spent and Answered were given until ctx ends.
func (d *DB) note(ctx context.Context) {
	defer close(d.ended)
	for {
		var spent []int64
		var answered []answer
		select {
		case <-ctx.Done():
			return
		case chat := <-d.spent:
			spent = append(spent, chat)
		case l := <-d.answered:
			answered = append(answered, l)
		}
		time.Sleep(linger)
		if spent = together(spent, d.spent); len(spent) > 0 {
			keys, every := []string{limiterKey}, []any{}
			for _, chat := range spent {
				keys, every = append(keys, chatKey(chat)), append(every, everyOf(chat).Microseconds())
			}
			_ = spend.Run(ctx, d.c, keys, append(every, span)...).Err() // the rate is not worth failing for
		}
		if answered = together(answered, d.answered); len(answered) > 0 {
			var tokens []any
			for _, l := range answered {
				tokens = append(tokens, l.token, time.Since(l.at).Microseconds())
			}
			_ = land.Run(ctx, d.c, []string{inAirKey}, tokens...).Err()
		}
	}
}

// together returns a list with what waits in the channel behind it, 256 at most. Nobody else takes from that channel.
func together[T any](list []T, more <-chan T) []T {
	for range min(len(more), 256-len(list)) {
		list = append(list, <-more)
	}
	return list
}

// everyOf returns the time between a chat's tokens. Telegram gives groups negative ids.
func everyOf(chat int64) time.Duration {
	if chat < 0 {
		return store.GroupEvery
	}
	return store.ChatEvery
}

// burstOf returns how many replies may go to a chat at once after a rest.
func burstOf(chat int64) int64 {
	if chat < 0 {
		return groupBurst
	}
	return chatBurst
}
