package flows

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// restate asks the pending question again, after something else was answered.
func (t *turn) restate(lead ...store.Text) error {
	if t.s.Meant.Words != "" {
		screen := askMeant(t.s.Meant)
		screen.Body, t.e.Message = append(lead, screen.Body...), 0
		t.show(screen)
		return nil
	}
	var screen form.Screen
	if t.s.Form.Form != "" {
		f, err := t.form()
		if err != nil {
			return err
		}
		if f != nil {
			if screen, err = f.Ask(t.s.Form); err != nil {
				return err
			}
		}
	}
	screen.Body = append(lead, screen.Body...)
	if len(screen.Body) > 0 {
		t.e.Message = 0 // a question asked again stands at the end of the chat
		t.ask(screen)
	}
	return nil
}

// unknown answers what nothing could use, and asks the pending question again.
func (t *turn) unknown(id string) error {
	if t.gone {
		id = "form.gone"
	}
	return t.restate(store.Say(id))
}

// ask shows a question: its buttons carry the number of the screen, so that an older one is known. A question that is only
// asked again keeps its number, and so its older copy works too. Numbers follow the clock: those of a session that was lost
// don't come again.
func (t *turn) ask(s form.Screen) {
	if t.s.Screen == 0 || !reflect.DeepEqual(t.s.Form, t.before) {
		t.s.Screen = max(t.s.Screen+1, t.tx.Now().UnixMilli()/100)
	}
	rows := make([][]store.Button, 0, len(s.Buttons))
	for _, row := range s.Buttons {
		if len(row) == 0 {
			continue
		}
		marked := make([]store.Button, len(row))
		for i, b := range row {
			if b.URL == "" {
				b.Data = fmt.Sprintf("%s:%d:%s", inForm, t.s.Screen, b.Data)
			}
			marked[i] = b
		}
		rows = append(rows, marked)
	}
	s.Buttons = rows
	var above []store.Button
	if len(t.out) > 0 {
		above = t.s.Shown
	}
	t.show(s)
	t.s.Shown = above
}

// show says a screen: in place of the message whose button was pressed, else as a new message.
func (t *turn) show(s form.Screen) {
	if len(s.Body) == 0 {
		return
	}
	if t.became.ID != "" {
		s.Body, t.became = append([]store.Text{t.became}, s.Body...), store.Text{}
	}
	t.tell(s.Tell)
	for _, m := range s.Ahead {
		m.Chat, m.Class = t.e.Chat, store.Reply
		t.out = append(t.out, m)
	}
	for _, files := range s.Above {
		t.out = append(t.out, store.Message{Chat: t.e.Chat, Class: store.Reply, Files: files})
	}
	t.s.Shown = slices.Concat(s.Buttons...)
	m := store.Message{Chat: t.e.Chat, Class: store.Reply, Body: s.Body, Buttons: s.Buttons, Files: s.Files, Key: s.Key}
	if t.e.Kind == form.Press && len(t.out) == 0 && len(s.Files) == 0 {
		m.Edit, m.Caption = t.e.Message, t.e.Caption
	}
	t.replace(&m)
	t.out = append(t.out, m)
}

// replace puts a reply in the place of the one that waits for more pictures. Unless it tells of pictures itself, it begins with
// what that one would have said of them: nobody may think that a picture was lost.
func (t *turn) replace(m *store.Message) {
	w := t.s.Delayed
	if w.Key == "" {
		return
	}
	m.Key, t.s.Delayed = w.Key, delayed{}
	first := m.Body[0].ID
	if len(w.Said) > 0 && t.tx.Now().Before(w.Due) && first != w.Said[0].ID && !strings.HasPrefix(first, "photo.saved") {
		m.Body = slices.Concat(w.Said, m.Body)
	}
}

// tell keeps what is said to others, and what is made; both wait behind replies.
func (t *turn) tell(others []store.Message) {
	for _, m := range others {
		if m.Class != store.Paper {
			m.Class = store.Nudge
		}
		t.others = append(t.others, m)
	}
}
