package handover

import (
	"context"
	"slices"
	"strconv"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// ownHandover reads a request that the person may see.
func ownHandover(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Handover, error) {
	h, err := tx.Handover(ctx, id)
	if err != nil {
		return h, err
	}
	of, err := tx.Recipient(ctx, h.Recipient)
	if err == nil && !who.Theirs(of) {
		err = store.ErrNotFound
	}
	return h, err
}

// Show shows a request, and agrees to it when arg names the version that was looked at: ID:VERSION.
func Show(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, version := arg.ID(), arg.Word()
	h, err := ownHandover(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	if h.State != store.HandoverAsked || strconv.Itoa(h.Version) != version {
		return change.Card(ctx, tx, who, h)
	}
	decides, err := change.MayDecide(ctx, tx, who, h)
	if err != nil {
		return form.Screen{}, err
	}
	if !decides {
		return form.Screen{Body: []store.Text{store.Say("handover.own")}}, nil
	}
	all, err := change.Batch(ctx, tx, who, h)
	if err != nil {
		return form.Screen{}, err
	}
	for _, one := range all {
		of, err := tx.Recipient(ctx, one.Recipient)
		if err != nil {
			return form.Screen{}, err
		}
		w, err := change.Wants(ctx, tx, of, one)
		if err != nil {
			return form.Screen{}, err
		}
		if len(w.Group) > 0 { // a button of before the group was asked
			return change.Card(ctx, tx, who, h)
		}
	}
	why, err := change.Contested(ctx, tx, h)
	if err != nil {
		return form.Screen{}, err
	}
	for _, one := range all {
		old, err := outdated(ctx, tx, one)
		if err != nil {
			return form.Screen{}, err
		}
		if old && why == nil {
			why = new(store.Say("handover.outdated"))
		}
	}
	if why != nil {
		s, err := change.Card(ctx, tx, who, h)
		s.Body = append([]store.Text{*why}, s.Body...)
		if len(s.Buttons) > 0 {
			s.Buttons = [][]store.Button{s.Buttons[0][1:]}
		}
		return s, err
	}
	if err := keepDecision(ctx, tx, who, all, store.HandoverDone, ""); err != nil {
		return form.Screen{}, err
	}
	return carriedOut(ctx, tx, who, all)
}

// keepDecision keeps a decision. What waits to be said about the requests is over.
func keepDecision(
	ctx context.Context, tx store.Tx, who dialog.Who, all []store.Handover, state store.HandoverState, answer string,
) error {
	tx.Act(who.Actor())
	for i := range all {
		h := &all[i]
		h.State, h.Decided, h.DecidedAt, h.Answer = state, who.ID, tx.Now(), answer
		if err := tx.PutHandover(ctx, "handover."+string(state), h); err != nil {
			return err
		}
	}
	of, err := tx.Recipient(ctx, all[0].Recipient)
	if err != nil {
		return err
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Account == 0 {
			continue
		}
		if err := tx.Withdraw(ctx, p.Account, change.Key(all[0])); err != nil {
			return err
		}
	}
	return nil
}

// Decline asks why a request is declined; about is ID-VERSION.
func Decline(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	id, version := about.Record()
	h, err := ownHandover(ctx, tx, who, id)
	if err != nil {
		return nil, err
	}
	card, err := change.Card(ctx, tx, who, h)
	if err != nil {
		return nil, err
	}
	decides, err := change.MayDecide(ctx, tx, who, h)
	switch {
	case err != nil:
		return nil, err
	case h.State != store.HandoverAsked || h.Version != version:
		return nil, form.Fixable{Why: card.Body[0]}
	case !decides:
		return nil, form.Fixable{Why: store.Say("handover.own")}
	}
	type no struct{ Reason string }
	questions := func(n *no) ([]form.Question, error) {
		return []form.Question{
				form.Ask("reason", &n.Reason, dialog.InBrief).Exclusive(), form.Review(card.Body[:2]...),
			},
			nil
	}
	submit := func(ctx context.Context, n no, _ form.State) (form.Screen, error) {
		all, err := change.Batch(ctx, tx, who, h)
		if err != nil {
			return form.Screen{}, err
		}
		if err := keepDecision(ctx, tx, who, all, store.HandoverDeclined, n.Reason); err != nil {
			return form.Screen{}, err
		}
		if err := dropNew(ctx, tx, h); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("decline.done")}}
		by, err := dialog.Author(ctx, tx, h.By)
		if err == nil && dialog.Reachable(by) {
			s.Tell = []store.Message{{Chat: by.Account, Body: slices.Concat([]store.Text{
				store.Say("decline.told", "Words", n.Reason),
			}, card.Body[:2])}}
		}
		return s, err
	}
	return form.New("decline", questions, submit), nil
}
