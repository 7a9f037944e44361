package form_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"pendamping/flows/form"
	"pendamping/store"
)

// TestWalk leads 20,000 conversations (a twentieth of them without PENDAMPING_FULL) with forms made at random. Between
// any two lines the state may go through JSON (a restart) and the form may become another version of itself (a deploy).
// After each line the engine must ask what the model beside it expects, and what is submitted must be complete, valid
// under the version of that moment, and what the person said last. Whatever happened, somebody who answers what is
// asked comes to the end.
//
// PENDAMPING_SEED chooses another walk.
func TestWalk(t *testing.T) {
	seed := uint64(1)
	if given, err := strconv.ParseUint(os.Getenv("PENDAMPING_SEED"), 10, 64); err == nil {
		seed = given
	}
	conversations := 1_000
	if os.Getenv("PENDAMPING_FULL") != "" {
		conversations = 20_000
	}
	var sum tally
	for n := range uint64(conversations) {
		w := &walk{Rand: rand.New(rand.NewPCG(seed, n)), t: t, tally: &sum}
		w.converse()
		if t.Failed() {
			for _, step := range w.steps {
				t.Logf(step.format, step.args...)
			}
			t.Fatalf("seed %d, conversation %d", seed, n)
		}
	}
	t.Logf("seed %d: %d conversations, %+v", seed, conversations, sum)
	if sum.Sent < conversations*3/4 || sum.Deploys < conversations/2 || sum.Restarts < conversations/2 ||
		sum.Mended == 0 {
		t.Errorf("too little happened: %+v", sum)
	}
}

// tally counts what happened.
type tally struct{ Lines, Restarts, Deploys, Mended, Sent, Cancelled, Parked int }

// walk is one conversation on its way.
type walk struct {
	*rand.Rand
	*tally
	t     *testing.T
	v     version
	m     model
	state form.State
	steps []step

	draft map[string]string // what was submitted
	fault *form.Fixable     // what the next submit fails with
}

// step is put into words only when the walk has failed.
type step struct {
	format string
	args   []any
}

func (w *walk) logf(format string, args ...any) { w.steps = append(w.steps, step{format, args}) }

func (w *walk) failf(format string, args ...any) {
	w.logf("FAILED: "+format, args...)
	w.t.Errorf(format, args...)
}

func (w *walk) chance(percent int) bool { return w.IntN(100) < percent }

// form is the version of now.
func (w *walk) form() form.Form {
	f := w.v.form(func(draft map[string]string) (form.Screen, error) {
		w.draft = draft
		if w.fault != nil {
			why := *w.fault
			return form.Screen{}, fmt.Errorf("submit: %w", why)
		}
		return form.Screen{Body: []store.Text{store.Say("f.done")}}, nil
	})
	return f
}

func (w *walk) converse() {
	w.v = w.newVersion()
	w.logf("begins with %v", w.v)
	w.state = w.form().Begin("f", "7")
	if !w.asks() {
		return
	}
	for range w.IntN(30) {
		if w.chance(15) {
			w.restart()
		}
		if w.chance(12) {
			w.deploy()
			if !w.asks() {
				return
			}
		}
		if w.line(w.anything()) {
			return
		}
	}
	// From here on the person only answers what is asked.
	for range 4*len(w.v.fields) + 8 {
		if w.chance(10) {
			w.restart()
		}
		if w.line(w.willing()) {
			return
		}
	}
	w.failf("who answers what is asked does not come to the end")
}

func (w *walk) restart() {
	b, err := json.Marshal(w.state)
	if err != nil {
		w.failf("the state can't be kept: %v", err)
		return
	}
	w.state = form.State{}
	if err := json.Unmarshal(b, &w.state); err != nil {
		w.failf("the state can't be read: %v", err)
	}
	w.Restarts++
	w.logf("restart")
}

func (w *walk) deploy() {
	w.mutate()
	w.Deploys++
	w.logf("deploy of %v", w.v)
}

// asks compares the question on the screen with the one that the model expects.
func (w *walk) asks() bool {
	want := w.m.next(w.v)
	if got := shows(ask(w.t, w.form(), w.state)); got != want {
		w.failf("asks %q, want %q; state %+v", got, want, w.state)
		return false
	}
	return true
}

// shows is the name of the question on a screen.
func shows(s form.Screen) string {
	if len(s.Body) == 0 {
		return ""
	}
	id := strings.TrimPrefix(s.Body[len(s.Body)-1].ID, "f.")
	return strings.TrimSuffix(id, ".which")
}

// line gives an event to the form and the model; over means that the conversation has ended, or failed.
func (w *walk) line(e form.Event) (over bool) {
	w.Lines++
	asked := w.m.next(w.v)
	w.logf("asked %s: %s %q %q", asked, e.Kind, e.Text, e.Press)
	w.draft, w.fault = nil, nil
	if e.Press == form.Confirm && w.chance(20) {
		w.fault = &form.Fixable{Why: store.Say("f.mend")}
		if w.chance(60) && len(w.v.fields) > 0 {
			w.fault.Question = w.v.fields[w.IntN(len(w.v.fields))].name
		}
	}
	next, err := w.form().Take(context.Background(), w.state, e)
	if err != nil {
		w.failf("%v", err)
		return true
	}
	w.state = next.State
	if w.draft != nil {
		w.sent(asked)
	}
	switch next.Outcome {
	case form.Finished:
		w.Sent++
		if w.draft == nil || w.fault != nil {
			w.failf("finished without a submit that worked")
		}
		return true
	case form.Cancelled:
		w.Cancelled++
		return true
	case form.Parked:
		w.Parked++
		return true
	}
	if w.fault != nil && w.draft != nil {
		w.Mended++
		w.m.asked = w.fault.Question
	} else if e.Press == form.Confirm && asked == "review" {
		w.failf("confirmed and not submitted")
	} else {
		w.m.take(w.v, asked, e)
	}
	return w.t.Failed() || !w.asks()
}

// sent compares a submitted draft with what the person said.
func (w *walk) sent(asked string) {
	if asked != "review" {
		w.failf("submitted while %s was asked", asked)
	}
	for _, f := range w.v.fields {
		got, there := w.draft[f.name]
		want, standing := w.m.value(f)
		switch live := w.m.live(w.v, f); {
		case live != there:
			w.failf("%s: in the draft: %v, want %v", f.name, there, live)
		case live && standing != good:
			w.failf("%s was submitted without a valid answer: %q", f.name, got)
		case live && got != want:
			w.failf("%s was submitted as %q, and the person said %q", f.name, got, want)
		}
	}
}
