package handover

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/broadcast"
	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/store"
)

// wait is something that waits for a decision of one of several people. It stands in the lists of a coordinator who may
// decide it, and each of these people is reminded of it every morning until it is decided.
type wait struct {
	text    store.Text // of the button that opens it
	data    string
	since   time.Time // zero where that is not kept
	decides []store.Person
}

// spared is how long nobody is reminded of what was just asked.
const spared = 6 * time.Hour

// mostWaits is how many buttons a reminder has.
const mostWaits = 10

func (w wait) waitsFor(p store.Person) bool {
	return slices.ContainsFunc(w.decides, func(o store.Person) bool { return o.ID == p.ID })
}

// changeWait is a change of people that was asked for or objected to.
func changeWait(ctx context.Context, tx store.Tx, h store.Handover) (w wait, err error) {
	of, err := tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return w, err
	}
	if h.State == store.HandoverObjected {
		w = wait{
			text: store.Say("wait.settle", "Kind", change.Kind(h), "Role", string(h.Role), "Group", of.Name),
			data: dialog.Data("settle", h.ID), since: h.ObjectedAt,
		}
		w.decides, err = change.Settlers(ctx, tx, of, h)
		return w, err
	}
	w = wait{
		text: store.Say("desk.handover", "Group", of.Name, "Kind", change.Kind(h)), data: dialog.Data("agree", h.ID),
		since: h.At,
	}
	wants, err := change.Wants(ctx, tx, of, h)
	if w.decides = wants.Group; err != nil || len(w.decides) > 0 {
		return w, err
	}
	w.data = dialog.Data("handover", h.ID)
	by, err := change.Asker(ctx, tx, h)
	if err != nil {
		return w, err
	}
	known, err := change.Parties(ctx, tx, h)
	if err != nil {
		return w, err
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	w.decides = change.Deciders(by, h, known, list)
	return w, err
}

// changeWaits are the changes among some that wait, each batch once.
func changeWaits(ctx context.Context, tx store.Tx, list []store.Handover) (waits []wait, err error) {
	for _, h := range firstOfBatches(list) {
		if h.State != store.HandoverAsked && h.State != store.HandoverObjected {
			continue
		}
		w, err := changeWait(ctx, tx, h)
		if err != nil {
			return nil, err
		}
		waits = append(waits, w)
	}
	return waits, nil
}

// claimWaits are the accounts that wait for a coordinator to say whose they are.
func claimWaits(ctx context.Context, tx store.Tx) (waits []wait, err error) {
	list, err := tx.InvitesClaimed(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range list {
		p, err := tx.Person(ctx, i.Person)
		if err != nil {
			return nil, err
		}
		by, err := invite.ApproversOf(ctx, tx, p, i)
		if err != nil {
			return nil, err
		}
		said := store.Say("wait.claim", "Name", p.Name, "Role", string(p.Role))
		waits = append(waits, wait{text: said, data: dialog.Data("claim", p.ID), decides: by.List})
	}
	return waits, nil
}

// broadcastWaits are the announcements that wait for a second coordinator.
func broadcastWaits(ctx context.Context, tx store.Tx) (waits []wait, err error) {
	list, err := tx.BroadcastsAsked(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		by, err := tx.Person(ctx, b.By)
		if err != nil {
			return nil, err
		}
		who, err := dialog.EveryRole(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		w := wait{
			text: store.Say("wait.cast", "Name", by.Name, "Title", broadcast.Title(b)),
			data: dialog.Data("castsee", b.ID), since: b.At,
		}
		if w.decides, err = broadcast.Seconds(ctx, tx, who); err != nil {
			return nil, err
		}
		waits = append(waits, w)
	}
	return waits, nil
}

// everyWait is all that waits in a scope; claims and announcements of everywhere.
func everyWait(ctx context.Context, tx store.Tx, province, regency string) ([]wait, error) {
	var changes []store.Handover
	for _, state := range []store.HandoverState{store.HandoverAsked, store.HandoverObjected} {
		list, err := tx.HandoversIn(ctx, state, province, regency)
		if err != nil {
			return nil, err
		}
		changes = append(changes, list...)
	}
	waits, err := changeWaits(ctx, tx, changes)
	if err != nil {
		return nil, err
	}
	for _, more := range []func(context.Context, store.Tx) ([]wait, error){claimWaits, broadcastWaits} {
		list, err := more(ctx, tx)
		if err != nil {
			return nil, err
		}
		waits = append(waits, list...)
	}
	return waits, nil
}

// waitsOf is what waits for a coordinator, or for somebody as one of a group.
func waitsOf(ctx context.Context, tx store.Tx, p store.Person) (waits []wait, err error) {
	switch {
	case p.Role == store.Coordinator:
		waits, err = everyWait(ctx, tx, p.Province, p.Regency)
	case p.Recipient != 0:
		list, failed := tx.HandoversOf(ctx, p.Recipient)
		if failed != nil {
			return nil, failed
		}
		waits, err = changeWaits(ctx, tx, list)
	}
	return slices.DeleteFunc(waits, func(w wait) bool { return !w.waitsFor(p) }), err
}

// FieldWaits are what a coordinator may decide, also the requests that the group was not silent about for long, which
// may be declined.
func FieldWaits(ctx context.Context, tx store.Tx, who dialog.Who) ([]wait, error) {
	if who.Role != store.Coordinator {
		return nil, nil
	}
	list, err := tx.HandoversIn(ctx, store.HandoverAsked, who.Province, who.Regency)
	if err != nil {
		return nil, err
	}
	var early []wait
	for _, h := range firstOfBatches(list) {
		decides, err := change.MayDecide(ctx, tx, who, h)
		if err != nil {
			return nil, err
		}
		w, err := changeWait(ctx, tx, h)
		if err != nil {
			return nil, err
		}
		if decides && !w.waitsFor(who.Person) {
			w.data = dialog.Data("handover", h.ID)
			early = append(early, w)
		}
	}
	waits, err := waitsOf(ctx, tx, who.Person)
	return append(early, waits...), err
}

// WaitButtons open what waits, a row each.
func WaitButtons(waits []wait) (rows [][]store.Button) {
	for _, w := range waits {
		rows = append(rows, []store.Button{{Text: w.text, Data: w.data}})
	}
	return rows
}

// RemindWaits promises a message to each of those of some zones for whom something waits.
func RemindWaits(ctx context.Context, tx store.Tx, r dialog.Round) ([]store.Message, error) {
	waits, err := everyWait(ctx, tx, "", "")
	if err != nil {
		return nil, err
	}
	coordinators, err := tx.CoordinatorsIn(ctx, r.Zones)
	if err != nil {
		return nil, err
	}
	var people []store.Person
	for _, w := range waits {
		if tx.Now().Sub(w.since) < spared {
			continue
		}
		for _, p := range w.decides {
			is := func(o store.Person) bool { return o.ID == p.ID }
			here := slices.ContainsFunc(coordinators, is)
			if p.Recipient != 0 {
				of, err := tx.Recipient(ctx, p.Recipient)
				if err != nil {
					return nil, err
				}
				here = slices.Contains(r.Zones, of.Zone)
			}
			if here && !slices.ContainsFunc(people, is) {
				people = append(people, p)
			}
		}
	}
	return r.TellOnce(ctx, tx, people,
		func(p store.Person) string { return dialog.RoundWait + ":" + dialog.IDText(p.ID) })
}

// WaitsDue is what somebody reads in the morning while something waits for them.
func WaitsDue(ctx context.Context, tx store.Tx, p store.Person) (form.Screen, error) {
	waits, err := waitsOf(ctx, tx, p)
	if err != nil {
		return form.Screen{}, err
	}
	if !dialog.Reachable(p) || len(waits) == 0 {
		return form.Screen{}, store.ErrNotFound
	}
	return form.Screen{
		Body: []store.Text{
			store.Say("wait.due", "Count", strconv.Itoa(len(waits))),
		}, Buttons: WaitButtons(waits[:min(len(waits), mostWaits)]),
	}, nil
}
