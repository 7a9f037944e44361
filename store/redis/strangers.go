package redis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"pendamping/store"
)

// strangersKey is the key of the virtual scheduling time (GCRA) that all strangers share.
const strangersKey = "gate:strangers"

var stranger = script(busy + `
local every, burst, most, forget = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
if most > 0 and (tonumber(redis.call('GET', KEYS[1])) or 0) >= most then
	return 1
end
if every > 0 then
	local free = tonumber(redis.call('GET', KEYS[2])) or 0
	if free > now + (burst + 1) * every then -- the clock was set back
		free = now
	end
	free = math.max(free, now)
	if free - now > (burst - 1) * every or busy(KEYS[3], KEYS[4], tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), 4) > 0 then
		return 2
	end
	redis.call('SET', KEYS[2], string.format('%.0f', free + every), 'PX', math.ceil((free + every - now) / 1000))
end
if most > 0 then
	local answers = redis.call('INCR', KEYS[1])
	redis.call('PEXPIRE', KEYS[1], forget)
	if answers >= most then
		return 3
	end
end
return 0
`)

// Stranger decides whether a stranger may be answered, for all processes together. Each one, by its key, has so many
// answers, which are forgotten a while after the last (0: they are not counted), and all strangers share a few a
// second: fewer while people who are known are answered, and no limit where shared is false.
func (d *DB) Stranger(
	ctx context.Context, key string, most int, forget time.Duration, shared bool,
) (store.StrangerAnswer, error) {
	every := time.Duration(0)
	if shared {
		every = store.StrangersEvery
	}
	n, err := stranger.Run(ctx, d.c, []string{"allow:stranger:" + key, strangersKey, repliesKey, inAirKey},
		every.Microseconds(),
		store.StrangersBurst, most,
		forget.Milliseconds(), span, time.Second.Microseconds(), furthest.Microseconds()).Int()
	if err != nil {
		return 0, fmt.Errorf("rate limiter: %w", err)
	}
	return store.StrangerAnswer(n), nil
}

// letIn returns the key that says of a chat that it has an invitation which fits.
func letIn(chat int64) string { return "allow:in:" + strconv.FormatInt(chat, 10) }

// LetIn notes for all processes, for a while, that a stranger's chat has an invitation which fits.
func (d *DB) LetIn(ctx context.Context, chat int64, forget time.Duration) error {
	if err := d.c.Set(ctx, letIn(chat), 1, forget).Err(); err != nil {
		return fmt.Errorf("rate limiter: %w", err)
	}
	return nil
}

// PutOut forgets that LetIn was noted of a chat.
func (d *DB) PutOut(ctx context.Context, chat int64) error {
	if err := d.c.Del(ctx, letIn(chat)).Err(); err != nil {
		return fmt.Errorf("rate limiter: %w", err)
	}
	return nil
}

// AreLetIn reports for each of some chats, at least one, whether LetIn was noted.
func (d *DB) AreLetIn(ctx context.Context, chats []int64) ([]bool, error) {
	keys, in := make([]string, len(chats)), make([]bool, len(chats))
	for i, chat := range chats {
		keys[i] = letIn(chat)
	}
	list, err := d.c.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, fmt.Errorf("rate limiter: %w", err)
	}
	for i, v := range list {
		in[i] = v != nil
	}
	return in, nil
}
