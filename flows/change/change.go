// Package change is what every change of a recipient's people is judged and shown by: who has a part in it, whose word
// it wants, who may settle it, and how it reads.
package change

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// Sides are who goes and who comes by a change of people; each may be nobody.
func Sides(ctx context.Context, tx store.Tx, h store.Handover) (from, to store.Person, err error) {
	if from, err = dialog.Author(ctx, tx, h.From); err != nil {
		return from, to, err
	}
	to, err = dialog.Author(ctx, tx, h.To)
	return from, to, err
}

// Parties are the persons who have a hand in a change.
func Parties(ctx context.Context, tx store.Tx, h store.Handover) (list []store.Person, err error) {
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil {
		return nil, err
	}
	for _, id := range InvolvedWithObjector(by, h) {
		p, err := dialog.Author(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// Asker is who asked for a change, in all roles of the account.
func Asker(ctx context.Context, tx store.Tx, h store.Handover) (dialog.Who, error) {
	p, err := tx.Person(ctx, h.By)
	if err != nil {
		return dialog.Who{}, err
	}
	return dialog.EveryRole(ctx, tx, p)
}

// OfGroup tells whether a change is of the group itself: of its officers, or of the phone of somebody who belongs to
// it. Who its mentor is, and by which phone, is not the group's to stop or to read of.
func OfGroup(ctx context.Context, tx store.Tx, h store.Handover) (bool, error) {
	if h.Kind != store.PhoneLost {
		return h.Kind == store.OfficerMoves, nil
	}
	p, err := dialog.Author(ctx, tx, h.From)
	return p.Recipient == h.Recipient, err
}

// MemberOf is the person as one of a recipient's, in whatever role they speak just now.
func MemberOf(w dialog.Who, id store.ID) (dialog.Who, bool) {
	for _, p := range w.Account.People {
		if p.Recipient == id && p.Consent != "" {
			w.Person = p
			return w, true
		}
	}
	return w, false
}

// ForProgramme tells whether somebody speaks for the programme when they change who stands for a recipient: a
// coordinator who is not its mentor.
func ForProgramme(w dialog.Who, of store.Recipient) bool {
	return w.May(dialog.DoHandover, dialog.None, of.Mentor, of.Regular)
}

// Kind is a change's kind as sentences tell it: where no phone was registered, only the invitation is new.
func Kind(h store.Handover) string {
	if h.Unbound {
		return "invite"
	}
	return string(h.Kind)
}

// Key names the messages about a change, so that they can be withdrawn once it is decided.
func Key(h store.Handover) string { return "handover:" + dialog.IDText(h.ID) }

// Batch are the requests that were made with one: all groups of a mentor at once.
func Batch(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) ([]store.Handover, error) {
	if h.Kind == store.OfficerMoves || h.Kind == store.PhoneLost || h.State != store.HandoverAsked {
		return []store.Handover{h}, nil
	}
	list, err := tx.HandoversIn(ctx, store.HandoverAsked, who.Province, who.Regency)
	return slices.DeleteFunc(list, func(o store.Handover) bool {
		return o.Kind != h.Kind || o.From != h.From || o.To != h.To || o.By != h.By || !o.At.Equal(h.At)
	}), err
}

// GroupNames are recipients' names, as many as a sentence takes.
func GroupNames(list []store.Recipient) string {
	const most = 5
	words := ""
	for i, of := range list {
		if i == most {
			return words + ", …"
		}
		if i > 0 {
			words += ", "
		}
		words += of.Name
	}
	return words
}

// Holders are those who have an office now.
func Holders(members []store.Person, role string) []store.Person {
	return slices.DeleteFunc(slices.Clone(members), func(p store.Person) bool { return string(p.Role) != role })
}

// Rekeyed is a person's key in another role, as the roster would have it, unless it is by an id or somebody else's.
func Rekeyed(ctx context.Context, tx store.Tx, p store.Person) (string, error) {
	key := store.PersonKey("", p.Role, p.Code, p.Name)
	if strings.HasPrefix(p.Key, "id:") || p.Key == "" || p.Key == key {
		return p.Key, nil
	}
	_, err := tx.PersonByKey(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return key, nil
	}
	return p.Key, err
}

// Offices are the offices of a group.
var Offices = []store.Role{store.Chair, store.Secretary, store.Treasurer}
