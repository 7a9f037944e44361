package form

import "pendamping/store"

// FileQuestion is a question answered by a picture or a document.
type FileQuestion struct {
	name     string
	to       *[]store.File
	optional bool
	extra    bool
}

// Photo asks for a picture or a document.
func Photo(name string, to *[]store.File) *FileQuestion { return &FileQuestion{name: name, to: to} }

// Optional lets a button leave it out; its words are form.name.without.
func (q *FileQuestion) Optional() *FileQuestion { q.optional = true; return q }

// Extra leaves it out unless it is asked for; a button goes back to that, its words are form.name.without.
func (q *FileQuestion) Extra() *FileQuestion { q.optional, q.extra = true, true; return q }

const without = "without"

// Name is the question's name.
func (q *FileQuestion) Name() string { return q.name }

func (q *FileQuestion) fill(a Answer, said bool) (answerState, bool) {
	if len(a.Files) == 0 && !(said && q.optional && a.Text == without) && !q.extra {
		return missing, false
	}
	*q.to = a.Files
	return filled, len(a.Files) > 0
}

func (q *FileQuestion) take(e Event) (Answer, *store.Text, bool) {
	a := Answer{Name: q.name, Files: e.Files, Message: e.Message}
	if e.Kind == Press {
		a.Text = e.Text
		return a, nil, q.optional && e.Text == without
	}
	return a, nil, e.Kind == Picture || e.Kind == Document
}

func (q *FileQuestion) mine(Event) (Answer, bool) { return Answer{}, false }

func (q *FileQuestion) ask(form string, _ Answer, _ bool) Screen {
	s := Screen{Body: []store.Text{store.Say(form + "." + q.name)}}
	if q.optional {
		s.Buttons = [][]store.Button{{{Text: store.Say(form + "." + q.name + ".without"), Data: "=" + without}}}
	}
	return s
}

func (q *FileQuestion) label(form string) (store.Text, bool) {
	return labelled(form, q.name, store.Rupiah(len(*q.to)).String(), ""), !q.extra || len(*q.to) > 0
}

func (q *FileQuestion) changeable() bool { return true }
func (q *FileQuestion) greedy() bool     { return false }
func (q *FileQuestion) wording() string  { return q.name }
