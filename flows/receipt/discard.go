package receipt

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// restorable is how long a nota that was given up by a slip of the finger comes back with what was said of it, and
// mostDropped how many of a chat do.
const (
	restorable  = 10 * time.Minute
	mostDropped = 8
)

// discard gives up a nota that was not sent: its number and picture stay, listed as batal, and for some minutes a
// button brings it back. Of one that was sent only the change is given up.
func discard(ctx context.Context, t *dialog.Turn, id store.ID, answers []form.Answer) (form.Screen, error) {
	kept, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, id)
	if err != nil {
		return form.Screen{}, err
	}
	if kept.State != store.Unfinished {
		return form.Screen{Body: []store.Text{store.Say("receipt.unchanged", "Number", dialog.Number(kept))}}, nil
	}
	kept.State, kept.Draft = store.Cancelled, nil
	if err := t.Tx.PutReceipt(ctx, "receipt.cancelled", &kept); err != nil {
		return form.Screen{}, err
	}
	list := append(t.Session.Dropped, dialog.Dropped{Nota: id, Answers: answers, At: t.Tx.Now()})
	t.Session.Dropped = slices.Clone(list[max(0, len(list)-mostDropped):])
	return form.Screen{
		Body:    []store.Text{store.Say("receipt.cancelled", "Number", dialog.Number(kept))},
		Buttons: [][]store.Button{{{Text: store.Say("receipt.restore"), Data: dialog.Data("restore", id)}}},
	}, nil
}

// Drop gives up a nota that was put aside.
func Drop(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if !t.Who.MayNota(dialog.FinishNota, r) {
		return form.Screen{}, t.Stale(ctx)
	}
	if dialog.Subject(t.Session.Form) == r.ID && t.Session.Form.Form == "receipt" {
		return form.Screen{}, t.Cancel(ctx)
	}
	t.Who.ActsFor(t.Tx, of)
	t.Tap()
	if err := counts(ctx, t, r.Recipient); err != nil {
		return form.Screen{}, err
	}
	return discard(ctx, t, r.ID, Said(r))
}

// Restore brings back a nota that was given up just now, with what was said of it, and goes on with it.
func Restore(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if t.TappedTwice() {
		return form.Screen{}, nil
	}
	i := slices.IndexFunc(t.Session.Dropped, func(d dialog.Dropped) bool { return d.Nota == r.ID })
	if i < 0 || t.Tx.Now().Sub(t.Session.Dropped[i].At) > restorable || !t.Who.MayNota(dialog.RestoreNota, r) {
		t.AsNewMessage()
		return form.Screen{}, t.Restate(ctx, store.Say("receipt.restore.late", "Number", dialog.Number(r)))
	}
	r.State = store.Unfinished
	if r.Draft, err = json.Marshal(t.Session.Dropped[i].Answers); err != nil {
		return form.Screen{}, fmt.Errorf("draft of a nota: %w", err)
	}
	t.Session.Dropped = slices.Delete(slices.Clone(t.Session.Dropped), i, i+1)
	t.Tap()
	t.Who.ActsFor(t.Tx, of)
	if err := t.Tx.PutReceipt(ctx, "receipt.restored", &r); err != nil {
		return form.Screen{}, err
	}
	if err := counts(ctx, t, r.Recipient); err != nil {
		return form.Screen{}, err
	}
	return form.Screen{}, t.Open(ctx, "receipt", dialog.IDText(r.ID),
		store.Say("receipt.restored", "Number", dialog.Number(r)))
}

// TypedCancel puts an unfinished nota aside when somebody types that it is off: a word may be meant for a part of it,
// and only a button that names the nota gives it up.
func TypedCancel(ctx context.Context, t *dialog.Turn) (bool, error) {
	if t.Session.Form.Form != "receipt" || t.Session.Meant.Words != "" || !t.Says("form.cancel") {
		return false, nil
	}
	f, err := t.Form(ctx)
	if f == nil || err != nil {
		return false, err
	}
	r, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, dialog.Subject(t.Session.Form))
	if err != nil || r.State != store.Unfinished {
		return false, err
	}
	screen, err := f.Park(ctx, t.Session.Form)
	if err != nil {
		return false, err
	}
	number := dialog.Number(r)
	screen.Body = []store.Text{store.Say("receipt.shelved", "Number", number)}
	screen.Buttons = append(screen.Buttons, []store.Button{{
		Text: store.Say("receipt.drop", "Number", number), Data: dialog.Data("drop", r.ID),
	}})
	return true, t.Follow(ctx, f, form.Step{Outcome: form.Parked, Screen: screen})
}
