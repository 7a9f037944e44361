package flows

import (
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

// tooEarly keeps a picture that came before the consent, and says that it waits.
func (t *turn) tooEarly() []store.Text {
	fit := (t.e.Kind == form.Picture || t.e.Kind == form.Document) && len(t.e.Files) > 0 && !t.e.Edited && unfit(t.e.Files) == ""
	n := 0
	for _, e := range t.s.Early {
		n += len(e.Files)
	}
	if fit && !t.again && n < mostEarly {
		n += len(t.e.Files)
		last := len(t.s.Early) - 1
		if t.e.Album != "" && last >= 0 && t.s.Early[last].Album == t.e.Album {
			t.s.Early[last].Files = append(t.s.Early[last].Files, t.e.Files...)
			if t.s.Early[last].Words == "" {
				t.s.Early[last].Words = t.e.Text
			}
		} else {
			t.s.Early = append(t.s.Early, early{t.e.Files, t.e.Text, t.e.Album, t.e.Message})
		}
	}
	switch {
	case n == 0:
		return nil
	case fit && n >= mostEarly:
		return []store.Text{store.Say("consent.early", "Count", strconv.Itoa(n), "Full", mark(true))}
	}
	return []store.Text{store.Say("consent.early", "Count", strconv.Itoa(n))}
}

// goOnEarly makes notas of the pictures that came before the consent.
func (t *turn) goOnEarly() error {
	list := t.s.Early
	t.s.Early = nil
	if len(list) == 0 || t.again {
		return nil
	}
	choices, err := t.recipients()
	if err != nil {
		return err
	}
	n := 0
	for _, e := range list {
		n += len(e.Files)
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
		t.askWhose(choices)
		return nil
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
