package flows

import (
	"context"
	"errors"
	"slices"

	"pendamping/flows/broadcast"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/store"
)

// decides reports whether a button answers what its card asks.
func decides(flows []dialog.Flow, b store.Button) bool {
	name, arg := dialog.Parse(b.Data)
	return slices.ContainsFunc(flows, func(f dialog.Flow) bool {
		return f.Name == name && f.Decides != nil && f.Decides(string(arg))
	})
}

// unanswered says that the card that was said last still asks, and shows its buttons again. Whoever only types yes
// would believe that it is done. Where another answer came since, it shows what else waits for them.
func unanswered(ctx context.Context, t *dialog.Turn) (is bool, err error) {
	list, err := lastCard(ctx, t)
	list = slices.DeleteFunc(slices.Clone(list), func(b store.Button) bool { return !decides(t.Flows, b) })
	if err != nil || t.Setting.Words == nil {
		return false, err
	}
	if len(list) == 0 {
		due, err := handover.WaitsDue(ctx, t.Tx, t.Who.Person)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		t.Show(due)
		return true, err
	}
	words := []string{"", ""}
	for i := range min(len(list), len(words)) {
		words[i] = t.Setting.Words(t.Account.Language, list[i].Text)
	}
	said := store.Say("unanswered", "First", words[0], "Second", words[1], "Many", dialog.Mark(len(list) > len(words)))
	shown := t.Session.Shown
	s := form.Screen{Body: []store.Text{said}}
	for _, b := range list {
		s.Buttons = append(s.Buttons, []store.Button{b})
	}
	t.Show(s)
	t.Session.Shown, t.Reminded = shown, true
	return true, nil
}

// unsent says of a review in hand that nothing happens before its button is pressed.
func unsent(ctx context.Context, t *dialog.Turn) (said store.Text, waits bool, err error) {
	if t.Session.Form.Form == "" || t.Setting.Words == nil {
		return said, false, nil
	}
	f, err := t.Form(ctx)
	if f == nil || err != nil {
		return said, false, err
	}
	screen, err := f.Ask(t.Session.Form)
	for _, b := range slices.Concat(screen.Buttons...) {
		if b.Data == form.Confirm {
			return store.Say("unsent", "Button", t.Setting.Words(t.Account.Language, b.Text)), true, err
		}
	}
	return said, false, err
}

// lastCard are the buttons of what was said last: of the last answer, or of what came since without a question.
func lastCard(ctx context.Context, t *dialog.Turn) ([]store.Button, error) {
	told, at, err := t.Tx.LastTold(ctx, t.Event.Chat)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && !at.After(t.Session.Said):
		return t.Session.Shown, nil
	case err != nil:
		return nil, err
	case told.Broadcast == 0:
		return slices.Concat(told.Message.Buttons...), nil
	}
	b, err := t.Tx.Broadcast(ctx, told.Broadcast)
	if err != nil || !b.Recalled.IsZero() || told.State == store.Acknowledged {
		return nil, err
	}
	said := broadcast.Announcement(b, t.Account.Language)
	return slices.Concat(said[len(said)-1].Buttons...), nil
}
