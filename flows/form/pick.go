package form

import "pendamping/store"

// Choice is one of the answers to a Pick: its value, and the words on its button.
type Choice[T comparable] struct {
	Value T
	Text  store.Text
	Show  string // what the review shows; "" is the value
}

// PickQuestion is a question answered by a button.
type PickQuestion[T comparable] struct {
	name    string
	words   string
	to      *T
	choices []Choice[T]
	dig     func(string) []T
	preset  *T
	old     string
	wide    int
	hidden  bool
	shown   int
	refuse  func(T) *store.Text
}

// Pick asks for one of some choices, each a button.
func Pick[T comparable](name string, to *T, choices []Choice[T]) *PickQuestion[T] {
	return &PickQuestion[T]{name: name, words: name, to: to, choices: choices, wide: 1}
}

// As takes the question's words from another name, for questions that come several times.
func (q *PickQuestion[T]) As(words string) *PickQuestion[T] { q.words = words; return q }

// Extract says how to find the choice in words.
func (q *PickQuestion[T]) Extract(dig func(string) []T) *PickQuestion[T] { q.dig = dig; return q }

// Default fills the choice when nothing was said; the question is then only asked to change it.
func (q *PickQuestion[T]) Default(v T) *PickQuestion[T] { q.preset = &v; return q }

// Previous shows the choice that a change replaces.
func (q *PickQuestion[T]) Previous(old string) *PickQuestion[T] { q.old = old; return q }

// Wide puts n buttons in a row.
func (q *PickQuestion[T]) Wide(n int) *PickQuestion[T] { q.wide = n; return q }

// Hidden keeps the line out of the review; the change list still offers it.
func (q *PickQuestion[T]) Hidden() *PickQuestion[T] { q.hidden = true; return q }

// Show makes buttons of the first n choices only; the others are found in words.
func (q *PickQuestion[T]) Show(n int) *PickQuestion[T] { q.shown = n; return q }

// Refuse names the reason why a choice can't be taken.
func (q *PickQuestion[T]) Refuse(why func(T) *store.Text) *PickQuestion[T] { q.refuse = why; return q }

// Name is the question's name.
func (q *PickQuestion[T]) Name() string { return q.name }

func (q *PickQuestion[T]) find(text string) (Choice[T], bool) {
	for _, c := range q.choices {
		if typed(c.Value) == text {
			return c, true
		}
	}
	return Choice[T]{}, false
}

func (q *PickQuestion[T]) fill(a Answer, said bool) (answerState, bool) {
	if !said && q.preset != nil {
		return filled, put(q.to, *q.preset)
	}
	c, ok := q.find(a.Text)
	if !said || !ok || q.refused(c) != nil {
		return missing, false
	}
	return filled, put(q.to, c.Value)
}

func (q *PickQuestion[T]) refused(c Choice[T]) *store.Text {
	if q.refuse == nil {
		return nil
	}
	return q.refuse(c.Value)
}

func (q *PickQuestion[T]) take(e Event) (Answer, *store.Text, bool) {
	a := Answer{Name: q.name, Text: e.Text}
	if e.Kind == Press {
		c, ok := q.find(e.Text)
		if !ok {
			return a, nil, false
		}
		return a, q.refused(c), true
	}
	a, ok := q.mine(e)
	return a, nil, ok
}

func (q *PickQuestion[T]) mine(e Event) (Answer, bool) {
	if q.dig == nil || e.Text == "" || e.Kind == Press {
		return Answer{}, false
	}
	found := q.dig(e.Text)
	if len(found) != 1 {
		return Answer{}, false
	}
	if _, ok := q.find(typed(found[0])); !ok {
		return Answer{}, false
	}
	return Answer{Name: q.name, Text: typed(found[0]), Message: e.Message}, true
}

func (q *PickQuestion[T]) ask(form string, _ Answer, _ bool) Screen {
	s := Screen{Body: []store.Text{store.Say(form + "." + q.words)}}
	for i, c := range q.choices {
		if q.shown > 0 && i == q.shown {
			break
		}
		b := store.Button{Text: c.Text, Data: "=" + typed(c.Value)}
		if i%q.wide == 0 {
			s.Buttons = append(s.Buttons, nil)
		}
		last := len(s.Buttons) - 1
		s.Buttons[last] = append(s.Buttons[last], b)
	}
	return s
}

func (q *PickQuestion[T]) label(form string) (store.Text, bool) {
	value := typed(*q.to)
	if c, ok := q.find(value); ok && c.Show != "" {
		value = c.Show
	}
	return labelled(form, q.words, value, q.old), !q.hidden
}

func (q *PickQuestion[T]) changeable() bool { return len(q.choices) > 1 }
func (q *PickQuestion[T]) greedy() bool     { return false }
func (q *PickQuestion[T]) wording() string  { return q.words }
