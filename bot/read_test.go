package bot_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"pendamping/bot"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// What was read in a picture is offered for questions without an answer. It fills in nothing and replaces nothing.
func TestReadings(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ready := make(chan struct{})
	h.start(func(c *bot.Config) {
		c.Inspect = func(_ context.Context, f store.File, _ io.Reader, _ bool) (receipt.Seen, error) {
			return receipt.Seen{Look: store.Look{File: f.ID, Flaws: []string{"dark"}}}, nil
		}
		c.Read = func(ctx context.Context, _ io.Reader) (string, error) {
			select {
			case <-ready:
			case <-ctx.Done():
			}
			return "TOKO MAKMUR\n01/01/2026\nTOTAL Rp 185.000", nil
		}
	})
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "")
	p.hears("coach.dark")
	p.Send("75rb") // nobody waits for the reading
	h.settle()
	close(ready)
	p.hears("read.head")
	last := p.answers()[len(p.answers())-1]
	if len(last.Buttons) < 1 || !strings.Contains(last.Buttons[0][0].Text, "Toko Makmur") ||
		strings.Contains(last.Text, "185") {
		t.Fatalf("offered: %+v", last)
	}
	_, err := p.Press(last.ID, last.Buttons[0][0].Data)
	h.ok(err)
	h.settle()
	last = p.answers()[len(p.answers())-1]
	if !strings.Contains(last.Buttons[0][0].Text, "1 Januari 2026") {
		t.Errorf("the day is not offered: %+v", last)
	}
	list, _ := p.receipts()
	if len(list) != 1 || list[0].Total != 0 {
		t.Errorf("records: %+v", list)
	}
	h.verified()
}
