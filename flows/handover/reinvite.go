package handover

import (
	"context"
	"errors"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Reinvite makes a new invitation for somebody of a group who is not bound, and has lost the code or let it expire; arg
// is PERSON, then PERSON:INVITATION with the one that it ends. The ketua does it by her own word and gets the code.
// Others ask for it: it takes the way of a lost phone, so that the group agrees, or a coordinator without a hand in it,
// and who agreed gets the code; for a mentor another coordinator, where there is one.
func Reinvite(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, before := arg.ID(), arg.Word()
	p, err := tx.Person(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	of, back := who.For, dialog.Data("undang")
	group := of.Name
	switch {
	case who.Role == store.Chair:
		if p.Recipient != of.ID || !who.Theirs(of) {
			err = store.ErrNotFound
		}
	case p.Role == store.Mentor:
		_, of, err = ownMentor(ctx, tx, who, p.ID)
		group, back = "", dialog.Data("serahterima", dialog.Letter("m", p.ID))
	default:
		of, err = changeable(ctx, tx, who, p.Recipient)
		group, back = of.Name, dialog.Data("serahterima", dialog.Letter("g", of.ID))
	}
	if err != nil {
		return form.Screen{}, err
	}
	if p.Account != 0 {
		return form.Screen{Body: []store.Text{store.Say("reinvite.bound", "Name", p.Name)}}, nil
	}
	why, err := change.Contested(ctx, tx, store.Handover{Kind: store.PhoneLost, From: p.ID, Recipient: of.ID})
	if err != nil {
		return form.Screen{}, err
	}
	if why != nil {
		return form.Screen{Body: []store.Text{*why}}, nil
	}
	if of.ID == 0 {
		return reinviteMentor(ctx, tx, who, p, before)
	}
	newest, err := tx.InviteOf(ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return form.Screen{}, err
	}
	sure := before == dialog.IDText(newest.ID)
	err = alreadyAsked(ctx, tx, who, of, store.PhoneLost)
	var mend form.Fixable
	if errors.As(err, &mend) {
		return form.Screen{Body: []store.Text{mend.Why}}, nil
	}
	if err != nil {
		return form.Screen{}, err
	}
	alone := InvitesAlone(who, of)
	if !sure {
		return form.Screen{
			Body: []store.Text{store.Say("reinvite.ask", "Name", p.Name, "Role", string(p.Role), "Group", group,
				"Own", dialog.Mark(alone))},
			Buttons: [][]store.Button{
				{{Text: store.Say("reinvite.yes"), Data: dialog.Data("reinvite", p.ID, newest.ID)}},
				{{Text: store.Say("form.back"), Data: back}},
			},
		}, nil
	}
	h := store.Handover{Kind: store.PhoneLost, From: p.ID, Reason: who.Words(store.Say("reinvite.why"))}
	if alone {
		h.Agreed, h.AgreedAt = who.ID, tx.Now()
	}
	s, err := makeOrAsk(ctx, tx, who, []store.Recipient{of}, h)
	if errors.As(err, &mend) {
		return form.Screen{Body: []store.Text{mend.Why}}, nil
	}
	return s, err
}

// InvitesAlone tells whether the ketua's own word is enough for a new invitation: not where she looks after the group
// herself, nor where somebody made her ketua who could hold the invitation then.
func InvitesAlone(w dialog.Who, of store.Recipient) bool {
	return w.May(dialog.InviteMember, dialog.None, dialog.WithHands(w.EverySponsor(), of.Mentor, of.Regular)...)
}

// Unjoined shows the ketua who of the group has not joined, with a button to invite each again.
func Unjoined(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	list, err := t.Tx.Members(ctx, t.Who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	changes, err := t.Tx.HandoversOf(ctx, t.Who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body:    []store.Text{store.Say("undang.head", "Group", t.Who.For.Name)},
		Buttons: change.ReinviteButtons(list, changes),
	}
	for _, p := range list {
		if p.Account == 0 {
			s.Body = append(s.Body, store.Say("undang.line", "Name", p.Name, "Role", string(p.Role),
				"Stopped", dialog.Mark(change.Unsettled(changes, p))))
		}
	}
	if len(s.Body) == 1 {
		s.Body = []store.Text{store.Say("undang.none", "Group", t.Who.For.Name)}
	}
	return s, nil
}
