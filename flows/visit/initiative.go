package visit

import (
	"context"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// initiativeKinds are what a mentor may have set going; their words are initiative.kind.CODE.
var initiativeKinds = []store.InitiativeKind{store.ToPartner, store.ToCapital, store.ToMarket, store.Idea}

// Initiative asks for a referral or an idea for a group ("g12"), or of a visit to it ("v34").
func Initiative(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	v, of, err := aboutVisit(ctx, tx, who, about)
	if err != nil {
		return nil, err
	}
	if !who.May(dialog.RecordGrowth, dialog.None) {
		return nil, store.ErrNotFound
	}
	var choices []form.Choice[store.InitiativeKind]
	for _, k := range initiativeKinds {
		choices = append(choices, form.Choice[store.InitiativeKind]{
			Value: k, Text: store.Say("initiative.kind." + string(k)),
		})
	}
	questions := func(i *store.Initiative) ([]form.Question, error) {
		return []form.Question{
			form.Pick("kind", &i.Kind, choices),
			form.Ask("words", &i.Words, form.Text).Exclusive(),
			form.Review(store.Say("initiative.head", "Group", of.Name)),
		}, nil
	}
	submit := func(ctx context.Context, i store.Initiative, _ form.State) (form.Screen, error) {
		tx.Act(who.Actor())
		i.Recipient, i.Visit, i.By, i.At = of.ID, v.ID, who.ID, tx.Now()
		err := tx.AddInitiative(ctx, "initiative.added", &i)
		return form.Screen{
			Body: []store.Text{store.Say("initiative.done", "Group", of.Name)},
			Buttons: [][]store.Button{
				{
					{Text: store.Say("initiative.more"), Data: dialog.Data("initiative", about)},
					{
						Text: store.Say("kunjungan.group", "Group", of.Name),
						Data: dialog.Data("kunjungan", dialog.Letter("g", of.ID)),
					},
				},
			},
		}, err
	}
	return form.New("initiative", questions, submit), nil
}

// openInitiatives are those of a group that have no result yet: what stands on its screen, and the ways to tell their
// results.
func openInitiatives(
	ctx context.Context, tx store.Tx, of store.ID,
) (ways [][]store.Button, body []store.Text, err error) {
	list, err := tx.Initiatives(ctx, of)
	for _, i := range list {
		if i.Closed.IsZero() {
			body = append(body, store.Say("initiative.line", "Kind", string(i.Kind), "Words", i.Words))
			ways = append(ways, []store.Button{{
				Text: store.Say("initiative.result", "Words", dialog.Clip(i.Words, 25)),
				Data: dialog.Data("outcome", i.ID),
			}})
		}
	}
	return ways, body, err
}

// Outcome asks what became of a referral or an idea, and closes it.
func Outcome(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	i, err := tx.Initiative(ctx, about.ID())
	if err != nil {
		return nil, err
	}
	of, err := ownGroup(ctx, tx, who, i.Recipient)
	if err != nil {
		return nil, err
	}
	if !i.Closed.IsZero() {
		return nil, form.Fixable{Why: store.Say("outcome.closed", "Words", i.Words, "Result", i.Result)}
	}
	if !who.May(dialog.RecordGrowth, dialog.Open) {
		return nil, store.ErrNotFound
	}
	type result struct{ Words string }
	questions := func(r *result) ([]form.Question, error) {
		return []form.Question{
			form.Ask("words", &r.Words, form.Text).Exclusive(),
			form.Review(store.Say("initiative.line", "Kind", string(i.Kind), "Words", i.Words)),
		}, nil
	}
	submit := func(ctx context.Context, r result, _ form.State) (form.Screen, error) {
		tx.Act(who.Actor())
		i.Result, i.Closed = r.Words, tx.Now()
		err := tx.PutInitiative(ctx, "initiative.closed", &i)
		return form.Screen{
			Body: []store.Text{store.Say("outcome.done", "Group", of.Name)},
			Buttons: [][]store.Button{{{
				Text: store.Say("kunjungan.group", "Group", of.Name),
				Data: dialog.Data("kunjungan", dialog.Letter("g", of.ID)),
			}}},
		}, err
	}
	return form.New("outcome", questions, submit), nil
}
