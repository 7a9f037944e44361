// Package form asks for one thing at a time. A conversation is a form: a function from what is known to what to ask.
// The engine keeps only what the person said; the next question, the review, back, change, cancel, later, a restart and
// a deploy are worked out from that, once, for every conversation.
package form

import (
	"context"
	"fmt"
	"slices"

	"pendamping/store"
)

// Screen is what to show: lines, buttons in rows, and possibly pictures above them. Inside a form a button's Data is
// the bare value; flows adds which question on which screen it belongs to.
type Screen struct {
	Body    []store.Text
	Buttons [][]store.Button
	Key     string          // of the message, by which its id is found later
	ReplyTo int             // the person's message that a new one answers
	Ahead   []store.Message // said before this one as they are
	Above   [][]store.Shown // albums, each a message of its own before this one
	Files   []store.Shown   // several make an album, which has no buttons
	Tell    []store.Message // to other people
}

// Outcome is what an event did to a conversation.
type Outcome int

// The outcomes.
const (
	Ignored   Outcome = iota // no question could use it
	Going                    // it goes on: Ask tells with what
	Finished                 // it was submitted; Screen is the result
	Cancelled                // it was given up; Screen says so
	Parked                   // it was put aside for later; Screen says so
)

// Step is the state after an event, and what to say: Say before the next question, or Screen at the end.
type Step struct {
	State        State
	Outcome      Outcome
	SameQuestion bool // the question is the one that was asked, with other ticks: all buttons on the screen hold
	Say          []store.Text
	Screen       Screen
	Brief        bool            // the question is asked again without what was shown ahead of it
	Tell         []store.Message // besides
	// words say something else than was said before, and not clearly so: it may be meant for another
	Over bool
}

// Fixable is why a submit failed when a person can mend it. The conversation returns to the review, or to Question when
// it is named, with Why.
type Fixable struct {
	Question string
	Why      store.Text
}

// Error makes Fixable an error.
func (m Fixable) Error() string { return "to be mended: " + m.Why.ID }

// Form is a conversation.
type Form interface {
	// Begin is the state at the start, with what is known already.
	Begin(form, about string) State
	// Ask is the question to show now.
	Ask(State) (Screen, error)
	// Take gives an event to the conversation.
	Take(context.Context, State, Event) (Step, error)
	// Offer lets every question look for its answer in an event, as when a conversation begins with a caption.
	Offer(State, Event) (State, error)
	// Said tells whether anything was said since it began.
	Said(State) bool
	// News are the review's lines of what one state has been told and another had not.
	News(before, now State) ([]store.Text, error)
	// Park puts the conversation aside.
	Park(context.Context, State) (Screen, error)
	// Cancel gives it up.
	Cancel(context.Context, State) (Screen, error)
}

// Of is a form whose answers make a T.
type Of[T any] struct {
	name      string
	questions func(*T) ([]Question, error)
	submit    func(context.Context, T, State) (Screen, error)
	cancel    func(context.Context, State) (Screen, error)
	park      func(context.Context, State) (Screen, error)
	known     []Answer
	asked     string
	also      func(context.Context, T, string) (Step, bool, error)
}

// New makes a form. questions lists what there is to ask, given what is known; submit keeps the whole T. Whatever is
// asked of the form fails with the error of questions, so a question is never built on records that could not be read.
func New[T any](
	name string, questions func(*T) ([]Question, error), submit func(context.Context, T, State) (Screen, error),
) *Of[T] {
	return &Of[T]{name: name, questions: questions, submit: submit}
}

// OnCancel says what giving up does, and says, beyond forgetting.
func (f *Of[T]) OnCancel(do func(context.Context, State) (Screen, error)) *Of[T] {
	f.cancel = do
	return f
}

// OnPark offers "later" and says how the conversation is kept until then.
func (f *Of[T]) OnPark(do func(context.Context, State) (Screen, error)) *Of[T] {
	f.park = do
	return f
}

// Also says what a button of the review means that is none of the engine's; its step goes on with the review.
func (f *Of[T]) Also(do func(ctx context.Context, draft T, press string) (Step, bool, error)) *Of[T] {
	f.also = do
	return f
}

// Knowing begins with answers given before: of a draft that was put aside, or of the record to change. asked is a
// question to ask first, "" for the first gap.
func (f *Of[T]) Knowing(known []Answer, asked string) *Of[T] {
	f.known, f.asked = known, asked
	return f
}

// Begin is the state at the start.
func (f *Of[T]) Begin(form, about string) State {
	return State{Form: form, About: about, Answers: slices.Clone(f.known), Asked: f.asked}
}

// reading is a state seen through the form: the draft, its questions, and how each stands.
type reading[T any] struct {
	draft     *T
	questions []Question
	standing  map[string]answerState
}

// read makes an empty draft and gives the questions their answers one at a time, in order, asking for the list anew
// after each that changes the draft: a question that appears because of an answer is filled in its turn.
func (f *Of[T]) read(s State) (reading[T], error) {
	r := reading[T]{draft: new(T), standing: make(map[string]answerState, 16)}
	for changed := true; changed; {
		changed = false
		var err error
		if r.questions, err = f.questions(r.draft); err != nil {
			return r, fmt.Errorf("questions of %s: %w", f.name, err)
		}
		for _, q := range r.questions {
			if _, seen := r.standing[q.Name()]; seen {
				continue
			}
			a, said := s.Answer(q.Name())
			if r.standing[q.Name()], changed = q.fill(a, said); changed {
				break // the draft is another, and so may be what there is to ask
			}
		}
	}
	return r, nil
}

// next is the question to ask: the one asked out of turn, else the first without a good answer; the review is last and
// never filled.
func (r reading[T]) next(s State) Question {
	for _, q := range r.questions {
		if q.Name() == s.Asked && q.Name() != reviewing { // the review comes last, whoever asks for it
			return q
		}
	}
	for _, q := range r.questions {
		if r.standing[q.Name()] != filled {
			return q
		}
	}
	return nil
}

// inHand is next with the ticks that its buttons have.
func (r reading[T]) inHand(s State) Question {
	q := r.next(s)
	if t, ok := q.(ticking); ok {
		a, said := s.Answer(q.Name())
		t.recall(a, said)
	}
	return q
}

// Ask is the question to show now.
func (f *Of[T]) Ask(s State) (Screen, error) {
	r, err := f.read(s)
	if err != nil {
		return Screen{}, err
	}
	q := r.inHand(s)
	if q == nil {
		return Screen{}, nil
	}
	if list := f.doubted(r, s); len(list) > 0 {
		return f.wonder(r, s, list)
	}
	a, said := s.Answer(q.Name())
	if s.Asked == q.Name() && r.standing[q.Name()] == filled {
		said = false // asked anew: the old answer gives no choices
	}
	screen := q.ask(f.name, a, said)
	if rv, ok := q.(review); ok {
		screen = rv.show(f.name, r.questions, r.standing)
		if s.Asked == changing {
			screen.Buttons, screen.Ahead = rv.changes(f.name, r.questions, r.standing), nil
		}
	}
	screen.Buttons = append(screen.Buttons, f.ways(s, q))
	return screen, nil
}

// News are the review's lines of the answers that came or changed between two states.
func (f *Of[T]) News(before, now State) (lines []store.Text, err error) {
	r, err := f.read(now)
	if err != nil {
		return nil, err
	}
	for _, q := range r.questions {
		a, said := now.Answer(q.Name())
		b, had := before.Answer(q.Name())
		if !said || had && same(a, b) || r.standing[q.Name()] != filled {
			continue
		}
		if line, ok := q.label(f.name); ok {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// ways are the buttons below every question: back, later, cancel.
func (f *Of[T]) ways(s State, q Question) []store.Button {
	var row []store.Button
	if s.Asked != "" || (len(s.Answers) > 0 && q.Name() != reviewing) {
		row = append(row, store.Button{Text: store.Say("form.back"), Data: Back})
	}
	if f.park != nil {
		row = append(row, store.Button{Text: store.Say("form.later"), Data: Later})
	}
	return append(row, store.Button{Text: store.Say("form.cancel"), Data: Cancel})
}
