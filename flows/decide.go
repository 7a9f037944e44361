package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// undoFor is how long a decision can be taken back; the message about it waits until then.
const undoFor = time.Minute

// verify keeps a reviewer's word that a nota is right; arg is its id and the version that was looked at.
func (t *turn) verify(arg string) error {
	return t.decide(arg, store.Verified, store.Review{})
}

// giveBack returns a nota to be mended, for a preset reason: arg ends with its code.
func (t *turn) giveBack(arg string) error {
	i := strings.LastIndexByte(arg, ':')
	if i < 0 || !slices.ContainsFunc(reasons, func(r reason) bool { return r.code == arg[i+1:] }) {
		return store.ErrNotFound
	}
	return t.decide(arg[:i], store.Returned, store.Review{Reason: arg[i+1:]})
}

// decide carries out a decision, unless the nota has changed or was decided since it was shown.
func (t *turn) decide(arg string, state store.ReceiptState, why store.Review) error {
	if t.pressed != "" && t.pressed == t.s.Tapped {
		return nil // the second of two quick taps
	}
	a := args(arg)
	id, version := a.id(), a.number()
	list, err := t.queue()
	if err != nil {
		return err
	}
	r, of, err := t.reviewable(id)
	if err != nil {
		return err
	}
	if done, err := t.overtaken(r, of, version, state, list); done || err != nil {
		return err
	}
	others, err := t.rule(&r, of, list, state, why, nil)
	if err != nil {
		return err
	}
	t.s.Tapped = t.pressed
	t.show(decided(r, of))
	return t.next(others)
}

// rule keeps a decision about a nota and what the reviewer saw then, and tells the group; others are what is left of the queue.
func (t *turn) rule(r *store.Receipt, of store.Recipient, queue []store.Waiting, state store.ReceiptState, why store.Review, voice *store.File) (others []store.Waiting, err error) {
	for _, w := range queue {
		if w.Receipt == r.ID {
			why.Seen = byWeight(w.Flags)
		} else {
			others = append(others, w)
		}
	}
	why.By, why.At, why.Version, why.Verdict = t.who.ID, t.tx.Now(), r.Version, string(state)
	r.State, r.Review = state, why
	t.tx.Act(t.who.actor())
	if err := t.tx.PutReceipt(t.ctx, "receipt."+string(state), r); err != nil {
		return nil, err
	}
	if state == store.Verified {
		return others, t.tellVerified(*r, of)
	}
	return others, t.tellReturned(*r, of, voice)
}

// decided says what was decided, with a way back.
func decided(r store.Receipt, of store.Recipient) form.Screen {
	return form.Screen{
		Body: []store.Text{store.Say("review.decided", "Number", number(r), "Group", of.Name, "State", string(r.State), "Reason", r.Review.Reason,
			"Words", r.Review.Words)},
		Buttons: [][]store.Button{{{Text: store.Say("review.undo"), Data: "undo:" + idText(r.ID) + ":" + strconv.Itoa(r.Version)}}},
	}
}

// overtaken says why a nota can't be decided so as it was shown: somebody decided, it has changed, or they had a hand in it.
func (t *turn) overtaken(r store.Receipt, of store.Recipient, version int, to store.ReceiptState, list []store.Waiting) (bool, error) {
	approves, err := t.who.approves(t.ctx, t.tx, of.ID)
	if err != nil {
		return true, err
	}
	switch {
	case to == store.Returned && r.Version == version && t.who.mayNota(returnNota, r):
		return false, nil
	case r.State == store.Submitted && !t.who.mayNota(verifyNota, r):
		t.show(form.Screen{Body: []store.Text{store.Say("review.hand", "Number", number(r), "Group", of.Name, "Sponsor", mark(slices.ContainsFunc(r.Sponsors, t.who.is)))}})
		return true, nil
	case r.State == store.Submitted && approves:
		t.show(form.Screen{Body: []store.Text{store.Say("review.approved", "Number", number(r), "Group", of.Name)}})
		return true, nil
	case r.State == store.Submitted && r.Version == version:
		return false, nil
	case r.State == store.Submitted:
		before, at, err := t.tx.ReceiptAt(t.ctx, r.ID, version)
		if err != nil {
			return true, err
		}
		rules, plan, err := rulesAndPlan(t.ctx, t.tx, of)
		if err != nil {
			return true, err
		}
		i := slices.IndexFunc(list, func(w store.Waiting) bool { return w.Receipt == r.ID })
		var flags []string
		if i >= 0 {
			flags = list[i].Flags
		}
		t.e.Message = 0
		s, err := reviewCard(t.ctx, t.tx, t.who, r, of, flags, len(list))
		if err != nil {
			return true, err
		}
		new, err := pagesSince(t.ctx, t.tx, r, at)
		s.Body = slices.Concat([]store.Text{store.Say("review.changed", "Number", number(r))}, differences(before, r, lines(rules, plan)), new, s.Body)
		t.show(s)
		return true, err
	}
	by, err := t.tx.Person(t.ctx, r.Review.By)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return true, err
	}
	at := ""
	if !r.Review.At.IsZero() {
		at = t.who.moment(r.Review.At)
	}
	t.show(form.Screen{Body: []store.Text{store.Say("review.overtaken", "Number", number(r), "Group", of.Name, "State", string(r.State),
		"By", by.Name, "At", at)}})
	list = slices.DeleteFunc(list, func(w store.Waiting) bool { return w.Receipt == r.ID })
	return true, t.next(list)
}

// skip leaves a nota for later in this round.
func (t *turn) skip(arg string) error {
	list, err := t.queue()
	if err != nil {
		return err
	}
	a := args(arg)
	id, version := a.id(), a.number()
	r, of, err := t.reviewable(id)
	if err != nil {
		return err
	}
	if pass := idText(id) + ":" + strconv.Itoa(version); !slices.Contains(t.s.Passed, pass) {
		t.s.Passed = append(t.s.Passed, pass)
	}
	t.show(form.Screen{Body: []store.Text{store.Say("review.skipped", "Number", number(r), "Group", of.Name)}})
	return t.next(list)
}

// undo takes a decision back while the message about it waits.
func (t *turn) undo(arg string) error {
	a := args(arg)
	id, version := a.id(), a.number()
	r, of, err := t.reviewable(id)
	if err != nil {
		return err
	}
	if !t.who.mayNota(undoNota, r) || r.Version != version || t.tx.Now().Sub(r.Review.At) >= undoFor {
		t.e.Message = 0
		t.show(form.Screen{Body: []store.Text{store.Say("review.late", "Number", number(r), "Group", of.Name)}})
		return nil
	}
	state, at := r.State, r.Review.At
	before, _, err := t.tx.ReceiptAt(t.ctx, r.ID, r.Review.Version)
	if err != nil {
		return err
	}
	r.State, r.Review = before.State, before.Review
	if err := t.tx.PutReceipt(t.ctx, "receipt.undone", &r); err != nil {
		return err
	}
	if err := t.unhear(r, at); err != nil {
		return err
	}
	tell, err := untell(t.ctx, t.tx, t.who, r, of, state)
	if err != nil {
		return err
	}
	t.tell(tell)
	t.show(form.Screen{Body: []store.Text{store.Say("review.undone", "Number", number(r), "Group", of.Name)}})
	list, err := t.queue()
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(w store.Waiting) bool { return w.Receipt == r.ID }); i >= 0 {
		return t.showNota(list[i], len(list))
	}
	return t.next(list)
}

// unhear takes the voice note of a decision that was taken back away from its nota: nobody is to hear it there.
func (t *turn) unhear(r store.Receipt, at time.Time) error {
	files, err := t.tx.Files(t.ctx, r.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Kind != "voice" || f.By != t.who.ID || !f.At.Truncate(time.Microsecond).Equal(at.Truncate(time.Microsecond)) {
			continue
		}
		f.Receipt = 0
		if err := t.tx.PutFile(t.ctx, "file.withdrawn", &f); err != nil {
			return err
		}
	}
	return nil
}

// toldAbout is what a reviewer says in their own words.
type toldAbout struct{ Words form.Told }

// returning returns a nota for a reason in the reviewer's own words, typed or spoken; about is ID-VERSION.
func returning(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	t := &turn{ctx: ctx, tx: tx, who: who}
	id, version, _ := strings.Cut(about, "-")
	r, of, err := t.reviewable(idOf(id))
	if err != nil {
		return nil, err
	}
	if !who.mayNota(returnNota, r) || r.Version != numberOf(version) {
		return nil, form.Mend{Why: store.Say("review.late", "Number", number(r), "Group", of.Name)}
	}
	questions := func(v *toldAbout) ([]form.Question, error) {
		return []form.Question{form.Tell("words", &v.Words), form.Review(store.Say("review.returning", "Number", number(r), "Group", of.Name))}, nil
	}
	submit := func(ctx context.Context, v toldAbout, _ form.State) (form.Screen, error) {
		voice, err := keepVoice(ctx, tx, who, r, v.Words)
		if err != nil {
			return form.Screen{}, err
		}
		list, err := t.queue()
		if err != nil {
			return form.Screen{}, err
		}
		if _, err := t.rule(&r, of, list, store.Returned, store.Review{Words: v.Words.Words}, voice); err != nil {
			return form.Screen{}, err
		}
		s := decided(r, of)
		s.Buttons[0] = append(s.Buttons[0], store.Button{Text: store.Say("review.next"), Data: "tinjau:"})
		s.Tell = t.others
		return s, nil
	}
	return form.New("return", questions, submit), nil
}

// keepVoice keeps a voice note about a nota with it.
func keepVoice(ctx context.Context, tx store.Tx, who Who, r store.Receipt, said form.Told) (*store.File, error) {
	if len(said.Voice) == 0 {
		return nil, nil
	}
	f := said.Voice[0]
	f.Recipient, f.Receipt, f.By, f.At = r.Recipient, r.ID, who.ID, tx.Now()
	return &f, tx.AddFile(ctx, "file.kept", &f)
}

// asking asks whoever entered a nota about it; it stays in the queue, at its end until there is an answer.
func asking(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	t := &turn{ctx: ctx, tx: tx, who: who}
	r, of, err := t.reviewable(idOf(about))
	if err != nil {
		return nil, err
	}
	to, err := audience(ctx, tx, who, r, of)
	if err != nil {
		return nil, err
	}
	if !who.mayNota(verifyNota, r) || len(to) == 0 {
		return nil, form.Mend{Why: store.Say("ask.nobody", "Number", number(r), "Group", of.Name)}
	}
	questions := func(v *toldAbout) ([]form.Question, error) {
		return []form.Question{form.Tell("words", &v.Words), form.Review(store.Say("ask.head", "Number", number(r), "Group", of.Name))}, nil
	}
	submit := func(ctx context.Context, v toldAbout, _ form.State) (form.Screen, error) {
		voice, err := keepVoice(ctx, tx, who, r, v.Words)
		if err != nil {
			return form.Screen{}, err
		}
		m := store.Remark{Recipient: of.ID, Receipt: r.ID, Kind: store.Question, By: who.ID, To: to[0].ID, At: tx.Now(), Words: v.Words.Words}
		if voice != nil {
			m.Voice = voice.ID
		}
		if err := tx.AddRemark(ctx, "remark.asked", &m); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("ask.done", "Number", number(r), "Group", of.Name)},
			Buttons: [][]store.Button{{{Text: store.Say("review.next"), Data: "tinjau:"}}}}
		s.Tell = append(byVoice(to[0].Account, voice), store.Message{
			Chat: to[0].Account, Body: []store.Text{store.Say("ask.told", "Role", string(who.Role), "Number", number(r), "Group", of.Name, "Words", m.Words)},
			Buttons: [][]store.Button{{{Text: store.Say("ask.answer"), Data: "remark:" + idText(m.ID)}, {Text: store.Say("receipt.open"), Data: "n:" + idText(r.ID)}}},
		})
		return s, nil
	}
	return form.New("ask", questions, submit), nil
}
