package handover

import (
	"context"
	"strconv"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/store"
)

// mostOpen is how many groups a message about new groups lists.
const mostOpen = 25

// tellMentors tells the new mentor what comes with the groups, the one until then, the groups' officers, and who asked.
func tellMentors(
	ctx context.Context, tx store.Tx, who dialog.Who, list []store.Recipient, h store.Handover,
) ([]store.Message, error) {
	from, to, err := change.Sides(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	var tell []store.Message
	if dialog.Reachable(to) && to.Account != who.Person.Account {
		m, err := newGroups(ctx, tx, who, list, to, store.Say("handover.yours", "Kind", string(h.Kind),
			"Count", strconv.Itoa(len(list)), "From", from.Name, "Day", string(h.Back)))
		if err != nil {
			return nil, err
		}
		tell = append(tell, m)
	}
	if dialog.Reachable(from) && from.Account != who.Person.Account {
		tell = append(tell, store.Message{Chat: from.Account, Body: []store.Text{
			store.Say("handover.gone", "Kind", string(h.Kind), "Groups", change.GroupNames(list), "To", to.Name,
				"Day", string(h.Back)),
		}})
	}
	if h.By != h.From && h.By != h.To {
		by, err := tx.Person(ctx, h.By)
		if err != nil {
			return nil, err
		}
		if dialog.Reachable(by) && by.Account != who.Person.Account {
			tell = append(tell, store.Message{Chat: by.Account, Body: []store.Text{changeSaid(h, list, from, to)}})
		}
	}
	for _, of := range list {
		more, err := dialog.ToOfficers(ctx, tx, who, of.ID, store.Message{Body: []store.Text{
			store.Say("handover.group", "Kind", string(h.Kind), "Group", of.Name, "To", to.Name, "From", from.Name,
				"Day", string(h.Back)),
		}})
		if err != nil {
			return nil, err
		}
		tell = append(tell, more...)
	}
	return tell, nil
}

// newGroups is what a mentor gets to read who gets groups: what is open in each.
func newGroups(
	ctx context.Context, tx store.Tx, who dialog.Who, list []store.Recipient, to store.Person, lead store.Text,
) (store.Message, error) {
	m := store.Message{Chat: to.Account, Body: []store.Text{lead}}
	for i, of := range list {
		if i == mostOpen {
			break
		}
		s, err := tx.StandingOf(ctx, of.ID)
		if err != nil {
			return m, err
		}
		at := ""
		if !s.LastVisit.IsZero() {
			at = string(store.DayOf(s.LastVisit, who.Zone))
		}
		m.Body = append(m.Body, store.Say("handover.open", "Group", of.Name, "Regency", of.Regency,
			"Submitted", dialog.Count(s.Submitted.Count),
			"Returned", dialog.Count(s.Returned.Count), "Unfinished", dialog.Count(s.Unfinished.Count), "Day", at))
	}
	m.Buttons = [][]store.Button{{
		{Text: store.Say("menu.tinjau"), Data: dialog.Data("tinjau")},
		{Text: store.Say("menu.kelompok"), Data: dialog.Data("kelompok")},
	}}
	return m, nil
}

// batchSaid says in one sentence what was changed.
func batchSaid(ctx context.Context, tx store.Tx, all []store.Handover) (store.Text, error) {
	h := all[0]
	from, to, err := change.Sides(ctx, tx, h)
	if err != nil {
		return store.Text{}, err
	}
	var list []store.Recipient
	for _, one := range all {
		of, err := tx.Recipient(ctx, one.Recipient)
		if err != nil {
			return store.Text{}, err
		}
		list = append(list, of)
	}
	return changeSaid(h, list, from, to), nil
}

// changeSaid is batchSaid of what was read.
func changeSaid(h store.Handover, list []store.Recipient, from, to store.Person) store.Text {
	return store.Say("handover.done", "Kind", string(h.Kind), "Groups", change.GroupNames(list), "From", from.Name,
		"To", to.Name,
		"Role", string(h.Role), "Day", string(h.Back))
}
