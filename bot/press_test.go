package bot_test

import (
	"context"
	"testing"

	"pendamping/bot/faketelegram"
)

// A button stops spinning even if the first answers to it fail.
func TestSpinnerEnds(t *testing.T) {
	for name, fault := range map[string]faketelegram.Fault{
		"5xx": {Kind: faketelegram.FaultStatus, Status: 500, Count: 2},
		"429": {Kind: faketelegram.FaultStatus, Status: 429, Count: 1},
		"cut": {Kind: faketelegram.FaultReset, Count: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.start()
			p := h.owners(1)[0]
			p.SendPhoto(picture(1), "195rb TB Jaya kemarin")
			h.settle()
			fault.Method = "answerCallbackQuery"
			active := h.telegram.Fail(fault)
			last := p.answers()[len(p.answers())-1]
			press, err := p.Press(last.ID, last.Buttons[0][0].Data)
			h.ok(err)
			ctx, cancel := context.WithTimeout(t.Context(), patient)
			defer cancel()
			if _, err := press.Wait(ctx); err != nil || active.Hits() != fault.Count {
				t.Errorf("after %d failures of %d: %v", active.Hits(), fault.Count, err)
			}
		})
	}
}
