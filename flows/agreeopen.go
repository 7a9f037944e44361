package flows

import (
	"context"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/store"
)

// word takes "setuju" or "bukan kami" for the button of the one request that waits for it; of several it shows each.
func word(ctx context.Context, t *dialog.Turn) (taken bool, err error) {
	yes, _ := dialog.Answered(t.Event.Text)
	yes, no := yes || t.Says("agree.yes"), t.Says("agree.no")
	if t.Session.Form.Form != "" || !yes && !no {
		return false, nil
	}
	open, err := handover.OpenChanges(ctx, t, store.HandoverAsked)
	if err != nil || len(open) == 0 {
		return false, err
	}
	if len(open) > 1 {
		return true, handover.ShowRequests(ctx, t)
	}
	answer := "y"
	if no {
		answer = "n"
	}
	t.Event.Kind, t.Event.Press = form.Press, dialog.Data("agree", open[0].ID, open[0].Version, answer)
	return true, press(ctx, t)
}
