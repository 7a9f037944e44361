package form

import (
	"maps"
	"slices"
	"strings"

	"pendamping/store"
)

// TickQuestion is a question answered by several of some choices.
type TickQuestion[T ~string] struct {
	name    string
	words   string
	to      *[]T
	choices []Choice[T]
	dig     func(string) []T
	ticked  []T // as the buttons stand
	old     string
	wide    int
	preset  bool
}

// Several asks for any of some choices, at least one: each is a button that ticks it and takes the tick away again, and
// a last one says that it is all. Its words are form.several, a ticked choice's form.tick. Values must have no commas.
func Several[T ~string](name string, to *[]T, choices []Choice[T]) *TickQuestion[T] {
	return &TickQuestion[T]{name: name, words: name, to: to, choices: choices, wide: 2}
}

// Extract says how to find choices in words.
func (q *TickQuestion[T]) Extract(dig func(string) []T) *TickQuestion[T] { q.dig = dig; return q }

// Ticked are the choices that have their ticks before anything was said; it is asked all the same.
func (q *TickQuestion[T]) Ticked(values ...T) *TickQuestion[T] { q.ticked = q.known(values); return q }

// Default are the choices when nothing was said; it is then only asked to change them, and none is an answer too.
func (q *TickQuestion[T]) Default(values ...T) *TickQuestion[T] {
	q.preset, q.ticked = true, q.known(values)
	return q
}

// Previous shows the choices that a change replaces.
func (q *TickQuestion[T]) Previous(old ...T) *TickQuestion[T] { q.old = Join(old); return q }

// Join is an answer to Several as it is kept.
func Join[T ~string](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, ",")
}

// An answer that begins with going is not all yet.
const (
	going = "+"
	all   = "."
)

// Name is the question's name.
func (q *TickQuestion[T]) Name() string { return q.name }

// known are the values that are choices, each once, in the choices' order.
func (q *TickQuestion[T]) known(values []T) []T {
	var list []T
	for _, c := range q.choices {
		if slices.Contains(values, c.Value) {
			list = append(list, c.Value)
		}
	}
	return list
}

// ticking is a question whose buttons show what was pressed so far.
type ticking interface{ recall(a Answer, said bool) }

// recall gives the buttons the ticks of the answer so far.
func (q *TickQuestion[T]) recall(a Answer, said bool) {
	if !said {
		return
	}
	var values []T
	for v := range strings.SplitSeq(strings.TrimPrefix(a.Text, going), ",") {
		values = append(values, T(v))
	}
	q.ticked = q.known(values)
}

func (q *TickQuestion[T]) fill(a Answer, said bool) (answerState, bool) {
	q.recall(a, said)
	if !q.preset && (!said || len(q.ticked) == 0) || strings.HasPrefix(a.Text, going) {
		return missing, false
	}
	*q.to = q.ticked
	return filled, true
}

// take reads a button: "+x" ticks x, "-x" takes the tick away, "." says that it is all. A second quick tap changes
// nothing.
func (q *TickQuestion[T]) take(e Event) (Answer, *store.Text, bool) {
	if e.Kind != Press {
		a, ok := q.mine(e)
		return a, nil, ok
	}
	if e.Text == all {
		return Answer{Name: q.name, Text: Join(q.ticked)}, nil, q.preset || len(q.ticked) > 0
	}
	v, on := strings.CutPrefix(e.Text, "+")
	if !on {
		v = strings.TrimPrefix(e.Text, "-")
	}
	if len(q.known([]T{T(v)})) == 0 || v == e.Text {
		return Answer{}, nil, false
	}
	left := slices.DeleteFunc(slices.Clone(q.ticked), func(t T) bool { return t == T(v) })
	if on {
		left = append(left, T(v))
	}
	return Answer{Name: q.name, Text: going + Join(q.known(left))}, nil, true
}

func (q *TickQuestion[T]) mine(e Event) (Answer, bool) {
	if q.dig == nil || e.Text == "" || e.Kind == Press {
		return Answer{}, false
	}
	found := q.known(q.dig(e.Text))
	return Answer{Name: q.name, Text: Join(found), Message: e.Message}, len(found) > 0
}

func (q *TickQuestion[T]) ask(form string, _ Answer, _ bool) Screen {
	s := Screen{Body: []store.Text{store.Say(form + "." + q.words)}}
	for i, c := range q.choices {
		b := store.Button{Text: c.Text, Data: "=+" + string(c.Value)}
		if slices.Contains(q.ticked, c.Value) {
			b.Data = "=-" + string(c.Value)
			b.Text = store.Say("form.tick", "What", c.Text.ID)
			maps.Copy(b.Text.Data, c.Text.Data)
		}
		if i%q.wide == 0 {
			s.Buttons = append(s.Buttons, nil)
		}
		last := len(s.Buttons) - 1
		s.Buttons[last] = append(s.Buttons[last], b)
	}
	if q.preset || len(q.ticked) > 0 {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("form.several"), Data: "=" + all}})
	}
	return s
}

func (q *TickQuestion[T]) label(form string) (store.Text, bool) {
	return labelled(form, q.words, Join(*q.to), q.old), true
}

func (q *TickQuestion[T]) changeable() bool { return true }
func (q *TickQuestion[T]) greedy() bool     { return false }
func (q *TickQuestion[T]) wording() string  { return q.words }
