package dialog

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pendamping/flows/form"
	"pendamping/store"
)

// Unaccented is a text with letters of full width and the like as plain ones, without what can't be seen.
func Unaccented(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(text))
}

// Says tells whether a sentence's words were typed.
func (t *Turn) Says(id string, data ...string) bool {
	return t.Event.Kind == form.Words && t.Setting.Words != nil &&
		BareWords(t.Setting.Words(t.Account.Language, store.Say(id, data...))) == BareWords(t.Event.Text)
}

// Typed finds the button whose words were typed: on the question in hand, else on what was shown with it.
func (t *Turn) Typed(ctx context.Context, text string) (data string, ok bool, err error) {
	if t.Setting.Words == nil {
		return "", false, nil
	}
	for _, b := range t.Session.Shown {
		if !t.Again && BareWords(t.Setting.Words(t.Account.Language, b.Text)) == BareWords(text) {
			data, ok = b.Data, true
			break
		}
	}
	if t.Session.Form.Form == "" {
		return data, ok, nil
	}
	f, err := t.Form(ctx)
	if f == nil || err != nil {
		return data, ok, err
	}
	screen, err := f.Ask(t.Session.Form)
	if err != nil {
		return "", false, err
	}
	said := ""
	if len(t.Session.Form.Instead) > 0 {
		said = decided(text)
	}
	for _, row := range screen.Buttons {
		for _, b := range row {
			if said != "" && b.Data == said ||
				BareWords(t.Setting.Words(t.Account.Language, b.Text)) == BareWords(text) {
				return Data(InForm, t.Session.Screen, b.Data), true, nil
			}
		}
	}
	return data, ok, nil
}

// decided reads in words whether something replaces what was said before.
func decided(text string) string {
	agrees, no := Answered(text)
	_, yes := Small(text)
	switch {
	case no:
		return form.Keep
	case agrees || yes:
		return form.Replace
	}
	return ""
}

// WordSet is the set of the words in a text.
func WordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// BareWords are the words of a text in small letters, with one space between them, as they are compared: letters that
// only look otherwise are the same.
func BareWords(text string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(Unaccented(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " "))
}
