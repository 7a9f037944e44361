package visit

import (
	"context"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// Plan asks when a group is to be visited ("g12"), or when instead ("v34"); "g12:2026-11-24:10.00" knows it already.
// The group's officers are told.
func Plan(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	v, of, err := aboutVisit(ctx, tx, who, about)
	if err != nil {
		return nil, err
	}
	if !mayVisit(who, v) || v.ID != 0 && v.State != store.VisitPlanned {
		return nil, form.Fixable{Why: store.Say("visit.closed", "Group", of.Name)}
	}
	who = when.At(who, tx.Now(), of)
	type plan struct {
		Day   store.Day
		Clock when.Hour
		Mode  store.VisitMode
	}
	late := func(p *plan) func(when.Hour) *store.Text {
		return func(h when.Hour) *store.Text {
			if h.On(p.Day, who.Zone).After(tx.Now()) {
				return nil
			}
			past := store.Say("visit.clock.past", "At", h.String())
			return &past
		}
	}
	questions := func(p *plan) ([]form.Question, error) {
		return []form.Question{
			form.Ask("day", &p.Day,
				when.Coming(who.Today)).Refuse(when.Past(who.Today)).Offer(nextDays(who.Today)...).Previous(
				when.DayOf(v,
					who)),
			form.Ask("clock", &p.Clock,
				when.Hours).Refuse(late(p)).Offer(when.SomeHours(late(p))...).Previous(when.ClockText(v, who)),
			form.Pick("mode", &p.Mode, modeChoices()).Default(store.InPerson).Previous(string(v.Mode)),
			form.Review(store.Say("visitplan.head", "Group", of.Name)),
		}, nil
	}
	submit := func(ctx context.Context, p plan, _ form.State) (form.Screen, error) {
		tx.Act(who.Actor())
		was, state := v.Start, "planned"
		v.By, v.State, v.Mode, v.Start = who.ID, store.VisitPlanned, p.Mode, p.Clock.On(p.Day, who.Zone)
		if v.ID == 0 {
			err = tx.AddVisit(ctx, "visit.planned", &v)
		} else {
			state, err = "moved", tx.PutVisit(ctx, "visit.moved", &v)
		}
		if err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{
			Body: []store.Text{store.Say("visitplan.done", "Group", of.Name, "At", who.Moment(v.Start))},
			Buttons: [][]store.Button{{
				{
					Text: store.Say("visit.open"), Data: dialog.Data("kunjungan", dialog.Letter("v", v.ID)),
				}, {Text: store.Say("kunjungan.all"), Data: dialog.Data("kunjungan", "p0")},
			}},
		}
		s.Tell, err = tellPlan(ctx, tx, who, of, v, state, was)
		return s, err
	}
	var known []form.Answer
	about.Word() // the visit, which was read above
	if day, clock := about.Word(), about.Rest(); day != "" {
		known = []form.Answer{{Name: "day", Text: day}, {Name: "clock", Text: clock}}
	}
	return form.New("visitplan", questions, submit).Knowing(known, ""), nil
}

// tellPlan tells a group's officers that a visit is planned, moved or cancelled; who has not heard of it hears nothing
// of its end.
func tellPlan(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, v store.Visit, state string, was time.Time,
) ([]store.Message, error) {
	old := ""
	if !was.IsZero() {
		old = who.Moment(was)
	}
	list, err := dialog.ToOfficers(ctx, tx, who, of.ID, store.Message{
		Key: "plan:" + dialog.IDText(v.ID), Due: when.Awake(who, tx.Now()),
		Body: []store.Text{store.Say("visitplan.told", "State", state, "Name", who.Name, "Group", of.Name,
			"At", who.Moment(v.Start), "Mode", string(v.Mode), "Was", old)},
	})
	if err != nil || v.State != store.VisitCancelled {
		return list, err
	}
	var tell []store.Message
	for _, m := range list {
		if err := tx.Withdraw(ctx, m.Chat, m.Key); err != nil {
			return nil, err
		}
		sent, err := tx.LastSent(ctx, m.Chat, m.Key)
		if err != nil {
			return nil, err
		}
		if sent != 0 {
			tell = append(tell, m)
		}
	}
	return tell, nil
}

// nextDays are the days for which most visits are planned.
func nextDays(today store.Day) (list []form.Choice[store.Day]) {
	for n := 1; n <= 3; n++ {
		list = append(list, form.Choice[store.Day]{
			Value: today.Add(n), Text: store.Say("visitplan.day.choice", "Value", string(today.Add(n))),
		})
	}
	return append(list, form.Choice[store.Day]{
		Value: today.Add(7), Text: store.Say("visitplan.day.choice", "Value", string(today.Add(7))),
	})
}
