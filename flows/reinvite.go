package flows

import (
	"context"
	"errors"

	"pendamping/flows/form"
	"pendamping/store"
)

// reinvite asks for a new invitation for somebody of a group who is not bound, and has lost the code or let it expire; arg is
// PERSON, then PERSON:INVITATION with the one that it ends. It takes the way of a lost phone: the group agrees, or a coordinator without
// a hand in it, and who agreed gets the code.
func reinvite(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	a := args(arg)
	id, before := a.id(), a.word()
	p, err := tx.Person(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	of, err := handed(ctx, tx, who, p.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	if p.Account != 0 {
		return form.Screen{Body: []store.Text{store.Say("reinvite.bound", "Name", p.Name)}}, nil
	}
	newest, err := tx.InviteOf(ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return form.Screen{}, err
	}
	sure := before == idText(newest.ID)
	err = unasked(ctx, tx, who, of, store.PhoneLost)
	var mend form.Mend
	if errors.As(err, &mend) {
		return form.Screen{Body: []store.Text{mend.Why}}, nil
	}
	if err != nil {
		return form.Screen{}, err
	}
	if !sure {
		return form.Screen{
			Body: []store.Text{store.Say("reinvite.ask", "Name", p.Name, "Role", string(p.Role), "Group", of.Name)},
			Buttons: [][]store.Button{
				{{Text: store.Say("reinvite.yes"), Data: "reinvite:" + idText(p.ID) + ":" + idText(newest.ID)}},
				{{Text: store.Say("form.back"), Data: "serahterima:g" + idText(of.ID)}},
			},
		}, nil
	}
	s, err := handOver(ctx, tx, who, []store.Recipient{of}, store.Handover{Kind: store.PhoneLost, From: p.ID, Reason: who.Words(store.Say("reinvite.why"))})
	if errors.As(err, &mend) {
		return form.Screen{Body: []store.Text{mend.Why}}, nil
	}
	return s, err
}

// reinvitable are buttons for a new invitation, one for each of a group who is not bound.
func reinvitable(members []store.Person) (rows [][]store.Button) {
	for _, p := range members {
		if p.Account == 0 && len(rows) < mostReinvited {
			rows = append(rows, []store.Button{{Text: store.Say("reinvite.button", "Name", p.Name), Data: "reinvite:" + idText(p.ID)}})
		}
	}
	return rows
}

// mostReinvited is how many such buttons a card has.
const mostReinvited = 10
