// Package form asks for one thing at a time. A conversation is a form: a function from what is known to what to ask. The
// engine keeps only what the person said; the next question, the review, back, change, cancel, later, a restart and a deploy
// are worked out from that, once, for every conversation.
package form

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pendamping/store"
)

// Event is something a person did in a chat.
type Event struct {
	Update  int64
	Account int64 // who
	Chat    int64 // where; the account's own id in private
	Message int   // theirs, or the one whose button was pressed
	Kind    EventKind
	Text    string // words, caption, or a command with its arguments
	Press   string // what the button means
	Files   []store.File
	Album   string
	Edited  bool   // their message was changed after it was sent
	Card    string // of the message it replies to: what the first of its buttons means
	Place   *Place
}

// Place is a point on the map, in degrees.
type Place struct{ Latitude, Longitude float64 }

// EventKind tells what sort of message it was.
type EventKind string

// The kinds of events.
const (
	Words    EventKind = "text"
	Press    EventKind = "press"
	Picture  EventKind = "photo"
	Document EventKind = "document"
	Voice    EventKind = "voice"
	Location EventKind = "location"
	Sticker  EventKind = "sticker"
	Contact  EventKind = "contact"
	Other    EventKind = "other"
)

// State is a conversation in progress: which form, about which record, and what the person said. The draft is never stored.
type State struct {
	Form    string   `json:"form,omitempty"`
	About   string   `json:"about,omitempty"`
	Asked   string   `json:"asked,omitempty"` // a question asked out of turn, to change its answer
	Answers []Answer `json:"answers,omitempty"`
}

// Answer is what a person said to a question, in their words or as a button's value.
type Answer struct {
	Name    string       `json:"name"`
	Text    string       `json:"text,omitempty"`
	Files   []store.File `json:"files,omitempty"`
	Message int          `json:"message,omitempty"` // which of their messages said it
}

// Answer finds what was said to a question.
func (s State) Answer(name string) (Answer, bool) {
	for _, a := range s.Answers {
		if a.Name == name {
			return a, true
		}
	}
	return Answer{}, false
}

// put keeps an answer; the newest is last, so that back finds it.
func (s State) put(a Answer) State {
	s = s.drop(a.Name)
	s.Answers = append(s.Answers, a)
	return s
}

func (s State) drop(name string) State {
	kept := make([]Answer, 0, len(s.Answers)+1)
	for _, a := range s.Answers {
		if a.Name != name {
			kept = append(kept, a)
		}
	}
	s.Answers = kept
	return s
}

// Screen is what to show: lines, buttons in rows, and possibly a picture above them. Inside a form a button's Data is the
// bare value; flows adds which question on which screen it belongs to.
type Screen struct {
	Body    []store.Text
	Buttons [][]store.Button
	File    string
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
	State   State
	Outcome Outcome
	Say     []store.Text
	Screen  Screen
}

// Mend is why a submit failed when a person can mend it. The conversation returns to the review, or to Question when it is
// named, with Why.
type Mend struct {
	Question string
	Why      store.Text
}

// Error makes Mend an error.
func (m Mend) Error() string { return "to be mended: " + m.Why.ID }

// Form is a conversation.
type Form interface {
	// Begin is the state at the start, with what is known already.
	Begin(form, about string) State
	// Ask is the question to show now.
	Ask(State) Screen
	// Take gives an event to the conversation.
	Take(context.Context, State, Event) (Step, error)
	// Offer lets every question look for its answer in an event, as when a conversation begins with a caption.
	Offer(State, Event) State
	// Park puts the conversation aside.
	Park(context.Context, State) (Screen, error)
	// Cancel gives it up.
	Cancel(context.Context, State) (Screen, error)
}

// Of is a form whose answers make a T.
type Of[T any] struct {
	name      string
	questions func(*T) []Question
	submit    func(context.Context, T, State) (Screen, error)
	cancel    func(context.Context, State) (Screen, error)
	park      func(context.Context, State) (Screen, error)
	known     []Answer
	asked     string
}

// New makes a form. questions lists what there is to ask, given what is known; submit keeps the whole T.
func New[T any](name string, questions func(*T) []Question, submit func(context.Context, T, State) (Screen, error)) *Of[T] {
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

// Knowing begins with answers given before: of a draft that was put aside, or of the record to change. asked is a question
// to ask first, "" for the first gap.
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
	standing  map[string]standing
}

// read makes an empty draft and gives the questions their answers one at a time, in order, asking for the list anew after
// each: a question that appears because of an answer is filled in its turn.
func (f *Of[T]) read(s State) reading[T] {
	r := reading[T]{draft: new(T), standing: make(map[string]standing, 16)}
	for changed := true; changed; {
		changed = false
		r.questions = f.questions(r.draft)
		for _, q := range r.questions {
			if _, seen := r.standing[q.Name()]; seen {
				continue
			}
			a, said := s.Answer(q.Name())
			st := q.fill(a, said)
			r.standing[q.Name()] = st
			if changed = st == filled; changed {
				break // the draft is another, and so may be what there is to ask
			}
		}
	}
	return r
}

// next is the question to ask: the one asked out of turn, else the first without a good answer; the review is last and
// never filled.
func (r reading[T]) next(s State) Question {
	for _, q := range r.questions {
		if q.Name() == s.Asked {
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

// Ask is the question to show now.
func (f *Of[T]) Ask(s State) Screen {
	r := f.read(s)
	q := r.next(s)
	if q == nil {
		return Screen{}
	}
	a, said := s.Answer(q.Name())
	if s.Asked == q.Name() && r.standing[q.Name()] == filled {
		said = false // asked anew: the old answer gives no choices
	}
	screen := q.ask(f.name, a, said)
	if rv, ok := q.(review); ok {
		screen = rv.show(f.name, r.questions, r.standing)
		if s.Asked == changing {
			screen.Buttons = rv.changes(f.name, r.questions, r.standing)
		}
	}
	screen.Buttons = append(screen.Buttons, f.ways(s, q))
	return screen
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

// What the engine's own buttons mean. A question's buttons carry "=" and a value.
const (
	Confirm = "ok"
	Back    = "back"
	Cancel  = "cancel"
	Later   = "later"
	Change  = "change" // alone: which?; "change:amount": that one
)

const changing = Change

// Take gives an event to the conversation.
func (f *Of[T]) Take(ctx context.Context, s State, e Event) (Step, error) {
	if e.Kind == Press {
		return f.press(ctx, s, e)
	}
	r := f.read(s)
	q := r.next(s)
	if q == nil {
		return Step{State: s}, nil
	}
	a, why, ok := q.take(e)
	switch {
	case ok && why != nil:
		return Step{State: s, Outcome: Going, Say: []store.Text{*why}}, nil
	case ok:
		s = s.put(a)
		s.Asked = ""
		if !q.greedy() {
			s = f.mine(s, e, false)
		}
		return Step{State: s, Outcome: Going}, nil
	}
	if t := f.mine(s, e, true); !slices.EqualFunc(t.Answers, s.Answers, same) {
		t.Asked = ""
		return Step{State: t, Outcome: Going}, nil
	}
	if e.Kind == Words && q.Name() != reviewing {
		return Step{State: s, Outcome: Going, Say: []store.Text{store.Say(f.name + "." + q.wording() + ".again")}}, nil
	}
	return Step{State: s}, nil
}

func same(a, b Answer) bool {
	return a.Name == b.Name && a.Text == b.Text && len(a.Files) == len(b.Files)
}

// mine offers an event to the questions it was not meant for. Answered ones are offered it only when over is set.
func (f *Of[T]) mine(s State, e Event, over bool) State {
	tried := map[string]bool{}
	for found := true; found; {
		found = false
		for _, q := range f.read(s).questions {
			if tried[q.Name()] {
				continue
			}
			tried[q.Name()] = true
			if _, said := s.Answer(q.Name()); said && !over {
				continue
			}
			if a, ok := q.mine(e); ok {
				s, found = s.put(a), true
				break // what there is to ask may be another now
			}
		}
	}
	return s
}

// Offer lets every question look for its answer in an event.
func (f *Of[T]) Offer(s State, e Event) State { return f.mine(s, e, false) }

func (f *Of[T]) press(ctx context.Context, s State, e Event) (Step, error) {
	r := f.read(s)
	q := r.next(s)
	asking := Step{State: s, Outcome: Going}
	switch what, name, _ := strings.Cut(e.Press, ":"); what {
	case Back:
		if s.Asked != "" {
			asking.State.Asked = ""
		} else if n := len(s.Answers); n > 0 {
			asking.State = s.drop(s.Answers[n-1].Name)
		}
		return asking, nil
	case Later:
		if f.park == nil {
			return Step{State: s}, nil
		}
		screen, err := f.park(ctx, s)
		return Step{Outcome: Parked, Screen: screen}, err
	case Cancel:
		screen, err := f.Cancel(ctx, s)
		return Step{Outcome: Cancelled, Screen: screen}, err
	case Change:
		asking.State.Asked = changing
		if name != "" {
			asking.State.Asked = name
		}
		return asking, nil
	case Confirm:
		if q == nil || q.Name() != reviewing {
			return asking, nil // something is still to be asked
		}
		return f.send(ctx, s, *r.draft)
	}
	value, ok := strings.CutPrefix(e.Press, "=")
	if !ok || q == nil {
		return Step{State: s}, nil
	}
	e.Kind, e.Text = Press, value
	a, why, ok := q.take(e)
	if why != nil {
		asking.Say = []store.Text{*why}
	} else if ok {
		asking.State = s.put(a)
		asking.State.Asked = ""
	}
	return asking, nil
}

// send submits; what a person can mend brings them back to the review with the reason.
func (f *Of[T]) send(ctx context.Context, s State, draft T) (Step, error) {
	screen, err := f.submit(ctx, draft, s)
	var mend Mend
	if errors.As(err, &mend) {
		s.Asked = mend.Question
		return Step{State: s, Outcome: Going, Say: []store.Text{mend.Why}}, nil
	}
	return Step{Outcome: Finished, Screen: screen}, err
}

// Park puts the conversation aside; without a place to keep it, it is forgotten.
func (f *Of[T]) Park(ctx context.Context, s State) (Screen, error) {
	if f.park == nil {
		return Screen{}, nil
	}
	return f.park(ctx, s)
}

// Cancel gives the conversation up.
func (f *Of[T]) Cancel(ctx context.Context, s State) (Screen, error) {
	if f.cancel == nil {
		return Screen{Body: []store.Text{store.Say(f.name + ".cancelled")}}, nil
	}
	return f.cancel(ctx, s)
}
