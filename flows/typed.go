package flows

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"pendamping/flows/form"
	"pendamping/store"
)

// says tells whether a sentence's words were typed.
func (t *turn) says(id string, data ...string) bool {
	return t.e.Kind == form.Words && t.set.Words != nil &&
		plain(t.set.Words(t.acc.Language, store.Say(id, data...))) == plain(t.e.Text)
}

// typed finds the button whose words were typed: on the question in hand, else on what was shown with it.
func (t *turn) typed(text string) (data string, ok bool, err error) {
	if t.set.Words == nil {
		return "", false, nil
	}
	for _, b := range t.s.Shown {
		if !t.again && plain(t.set.Words(t.acc.Language, b.Text)) == plain(text) {
			data, ok = b.Data, true
			break
		}
	}
	if t.s.Form.Form == "" {
		return data, ok, nil
	}
	f, err := t.form()
	if f == nil || err != nil {
		return data, ok, err
	}
	screen, err := f.Ask(t.s.Form)
	if err != nil {
		return "", false, err
	}
	for _, row := range screen.Buttons {
		for _, b := range row {
			if plain(t.set.Words(t.acc.Language, b.Text)) == plain(text) {
				return fmt.Sprintf("%s:%d:%s", inForm, t.s.Screen, b.Data), true, nil
			}
		}
	}
	return data, ok, nil
}

// menu finds the command whose words on the home keyboard were typed; a keyboard may still be in the language before.
func (t *turn) menu(text string) (Flow, bool) {
	if t.set.Words == nil {
		return Flow{}, false
	}
	return t.find(func(f Flow) bool {
		return f.Command != "" && slices.ContainsFunc(spoken, func(language string) bool {
			return plain(t.set.Words(language, store.Say("menu."+f.Name))) == plain(text)
		})
	})
}

// wordSet is the set of the words in a text.
func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// plain is a button's words without emoji, punctuation and case.
func plain(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " "))
}
