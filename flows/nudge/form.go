package nudge

import (
	"context"
	"slices"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// nudging is a nudge as far as it is known.
type nudging struct {
	Groups   []string // ids
	Template string   // a cause's code, or ownWords
	Own      form.Told
	Twice    string // sendAll or skipTold, where the same was sent that day
	When     when.SendTime
}

const (
	sendAll  = "all"
	skipTold = "skip"
)

// Write asks what a mentor wants to say to groups; about is why, as CAUSE, or CAUSE:RECIPIENT for one of them.
func Write(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	if !t.Who.May(dialog.SendLetter, dialog.None) {
		return nil, store.ErrNotFound
	}
	list, err := t.Tx.Standings(ctx, t.Who.ID)
	if err != nil {
		return nil, err
	}
	code, only := about.Word(), about.Rest()
	if _, ok := causeOf(code); !ok && code != everyGroup && code != byHand {
		return nil, store.ErrNotFound
	}
	chosen := fitting(code, list, t.Tx.Now())
	if only != "" {
		chosen = slices.DeleteFunc(slices.Clone(list),
			func(s store.Standing) bool { return dialog.IDText(s.ID) != only })
		if len(chosen) == 0 {
			return nil, store.ErrNotFound
		}
	}
	var known []form.Answer // where no group is left that fits, she chooses by hand
	if len(chosen) > 0 {
		known = []form.Answer{{Name: "groups", Text: form.Join(idsOf(chosen))}}
	}
	n := round{tx: t.Tx, who: t.Who, cause: code, all: list, people: map[store.ID]addressed{}}
	questions := func(d *nudging) ([]form.Question, error) { return n.questions(ctx, d) }
	return form.New("nudge", questions, n.send).Knowing(known, ""), nil
}

// questions are what there is to ask about a nudge.
func (n *round) questions(ctx context.Context, d *nudging) ([]form.Question, error) {
	var groups []form.Choice[string]
	for _, s := range n.all {
		groups = append(groups, form.Choice[string]{
			Value: dialog.IDText(s.ID), Text: store.Say("nudge.group", "Group", s.Name),
		})
	}
	qs := []form.Question{form.Unsaid(form.Several("groups", &d.Groups, groups))}
	chosen := n.chosen(d.Groups)
	qs = append(qs, form.Pick("template", &d.Template, n.letters(chosen)).Hidden())
	if d.Template == ownWords {
		qs = append(qs, form.Unsaid(form.Tell("own", &d.Own)))
	}
	now := n.tx.Now()
	qs = append(qs, form.Unsaid(when.Whenever(&d.When, now, n.who.Zone).Default(when.AtOnce)))
	if d.Template == "" || (d.Template == ownWords && d.Own.Words == "" && len(d.Own.Voice) == 0) {
		return append(qs, form.Review()), nil
	}
	again, err := n.again(ctx, *d)
	if err != nil {
		return nil, err
	}
	if len(again) > 0 {
		choices := []form.Choice[string]{{Value: sendAll, Text: store.Say("nudge.twice.all")}}
		if len(again) < len(chosen) {
			one := ""
			if len(again) == 1 {
				one = again[0].Name
			}
			choices = append(choices, form.Choice[string]{
				Value: skipTold, Text: store.Say("nudge.twice.skip", "Group", one, "Count", strconv.Itoa(len(again))),
			})
		}
		qs = append(qs, form.Pick("twice", &d.Twice, choices).Hidden())
	}
	later := []store.Button{{Text: store.Say("nudge.later"), Data: form.Change + ":when"}}
	confirm, head, err := n.preview(ctx, *d)
	if err != nil {
		return nil, err
	}
	return append(qs, form.ReviewWith(confirm, later, head...)), nil
}

// letters are those that fit all chosen groups, the one for which she began first; and her own words.
func (n *round) letters(chosen []store.Standing) (list []form.Choice[string]) {
	for _, c := range causes {
		choice := form.Choice[string]{Value: c.code, Text: store.Say("nudge.letter." + c.code)}
		switch {
		case c.fits != nil && len(fitting(c.code, chosen, n.tx.Now())) < len(chosen):
		case c.code == n.cause:
			list = slices.Insert(list, 0, choice)
		default:
			list = append(list, choice)
		}
	}
	return append(list, form.Choice[string]{Value: ownWords, Text: store.Say("nudge.letter.sendiri")})
}
