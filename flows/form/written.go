package form

import (
	"html"
	"slices"
	"strings"
	"unicode/utf16"

	"pendamping/store"
)

// Written is something in a person's own formatting: words with Telegram's tags, and the files that came with them.
type Written struct {
	HTML  string
	Files []store.File
	Other string // the choice that was made instead
}

// WriteQuestion is a question answered in formatted words, or with pictures and documents.
type WriteQuestion struct {
	name    string
	to      *Written
	words   bool // no files
	extra   bool
	other   []Choice[string]
	longest int // letters of words alone
	caption int // and beside a file
}

// Write asks for somebody's own words with their formatting, or files with a caption, of at most so many letters; each
// part of an album adds to the answer. Said when there are more: form.name.long.
func Write(name string, to *Written, longest, caption int) *WriteQuestion {
	return &WriteQuestion{name: name, to: to, longest: longest, caption: caption}
}

// Or offers buttons that are chosen instead.
func (q *WriteQuestion) Or(other ...Choice[string]) *WriteQuestion { q.other = other; return q }

// Extra leaves it out unless it is asked for, and takes words only; a button leaves it out again.
func (q *WriteQuestion) Extra() *WriteQuestion { q.extra, q.words = true, true; return q }

// Only takes words only, and asks for them.
func (q *WriteQuestion) Only() *WriteQuestion { q.words = true; return q }

// Name is the question's name.
func (q *WriteQuestion) Name() string { return q.name }

func (q *WriteQuestion) fill(a Answer, said bool) (answerState, bool) {
	if !said {
		if q.extra {
			return filled, false
		}
		return missing, false
	}
	if v, ok := strings.CutPrefix(a.Text, "="); ok && q.offers(v) {
		q.to.Other = v
		return filled, true
	}
	q.to.HTML, q.to.Files = a.Text, a.Files
	return filled, true
}

func (q *WriteQuestion) take(e Event) (Answer, *store.Text, bool) {
	a := Answer{Name: q.name, Message: e.Message}
	switch e.Kind {
	case Press:
		a.Text, a.Message = "="+e.Text, 0
		return a, nil, q.offers(e.Text)
	case Words:
		if strings.TrimSpace(e.Text) == "" {
			return a, nil, false
		}
	case Picture, Document:
		if q.words {
			return a, nil, false
		}
		if q.goesOn(e) {
			return q.further(e), nil, true
		}
		a.Files = e.Files
	default:
		return a, nil, false
	}
	a.Text = tagged(e)
	if most := q.most(a); len(utf16.Encode([]rune(WithoutTags(a.Text)))) > most {
		no := store.Say("write.long", "Most", store.Rupiah(most).String())
		return a, &no, true
	}
	return a, nil, true
}

func (q *WriteQuestion) offers(value string) bool {
	return slices.ContainsFunc(q.other, func(c Choice[string]) bool { return c.Value == value })
}

func (q *WriteQuestion) most(a Answer) int {
	if len(a.Files) > 0 {
		return q.caption
	}
	return q.longest
}

// goesOn tells whether a picture is another part of the album that was kept.
func (q *WriteQuestion) goesOn(e Event) bool {
	return e.Album != "" && len(e.Files) > 0 && len(q.to.Files) > 0 && q.to.Files[0].Album == e.Album
}

// further is the answer with another part of its album.
func (q *WriteQuestion) further(e Event) Answer {
	a := Answer{Name: q.name, Text: q.to.HTML, Files: append(slices.Clone(q.to.Files), e.Files...), Message: e.Message}
	if a.Text == "" {
		a.Text = tagged(e)
	}
	return a
}

func (q *WriteQuestion) mine(e Event) (Answer, bool) {
	if q.words || e.Kind == Press {
		return Answer{}, false
	}
	if q.goesOn(e) {
		return q.further(e), true
	}
	// what was said stands
	if q.to.HTML != "" || len(q.to.Files) > 0 || q.to.Other != "" || (e.Kind == Words && e.Text == "") {
		return Answer{}, false
	}
	a, why, ok := q.take(e)
	return a, ok && why == nil
}

func (q *WriteQuestion) ask(form string, _ Answer, _ bool) Screen {
	s := Screen{Body: []store.Text{store.Say(form + "." + q.name)}}
	for _, o := range q.other {
		s.Buttons = append(s.Buttons, []store.Button{{Text: o.Text, Data: "=" + o.Value}})
	}
	return s
}

func (q *WriteQuestion) label(form string) (store.Text, bool) {
	return labelled(form, q.name, WithoutTags(q.to.HTML), ""), false
}

func (q *WriteQuestion) changeable() bool { return true }
func (q *WriteQuestion) greedy() bool     { return true }
func (q *WriteQuestion) wording() string  { return q.name }

// tagged are the words of an event with their formatting.
func tagged(e Event) string {
	if e.HTML != "" {
		return strings.TrimSpace(e.HTML)
	}
	return html.EscapeString(strings.TrimSpace(e.Text))
}

// WithoutTags is formatted words without their tags.
func WithoutTags(tagged string) string {
	var out strings.Builder
	in := false
	for _, r := range tagged {
		switch {
		case r == '<':
			in = true
		case r == '>':
			in = false
		case !in:
			out.WriteRune(r)
		}
	}
	return html.UnescapeString(out.String())
}
