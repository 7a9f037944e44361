package handover

import (
	"context"
	"errors"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Phone ties somebody who has lost their phone to a new one, or asks for that; about is a recipient, or mID for a
// mentor.
func Phone(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	letter, id := about.Lettered()
	ofMentor := letter == "m"
	var of store.Recipient
	var list []store.Person
	var err error
	if ofMentor {
		var p store.Person
		if p, of, err = ownMentor(ctx, tx, who, id); err == nil {
			list = []store.Person{p}
		}
	} else if of, err = changeable(ctx, tx, who, id); err == nil {
		list, err = tx.Members(ctx, of.ID)
	}
	if err != nil {
		return nil, err
	}
	if list, err = rebound(ctx, tx, list); err != nil {
		return nil, err
	}
	if len(list) == 0 || of.ID == 0 {
		return nil, form.Fixable{Why: store.Say("phone.nobody")}
	}
	if err := alreadyAsked(ctx, tx, who, of, store.PhoneLost); err != nil {
		return nil, err
	}
	stopped := map[string]*store.Text{}
	for _, p := range list {
		why, err := change.Contested(ctx, tx, store.Handover{Kind: store.PhoneLost, From: p.ID, Recipient: of.ID})
		if err != nil {
			return nil, err
		}
		if stopped[dialog.IDText(p.ID)] = why; why != nil && len(list) == 1 {
			return nil, form.Fixable{Why: *why}
		}
	}
	type lost struct{ Who, Reason string }
	questions := func(l *lost) ([]form.Question, error) {
		q := form.Pick("who", &l.Who, persons(list)).Refuse(func(id string) *store.Text { return stopped[id] })
		if len(list) == 1 {
			q.Default(dialog.IDText(list[0].ID))
		}
		review := form.Review(store.Say("phone.head", "Group", of.Name, "Mentor", dialog.Mark(ofMentor)))
		return []form.Question{q, form.Ask("reason", &l.Reason, dialog.InBrief).Exclusive(), review}, nil
	}
	submit := func(ctx context.Context, l lost, _ form.State) (form.Screen, error) {
		return makeOrAsk(ctx, tx, who, []store.Recipient{of}, store.Handover{
			Kind: store.PhoneLost, From: dialog.IDOf(l.Who), Reason: l.Reason,
		})
	}
	return form.New("phone", questions, submit), nil
}

// rebound are those who can get another phone: who is bound, and who was but has no invitation any more with which to
// come back.
func rebound(ctx context.Context, tx store.Tx, list []store.Person) (able []store.Person, err error) {
	for _, p := range list {
		if p.Account == 0 {
			i, err := tx.InviteOf(ctx, p.ID)
			if errors.Is(err, store.ErrNotFound) || err == nil && i.Used.IsZero() && i.Revoked.IsZero() &&
				!tx.Now().After(i.Expires) {
				continue
			}
			if err != nil {
				return nil, err
			}
		}
		able = append(able, p)
	}
	return able, nil
}

// dropPhone lets go of a person's account, makes the invitation for the new phone, and tells the old one and the group.
func dropPhone(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) ([]store.Message, error) {
	of, err := tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return nil, err
	}
	p, err := tx.Person(ctx, h.From)
	if err != nil {
		return nil, err
	}
	carrier, err := change.CarrierOf(ctx, tx, who, h)
	if err != nil {
		return nil, err
	}
	old := p.Account
	if err := dialog.Rebind(ctx, tx, &p, 0); err != nil {
		return nil, err
	}
	if p.Sponsors, err = change.WithProposers(ctx, tx, h, p, carrier); err != nil {
		return nil, err
	}
	if err := tx.PutPerson(ctx, "person.unbound", &p); err != nil {
		return nil, err
	}
	group := of.Name
	if p.Role == store.Mentor {
		group = ""
	}
	var tell []store.Message
	if old != 0 {
		tell = append(tell, store.Message{
			Chat: old, Body: []store.Text{
				store.Say("phone.old", "Name", p.Name, "Role", string(p.Role), "Group", group),
			},
			Buttons: [][]store.Button{{change.NotUsButton(h, h.Ticket)}},
		})
	}
	if p.Role != store.Mentor {
		before, err := tx.InviteOf(ctx, p.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		said := store.Say("phone.told", "Bound", dialog.Mark(old != 0), "Name", p.Name, "Role", string(p.Role),
			"Group", of.Name, "To", carrier.Name)
		more, err := tellGroup(ctx, tx, who, h, said, p.ID)
		if err != nil {
			return nil, err
		}
		tell = append(tell, more...)
		by, err := dialog.Author(ctx, tx, h.By)
		if err != nil {
			return nil, err
		}
		if by.Role == store.Chair { // what she does by her own word is seen from outside
			if by, err = dialog.Author(ctx, tx, of.Mentor); err != nil {
				return nil, err
			}
		}
		hear := []store.Person{by}
		if before.Used.IsZero() && before.Revoked.IsZero() {
			for _, id := range before.Held { // what they hold lets nobody in any more
				o, err := dialog.Author(ctx, tx, id)
				if err != nil {
					return nil, err
				}
				hear = append(hear, o)
			}
		}
		told := map[int64]bool{who.Person.Account: true, carrier.Account: true}
		for _, o := range hear {
			if dialog.Reachable(o) && !told[o.Account] {
				told[o.Account] = true
				tell = append(tell, store.Message{Chat: o.Account, Body: []store.Text{said}})
			}
		}
	}
	letter, err := change.GiveInvite(ctx, tx, who, of, p, h, carrier)
	return append(tell, letter...), err
}
