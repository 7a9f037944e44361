package flows

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// facts are what a group is asked about: when it was and how. Its answer holds for these only.
func facts(v store.Visit) string {
	return strconv.FormatInt(v.Start.Unix()/60, 36) + "-" + string(v.Mode)
}

func askKey(v store.Visit) string { return "visit:" + idText(v.ID) }

// askGroup asks each officer whether a visit took place; not the mentor, in whatever role, nor who is tied to the mentor or to a sponsor of
// hers: see Who.mayBy.
func askGroup(ctx context.Context, tx store.Tx, who Who, of store.Recipient, v store.Visit) ([]store.Message, error) {
	card := askCard(who, of, v)
	list, err := toOfficers(ctx, tx, who, of.ID, store.Message{Key: askKey(v), Due: who.awake(tx.Now()), Body: card.Body, Buttons: card.Buttons})
	if err != nil {
		return nil, err
	}
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	p, err := author(ctx, tx, v.By)
	if err != nil {
		return nil, err
	}
	by, err := everyRole(ctx, tx, p)
	hands := by.marks()
	tied := func(id store.ID) bool { return slices.Contains(hands, id) }
	return slices.DeleteFunc(list, func(m store.Message) bool {
		return slices.ContainsFunc(members, func(p store.Person) bool {
			return p.Account == m.Chat && (tied(p.ID) || slices.ContainsFunc(p.Sponsors, tied))
		})
	}), err
}

// mayAsk tells whether somebody may ask a group once more what it says of a visit.
func (w Who) mayAsk(v store.Visit) bool {
	return w.may(askVisit, string(v.State), v.By) && v.Mode != store.Contact && v.Word.By == 0
}

// askAgain asks a group once more about a visit; a second tap on that day only says so again.
func (t *turn) askAgain(arg string) error {
	v, of, err := ownVisit(t.ctx, t.tx, t.who, idOf(arg))
	if err != nil {
		return err
	}
	if !t.who.mayAsk(v) {
		s, err := visitCard(t.ctx, t.tx, t.who, v, of)
		t.show(s)
		return err
	}
	by, err := author(t.ctx, t.tx, v.By)
	if err != nil {
		return err
	}
	who := t.who.at(t.tx.Now(), of)
	who.Name = by.Name // whose visit it was
	tell, err := askGroup(t.ctx, t.tx, who, of, v)
	if err != nil {
		return err
	}
	s := form.Screen{
		Body:    []store.Text{store.Say("visit.asks", "Count", strconv.Itoa(len(tell)))},
		Buttons: [][]store.Button{{{Text: store.Say("visit.open"), Data: "kunjungan:v" + arg}, {Text: store.Say("menu.tugas"), Data: "tugas:p0"}}},
	}
	if once := "visitask:" + arg + ":" + string(who.Today); t.s.Tapped != once {
		for _, m := range tell { // what waits for the morning is said once
			if err := t.tx.Withdraw(t.ctx, m.Chat, m.Key); err != nil {
				return err
			}
		}
		t.s.Tapped, s.Tell = once, tell
	}
	t.show(s)
	return nil
}

// askCard asks whether a visit took place.
func askCard(who Who, of store.Recipient, v store.Visit) form.Screen {
	data := "visitword:" + idText(v.ID) + ":" + facts(v)
	return form.Screen{
		Body: []store.Text{store.Say("visitword.ask", "Name", who.Name, "Group", of.Name, "At", who.moment(v.Start), "Mode", string(v.Mode), "Met", form.Join(v.Met))},
		Buttons: [][]store.Button{
			{{Text: store.Say("visitword.yes"), Data: data + ":y"}},
			{{Text: store.Say("visitword.no"), Data: data + ":n"}},
		},
	}
}

// unask tells those who were asked about a visit that it is not to be answered any more, and withdraws what still waits.
func unask(ctx context.Context, tx store.Tx, who Who, of store.Recipient, v store.Visit) ([]store.Message, error) {
	m := store.Message{Key: askKey(v), Body: []store.Text{store.Say("visitword.off", "Name", who.Name, "At", who.moment(v.Start))}}
	list, err := toOfficers(ctx, tx, who, of.ID, m)
	if err != nil {
		return nil, err
	}
	var tell []store.Message
	for _, m := range list {
		if err := tx.Withdraw(ctx, m.Chat, m.Key); err != nil {
			return nil, err
		}
		if m.Edit, err = tx.LastSent(ctx, m.Chat, m.Key); err != nil {
			return nil, err
		}
		if m.Edit != 0 {
			tell = append(tell, m)
		}
	}
	return tell, nil
}

// officerOf is the person as an officer of a recipient, in whatever role they speak just now.
func (w Who) officerOf(id store.ID) (Who, bool) {
	for _, p := range w.Account.People {
		if p.Recipient == id && slices.Contains(officers, p.Role) && p.Consent != "" {
			w.Person = p
			return w, true
		}
	}
	return w, false
}

// visitWord keeps what an officer says of a visit: "34:FACTS:y". The first word stands.
func visitWord(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	a := args(arg)
	id, of, yes := a.id(), a.word(), a.rest()
	v, err := tx.Visit(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	who, is := who.officerOf(v.Recipient)
	group, err := recipient(ctx, tx, who.Account, v.Recipient)
	if err == nil && !is {
		err = store.ErrNotFound
	}
	if err != nil {
		return form.Screen{}, err
	}
	who = who.at(tx.Now(), group)
	by, err := author(ctx, tx, v.By)
	if err != nil {
		return form.Screen{}, err
	}
	mentor := who
	mentor.Person = by
	logged, err := everyRole(ctx, tx, by)
	if err != nil {
		return form.Screen{}, err
	}
	switch {
	case v.State != store.VisitHeld:
		return form.Screen{Body: []store.Text{store.Say("visitword.off", "Name", by.Name, "At", who.moment(v.Start))}}, nil
	case of != facts(v):
		return askCard(mentor, group, v), nil
	case v.Word.By != 0:
		return wordOf(ctx, tx, who, v)
	case who.is(v.By):
		return form.Screen{Body: []store.Text{store.Say("visitword.own")}}, nil
	case !who.mayBy(confirmVisit, string(v.State), logged):
		return form.Screen{Body: []store.Text{store.Say("visitword.tied")}}, nil
	}
	tx.Act(who.actor())
	v.Word = store.Word{By: who.ID, At: tx.Now(), Yes: yes == "y", Sponsors: who.proposers()}
	what := "visit.confirmed"
	if !v.Word.Yes {
		what = "visit.denied"
	}
	if err := tx.PutVisit(ctx, what, &v); err != nil {
		return form.Screen{}, err
	}
	s, err := wordOf(ctx, tx, who, v)
	if !v.Word.Yes && reachable(by) {
		s.Tell = []store.Message{{
			Chat: by.Account, Body: []store.Text{store.Say("visitword.told", "Role", string(who.Role), "Group", group.Name, "At", who.moment(v.Start))},
			Buttons: [][]store.Button{{{Text: store.Say("visit.open"), Data: "kunjungan:v" + idText(id)}}},
		}}
	}
	return s, err
}

// doubtful is how far back visits about which one may wonder are shown to coordinators, and how many.
const (
	doubtful     = 14 * 24 * time.Hour
	mostDoubtful = 20
)

// wondered are the visits about which a coordinator may wonder.
func wondered(ctx context.Context, tx store.Tx, who Who) ([]store.Visit, error) {
	if who.Role != store.Coordinator {
		return nil, nil
	}
	return tx.Doubtful(ctx, who.Province, who.Regency, tx.Now().Add(-doubtful), near, short, mostDoubtful)
}

// wonders lists them; why is on each one's card. It accuses nobody: a time may be mistyped.
func wonders(ctx context.Context, tx store.Tx, who Who) (form.Screen, error) {
	list, err := wondered(ctx, tx, who)
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	s := form.Screen{Body: []store.Text{store.Say("desk.visits.head")}}
	for _, v := range list {
		of, err := tx.Recipient(ctx, v.Recipient)
		if err != nil {
			return s, err
		}
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("desk.visits.choice", "Group", of.Name, "At", who.at(tx.Now(), of).moment(v.Start)), Data: "desk:visit:" + idText(v.ID),
		}})
	}
	return s, err
}

// disputed is how far back a visit that a group denied is shown to coordinators.
const disputed = 60 * 24 * time.Hour

// disputes are the visits on which a mentor and a group say different things, for a coordinator.
func disputes(ctx context.Context, tx store.Tx, who Who) ([]store.Visit, error) {
	if who.Role != store.Coordinator {
		return nil, nil
	}
	return tx.Disputed(ctx, who.Province, who.Regency, tx.Now().Add(-disputed))
}

// twoWords is a visit, perhaps one on which a mentor and a group say different things.
func twoWords(ctx context.Context, tx store.Tx, who Who, id string) (form.Screen, error) {
	v, of, err := ownVisit(ctx, tx, who, idOf(id))
	if err == nil && !who.may(seeVisit, string(v.State), v.By) {
		err = store.ErrNotFound
	}
	if err != nil {
		return form.Screen{}, err
	}
	s, err := visitCard(ctx, tx, who, v, of)
	if v.State == store.VisitHeld && v.Word.By != 0 && !v.Word.Yes {
		s.Body = append(s.Body, store.Say("desk.visit.hint"))
	}
	return s, err
}

// wordOf says what was said of a visit and by whom.
func wordOf(ctx context.Context, tx store.Tx, who Who, v store.Visit) (form.Screen, error) {
	p, err := author(ctx, tx, v.Word.By)
	name := p.Name
	if who.is(p.ID) {
		name = ""
	}
	return form.Screen{Body: []store.Text{store.Say("visitword.done", "At", who.moment(v.Start), "Yes", mark(v.Word.Yes), "Name", name,
		"Said", who.moment(v.Word.At))}}, err
}
