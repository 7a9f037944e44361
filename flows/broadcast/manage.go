package broadcast

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// mostListed is how many of her announcements a coordinator is shown.
const mostListed = 10

// List lists a coordinator's announcements; arg is one to see, with what became of it.
func List(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if arg != "" {
		b, err := allowedBroadcast(ctx, tx, who, dialog.SeeBroadcast, arg.ID())
		if err != nil {
			return form.Screen{}, err
		}
		return report(ctx, tx, who, b)
	}
	list, err := tx.BroadcastsBy(ctx, who.ID, mostListed)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("cast.list")}}
	if len(list) == 0 {
		s.Body = []store.Text{store.Say("cast.none")}
	}
	for _, b := range list {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say(
				"cast.choice", "State", string(b.State), "Title", Title(b), "Day", string(store.DayOf(b.At, who.Zone)),
			), Data: dialog.Data("cast", b.ID),
		}})
	}
	return s, nil
}

// Pause holds an announcement of hers: the one that a button names, or the one that runs.
func Pause(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	return form.Screen{}, changeState(
		ctx, t, arg.ID(), dialog.PauseBroadcast, store.BroadcastRunning, store.BroadcastPaused, "broadcast.paused",
	)
}

// Resume goes on with it.
func Resume(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	return form.Screen{}, changeState(
		ctx, t, arg.ID(), dialog.ResumeBroadcast, store.BroadcastPaused, store.BroadcastRunning, "broadcast.resumed",
	)
}

func changeState(
	ctx context.Context, t *dialog.Turn, id store.ID, d dialog.Deed, from, to store.BroadcastState, what string,
) error {
	if t.Event.Kind != form.Press {
		list, err := t.Tx.BroadcastsBy(ctx, t.Who.ID, mostListed)
		if err != nil {
			return err
		}
		id = 0
		for _, b := range list {
			if b.State == from && id == 0 {
				id = b.ID
			}
		}
		if id == 0 {
			s, err := List(ctx, t, "")
			s.Body = []store.Text{store.Say("cast.nothing", "State", string(from))}
			t.Show(s)
			return err
		}
	}
	b, _, err := broadcastOf(ctx, t.Tx, t.Who, d, id)
	if errors.Is(err, errNotNow) {
		return notNow(ctx, t, b)
	}
	if err != nil {
		return err
	}
	b.State = to
	if t.Event.Kind != form.Press {
		b.Card = 0 // the newest card is the one that is kept
	}
	if err := t.Tx.PutBroadcast(ctx, what, &b); err != nil {
		return err
	}
	s, err := progress(ctx, t.Tx, t.Who, b)
	t.Show(s)
	return err
}

// notNow answers a button whose time is over with how the announcement stands.
func notNow(ctx context.Context, t *dialog.Turn, b store.Broadcast) error {
	if !t.Who.Is(b.By) {
		return store.ErrNotFound
	}
	s, err := progress(ctx, t.Tx, t.Who, b)
	t.Show(s)
	return err
}

// Stop asks whether to stop an announcement for good; after "-" stands that it was answered.
func Stop(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	return form.Screen{}, ending(ctx, t, arg, "stop", dialog.StopBroadcast, func(b *store.Broadcast) error {
		n, err := t.Tx.Drop(ctx, b.ID)
		if err != nil {
			return err
		}
		b.State = store.BroadcastCancelled
		tally, err := t.Tx.TallyOf(ctx, b.ID)
		if err != nil {
			return err
		}
		t.Show(form.Screen{Body: []store.Text{
			store.Say("cast.stopped", "Sent", strconv.Itoa(reached(tally)), "Dropped", strconv.Itoa(n)),
		}})
		if err := t.Tx.PutBroadcast(ctx, "broadcast.cancelled", b); err != nil {
			return err
		}
		card, err := shownCard(ctx, t.Tx, *b, tally, t.Who.Zone)
		t.Tell(card)
		return err
	})
}

// Recall asks whether to take back what was sent.
func Recall(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	return form.Screen{}, ending(ctx, t, arg, "recall", dialog.CorrectBroadcast, func(b *store.Broadcast) error {
		if _, err := t.Tx.Drop(ctx, b.ID); err != nil {
			return err
		}
		if b.State != store.BroadcastDone {
			b.State = store.BroadcastCancelled
		}
		b.Recalled = t.Tx.Now()
		b.Edition++
		t.Show(form.Screen{Body: []store.Text{store.Say("cast.recall.done")}})
		return t.Tx.PutBroadcast(ctx, "broadcast.recalled", b)
	})
}

// ending asks once more before something that can't be undone.
func ending(
	ctx context.Context, t *dialog.Turn, arg dialog.Args, what string, d dialog.Deed, do func(*store.Broadcast) error,
) error {
	id, sure := strings.CutSuffix(arg.Word(), "-")
	b, _, err := broadcastOf(ctx, t.Tx, t.Who, d, dialog.IDOf(id))
	if errors.Is(err, errNotNow) || (err == nil && !b.Recalled.IsZero()) {
		return notNow(ctx, t, b)
	}
	if err != nil {
		return err
	}
	if sure {
		return do(&b)
	}
	tally, err := t.Tx.TallyOf(ctx, b.ID)
	if err != nil {
		return err
	}
	t.AsNewMessage() // the card goes on below
	t.Show(form.Screen{
		Body: []store.Text{store.Say(
			"cast.ending", "What", what, "Sent", strconv.Itoa(reached(tally)), "Queued",
			strconv.Itoa(tally[store.Queued]),
		)},
		Buttons: [][]store.Button{{
			{Text: store.Say("cast.ending.yes", "What", what), Data: "cast" + what + ":" + id + "-"},
			{Text: store.Say("cast.ending.no"), Data: dialog.Data("cast", id)},
		}},
	})
	return nil
}

// Fix asks for other words of an announcement. What still waits says them; what was sent is changed where it can be.
func Fix(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	b, err := allowedBroadcast(ctx, t.Tx, t.Who, dialog.CorrectBroadcast, about.ID())
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
		if err := t.Tx.PutBroadcast(ctx, "broadcast.corrected", &b); err != nil {
			return form.Screen{}, err
		}
		tally, err := t.Tx.TallyOf(ctx, b.ID)
		return form.Screen{Body: []store.Text{store.Say("castfix.done", "Sent", strconv.Itoa(reached(tally)))}}, err
	}
	return form.New("castfix", questions, submit), nil
}

// Retry decides about those of whom it is not known whether they got it: YES-ID sends again, NO-ID lets them be.
func Retry(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	answer, id, _ := strings.Cut(arg.Word(), "-")
	yes := answer == "yes"
	b, _, err := broadcastOf(ctx, t.Tx, t.Who, dialog.FollowBroadcast, dialog.IDOf(id))
	if errors.Is(err, errNotNow) {
		return form.Screen{}, notNow(ctx, t, b)
	}
	if err != nil {
		return form.Screen{}, err
	}
	if !yes {
		b.Left = t.Tx.Now()
		if err := t.Tx.PutBroadcast(ctx, "broadcast.left", &b); err != nil {
			return form.Screen{}, err
		}
		s, err := report(ctx, t.Tx, t.Who, b)
		s.Body = append([]store.Text{store.Say("cast.left")}, s.Body...)
		return s, err
	}
	if _, err := t.Tx.Retry(ctx, b.ID); err != nil {
		return form.Screen{}, err
	}
	b.State, b.Left = store.BroadcastRunning, time.Time{}
	if err := t.Tx.PutBroadcast(ctx, "broadcast.retried", &b); err != nil {
		return form.Screen{}, err
	}
	return progress(ctx, t.Tx, t.Who, b)
}

// Sheet makes the list of an announcement's chats, with what became of each.
func Sheet(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	b, err := allowedBroadcast(ctx, t.Tx, t.Who, dialog.SeeBroadcast, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	s, err := report(ctx, t.Tx, t.Who, b)
	s.Body = append(s.Body, store.Say("progres.making"))
	s.Tell = []store.Message{{
		Chat: t.Event.Chat, Class: store.Paper, Key: "castsheet:" + dialog.IDText(b.ID),
		Paper: "cast:" + dialog.IDText(b.ID), Body: []store.Text{store.Say("cast.ready", "Title", Title(b))},
	}}
	return s, err
}
