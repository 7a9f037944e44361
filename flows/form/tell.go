package form

import "pendamping/store"

// Told is something said in a person's own words, typed or by voice.
type Told struct {
	Words string
	Voice []store.File // one at most
}

// TellQuestion is a question answered in words or by a voice note.
type TellQuestion struct {
	name  string
	to    *Told
	extra bool
	read  func(string) []string
	data  []string // of the question's words: names and values
}

// Tell asks for somebody's own words, typed or spoken.
func Tell(name string, to *Told) *TellQuestion { return &TellQuestion{name: name, to: to, read: Text} }

// Long takes paragraphs, as long as one message may be.
func (q *TellQuestion) Long() *TellQuestion { q.read = Prose; return q }

// Extra leaves it out unless it is asked for.
func (q *TellQuestion) Extra() *TellQuestion { q.extra = true; return q }

// With gives data to the question's words.
func (q *TellQuestion) With(pairs ...string) *TellQuestion { q.data = pairs; return q }

// Name is the question's name.
func (q *TellQuestion) Name() string { return q.name }

func (q *TellQuestion) fill(a Answer, _ bool) (answerState, bool) {
	if a.Text == "" && len(a.Files) == 0 && !q.extra {
		return missing, false
	}
	*q.to = Told{Words: a.Text, Voice: a.Files}
	return filled, true
}

func (q *TellQuestion) take(e Event) (Answer, *store.Text, bool) {
	a := Answer{Name: q.name, Message: e.Message}
	switch e.Kind {
	case Voice:
		a.Files = e.Files
		return a, nil, len(e.Files) > 0
	case Words:
		words := q.read(e.Text)
		if len(words) == 1 {
			a.Text = words[0]
		}
		return a, nil, len(words) == 1
	}
	return a, nil, false
}

func (q *TellQuestion) mine(Event) (Answer, bool) { return Answer{}, false }

func (q *TellQuestion) ask(form string, _ Answer, _ bool) Screen {
	return Screen{Body: []store.Text{store.Say(form+"."+q.name, q.data...)}}
}

// label has the words; of a voice note they are empty.
func (q *TellQuestion) label(form string) (store.Text, bool) {
	return labelled(form, q.name, q.to.Words, ""), !q.extra || q.to.Words != "" || len(q.to.Voice) > 0
}

func (q *TellQuestion) changeable() bool { return true }
func (q *TellQuestion) greedy() bool     { return true }
func (q *TellQuestion) wording() string  { return q.name }
