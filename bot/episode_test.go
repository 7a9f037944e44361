package bot

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A server that refuses some more calls on its return has one outage in the log: one line for away and one for back.
func TestOneOutageIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		m := newSessions(nil, "1", nil, slog.New(slog.NewJSONHandler(&lines, nil)))
		refused := errors.New("refused")
		look := func(d time.Duration) { // as watch does while Redis answers
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(250 * time.Millisecond) {
				if !m.away.Load() {
					m.outage.End()
				}
			}
		}
		logged := func(words string) int { return strings.Count(lines.String(), words) }
		for range 2 { // outages with a time between them
			lines.Reset()
			for range 3 {
				m.markAway(refused)
				m.markAway(refused)
				look(time.Second)
				m.markBack()
				look(time.Second)
			}
			if away, back := logged("redis is away"), logged("redis is back"); away != 1 || back != 0 {
				t.Errorf("while it comes and goes: %d times away, %d times back", away, back)
			}
			look(time.Minute)
			if away, back := logged("redis is away"), logged("redis is back"); away != 1 || back != 1 {
				t.Errorf("at last: %d times away, %d times back", away, back)
			}
		}
	})
}
