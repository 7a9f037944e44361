package receipt

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// NextInQueue goes on with a nota that came while another was in hand.
func NextInQueue(ctx context.Context, t *dialog.Turn) error {
	for len(t.Session.Queue) > 0 {
		id := t.Session.Queue[0]
		t.Session.Queue = t.Session.Queue[1:]
		r, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, id)
		if errors.Is(err, store.ErrNotFound) {
			r, err = Another(ctx, t, id)
		}
		if errors.Is(err, store.ErrNotFound) || (err == nil && r.State != store.Unfinished) {
			continue
		}
		if err != nil {
			return err
		}
		return goOn(ctx, t, r)
	}
	return nil
}

// Another speaks as that one of the account's persons whose nota it is.
func Another(ctx context.Context, t *dialog.Turn, id store.ID) (store.Receipt, error) {
	r, err := t.Tx.Receipt(ctx, id)
	if err != nil {
		return r, err
	}
	for _, p := range t.Account.People {
		if !dialog.Records(p.Role) || p.Consent == "" {
			continue
		}
		w, err := dialog.Know(ctx, t.Tx, &t.Account, p, r.Recipient, t.Setting)
		if err != nil {
			return r, err
		}
		if w.For.ID == r.Recipient {
			t.Who, t.Account.Active = w, p.ID
			if p.Role == store.Mentor {
				t.Session.For = w.For.ID
			}
			return r, t.Tx.PutAccount(ctx, t.Account)
		}
	}
	return r, store.ErrNotFound
}

// named is the name of a recipient, for those who enter notas for several.
func named(t *dialog.Turn, of store.Recipient) string {
	if t.Who.Role == store.Mentor || len(t.Account.People) < 2 {
		return ""
	}
	return of.Name
}

// goOn asks what is missing of an unfinished nota, looking first into what was said with its pictures.
func goOn(ctx context.Context, t *dialog.Turn, r store.Receipt) error {
	words, err := caption(ctx, t, r)
	if err != nil {
		return err
	}
	return goOnWith(ctx, t, r, words)
}

// goOnWith asks what is missing of an unfinished nota, looking first into words that were said with its pictures.
func goOnWith(ctx context.Context, t *dialog.Turn, r store.Receipt, words string, lead ...store.Text) error {
	e := t.Event
	defer func() { t.Event = e }()
	t.Event = form.Event{Update: e.Update, Account: e.Account, Chat: e.Chat, Kind: form.Picture, Text: words}
	said, err := resumed(ctx, t, r)
	if err != nil {
		return err
	}
	return t.Open(ctx, "receipt", dialog.IDText(r.ID), append(lead, said)...)
}

// resumed says that a nota is gone on with.
func resumed(ctx context.Context, t *dialog.Turn, r store.Receipt) (store.Text, error) {
	of, err := dialog.Recipient(ctx, t.Tx, &t.Account, r.Recipient)
	return store.Say("receipt.resumed", "Number", dialog.Number(r), "Of", cmp.Or(dialog.Behalf(t.Who, of),
		named(t, of))), err
}

// caption is what was said with a nota's pictures, as long as nothing was asked about it.
func caption(ctx context.Context, t *dialog.Turn, r store.Receipt) (string, error) {
	if len(r.Draft) > 0 {
		return "", nil
	}
	files, err := t.Tx.Files(ctx, r.ID)
	return captioned(files), err
}

// captioned is what was said with some pictures of a nota: the first words that there are.
func captioned(files []store.File) string {
	i := slices.IndexFunc(files, func(f store.File) bool { return f.Words != "" })
	if i < 0 {
		return ""
	}
	return files[i].Words
}

// Resume goes on with an unfinished nota when the chat's session is gone: nobody is left hanging. The message that came
// may be the answer to its question.
func Resume(ctx context.Context, t *dialog.Turn) (bool, error) {
	if t.Event.Kind != form.Press && (t.Event.Kind != form.Words || strings.HasPrefix(t.Event.Text, "/")) {
		return false, nil
	}
	if t.Event.Kind == form.Press && !strings.HasPrefix(t.Event.Press, dialog.InForm+":") {
		return false, nil
	}
	r, found, err := unfinished(ctx, t)
	if err != nil || !found {
		return false, err
	}
	if t.Who.Role == store.Mentor {
		if t.Who, err = dialog.Know(ctx, t.Tx, &t.Account, t.Who.Person, r.Recipient, t.Setting); err != nil {
			return false, err
		}
		t.Session.For = t.Who.For.ID
	}
	t.AsNewMessage()
	if t.Event.Kind == form.Press {
		return true, goOn(ctx, t, r)
	}
	return true, t.Open(
		ctx, "receipt", dialog.IDText(r.ID),
		store.Say("receipt.resumed", "Number", dialog.Number(r), "Of", named(t, t.Who.For)),
	)
}

// unfinished is the person's newest unfinished nota, of those whose group is still theirs to write for.
func unfinished(ctx context.Context, t *dialog.Turn) (r store.Receipt, found bool, err error) {
	list, err := t.Tx.UnfinishedOf(ctx, t.Who.ID)
	if err != nil {
		return r, false, err
	}
	for _, r := range list {
		_, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, r.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue // of a group that is another mentor's now
		}
		return r, err == nil, err
	}
	return r, false, nil
}

// CardOf is the nota that a message's buttons are about.
func CardOf(data string) (store.ID, bool) {
	name, arg := dialog.Parse(data)
	if name != "n" && name != "receipt" {
		return 0, false
	}
	id := arg.ID()
	return id, id != 0
}

// Reply changes the nota whose card a message replies to: words change what they name, a picture is a further page.
func Reply(ctx context.Context, t *dialog.Turn, id store.ID) error {
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, id)
	if errors.Is(err, store.ErrNotFound) || (err == nil && r.State == store.Cancelled) {
		return t.Unknown(ctx, "unknown.record")
	}
	if err != nil {
		return err
	}
	if r.Locked && dialog.Records(t.Who.Role) {
		return t.Restate(ctx, store.Say("lpj.closed", "Group", of.Name))
	}
	if !t.Who.Enters(r) {
		return t.Unknown(ctx, "photo.notyours")
	}
	if t.Event.Kind == form.Picture || t.Event.Kind == form.Document {
		if err := attach(ctx, t, r, of); err != nil {
			return err
		}
		if added := store.Say("photo.added", "Number", dialog.Number(r),
			"Again", dialog.Mark(r.State == store.Verified)); r.State != store.Returned {
			return t.Restate(ctx, added)
		} else if dialog.Subject(t.Session.Form) != r.ID {
			t.Event.Kind, t.Event.Message = form.Press, 0
			return t.Open(ctx, "receipt", dialog.IDText(r.ID), added)
		} else {
			return t.Restate(ctx, added)
		}
	}
	return change(ctx, t, r, "", form.Words)
}

// change opens a nota for change, with the words of the event, which say what. kind is form.Words, or form.Caption
// where they answer no question by themselves.
func change(
	ctx context.Context, t *dialog.Turn, r store.Receipt, name string, kind form.EventKind, lead ...store.Text,
) error {
	about := dialog.IDText(r.ID)
	if name != "" {
		about += ":" + name
	}
	e := t.Event
	t.Event.Kind = form.Press // opened as it stands; then the words are taken as an answer
	t.AsNewMessage()
	n := len(t.Out)
	if err := t.Open(ctx, "receipt", about); err != nil {
		return err
	}
	t.Event = e
	f, err := t.Form(ctx)
	if f == nil || err != nil {
		return err
	}
	t.Out = t.Out[:n]
	step, err := f.Take(
		ctx, t.Session.Form, form.Event{
			Account: e.Account, Kind: kind, Text: e.Text, Message: e.Message, Edited: true,
		},
	)
	if err != nil {
		return err
	}
	if step.Outcome == form.Ignored {
		return t.Restate(ctx, append(lead, store.Say("change.unread"))...)
	}
	step.Say = append(lead, step.Say...)
	return t.Follow(ctx, f, step)
}
