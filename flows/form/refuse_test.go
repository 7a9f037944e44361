package form_test

import (
	"context"
	"testing"

	"pendamping/flows/form"
	"pendamping/store"
)

// A choice that is refused says why and is asked again; one that was taken before the reason came up is asked anew.
func TestRefusedChoice(t *testing.T) {
	type draft struct{ Kind string }
	taken := false
	kinds := []form.Choice[string]{{Value: "keep", Text: store.Say("keep")}, {Value: "drop", Text: store.Say("drop")}}
	questions := func(d *draft) ([]form.Question, error) {
		return []form.Question{
			form.Pick("kind", &d.Kind, kinds).Refuse(func(v string) *store.Text {
				if v == "drop" && taken {
					return say("in use")
				}
				return nil
			}),
			form.Review(),
		}, nil
	}
	f := form.New("f", questions, func(context.Context, draft, form.State) (form.Screen, error) {
		return form.Screen{},
			nil
	})
	press := func(s form.State, data string) form.Step {
		t.Helper()
		step, err := f.Take(t.Context(), s, form.Event{Kind: form.Press, Press: data})
		if err != nil || step.Outcome != form.Going {
			t.Fatal(step.Outcome, err)
		}
		return step
	}
	asked := func(s form.State) string { return ask(t, f, s).Body[0].ID }
	step := press(f.Begin("f", ""), "=drop")
	if len(step.Say) != 0 || asked(step.State) != "f.kind.label" {
		t.Errorf("a choice that may be taken: %v is said, %s is asked", step.Say, asked(step.State))
	}
	if taken = true; asked(step.State) != "f.kind" {
		t.Errorf("a choice that can't be taken any more: %s is asked", asked(step.State))
	}
	step = press(f.Begin("f", ""), "=drop")
	if len(step.Say) != 1 || step.Say[0].ID != "in use" || asked(step.State) != "f.kind" {
		t.Errorf("a refused choice: %v is said, %s is asked", step.Say, asked(step.State))
	}
	if step = press(step.State, "=keep"); asked(step.State) != "f.kind.label" {
		t.Errorf("another choice: %s is asked", asked(step.State))
	}
}
