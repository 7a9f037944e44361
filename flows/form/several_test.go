package form_test

import (
	"context"
	"strings"
	"testing"

	"pendamping/flows/form"
	"pendamping/store"
)

// outing is a draft with a question that has several answers, before and after others.
type outing struct {
	Who  []string
	Did  []string
	How  string
	Spot string
	Note form.Told
}

func outingQuestions(d *outing) ([]form.Question, error) {
	choice := func(values ...string) (list []form.Choice[string]) {
		for _, v := range values {
			list = append(list, form.Choice[string]{Value: v, Text: store.Say("y." + v)})
		}
		return list
	}
	return []form.Question{
		form.Several("who", &d.Who,
			choice("chair", "clerk",
				"purse")).Ticked("chair").Extract(func(s string) []string { return strings.Fields(s) }),
		form.Several("did", &d.Did, choice("notas", "plans")).Previous("plans"),
		form.Pick("how", &d.How, choice("there", "call")).Default("there").Hidden(),
		form.Point("spot", &d.Spot),
		form.Tell("note", &d.Note).Extra(),
		form.Review(store.Say("y.head")),
	}, nil
}

func TestSeveral(t *testing.T) {
	var sent outing
	f := form.New("y", outingQuestions, func(_ context.Context, d outing, _ form.State) (form.Screen, error) {
		sent = d
		return form.Screen{Body: []store.Text{store.Say("y.done")}}, nil
	})
	s := f.Begin("y", "")
	for _, l := range []struct{ does, body, buttons string }{
		{"", "y.who", "=-chair =+clerk | =+purse | =. | cancel"},
		{"(=+purse)", "y.who", "=-chair =+clerk | =-purse | =. | back cancel"},
		{"(=+purse)", "y.who", "=-chair =+clerk | =-purse | =. | back cancel"}, // the second of two quick taps
		// one of the first screen, whose buttons hold
		{"(=-chair)", "y.who", "=+chair =+clerk | =-purse | =. | back cancel"},
		{"(=-purse)", "y.who", "=+chair =+clerk | =+purse | back cancel"},          // nothing: there is no way on
		{"(=.)", "y.who", "=+chair =+clerk | =+purse | back cancel"},               // nor by an old button
		{"(=+moon)", "y.who", "=+chair =+clerk | =+purse | back cancel"},           // no choice
		{"nobody", "y.who.again y.who", "=+chair =+clerk | =+purse | back cancel"}, // no choice in words
		{"(back)", "y.who", "=-chair =+clerk | =+purse | =. | cancel"},             // as at first
		{"clerk moon chair", "y.did", "=+notas =+plans | back cancel"},             // words are all of it, in order
		{"[spot]", "y.did", "=+notas =+plans | back cancel"},                       // taken whatever is asked
		{"(=+notas)", "y.did", "=-notas =+plans | =. | back cancel"},
		{"(=.)", "y.head y.who=chair,clerk y.did=notas(was plans) y.spot=-6.90000,107.60000 y.review",
			"ok change | cancel"},
		{"(change:who)", "y.who", "=-chair =-clerk | =+purse | =. | back cancel"}, // with the ticks it had
		{"(=-clerk)", "y.who", "=-chair =+clerk | =+purse | =. | back cancel"},
		{"(ok)", "y.who", "=-chair =+clerk | =+purse | =. | back cancel"}, // not all of it yet
		{"(=.)", "y.head y.who=chair y.did=notas(was plans) y.spot=-6.90000,107.60000 y.review", "ok change | cancel"},
		{"(change)", "y.head y.who=chair y.did=notas(was plans) y.spot=-6.90000,107.60000 y.review",
			"change:who change:did | change:how change:spot | change:note | back cancel"},
		{"(change:note)", "y.note", "back cancel"},
		{"rain", "y.head y.who=chair y.did=notas(was plans) y.spot=-6.90000,107.60000 y.note=rain y.review",
			"ok change | cancel"},
	} {
		var say []store.Text
		if l.does != "" {
			e := form.Event{Kind: form.Words, Text: l.does}
			switch {
			case l.does == "[spot]":
				e = form.Event{Kind: form.Location, Place: &form.Place{Latitude: -6.9, Longitude: 107.6}}
			case strings.HasPrefix(l.does, "("):
				e = form.Event{Kind: form.Press, Press: strings.Trim(l.does, "()")}
			}
			step, err := f.Take(t.Context(), s, e)
			if err != nil {
				t.Fatal(err)
			}
			if ticks := strings.HasPrefix(l.does, "(=+") || strings.HasPrefix(l.does, "(=-"); ticks &&
				l.does != "(=+moon)" != step.SameQuestion {
				t.Errorf("%s: the same question: %v", l.does, step.SameQuestion)
			}
			s, say = step.State, step.Say
		}
		screen := ask(t, f, s)
		if got := strings.ReplaceAll(read(append(say, screen.Body...)), "x.", ""); got != l.body {
			t.Errorf("%s: says %q, want %q", l.does, got, l.body)
		}
		if got := buttons(screen); got != l.buttons {
			t.Errorf("%s: %q, want %q", l.does, got, l.buttons)
		}
	}
	if _, err := f.Take(t.Context(), s, form.Event{Kind: form.Press, Press: form.Confirm}); err != nil {
		t.Fatal(err)
	}
	if form.Join(sent.Who) != "chair" || form.Join(sent.Did) != "notas" || sent.How != "there" || sent.Spot == "" ||
		sent.Note.Words != "rain" {
		t.Errorf("sent %+v", sent)
	}
}

// A ticked choice says its own words behind the tick.
func TestTicksSayTheirChoice(t *testing.T) {
	f := form.New("y", outingQuestions, nil)
	b := ask(t, f, f.Begin("y", "")).Buttons[0][0].Text
	if b.ID != "form.tick" || b.Data["What"] != "y.chair" {
		t.Errorf("a ticked choice says %+v", b)
	}
}
