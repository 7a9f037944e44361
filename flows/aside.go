package flows

import (
	"slices"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// aside is a conversation that waits for another to end, and as whom it was held.
type aside struct {
	Form form.State `json:"form"`
	As   store.ID   `json:"as"`
	For  store.ID   `json:"for,omitempty"`
}

// mostAside is how many conversations wait; nobody comes back to more.
const mostAside = 8

// inHand goes on with a conversation that is begun once more in its own middle, unless it is begun with words of its own:
// what was said in it stands.
func (t *turn) inHand(name, about string, lead []store.Text) (bool, error) {
	about, asked, _ := strings.Cut(about, ":")
	in := t.s.Form
	if in.Form != name || in.About != about || t.e.Kind != form.Press && t.e.Text != "" {
		return false, nil
	}
	f, err := t.form()
	if f == nil || err != nil || !f.Said(in) {
		return false, err
	}
	if asked != "" {
		t.s.Form.Asked = asked
	}
	return true, t.restate(lead...)
}

// putAside parks the conversation in hand, and puts its nota first in the queue.
func (t *turn) putAside() error {
	id := subject(t.s.Form)
	parked, err := t.park()
	if err != nil || len(parked.Body) == 0 {
		return err
	}
	t.unqueue(id)
	t.s.Queue = append([]store.ID{id}, t.s.Queue...)
	return nil
}

// subject is the record that a conversation is about.
func subject(s form.State) store.ID {
	id, _, _ := strings.Cut(s.About, ":")
	id, _, _ = strings.Cut(id, "-")
	return idOf(id)
}

// park puts the conversation in hand aside. The screen that says so is empty where no record keeps it: then the session does,
// if anything was said in it.
func (t *turn) park() (form.Screen, error) {
	in := t.s.Form
	if in.Form == "" {
		return form.Screen{}, nil
	}
	f, err := t.form()
	if f == nil || err != nil {
		return form.Screen{}, err
	}
	screen, err := f.Park(t.ctx, in)
	if len(screen.Body) == 0 && f.Said(in) {
		t.s.Aside = append(t.s.Aside, aside{in, t.who.ID, t.s.For})
		t.s.Aside = t.s.Aside[max(0, len(t.s.Aside)-mostAside):]
	}
	t.s.Form, t.s.Meant = form.State{}, meant{}
	return screen, err
}

// takeUp goes on with the last conversation that the person, as whom they speak now, had put aside.
func (t *turn) takeUp() (bool, error) {
	for i, a := range slices.Backward(t.s.Aside) {
		if a.As != t.who.ID || a.For != t.s.For {
			continue
		}
		t.s.Aside = slices.Delete(slices.Clone(t.s.Aside), i, i+1)
		t.s.Form, t.opened = a.Form, nil
		f, err := t.form()
		if err != nil {
			return false, err
		}
		if f != nil {
			return true, t.restate(store.Say("form.resumed"))
		}
		t.gone = false // its record is gone: the one before it may still be there
	}
	return false, nil
}
