package receipt

import (
	"context"
	"slices"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// recipients are those that the account may enter a nota for.
func recipients(ctx context.Context, t *dialog.Turn) ([]dialog.Who, error) {
	if t.Who.Behalf() {
		return []dialog.Who{t.Who}, nil
	}
	var list []dialog.Who
	for _, p := range t.Account.People {
		if !dialog.Records(p.Role) || p.Consent == "" {
			continue
		}
		ids := []store.ID{p.Recipient}
		if p.Role == store.Mentor {
			groups, err := t.Tx.RecipientsOf(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			ids = ids[:0]
			for _, g := range groups {
				ids = append(ids, g.ID)
			}
		}
		for _, id := range ids {
			w, err := dialog.Know(ctx, t.Tx, &t.Account, p, id, t.Setting)
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
func hold(ctx context.Context, t *dialog.Turn, choices []dialog.Who) error {
	if err := keepHeld(ctx, t, t.Event.Files, t.Event.Text); err != nil {
		return err
	}
	if err := askWhose(ctx, t, choices); err != nil {
		return err
	}
	t.Postpone(store.Say("photo.held"))
	return nil
}

// stoppedIn says of each office of the account that "bukan kami" stopped that its pictures wait for the decision, or,
// where they are not kept, are sent again after it.
func stoppedIn(ctx context.Context, t *dialog.Turn, kept bool) (said []store.Text, err error) {
	for _, p := range t.Account.People {
		if p.Recipient == 0 || p.Consent == "" {
			continue
		}
		changes, err := t.Tx.HandoversOf(ctx, p.Recipient)
		if err != nil {
			return nil, err
		}
		for _, h := range changes {
			theirs := h.Kind == store.OfficerMoves && h.To == p.ID
			if !theirs || h.State != store.HandoverObjected || dialog.Overtaken(changes, h) {
				continue
			}
			of, err := dialog.Recipient(ctx, t.Tx, &t.Account, p.Recipient)
			if err != nil {
				return nil, err
			}
			line := store.Say("photo.stopped", "Role", string(h.Role), "Group", of.Name, "Kept", dialog.Mark(kept))
			said = append(said, line)
		}
	}
	return said, nil
}

func keepHeld(ctx context.Context, t *dialog.Turn, files []store.File, words string) error {
	for i := range files {
		f := &files[i]
		f.By, f.At, f.Words = t.Who.ID, t.Tx.Now(), words
		if err := t.Tx.AddFile(ctx, "file.held", f); err != nil {
			return err
		}
	}
	return nil
}

// held are the pictures that wait for the answer to whose they are, by the notas that they become: each picture is
// one, or each album.
func held(ctx context.Context, t *dialog.Turn) (notas [][]store.File, err error) {
	for _, p := range t.Account.People {
		files, err := t.Tx.HeldFiles(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			i := slices.IndexFunc(notas, func(n []store.File) bool {
				return f.Album != "" && n[0].Album == f.Album || // or its message showed another picture before
					n[0].By == f.By && slices.ContainsFunc(n, brought(f.Message))
			})
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
func askWhose(ctx context.Context, t *dialog.Turn, choices []dialog.Who) error {
	notas, err := held(ctx, t)
	if err != nil {
		return err
	}
	n, many := len(notas), ""
	if n > 1 {
		many = strconv.Itoa(n)
	}
	stopped, err := stoppedIn(ctx, t, true)
	if err != nil {
		return err
	}
	s := form.Screen{Body: append([]store.Text{store.Say("photo.held")}, stopped...)}
	s.Body = append(s.Body, store.Say("photo.whose", "Count", many))
	for _, w := range choices {
		data := dialog.Data("place", w.ID, w.For.ID)
		if n > 1 {
			data = dialog.Data("place", w.ID, w.For.ID, n)
		}
		s.Buttons = append(s.Buttons, []store.Button{{Text: choiceOf(w), Data: data}})
	}
	if n > 1 {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("photo.each"), Data: dialog.Data("each")}})
	}
	if len(stopped) > 0 {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("form.later"), Data: dialog.Data("place", waiting),
		}})
	}
	t.Show(s)
	return nil
}

func choiceOf(w dialog.Who) store.Text {
	return store.Say("photo.choice", "Group", w.For.Name, "Role", string(w.Role))
}

// askEach shows the first of the held notas, and asks for whom this one is.
func askEach(t *dialog.Turn, notas [][]store.File, choices []dialog.Who) {
	first := notas[0][0]
	s := form.Screen{
		Body: []store.Text{
			store.Say("photo.whose.one", "Words", dialog.Clip(first.Words, 200), "Left", dialog.Count(len(notas)-1)),
		},
		Files: []store.Shown{dialog.ShownAs(first)},
	}
	for _, w := range choices {
		data := dialog.Data("one", w.ID, w.For.ID, first.ID)
		s.Buttons = append(s.Buttons, []store.Button{{Text: choiceOf(w), Data: data}})
	}
	t.Show(s)
}

// Each asks for the held notas one by one.
func Each(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	choices, err := recipients(ctx, t)
	if err != nil {
		return form.Screen{}, err
	}
	notas, err := held(ctx, t)
	if err != nil {
		return form.Screen{}, err
	}
	if len(notas) == 0 || len(choices) == 0 {
		return form.Screen{}, t.Stale(ctx)
	}
	t.Tap()
	askEach(t, notas, choices)
	return form.Screen{}, nil
}

// Place makes notas of all held pictures, for the recipient that was chosen: PERSON:RECIPIENT, and how many notas the
// question was about where they were several. Where more came since, it asks again.
func Place(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	if arg == waiting {
		t.AsNewMessage() // the choices stay on the screen
		return form.Screen{Body: []store.Text{store.Say("photo.later")}}, nil
	}
	w, choices, rest, err := placing(ctx, t, arg)
	if err != nil {
		return form.Screen{}, err
	}
	notas, err := held(ctx, t)
	if err != nil {
		return form.Screen{}, err
	}
	if w.ID == 0 || len(notas) == 0 {
		return form.Screen{}, t.Stale(ctx)
	}
	if len(notas) != max(1, dialog.NumberOf(rest)) {
		t.AsNewMessage()
		return form.Screen{}, askWhose(ctx, t, choices)
	}
	return form.Screen{}, placeFor(ctx, t, w, notas, nil)
}

// PlaceOne makes a nota of one held picture or album: PERSON:RECIPIENT:FILE. Then it asks for the next.
func PlaceOne(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	w, choices, rest, err := placing(ctx, t, arg)
	if err != nil {
		return form.Screen{}, err
	}
	notas, err := held(ctx, t)
	if err != nil {
		return form.Screen{}, err
	}
	i := slices.IndexFunc(notas, func(n []store.File) bool { return dialog.IDText(n[0].ID) == rest })
	if w.ID == 0 || i < 0 {
		return form.Screen{}, t.Stale(ctx)
	}
	return form.Screen{}, placeFor(ctx, t, w, notas[i:i+1], func() error {
		if left := slices.Delete(slices.Clone(notas), i, i+1); len(left) > 0 {
			askEach(t, left, choices)
			return nil
		}
		return NextInQueue(ctx, t)
	})
}

// placing is the recipient that a button chose for held pictures, the zero Who where it is none that the account
// enters for, and what else the button says.
func placing(
	ctx context.Context, t *dialog.Turn, arg dialog.Args,
) (w dialog.Who, choices []dialog.Who, rest string, err error) {
	if choices, err = recipients(ctx, t); err != nil {
		return w, nil, "", err
	}
	person, recipient := arg.Word(), arg.Word()
	for _, c := range choices {
		if dialog.IDText(c.ID) == person && dialog.IDText(c.For.ID) == recipient {
			w = c
		}
	}
	return w, choices, arg.Rest(), nil
}

// placeFor makes notas of held pictures for a recipient. Then the first is asked about, unless there is something else
// to do.
func placeFor(ctx context.Context, t *dialog.Turn, w dialog.Who, notas [][]store.File, then func() error) error {
	if closed, err := shut(ctx, t, w); closed || err != nil {
		return err
	}
	if err := t.PutAside(ctx); err != nil {
		return err
	}
	if err := t.Activate(ctx, w.ID); err != nil {
		return err
	}
	t.Who = w
	t.Tap()
	if err := bindHeld(ctx, t, w); err != nil {
		return err
	}
	if w.Role == store.Mentor && then == nil { // one by one, the next may be for another group
		t.Session.For = w.For.ID
	}
	var first, last store.Receipt
	words := ""
	for _, files := range notas {
		r, err := number(ctx, t, store.Receipt{}, nil, "")
		if err != nil {
			return err
		}
		if last = r; first.ID == 0 {
			first = r
			words = captioned(files)
		}
		if r.ID != first.ID || then != nil {
			t.Enqueue(r.ID)
		}
		for _, f := range files {
			f.Recipient, f.Receipt = r.Recipient, r.ID
			if err := t.Tx.PutFile(ctx, "file.placed", &f); err != nil {
				return err
			}
		}
	}
	lead := []store.Text{store.Say("photo.saved", "Number", dialog.Number(first), "Group", dialog.Behalf(w, w.For),
		"Of", named(t, w.For))}
	if last.ID != first.ID {
		lead = append(lead, store.Say("photo.apart.done", "From", dialog.Number(first), "To", dialog.Number(last)))
	}
	if then != nil {
		t.Show(form.Screen{Body: lead})
		return then()
	}
	t.Event.Kind, t.Event.Text = form.Picture, words
	return t.Open(ctx, "receipt", dialog.IDText(first.ID), lead...)
}
