package flows

import (
	"context"
	"errors"
	"slices"

	"pendamping/flows/form"
	"pendamping/store"
)

// asMend is why something can't be done, when a person can mend it.
func asMend(err error) (store.Text, bool) {
	var mend form.Mend
	ok := errors.As(err, &mend)
	return mend.Why, ok
}

// toMeter is the button that leads back to the checklist.
func toMeter() []store.Button {
	return []store.Button{{Text: store.Say("lpj.back"), Data: "lpj:"}}
}

// sendLPJ shows what the mentor will get, and sends it when arg names what was shown.
func sendLPJ(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	if s, asks, err := whose(ctx, tx, who); asks || err != nil {
		return s, err
	}
	l, err := readLPJ(ctx, tx, who.For)
	if err != nil {
		return form.Screen{}, err
	}
	if !who.may(sendReport, string(l.report.State)) {
		return l.already(ctx, tx, who)
	}
	list := l.items(who)
	if i := slices.IndexFunc(list, func(i item) bool { return i.Code == "notas" }); i >= 0 {
		for _, r := range l.notas {
			if r.State == store.Unfinished || r.State == store.Returned {
				return form.Screen{
					Body:    []store.Text{store.Say("lpjsend.notas", "Number", number(r), "State", string(r.State))},
					Buttons: [][]store.Button{{{Text: store.Say("receipt.open"), Data: "n:" + idText(r.ID)}}, toMeter()},
				}, nil
			}
		}
	}
	now := shortHash(l.content())
	if arg == now {
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
	s.Body = append(s.Body, store.Say("lpjsend.ask", "Late", mark(l.due != "" && who.Today > l.due), "Day", string(l.due)))
	s.Buttons = [][]store.Button{{{Text: store.Say("lpjsend.yes"), Data: "lpjsend:" + now}, {Text: store.Say("lpjsend.no"), Data: "lpj:"}}}
	return s, nil
}

// send gives it to the one who looks at it.
func (l lpj) send(ctx context.Context, tx store.Tx, who Who) (form.Screen, error) {
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
	to, err := judge(ctx, tx, l.of, r.Hands...)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body:    []store.Text{store.Say("lpjsend.done", "Role", string(to.Role), "Late", mark(r.Late)), store.Say("lpj.promise")},
		Buttons: [][]store.Button{toMeter()},
	}
	l.report = r
	if to.ID != 0 {
		card, err := l.cardFor(ctx, tx, who, to, who.Person)
		if err != nil {
			return s, err
		}
		s.Tell = []store.Message{{Chat: to.Account, Key: reportKey(r), Body: card.Body, Buttons: card.Buttons}}
	}
	more, err := toOfficers(ctx, tx, who, l.of.ID, store.Message{
		Key: reportKey(r), Body: []store.Text{store.Say("lpjsend.told", "Name", who.Name, "Group", l.of.Name)}, Buttons: toMeterOf(l.of),
	})
	s.Tell = append(s.Tell, more...)
	return s, err
}

// hands are all who had a hand in what an LPJ says: who sent it, wrote its parts, entered its movements and pictures, and their
// sponsors. Notas are looked at one by one, so those who entered them are not among these.
func (l lpj) hands(ctx context.Context, tx store.Tx, sent store.ID) ([]store.ID, error) {
	list := withHands(nil, sent)
	for _, c := range l.chapters {
		list = withHands(list, c.By)
	}
	for _, e := range l.entries {
		if e.State == store.EntryStands {
			list = withHands(list, e.By)
		}
	}
	for _, a := range l.annexes {
		if a.Dropped.IsZero() {
			list = withHands(list, a.By)
		}
	}
	return sponsored(ctx, tx, list)
}

// joined adds somebody who changes what a sent LPJ says to those who had a hand in it. When that leaves it to somebody else to look
// at, they are told.
func joined(ctx context.Context, tx store.Tx, who Who, of store.Recipient) ([]store.Message, error) {
	r, err := newest(ctx, tx, of.ID)
	if err != nil || r.State != store.ReportSent {
		return nil, err
	}
	before, err := judge(ctx, tx, of, r.Hands...)
	if err != nil {
		return nil, err
	}
	hands := withHands(r.Hands, who.marks()...)
	if len(hands) == len(r.Hands) {
		return nil, nil
	}
	r.Hands = hands
	if err := tx.PutReport(ctx, "report.joined", &r); err != nil {
		return nil, err
	}
	to, err := judge(ctx, tx, of, hands...)
	if err != nil || to.ID == 0 || to.ID == before.ID {
		return nil, err
	}
	l, err := readLPJ(ctx, tx, of)
	if err != nil {
		return nil, err
	}
	by, err := author(ctx, tx, r.By)
	if err != nil {
		return nil, err
	}
	card, err := l.cardFor(ctx, tx, who, to, by)
	return []store.Message{{Chat: to.Account, Key: reportKey(r), Body: card.Body, Buttons: card.Buttons}}, err
}

// sponsored are persons and their sponsors.
func sponsored(ctx context.Context, tx store.Tx, list []store.ID) ([]store.ID, error) {
	all := list
	for _, id := range list {
		p, err := tx.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		all = withHands(all, p.Sponsors...)
	}
	return all, nil
}

// toMeterOf is toMeter for somebody who may speak for several recipients.
func toMeterOf(of store.Recipient) [][]store.Button {
	return [][]store.Button{{{Text: store.Say("lpj.open", "Group", clip(of.Name, 24)), Data: "lpj:g" + idText(of.ID)}}}
}

func reportKey(r store.Report) string { return "lpj:" + idText(r.Recipient) }

// already says how far it is, who decided so and when, to somebody who pressed too late.
func (l lpj) already(ctx context.Context, tx store.Tx, who Who) (form.Screen, error) {
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
	by, err := author(ctx, tx, id)
	when := ""
	if !at.IsZero() {
		when = who.moment(at)
	}
	state := string(r.State)
	if r.ID == 0 {
		state = string(store.ReportDrafted)
	}
	return form.Screen{
		Body:    []store.Text{store.Say("lpj.already", "Group", l.of.Name, "State", state, "Name", by.Name, "At", when, "Single", mark(l.of.Single))},
		Buttons: [][]store.Button{toMeter()},
	}, err
}
