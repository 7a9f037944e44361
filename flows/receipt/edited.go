package receipt

import (
	"context"
	"errors"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Edited takes what a message of theirs was changed to: new words of what answered something, in the conversation in
// hand or in a nota that was sent, or a new picture, so that the chat shows no paper that is not kept. Not taken means
// that it brings a picture and belonged to nothing: it is a new one.
func Edited(ctx context.Context, t *dialog.Turn) (taken bool, err error) {
	brings := (t.Event.Kind == form.Picture || t.Event.Kind == form.Document) && len(t.Event.Files) > 0
	if brings {
		if taken, err := editedPicture(ctx, t); taken || err != nil {
			return true, err
		}
	}
	for _, a := range t.Session.Form.Answers {
		if a.Message == t.Event.Message && t.Session.Form.Form != "" {
			t.Session.Form.Asked = a.Name
			return true, takeEdited(ctx, t)
		}
	}
	if slices.ContainsFunc(t.Session.Form.Instead, func(a form.Answer) bool { return a.Message == t.Event.Message }) {
		t.Session.Form.Instead, t.Event.Edited = nil, false
		return true, takeEdited(ctx, t)
	}
	r, name, err := t.Tx.ReceiptBySource(ctx, t.Event.Account, t.Event.Message)
	if errors.Is(err, store.ErrNotFound) {
		if brings {
			return false, nil
		}
		return true, t.Unknown(ctx, "change.unknown")
	}
	if err != nil {
		return true, err
	}
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, r.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && !t.Who.Enters(r) {
		return true, t.Unknown(ctx, "change.unknown")
	}
	switch {
	case err != nil:
		return true, err
	case brings:
		return true, exchange(ctx, t, r, of, nil)
	case r.State == store.Verified:
		return true, unmoved(ctx, t, r, false)
	}
	return true, change(ctx, t, r, name, form.Words)
}

// takeEdited gives an edited message to the conversation in hand.
func takeEdited(ctx context.Context, t *dialog.Turn) error {
	taken, err := t.Take(ctx)
	if !taken && err == nil {
		return t.Restate(ctx, store.Say("change.unread"))
	}
	return err
}

// editedPicture takes a message that brought a picture and has another caption or another picture now. Not taken means
// that its picture is not kept anywhere.
func editedPicture(ctx context.Context, t *dialog.Turn) (taken bool, err error) {
	for i, a := range t.Session.Form.Answers {
		if j := slices.IndexFunc(a.Files, brought(t.Event.Message)); j >= 0 && t.Session.Form.Form != "" {
			if a.Files[j].UniqueID == t.Event.Files[0].UniqueID {
				return true, t.Restate(ctx)
			}
			if id := Unfit(t.Event.Files); id != "" {
				return true, t.Unknown(ctx, id)
			}
			a.Files = slices.Clone(a.Files)
			a.Files[j] = t.Event.Files[0]
			t.Session.Form.Answers = slices.Clone(t.Session.Form.Answers)
			t.Session.Form.Answers[i] = a
			return true, t.Restate(ctx, store.Say("photo.instead"))
		}
	}
	if apart, is := exchangeEarly(t.Session.Apart, t.Event); is {
		t.Session.Apart = apart
		return true, t.Restate(ctx)
	}
	files, err := t.Tx.FilesOfMessage(ctx, t.Event.Account, t.Event.Message)
	if len(files) == 0 || err != nil {
		return false, err
	}
	last := files[len(files)-1]
	if last.Recipient == 0 {
		return true, exchangeHeld(ctx, t, files)
	}
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, last.Receipt)
	if errors.Is(err, store.ErrNotFound) || err == nil && !t.Who.Enters(r) && r.State != store.Cancelled {
		return true, t.Unknown(ctx, "change.unknown") // of somebody else's, or of no nota
	}
	if err != nil {
		return true, err
	}
	return true, exchange(ctx, t, r, of, files)
}

// brought tells which files a message brought.
func brought(message int) func(store.File) bool {
	return func(f store.File) bool { return message != 0 && f.Message == message }
}

// exchangeEarly puts an edited message's picture and caption in the place of those that wait in the session.
func exchangeEarly(list []dialog.Early, e form.Event) (_ []dialog.Early, is bool) {
	for i, kept := range list {
		j := slices.IndexFunc(kept.Files, brought(e.Message))
		if j < 0 || len(e.Files) == 0 || Unfit(e.Files) != "" {
			continue
		}
		kept.Files = slices.Clone(kept.Files)
		kept.Files[j] = e.Files[0]
		if kept.Message == e.Message || e.Text != "" {
			kept.Words = e.Text
		}
		list = slices.Clone(list)
		list[i] = kept
		return list, true
	}
	return list, false
}

// exchangeHeld keeps what an edited message brings now with the pictures of which it is not known whose they are.
func exchangeHeld(ctx context.Context, t *dialog.Turn, files []store.File) error {
	if id := Unfit(t.Event.Files); id != "" {
		return t.Unknown(ctx, id)
	}
	if err := recaption(ctx, t, files); err != nil {
		return err
	}
	if anew(files, t.Event.Files) {
		if err := keepHeld(ctx, t, t.Event.Files, t.Event.Text); err != nil {
			return err
		}
	}
	choices, err := recipients(ctx, t)
	if err != nil {
		return err
	}
	return askWhose(ctx, t, choices)
}

// recaption keeps an edited message's caption with all pictures that it brought.
func recaption(ctx context.Context, t *dialog.Turn, files []store.File) error {
	for _, f := range files {
		if f.Words == t.Event.Text {
			continue
		}
		f.Words = t.Event.Text
		if err := t.Tx.PutFile(ctx, "file.said", &f); err != nil {
			return err
		}
	}
	return nil
}

// anew tells whether a message brings a picture that is not among those which are kept.
func anew(kept, came []store.File) bool {
	id := came[0].UniqueID
	return !slices.ContainsFunc(kept, func(f store.File) bool { return f.UniqueID == id })
}

// exchange keeps the picture that a nota's message shows now beside the one that it showed before, and takes its
// caption if that is another. before is what the message brought before.
func exchange(ctx context.Context, t *dialog.Turn, r store.Receipt, of store.Recipient, before []store.File) error {
	kept, err := t.Tx.Files(ctx, r.ID)
	if err != nil {
		return err
	}
	other := anew(kept, t.Event.Files)
	said := len(before) == 0 || before[len(before)-1].Words != t.Event.Text
	unfit := Unfit(t.Event.Files)
	switch {
	case !other && !said && t.Session.Form.Form != "":
		return t.Restate(ctx)
	case !other && !said:
		return t.Restate(ctx, store.Say("receipt.unchanged", "Number", dialog.Number(r)))
	case other && unfit != "":
		return t.Unknown(ctx, unfit)
	case r.State == store.Cancelled:
		return t.Restate(ctx, store.Say("receipt.gone", "Number", dialog.Number(r)))
	case r.Locked && dialog.Records(t.Who.Role):
		return t.Restate(ctx, store.Say("lpj.closed", "Group", of.Name))
	case r.State == store.Verified:
		return unmoved(ctx, t, r, other)
	}
	t.Who.ActsFor(t.Tx, of)
	var lead []store.Text
	if other {
		if err := attach(ctx, t, r, of); err != nil {
			return err
		}
		lead = append(lead, store.Say("photo.exchanged", "Number", dialog.Number(r)))
	}
	if err := recaption(ctx, t, before); err != nil {
		return err
	}
	inHand := t.Session.Form.Form == "receipt" && dialog.Subject(t.Session.Form) == r.ID
	switch {
	case said && t.Event.Text != "":
		return captionFor(ctx, t, r, inHand, lead)
	case r.State == store.Returned && !inHand:
		t.Event.Kind, t.Event.Message = form.Press, 0
		return t.Open(ctx, "receipt", dialog.IDText(r.ID), lead...)
	}
	return t.Restate(ctx, lead...)
}

// captionFor takes the caption that a nota's picture was given later.
func captionFor(ctx context.Context, t *dialog.Turn, r store.Receipt, inHand bool, lead []store.Text) error {
	said := form.Event{Kind: form.Caption, Text: t.Event.Text, Message: t.Event.Message, Edited: true}
	switch {
	case inHand:
		why, err := Describe(ctx, t)
		if err != nil {
			return err
		}
		f, err := t.Form(ctx)
		if f == nil || err != nil {
			return err
		}
		step, err := f.Take(ctx, t.Session.Form, said)
		if err != nil {
			return err
		}
		step.Say = slices.Concat(lead, why, step.Say)
		if step.Outcome == form.Ignored { // it says what was said before
			return t.Restate(ctx, step.Say...)
		}
		return t.Follow(ctx, f, step)
	case r.State == store.Unfinished && t.Session.Form.Form != "":
		number := ""
		if t.Session.Form.Form == "receipt" {
			first, err := t.Tx.Receipt(ctx, dialog.Subject(t.Session.Form))
			if err != nil {
				return err
			}
			number = dialog.Number(first)
		}
		if len(lead) > 0 {
			t.Show(form.Screen{Body: lead})
		}
		return drafts(ctx, t, r.ID, said, store.Say("photo.first", "Number", number))
	case r.State == store.Unfinished && len(r.Draft) == 0:
		return goOnWith(ctx, t, r, t.Event.Text, lead...)
	case r.State == store.Unfinished:
		goesOn, err := resumed(ctx, t, r)
		if err != nil {
			return err
		}
		lead = append(lead, goesOn)
	}
	return change(ctx, t, r, "", form.Caption, lead...)
}

// unmoved says that a nota which was verified is not changed by a message that was changed.
func unmoved(ctx context.Context, t *dialog.Turn, r store.Receipt, photo bool) error {
	t.Show(form.Screen{
		Body: []store.Text{
			store.Say("change.verified", "Number", dialog.Number(r), "Photo", dialog.Mark(photo)),
		},
		Buttons: [][]store.Button{{{Text: store.Say("receipt.open"), Data: dialog.Data("n", r.ID)}}},
	})
	return t.Restate(ctx)
}
