package dialog

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// settle is how long the reply to an album, or to a picture that came while another nota was in hand, waits for more
// pictures, so that ten pictures get one reply.
const settle = 1200 * time.Millisecond

// Postpone lets the reply wait for more pictures; a later one takes its place, and says in its turn what was said of
// these.
func (t *Turn) Postpone(said ...store.Text) {
	w := delayed{Key: "pictures", Said: said, Due: t.Tx.Now().Add(settle)}
	for i := range t.Out {
		t.Out[i].Due, t.Out[i].Key = w.Due, w.Key
	}
	t.Session.Delayed = w
}

// Restate asks the pending question again, after something else was answered.
func (t *Turn) Restate(ctx context.Context, lead ...store.Text) error {
	if t.Session.Meant.Words != "" {
		screen := askMeant(t.Session.Meant)
		screen.Body, t.Event.Message = append(lead, screen.Body...), 0
		t.Show(screen)
		return nil
	}
	var screen form.Screen
	if t.Session.Form.Form != "" {
		f, err := t.Form(ctx)
		if err != nil {
			return err
		}
		if f != nil {
			if screen, err = f.Ask(t.Session.Form); err != nil {
				return err
			}
		}
	}
	screen.Body = append(lead, screen.Body...)
	if len(screen.Body) > 0 {
		t.AsNewMessage() // a question asked again stands at the end of the chat
		return t.Ask(ctx, screen)
	}
	return nil
}

// ShowBeside says a screen that was asked for in the middle of a conversation. It ends with a button back to the
// pending question, which would push it out of sight if it were asked again below.
func (t *Turn) ShowBeside(ctx context.Context, s form.Screen) error {
	f, err := t.Form(ctx)
	if err != nil {
		return err
	}
	if f == nil {
		t.Show(s)
		return nil
	}
	back := store.Say("form.goon", "Number", "")
	if flow, ok := t.conversation(t.Session.Form.Form); ok && flow.Numbered {
		r, err := t.Tx.Receipt(ctx, Subject(t.Session.Form))
		if err != nil {
			return err
		}
		back.Data["Number"] = Number(r)
	}
	s.Buttons = append(slices.Clone(s.Buttons), []store.Button{{Text: back, Data: Data("goon")}})
	t.Show(s)
	return nil
}

// Unknown answers what nothing could use, and asks the pending question again.
func (t *Turn) Unknown(ctx context.Context, id string) error {
	if t.gone {
		id = "form.gone"
	}
	return t.Restate(ctx, store.Say(id))
}

// Ask shows a question: its buttons carry the number of the screen, so that an older one is known. A question that is
// only asked again keeps its number, and so its older copy works too. Numbers follow the clock: those of a session that
// was lost don't come again.
func (t *Turn) Ask(ctx context.Context, s form.Screen) error {
	f, ok := t.conversation(t.Session.Form.Form)
	if ok && f.Names != nil && t.Session.Several && len(s.Body) > 0 {
		if err := f.Names(ctx, t, &s); err != nil {
			return err
		}
	}
	if t.Session.Screen == 0 || !reflect.DeepEqual(t.Session.Form, t.Before) {
		t.Session.Screen = max(t.Session.Screen+1, t.Tx.Now().UnixMilli()/100)
	}
	rows := make([][]store.Button, 0, len(s.Buttons))
	for _, row := range s.Buttons {
		if len(row) == 0 {
			continue
		}
		marked := make([]store.Button, len(row))
		for i, b := range row {
			if b.URL == "" {
				b.Data = Data(InForm, t.Session.Screen, b.Data)
			}
			marked[i] = b
		}
		rows = append(rows, marked)
	}
	s.Buttons = rows
	var above []store.Button
	if len(t.Out) > 0 {
		above = t.Session.Shown
	}
	t.Show(s)
	t.Session.Shown = above
	return nil
}

// Show says a screen: in place of the message whose button was pressed, else as a new message.
func (t *Turn) Show(s form.Screen) {
	if len(s.Body) == 0 {
		return
	}
	if t.Became.ID != "" {
		s.Body, t.Became = append([]store.Text{t.Became}, s.Body...), store.Text{}
	}
	t.Tell(s.Tell)
	for _, m := range s.Ahead {
		m.Chat, m.Class = t.Event.Chat, store.Reply
		t.Out = append(t.Out, m)
	}
	for _, files := range s.Above {
		t.Out = append(t.Out, store.Message{Chat: t.Event.Chat, Class: store.Reply, Files: files})
	}
	t.Session.Shown = slices.Concat(s.Buttons...)
	m := store.Message{
		Chat: t.Event.Chat, Class: store.Reply, Body: s.Body, Buttons: s.Buttons, Files: s.Files, Key: s.Key,
	}
	if t.Event.Kind == form.Press && len(t.Out) == 0 && len(s.Files) == 0 {
		m.Edit, m.Caption = t.Event.Message, t.Event.Caption
	}
	if m.Edit == 0 {
		m.ReplyTo = s.ReplyTo
	}
	t.replace(&m)
	t.Out = append(t.Out, m)
}

// replace puts a reply in the place of the one that waits for more pictures. Unless it tells of pictures itself, it
// begins with what that one would have said of them: nobody may think that a picture was lost.
func (t *Turn) replace(m *store.Message) {
	w := t.Session.Delayed
	if w.Key == "" {
		return
	}
	if m.Edit != 0 && t.Tx.Now().Before(w.Due) { // the button stands above the pictures, and may be an old one
		if reflect.DeepEqual(t.Session.Form, t.Before) {
			return // what waits is said below
		}
		m.Edit, m.Caption = 0, false
	}
	m.Key, t.Session.Delayed = w.Key, delayed{}
	first := m.Body[0].ID
	if len(w.Said) > 0 && t.Tx.Now().Before(w.Due) && first != w.Said[0].ID &&
		!strings.HasPrefix(first, "photo.saved") {
		m.Body = slices.Concat(w.Said, m.Body)
	}
}

// Tell keeps what is said to others, and what is made; both wait behind replies.
func (t *Turn) Tell(others []store.Message) {
	for _, m := range others {
		if m.Class != store.Paper {
			m.Class = store.Nudge
		}
		t.Others = append(t.Others, m)
	}
}
