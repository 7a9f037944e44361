package dialog

import (
	"context"
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

// inHand goes on with a conversation that is begun once more in its own middle, unless it is begun with words of its
// own: what was said in it stands.
func (t *Turn) inHand(ctx context.Context, name, about string, lead []store.Text) (bool, error) {
	about, asked, _ := strings.Cut(about, ":")
	in := t.Session.Form
	if in.Form != name || in.About != about || t.Event.Kind != form.Press && t.Event.Text != "" {
		return false, nil
	}
	f, err := t.Form(ctx)
	if f == nil || err != nil || !f.Said(in) {
		return false, err
	}
	if asked != "" {
		t.Session.Form.Asked = asked
	}
	return true, t.Restate(ctx, lead...)
}

// PutAside parks the conversation in hand, and puts its nota first in the queue.
func (t *Turn) PutAside(ctx context.Context) error {
	id := Subject(t.Session.Form)
	parked, err := t.Park(ctx)
	if err != nil || len(parked.Body) == 0 {
		return err
	}
	t.unqueue(id)
	t.Session.Queue, t.Session.Several = append([]store.ID{id}, t.Session.Queue...), true
	return nil
}

// Subject is the record that a conversation is about.
func Subject(s form.State) store.ID {
	id, _, _ := strings.Cut(s.About, ":")
	id, _, _ = strings.Cut(id, "-")
	return IDOf(id)
}

// Park puts the conversation in hand aside. The screen that says so is empty where no record keeps it: then the session
// does, if anything was said in it.
func (t *Turn) Park(ctx context.Context) (form.Screen, error) {
	in := t.Session.Form
	if in.Form == "" {
		return form.Screen{}, nil
	}
	f, err := t.Form(ctx)
	if f == nil || err != nil {
		return form.Screen{}, err
	}
	screen, err := f.Park(ctx, in)
	if len(screen.Body) == 0 && f.Said(in) {
		t.Session.Aside = append(t.Session.Aside, aside{in, t.Who.ID, t.Session.For})
		t.Session.Aside = t.Session.Aside[max(0, len(t.Session.Aside)-mostAside):]
	}
	t.Session.Form, t.Session.Meant = form.State{}, Meant{}
	return screen, err
}

// TakeUp goes on with the last conversation that the person, as whom they speak now, had put aside.
func (t *Turn) TakeUp(ctx context.Context) (bool, error) {
	for i, a := range slices.Backward(t.Session.Aside) {
		if a.As != t.Who.ID || a.For != t.Session.For {
			continue
		}
		t.Session.Aside = slices.Delete(slices.Clone(t.Session.Aside), i, i+1)
		t.Session.Form, t.Opened = a.Form, nil
		f, err := t.Form(ctx)
		if err != nil {
			return false, err
		}
		if f != nil {
			return true, t.Restate(ctx, store.Say("form.resumed"))
		}
		t.gone = false // its record is gone: the one before it may still be there
	}
	return false, nil
}
