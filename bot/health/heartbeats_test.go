package health

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// A loop is late when it misses its own deadline, counted from what excuses it.
func TestHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Heartbeats
		b.Beat("quick", time.Minute)
		b.Beat("slow", time.Hour)
		time.Sleep(time.Minute)
		b.Beat("quick", time.Minute)
		time.Sleep(time.Minute + time.Second)
		if late := b.Late(time.Now(), time.Time{}); !slices.Equal(late, []string{"quick"}) {
			t.Errorf("late are %v, want quick", late)
		}
		if late := b.Late(time.Now(), time.Now().Add(-time.Second)); len(late) > 0 {
			t.Errorf("late are %v although they are excused", late)
		}
	})
}
