package flows

import (
	"errors"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// movedAway tells a mentor that the group she spoke for is another's now. A conversation about it ends with that; done means that
// the event was its answer.
func (t *turn) movedAway() (done bool, err error) {
	if t.again || t.who.Role != store.Mentor || t.s.For == 0 || t.who.For.ID != 0 {
		return false, nil
	}
	of, err := t.tx.Recipient(t.ctx, t.s.For)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	to, err := author(t.ctx, t.tx, of.Mentor)
	if err != nil {
		return false, err
	}
	t.s.For = 0
	asked := t.s.Form.Form != ""
	f, err := t.form()
	if err != nil {
		return false, err
	}
	t.out = append(t.out, store.Message{Chat: t.e.Chat, Class: store.Reply, Body: []store.Text{store.Say("for.moved", "Group", of.Name, "Name", to.Name, "Asked", mark(asked && f == nil))}})
	answer := t.e.Kind == form.Press && strings.HasPrefix(t.e.Press, inForm+":") || t.e.Kind == form.Words && !strings.HasPrefix(t.e.Text, "/")
	return asked && f == nil && answer, nil
}
