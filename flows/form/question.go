package form

import (
	"cmp"
	"fmt"
	"strings"

	"pendamping/store"
)

// Question is one thing to ask. Its words follow its name: question amount of form receipt is receipt.amount, its line
// in the review receipt.amount.label, its button there receipt.amount.change, what is said when an answer was not
// understood receipt.amount.again.
type Question interface {
	// Name returns the question's name, which is its own within the form.
	Name() string
	// fill gives the stored answer to the draft, or the default when nothing was said; news tells that the draft is
	// another now.
	fill(a Answer, said bool) (st answerState, news bool)
	// take reads an event as the answer to this question; why is the reason when it can't be accepted.
	take(e Event) (a Answer, why *store.Text, ok bool)
	// mine looks for the answer in an event that was not meant for it.
	mine(e Event) (Answer, bool)
	ask(form string, a Answer, said bool) Screen
	// label is the line in the review; without one the question is not shown there.
	label(form string) (store.Text, bool)
	changeable() bool
	// wording is the name that its words have.
	wording() string
	// greedy questions take a whole message for themselves.
	greedy() bool
}

// answerState is how a question stands with its answer.
type answerState int

const (
	missing answerState = iota
	unclear             // several meanings: ask with buttons
	filled
)

// Typed is implemented by values whose plainest spelling is not what fmt prints.
type Typed interface {
	// Typed returns the value as one would type it to leave no doubt.
	Typed() string
}

// typed is what one would type to mean exactly this value; the question's parser reads it back as that one value.
func typed(v any) string {
	if t, ok := v.(Typed); ok {
		return t.Typed()
	}
	return fmt.Sprint(v)
}

// AskQuestion is a question answered in words.
type AskQuestion[T comparable] struct {
	name    string
	words   string
	to      *T
	parse   func(string) []T
	dig     func(string) []T
	refuse  func(T) *store.Text
	unsure  func(string) bool
	options []Choice[T]
	preset  *T
	old     string
	quiet   bool
	whole   bool
	sends   bool
	data    []string // of the question's words: names and values
	asks    string   // the id of what it asks, where that is not form.words
	beside  *Answer  // what a button below its choices answers instead: another question
	button  store.Text
}

// Ask asks for a value in words. A parser that finds several meanings makes the engine ask with buttons, whose words
// are the id form.name.choice.
func Ask[T comparable](name string, to *T, parse func(string) []T) *AskQuestion[T] {
	return &AskQuestion[T]{name: name, words: name, to: to, parse: parse}
}

// As takes the question's words from another name, for questions that come several times.
func (q *AskQuestion[T]) As(words string) *AskQuestion[T] { q.words = words; return q }

// Extract says how to find the answer in a message that was not meant for this question.
func (q *AskQuestion[T]) Extract(dig func(string) []T) *AskQuestion[T] { q.dig = dig; return q }

// Refuse names the reason why a value that was understood can't be taken.
func (q *AskQuestion[T]) Refuse(why func(T) *store.Text) *AskQuestion[T] { q.refuse = why; return q }

// Unsure marks words that were understood but want a confirming tap ("sekitar 500rb").
func (q *AskQuestion[T]) Unsure(is func(string) bool) *AskQuestion[T] { q.unsure = is; return q }

// Offer shows likely answers as buttons.
func (q *AskQuestion[T]) Offer(options ...Choice[T]) *AskQuestion[T] { q.options = options; return q }

// Worded asks with the sentence of that id, where the usual one does not fit what is known; everything else stays.
func (q *AskQuestion[T]) Worded(id string) *AskQuestion[T] { q.asks = id; return q }

// Or shows a button below the choices that gives another question its answer.
func (q *AskQuestion[T]) Or(button store.Text, question, answer string) *AskQuestion[T] {
	q.button, q.beside = button, &Answer{Name: question, Text: answer}
	return q
}

// Default fills the value when nothing was said; the question is then only asked to change it.
func (q *AskQuestion[T]) Default(v T) *AskQuestion[T] { q.preset = &v; return q }

// Previous shows the value that a change replaces.
func (q *AskQuestion[T]) Previous(old string) *AskQuestion[T] { q.old = old; return q }

// Quiet keeps the line out of the review while the value is empty.
func (q *AskQuestion[T]) Quiet() *AskQuestion[T] { q.quiet = true; return q }

// Exclusive takes a message whole: other questions don't look into it.
func (q *AskQuestion[T]) Exclusive() *AskQuestion[T] { q.whole = true; return q }

// Submits makes its answer confirm everything: what is asked last, before something great.
func (q *AskQuestion[T]) Submits() *AskQuestion[T] { q.sends = true; return q }

// With gives data to the question's words, and to its line in the review.
func (q *AskQuestion[T]) With(pairs ...string) *AskQuestion[T] { q.data = pairs; return q }

func (q *AskQuestion[T]) ends() bool { return q.sends }

// worded is a question whose sentence depends on what is known.
type worded interface{ asking() string }

func (q *AskQuestion[T]) asking() string { return q.asks }

// Name is the question's name.
func (q *AskQuestion[T]) Name() string { return q.name }

func (q *AskQuestion[T]) fill(a Answer, said bool) (answerState, bool) {
	if !said {
		if q.preset == nil {
			return missing, false
		}
		return filled, put(q.to, *q.preset)
	}
	found := q.meanings(a.Text)
	switch {
	case len(found) == 0, len(found) == 1 && q.refused(found[0]) != nil:
		return missing, false
	case len(found) > 1, q.unsure != nil && q.unsure(a.Text):
		return unclear, false
	}
	return filled, put(q.to, found[0])
}

// put gives a value to the draft and tells whether that is another than it had.
func put[T comparable](to *T, v T) bool {
	news := *to != v
	*to = v
	return news
}

// or joins the meanings of words found in a message that was not meant for this question.
const or = "\x1f"

// meanings are the values that a stored answer may stand for.
func (q *AskQuestion[T]) meanings(text string) []T {
	var found []T
	for part := range strings.SplitSeq(text, or) {
		found = append(found, q.parse(part)...)
	}
	return found
}

func (q *AskQuestion[T]) refused(v T) *store.Text {
	if q.refuse == nil {
		return nil
	}
	return q.refuse(v)
}

func (q *AskQuestion[T]) take(e Event) (Answer, *store.Text, bool) {
	a := Answer{Name: q.name, Text: strings.TrimSpace(e.Text), Message: e.Message}
	if (e.Kind != Words && e.Kind != Press) || a.Text == "" {
		return a, nil, false
	}
	if e.Kind == Press {
		a.Message = 0
		if q.beside != nil && a.Text == q.beside.Name {
			return *q.beside, nil, true
		}
	}
	found := q.parse(a.Text)
	if len(found) == 1 {
		return a, q.refused(found[0]), true
	}
	return a, nil, len(found) > 1
}

func (q *AskQuestion[T]) mine(e Event) (Answer, bool) {
	if q.dig == nil || e.Text == "" || e.Kind == Press {
		return Answer{}, false
	}
	found := q.dig(e.Text)
	a := Answer{Name: q.name, Message: e.Message}
	switch {
	case len(found) == 0:
		return a, false
	case len(found) == 1 && q.refused(found[0]) != nil:
		return a, false
	case len(found) == 1 && q.unsure != nil && q.unsure(e.Text):
		a.Text = typed(found[0]) + " ?" // what is said to be uncertain is, wherever it was found
	case len(found) == 1:
		a.Text = typed(found[0])
	default:
		words := make([]string, len(found))
		for i, v := range found {
			words[i] = typed(v)
		}
		a.Text = strings.Join(words, or)
	}
	return a, true
}

func (q *AskQuestion[T]) ask(form string, a Answer, said bool) Screen {
	s := Screen{Body: []store.Text{store.Say(cmp.Or(q.asks, form+"."+q.words), q.data...)}}
	options := q.options
	if said {
		found := q.meanings(a.Text)
		if len(found) == 1 && q.refused(found[0]) != nil { // what was said since leaves no room for it
			s.Body = append([]store.Text{*q.refused(found[0])}, s.Body...)
			found = nil
		}
		if len(found) > 0 {
			options = nil
			for _, v := range found {
				options = append(options, Choice[T]{
					Value: v, Text: store.Say(form+"."+q.words+".choice", "Value", fmt.Sprint(v)),
				})
			}
			s.Body = []store.Text{store.Say(form+"."+q.words+".which", "Said", a.Text)}
		}
	}
	for _, o := range options {
		s.Buttons = append(s.Buttons, []store.Button{{Text: o.Text, Data: "=" + typed(o.Value)}})
	}
	if q.beside != nil {
		s.Buttons = append(s.Buttons, []store.Button{{Text: q.button, Data: "=" + q.beside.Name}})
	}
	return s
}

func (q *AskQuestion[T]) label(form string) (store.Text, bool) {
	var zero T
	if q.quiet && *q.to == zero && q.old == "" {
		return store.Text{}, false
	}
	t := labelled(form, q.words, fmt.Sprint(*q.to), q.old)
	for i := 0; i+1 < len(q.data); i += 2 {
		t.Data[q.data[i]] = q.data[i+1]
	}
	return t, true
}

// labelled is a line of the review; Old stands beside it when a change replaces something.
func labelled(form, name, value, old string) store.Text {
	t := store.Say(form+"."+name+".label", "Value", value)
	if old != "" && old != value {
		t.Data["Old"] = old
	}
	return t
}

func (q *AskQuestion[T]) changeable() bool { return !q.sends }
func (q *AskQuestion[T]) greedy() bool     { return q.whole }

func (q *AskQuestion[T]) wording() string { return q.words }

// Text reads any words, in one line and without spaces around them; a message of more than 500 letters is no answer.
func Text(text string) []string {
	words := strings.Join(strings.Fields(text), " ")
	if words == "" || len([]rune(words)) > 500 {
		return nil
	}
	return []string{words}
}

// mostProse is how many letters Prose takes: a message has 4,096, and the review says more than the words.
const mostProse = 3000

// Prose reads words in paragraphs, each in one line, with an empty line between them; more than 3,000 letters are no
// answer.
func Prose(text string) []string {
	var paragraphs []string
	for line := range strings.Lines(text) {
		if words := strings.Join(strings.Fields(line), " "); words != "" {
			paragraphs = append(paragraphs, words)
		}
	}
	prose := strings.Join(paragraphs, "\n\n")
	if prose == "" || len([]rune(prose)) > mostProse {
		return nil
	}
	return []string{prose}
}
