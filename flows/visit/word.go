package visit

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// Facts are what a group is asked about: when it was and how. Its answer holds for these only.
func Facts(v store.Visit) string {
	return strconv.FormatInt(v.Start.Unix()/60, 36) + "-" + string(v.Mode)
}

func askKey(v store.Visit) string { return "visit:" + dialog.IDText(v.ID) }

// askGroup asks each officer whether a visit took place; not the mentor, in whatever role, nor who is tied to the
// mentor or to a sponsor of hers: see Who.MayBy.
func askGroup(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, v store.Visit,
) ([]store.Message, error) {
	card := askCard(who, of, v)
	list, err := dialog.ToOfficers(ctx, tx, who, of.ID, store.Message{
		Key: askKey(v), Due: when.Awake(who, tx.Now()), Body: card.Body, Buttons: card.Buttons,
	})
	if err != nil {
		return nil, err
	}
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	p, err := dialog.Author(ctx, tx, v.By)
	if err != nil {
		return nil, err
	}
	by, err := dialog.EveryRole(ctx, tx, p)
	hands := by.SelfAndProposers()
	tied := func(id store.ID) bool { return slices.Contains(hands, id) }
	return slices.DeleteFunc(list, func(m store.Message) bool {
		return slices.ContainsFunc(members, func(p store.Person) bool {
			return p.Account == m.Chat && (tied(p.ID) || slices.ContainsFunc(p.Sponsors, tied))
		})
	}), err
}

// mayAsk tells whether somebody may ask a group once more what it says of a visit.
func mayAsk(w dialog.Who, v store.Visit) bool {
	return w.May(dialog.AskVisit, string(v.State), v.By) && v.Mode != store.Contact && v.Word.By == 0
}

// AskAgain asks a group once more about a visit; a second tap on that day only says so again.
func AskAgain(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	v, of, err := ownVisit(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if !mayAsk(t.Who, v) {
		return visitCard(ctx, t.Tx, t.Who, v, of)
	}
	by, err := dialog.Author(ctx, t.Tx, v.By)
	if err != nil {
		return form.Screen{}, err
	}
	who := when.At(t.Who, t.Tx.Now(), of)
	who.Name = by.Name // whose visit it was
	tell, err := askGroup(ctx, t.Tx, who, of, v)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: []store.Text{store.Say("visit.asks", "Count", strconv.Itoa(len(tell)))},
		Buttons: [][]store.Button{{
			{Text: store.Say("visit.open"), Data: dialog.Data("kunjungan", dialog.Letter("v", v.ID))},
			{Text: store.Say("menu.tugas"), Data: dialog.Data("tugas", "p0")},
		}},
	}
	if once := "visitask:" + dialog.IDText(v.ID) + ":" + string(who.Today); t.Session.Tapped != once {
		for _, m := range tell { // what waits for the morning is said once
			if err := t.Tx.Withdraw(ctx, m.Chat, m.Key); err != nil {
				return form.Screen{}, err
			}
		}
		t.Session.Tapped, s.Tell = once, tell
	}
	return s, nil
}

// askCard asks whether a visit took place.
func askCard(who dialog.Who, of store.Recipient, v store.Visit) form.Screen {
	answer := func(word string) string { return dialog.Data("visitword", v.ID, Facts(v), word) }
	return form.Screen{
		Body: []store.Text{store.Say("visitword.ask", "Name", who.Name, "Group", of.Name, "At", who.Moment(v.Start),
			"Mode", string(v.Mode), "Met", form.Join(v.Met))},
		Buttons: [][]store.Button{
			{{Text: store.Say("visitword.yes"), Data: answer("y")}},
			{{Text: store.Say("visitword.no"), Data: answer("n")}},
		},
	}
}

// unask tells those who were asked about a visit that it is not to be answered any more, and withdraws what still
// waits.
func unask(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, v store.Visit,
) ([]store.Message, error) {
	m := store.Message{
		Key: askKey(v), Body: []store.Text{store.Say("visitword.off", "Name", who.Name, "At", who.Moment(v.Start))},
	}
	list, err := dialog.ToOfficers(ctx, tx, who, of.ID, m)
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
func officerOf(w dialog.Who, id store.ID) (dialog.Who, bool) {
	for _, p := range w.Account.People {
		if p.Recipient == id && slices.Contains(dialog.Officers, p.Role) && p.Consent != "" {
			w.Person = p
			return w, true
		}
	}
	return w, false
}

// Word keeps what an officer says of a visit: "34:FACTS:y". The first word stands.
func Word(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, of, yes := arg.ID(), arg.Word(), arg.Rest()
	v, err := tx.Visit(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	who, is := officerOf(who, v.Recipient)
	group, err := dialog.Recipient(ctx, tx, who.Account, v.Recipient)
	if err == nil && !is {
		err = store.ErrNotFound
	}
	if err != nil {
		return form.Screen{}, err
	}
	who = when.At(who, tx.Now(), group)
	by, err := dialog.Author(ctx, tx, v.By)
	if err != nil {
		return form.Screen{}, err
	}
	mentor := who
	mentor.Person = by
	logged, err := dialog.EveryRole(ctx, tx, by)
	if err != nil {
		return form.Screen{}, err
	}
	switch {
	case v.State != store.VisitHeld:
		return form.Screen{Body: []store.Text{store.Say("visitword.off", "Name", by.Name, "At", who.Moment(v.Start))}},
			nil
	case of != Facts(v):
		return askCard(mentor, group, v), nil
	case v.Word.By != 0:
		return wordOf(ctx, tx, who, v)
	case who.Is(v.By):
		return form.Screen{Body: []store.Text{store.Say("visitword.own")}}, nil
	case !who.MayBy(dialog.ConfirmVisit, string(v.State), logged):
		return form.Screen{Body: []store.Text{store.Say("visitword.tied")}}, nil
	}
	tx.Act(who.Actor())
	v.Word = store.Word{By: who.ID, At: tx.Now(), Yes: yes == "y", Sponsors: who.Proposers()}
	what := "visit.confirmed"
	if !v.Word.Yes {
		what = "visit.denied"
	}
	if err := tx.PutVisit(ctx, what, &v); err != nil {
		return form.Screen{}, err
	}
	s, err := wordOf(ctx, tx, who, v)
	if !v.Word.Yes && dialog.Reachable(by) {
		s.Tell = []store.Message{{
			Chat: by.Account, Body: []store.Text{
				store.Say("visitword.told", "Role", string(who.Role), "Group", group.Name, "At", who.Moment(v.Start)),
			},
			Buttons: [][]store.Button{
				{{Text: store.Say("visit.open"), Data: dialog.Data("kunjungan", dialog.Letter("v", id))}},
			},
		}}
	}
	return s, err
}

// doubtful is how far back visits about which one may wonder are shown to coordinators, and how many.
const (
	doubtful     = 14 * 24 * time.Hour
	mostDoubtful = 20
)

// Wondered are the visits about which a coordinator may wonder.
func Wondered(ctx context.Context, tx store.Tx, who dialog.Who) ([]store.Visit, error) {
	if who.Role != store.Coordinator {
		return nil, nil
	}
	return tx.Doubtful(ctx, who.Province, who.Regency, tx.Now().Add(-doubtful), near, short, mostDoubtful)
}

// Wonders lists them; why is on each one's card. It accuses nobody: a time may be mistyped.
func Wonders(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	list, err := Wondered(ctx, tx, who)
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
			Text: store.Say(
				"desk.visits.choice", "Group", of.Name, "At", when.At(who, tx.Now(), of).Moment(v.Start),
			), Data: dialog.Data("desk", "visit", v.ID),
		}})
	}
	return s, err
}

// disputed is how far back a visit that a group denied is shown to coordinators.
const disputed = 60 * 24 * time.Hour

// Disputes are the visits on which a mentor and a group say different things, for a coordinator.
func Disputes(ctx context.Context, tx store.Tx, who dialog.Who) ([]store.Visit, error) {
	if who.Role != store.Coordinator {
		return nil, nil
	}
	return tx.Disputed(ctx, who.Province, who.Regency, tx.Now().Add(-disputed))
}

// TwoWords is a visit, perhaps one on which a mentor and a group say different things.
func TwoWords(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (form.Screen, error) {
	v, of, err := ownVisit(ctx, tx, who, id)
	if err == nil && !who.May(dialog.SeeVisit, string(v.State), v.By) {
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
func wordOf(ctx context.Context, tx store.Tx, who dialog.Who, v store.Visit) (form.Screen, error) {
	p, err := dialog.Author(ctx, tx, v.Word.By)
	name := p.Name
	if who.Is(p.ID) {
		name = ""
	}
	return form.Screen{Body: []store.Text{store.Say("visitword.done", "At", who.Moment(v.Start),
		"Yes", dialog.Mark(v.Word.Yes), "Name", name,
		"Said", who.Moment(v.Word.At))}}, err
}
