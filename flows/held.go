package flows

import (
	"fmt"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// recipients are those that the account may enter a nota for.
func (t *turn) recipients() ([]Who, error) {
	if t.who.Behalf() {
		return []Who{t.who}, nil
	}
	var list []Who
	for _, p := range t.acc.People {
		if !records(p.Role) || p.Consent == "" {
			continue
		}
		ids := []store.ID{p.Recipient}
		if p.Role == store.Mentor {
			groups, err := t.tx.RecipientsOf(t.ctx, p.ID)
			if err != nil {
				return nil, err
			}
			ids = ids[:0]
			for _, g := range groups {
				ids = append(ids, g.ID)
			}
		}
		for _, id := range ids {
			w, err := know(t.ctx, t.tx, &t.acc, p, id, t.set)
			if err != nil {
				return nil, err
			}
			list = append(list, w)
		}
	}
	return list, nil
}

// hold keeps pictures until it is known whose they are.
func (t *turn) hold(choices []Who) error {
	if err := t.keepHeld(t.e.Files, t.e.Text); err != nil {
		return err
	}
	t.askWhose(choices)
	t.postpone(store.Say("photo.held"))
	return nil
}

func (t *turn) keepHeld(files []store.File, words string) error {
	for i := range files {
		f := &files[i]
		f.By, f.At, f.Words = t.who.ID, t.tx.Now(), words
		if err := t.tx.AddFile(t.ctx, "file.held", f); err != nil {
			return err
		}
	}
	return nil
}

// askWhose asks for whom of some held pictures are notas.
func (t *turn) askWhose(choices []Who) {
	s := form.Screen{Body: []store.Text{store.Say("photo.held"), store.Say("photo.whose")}}
	for _, w := range choices {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("photo.choice", "Group", w.For.Name, "Role", string(w.Role)),
			Data: fmt.Sprintf("place:%d:%d", w.ID, w.For.ID),
		}})
	}
	t.show(s)
}

// place makes a nota of each held picture or album, for the recipient that was chosen.
func (t *turn) place(arg string) error {
	choices, err := t.recipients()
	if err != nil {
		return err
	}
	person, recipient, _ := strings.Cut(arg, ":")
	for _, w := range choices {
		if idText(w.ID) == person && idText(w.For.ID) == recipient {
			if shut, err := t.shut(w); shut || err != nil {
				return err
			}
			return t.placeFor(w)
		}
	}
	return t.stale()
}

func (t *turn) placeFor(w Who) error {
	var held []store.File
	for _, p := range t.acc.People {
		files, err := t.tx.HeldFiles(t.ctx, p.ID)
		if err != nil {
			return err
		}
		held = append(held, files...)
	}
	if len(held) == 0 {
		return t.stale()
	}
	if err := t.putAside(); err != nil {
		return err
	}
	if t.acc.Active != w.ID && len(t.acc.People) > 1 {
		t.acc.Active = w.ID
		if err := t.tx.PutAccount(t.ctx, t.acc); err != nil {
			return err
		}
	}
	t.who, t.s.Tapped = w, t.pressed
	if err := t.bindHeld(w); err != nil {
		return err
	}
	if w.Role == store.Mentor {
		t.s.For = w.For.ID
	}
	var first, last store.Receipt
	words := ""
	albums := map[string]store.Receipt{}
	for _, f := range held {
		r, known := albums[f.Album]
		if !known || f.Album == "" {
			var err error
			if r, err = t.number(store.Receipt{}, nil, ""); err != nil {
				return err
			}
			albums[f.Album] = r
			if last = r; first.ID == 0 {
				first = r
			} else {
				t.s.Queue = append(t.s.Queue, r.ID)
			}
		}
		if r.ID == first.ID && words == "" {
			words = f.Words
		}
		f.Recipient, f.Receipt = r.Recipient, r.ID
		if err := t.tx.PutFile(t.ctx, "file.placed", &f); err != nil {
			return err
		}
	}
	t.e.Kind, t.e.Text = form.Picture, words
	lead := []store.Text{store.Say("photo.saved", "Number", number(first), "Group", behalf(w, w.For), "Of", t.named(w.For))}
	if last.ID != first.ID {
		lead = append(lead, store.Say("photo.apart.done", "From", number(first), "To", number(last)))
	}
	return t.open("receipt", idText(first.ID), lead...)
}
