package broadcast

import (
	"context"
	"errors"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/letter"
	"pendamping/store"
)

// Understood notes that somebody has understood an announcement, and shows so in its message.
func Understood(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	if arg == "0" {
		return form.Screen{}, example(t)
	}
	b, err := t.Tx.Broadcast(ctx, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if !b.Recalled.IsZero() {
		t.AsNewMessage()
		return form.Screen{Body: []store.Text{store.Say("announcement.gone")}}, nil
	}
	if _, err := t.Tx.Acknowledge(ctx, b.ID, t.Event.Chat); err != nil {
		return form.Screen{}, err
	}
	sent, err := t.Tx.LastSent(ctx, t.Event.Chat, "paham:"+dialog.IDText(b.ID))
	if err != nil || (sent != 0 && sent == t.Event.Message) {
		return form.Screen{
			Body: []store.Text{store.Say("announcement.remind", "Title", Title(b)), store.Say("announcement.acked")},
		}, err
	}
	if m, ok := Corrected(b, t.Account.Language, t.Event.Message, true); ok && t.Event.Message != 0 {
		m.Chat, m.Class, m.Caption = t.Event.Chat, store.Reply, t.Event.Caption
		t.Out = append(t.Out, m)
		return form.Screen{}, nil
	}
	return form.Screen{Body: []store.Text{store.Say("announcement.acked")}}, nil
}

// example answers a button of a preview.
func example(t *dialog.Turn) error {
	t.AsNewMessage()
	t.Show(form.Screen{Body: []store.Text{store.Say("announcement.example")}})
	return nil
}

// Wonder asks for a question about an announcement, and sends it to the group's mentor, or to the coordinator where
// there is none.
func Wonder(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	if about == "0" {
		return nil, form.Fixable{Why: store.Say("announcement.example")}
	}
	b, err := tx.Broadcast(ctx, about.ID())
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
			return nil, form.Fixable{Why: store.Say("tanya.nobody")}
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
	if err := letter.WroteEnough(tx, who, them, begun); err != nil {
		return nil, err
	}
	type question struct{ Told form.Told }
	questions := func(q *question) ([]form.Question, error) {
		return []form.Question{form.Tell("told", &q.Told),
			form.Review(store.Say("tanya.head", "Name", them.Name, "Role", string(them.Role), "Title", Title(b)))}, nil
	}
	submit := func(ctx context.Context, q question, _ form.State) (form.Screen, error) {
		voice, err := dialog.KeepVoice(ctx, tx, who, store.Receipt{Recipient: of.ID}, q.Told)
		if err != nil {
			return form.Screen{}, err
		}
		l := store.Letter{Recipient: of.ID, Batch: b.ID, Template: letter.AnnouncedLetter, By: who.ID, To: them.ID,
			Words: q.Told.Words, At: tx.Now()}
		if voice != nil {
			l.Voice = voice.ID
		}
		if err := tx.AddLetter(ctx, "letter.asked", &l); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{
			Body:    []store.Text{store.Say("tanya.done", "Name", them.Name, "Role", string(them.Role))},
			Buttons: [][]store.Button{{{Text: store.Say("letter.thread"), Data: dialog.Data("thread", l.ID)}}},
		}
		if dialog.Reachable(them) {
			m := letter.Message(l, voice, who.Person, them, of)
			m.Body = []store.Text{
				store.Say("tanya.about", "Title", Title(b), "Name", who.Name, "Role", string(who.Role),
					"Group", of.Name), letter.Words(l, them, of),
			}
			s.Tell = []store.Message{m}
		} else {
			s.Body = append(s.Body, store.Say("tanya.off", "Name", them.Name))
		}
		return s, nil
	}
	return form.New("tanya", questions, submit), nil
}

// Wondered tells whether a message replies to an announcement.
func Wondered(ctx context.Context, t *dialog.Turn) (about string, ok bool, err error) {
	if name, about := dialog.Parse(t.Event.Card); name == "paham" || name == "tanya" {
		return about.Rest(), true, nil
	}
	if t.Event.Replied == 0 || t.Event.Card != "" {
		return "", false, nil
	}
	id, err := t.Tx.SaidTo(ctx, t.Event.Chat, t.Event.Replied)
	if errors.Is(err, store.ErrNotFound) {
		return "", false, nil
	}
	return dialog.IDText(id), err == nil, err
}
