package flows

import (
	"slices"
	"strconv"

	"pendamping/flows/form"
	"pendamping/store"
)

// mostEarly is how many pictures wait for a consent.
const mostEarly = 20

// early are pictures that came before their sender agreed to the notice: what Telegram said of them and nothing more. They are in no
// record, and are not fetched before; without the consent they go with the session.
type early struct {
	Files   []store.File `json:"files"`
	Words   string       `json:"words,omitempty"`
	Album   string       `json:"album,omitempty"`
	Message int          `json:"message,omitempty"`
}

// earlyPictures counts those that wait.
func (t *turn) earlyPictures() (n int) {
	for _, e := range t.s.Early {
		n += len(e.Files)
	}
	return n
}

// tooEarly keeps a picture that came before the consent, and says that it waits, or why it can't.
func (t *turn) tooEarly(p store.Person) []store.Text {
	sent := (t.e.Kind == form.Picture || t.e.Kind == form.Document) && len(t.e.Files) > 0 && !t.e.Edited
	enters := func(o store.Person) bool { return records(o.Role) && (o.ID == p.ID || o.Consent != "") }
	var said []store.Text
	switch id := unfit(t.e.Files); {
	case sent && !slices.ContainsFunc(t.acc.People, enters):
		return []store.Text{store.Say("photo.notyours")}
	case sent && id != "":
		sent, said = false, []store.Text{store.Say(id)}
	}
	n := t.earlyPictures()
	if sent && !t.again && n < mostEarly {
		n += len(t.e.Files)
		last := len(t.s.Early) - 1
		if t.e.Album != "" && last >= 0 && t.s.Early[last].Album == t.e.Album {
			t.s.Early[last].Files = append(t.s.Early[last].Files, t.e.Files...)
			if t.s.Early[last].Words == "" {
				t.s.Early[last].Words = t.e.Text
			}
		} else {
			t.s.Early = append(t.s.Early, early{Files: t.e.Files, Words: t.e.Text, Album: t.e.Album, Message: t.e.Message})
		}
	}
	if n == 0 {
		return said
	}
	full := sent && n >= mostEarly
	kept := slices.ContainsFunc(t.s.Early, func(e early) bool {
		return slices.ContainsFunc(e.Files, func(f store.File) bool { return f.Message == t.e.Message })
	})
	return append(said, store.Say("consent.early", "Count", strconv.Itoa(n), "Full", mark(full), "Dropped", mark(full && !kept)))
}

// goOnEarly makes notas of the pictures that came before the consent.
func (t *turn) goOnEarly() error {
	list, n := t.s.Early, t.earlyPictures()
	t.s.Early = nil
	if len(list) == 0 || t.again {
		return nil
	}
	choices, err := t.recipients()
	if err != nil {
		return err
	}
	resumed := store.Say("consent.early.resumed", "Count", strconv.Itoa(n))
	e := t.e
	defer func() { t.e = e }()
	t.e = form.Event{Update: e.Update, Account: e.Account, Chat: e.Chat, Kind: form.Picture}
	switch len(choices) {
	case 0:
		t.show(form.Screen{Body: []store.Text{store.Say("photo.notyours")}})
		return nil
	case 1:
		t.who = choices[0]
	default:
		for _, e := range list {
			if err := t.keepHeld(e.Files, e.Words); err != nil {
				return err
			}
		}
		t.show(form.Screen{Body: []store.Text{resumed}})
		return t.askWhose(choices)
	}
	if shut, err := t.shut(t.who); shut || err != nil {
		return err
	}
	t.show(form.Screen{Body: []store.Text{resumed}})
	inHand := t.s.Form.Form != ""
	if !inHand {
		t.e.Files, t.e.Message = list[0].Files, list[0].Message
		if err := t.begin(list[0].Files, list[0].Words); err != nil {
			return err
		}
		list = list[1:]
	}
	for _, e := range list { // they wait behind what is in hand, each numbered at once
		r, err := t.number(store.Receipt{}, e.Files, e.Words)
		if err != nil {
			return err
		}
		t.s.Queue = append(t.s.Queue, r.ID)
	}
	if inHand {
		return t.restate()
	}
	return nil
}
