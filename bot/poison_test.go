package bot_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"pendamping/store"
)

// An update that can't be handled is quarantined after three tries. The person is told, and nobody else waits.
func TestPoison(t *testing.T) {
	for _, c := range []struct {
		name, point string
		fail        func() error
	}{
		{"a read fails", "account", func() error { return errors.New("a page is broken") }},
		{"it panics", "account", func() error {
			var none []error
			return none[0]
		}},
		{"always a conflict", "commit", func() error { return store.ErrConflict }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			people := h.owners(4)
			victim := people[0]
			var armed atomic.Bool
			var tries atomic.Int32
			armed.Store(true)
			var bad atomic.Int64
			bad.Store(victim.ID())
			if c.point == "commit" {
				bad.Store(h.telegram.LastUpdate() + 1)
			}
			process := h.start(watched(func(point string, of int64) error {
				if point == c.point && of == bad.Load() && armed.Load() {
					tries.Add(1)
					return c.fail()
				}
				return nil
			}))
			victim.SendPhoto(picture(1), "rahasia-ini 195rb")
			victim.hears("sorry.parked")
			for _, p := range people[1:] {
				p.Send("anu")
				p.hears("unknown.words")
			}
			ctx := context.Background()
			parked, err := h.db.Quarantined(ctx)
			h.ok(err)
			if len(parked) != 1 || parked[0].Tries != 3 || parked[0].Reason == "" {
				t.Fatalf("parked: %+v", parked)
			}
			if strings.Contains(parked[0].Reason, "rahasia-ini") {
				t.Errorf("the reason repeats the person's words: %q", parked[0].Reason)
			}
			page := httptest.NewRecorder()
			process.handler().ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
			if !strings.Contains(page.Body.String(), `pendamping_updates{state="parked"} 1`) {
				t.Errorf("the metrics do not show it:\n%s", page.Body)
			}
			armed.Store(false)
			victim.SendPhoto(picture(2), "")
			h.settle()
			victim.inThisOrder(1)
			n, err := h.db.RetryQuarantined(ctx)
			h.ok(err)
			if n != 1 {
				t.Fatalf("%d were given a new start", n)
			}
			h.settle()
			victim.inThisOrder(1, 0)
			if n := victim.heard("sorry.parked"); n != 1 {
				t.Errorf("told %d times that it failed", n)
			}
		})
	}
}
