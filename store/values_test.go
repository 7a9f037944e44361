package store_test

import (
	"math"
	"testing"

	"pendamping/store"
)

// A price never overflows into a smaller one, or one below zero, whatever a file or a message says.
func TestTimes(t *testing.T) {
	const tooDear = 1_000_000_000_000_000
	for _, c := range []struct {
		volume      store.Volume
		price, want store.Rupiah
	}{
		{1500, 20_000, 30_000},
		{1, 499, 0},
		{1, 500, 1},
		{0, math.MaxInt64, 0},
		{store.MaxVolume, store.MaxRupiah, tooDear},
		{1_000_000_000, 1_000_000_000, tooDear},
		{1_000_000_000, 1_000_000_001, tooDear},
		{math.MaxInt64, math.MaxInt64, tooDear},
		{math.MaxInt64, 1, tooDear},
		{4_294_967_296, 4_294_967_296, tooDear}, // 2^64 in all: its low half is 0
	} {
		if got := c.volume.Times(c.price); got != c.want {
			t.Errorf("%d thousandths at %d cost %d, want %d", c.volume, c.price, got, c.want)
		}
	}
}
