package handover

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// mostFound is how many groups and mentors a search shows.
const mostFound = 10

// finding asks for a name or a code, and ends with what has it.
type finding struct {
	tx  store.Tx
	who dialog.Who
}

// Search asks a coordinator for a name, and shows the groups and mentors that have it.
func Search(_ context.Context, t *dialog.Turn, _ dialog.Args) (form.Form, error) {
	return finding{t.Tx, t.Who}, nil
}

// Begin is the state at the start.
func (f finding) Begin(name, about string) form.State { return form.State{Form: name, About: about} }

// Ask is the one question.
func (f finding) Ask(form.State) (form.Screen, error) {
	return form.Screen{
		Body:    []store.Text{store.Say("find.words")},
		Buttons: [][]store.Button{{{Text: store.Say("form.cancel"), Data: form.Cancel}}},
	}, nil
}

// Take looks for the words.
func (f finding) Take(ctx context.Context, s form.State, e form.Event) (form.Step, error) {
	if e.Kind == form.Press && e.Press == form.Cancel {
		screen, err := f.Cancel(ctx, s)
		return form.Step{Outcome: form.Cancelled, Screen: screen}, err
	}
	if e.Kind != form.Words {
		return form.Step{State: s}, nil
	}
	screen, err := found(ctx, f.tx, f.who, e.Text)
	if errors.Is(err, store.ErrNotFound) {
		return form.Step{State: s, Outcome: form.Going, Say: []store.Text{store.Say("find.none")}}, nil
	}
	return form.Step{Outcome: form.Finished, Screen: screen}, err
}

// Offer finds nothing: the words come later.
func (f finding) Offer(s form.State, _ form.Event) (form.State, error) { return s, nil }

// News are none, because there is no review.
func (f finding) News(form.State, form.State) ([]store.Text, error) { return nil, nil }

// Said is false: the first words end it.
func (f finding) Said(form.State) bool { return false }

// Park forgets the question.
func (f finding) Park(context.Context, form.State) (form.Screen, error) { return form.Screen{}, nil }

// Cancel gives it up.
func (f finding) Cancel(context.Context, form.State) (form.Screen, error) {
	return form.Screen{Body: []store.Text{store.Say("find.cancelled")}}, nil
}

// found shows the one that words mean, or those that they may mean; store.ErrNotFound where there is none.
func found(ctx context.Context, tx store.Tx, who dialog.Who, words string) (form.Screen, error) {
	words = strings.Join(strings.Fields(words), " ")
	list, err := groupsNamed(ctx, tx, who, words)
	if err != nil {
		return form.Screen{}, err
	}
	var mentors []store.Person
	if who.Role == store.Coordinator {
		if mentors, err = tx.MentorsNear(ctx, who.Province, who.Regency, ""); err != nil {
			return form.Screen{}, err
		}
		mentors = slices.DeleteFunc(mentors, func(p store.Person) bool {
			return !contains(p.Name, words) &&
				!strings.EqualFold(p.Code, words)
		})
	}
	coordinators, err := unboundCoordinators(ctx, tx, who)
	if err != nil {
		return form.Screen{}, err
	}
	coordinators = slices.DeleteFunc(coordinators, func(p store.Person) bool {
		return !contains(p.Name, words) &&
			!strings.EqualFold(p.Code, words)
	})
	switch all := len(list) + len(mentors) + len(coordinators); {
	case all == 0 || words == "":
		return form.Screen{}, store.ErrNotFound
	case all == 1 && len(list) == 1:
		return groupCard(ctx, tx, who, list[0])
	case all == 1 && len(mentors) == 1:
		return mentorCard(ctx, tx, who, mentors[0])
	case all == 1:
		return coordinatorCard(coordinators[0]), nil
	}
	s := form.Screen{Body: []store.Text{store.Say("find.which")}}
	for _, of := range list {
		s.Buttons = append(s.Buttons, GroupChoice(of))
	}
	for i := 0; i < len(mentors) && len(s.Buttons) < mostFound; i++ {
		s.Buttons = append(s.Buttons, mentorChoice(mentors[i]))
	}
	for i := 0; i < len(coordinators) && len(s.Buttons) < mostFound; i++ {
		p := coordinators[i]
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("serahterima.mentor", "Name", p.Name),
			Data: dialog.Data("serahterima", dialog.Letter("k", p.ID)),
		}})
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("find.again"), Data: dialog.Data("find")}})
	return s, nil
}

// groupsNamed are the person's own groups with that code or those words in their name.
func groupsNamed(ctx context.Context, tx store.Tx, who dialog.Who, words string) ([]store.Recipient, error) {
	if who.Role == store.Coordinator {
		return tx.RecipientsNamed(ctx, who.Province, who.Regency, words, mostFound)
	}
	list, err := tx.RecipientsOf(ctx, who.ID)
	list = slices.DeleteFunc(list, func(of store.Recipient) bool {
		return !contains(of.Name, words) &&
			!strings.EqualFold(of.Code, words)
	})
	return list[:min(mostFound, len(list))], err
}

func contains(name, words string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(words))
}
