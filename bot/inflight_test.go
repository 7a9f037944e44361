package bot

import (
	"testing"
	"time"

	"pendamping/store"
)

// As many rows are in hand as keep the rate, and no more; a claim is made for half of them, unless the next place would come to
// nobody.
func TestInFlightFree(t *testing.T) {
	const ms = time.Millisecond
	for what, c := range map[string]struct {
		rate        float64
		claim, call time.Duration
		waiting     int
		flying      []time.Duration // for how long
		want        int
	}{
		"at the beginning":               {rate: 28, want: 1},
		"far from Telegram":              {rate: 28, claim: 2 * ms, call: 100 * ms, want: 4},
		"three in the air":               {rate: 28, claim: 2 * ms, call: 100 * ms, flying: []time.Duration{90 * ms, 50 * ms, 10 * ms}, want: 1},
		"one of them waits":              {rate: 28, claim: 2 * ms, call: 100 * ms, waiting: 1, flying: []time.Duration{50 * ms, 10 * ms}},
		"half of them in hand":           {rate: 28, claim: 2 * ms, call: 100 * ms, waiting: 1, flying: []time.Duration{50 * ms}, want: 2},
		"all in hand":                    {rate: 28, claim: 2 * ms, call: 100 * ms, waiting: 2, flying: []time.Duration{50 * ms, 10 * ms}},
		"calls that hang are left aside": {rate: 28, claim: 2 * ms, call: 100 * ms, flying: []time.Duration{time.Second, time.Second}, want: 4},
		"quick and near":                 {rate: 560, claim: ms, call: ms, want: 3},
		"quick and near, one landed":     {rate: 560, claim: ms, call: ms, waiting: 2},
		"quick and near, two landed":     {rate: 560, claim: ms, call: ms, waiting: 1, want: 2},
		"no more than the window":        {rate: 560, claim: ms, call: time.Second, want: window},
		"no limit":                       {want: window},
		"no limit, less than half free":  {flying: make([]time.Duration, window/2+1)},
		"no limit, half free":            {flying: make([]time.Duration, window/2), want: window / 2},
	} {
		f, now := newInFlight(c.rate), time.Now()
		f.claimTime, f.callTime = c.claim, c.call
		for range c.waiting {
			f.rows[store.ID(len(f.rows))] = time.Time{}
		}
		for _, d := range c.flying {
			f.rows[store.ID(len(f.rows))] = now.Add(-d)
		}
		if n, again := f.free(now); n != c.want || again <= 0 {
			t.Errorf("%s: %d rows may be claimed, want %d; looked at again in %v", what, n, c.want, again)
		}
	}
}
