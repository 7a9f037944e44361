package ratelimit

import (
	"testing"
	"time"

	"pendamping/store"
)

// A process holds as many rows as sustain the rate, and no more. It claims half of them at a time, unless the next
// token would find no row.
func TestInFlightFree(t *testing.T) {
	const ms = time.Millisecond
	for what, c := range map[string]struct {
		rate        float64
		claim, call time.Duration
		waiting     int
		calling     []time.Duration // for how long
		want        int
	}{
		"at the beginning":  {rate: 28, want: 1},
		"far from Telegram": {rate: 28, claim: 2 * ms, call: 100 * ms, want: 4},
		"three under way": {
			rate: 28, claim: 2 * ms, call: 100 * ms, calling: []time.Duration{90 * ms, 50 * ms, 10 * ms}, want: 1,
		},
		"one of them waits": {
			rate: 28, claim: 2 * ms, call: 100 * ms, waiting: 1, calling: []time.Duration{50 * ms, 10 * ms},
		},
		"half of them in hand": {
			rate: 28, claim: 2 * ms, call: 100 * ms, waiting: 1, calling: []time.Duration{50 * ms}, want: 2,
		},
		"all in hand": {
			rate: 28, claim: 2 * ms, call: 100 * ms, waiting: 2, calling: []time.Duration{50 * ms, 10 * ms},
		},
		"calls that hang don't count": {
			rate: 28, claim: 2 * ms, call: 100 * ms, calling: []time.Duration{time.Second, time.Second}, want: 4,
		},
		"quick and near":                {rate: 560, claim: ms, call: ms, want: 3},
		"quick and near, one answered":  {rate: 560, claim: ms, call: ms, waiting: 2},
		"quick and near, two answered":  {rate: 560, claim: ms, call: ms, waiting: 1, want: 2},
		"no more than the window":       {rate: 560, claim: ms, call: time.Second, want: window},
		"no limit":                      {want: window},
		"no limit, less than half free": {calling: make([]time.Duration, window/2+1)},
		"no limit, half free":           {calling: make([]time.Duration, window/2), want: window / 2},
	} {
		f, now := NewInFlight(c.rate), time.Now()
		f.claimTime, f.callTime = c.claim, c.call
		for range c.waiting {
			f.rows[store.ID(len(f.rows))] = time.Time{}
		}
		for _, d := range c.calling {
			f.rows[store.ID(len(f.rows))] = now.Add(-d)
		}
		if n, again := f.free(now); n != c.want || again <= 0 {
			t.Errorf("%s: %d rows may be claimed, want %d; looked at again in %v", what, n, c.want, again)
		}
	}
}
