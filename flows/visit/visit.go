// Package visit plans and logs a mentor's visits, asks the group to confirm them, and records what came of them.
package visit

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/lpj"
	"pendamping/flows/parse"
	"pendamping/flows/when"
	"pendamping/store"
)

// logged is a visit as far as it is told.
type logged struct {
	store.Visit
	Day   store.Day
	Clock when.Hour
	Note  form.Told
	Photo []store.File
}

// Enter asks how a visit went: a new one of a group ("g12", "g12:phone"), or one that was planned or is to be corrected
// ("v34", "v34:change"). Of an ordinary one only who was met and what was done is asked; the review shows what is taken
// for granted and lets it be changed.
func Enter(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	v, of, err := aboutVisit(ctx, tx, who, about)
	if err != nil {
		return nil, err
	}
	if !mayVisit(who, v) || v.Mode == store.Contact {
		return nil, form.Fixable{Why: store.Say("visit.closed", "Group", of.Name)}
	}
	who = when.At(who, tx.Now(), of)
	last, err := tx.Visits(ctx, of.ID, 10)
	if err != nil {
		return nil, err
	}
	was := store.Visit{}
	if v.State == store.VisitHeld {
		was = v
	} else if v.Progress, err = lpj.HowFar(ctx, tx, of); err != nil {
		return nil, err
	}
	now, today := when.ClockOf(tx.Now(), who.Zone), who.Today
	questions := func(d *logged) ([]form.Question, error) {
		var qs []form.Question
		if d.Visit.Recipient = of.ID; of.Single {
			d.Met = []store.Role{store.Owner}
		} else {
			qs = append(qs,
				form.Several("met", &d.Met, metChoices(of)).Extract(metIn).Ticked(usual(last)...).Previous(was.Met...))
		}
		day := form.Ask("day", &d.Day,
			parse.Date(today)).Default(today).Refuse(when.NotYet(today)).Offer(dialog.Recent(today)...).Previous(
			when.DayOf(was, who))
		early := begun(d, tx.Now(), who)
		clock := form.Ask("clock", &d.Clock,
			when.Hours).Refuse(early).Offer(when.SomeHours(early)...).Previous(when.ClockText(was, who))
		if d.Day == today {
			clock.Default(now)
		}
		place := ""
		if d.Mode == store.InPerson {
			place = of.Village
		}
		qs = append(qs,
			form.Several("acts", &d.Acts, actChoices()).Extract(actCodes).Previous(was.Acts...),
			form.Pick("mode", &d.Mode,
				modeChoices()).Extract(modesIn).Default(store.InPerson).Previous(string(was.Mode)),
			day, clock,
			form.Ask("minutes", &d.Minutes,
				parse.Minutes).Default(wayOf(d.Mode).minutes).Offer(when.SomeMinutes()...).Previous(
				dialog.Count(was.Minutes)),
			form.Ask("place", &d.Place, form.Text).Default(place).Quiet().Exclusive().Previous(was.Place),
			form.Point("spot", &d.Spot),
			form.Ask("problem", &d.Problem,
				form.Text).Default("").Quiet().Exclusive().Extract(when.ProblemIn).Previous(was.Problem))
		if d.Problem != "" {
			qs = append(qs, form.Ask("followup", &d.FollowUp, form.Text).Exclusive().
				Offer(form.Choice[string]{Value: nothing, Text: store.Say("visit.followup.none")}))
		}
		if d.Problem != "" && d.FollowUp != nothing {
			qs = append(qs,
				form.Ask("due", &d.Due, when.Coming(today)).Refuse(when.Past(today)).Offer(when.SomeDays(today)...))
		}
		return append(qs,
			form.Tell("note", &d.Note).Extra(),
			form.Photo("photos", &d.Photo).Extra(),
			form.Review(store.Say("visit.head", "Group", of.Name, "Percent", strconv.Itoa(v.Progress)))), nil
	}
	submit := func(ctx context.Context, d logged, _ form.State) (form.Screen, error) {
		next := d.onto(v, who)
		return keepVisit(ctx, tx, who, of, v, next, append(d.Photo, d.Note.Voice...))
	}
	known, asked := knownVisit(who, v, about)
	return form.New("visit", questions, submit).Knowing(known, asked), nil
}

// nothing is the answer that there is no follow-up.
const nothing = "-"

// onto is the visit as it was told, kept in place of an earlier version of it.
func (d logged) onto(v store.Visit, who dialog.Who) store.Visit {
	next := d.Visit
	next.ID, next.Version, next.Recipient, next.By, next.At = v.ID, v.Version, v.Recipient, v.By, v.At
	if v.State == store.VisitPlanned {
		next.By = who.ID // another mentor may have planned it
	}
	next.Progress, next.Word, next.Solved = v.Progress, v.Word, v.Solved
	next.State, next.Start, next.Words = store.VisitHeld, d.Clock.On(d.Day, who.Zone), d.Note.Words
	if next.FollowUp == nothing || next.Problem == "" {
		next.FollowUp, next.Due = "", ""
	}
	if next.FollowUp != v.FollowUp {
		next.Solved = time.Time{}
	}
	return next
}

// aboutVisit is what a conversation about a visit is about: a new one of a group of theirs, or one that is kept.
func aboutVisit(
	ctx context.Context, tx store.Tx, who dialog.Who, about dialog.Args,
) (store.Visit, store.Recipient, error) {
	letter, id := about.Lettered()
	if letter == "v" {
		return ownVisit(ctx, tx, who, id)
	}
	of, err := ownGroup(ctx, tx, who, id)
	return store.Visit{Recipient: of.ID, By: who.ID, At: tx.Now()}, of, err
}

// ownGroup is a recipient of theirs.
func ownGroup(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Recipient, error) {
	of, err := dialog.Recipient(ctx, tx, who.Account, id)
	if err == nil && !who.Theirs(of) {
		err = store.ErrNotFound
	}
	return of, err
}

// ownVisit is a visit to a recipient of theirs.
func ownVisit(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Visit, store.Recipient, error) {
	v, err := tx.Visit(ctx, id)
	if err != nil {
		return v, store.Recipient{}, err
	}
	of, err := ownGroup(ctx, tx, who, v.Recipient)
	if err != nil {
		return store.Visit{}, store.Recipient{}, err
	}
	return v, of, nil
}

// usual are those who were met when last somebody was; the ketua before that.
func usual(last []store.Visit) []store.Role {
	for _, v := range last {
		if v.State == store.VisitHeld && len(v.Met) > 0 {
			return v.Met
		}
	}
	return []store.Role{store.Chair}
}

// knownVisit are the answers that a kept visit stands for, and what is asked first.
func knownVisit(who dialog.Who, v store.Visit, about dialog.Args) (known []form.Answer, asked string) {
	about.Word() // the visit, which was read before
	first := about.Rest()
	if v.ID == 0 {
		if first != "" {
			known = []form.Answer{{Name: "mode", Text: first}}
		}
		return known, ""
	}
	if v.State == store.VisitPlanned { // how it was meant; when it was held is taken anew
		return []form.Answer{{Name: "mode", Text: cmp.Or(first, string(v.Mode))}}, ""
	}
	for _, a := range []form.Answer{
		{Name: "mode", Text: string(v.Mode)}, {Name: "met", Text: form.Join(v.Met)},
		{Name: "acts", Text: form.Join(v.Acts)}, {Name: "day", Text: when.DayOf(v, who)},
		{
			Name: "clock", Text: when.ClockOf(v.Start, who.Zone).Typed(),
		}, {Name: "minutes", Text: dialog.Count(v.Minutes)}, {Name: "place", Text: v.Place},
		{Name: "spot", Text: v.Spot}, {Name: "problem", Text: v.Problem}, {Name: "note", Text: v.Words},
		{Name: "due", Text: string(v.Due)},
		{Name: "followup", Text: v.FollowUp},
	} {
		if a.Name == "followup" && a.Text == "" && v.Problem != "" {
			a.Text = nothing
		}
		if a.Text != "" {
			known = append(known, a)
		}
	}
	return known, first
}
