package handover

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// newTicket is what the button carries that goes to a phone which is let go: only who was told so can press it.
func newTicket() string {
	secret := make([]byte, 8)
	rand.Read(secret) // never fails
	return hex.EncodeToString(secret)
}

// askGroup shows a request to those of the group whose word it wants.
func askGroup(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover, w change.Wanted,
) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("handover.asked", "Role", change.AskedRole(w.Group))}}
	for _, p := range w.Group {
		card, err := agreeCard(ctx, tx, when.At(who.Reader(p), tx.Now(), of), h)
		if err != nil {
			return s, err
		}
		s.Tell = append(s.Tell, store.Message{
			Chat: p.Account, Body: card.Body, Buttons: card.Buttons, Key: change.Key(h),
		})
	}
	return s, nil
}

// agreeCard asks somebody of a group whether a request is theirs.
func agreeCard(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) (form.Screen, error) {
	s, err := change.Card(ctx, tx, who, h)
	if err != nil || h.State != store.HandoverAsked {
		return s, err
	}
	answer := func(word string) string { return dialog.Data("agree", h.ID, h.Version, word) }
	s.Body = append(s.Body, store.Say("agree.ask", "Kind", change.Kind(h)))
	s.Buttons = [][]store.Button{
		{{Text: store.Say("agree.yes"), Data: answer("y")}}, {{Text: store.Say("agree.no"), Data: answer("n")}},
	}
	return s, nil
}

// Agree keeps the word of somebody of the group on a change of its people: "34:VERSION:y". Without a version it
// shows the card.
func Agree(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, version, yes := arg.ID(), arg.Number(), arg.Rest()
	h, err := tx.Handover(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	who, is := change.MemberOf(who, h.Recipient)
	theirs, err := change.OfGroup(ctx, tx, h)
	if err == nil && !(is && theirs) {
		err = store.ErrNotFound
	}
	if err != nil {
		return form.Screen{}, err
	}
	of, err := dialog.Recipient(ctx, tx, who.Account, h.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	who = when.At(who, tx.Now(), of)
	w, err := change.Wants(ctx, tx, of, h)
	if err != nil {
		return form.Screen{}, err
	}
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil {
		return form.Screen{}, err
	}
	switch {
	case h.State != store.HandoverAsked:
		return change.Card(ctx, tx, who, h)
	case h.Agreed != 0:
		p, err := dialog.Author(ctx, tx, h.Agreed)
		return form.Screen{Body: []store.Text{store.Say("agree.before", "Name", p.Name, "At", who.Moment(h.AgreedAt))}},
			err
	case !who.May(dialog.AgreeHandover, string(h.State), change.Involved(by, h)...),
		!slices.ContainsFunc(w.Group, func(p store.Person) bool { return p.ID == who.ID }):
		return form.Screen{Body: []store.Text{store.Say("agree.other")}}, nil
	case version != h.Version || yes != "y" && yes != "n":
		return agreeCard(ctx, tx, who, h)
	}
	tx.Act(who.Actor())
	for _, p := range w.Group { // what waits to be said about the request is over
		if err := tx.Withdraw(ctx, p.Account, change.Key(h)); err != nil {
			return form.Screen{}, err
		}
	}
	if yes == "n" {
		return refuse(ctx, tx, who, of, h)
	}
	if why, err := change.Contested(ctx, tx, h); why != nil || err != nil {
		if err != nil {
			return form.Screen{}, err
		}
		return form.Screen{Body: []store.Text{*why}}, nil
	}
	old, err := outdated(ctx, tx, h)
	if err != nil {
		return form.Screen{}, err
	}
	if old {
		return form.Screen{Body: []store.Text{store.Say("handover.outdated")}}, nil
	}
	h.Agreed, h.AgreedAt = who.ID, tx.Now()
	if w.Coordinator {
		if err := tx.PutHandover(ctx, "handover.agreed", &h); err != nil {
			return form.Screen{}, err
		}
		s, err := askCoordinators(ctx, tx, who, []store.Handover{h})
		s.Body[0] = store.Say("agree.next")
		return s, err
	}
	h.State, h.Decided, h.DecidedAt = store.HandoverDone, who.ID, tx.Now()
	if err := tx.PutHandover(ctx, "handover.done", &h); err != nil {
		return form.Screen{}, err
	}
	return carriedOut(ctx, tx, who, []store.Handover{h})
}

// refuse ends a request for the group: whoever asked is told, and so are the coordinators, who may want to know why
// it was asked.
func refuse(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover,
) (form.Screen, error) {
	h.State, h.Decided, h.DecidedAt = store.HandoverDeclined, who.ID, tx.Now()
	if err := tx.PutHandover(ctx, "handover.refused", &h); err != nil {
		return form.Screen{}, err
	}
	card, err := change.Card(ctx, tx, who, asBefore(h))
	if err != nil {
		return form.Screen{}, err
	}
	if err := dropNew(ctx, tx, h); err != nil {
		return form.Screen{}, err
	}
	refused := store.Say("agree.refused.told", "Name", who.Name, "Role", string(who.Role), "Group", of.Name)
	said := append([]store.Text{refused}, card.Body[:2]...)
	s := form.Screen{Body: []store.Text{store.Say("agree.refused")}}
	told := map[int64]bool{who.Person.Account: true}
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil {
		return s, err
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	for _, p := range append([]store.Person{by}, list...) {
		if dialog.Reachable(p) && !told[p.Account] {
			told[p.Account] = true
			s.Tell = append(s.Tell, store.Message{Chat: p.Account, Body: said})
		}
	}
	return s, err
}

// asBefore is a request as it was while it waited.
func asBefore(h store.Handover) store.Handover {
	h.State = store.HandoverAsked
	return h
}

// tellGroup tells everybody of a recipient who is bound of a change of its people, with the button for those who know
// nothing of it; not the one who does it, nor the one whom it brings.
func tellGroup(
	ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover, said store.Text, not ...store.ID,
) ([]store.Message, error) {
	list, err := tx.Members(ctx, h.Recipient)
	if err != nil {
		return nil, err
	}
	told := map[int64]bool{who.Person.Account: true}
	var tell []store.Message
	for _, p := range list {
		if !dialog.Reachable(p) || told[p.Account] || slices.Contains(not, p.ID) {
			continue
		}
		told[p.Account] = true
		tell = append(tell, store.Message{
			Chat: p.Account, Body: []store.Text{said}, Buttons: [][]store.Button{{change.NotUsButton(h, "")}},
		})
	}
	return tell, nil
}
