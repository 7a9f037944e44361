package handover

import (
	"context"
	"errors"
	"slices"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/store"
)

// unboundCoordinators are those near a coordinator who have not joined.
func unboundCoordinators(ctx context.Context, tx store.Tx, who dialog.Who) ([]store.Person, error) {
	if who.Role != store.Coordinator {
		return nil, nil
	}
	list, err := tx.CoordinatorsNear(ctx, who.Province, who.Regency)
	return slices.DeleteFunc(list, bound), err
}

// bound tells whether a person has joined, or was erased and can't.
func bound(p store.Person) bool { return p.Account != 0 || p.Name == "" }

// unboundField are the mentors and coordinators of a coordinator's place who have not joined.
func unboundField(ctx context.Context, tx store.Tx, who dialog.Who) (mentors, coordinators []store.Person, err error) {
	if coordinators, err = unboundCoordinators(ctx, tx, who); err != nil || who.Role != store.Coordinator {
		return nil, nil, err
	}
	mentors, err = tx.MentorsNear(ctx, who.Province, who.Regency, "")
	return slices.DeleteFunc(mentors, bound), coordinators, err
}

// unjoinedField lists them, with a button to invite each mentor again. Coordinators are invited by who runs the system.
func unjoinedField(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	mentors, coordinators, err := unboundField(ctx, tx, who)
	if err != nil || len(mentors)+len(coordinators) == 0 {
		return form.Screen{Body: []store.Text{store.Say("find.none")}}, err
	}
	s := form.Screen{
		Body: []store.Text{store.Say("serahterima.unjoined.head")}, Buttons: change.ReinviteButtons(mentors, nil),
	}
	for _, p := range append(mentors[:min(len(mentors), change.MostReinvited)],
		coordinators[:min(len(coordinators), change.MostReinvited)]...) {
		s.Body = append(s.Body, store.Say("serahterima.unjoined.line", "Name", p.Name, "Role", string(p.Role),
			"Code", p.Code))
	}
	if len(coordinators) > 0 {
		s.Body = append(s.Body, store.Say("serahterima.central", "Role", string(store.Coordinator)))
	}
	return s, nil
}

// coordinatorCard is a coordinator who has not joined, and who invites them.
func coordinatorCard(p store.Person) form.Screen {
	place := p.Regency
	if place == "" {
		place = p.Province
	}
	return form.Screen{Body: []store.Text{
		store.Say("serahterima.coordinator", "Name", p.Name, "Code", p.Code, "Place", place,
			"Bound", dialog.Mark(dialog.Reachable(p))),
		store.Say("serahterima.central", "Role", string(p.Role)),
	}}
}

// reinviteMentor makes a new invitation for a mentor without groups, where there is nobody of a group to agree. The
// coordinator who gets it is a sponsor of the mentor by that, and so does not say whose account it is that comes with
// it.
func reinviteMentor(
	ctx context.Context, tx store.Tx, who dialog.Who, p store.Person, before string,
) (form.Screen, error) {
	if !change.ForProgramme(who, store.Recipient{}) {
		return form.Screen{}, store.ErrNotFound
	}
	p.Sponsors = dialog.WithHands(p.Sponsors, change.Inviting(who)...)
	others, err := invite.ApproversOf(ctx, tx, p, store.Invite{Held: change.Inviting(who)})
	if err != nil {
		return form.Screen{}, err
	}
	if invite.LastDigits(p) == "" && len(others.List) == 0 { // nobody could let the mentor in
		return form.Screen{Body: []store.Text{store.Say("serahterima.central", "Role", string(p.Role))}}, nil
	}
	newest, err := tx.InviteOf(ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return form.Screen{}, err
	}
	if before != dialog.IDText(newest.ID) {
		return form.Screen{
			Body: []store.Text{
				store.Say("reinvite.ask", "Name", p.Name, "Role", string(p.Role), "Alone", dialog.Mark(true)),
			},
			Buttons: [][]store.Button{
				{{Text: store.Say("reinvite.yes"), Data: dialog.Data("reinvite", p.ID, newest.ID)}},
				{{Text: store.Say("form.back"), Data: dialog.Data("serahterima", dialog.Letter("m", p.ID))}},
			},
		}, nil
	}
	tx.Act(who.Actor())
	if err := tx.PutPerson(ctx, "person.reinvited", &p); err != nil {
		return form.Screen{}, err
	}
	h := store.Handover{Kind: store.PhoneLost, From: p.ID}
	tell, err := change.GiveInvite(ctx, tx, who, store.Recipient{}, p, h, who.Person)
	return form.Screen{Body: []store.Text{changeSaid(h, nil, p, store.Person{})}, Tell: tell}, err
}
