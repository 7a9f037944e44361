package flows

import (
	"context"
	"errors"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// movedAway tells a mentor that the group she spoke for is another's now. A conversation about it ends with that; done
// means that the event was its answer.
func movedAway(ctx context.Context, t *dialog.Turn) (done bool, err error) {
	if t.Again || t.Who.Role != store.Mentor || t.Session.For == 0 || t.Who.For.ID != 0 {
		return false, nil
	}
	of, err := t.Tx.Recipient(ctx, t.Session.For)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	to, err := dialog.Author(ctx, t.Tx, of.Mentor)
	if err != nil {
		return false, err
	}
	t.Session.For = 0
	asked := t.Session.Form.Form != ""
	f, err := t.Form(ctx)
	if err != nil {
		return false, err
	}
	t.Out = append(t.Out, store.Message{Chat: t.Event.Chat, Class: store.Reply, Body: []store.Text{
		store.Say("for.moved", "Group", of.Name, "Name", to.Name, "Asked", dialog.Mark(asked && f == nil)),
	}})
	answer := t.Event.Kind == form.Press && strings.HasPrefix(t.Event.Press, dialog.InForm+":") ||
		t.Event.Kind == form.Words && !strings.HasPrefix(t.Event.Text, "/")
	return asked && f == nil && answer, nil
}
