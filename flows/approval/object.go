package approval

import (
	"context"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Object asks somebody who had no hand in a nota what is wrong with it. Who entered it doesn't hear of that.
func Object(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	r, of, err := dialog.OwnReceipt(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	if !who.MayNota(dialog.ObjectNota, r) {
		return nil, store.ErrNotFound
	}
	u, err := RemarksOn(ctx, tx, who, r)
	if err != nil {
		return nil, err
	}
	to, err := dialog.Judge(ctx, tx, of, slices.Concat(r.Hands, []store.ID{r.By, who.ID})...)
	switch {
	case err != nil:
		return nil, err
	case u.Own:
		return nil, form.Fixable{Why: store.Say("object.twice", "Number", dialog.Number(r))}
	case to.ID == 0:
		return nil, form.Fixable{Why: store.Say("object.nobody")}
	}
	type objection struct{ Words string }
	questions := func(o *objection) ([]form.Question, error) {
		return []form.Question{
			form.Ask("words", &o.Words, form.Text).Exclusive(),
			form.Review(store.Say("object.head", "Number", dialog.Number(r), "Role", string(to.Role))),
		}, nil
	}
	submit := func(ctx context.Context, o objection, _ form.State) (form.Screen, error) {
		m := store.Remark{
			Recipient: of.ID, Receipt: r.ID, Kind: store.Objection, By: who.ID, To: to.ID, At: tx.Now(), Words: o.Words,
		}
		if err := tx.AddRemark(ctx, "remark.objected", &m); err != nil {
			return form.Screen{}, err
		}
		card, err := RemarkCard(ctx, tx, who.Reader(to), m)
		return form.Screen{
			Body: []store.Text{store.Say("object.done", "Number", dialog.Number(r), "Role", string(to.Role))},
			Tell: []store.Message{{Chat: to.Account, Body: card.Body, Buttons: card.Buttons}},
		}, err
	}
	return form.New("object", questions, submit), nil
}

// dialogue is what stands on a nota's card of what was said about it.
type dialogue struct {
	Body []store.Text
	Ways [][]store.Button
	Own  bool // an objection that waits is the person's own
}

// RemarksOn are the objections to a nota and the questions about it, for a reviewer who had no hand in it, and what the
// person is to answer.
func RemarksOn(ctx context.Context, tx store.Tx, who dialog.Who, r store.Receipt) (u dialogue, err error) {
	list, err := tx.Remarks(ctx, r.ID)
	sees := dialog.Verifies(who.Role) && !slices.ContainsFunc(append(slices.Clone(r.Hands), r.By), who.Is)
	for _, m := range list {
		if !m.Answered.IsZero() {
			if sees || m.Kind == store.Question && who.Is(m.To) {
				u.Body = append(u.Body, store.Say("card.answered", "Kind", string(m.Kind), "Words", m.Words,
					"Answer", m.Answer))
			}
			continue
		}
		asked := who.May(dialog.AnswerRemark, dialog.Open, m.To)
		if sees || asked {
			u.Body = append(u.Body, store.Say("card.asked", "Kind", string(m.Kind), "Words", m.Words))
		}
		if asked {
			u.Ways = append(u.Ways, []store.Button{{Text: store.Say("ask.answer"), Data: dialog.Data("remark", m.ID)}})
		}
		u.Own = u.Own || m.Kind == store.Objection && who.Is(m.By)
	}
	return u, err
}

// RemarkCard is an objection, or a reviewer's question, for the one who is to answer it. Who objected is not named.
func RemarkCard(ctx context.Context, tx store.Tx, who dialog.Who, m store.Remark) (form.Screen, error) {
	r, err := tx.Receipt(ctx, m.Receipt)
	if err != nil {
		return form.Screen{}, err
	}
	of, err := tx.Recipient(ctx, m.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{
		store.Say("remark.head", "Kind", string(m.Kind), "Number", dialog.Number(r), "Group", of.Name,
			"Amount", dialog.Amount(r), "Seller", r.Seller),
		store.Say("remark.said", "Words", m.Words),
	}}
	if !m.Answered.IsZero() {
		s.Body = append(s.Body, store.Say("remark.answered", "Words", m.Answer, "At", who.Moment(m.Answered)))
	} else if who.May(dialog.AnswerRemark, dialog.Open, m.To) {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("ask.answer"), Data: dialog.Data("remark", m.ID),
		}})
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("receipt.open"), Data: dialog.Data("n", r.ID)}})
	return s, nil
}

// Remark asks for the answer to an objection, in words, or to a reviewer's question, which may be answered by voice.
func Remark(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	m, err := tx.Remark(ctx, about.ID())
	if err != nil {
		return nil, err
	}
	if !who.May(dialog.AnswerRemark, dialog.Open, m.To) {
		return nil, store.ErrNotFound
	}
	r, err := tx.Receipt(ctx, m.Receipt)
	if err != nil {
		return nil, err
	}
	if !m.Answered.IsZero() {
		return nil, form.Fixable{Why: store.Say("remark.closed", "Number", dialog.Number(r), "Words", m.Answer,
			"At", who.Moment(m.Answered))}
	}
	card, err := RemarkCard(ctx, tx, who, m)
	if err != nil {
		return nil, err
	}
	type answer struct {
		Words string
		Told  form.Told
	}
	questions := func(a *answer) ([]form.Question, error) {
		q := form.Question(form.Tell("told", &a.Told))
		if m.Kind == store.Objection { // a voice note would stand with the nota, for all to hear
			q = form.Ask("words", &a.Words, form.Text).Exclusive()
		}
		return []form.Question{q, form.Review(card.Body...)}, nil
	}
	submit := func(ctx context.Context, a answer, _ form.State) (form.Screen, error) {
		voice, err := dialog.KeepVoice(ctx, tx, who, r, a.Told)
		if err != nil {
			return form.Screen{}, err
		}
		m.Answer, m.Answered = a.Words+a.Told.Words, tx.Now()
		if voice != nil {
			m.Heard = voice.ID
		}
		if err := tx.PutRemark(ctx, "remark.answered", &m); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{
			Body: []store.Text{store.Say("remark.done", "Kind", string(m.Kind), "Number", dialog.Number(r))},
		}
		s.Tell, err = tellAnswer(ctx, tx, m, r, voice)
		return s, err
	}
	return form.New("remark", questions, submit), nil
}

// tellAnswer gives an answer to the one who asked or objected.
func tellAnswer(
	ctx context.Context, tx store.Tx, m store.Remark, r store.Receipt, voice *store.File,
) ([]store.Message, error) {
	by, err := dialog.Author(ctx, tx, m.By)
	if err != nil || !dialog.Reachable(by) {
		return nil, err
	}
	of, err := tx.Recipient(ctx, m.Recipient)
	if err != nil {
		return nil, err
	}
	to, err := dialog.Author(ctx, tx, m.To)
	if err != nil {
		return nil, err
	}
	way := store.Button{Text: store.Say("receipt.open"), Data: dialog.Data("n", r.ID)}
	if m.Kind == store.Question {
		way = store.Button{Text: store.Say("card.review"), Data: dialog.Data("tinjau", r.ID)}
	}
	return append(dialog.ByVoice(by.Account, voice), store.Message{
		Chat: by.Account, Buttons: [][]store.Button{{way}},
		Body: []store.Text{store.Say("remark.back", "Kind", string(m.Kind), "Role", string(to.Role),
			"Number", dialog.Number(r), "Group", of.Name, "Words", m.Answer)},
	}), nil
}
