package flows

import (
	"context"
	"errors"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// announcedLetter is the template of a question about an announcement.
const announcedLetter = "announcement"

// understood notes that somebody has understood an announcement, and shows so in its message.
func (t *turn) understood(arg string) error {
	if arg == idText(0) {
		return t.example()
	}
	b, err := t.tx.Broadcast(t.ctx, idOf(arg))
	if err != nil {
		return err
	}
	if !b.Recalled.IsZero() {
		t.e.Message = 0
		t.show(form.Screen{Body: []store.Text{store.Say("announcement.gone")}})
		return nil
	}
	if _, err := t.tx.Acknowledge(t.ctx, b.ID, t.e.Chat); err != nil {
		return err
	}
	if sent, err := t.tx.LastSent(t.ctx, t.e.Chat, "paham:"+arg); err != nil || (sent != 0 && sent == t.e.Message) {
		t.show(form.Screen{Body: []store.Text{store.Say("announcement.remind", "Title", title(b)), store.Say("announcement.acked")}})
		return err
	}
	if m, ok := Corrected(b, t.acc.Language, t.e.Message, true); ok && t.e.Message != 0 {
		m.Chat, m.Class, m.Caption = t.e.Chat, store.Reply, t.e.Caption
		t.out = append(t.out, m)
		return nil
	}
	t.show(form.Screen{Body: []store.Text{store.Say("announcement.acked")}})
	return nil
}

// example answers a button of a preview.
func (t *turn) example() error {
	t.e.Message = 0
	t.show(form.Screen{Body: []store.Text{store.Say("announcement.example")}})
	return nil
}

// wonder asks for a question about an announcement, and sends it to the group's mentor, or to the coordinator where there is
// none.
func wonder(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	if about == idText(0) {
		return nil, form.Mend{Why: store.Say("announcement.example")}
	}
	b, err := tx.Broadcast(ctx, idOf(about))
	if err != nil {
		return nil, err
	}
	of := who.For
	if of.ID == 0 {
		list, err := tx.RecipientsOf(ctx, who.ID)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, form.Mend{Why: store.Say("tanya.nobody")}
		}
		of = list[0]
	}
	to := b.By
	if of.Mentor != 0 && who.Role != store.Mentor {
		to = of.Mentor
	}
	them, err := tx.Person(ctx, to)
	if err != nil {
		return nil, err
	}
	posted, err := tx.Posted(ctx, who.ID, tx.Now().Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	var begun []store.Letter
	for _, p := range posted {
		begun = append(begun, p.Letter)
	}
	if err := wroteEnough(tx, who, them, begun); err != nil {
		return nil, err
	}
	type question struct{ Told form.Told }
	questions := func(q *question) ([]form.Question, error) {
		return []form.Question{form.Tell("told", &q.Told), form.Review(store.Say("tanya.head", "Name", them.Name, "Role", string(them.Role), "Title", title(b)))}, nil
	}
	submit := func(ctx context.Context, q question, _ form.State) (form.Screen, error) {
		voice, err := keepVoice(ctx, tx, who, store.Receipt{Recipient: of.ID}, q.Told)
		if err != nil {
			return form.Screen{}, err
		}
		l := store.Letter{Recipient: of.ID, Batch: b.ID, Template: announcedLetter, By: who.ID, To: them.ID, Words: q.Told.Words, At: tx.Now()}
		if voice != nil {
			l.Voice = voice.ID
		}
		if err := tx.AddLetter(ctx, "letter.asked", &l); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{
			Body:    []store.Text{store.Say("tanya.done", "Name", them.Name, "Role", string(them.Role))},
			Buttons: [][]store.Button{{{Text: store.Say("letter.thread"), Data: "thread:" + idText(l.ID)}}},
		}
		if reachable(them) {
			m := letterMessage(l, voice, who.Person, them, of)
			m.Body = []store.Text{
				store.Say("tanya.about", "Title", title(b), "Name", who.Name, "Role", string(who.Role), "Group", of.Name), letterWords(l, them, of),
			}
			s.Tell = []store.Message{m}
		} else {
			s.Body = append(s.Body, store.Say("tanya.off", "Name", them.Name))
		}
		return s, nil
	}
	return form.New("tanya", questions, submit), nil
}

// wondered tells whether a message replies to an announcement.
func (t *turn) wondered() (about string, ok bool, err error) {
	for _, prefix := range []string{"paham:", "tanya:"} {
		if id, ok := strings.CutPrefix(t.e.Card, prefix); ok {
			return id, true, nil
		}
	}
	if t.e.Replied == 0 || t.e.Card != "" {
		return "", false, nil
	}
	id, err := t.tx.SaidTo(t.ctx, t.e.Chat, t.e.Replied)
	if errors.Is(err, store.ErrNotFound) {
		return "", false, nil
	}
	return idText(id), err == nil, err
}

// wonder takes a reply to an announcement as a question about it.
func (t *turn) wonder(about string) error {
	e, n := t.e, len(t.out)
	t.e.Kind, t.e.Message = form.Press, 0
	err := t.open("tanya", about)
	t.e = e
	if errors.Is(err, store.ErrNotFound) {
		return t.unknown("unknown.record")
	}
	if err != nil || t.s.Form.Form != "tanya" {
		return err
	}
	t.out = t.out[:n]
	_, err = t.take()
	return err
}
