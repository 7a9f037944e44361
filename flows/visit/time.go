package visit

import (
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/when"
	"pendamping/store"
)

// begun refuses a time that has not come.
func begun(d *logged, now time.Time, who dialog.Who) func(when.Hour) *store.Text {
	return func(h when.Hour) *store.Text {
		if !h.On(d.Day, who.Zone).After(now) {
			return nil
		}
		t := store.Say("visit.clock.future", "At", h.String())
		return &t
	}
}
