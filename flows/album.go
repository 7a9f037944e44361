package flows

import (
	"errors"
	"slices"
	"strconv"

	"pendamping/flows/form"
	"pendamping/store"
)

// inAlbum takes a further picture of an album, however late it comes: it is a page of the nota that the first ones became. Where
// that is not known yet it waits with them; an album that was taken apart has no pages.
func (t *turn) inAlbum() (done bool, err error) {
	var of []store.ID
	for _, p := range t.acc.People {
		files, err := t.tx.FilesOfAlbum(t.ctx, p.ID, t.e.Album)
		if err != nil {
			return false, err
		}
		for _, f := range files {
			if f.UniqueID != "" && f.UniqueID == t.e.Files[0].UniqueID {
				return true, nil // this very picture is here
			}
			of = append(of, f.Receipt)
		}
	}
	slices.Sort(of)
	if of = slices.Compact(of); len(of) != 1 || of[0] == 0 {
		return false, nil
	}
	r, recipient, err := ownReceipt(t.ctx, t.tx, t.who, of[0])
	if errors.Is(err, store.ErrNotFound) {
		if r, err = t.another(of[0]); err == nil {
			recipient = t.who.For
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	return true, t.page(r, recipient)
}

// page adds a further picture of an album to its nota.
func (t *turn) page(r store.Receipt, of store.Recipient) error {
	if r.Locked {
		return t.restate(store.Say("lpj.closed", "Group", of.Name))
	}
	if err := t.attach(r, of); err != nil {
		return err
	}
	files, err := t.tx.Files(t.ctx, r.ID)
	if err != nil {
		return err
	}
	saved := store.Say("photo.saved.pages", "Number", number(r), "Count", strconv.Itoa(len(pictures(files))), "Group", behalf(t.who, of))
	apart := store.Button{Text: store.Say("photo.apart"), Data: "apart:" + idText(r.ID)}
	f, err := t.form()
	if err != nil {
		return err
	}
	if f == nil || subject(t.s.Form) != r.ID {
		t.show(form.Screen{Body: []store.Text{saved}, Buttons: [][]store.Button{{apart}}})
	} else {
		if t.s.Form, err = f.Offer(t.s.Form, t.e); err != nil {
			return err
		}
		why, err := t.describe()
		if err != nil {
			return err
		}
		screen, err := f.Ask(t.s.Form)
		if err != nil {
			return err
		}
		screen.Body = slices.Concat([]store.Text{saved}, why, screen.Body)
		t.ask(screen)
		m := &t.out[len(t.out)-1]
		m.Buttons = append(m.Buttons, []store.Button{apart})
		t.s.Shown = []store.Button{apart}
	}
	t.postpone(saved)
	return nil
}

// apart makes notas of their own from all but the first picture of an album.
func (t *turn) apart(arg string) error {
	r, of, err := ownReceipt(t.ctx, t.tx, t.who, idOf(arg))
	if errors.Is(err, store.ErrNotFound) {
		return t.stale()
	}
	if err != nil {
		return err
	}
	files, err := t.tx.Files(t.ctx, r.ID)
	if err != nil {
		return err
	}
	if files = pictures(files); len(files) < 2 || r.State != store.Unfinished {
		return t.stale()
	}
	t.s.Tapped = t.pressed
	t.who.For = of
	last := r
	for _, f := range files[1:] {
		if last, err = t.number(store.Receipt{}, nil, ""); err != nil {
			return err
		}
		f.Receipt = last.ID
		if err := t.tx.PutFile(t.ctx, "file.moved", &f); err != nil {
			return err
		}
		t.s.Queue = append(t.s.Queue, last.ID)
	}
	return t.restate(store.Say("photo.apart.done", "From", number(r), "To", number(last)))
}
