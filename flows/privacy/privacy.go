// Package privacy lets people see, correct and erase their data and withdraw their consent (UU 27/2022), and gives
// coordinators the desk at which these requests are answered.
package privacy

import (
	"context"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/store"
)

// Screen shows the notice, the consent and the person's requests, and the rights that they can use here (UU 27/2022).
// arg is "", "ask" and "yes:CONSENT" for a withdrawal, or "data" for a copy.
func Screen(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if arg == "data" {
		return ownData(ctx, tx, who)
	}
	c, err := tx.ConsentOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	yes := "yes:" + dialog.IDText(c.ID) // a button of before she agreed anew shows what holds now
	switch {
	case string(arg) == yes:
		return withdrawConsent(ctx, tx, who)
	case arg == "ask":
		return form.Screen{Body: []store.Text{store.Say("privasi.sure")}, Buttons: [][]store.Button{{
			{
				Text: store.Say("privasi.withdraw.yes"), Data: dialog.Data("privasi", yes),
			}, {Text: store.Say("privasi.withdraw.no"), Data: dialog.Data("privasi")},
		}}}, nil
	}
	list, err := tx.DataRequestsOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: []store.Text{
			store.Say("privacy.notice"),
			store.Say("privasi.given", "Day", string(store.DayOf(c.Given, who.Zone)), "Notice", c.Notice),
		},
		Buttons: [][]store.Button{
			{
				{Text: store.Say("privasi.data"), Data: dialog.Data("privasi", "data")},
				{Text: store.Say("privasi.correct"), Data: dialog.Data("correct")},
			},
			{
				{Text: store.Say("privasi.erase"), Data: dialog.Data("erase")},
				{Text: store.Say("privasi.withdraw"), Data: dialog.Data("privasi", "ask")},
			},
		},
	}
	for _, r := range list[:min(len(list), 5)] {
		if r.Open() {
			s.Body = append(s.Body, store.Say("privasi.open", "Kind", string(r.Kind), "Due", who.Moment(r.Due()),
				"Late", dialog.Mark(tx.Now().After(r.Due()))))
		} else {
			s.Body = append(s.Body, store.Say("privasi.answered", "Kind", string(r.Kind), "Outcome", string(r.Outcome),
				"Day", string(store.DayOf(r.Answered, who.Zone)), "Words", r.Reply))
		}
	}
	return s, nil
}

// withdrawConsent ends the consent at once. The coordinators hear of it, because the group may need somebody else.
func withdrawConsent(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	c, err := tx.ConsentOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if c.Withdrawn.IsZero() {
		c.Withdrawn = tx.Now()
		if err := tx.PutConsent(ctx, "consent.withdrawn", &c); err != nil {
			return form.Screen{}, err
		}
	}
	s := form.Screen{Body: []store.Text{store.Say("privasi.withdrawn")}}
	other, err := StepBack(ctx, tx, who.Account, who.ID)
	if err != nil {
		return s, err
	}
	if other.ID != 0 {
		way, err := invite.RoleChoice(ctx, tx, other)
		if err != nil {
			return s, err
		}
		s.Body, s.Buttons = append(s.Body, store.Say("privasi.others")), [][]store.Button{{way}}
	}
	r := dataRequest(who, store.RequestWithdrawal, tx.Now())
	lately, err := askedLately(ctx, tx, who, store.RequestWithdrawal)
	if err != nil {
		return s, err
	}
	r.Outcome, r.Answered = store.OutcomeWithdrawn, r.At
	if err := tx.AddDataRequest(ctx, "data.withdrawn", &r); err != nil || lately >= mostRequests {
		return s, err // who withdraws again and again is heard of no more today
	}
	if s.Tell, err = tellRequest(ctx, tx, who, r); err != nil {
		return s, err
	}
	absent, err := TellPresence(ctx, tx, who, who.Person, absentTold(who.Person))
	s.Tell = append(s.Tell, absent...)
	return s, err
}

// StepBack lets an account that speaks as a person who consents no more speak as another of its persons who does; the
// zero Person where there is none.
func StepBack(ctx context.Context, tx store.Tx, acc *store.Account, not store.ID) (store.Person, error) {
	if len(acc.People) == 0 || dialog.Speaker(*acc).ID != not {
		return store.Person{}, nil
	}
	i := slices.IndexFunc(acc.People, func(p store.Person) bool { return p.ID != not && p.Consent != "" })
	if i < 0 {
		return store.Person{}, nil
	}
	acc.Active = acc.People[i].ID
	return acc.People[i], tx.PutAccount(ctx, *acc)
}

// presenceTold is what is said of somebody who takes no part for now, or does so again: with the group's name, its
// mentor's, and whether the mentor reads it.
type presenceTold func(group, mentor, own string) store.Text

// TellPresence tells a person's ketua and mentor. Why is the person's own affair. Of a ketua the other officers hear.
func TellPresence(
	ctx context.Context, tx store.Tx, who dialog.Who, p store.Person, say presenceTold,
) ([]store.Message, error) {
	if p.Recipient == 0 {
		return nil, nil
	}
	of, err := tx.Recipient(ctx, p.Recipient)
	if err != nil {
		return nil, err
	}
	list, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	hears := func(o store.Person) bool {
		return o.Role == store.Chair || p.Role == store.Chair && slices.Contains(dialog.Officers, o.Role)
	}
	list = slices.DeleteFunc(list, func(o store.Person) bool { return !hears(o) })
	mentor, err := dialog.Author(ctx, tx, of.Mentor)
	if err != nil {
		return nil, err
	}
	told := map[int64]bool{p.Account: true, who.Person.Account: true}
	var tell []store.Message
	for _, o := range append(list, mentor) {
		if !dialog.Reachable(o) || told[o.Account] {
			continue
		}
		told[o.Account] = true
		said := say(of.Name, mentor.Name, dialog.Mark(o.ID == mentor.ID))
		tell = append(tell, store.Message{Chat: o.Account, Body: []store.Text{said}})
	}
	return tell, nil
}

// absentTold says that a person takes no part for now.
func absentTold(p store.Person) presenceTold {
	return func(group, mentor, own string) store.Text {
		return store.Say("absent.told", "Name", p.Name, "Role", string(p.Role), "Group", group, "Mentor", mentor,
			"Own", own)
	}
}
