package cash

import (
	"context"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/lpj"
	"pendamping/store"
)

// movement reads one movement of the book in hand.
func movement(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Entry, error) {
	list, err := tx.Entries(ctx, who.For.ID)
	if err != nil {
		return store.Entry{}, err
	}
	for _, e := range list {
		if e.ID == id {
			return e, nil
		}
	}
	return store.Entry{}, store.ErrNotFound
}

// strikes tells whether somebody may cancel a movement: what came with the roster is not the group's to cancel.
func strikes(w dialog.Who, e store.Entry) bool {
	return w.May(dialog.EnterBook, dialog.Shut(w.For)) && e.State == store.EntryStands && e.By != 0
}

// EntryCard shows one movement of the book.
func EntryCard(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	e, err := movement(ctx, tx, who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	files, err := proofOf(ctx, tx, e)
	if err != nil {
		return form.Screen{}, err
	}
	changes, err := tx.HandoversOf(ctx, e.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{
		store.Say("entry.card", "Number", strconv.Itoa(e.Number), "State", string(e.State),
			"Group", dialog.Behalf(who, who.For)),
		store.Say("entry.card.kind", "Kind", string(e.Kind)),
		store.Say("entry.amount.label", "Value", e.Amount.String()),
		store.Say("entry.day.label", "Value", string(e.Day)),
	}}
	if e.Pos != "" {
		s.Body = append(s.Body, store.Say("entry.pos.label", "Value", e.Pos))
	}
	s.Body = append(s.Body, store.Say("entry.proof.label", "Value", strconv.Itoa(len(files))))
	if e.Note != "" {
		s.Body = append(s.Body, store.Say("entry.note.label", "Value", e.Note))
	}
	if dialog.EnteredByStopped(changes, e.By, e.At) {
		s.Body = append(s.Body, store.Say("flag.disowned"))
	}
	var ways []store.Button
	if len(files) > 0 {
		ways = append(ways, store.Button{Text: store.Say("card.photo"), Data: dialog.Data("proof", e.ID)})
	}
	if strikes(who, e) {
		ways = append(ways, store.Button{Text: store.Say("entry.strike"), Data: dialog.Data("strike", e.ID)})
	}
	if len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("menu.kas"), Data: dialog.Data("kas", "p0")}})
	return s, nil
}

func proofOf(ctx context.Context, tx store.Tx, e store.Entry) ([]store.File, error) {
	all, err := tx.FilesOf(ctx, e.Recipient)
	var files []store.File
	for _, f := range all {
		if f.Entry == e.ID {
			files = append(files, f)
		}
	}
	return files, err
}

// ShowProof shows the pictures of a movement again.
func ShowProof(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	e, err := movement(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	files, err := proofOf(ctx, t.Tx, e)
	if err != nil {
		return form.Screen{}, err
	}
	for _, s := range dialog.Albums(files, store.Say("entry.proof.caption", "Number", strconv.Itoa(e.Number),
		"Count", strconv.Itoa(len(files)))) {
		t.Show(s)
	}
	return form.Screen{}, nil
}

// Strike cancels a movement of the book, with a reason that is added to its note: a reversal, not a deletion.
func Strike(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	e, err := movement(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	if dialog.Shut(who.For) == dialog.Closed {
		return nil, form.Fixable{Why: store.Say("lpj.closed", "Group", who.For.Name)}
	}
	if !strikes(who, e) {
		return nil, store.ErrNotFound
	}
	type reason struct{ Words string }
	questions := func(v *reason) ([]form.Question, error) {
		return []form.Question{
			form.Ask("reason", &v.Words, form.Text).Exclusive(),
			form.Review(store.Say("entry.head", "Kind", string(e.Kind), "Group", dialog.Behalf(who, who.For)),
				store.Say("entry.amount.label", "Value", e.Amount.String()),
				store.Say("entry.day.label", "Value", string(e.Day))),
		}, nil
	}
	submit := func(ctx context.Context, v reason, _ form.State) (form.Screen, error) {
		e.State = store.EntryCancelled
		if e.Note != "" {
			e.Note += "; "
		}
		e.Note += v.Words
		if err := tx.PutEntry(ctx, "entry.reversed", &e); err != nil {
			return form.Screen{}, err
		}
		b, err := tx.Balance(ctx, who.For.ID)
		if err != nil {
			return form.Screen{}, err
		}
		tell, err := lpj.Joined(ctx, tx, who, who.For)
		return form.Screen{
			Tell: tell,
			Body: []store.Text{
				store.Say("entry.reversed", "Number", strconv.Itoa(e.Number)),
				store.Say("receipt.left", "Left", b.Left.String()),
			},
			Buttons: [][]store.Button{{
				{Text: store.Say("menu.kas"), Data: dialog.Data("kas")},
				{Text: store.Say("menu.saldo"), Data: dialog.Data("saldo")},
			}},
		}, err
	}
	return form.New("strike", questions, submit), nil
}
