package bot_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pendamping/bot"
)

func TestHundredTextsAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var mu sync.Mutex
	var order []int64
	h.start(watched(func(string, int64) error { return nil }), func(c *bot.Config) {
		begin := c.Begin
		c.Begin = func(now time.Time, update int64) bot.Tx {
			mu.Lock()
			if update != 0 { // or else nobody's
				order = append(order, update)
			}
			mu.Unlock()
			return begin(now, update)
		}
	})
	p := h.owners(1)[0]
	for i := range 100 {
		p.Send(fmt.Sprint("pesan ke-", i))
	}
	h.settle()
	if n := p.puzzled(); n != 100 {
		t.Errorf("%d answers to 100 texts", n)
	}
	if !slices.IsSorted(order) || len(order) != 100 {
		t.Errorf("handled in the order %v", order)
	}
}

func TestFiftySideBySide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(50)
	h.start()
	h.start()
	for i := range 3 {
		for _, p := range people {
			p.SendPhoto(picture(i), "")
		}
	}
	h.settle()
	for _, p := range people {
		p.inOrder(3)
	}
}

// Whoever takes over a killed process's updates handles them before newer ones, even if it was running all the while.
func TestOrderAcrossTakeover(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(4)
	killed := h.doomed("mark")
	people[0].Send("anu")
	people[0].hears("unknown.words") // it polls
	h.start()
	for i := range 8 {
		for _, p := range people {
			p.SendPhoto(picture(i), "")
		}
	}
	killed()
	for i := range 8 {
		for _, p := range people {
			p.SendPhoto(picture(8+i), "")
		}
	}
	h.settle()
	for _, p := range people {
		p.inOrder(16)
	}
}
