package change

import (
	"context"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/invite"
	"pendamping/store"
)

// CarrierOf returns who gets the invitation that comes with a change: who of the group agreed to it, else the
// coordinator who carries it out. A mentor never does.
func CarrierOf(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) (store.Person, error) {
	p, err := dialog.Author(ctx, tx, h.Agreed)
	if err == nil && !dialog.Reachable(p) {
		p = who.Person
	}
	return p, err
}

// WithProposers are a person's sponsors with those whom a change adds: see Proposing.
func WithProposers(ctx context.Context, tx store.Tx, h store.Handover, p, carrier store.Person) ([]store.ID, error) {
	by, err := Asker(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	all, err := dialog.EveryRole(ctx, tx, carrier)
	if err != nil {
		return nil, err
	}
	agreed, err := dialog.Author(ctx, tx, h.Agreed)
	add := slices.DeleteFunc(Proposing(h, by, agreed, all), func(id store.ID) bool { return id == p.ID })
	return dialog.WithHands(p.Sponsors, add...), err
}

// Proposing are whom a change makes sponsors of the person who comes: who asked for another officer, and who of the
// programme gets the invitation. Who only reported a lost phone is none where the ketua agreed, or where another one
// carries the invitation.
func Proposing(h store.Handover, by dialog.Who, agreed store.Person, carrier dialog.Who) (list []store.ID) {
	carriedByOther := h.Agreed == 0 && carrier.ID != 0 && carrier.ID != by.ID
	if h.Kind == store.OfficerMoves || agreed.Role != store.Chair && !carriedByOther {
		list = dialog.WithHands(list, by.Hands()...)
	}
	return dialog.WithHands(list, Inviting(carrier)...)
}

// Inviting are whom an invitation makes sponsors of the person it is for: its carrier in all roles, where one is of the
// programme.
func Inviting(carrier dialog.Who) []store.ID {
	if slices.ContainsFunc(carrier.Account.People, func(p store.Person) bool { return dialog.Verifies(p.Role) }) {
		return carrier.Hands()
	}
	return nil
}

// GiveInvite gives a new invitation to whoever passes it on: see CarrierOf.
func GiveInvite(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, p store.Person, h store.Handover,
	carrier store.Person,
) ([]store.Message, error) {
	group := of.Name
	if p.Role == store.Mentor {
		group = ""
	}
	all, err := dialog.EveryRole(ctx, tx, carrier)
	if err != nil {
		return nil, err
	}
	letter, err := invite.Invite(ctx, tx, who, p, group, Inviting(all))
	if err != nil {
		return nil, err
	}
	return []store.Message{
		{Chat: carrier.Account, Body: []store.Text{store.Say("invite.pass", "Name", p.Name, "Kind", string(h.Kind))}},
		{Chat: carrier.Account, Body: []store.Text{letter}},
	}, nil
}

// ReinviteButtons are buttons for a new invitation, one for each of a group who is not bound and may be.
func ReinviteButtons(members []store.Person, changes []store.Handover) (rows [][]store.Button) {
	for _, p := range members {
		if p.Account == 0 && !Unsettled(changes, p) && len(rows) < MostReinvited {
			rows = append(rows, []store.Button{{
				Text: store.Say("reinvite.button", "Name", p.Name), Data: dialog.Data("reinvite", p.ID),
			}})
		}
	}
	return rows
}

// Unsettled tells whether a change that brought somebody was objected to, and nobody has settled it: an invitation
// would bring them back.
func Unsettled(changes []store.Handover, p store.Person) bool {
	return slices.ContainsFunc(changes, func(h store.Handover) bool {
		return h.State == store.HandoverObjected && dialog.Comes(h) == p.ID && !dialog.Overtaken(changes, h)
	})
}

// MostReinvited is how many such buttons a card has.
const MostReinvited = 10
