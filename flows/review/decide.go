package review

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/approval"
	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// Verify keeps a reviewer's word that a nota is right; arg is its id and the version that was looked at.
func Verify(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	return form.Screen{}, decide(ctx, t, arg.ID(), arg.Number(), store.Verified, store.Review{})
}

// GiveBack returns a nota to be mended, for a preset reason: arg ends with its code.
func GiveBack(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	id, version, code := arg.ID(), arg.Number(), arg.Rest()
	if !slices.ContainsFunc(receipt.Reasons, func(r receipt.Reason) bool { return r.Code == code }) {
		return form.Screen{}, store.ErrNotFound
	}
	return form.Screen{}, decide(ctx, t, id, version, store.Returned, store.Review{Reason: code})
}

// decide carries out a decision, unless the nota has changed or was decided since it was shown.
func decide(
	ctx context.Context, t *dialog.Turn, id store.ID, version int, state store.ReceiptState, why store.Review,
) error {
	if t.TappedTwice() {
		return nil // the second of two quick taps
	}
	list, err := queue(ctx, t)
	if err != nil {
		return err
	}
	r, of, err := reviewable(ctx, t, id)
	if err != nil {
		return err
	}
	if done, err := overtaken(ctx, t, r, of, version, state, list); done || err != nil {
		return err
	}
	others, err := rule(ctx, t, &r, of, list, state, why, nil)
	if err != nil {
		return err
	}
	t.Tap()
	t.Show(decided(r, of))
	return next(ctx, t, others)
}

// rule keeps a decision about a nota and what the reviewer saw then, and tells the group; others are what is left of
// the queue.
func rule(
	ctx context.Context, t *dialog.Turn, r *store.Receipt, of store.Recipient, queue []store.Waiting,
	state store.ReceiptState, why store.Review, voice *store.File,
) (others []store.Waiting, err error) {
	for _, w := range queue {
		if w.Receipt == r.ID {
			why.Seen = byWeight(w.Flags)
		} else {
			others = append(others, w)
		}
	}
	why.By, why.At, why.Version, why.Verdict = t.Who.ID, t.Tx.Now(), r.Version, string(state)
	r.State, r.Review = state, why
	t.Tx.Act(t.Who.Actor())
	if err := t.Tx.PutReceipt(ctx, "receipt."+string(state), r); err != nil {
		return nil, err
	}
	if state == store.Verified {
		return others, tellVerified(ctx, t, *r, of)
	}
	return others, tellReturned(ctx, t, *r, of, voice)
}

// decided says what was decided, with a way back.
func decided(r store.Receipt, of store.Recipient) form.Screen {
	return form.Screen{
		Body: []store.Text{store.Say("review.decided", "Number", dialog.Number(r), "Group", of.Name,
			"State", string(r.State), "Reason", r.Review.Reason,
			"Words", r.Review.Words)},
		Buttons: [][]store.Button{{{Text: store.Say("review.undo"), Data: dialog.Data("undo", r.ID, r.Version)}}},
	}
}

// overtaken says why a nota can't be decided so as it was shown: somebody decided, it has changed, or they had a hand
// in it.
func overtaken(
	ctx context.Context, t *dialog.Turn, r store.Receipt, of store.Recipient, version int, to store.ReceiptState,
	list []store.Waiting,
) (bool, error) {
	approves, err := approval.Approves(ctx, t.Tx, t.Who, of.ID)
	if err != nil {
		return true, err
	}
	switch {
	case to == store.Returned && r.Version == version && t.Who.MayNota(dialog.ReturnNota, r):
		return false, nil
	case r.State == store.Submitted && !t.Who.MayNota(dialog.VerifyNota, r):
		t.Show(form.Screen{Body: []store.Text{store.Say("review.hand", "Number", dialog.Number(r), "Group", of.Name,
			"Sponsor", dialog.Mark(slices.ContainsFunc(r.Sponsors, t.Who.Is)))}})
		return true, nil
	case r.State == store.Submitted && approves:
		t.Show(form.Screen{
			Body: []store.Text{store.Say("review.approved", "Number", dialog.Number(r), "Group", of.Name)},
		})
		return true, nil
	case r.State == store.Submitted && r.Version == version:
		return false, nil
	case r.State == store.Submitted:
		before, at, err := t.Tx.ReceiptAt(ctx, r.ID, version)
		if err != nil {
			return true, err
		}
		rules, plan, err := budget.RulesAndPlan(ctx, t.Tx, of)
		if err != nil {
			return true, err
		}
		i := slices.IndexFunc(list, func(w store.Waiting) bool { return w.Receipt == r.ID })
		var flags []string
		if i >= 0 {
			flags = list[i].Flags
		}
		t.AsNewMessage()
		s, err := reviewCard(ctx, t.Tx, t.Who, r, of, flags, len(list))
		if err != nil {
			return true, err
		}
		new, err := pagesSince(ctx, t.Tx, r, at)
		s.Body = slices.Concat([]store.Text{
			store.Say("review.changed", "Number", dialog.Number(r)),
		}, differences(before, r, receipt.Lines(rules, plan)), new, s.Body)
		t.Show(s)
		return true, err
	}
	by, err := t.Tx.Person(ctx, r.Review.By)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return true, err
	}
	at := ""
	if !r.Review.At.IsZero() {
		at = t.Who.Moment(r.Review.At)
	}
	t.Show(form.Screen{Body: []store.Text{store.Say("review.overtaken", "Number", dialog.Number(r), "Group", of.Name,
		"State", string(r.State),
		"By", by.Name, "At", at)}})
	list = slices.DeleteFunc(list, func(w store.Waiting) bool { return w.Receipt == r.ID })
	return true, next(ctx, t, list)
}

// Skip leaves a nota for later in this round.
func Skip(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	list, err := queue(ctx, t)
	if err != nil {
		return form.Screen{}, err
	}
	id, version := arg.ID(), arg.Number()
	r, of, err := reviewable(ctx, t, id)
	if err != nil {
		return form.Screen{}, err
	}
	if pass := dialog.IDText(id) + ":" + strconv.Itoa(version); !slices.Contains(t.Session.Passed, pass) {
		t.Session.Passed = append(t.Session.Passed, pass)
	}
	t.Show(form.Screen{Body: []store.Text{store.Say("review.skipped", "Number", dialog.Number(r), "Group", of.Name)}})
	return form.Screen{}, next(ctx, t, list)
}

// Undo takes a decision back while the message about it waits.
func Undo(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	id, version := arg.ID(), arg.Number()
	r, of, err := reviewable(ctx, t, id)
	if err != nil {
		return form.Screen{}, err
	}
	if !t.Who.MayNota(dialog.UndoNota, r) || r.Version != version || t.Tx.Now().Sub(r.Review.At) >= dialog.UndoFor {
		t.AsNewMessage()
		return form.Screen{
			Body: []store.Text{store.Say("review.late", "Number", dialog.Number(r), "Group", of.Name)},
		}, nil
	}
	state, at := r.State, r.Review.At
	before, _, err := t.Tx.ReceiptAt(ctx, r.ID, r.Review.Version)
	if err != nil {
		return form.Screen{}, err
	}
	r.State, r.Review = before.State, before.Review
	if err := t.Tx.PutReceipt(ctx, "receipt.undone", &r); err != nil {
		return form.Screen{}, err
	}
	if err := unhear(ctx, t, r, at); err != nil {
		return form.Screen{}, err
	}
	tell, err := receipt.Untell(ctx, t.Tx, t.Who, r, of, state)
	if err != nil {
		return form.Screen{}, err
	}
	t.Tell(tell)
	t.Show(form.Screen{Body: []store.Text{store.Say("review.undone", "Number", dialog.Number(r), "Group", of.Name)}})
	list, err := queue(ctx, t)
	if err != nil {
		return form.Screen{}, err
	}
	if i := slices.IndexFunc(list, func(w store.Waiting) bool { return w.Receipt == r.ID }); i >= 0 {
		return form.Screen{}, showNota(ctx, t, list[i], len(list))
	}
	return form.Screen{}, next(ctx, t, list)
}

// unhear takes the voice note of a decision that was taken back away from its nota: nobody is to hear it there.
func unhear(ctx context.Context, t *dialog.Turn, r store.Receipt, at time.Time) error {
	files, err := t.Tx.Files(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Kind != "voice" || f.By != t.Who.ID ||
			!f.At.Truncate(time.Microsecond).Equal(at.Truncate(time.Microsecond)) {
			continue
		}
		f.Receipt = 0
		if err := t.Tx.PutFile(ctx, "file.withdrawn", &f); err != nil {
			return err
		}
	}
	return nil
}

// toldAbout is what a reviewer says in their own words.
type toldAbout struct{ Words form.Told }

// Returning returns a nota for a reason in the reviewer's own words, typed or spoken; about is ID-VERSION.
func Returning(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	id, version := about.Record()
	r, of, err := reviewable(ctx, t, id)
	if err != nil {
		return nil, err
	}
	if !who.MayNota(dialog.ReturnNota, r) || r.Version != version {
		return nil, form.Fixable{Why: store.Say("review.late", "Number", dialog.Number(r), "Group", of.Name)}
	}
	questions := func(v *toldAbout) ([]form.Question, error) {
		return []form.Question{form.Tell("words", &v.Words),
			form.Review(store.Say("review.returning", "Number", dialog.Number(r), "Group", of.Name))}, nil
	}
	submit := func(ctx context.Context, v toldAbout, _ form.State) (form.Screen, error) {
		voice, err := dialog.KeepVoice(ctx, tx, who, r, v.Words)
		if err != nil {
			return form.Screen{}, err
		}
		list, err := queue(ctx, t)
		if err != nil {
			return form.Screen{}, err
		}
		if _, err := rule(ctx, t, &r, of, list, store.Returned, store.Review{Words: v.Words.Words}, voice); err != nil {
			return form.Screen{}, err
		}
		s := decided(r, of)
		s.Buttons[0] = append(s.Buttons[0], store.Button{Text: store.Say("review.next"), Data: dialog.Data("tinjau")})
		return s, nil
	}
	return form.New("return", questions, submit), nil
}

// Asking asks whoever entered a nota about it; it stays in the queue, at its end until there is an answer.
func Asking(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	r, of, err := reviewable(ctx, t, about.ID())
	if err != nil {
		return nil, err
	}
	to, err := receipt.Audience(ctx, tx, who, r, of)
	if err != nil {
		return nil, err
	}
	if !who.MayNota(dialog.VerifyNota, r) || len(to) == 0 {
		return nil, form.Fixable{Why: store.Say("ask.nobody", "Number", dialog.Number(r), "Group", of.Name)}
	}
	questions := func(v *toldAbout) ([]form.Question, error) {
		return []form.Question{form.Tell("words", &v.Words),
			form.Review(store.Say("ask.head", "Number", dialog.Number(r), "Group", of.Name))}, nil
	}
	submit := func(ctx context.Context, v toldAbout, _ form.State) (form.Screen, error) {
		voice, err := dialog.KeepVoice(ctx, tx, who, r, v.Words)
		if err != nil {
			return form.Screen{}, err
		}
		m := store.Remark{Recipient: of.ID, Receipt: r.ID, Kind: store.Question, By: who.ID, To: to[0].ID, At: tx.Now(),
			Words: v.Words.Words}
		if voice != nil {
			m.Voice = voice.ID
		}
		if err := tx.AddRemark(ctx, "remark.asked", &m); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("ask.done", "Number", dialog.Number(r), "Group", of.Name)},
			Buttons: [][]store.Button{{{Text: store.Say("review.next"), Data: dialog.Data("tinjau")}}}}
		s.Tell = append(dialog.ByVoice(to[0].Account, voice), store.Message{
			Chat: to[0].Account, Body: []store.Text{store.Say("ask.told", "Role", string(who.Role),
				"Number", dialog.Number(r), "Group", of.Name, "Words", m.Words)},
			Buttons: [][]store.Button{{
				{Text: store.Say("ask.answer"), Data: dialog.Data("remark", m.ID)},
				{Text: store.Say("receipt.open"), Data: dialog.Data("n", r.ID)},
			}},
		})
		return s, nil
	}
	return form.New("ask", questions, submit), nil
}
