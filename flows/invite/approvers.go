package invite

import (
	"context"
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// RoleChoice is the button with which an account speaks as one of its persons.
func RoleChoice(ctx context.Context, tx store.Tx, p store.Person) (store.Button, error) {
	group := p.Code
	if p.Recipient != 0 {
		r, err := tx.Recipient(ctx, p.Recipient)
		if err != nil {
			return store.Button{}, err
		}
		group = r.Name
	}
	return store.Button{
		Text: store.Say("peran.choice", "Role", string(p.Role), "Group", group, "Name", p.Name),
		Data: dialog.Data("role", p.ID),
	}, nil
}

// OnlyDigits are the digits 0 to 9 of a text.
func OnlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// LastDigits are the last four digits of a person's number in the roster, "" where it has none.
func LastDigits(p store.Person) string {
	n := OnlyDigits(p.WA)
	if len(n) < 8 {
		return "" // no telephone number
	}
	return n[len(n)-4:]
}

// approvers are the coordinators who may say that the account with an invitation's code is the person's.
type approvers struct {
	List   []store.Person
	Barred []store.Person // where the list is empty: who can be reached and may not say it
	Bound  bool           // whether any coordinator has joined
}

// ApproversOf finds the approvers of an invitation, none of whom passed its code on: those of the person's place, else
// all who can be reached.
func ApproversOf(ctx context.Context, tx store.Tx, p store.Person, i store.Invite) (a approvers, err error) {
	all, err := tx.BoundCoordinators(ctx)
	if err != nil {
		return a, err
	}
	a.Bound = len(all) > 0
	place := store.Recipient{Province: p.Province, Regency: p.Regency}
	if p.Role == store.Mentor && p.Province == "" {
		of, err := tx.RecipientsOf(ctx, p.ID)
		if err != nil {
			return a, err
		}
		if len(of) > 0 {
			place = of[0]
		}
	}
	near := slices.DeleteFunc(slices.Clone(all),
		func(c store.Person) bool { return !dialog.Who{Person: c}.Theirs(place) })
	for _, few := range [][]store.Person{near, all} {
		a.Barred = nil
		for _, c := range few {
			if !dialog.Reachable(c) || c.ID == p.ID {
				continue
			}
			who, err := dialog.EveryRole(ctx, tx, c)
			if err != nil {
				return a, err
			}
			if MayAdmit(who, p, i) {
				a.List = append(a.List, c)
			} else {
				a.Barred = append(a.Barred, c)
			}
		}
		if len(a.List) > 0 {
			break
		}
	}
	return a, nil
}

// MayAdmit tells whether a coordinator may say that the account with an invitation's code is the person's. It may well
// be the account of who says so: they become a sponsor, and verify nothing that the person enters.
func MayAdmit(w dialog.Who, p store.Person, i store.Invite) bool {
	return w.May(dialog.AdmitPerson, dialog.Open, dialog.WithHands([]store.ID{p.ID}, i.Held...)...)
}
