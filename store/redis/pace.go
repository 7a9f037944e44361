package redis

import (
	"context"
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
for i = 1, #ARGV, 2 do
	redis.call('ZADD', KEYS[1], 'XX', string.format('%.0f', now - ARGV[i + 1]), ARGV[i])
end
return 1
`)

// landing is when the call of a place had its answer.
type landing struct {
	place int64
	at    time.Time
}

// Landed notes that the call of a place of Take has its answer. It returns at once and the noting follows, many together; what is
// not noted counts as under way for some time.
func (d *DB) Landed(place int64) {
	select {
	case d.landed <- landing{place, time.Now()}:
	default: // noting lags by thousands: Redis is away
	}
}

// linger is how long a note waits for others. Nobody waits for it.
const linger = 5 * time.Millisecond

// note writes down what Spent and Landed were given until its context is done.
func (d *DB) note(ctx context.Context) {
	defer close(d.ended)
	for {
		var spent []int64
		var landed []landing
		select {
		case <-ctx.Done():
			return
		case chat := <-d.spent:
			spent = append(spent, chat)
		case l := <-d.landed:
			landed = append(landed, l)
		}
		time.Sleep(linger)
		if spent = together(spent, d.spent); len(spent) > 0 {
			keys, every := []string{gate}, []any{}
			for _, chat := range spent {
				keys, every = append(keys, pace(chat)), append(every, everyOf(chat).Microseconds())
			}
			_ = spend.Run(ctx, d.c, keys, append(every, span)...).Err() // pace is not worth failing for
		}
		if landed = together(landed, d.landed); len(landed) > 0 {
			var places []any
			for _, l := range landed {
				places = append(places, l.place, time.Since(l.at).Microseconds())
			}
			_ = land.Run(ctx, d.c, []string{air}, places...).Err()
		}
	}
}

// together is a list with what waits to be on it, 256 at most. Nobody else takes from that channel.
func together[T any](list []T, more <-chan T) []T {
	for range min(len(more), 256-len(list)) {
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
