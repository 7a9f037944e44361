package bot

import (
	"context"
	"testing"
	"time"
)

// Who waits for calm lanes waits until the last one is empty, or as long as it wants to.
func TestCalm(t *testing.T) {
	var l lanes
	took := func(d time.Duration) time.Duration {
		start := time.Now()
		l.calm(t.Context(), d)
		return time.Since(start)
	}
	const long, short = time.Minute, 10 * time.Millisecond
	if d := took(long); d > long/2 {
		t.Errorf("nothing is to be done, and it waited %v", d)
	}
	one, two := make(chan struct{}), make(chan struct{})
	l.add(1, func() { <-one })
	l.add(2, func() { <-two })
	if d := took(short); d < short {
		t.Errorf("two lanes are busy, and it waited %v", d)
	}
	close(one)
	if d := took(short); d < short {
		t.Errorf("one lane is busy, and it waited %v", d)
	}
	time.AfterFunc(short, func() { close(two) })
	if d := took(long); d < short || d > long/2 {
		t.Errorf("the last lane was done after %v, and it waited %v", short, d)
	}
	ctx, cancel := context.WithCancel(t.Context())
	l.add(1, func() { <-ctx.Done() })
	time.AfterFunc(short, cancel)
	l.calm(ctx, long) // ends with its context
}
