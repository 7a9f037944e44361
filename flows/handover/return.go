package handover

import (
	"context"
	"strconv"
	"time"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/store"
)

// dayBegins is the hour at which people hear what changed overnight.
const dayBegins = 7

// Return gives recipients back to their mentors whose stand-in's last day has passed where they are, and says so. Done
// again it does nothing more.
func Return(ctx context.Context, tx store.Tx, set dialog.Setting) ([]store.Message, error) {
	east := time.FixedZone("WIT", 9*60*60) // where days begin first
	list, err := tx.OnLoan(ctx, store.DayOf(tx.Now(), east))
	if err != nil {
		return nil, err
	}
	tx.Act(store.Actor{})
	type pair struct{ regular, standIn store.ID }
	var order []pair
	back := map[pair][]store.Recipient{}
	for _, of := range list {
		if of.Back >= store.DayOf(tx.Now(), zoneOf(of, set)) {
			continue
		}
		p := pair{of.Regular, of.Mentor}
		of.Mentor, of.Regular, of.Back = p.regular, 0, ""
		if err := tx.PutRecipient(ctx, "recipient.returned", &of); err != nil {
			return nil, err
		}
		if err := moveRemarks(ctx, tx, of, p.standIn); err != nil {
			return nil, err
		}
		if back[p] == nil {
			order = append(order, p)
		}
		back[p] = append(back[p], of)
	}
	var tell []store.Message
	for _, p := range order {
		zone := zoneOf(back[p][0], set)
		more, err := tellReturn(ctx, tx, dialog.Who{Zone: zone}, back[p], p.regular, p.standIn)
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			local := tx.Now().In(zone)
			m.Class = store.Nudge
			if local.Hour() < dayBegins {
				m.Due = time.Date(local.Year(), local.Month(), local.Day(), dayBegins, 0, 0, 0, zone).UTC()
			}
			tell = append(tell, m)
		}
	}
	return tell, nil
}

// zoneOf is where a recipient's days begin and end.
func zoneOf(of store.Recipient, set dialog.Setting) *time.Location {
	if l, err := time.LoadLocation(of.Zone); err == nil && of.Zone != "" {
		return l
	}
	return set.Zone
}

// tellReturn tells both mentors and the officers that a leave is over.
func tellReturn(
	ctx context.Context, tx store.Tx, who dialog.Who, list []store.Recipient, regular, standIn store.ID,
) ([]store.Message, error) {
	to, err := tx.Person(ctx, regular)
	if err != nil {
		return nil, err
	}
	from, err := tx.Person(ctx, standIn)
	if err != nil {
		return nil, err
	}
	var tell []store.Message
	if dialog.Reachable(to) {
		m, err := newGroups(ctx, tx, who, list, to, store.Say("return.yours", "Count", strconv.Itoa(len(list)),
			"From", from.Name))
		if err != nil {
			return nil, err
		}
		tell = append(tell, m)
	}
	if dialog.Reachable(from) {
		tell = append(tell, store.Message{
			Chat: from.Account, Body: []store.Text{
				store.Say("return.gone", "Groups", change.GroupNames(list), "To", to.Name),
			},
		})
	}
	for _, of := range list {
		more, err := dialog.ToOfficers(ctx, tx, who, of.ID, store.Message{
			Body: []store.Text{store.Say("return.group", "Group", of.Name, "To", to.Name)},
		})
		if err != nil {
			return nil, err
		}
		tell = append(tell, more...)
	}
	return tell, nil
}
