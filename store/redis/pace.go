package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Telegram takes one message a second for a chat and twenty a minute for a group.
const (
	chatEvery  = time.Second
	groupEvery = time.Minute / 20
)

// pace is the key of the time, in microseconds, at which a chat's next place falls. It ends when that has come.
func pace(chat int64) string { return "pace:" + strconv.FormatInt(chat, 10) }

var chatPlace = script(`
local next = math.max(tonumber(redis.call('GET', KEYS[1])) or 0, now)
local after = next + ARGV[1]
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return next - now
`)

// Chat takes the next place in a chat's own pace for a nudge or bulk, and returns how long until it comes: the caller
// waits that long and sends. The place is taken in either case.
func (d *DB) Chat(ctx context.Context, chat int64, group bool) (time.Duration, error) {
	every := chatEvery
	if group {
		every = groupEvery
	}
	wait, err := chatPlace.Run(ctx, d.c, []string{pace(chat)}, every.Microseconds()).Int64()
	if err != nil {
		return 0, fmt.Errorf("chat's pace: %w", err)
	}
	return micro(wait), nil
}

// Replies are owed to the gate, which makes room for them later, and push their chat's next place back. At most span of them are
// owed: what was spent cannot be undone, only made up for.
var spend = script(`
local g = redis.call('HMGET', KEYS[1], 'owed', 'spent', 'every')
local every, span = tonumber(g[3]) or 0, tonumber(ARGV[#KEYS])
if every > 0 then
	local owed = tonumber(g[1]) or 0
	if (tonumber(g[2]) or 0) < now - span * every then
		owed = 0
	end
	redis.call('HSET', KEYS[1], 'owed', math.min(owed + #KEYS - 1, span), 'spent', now)
end
for i = 2, #KEYS do
	local after = now + ARGV[i - 1]
	if (tonumber(redis.call('GET', KEYS[i])) or 0) < after then
		redis.call('SET', KEYS[i], string.format('%.0f', after), 'PX', math.ceil(ARGV[i - 1] / 1000))
	end
end
return 1
`)

// Spent notes replies that were sent without asking, one for each chat given, so that nudges and bulk make room. It
// returns at once and the noting follows, many together; while Redis is away what was spent is forgotten.
func (d *DB) Spent(chats ...int64) {
	for _, chat := range chats {
		select {
		case d.spent <- chat:
		default: // noting lags by thousands: Redis is away
		}
	}
}

var land = script(`
for i = 1, #ARGV do
	redis.call('ZADD', KEYS[1], 'XX', string.format('%.0f', now), ARGV[i])
end
return 1
`)

// Landed notes that the call of a place of Take has its answer. It returns at once and the noting follows; what is not noted
// counts as under way for some time.
func (d *DB) Landed(place int64) {
	select {
	case d.landed <- place:
	default: // noting lags by thousands: Redis is away
	}
}

// note writes down what Spent and Landed were given until its context is done.
func (d *DB) note(ctx context.Context) {
	defer close(d.ended)
	for {
		select {
		case <-ctx.Done():
			return
		case chat := <-d.spent:
			keys, every := []string{gate}, []any{}
			for _, chat := range together(chat, d.spent) {
				keys, every = append(keys, pace(chat)), append(every, everyOf(chat).Microseconds())
			}
			_ = spend.Run(ctx, d.c, keys, append(every, span)...).Err() // pace is not worth failing for
		case place := <-d.landed:
			places := []any{}
			for _, place := range together(place, d.landed) {
				places = append(places, place)
			}
			_ = land.Run(ctx, d.c, []string{air}, places...).Err()
		}
	}
}

// together is the first with what waits behind it, 256 at most. Nobody else takes from that channel.
func together(first int64, more <-chan int64) []int64 {
	list := []int64{first}
	for range min(len(more), 255) {
		list = append(list, <-more)
	}
	return list
}

// everyOf is the time between places of a chat. Telegram gives groups negative ids.
func everyOf(chat int64) time.Duration {
	if chat < 0 {
		return groupEvery
	}
	return chatEvery
}
