package form

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pendamping/store"
)

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
	r, err := f.read(s)
	if err != nil {
		return Step{}, err
	}
	q := r.next(s)
	if q == nil {
		return Step{State: s}, nil
	}
	wondering := e.Kind == Words && len(f.doubted(r, s)) > 0
	a, why, ok := Answer{}, (*store.Text)(nil), false
	if !wondering { // words answer what is on the screen
		a, why, ok = q.take(e)
	}
	switch {
	case ok && why != nil:
		return Step{State: s, Outcome: Going, Say: []store.Text{*why}}, nil
	case ok:
		s = s.put(a)
		s.Asked = ""
		if !q.greedy() {
			if s, _, err = f.mine(s, e, false); err != nil {
				return Step{}, err
			}
		}
		if a, is := q.(ending); is && a.ends() {
			if r, err = f.read(s); err != nil {
				return Step{}, err
			}
			return f.send(ctx, s, *r.draft)
		}
		return Step{State: s, Outcome: Going}, nil
	}
	clear, said := false, e.Kind == Words || e.Kind == Caption
	if said {
		clear, e.Text = amends(e)
	}
	t, names, err := f.mine(s, e, true)
	if err != nil {
		return Step{}, err
	}
	if said && (wondering && len(names) > 0 || !slices.EqualFunc(t.Answers, s.Answers, same)) {
		return f.over(r, s, t, names, clear, q.Name() == reviewing)
	}
	if !slices.EqualFunc(t.Answers, s.Answers, same) {
		t.Asked = ""
		return Step{State: t, Outcome: Going}, nil
	}
	if e.Kind == Words && q.Name() != reviewing && !wondering {
		return Step{State: s, Outcome: Going, Say: []store.Text{store.Say(f.name + "." + q.wording() + ".again")}}, nil
	}
	return Step{State: s}, nil
}

// ending is a question whose answer also confirms everything.
type ending interface{ ends() bool }

func same(a, b Answer) bool {
	return a.Name == b.Name && a.Text == b.Text && len(a.Files) == len(b.Files)
}

// mine offers an event to the questions it was not meant for, and names those that took it. Answered ones are offered
// it only when over is set.
func (f *Of[T]) mine(s State, e Event, over bool) (_ State, names []string, err error) {
	tried := map[string]bool{}
	for found := true; found; {
		found = false
		r, err := f.read(s)
		if err != nil {
			return s, nil, err
		}
		for _, q := range r.questions {
			if tried[q.Name()] {
				continue
			}
			tried[q.Name()] = true
			if _, said := s.Answer(q.Name()); said && !over {
				continue
			}
			if a, ok := q.mine(e); ok {
				s, names, found = s.put(a), append(names, q.Name()), true
				break // what there is to ask may be another now
			}
		}
	}
	return s, names, nil
}

// Offer lets every question look for its answer in an event.
func (f *Of[T]) Offer(s State, e Event) (State, error) {
	s, _, err := f.mine(s, e, false)
	return s, err
}

func (f *Of[T]) press(ctx context.Context, s State, e Event) (Step, error) {
	r, err := f.read(s)
	if err != nil {
		return Step{}, err
	}
	q := r.inHand(s)
	asking := Step{State: s, Outcome: Going}
	if list := f.doubted(r, s); len(list) > 0 {
		if step, done := decide(s, list, e); done {
			return step, nil
		}
	}
	switch what, name, _ := strings.Cut(e.Press, ":"); what {
	case Back:
		if s.Asked != "" {
			asking.State.Asked = ""
		} else if asking.State, err = f.before(s, q); err != nil {
			return Step{}, err
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
		if name != "" && name != reviewing {
			asking.State.Asked = name
		}
		return asking, nil
	case Confirm:
		if q == nil || q.Name() != reviewing {
			return asking, nil // something is still to be asked
		}
		return f.send(ctx, s, *r.draft)
	}
	if f.also != nil && q != nil && q.Name() == reviewing {
		if step, ok, err := f.also(ctx, *r.draft, e.Press); ok || err != nil {
			step.State, step.Outcome = s, Going
			return step, err
		}
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
		if _, ticks := q.(ticking); ticks {
			if r, err = f.read(asking.State); err != nil {
				return Step{}, err
			}
			now := r.next(asking.State)
			asking.SameQuestion = now != nil && now.Name() == q.Name()
		}
	}
	return asking, nil
}

// before is the state one question back: one message may have answered several, so answers are taken away from the last
// on until another question is the next one.
func (f *Of[T]) before(s State, q Question) (State, error) {
	for n := len(s.Answers); n > 0; n = len(s.Answers) {
		dropped := s.Answers[n-1].Name
		s = s.drop(dropped)
		r, err := f.read(s)
		if err != nil {
			return s, err
		}
		next := r.next(s)
		if next == nil || q == nil || next.Name() != q.Name() || dropped == q.Name() || asks(next) != asks(q) {
			break
		}
	}
	return s, nil
}

// asks is the sentence of its own that a question has at the moment, "" for its usual one.
func asks(q Question) string {
	if w, ok := q.(worded); ok {
		return w.asking()
	}
	return ""
}

// send submits; what a person can mend brings them back to the review with the reason.
func (f *Of[T]) send(ctx context.Context, s State, draft T) (Step, error) {
	screen, err := f.submit(ctx, draft, s)
	var mend Fixable
	if errors.As(err, &mend) {
		s.Asked = mend.Question
		return Step{State: s, Outcome: Going, Say: []store.Text{mend.Why}}, nil
	}
	return Step{Outcome: Finished, Screen: screen}, err
}

// Said tells whether anything was said since the conversation began.
func (f *Of[T]) Said(s State) bool {
	return !slices.EqualFunc(s.Answers, f.Begin(s.Form, s.About).Answers, same)
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
