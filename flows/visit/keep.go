package visit

import (
	"context"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/lpj"
	"pendamping/flows/when"
	"pendamping/store"
)

// mayVisit tells whether somebody may tell how a visit went, or correct what was told.
func mayVisit(w dialog.Who, v store.Visit) bool {
	switch {
	case v.ID == 0:
		return w.May(dialog.LogVisit, dialog.None)
	case v.State == store.VisitPlanned:
		return w.May(dialog.PlanVisit, string(v.State))
	}
	return w.May(dialog.ChangeVisit, string(v.State), v.By)
}

// keepVisit keeps a visit that was held, with what came with it, and asks the group about it.
func keepVisit(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, was, v store.Visit, files []store.File,
) (form.Screen, error) {
	tx.Act(who.Actor())
	again := was.State == store.VisitHeld
	asks := v.Mode != store.Contact && (!again || Facts(was) != Facts(v))
	if asks {
		v.Word = store.Word{}
	}
	var err error
	switch {
	case v.ID == 0:
		err = tx.AddVisit(ctx, "visit.held", &v)
	case again:
		err = tx.PutVisit(ctx, "visit.corrected", &v)
	default:
		v.At = tx.Now()
		err = tx.PutVisit(ctx, "visit.held", &v)
	}
	if err != nil {
		return form.Screen{}, err
	}
	for i := range files {
		f := &files[i]
		f.Recipient, f.Visit, f.By, f.At = of.ID, v.ID, who.ID, tx.Now()
		if err := tx.AddFile(ctx, "file.kept", f); err != nil {
			return form.Screen{}, err
		}
	}
	s := form.Screen{}
	if asks {
		if s.Tell, err = askGroup(ctx, tx, who, of, v); err != nil {
			return s, err
		}
	}
	s.Body = []store.Text{store.Say("visit.done", "Group", of.Name, "At", who.Moment(v.Start), "Mode", string(v.Mode),
		"Changed", dialog.Mark(again)),
		store.Say("visit.asks", "Count", strconv.Itoa(len(s.Tell)))}
	switch {
	case v.Mode == store.Contact:
		s.Body = []store.Text{store.Say("contact.done", "Group", of.Name, "At", who.Moment(v.Start))}
	case !asks:
		s.Body = s.Body[:1]
	}
	ways, err := beside(ctx, tx, who, of, "v"+dialog.IDText(v.ID))
	s.Buttons = append([][]store.Button{{
		{
			Text: store.Say("visit.open"), Data: dialog.Data("kunjungan", dialog.Letter("v", v.ID)),
		}, {Text: store.Say("form.change"), Data: dialog.Data("visit", dialog.Letter("v", v.ID), form.Change)},
	}}, ways...)
	return s, err
}

// beside are what may be told beside a visit: once a month how the business stands, and a referral or an idea.
func beside(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, about string,
) ([][]store.Button, error) {
	if !who.May(dialog.RecordGrowth, dialog.None) {
		return nil, nil
	}
	list, err := tx.Snapshots(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	var ways [][]store.Button
	if len(list) == 0 || list[0].Month != monthOf(who) {
		ways = append(ways, []store.Button{{Text: store.Say("snapshot.open"), Data: dialog.Data("snapshot", about)}})
	}
	return append(
		ways, []store.Button{{Text: store.Say("initiative.open"), Data: dialog.Data("initiative", about)}},
	), nil
}

// Called logs by one tap that a mentor has spoken with a group by phone or chat. A second quick tap finds it logged.
func Called(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	of, err := ownGroup(ctx, tx, who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if !who.May(dialog.LogVisit, dialog.None) {
		return form.Screen{}, store.ErrNotFound
	}
	who = when.At(who, tx.Now(), of)
	last, err := tx.Visits(ctx, of.ID, 1)
	if err != nil {
		return form.Screen{}, err
	}
	v := store.Visit{
		Recipient: of.ID, State: store.VisitHeld, Mode: store.Contact, By: who.ID, Start: tx.Now(), At: tx.Now(),
	}
	if len(last) == 1 && last[0].Mode == store.Contact && last[0].State == store.VisitHeld && last[0].By == who.ID &&
		tx.Now().Sub(last[0].At) < dialog.UndoFor {
		v = last[0]
	} else {
		if v.Progress, err = lpj.HowFar(ctx, tx, of); err != nil {
			return form.Screen{}, err
		}
		tx.Act(who.Actor())
		if err := tx.AddVisit(ctx, "visit.held", &v); err != nil {
			return form.Screen{}, err
		}
	}
	return form.Screen{
		Body: []store.Text{store.Say("contact.done", "Group", of.Name, "At", who.Moment(v.Start))},
		Buttons: [][]store.Button{
			{{Text: store.Say("contact.undo"), Data: dialog.Data("visitoff", v.ID, "yes")}},
			{{Text: store.Say("kunjungan.all"), Data: dialog.Data("kunjungan", "p0")}},
		},
	}, nil
}

// CallOff cancels a planned visit, or one that was logged by mistake; it asks first.
func CallOff(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, sure := arg.ID(), arg.Rest()
	v, of, err := ownVisit(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	who = when.At(who, tx.Now(), of)
	if !mayVisit(who, v) {
		return visitCard(ctx, tx, who, v, of)
	}
	if sure == "" {
		return form.Screen{
			Body: []store.Text{store.Say("visitoff.sure", "Group", of.Name, "At", who.Moment(v.Start),
				"Planned", dialog.Mark(v.State == store.VisitPlanned))},
			Buttons: [][]store.Button{{
				{
					Text: store.Say("visitoff.yes"), Data: dialog.Data("visitoff", id, "yes"),
				}, {Text: store.Say("visitoff.no"), Data: dialog.Data("kunjungan", dialog.Letter("v", id))},
			}},
		}, nil
	}
	was := v
	v.State, v.Word = store.VisitCancelled, store.Word{}
	if was.State != store.VisitPlanned {
		v.Reason, v.Word = wrongly, was.Word
	}
	tx.Act(who.Actor())
	if err := tx.PutVisit(ctx, "visit.cancelled", &v); err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: []store.Text{store.Say(
			"visitoff.done", "Group", of.Name, "At", who.Moment(v.Start), "Planned",
			dialog.Mark(was.State == store.VisitPlanned),
		)},
		Buttons: [][]store.Button{{{
			Text: store.Say("kunjungan.group", "Group", of.Name),
			Data: dialog.Data("kunjungan", dialog.Letter("g", of.ID)),
		}}},
	}
	if was.State == store.VisitPlanned {
		s.Tell, err = tellPlan(ctx, tx, who, of, v, "cancelled", time.Time{})
	} else if was.State == store.VisitHeld && was.Mode != store.Contact {
		s.Tell, err = unask(ctx, tx, who, of, v)
	}
	return s, err
}

// Solve marks a visit's follow-up as done.
func Solve(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	v, of, err := ownVisit(ctx, tx, who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if who.May(dialog.SolveVisit, string(v.State), v.By) && v.FollowUp != "" && v.Solved.IsZero() {
		tx.Act(who.Actor())
		v.Solved = tx.Now()
		if err := tx.PutVisit(ctx, "visit.solved", &v); err != nil {
			return form.Screen{}, err
		}
	}
	return visitCard(ctx, tx, who, v, of)
}
