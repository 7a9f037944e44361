package change

import (
	"context"
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// Settlers are those who may settle a change that was objected to, and can be reached; nobody where it was overtaken.
// Another phone for a mentor is no matter of the group's.
func Settlers(ctx context.Context, tx store.Tx, of store.Recipient, h store.Handover) ([]store.Person, error) {
	changes, err := tx.HandoversOf(ctx, of.ID)
	if err != nil || dialog.Overtaken(changes, h) {
		return nil, err
	}
	by, err := Asker(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	known, err := Parties(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	if err != nil {
		return nil, err
	}
	if theirs, err := OfGroup(ctx, tx, h); err != nil {
		return nil, err
	} else if theirs {
		list = append(Holders(members, string(store.Chair)), list...)
	}
	return Impartial(list, known, by, h), nil
}

// Impartial are those of a list who may settle a change, in whatever role they speak: see uninvolved.
func Impartial(list, known []store.Person, by dialog.Who, h store.Handover) []store.Person {
	return slices.DeleteFunc(uninvolved(list, known, by, h), func(p store.Person) bool {
		return !dialog.Who{Person: p}.May(dialog.SettleHandover, string(h.State), InvolvedWithObjector(by.Person, h)...)
	})
}

// InvolvedWithObjector are all who have a hand in a change that was objected to, who carried it out too.
func InvolvedWithObjector(by store.Person, h store.Handover) []store.ID {
	return dialog.WithHands(Involved(by, h), h.Decided, h.Objected)
}

// mostSettlers is how many coordinators a sentence names who may settle a change.
const mostSettlers = 3

// WhoSettles says who may settle a change that was objected to, or who helps where nobody is left who has no part in
// it.
func WhoSettles(settlers []store.Person) store.Text {
	chair := ""
	var names []string
	for _, p := range settlers {
		switch {
		case p.Role == store.Chair:
			chair = p.Name
		case len(names) < mostSettlers && !slices.Contains(names, p.Name):
			names = append(names, p.Name)
		}
	}
	return store.Say("settle.who", "Chair", chair, "Names", strings.Join(names, ", "))
}

// AsSettler is the person as whom somebody may settle a change, and whether they may.
func AsSettler(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover,
) (dialog.Who, bool, error) {
	if who.Role != store.Coordinator {
		who, _ = MemberOf(who, of.ID)
	}
	if h.State != store.HandoverObjected || !who.Theirs(of) {
		return who, false, nil
	}
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil || !who.May(dialog.SettleHandover, string(h.State), InvolvedWithObjector(by, h)...) {
		return who, false, err
	}
	list, err := Settlers(ctx, tx, of, h)
	return who, slices.ContainsFunc(list, func(p store.Person) bool { return p.ID == who.ID }), err
}

// Settlements open the changes of a group's people that somebody may settle, a row each.
func Settlements(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient,
) (rows [][]store.Button, err error) {
	changes, err := tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	for _, h := range changes {
		_, may, err := AsSettler(ctx, tx, who, of, h)
		if err != nil {
			return nil, err
		}
		if may {
			rows = append(rows, []store.Button{{
				Text: store.Say("settle.open", "Kind", Kind(h), "Role", string(h.Role)),
				Data: dialog.Data("settle", h.ID),
			}})
		}
	}
	return rows, nil
}
