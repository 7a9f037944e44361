package flows

import (
	"errors"
	"slices"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// always is Decides of a flow all of whose buttons answer what their card asks.
func always(string) bool { return true }

// withVersion is Decides of a flow whose buttons without the record's version only show its card.
func withVersion(arg string) bool { return strings.Contains(arg, ":") }

// withdraws is Decides of privacy, which asks only whether to withdraw the consent: yes, or back.
func withdraws(arg string) bool { return arg == "" || strings.HasPrefix(arg, "yes:") }

// decides reports whether a button answers what its card asks.
func decides(flows []Flow, b store.Button) bool {
	name, arg, _ := strings.Cut(b.Data, ":")
	return slices.ContainsFunc(flows, func(f Flow) bool { return f.Name == name && f.Decides != nil && f.Decides(arg) })
}

// unanswered says that the card that was said last still asks, and shows its buttons again. Whoever only types yes
// would believe that it is done. Where another answer came since, it shows what else waits for them.
func (t *turn) unanswered() (is bool, err error) {
	list, err := t.lastCard()
	list = slices.DeleteFunc(slices.Clone(list), func(b store.Button) bool { return !decides(t.flows, b) })
	if err != nil || t.set.Words == nil {
		return false, err
	}
	if len(list) == 0 {
		due, err := waitsDue(t.ctx, t.tx, t.who.Person)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		t.show(due)
		return true, err
	}
	words := []string{"", ""}
	for i := range min(len(list), len(words)) {
		words[i] = t.set.Words(t.acc.Language, list[i].Text)
	}
	said := store.Say("unanswered", "First", words[0], "Second", words[1], "Many", mark(len(list) > len(words)))
	shown := t.s.Shown
	s := form.Screen{Body: []store.Text{said}}
	for _, b := range list {
		s.Buttons = append(s.Buttons, []store.Button{b})
	}
	t.show(s)
	t.s.Shown, t.reminded = shown, true
	return true, nil
}

// lastCard are the buttons of what was said last: of the last answer, or of what came since without a question.
func (t *turn) lastCard() ([]store.Button, error) {
	told, at, err := t.tx.LastTold(t.ctx, t.e.Chat)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && !at.After(t.s.Said):
		return t.s.Shown, nil
	case err != nil:
		return nil, err
	case told.Broadcast == 0:
		return slices.Concat(told.Message.Buttons...), nil
	}
	b, err := t.tx.Broadcast(t.ctx, told.Broadcast)
	if err != nil || !b.Recalled.IsZero() || told.State == store.Acknowledged {
		return nil, err
	}
	said := Announcement(b, t.acc.Language)
	return slices.Concat(said[len(said)-1].Buttons...), nil
}
