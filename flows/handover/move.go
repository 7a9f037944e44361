package handover

import (
	"context"
	"slices"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// mostNear is how many mentors a question offers.
const mostNear = 20

// nearby are the mentors to whom a recipient can go, as choices; a stand-in must be one who uses the bot.
func nearby(ctx context.Context, tx store.Tx, of store.Recipient, reached bool) ([]form.Choice[string], error) {
	now, err := dialog.Author(ctx, tx, of.Mentor)
	if err != nil {
		return nil, err
	}
	list, err := tx.MentorsNear(ctx, of.Province, of.Regency, now.Organisation)
	var choices []form.Choice[string]
	for _, p := range list {
		if p.ID == of.Mentor || reached && !dialog.Reachable(p) || len(choices) == mostNear {
			continue
		}
		choices = append(choices, form.Choice[string]{
			Value: dialog.IDText(p.ID), Show: p.Name, Text: store.Say("move.mentor", "Name", p.Name,
				"Bound", dialog.Mark(dialog.Reachable(p))),
		})
	}
	return choices, err
}

// Move gives a recipient to another mentor, or asks for that.
func Move(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	of, err := changeable(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	if err := alreadyAsked(ctx, tx, who, of, store.MentorMoves); err != nil {
		return nil, err
	}
	choices, err := nearby(ctx, tx, of, false)
	if err != nil {
		return nil, err
	}
	if len(choices) == 0 {
		return nil, form.Fixable{Why: store.Say("move.nobody")}
	}
	type moving struct{ To, Reason string }
	questions := func(m *moving) ([]form.Question, error) {
		return []form.Question{
			form.Pick("to", &m.To, choices),
			form.Ask("reason", &m.Reason, dialog.InBrief).Exclusive(),
			form.Review(store.Say("move.head", "Group", of.Name)),
		}, nil
	}
	submit := func(ctx context.Context, m moving, _ form.State) (form.Screen, error) {
		return makeOrAsk(ctx, tx, who, []store.Recipient{of}, store.Handover{
			Kind: store.MentorMoves, From: of.Mentor, To: dialog.IDOf(m.To), Reason: m.Reason,
		})
	}
	return form.New("move", questions, submit), nil
}

// lent are the recipients that somebody may give to a stand-in: one, or, for mID, all of that mentor's in their scope.
func lent(ctx context.Context, tx store.Tx, who dialog.Who, about dialog.Args) ([]store.Recipient, error) {
	letter, id := about.Lettered()
	if letter != "m" {
		of, err := changeable(ctx, tx, who, id)
		return []store.Recipient{of}, err
	}
	list, err := tx.RecipientsOf(ctx, id)
	list = slices.DeleteFunc(list, func(of store.Recipient) bool {
		return !who.Theirs(of) ||
			!who.May(dialog.AskHandover, dialog.None)
	})
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	return list, err
}

// Leave gives recipients to a stand-in until a day, or asks for that.
func Leave(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	list, err := lent(ctx, tx, who, about)
	if err != nil {
		return nil, err
	}
	for _, of := range list {
		if err := alreadyAsked(ctx, tx, who, of, store.MentorLeaves); err != nil {
			return nil, err
		}
	}
	choices, err := nearby(ctx, tx, list[0], true)
	if err != nil {
		return nil, err
	}
	if len(choices) == 0 || list[0].Mentor == 0 {
		return nil, form.Fixable{Why: store.Say("leave.nobody")}
	}
	mentor, err := tx.Person(ctx, list[0].Mentor)
	if err != nil {
		return nil, err
	}
	type away struct {
		To, Reason string
		Back       store.Day
	}
	var days []form.Choice[store.Day]
	for _, n := range []int{6, 13, 29} {
		d := who.Today.Add(n)
		days = append(days, form.Choice[store.Day]{Value: d, Text: store.Say("leave.day", "Day", string(d))})
	}
	questions := func(a *away) ([]form.Question, error) {
		return []form.Question{
			form.Pick("to", &a.To, choices),
			form.Ask("back", &a.Back, when.Coming(who.Today)).Refuse(when.Past(who.Today)).Offer(days...),
			form.Ask("reason", &a.Reason, dialog.InBrief).Exclusive(),
			form.Review(store.Say("leave.head", "Name", mentor.Name, "Groups", change.GroupNames(list))),
		}, nil
	}
	submit := func(ctx context.Context, a away, _ form.State) (form.Screen, error) {
		return makeOrAsk(ctx, tx, who, list, store.Handover{
			Kind: store.MentorLeaves, From: list[0].Mentor, To: dialog.IDOf(a.To), Back: a.Back, Reason: a.Reason,
		})
	}
	return form.New("leave", questions, submit), nil
}
