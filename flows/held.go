package flows

import (
	"fmt"
	"slices"
	"strconv"
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

// waiting is place's argument that leaves the held pictures where they are.
const waiting = "later"

// hold keeps pictures until it is known whose they are.
func (t *turn) hold(choices []Who) error {
	if err := t.keepHeld(t.e.Files, t.e.Text); err != nil {
		return err
	}
	if err := t.askWhose(choices); err != nil {
		return err
	}
	t.postpone(store.Say("photo.held"))
	return nil
}

// stoppedIn says of each office of the account that "bukan kami" stopped that its pictures wait for the decision, or,
// where they are not kept, are sent again after it.
func (t *turn) stoppedIn(kept bool) (said []store.Text, err error) {
	for _, p := range t.acc.People {
		if p.Recipient == 0 || p.Consent == "" {
			continue
		}
		changes, err := t.tx.HandoversOf(t.ctx, p.Recipient)
		if err != nil {
			return nil, err
		}
		for _, h := range changes {
			theirs := h.Kind == store.OfficerMoves && h.To == p.ID
			if !theirs || h.State != store.HandoverObjected || overtaken(changes, h) {
				continue
			}
			of, err := recipient(t.ctx, t.tx, &t.acc, p.Recipient)
			if err != nil {
				return nil, err
			}
			line := store.Say("photo.stopped", "Role", string(h.Role), "Group", of.Name, "Kept", mark(kept))
			said = append(said, line)
		}
	}
	return said, nil
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

// held are the pictures that wait for the answer to whose they are, by the notas that they become: each picture is
// one, or each album.
func (t *turn) held() (notas [][]store.File, err error) {
	for _, p := range t.acc.People {
		files, err := t.tx.HeldFiles(t.ctx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			i := slices.IndexFunc(notas, func(n []store.File) bool { return f.Album != "" && n[0].Album == f.Album })
			if i < 0 {
				notas = append(notas, []store.File{f})
			} else {
				notas[i] = append(notas[i], f)
			}
		}
	}
	return notas, nil
}

// askWhose asks for whom the held pictures are notas. Of several it asks whether all are for one, and a button asks
// for each by itself. Where one of the account's offices is stopped, they may be for that group, and can wait.
func (t *turn) askWhose(choices []Who) error {
	notas, err := t.held()
	if err != nil {
		return err
	}
	n, many := len(notas), ""
	if n > 1 {
		many = strconv.Itoa(n)
	}
	stopped, err := t.stoppedIn(true)
	if err != nil {
		return err
	}
	s := form.Screen{Body: append([]store.Text{store.Say("photo.held")}, stopped...)}
	s.Body = append(s.Body, store.Say("photo.whose", "Count", many))
	for _, w := range choices {
		data := strings.TrimSuffix(fmt.Sprintf("place:%d:%d:%s", w.ID, w.For.ID, many), ":")
		s.Buttons = append(s.Buttons, []store.Button{{Text: choiceOf(w), Data: data}})
	}
	if n > 1 {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("photo.each"), Data: "each:"}})
	}
	if len(stopped) > 0 {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("form.later"), Data: "place:" + waiting}})
	}
	t.show(s)
	return nil
}

func choiceOf(w Who) store.Text {
	return store.Say("photo.choice", "Group", w.For.Name, "Role", string(w.Role))
}

// askEach shows the first of the held notas, and asks for whom this one is.
func (t *turn) askEach(notas [][]store.File, choices []Who) {
	first := notas[0][0]
	s := form.Screen{
		Body:  []store.Text{store.Say("photo.whose.one", "Words", clip(first.Words, 200), "Left", count(len(notas)-1))},
		Files: []store.Shown{shownAs(first)},
	}
	for _, w := range choices {
		data := fmt.Sprintf("one:%d:%d:%d", w.ID, w.For.ID, first.ID)
		s.Buttons = append(s.Buttons, []store.Button{{Text: choiceOf(w), Data: data}})
	}
	t.show(s)
}

// each asks for the held notas one by one.
func (t *turn) each() error {
	choices, err := t.recipients()
	if err != nil {
		return err
	}
	notas, err := t.held()
	if err != nil {
		return err
	}
	if len(notas) == 0 || len(choices) == 0 {
		return t.stale()
	}
	t.s.Tapped = t.pressed
	t.askEach(notas, choices)
	return nil
}

// place makes notas of all held pictures, for the recipient that was chosen: PERSON:RECIPIENT, and how many notas the
// question was about where they were several. Where more came since, it asks again.
func (t *turn) place(arg string) error {
	if arg == waiting {
		t.e.Message = 0 // the choices stay on the screen
		t.show(form.Screen{Body: []store.Text{store.Say("photo.later")}})
		return nil
	}
	w, choices, rest, err := t.placing(arg)
	if err != nil {
		return err
	}
	notas, err := t.held()
	if err != nil {
		return err
	}
	if w.ID == 0 || len(notas) == 0 {
		return t.stale()
	}
	if len(notas) != max(1, numberOf(rest)) {
		t.e.Message = 0
		return t.askWhose(choices)
	}
	return t.placeFor(w, notas, nil)
}

// placeOne makes a nota of one held picture or album: PERSON:RECIPIENT:FILE. Then it asks for the next.
func (t *turn) placeOne(arg string) error {
	w, choices, rest, err := t.placing(arg)
	if err != nil {
		return err
	}
	notas, err := t.held()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(notas, func(n []store.File) bool { return idText(n[0].ID) == rest })
	if w.ID == 0 || i < 0 {
		return t.stale()
	}
	return t.placeFor(w, notas[i:i+1], func() error {
		if left := slices.Delete(slices.Clone(notas), i, i+1); len(left) > 0 {
			t.askEach(left, choices)
			return nil
		}
		return t.nextInQueue()
	})
}

// placing is the recipient that a button chose for held pictures, the zero Who where it is none that the account
// enters for, and what else the button says.
func (t *turn) placing(arg string) (w Who, choices []Who, rest string, err error) {
	if choices, err = t.recipients(); err != nil {
		return w, nil, "", err
	}
	a := args(arg)
	person, recipient := a.word(), a.word()
	for _, c := range choices {
		if idText(c.ID) == person && idText(c.For.ID) == recipient {
			w = c
		}
	}
	return w, choices, a.rest(), nil
}

// placeFor makes notas of held pictures for a recipient. Then the first is asked about, unless there is something else
// to do.
func (t *turn) placeFor(w Who, notas [][]store.File, then func() error) error {
	if shut, err := t.shut(w); shut || err != nil {
		return err
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
	if w.Role == store.Mentor && then == nil { // one by one, the next may be for another group
		t.s.For = w.For.ID
	}
	var first, last store.Receipt
	words := ""
	for _, files := range notas {
		r, err := t.number(store.Receipt{}, nil, "")
		if err != nil {
			return err
		}
		if last = r; first.ID == 0 {
			first = r
			words = captioned(files)
		}
		if r.ID != first.ID || then != nil {
			t.s.Queue = append(t.s.Queue, r.ID)
		}
		for _, f := range files {
			f.Recipient, f.Receipt = r.Recipient, r.ID
			if err := t.tx.PutFile(t.ctx, "file.placed", &f); err != nil {
				return err
			}
		}
	}
	lead := []store.Text{store.Say("photo.saved", "Number", number(first), "Group", behalf(w, w.For), "Of", t.named(w.For))}
	if last.ID != first.ID {
		lead = append(lead, store.Say("photo.apart.done", "From", number(first), "To", number(last)))
	}
	if then != nil {
		t.show(form.Screen{Body: lead})
		return then()
	}
	t.e.Kind, t.e.Text = form.Picture, words
	return t.open("receipt", idText(first.ID), lead...)
}
