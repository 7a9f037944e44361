package receipt

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// inAlbum takes a further picture of an album, however late it comes: it is a page of the nota that the first ones
// became. Where that is not known yet it waits with them; an album that was taken apart has no pages.
func inAlbum(ctx context.Context, t *dialog.Turn) (done bool, err error) {
	var of []store.ID
	for _, p := range t.Account.People {
		files, err := t.Tx.FilesOfAlbum(ctx, p.ID, t.Event.Album)
		if err != nil {
			return false, err
		}
		for _, f := range files {
			if f.UniqueID != "" && f.UniqueID == t.Event.Files[0].UniqueID {
				return true, nil // this very picture is here
			}
			of = append(of, f.Receipt)
		}
	}
	slices.Sort(of)
	if of = slices.Compact(of); len(of) != 1 || of[0] == 0 {
		return false, nil
	}
	r, recipient, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, of[0])
	if errors.Is(err, store.ErrNotFound) {
		if r, err = Another(ctx, t, of[0]); err == nil {
			recipient = t.Who.For
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	return true, page(ctx, t, r, recipient)
}

// page adds a further picture of an album to its nota.
func page(ctx context.Context, t *dialog.Turn, r store.Receipt, of store.Recipient) error {
	if r.Locked {
		return t.Restate(ctx, store.Say("lpj.closed", "Group", of.Name))
	}
	if err := attach(ctx, t, r, of); err != nil {
		return err
	}
	files, err := t.Tx.Files(ctx, r.ID)
	if err != nil {
		return err
	}
	saved := store.Say("photo.saved.pages", "Number", dialog.Number(r), "Count", strconv.Itoa(len(Pictures(files))),
		"Group", dialog.Behalf(t.Who, of))
	apart := store.Button{Text: store.Say("photo.apart"), Data: dialog.Data("apart", r.ID)}
	f, err := t.Form(ctx)
	if err != nil {
		return err
	}
	if f == nil || dialog.Subject(t.Session.Form) != r.ID {
		t.Show(form.Screen{Body: []store.Text{saved}, Buttons: [][]store.Button{{apart}}})
	} else {
		if t.Session.Form, err = f.Offer(t.Session.Form, t.Event); err != nil {
			return err
		}
		why, err := Describe(ctx, t)
		if err != nil {
			return err
		}
		screen, err := f.Ask(t.Session.Form)
		if err != nil {
			return err
		}
		screen.Body = slices.Concat([]store.Text{saved}, why, screen.Body)
		if err := t.Ask(ctx, screen); err != nil {
			return err
		}
		m := &t.Out[len(t.Out)-1]
		m.Buttons = append(m.Buttons, []store.Button{apart})
		t.Session.Shown = []store.Button{apart}
	}
	t.Postpone(saved)
	return nil
}

// Apart makes notas of their own from all but the first picture of an album.
func Apart(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	files, err := t.Tx.Files(ctx, r.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if files = Pictures(files); len(files) < 2 || r.State != store.Unfinished {
		return form.Screen{}, t.Stale(ctx)
	}
	t.Tap()
	t.Who.For = of
	last := r
	for _, f := range files[1:] {
		if last, err = number(ctx, t, store.Receipt{}, nil, ""); err != nil {
			return form.Screen{}, err
		}
		f.Receipt = last.ID
		if err := t.Tx.PutFile(ctx, "file.moved", &f); err != nil {
			return form.Screen{}, err
		}
		t.Enqueue(last.ID)
	}
	return form.Screen{}, t.Restate(ctx, store.Say("photo.apart.done", "From", dialog.Number(r),
		"To", dialog.Number(last)))
}
