package receipt

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

var (
	dayOnPaper = regexp.MustCompile(`\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b`)
	sumOnPaper = regexp.MustCompile(`(?i)\b(grand total|total bayar|total|jumlah)\b\W*(?:rp)?\W*([\d.,]{4,})`)
)

// Proposals finds the amount, the day and the seller in the words of a printed paper.
func Proposals(today store.Day, words string) map[string][]string {
	p := map[string][]string{}
	for line := range strings.Lines(words) {
		line = strings.TrimSpace(line)
		if m := sumOnPaper.FindStringSubmatch(line); m != nil {
			if v := parse.Rupiah("Rp" + m[2]); len(v) == 1 && v[0] > 0 {
				p["amount"] = append(p["amount"], v[0].Typed())
			}
		}
		if day := parse.Date(today)(dayOnPaper.FindString(line)); len(day) == 1 && day[0] <= today {
			p["day"] = append(p["day"], string(day[0]))
		}
		if p["seller"] == nil && letters(line) >= 5 {
			p["seller"] = []string{capitals(line)}
		}
	}
	for name, list := range p {
		slices.Reverse(list) // a total comes last
		p[name] = slices.Compact(list)[:1]
	}
	return p
}

func letters(s string) (n int) {
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			n++
		case unicode.IsDigit(r):
			return 0
		}
	}
	return n
}

// capitals writes a name that is printed in capitals as one writes it; short words such as UD and CV stay.
func capitals(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if r := []rune(w); len(r) > 2 {
			words[i] = string(r[:1]) + strings.ToLower(string(r[1:]))
		}
	}
	return strings.Join(words, " ")
}

// offered are the buttons for what was read; what can't be an answer is left out.
func offered[T comparable](p dialog.Read, name string, meanings func(string) []T) []form.Choice[T] {
	var list []form.Choice[T]
	for _, text := range p[name] {
		if v := meanings(text); len(v) == 1 {
			list = append(list, form.Choice[T]{Value: v[0], Text: proposes(v[0])})
		}
	}
	return list
}

// proposes puts a value that was read on a button.
func proposes(v any) store.Text {
	switch v := v.(type) {
	case store.Rupiah:
		return store.Say("read.amount", "Value", v.String())
	case store.Day:
		return store.Say("read.day", "Value", string(v))
	}
	return store.Say("read.seller", "Value", fmt.Sprint(v))
}

// Reading offers what was read in a picture of the nota in hand: the question is asked again with a button, if it is
// one that has none yet; later ones have theirs when their turn comes. Anything else that happened meanwhile goes
// before.
func Reading(ctx context.Context, t *dialog.Turn) error {
	if t.Session.Form.Form != "receipt" || len(t.Event.Files) == 0 ||
		dialog.Subject(t.Session.Form) != t.Event.Files[0].Receipt {
		return nil
	}
	p := dialog.Read(Proposals(t.Who.Today, t.Event.Text))
	for name := range p {
		if _, said := t.Session.Form.Answer(name); said {
			delete(p, name)
		}
	}
	if len(p) == 0 {
		return nil
	}
	t.Session.Read, t.Who.Read, t.Opened = p, p, nil
	f, err := t.Form(ctx)
	if f == nil || err != nil {
		return err
	}
	screen, err := f.Ask(t.Session.Form)
	if err != nil {
		return err
	}
	if name, ok := strings.CutPrefix(screen.Body[0].ID, "receipt."); ok && len(p[name]) > 0 &&
		t.Session.Form.Asked == "" {
		screen.Body = append([]store.Text{store.Say("read.head")}, screen.Body...)
		return t.Ask(ctx, screen)
	}
	return nil
}
