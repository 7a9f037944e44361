package visit

import (
	"context"
	"errors"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/flows/when"
	"pendamping/store"
)

// Miss asks why a visit came to nothing: a group's ("g12"), a planned one, or one whose reason is to be corrected
// ("v34").
func Miss(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	v, of, err := aboutVisit(ctx, tx, who, about)
	if err != nil {
		return nil, err
	}
	if !mayVisit(who, v) || v.State == store.VisitHeld {
		return nil, form.Fixable{Why: store.Say("visit.closed", "Group", of.Name)}
	}
	who = when.At(who, tx.Now(), of)
	type missed struct {
		Reason string
		Day    store.Day
		Words  string
	}
	var choices []form.Choice[string]
	for _, h := range hindrances {
		choices = append(choices, form.Choice[string]{Value: h, Text: store.Say("hindrance." + h)})
	}
	questions := func(m *missed) ([]form.Question, error) {
		return []form.Question{
			form.Pick("reason", &m.Reason, choices).Previous(v.Reason),
			form.Ask("day", &m.Day,
				parse.Date(who.Today)).Default(who.Today).Refuse(when.NotYet(who.Today)).Offer(
				dialog.Recent(who.Today)...),
			form.Ask("words", &m.Words, form.Text).Default("").Quiet().Exclusive().Previous(v.Words),
			form.Review(store.Say("visitmiss.head", "Group", of.Name)),
		}, nil
	}
	submit := func(ctx context.Context, m missed, _ form.State) (form.Screen, error) {
		tx.Act(who.Actor())
		if v.State != store.VisitPlanned || store.DayOf(v.Start, who.Zone) != m.Day {
			v.Start = when.ClockOf(tx.Now(), who.Zone).On(m.Day, who.Zone)
		}
		if v.Mode == "" {
			v.Mode = store.InPerson
		}
		v.By, v.State, v.Reason, v.Words = who.ID, store.VisitMissed, m.Reason, m.Words
		if v.ID == 0 {
			err = tx.AddVisit(ctx, "visit.missed", &v)
		} else {
			err = tx.PutVisit(ctx, "visit.missed", &v)
		}
		if err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("visitmiss.done", "Group", of.Name, "Day", string(m.Day))}}
		again := []store.Button{
			{Text: store.Say("group.replan"), Data: dialog.Data("visitplan", dialog.Letter("g", of.ID))},
			{Text: store.Say("kunjungan.all"), Data: dialog.Data("kunjungan", "p0")},
		}
		if m.Reason == unsafe {
			s.Body = append(s.Body, store.Say("visitmiss.safe"))
			s.Buttons = [][]store.Button{{{Text: store.Say("visitmiss.tell"), Data: dialog.Data("unsafe", v.ID)}}}
		}
		s.Buttons = append(s.Buttons, again)
		return s, nil
	}
	var known []form.Answer
	about.Word() // the visit, which was read above
	first := about.Rest()
	if v.State == store.VisitMissed {
		known = []form.Answer{{Name: "reason", Text: v.Reason}, {Name: "day", Text: when.DayOf(v, who)}}
		if v.Words != "" {
			known = append(known, form.Answer{Name: "words", Text: v.Words})
		}
	}
	return form.New("visitmiss", questions, submit).Knowing(known, first), nil
}

// Unsafely tells the coordinators; the second of two quick taps only says so again.
func Unsafely(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	s, err := tellUnsafe(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if t.TappedTwice() {
		s.Tell = nil
	}
	t.Tap()
	return s, nil
}

// tellUnsafe tells the coordinators of the place that a mentor could not go somewhere safely, once.
func tellUnsafe(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (form.Screen, error) {
	v, of, err := ownVisit(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	if !who.May(dialog.ChangeVisit, string(v.State), v.By) || v.Reason != unsafe {
		return form.Screen{}, store.ErrNotFound
	}
	who = when.At(who, tx.Now(), of)
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	if err != nil {
		return form.Screen{}, err
	}
	key, told := "unsafe:"+dialog.IDText(v.ID), 0
	s := form.Screen{}
	for _, p := range list {
		if !dialog.Reachable(p) || who.Is(p.ID) {
			continue
		}
		told++
		sent, err := tx.LastSent(ctx, p.Account, key)
		if err != nil {
			return s, err
		}
		if _, err := tx.Queued(ctx, p.Account, key); sent != 0 || err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return s, err
		}
		s.Tell = append(s.Tell, store.Message{
			Chat: p.Account, Key: key,
			Body: []store.Text{store.Say("unsafe.told", "Name", who.Name, "Group", of.Name, "Regency", of.Regency,
				"At", who.Moment(v.Start), "Words", v.Words)},
			Buttons: [][]store.Button{{{Text: store.Say("visit.open"), Data: dialog.Data("desk", "visit", v.ID)}}},
		})
	}
	s.Body = []store.Text{store.Say("unsafe.done", "Count", dialog.Count(told))}
	s.Buttons = [][]store.Button{{{
		Text: store.Say("kunjungan.group", "Group", of.Name), Data: dialog.Data("kunjungan", dialog.Letter("g", of.ID)),
	}}}
	return s, nil
}
