package nudge

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/letter"
	"pendamping/flows/when"
	"pendamping/store"
)

// waitingLetters are the letters of a nudge whose time has not come.
func waitingLetters(tx store.Tx, who dialog.Who, b batch) (list []store.Posted) {
	for _, p := range b.letters {
		if p.Due.After(tx.Now()) && p.Cancelled.IsZero() && (p.State == store.Queued || p.State == store.Unreachable) &&
			who.May(dialog.MoveLetter, dialog.Waits, p.By) {
			list = append(list, p)
		}
	}
	return list
}

// Move asks at what other time the letters of a nudge are to go that still wait.
func Move(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	b, err := ownBatch(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	list := waitingLetters(tx, who, b)
	if len(list) == 0 {
		return nil, form.Fixable{Why: store.Say("nudges.gone")}
	}
	type move struct{ When when.SendTime }
	questions := func(m *move) ([]form.Question, error) {
		confirm := store.Say("nudge.confirm.later")
		if m.When == when.AtOnce {
			confirm = store.Say("nudge.confirm")
		}
		return []form.Question{when.Whenever(&m.When, tx.Now(), who.Zone), form.ReviewAs(confirm, b.head(who))}, nil
	}
	submit := func(ctx context.Context, m move, _ form.State) (form.Screen, error) {
		var s form.Screen
		moved, at := 0, ""
		for _, p := range list {
			of, err := tx.Recipient(ctx, p.Recipient)
			if err != nil {
				return s, err
			}
			p.Due = cmp.Or(letter.PostAt(m.When.Time(tx.Now()), tx.Now(), of, who.Zone), tx.Now())
			message, found, err := queuedLetter(ctx, tx, p)
			if err != nil {
				return s, err
			}
			if !found {
				continue
			}
			if message.Chat != 0 {
				message.Due = p.Due
				s.Tell = append(s.Tell, message)
			}
			if err := tx.PutLetter(ctx, "letter.moved", &p.Letter); err != nil {
				return s, err
			}
			moved++
			if p.Due.After(tx.Now()) {
				at = who.Moment(p.Due)
			}
		}
		s.Body = []store.Text{store.Say("nudges.moved", "Count", dialog.Count(moved), "At", at)}
		s.Buttons = [][]store.Button{{{Text: store.Say("nudge.sent.one"), Data: dialog.Data("nudges", b.id)}}}
		return s, nil
	}
	return form.New("nudge", questions, submit), nil
}

// queuedLetter is the message that carries a letter, if it is still to be sent. Without a chat there is none to take
// back.
func queuedLetter(ctx context.Context, tx store.Tx, p store.Posted) (m store.Message, found bool, err error) {
	to, err := tx.Person(ctx, p.To)
	if err != nil || p.State == store.Unreachable {
		return m, err == nil, err
	}
	m, err = tx.Queued(ctx, to.Account, letter.Key(p.ID))
	if errors.Is(err, store.ErrNotFound) {
		return m, false, nil // on its way
	}
	return m, err == nil, err
}

// Stop takes back the letters of a nudge that still wait.
func Stop(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	b, err := ownBatch(ctx, tx, who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	stopped := map[store.ID]bool{}
	for _, p := range waitingLetters(tx, who, b) {
		m, found, err := queuedLetter(ctx, tx, p)
		if err != nil {
			return form.Screen{}, err
		}
		if !found {
			continue
		}
		p.Cancelled = tx.Now()
		if err := tx.Withdraw(ctx, m.Chat, letter.Key(p.ID)); err != nil {
			return form.Screen{}, err
		}
		if err := tx.PutLetter(ctx, "letter.withdrawn", &p.Letter); err != nil {
			return form.Screen{}, err
		}
		stopped[p.Recipient] = true
	}
	s := form.Screen{
		Buttons: [][]store.Button{{{Text: store.Say("nudge.sent.one"), Data: dialog.Data("nudges", b.id)}}},
	}
	s.Body = []store.Text{store.Say("nudges.stopped", "Count", strconv.Itoa(len(stopped)))}
	if len(stopped) == 0 {
		s.Body = []store.Text{store.Say("nudges.gone")}
	}
	return s, nil
}
