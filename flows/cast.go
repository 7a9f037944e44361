package flows

import (
	"context"
	"errors"
	"strconv"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// castList is how many of her announcements a coordinator is shown.
const castList = 10

// casts lists a coordinator's announcements; arg is one to see, with what became of it.
func casts(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	if arg != "" {
		b, err := allowedCast(ctx, tx, who, seeCast, arg)
		if err != nil {
			return form.Screen{}, err
		}
		return castReport(ctx, tx, who, b)
	}
	list, err := tx.BroadcastsBy(ctx, who.ID, castList)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("cast.list")}}
	if len(list) == 0 {
		s.Body = []store.Text{store.Say("cast.none")}
	}
	for _, b := range list {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("cast.choice", "State", string(b.State), "Title", title(b), "Day", string(store.DayOf(b.At, who.Zone))), Data: "cast:" + idText(b.ID),
		}})
	}
	return s, nil
}

// pauseCast holds an announcement of hers: the one that a button names, or the one that runs.
func (t *turn) pauseCast(arg string) error {
	return t.turnCast(arg, pauseCast, store.BroadcastRunning, store.BroadcastPaused, "broadcast.paused")
}

// resumeCast goes on with it.
func (t *turn) resumeCast(arg string) error {
	return t.turnCast(arg, resumeCast, store.BroadcastPaused, store.BroadcastRunning, "broadcast.resumed")
}

func (t *turn) turnCast(arg string, d deed, from, to store.BroadcastState, what string) error {
	if t.e.Kind != form.Press {
		list, err := t.tx.BroadcastsBy(t.ctx, t.who.ID, castList)
		if err != nil {
			return err
		}
		arg = ""
		for _, b := range list {
			if b.State == from && arg == "" {
				arg = idText(b.ID)
			}
		}
		if arg == "" {
			s, err := casts(t.ctx, t.tx, t.who, "")
			s.Body = []store.Text{store.Say("cast.nothing", "State", string(from))}
			t.show(s)
			return err
		}
	}
	b, _, err := castOf(t.ctx, t.tx, t.who, d, arg)
	if errors.Is(err, errNotNow) {
		return t.notNow(b)
	}
	if err != nil {
		return err
	}
	b.State = to
	if t.e.Kind != form.Press {
		b.Card = 0 // the newest card is the one that is kept
	}
	if err := t.tx.PutBroadcast(t.ctx, what, &b); err != nil {
		return err
	}
	s, err := progress(t.ctx, t.tx, t.who, b)
	t.show(s)
	return err
}

// notNow answers a button whose time is over with how the announcement stands.
func (t *turn) notNow(b store.Broadcast) error {
	if !t.who.is(b.By) {
		return store.ErrNotFound
	}
	s, err := progress(t.ctx, t.tx, t.who, b)
	t.show(s)
	return err
}

// stopCast asks whether to stop an announcement for good; after "-" stands that it was answered.
func (t *turn) stopCast(arg string) error {
	return t.ending(arg, "stop", stopCast, func(b *store.Broadcast) error {
		n, err := t.tx.Drop(t.ctx, b.ID)
		if err != nil {
			return err
		}
		b.State = store.BroadcastCancelled
		tally, err := t.tx.TallyOf(t.ctx, b.ID)
		if err != nil {
			return err
		}
		t.show(form.Screen{Body: []store.Text{store.Say("cast.stopped", "Sent", strconv.Itoa(reached(tally)), "Dropped", strconv.Itoa(n))}})
		if err := t.tx.PutBroadcast(t.ctx, "broadcast.cancelled", b); err != nil {
			return err
		}
		card, err := shownCard(t.ctx, t.tx, *b, tally, t.who.Zone)
		t.tell(card)
		return err
	})
}

// recallCast asks whether to take back what was sent.
func (t *turn) recallCast(arg string) error {
	return t.ending(arg, "recall", correctCast, func(b *store.Broadcast) error {
		if _, err := t.tx.Drop(t.ctx, b.ID); err != nil {
			return err
		}
		if b.State != store.BroadcastDone {
			b.State = store.BroadcastCancelled
		}
		b.Recalled = t.tx.Now()
		b.Edition++
		t.show(form.Screen{Body: []store.Text{store.Say("cast.recall.done")}})
		return t.tx.PutBroadcast(t.ctx, "broadcast.recalled", b)
	})
}

// ending asks once more before something that can't be undone.
func (t *turn) ending(arg, what string, d deed, do func(*store.Broadcast) error) error {
	id, sure := arg, false
	if n := len(arg); n > 1 && arg[n-1] == '-' {
		id, sure = arg[:n-1], true
	}
	b, _, err := castOf(t.ctx, t.tx, t.who, d, id)
	if errors.Is(err, errNotNow) || (err == nil && !b.Recalled.IsZero()) {
		return t.notNow(b)
	}
	if err != nil {
		return err
	}
	if sure {
		return do(&b)
	}
	tally, err := t.tx.TallyOf(t.ctx, b.ID)
	if err != nil {
		return err
	}
	t.e.Message = 0 // the card goes on below
	t.show(form.Screen{
		Body:    []store.Text{store.Say("cast.ending", "What", what, "Sent", strconv.Itoa(reached(tally)), "Queued", strconv.Itoa(tally[store.Queued]))},
		Buttons: [][]store.Button{{{Text: store.Say("cast.ending.yes", "What", what), Data: "cast" + what + ":" + id + "-"}, {Text: store.Say("cast.ending.no"), Data: "cast:" + id}}},
	})
	return nil
}

// castFix asks for other words of an announcement. What still waits says them; what was sent is changed where it can be.
func castFix(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	b, err := allowedCast(ctx, tx, who, correctCast, about)
	if err != nil {
		return nil, err
	}
	if b.Question != "" || !b.Recalled.IsZero() {
		return nil, store.ErrNotFound
	}
	type fix struct{ Words, English form.Written }
	most := longest
	if len(b.Files) == 1 {
		most = longestCaption
	}
	questions := func(f *fix) ([]form.Question, error) {
		qs := []form.Question{form.Write("words", &f.Words, most, most).Only()}
		if b.English != "" {
			qs = append(qs, form.Write("english", &f.English, most, most).Only())
		}
		next := b
		next.Words, next.English = f.Words.HTML, f.English.HTML
		return append(qs, form.ReviewAfter(preview(next), store.Say("castfix.confirm"), nil)), nil
	}
	submit := func(ctx context.Context, f fix, _ form.State) (form.Screen, error) {
		b.Words, b.English = f.Words.HTML, f.English.HTML
		b.Edition++
		if err := tx.PutBroadcast(ctx, "broadcast.corrected", &b); err != nil {
			return form.Screen{}, err
		}
		t, err := tx.TallyOf(ctx, b.ID)
		return form.Screen{Body: []store.Text{store.Say("castfix.done", "Sent", strconv.Itoa(reached(t)))}}, err
	}
	return form.New("castfix", questions, submit), nil
}

// retryCast decides about those of whom it is not known whether they got it: YES-ID sends again, NO-ID lets them be.
func (t *turn) retryCast(arg string) error {
	yes := len(arg) > 4 && arg[:4] == "yes-"
	id := arg[min(len(arg), 3):]
	if yes {
		id = arg[4:]
	}
	b, _, err := castOf(t.ctx, t.tx, t.who, followCast, id)
	if errors.Is(err, errNotNow) {
		return t.notNow(b)
	}
	if err != nil {
		return err
	}
	if !yes {
		b.Left = t.tx.Now()
		if err := t.tx.PutBroadcast(t.ctx, "broadcast.left", &b); err != nil {
			return err
		}
		s, err := castReport(t.ctx, t.tx, t.who, b)
		s.Body = append([]store.Text{store.Say("cast.left")}, s.Body...)
		t.show(s)
		return err
	}
	if _, err := t.tx.Retry(t.ctx, b.ID); err != nil {
		return err
	}
	b.State, b.Left = store.BroadcastRunning, time.Time{}
	if err := t.tx.PutBroadcast(t.ctx, "broadcast.retried", &b); err != nil {
		return err
	}
	s, err := progress(t.ctx, t.tx, t.who, b)
	t.show(s)
	return err
}

// sheetCast makes the list of an announcement's chats, with what became of each.
func (t *turn) sheetCast(arg string) error {
	b, err := allowedCast(t.ctx, t.tx, t.who, seeCast, arg)
	if err != nil {
		return err
	}
	s, err := castReport(t.ctx, t.tx, t.who, b)
	s.Body = append(s.Body, store.Say("progres.making"))
	s.Tell = []store.Message{{
		Chat: t.e.Chat, Class: store.Paper, Key: "castsheet:" + idText(b.ID), Paper: "cast:" + idText(b.ID), Body: []store.Text{store.Say("cast.ready", "Title", title(b))},
	}}
	t.show(s)
	return err
}
