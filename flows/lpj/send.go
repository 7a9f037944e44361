package lpj

import (
	"context"
	"errors"
	"slices"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// asMend is why something can't be done, when a person can mend it.
func asMend(err error) (store.Text, bool) {
	var mend form.Fixable
	ok := errors.As(err, &mend)
	return mend.Why, ok
}

// toMeter is the button that leads back to the checklist.
func toMeter() []store.Button {
	return []store.Button{{Text: store.Say("lpj.back"), Data: dialog.Data("lpj")}}
}

// Send shows what the mentor will get, and sends it when arg names what was shown.
func Send(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if s, asks, err := whose(ctx, tx, who); asks || err != nil {
		return s, err
	}
	l, err := Read(ctx, tx, who.For)
	if err != nil {
		return form.Screen{}, err
	}
	if !who.May(dialog.SendReport, string(l.report.State)) {
		return l.already(ctx, tx, who)
	}
	list := l.items(who)
	if i := slices.IndexFunc(list, func(i item) bool { return i.Code == "notas" }); i >= 0 {
		for _, r := range l.notas {
			if r.State == store.Unfinished || r.State == store.Returned {
				return form.Screen{
					Body: []store.Text{
						store.Say("lpjsend.notas", "Number", dialog.Number(r), "State", string(r.State)),
					},
					Buttons: [][]store.Button{
						{{Text: store.Say("receipt.open"), Data: dialog.Data("n", r.ID)}}, toMeter(),
					},
				}, nil
			}
		}
	}
	now := approval.ShortHash(l.content())
	if string(arg) == now {
		return l.send(ctx, tx, who)
	}
	s := form.Screen{Body: []store.Text{l.head(who), l.reconciled()}}
	if arg != "" {
		s.Body = append([]store.Text{store.Say("lpjsend.changed")}, s.Body...)
	}
	for _, g := range gaps(list) {
		if g.Before {
			s.Body = append(s.Body, g.line())
		}
	}
	s.Body = append(s.Body, store.Say("lpjsend.ask", "Late", dialog.Mark(l.due != "" && who.Today > l.due),
		"Day", string(l.due)))
	s.Buttons = [][]store.Button{{
		{Text: store.Say("lpjsend.yes"), Data: dialog.Data("lpjsend", now)},
		{Text: store.Say("lpjsend.no"), Data: dialog.Data("lpj")},
	}}
	return s, nil
}

// send gives it to the one who looks at it.
func (l Report) send(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	r := l.report
	r.Recipient, r.State, r.By, r.At = l.of.ID, store.ReportSent, who.ID, tx.Now()
	r.Late = r.Late || l.due != "" && who.Today > l.due
	r.Wrong = nil
	var err error
	if r.Hands, err = l.hands(ctx, tx, who.ID); err != nil {
		return form.Screen{}, err
	}
	if r.ID == 0 {
		err = tx.AddReport(ctx, "report.sent", &r)
	} else {
		err = tx.PutReport(ctx, "report.sent", &r)
	}
	if err != nil {
		return form.Screen{}, err
	}
	to, err := dialog.Judge(ctx, tx, l.of, r.Hands...)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: []store.Text{
			store.Say("lpjsend.done", "Role", string(to.Role), "Late", dialog.Mark(r.Late)), store.Say("lpj.promise"),
		},
		Buttons: [][]store.Button{toMeter()},
	}
	l.report = r
	if to.ID != 0 {
		card, err := l.cardFor(ctx, tx, who, to, who.Person)
		if err != nil {
			return s, err
		}
		s.Tell = []store.Message{{Chat: to.Account, Key: approval.ReportKey(r), Body: card.Body, Buttons: card.Buttons}}
	}
	more, err := dialog.ToOfficers(ctx, tx, who, l.of.ID, store.Message{
		Key: approval.ReportKey(r), Body: []store.Text{store.Say("lpjsend.told", "Name", who.Name, "Group", l.of.Name)},
		Buttons: approval.ToMeterOf(l.of),
	})
	s.Tell = append(s.Tell, more...)
	return s, err
}

// hands are all who had a hand in what an LPJ says: who sent it, wrote its parts, entered its movements and pictures,
// and their sponsors. Notas are looked at one by one, so those who entered them are not among these.
func (l Report) hands(ctx context.Context, tx store.Tx, sent store.ID) ([]store.ID, error) {
	list := dialog.WithHands(nil, sent)
	for _, c := range l.chapters {
		list = dialog.WithHands(list, c.By)
	}
	for _, e := range l.entries {
		if e.State == store.EntryStands {
			list = dialog.WithHands(list, e.By)
		}
	}
	for _, a := range l.annexes {
		if a.Dropped.IsZero() {
			list = dialog.WithHands(list, a.By)
		}
	}
	return dialog.Sponsored(ctx, tx, list)
}

// Joined adds somebody who changes what a sent LPJ says to those who had a hand in it. When that leaves it to somebody
// else to look at, they are told.
func Joined(ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient) ([]store.Message, error) {
	r, err := dialog.Newest(ctx, tx, of.ID)
	if err != nil || r.State != store.ReportSent {
		return nil, err
	}
	before, err := dialog.Judge(ctx, tx, of, r.Hands...)
	if err != nil {
		return nil, err
	}
	hands := dialog.WithHands(r.Hands, who.SelfAndProposers()...)
	if len(hands) == len(r.Hands) {
		return nil, nil
	}
	r.Hands = hands
	if err := tx.PutReport(ctx, "report.joined", &r); err != nil {
		return nil, err
	}
	to, err := dialog.Judge(ctx, tx, of, hands...)
	if err != nil || to.ID == 0 || to.ID == before.ID {
		return nil, err
	}
	l, err := Read(ctx, tx, of)
	if err != nil {
		return nil, err
	}
	by, err := dialog.Author(ctx, tx, r.By)
	if err != nil {
		return nil, err
	}
	card, err := l.cardFor(ctx, tx, who, to, by)
	return []store.Message{{Chat: to.Account, Key: approval.ReportKey(r), Body: card.Body, Buttons: card.Buttons}}, err
}

// already says how far it is, who decided so and when, to somebody who pressed too late.
func (l Report) already(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	r := l.report
	id, at := r.By, r.At
	if r.Review.By != 0 && r.Review.At.After(at) {
		id, at = r.Review.By, r.Review.At
	}
	if r.Upload.By != 0 {
		id, at = r.Upload.By, r.Upload.At
	}
	if r.Result.By != 0 {
		id, at = r.Result.By, r.Result.At
	}
	by, err := dialog.Author(ctx, tx, id)
	when := ""
	if !at.IsZero() {
		when = who.Moment(at)
	}
	state := string(r.State)
	if r.ID == 0 {
		state = string(store.ReportDrafted)
	}
	return form.Screen{
		Body: []store.Text{store.Say("lpj.already", "Group", l.of.Name, "State", state, "Name", by.Name, "At", when,
			"Single", dialog.Mark(l.of.Single))},
		Buttons: [][]store.Button{toMeter()},
	}, err
}
