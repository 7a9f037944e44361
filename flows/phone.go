package flows

import (
	"context"
	"slices"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// phone ties somebody who has lost their phone to a new one, or asks for that; about is a recipient, or mID for a mentor.
func phone(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	id, ofMentor := strings.CutPrefix(about, "m")
	var of store.Recipient
	var list []store.Person
	var err error
	if ofMentor {
		var p store.Person
		if p, of, err = ownMentor(ctx, tx, who, idOf(id)); err == nil {
			list = []store.Person{p}
		}
	} else if of, err = handed(ctx, tx, who, idOf(id)); err == nil {
		list, err = tx.Members(ctx, of.ID)
	}
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p store.Person) bool { return p.Account == 0 })
	if len(list) == 0 || of.ID == 0 {
		return nil, form.Mend{Why: store.Say("phone.nobody")}
	}
	if err := unasked(ctx, tx, who, of, store.PhoneLost); err != nil {
		return nil, err
	}
	type lost struct{ Who, Reason string }
	questions := func(l *lost) ([]form.Question, error) {
		q := form.Pick("who", &l.Who, persons(list))
		if len(list) == 1 {
			q.Default(idText(list[0].ID))
		}
		return []form.Question{q, form.Ask("reason", &l.Reason, inBrief).Whole(), form.Review(store.Say("phone.head", "Group", of.Name, "Mentor", mark(ofMentor)))}, nil
	}
	submit := func(ctx context.Context, l lost, _ form.State) (form.Screen, error) {
		return handOver(ctx, tx, who, []store.Recipient{of}, store.Handover{Kind: store.PhoneLost, From: idOf(l.Who), Reason: l.Reason})
	}
	return form.New("phone", questions, submit), nil
}

// dropPhone lets go of a person's account, makes the invitation for the new phone, and tells the old one.
func dropPhone(ctx context.Context, tx store.Tx, who Who, h store.Handover) ([]store.Message, error) {
	of, err := tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return nil, err
	}
	p, err := tx.Person(ctx, h.From)
	if err != nil {
		return nil, err
	}
	old := p.Account
	p.Account = 0
	if err := tx.PutPerson(ctx, "person.unbound", &p); err != nil {
		return nil, err
	}
	group := of.Name
	if p.Role == store.Mentor {
		group = ""
	}
	tell := []store.Message{{Chat: old, Body: []store.Text{store.Say("phone.old", "Name", p.Name, "Role", string(p.Role), "Group", group)}}}
	letter, err := bring(ctx, tx, who, of, p, h)
	return append(tell, letter...), err
}

// bring gives a new invitation to whoever passes it on: the group's mentor, who knows the people, else the one who asked.
func bring(ctx context.Context, tx store.Tx, who Who, of store.Recipient, p store.Person, h store.Handover) ([]store.Message, error) {
	group := of.Name
	if p.Role == store.Mentor {
		group = ""
	}
	letter, err := invite(ctx, tx, who, p, group)
	if err != nil {
		return nil, err
	}
	for _, id := range []store.ID{of.Mentor, h.By} {
		by, err := author(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if reachable(by) {
			return []store.Message{
				{Chat: by.Account, Body: []store.Text{store.Say("invite.pass", "Name", p.Name, "Kind", string(h.Kind))}},
				{Chat: by.Account, Body: []store.Text{letter}},
			}, nil
		}
	}
	return []store.Message{{Chat: who.Person.Account, Body: []store.Text{letter}}}, nil
}
