package receipt

import (
	"context"
	"slices"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// mostEarly is how many pictures wait for a consent.
const mostEarly = 20

// TooEarly keeps a picture that came before the consent, and says that it waits, or why it can't.
func TooEarly(t *dialog.Turn, p store.Person) []store.Text {
	sent := (t.Event.Kind == form.Picture || t.Event.Kind == form.Document) && len(t.Event.Files) > 0 && !t.Event.Edited
	enters := func(o store.Person) bool { return dialog.Records(o.Role) && (o.ID == p.ID || o.Consent != "") }
	var said []store.Text
	switch id := Unfit(t.Event.Files); {
	case sent && !slices.ContainsFunc(t.Account.People, enters):
		return []store.Text{store.Say("photo.notyours")}
	case sent && id != "":
		sent, said = false, []store.Text{store.Say(id)}
	}
	if t.Event.Edited {
		t.Session.Early, _ = exchangeEarly(t.Session.Early, t.Event)
	}
	n := t.EarlyPictures()
	if sent && !t.Again && n < mostEarly {
		n += len(t.Event.Files)
		last := len(t.Session.Early) - 1
		if t.Event.Album != "" && last >= 0 && t.Session.Early[last].Album == t.Event.Album {
			t.Session.Early[last].Files = append(t.Session.Early[last].Files, t.Event.Files...)
			if t.Session.Early[last].Words == "" {
				t.Session.Early[last].Words = t.Event.Text
			}
		} else {
			t.Session.Early = append(t.Session.Early, dialog.Early{
				Files: t.Event.Files, Words: t.Event.Text, Album: t.Event.Album, Message: t.Event.Message,
			})
		}
	}
	if n == 0 {
		return said
	}
	full := sent && n >= mostEarly
	kept := slices.ContainsFunc(t.Session.Early, func(e dialog.Early) bool {
		return slices.ContainsFunc(e.Files, func(f store.File) bool { return f.Message == t.Event.Message })
	})
	return append(said, store.Say("consent.early", "Count", strconv.Itoa(n), "Full", dialog.Mark(full),
		"Dropped", dialog.Mark(full && !kept)))
}

// GoOnEarly makes notas of the pictures that came before the consent.
func GoOnEarly(ctx context.Context, t *dialog.Turn) error {
	list, n := t.Session.Early, t.EarlyPictures()
	t.Session.Early = nil
	if len(list) == 0 || t.Again {
		return nil
	}
	choices, err := recipients(ctx, t)
	if err != nil {
		return err
	}
	resumed := store.Say("consent.early.resumed", "Count", strconv.Itoa(n))
	e := t.Event
	defer func() { t.Event = e }()
	t.Event = form.Event{Update: e.Update, Account: e.Account, Chat: e.Chat, Kind: form.Picture}
	switch len(choices) {
	case 0:
		t.Show(form.Screen{Body: []store.Text{store.Say("photo.notyours")}})
		return nil
	case 1:
		t.Who = choices[0]
	default:
		for _, e := range list {
			if err := keepHeld(ctx, t, e.Files, e.Words); err != nil {
				return err
			}
		}
		t.Show(form.Screen{Body: []store.Text{resumed}})
		return askWhose(ctx, t, choices)
	}
	if closed, err := shut(ctx, t, t.Who); closed || err != nil {
		return err
	}
	t.Show(form.Screen{Body: []store.Text{resumed}})
	inHand := t.Session.Form.Form != ""
	if !inHand {
		t.Event.Files, t.Event.Message = list[0].Files, list[0].Message
		if err := begin(ctx, t, list[0].Files, list[0].Words); err != nil {
			return err
		}
		list = list[1:]
	}
	for _, e := range list { // they wait behind what is in hand, each numbered at once
		r, err := number(ctx, t, store.Receipt{}, e.Files, e.Words)
		if err != nil {
			return err
		}
		t.Enqueue(r.ID)
	}
	if inHand {
		return t.Restate(ctx)
	}
	return nil
}
