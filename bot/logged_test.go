package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pendamping/bot"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// The log names nobody and repeats nothing, whether all goes well, people block the bot, or their words make it fail.
func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(3)
	h.start(limited, func(c *bot.Config) {
		c.Turn = func(ctx context.Context, tx store.Tx, s dialog.Setting, was dialog.Session,
			e form.Event) (flows.Result, error) {
			switch e.Text {
			case "kata-galat-rahasia":
				return flows.Result{}, errors.New("it fails")
			case "kata-panik-rahasia":
				panic(e.Text)
			}
			return flows.Turn(ctx, tx, s, was, e)
		}
	})
	people[0].SendPhoto(picture(1), "semen rahasia 195rb")
	people[0].Send("TB Rahasia")
	refused(people[1])
	people[2].Send("kata-galat-rahasia")
	people[2].Send("kata-panik-rahasia")
	h.settle()
	said, secrets := h.log.String(), h.secrets()
	if !strings.Contains(said, "panic") || len(secrets) < 6 {
		t.Fatalf("too little happened: %d secrets\n%s", len(secrets), said)
	}
	for _, s := range secrets {
		if strings.Contains(said, s) {
			t.Errorf("the log contains %q", s)
		}
	}
}
