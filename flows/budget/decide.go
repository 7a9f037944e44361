package budget

import (
	"context"
	"errors"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// withdrawn is the reason of a proposal's end when the group took it back.
const withdrawn = "withdrawn"

// PlanInvolved are all who proposed or changed a plan, and their sponsors.
func PlanInvolved(p store.Plan) []store.ID { return dialog.WithHands(p.Hands, p.By) }

// PlanCard is a proposed plan for the one who decides: what it would change, what was spent there, and why.
func PlanCard(ctx context.Context, tx store.Tx, who dialog.Who, p store.Plan) (form.Screen, error) {
	of, err := tx.Recipient(ctx, p.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	if p.State != store.PlanProposed {
		return planDecided(ctx, tx, who, of, p)
	}
	agreed, err := tx.Plan(ctx, p.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	b, err := tx.Balance(ctx, p.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	by, err := dialog.Author(ctx, tx, p.By)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("plan.head", "Group", of.Name, "Regency", of.Regency,
		"Edition", strconv.Itoa(p.Edition),
		"Name", by.Name, "Role", string(by.Role), "At", who.Moment(p.At))}}
	changes, err := tx.HandoversOf(ctx, p.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	if dialog.EnteredByStopped(changes, p.By, p.At) {
		s.Body = append(s.Body, store.Say("flag.disowned"))
	}
	list := revisions(agreed.Lines, p.Lines)
	for i, d := range list {
		if i == mostLines {
			s.Body = append(s.Body, store.Say("rab.more", "Count", strconv.Itoa(len(list)-i)))
			break
		}
		s.Body = append(s.Body, d.say())
		if spent := b.ByLine[d.was.ID]; !d.added() {
			s.Body = append(s.Body, store.Say("plan.spent", "Amount", spent.String(),
				"Over", over(spent, d.is.Amount())))
		}
	}
	s.Body = append(s.Body, planSum(agreed, p, of)...)
	if !who.May(dialog.DecidePlan, string(p.State), PlanInvolved(p)...) {
		return s, nil
	}
	s.Buttons = [][]store.Button{{
		{Text: store.Say("plan.agree"), Data: dialog.Data("plan", p.ID, p.Version)},
		{
			Text: store.Say("plan.decline"),
			Data: dialog.Data("plandecline", dialog.Dashed(p.ID, p.Version)),
		},
	}}
	return s, nil
}

// planDecided says what became of a proposal, through whom and when.
func planDecided(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, p store.Plan,
) (form.Screen, error) {
	by, err := dialog.Author(ctx, tx, p.Review.By)
	if err != nil {
		return form.Screen{}, err
	}
	state := string(p.State)
	if p.Review.Reason == withdrawn {
		state = withdrawn
	}
	return form.Screen{Body: []store.Text{store.Say("plan.decided", "Group", of.Name,
		"Edition", strconv.Itoa(p.Edition), "State", state,
		"Name", by.Name, "Role", string(by.Role), "At", who.Moment(p.Review.At), "Words", p.Review.Words)}}, nil
}

// ownPlan reads a plan that the person may see, with its recipient.
func ownPlan(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Plan, store.Recipient, error) {
	p, err := tx.PlanByID(ctx, id)
	if err != nil {
		return p, store.Recipient{}, err
	}
	of, err := tx.Recipient(ctx, p.Recipient)
	if err == nil && !who.Theirs(of) {
		err = store.ErrNotFound
	}
	return p, of, err
}

// Agree shows a proposal, and agrees to it when arg names the version that was looked at: ID:VERSION.
func Agree(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, version := arg.ID(), arg.Word()
	p, of, err := ownPlan(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	if version == "" || p.State != store.PlanProposed {
		return PlanCard(ctx, tx, who, p)
	}
	if of.Closed {
		return form.Screen{Body: []store.Text{store.Say("lpj.closed", "Group", of.Name)}}, nil
	}
	why, err := undecidable(ctx, tx, who, p, version)
	if err != nil {
		return form.Screen{}, err
	}
	if why.ID != "" {
		return planNow(ctx, tx, who, p, why)
	}
	p.State, p.Review = store.PlanAgreed, store.Review{By: who.ID, At: tx.Now(), Version: p.Version}
	tx.Act(who.Actor())
	if err := tx.PutPlan(ctx, "plan.agreed", &p); err != nil {
		return form.Screen{}, err
	}
	return tellDecision(ctx, tx, who, of, p, store.Say("plan.agreed", "Role", string(who.Role), "Group", of.Name,
		"Edition", strconv.Itoa(p.Edition)))
}

// undecidable is why a proposal can't be decided with a button that names that version; no id when it can.
func undecidable(
	ctx context.Context, tx store.Tx, who dialog.Who, p store.Plan, version string,
) (why store.Text, err error) {
	agreed, err := tx.Plan(ctx, p.Recipient)
	if err != nil {
		return why, err
	}
	b, err := tx.Balance(ctx, p.Recipient)
	if err != nil {
		return why, err
	}
	switch {
	case !who.May(dialog.DecidePlan, string(p.State), PlanInvolved(p)...):
		return store.Say("plan.own"), nil
	case strconv.Itoa(p.Version) != version:
		return store.Say("plan.changed"), nil
	case agreed.Edition > p.Edition:
		return store.Say("plan.outdated"), nil
	}
	for _, d := range revisions(agreed.Lines, p.Lines) {
		if spent := b.ByLine[d.was.ID]; d.removed() && spent != 0 {
			return store.Say("planchange.booked", "Item", d.was.Item, "Spent", spent.String()), nil
		}
	}
	return why, nil
}

// planNow shows a proposal as it is, and why it was not decided. Whoever decides is told with that, and of nothing that
// waits.
func planNow(ctx context.Context, tx store.Tx, who dialog.Who, p store.Plan, why store.Text) (form.Screen, error) {
	s, err := PlanCard(ctx, tx, who, p)
	s.Body = append([]store.Text{why}, s.Body...)
	if err != nil || !who.May(dialog.DecidePlan, string(p.State), PlanInvolved(p)...) {
		return s, err
	}
	return s, tx.Withdraw(ctx, who.Account.ID, planKey(p))
}

// tellDecision says what was decided, to the one who did and to the group.
func tellDecision(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, p store.Plan, said store.Text,
) (form.Screen, error) {
	to, err := dialog.Judge(ctx, tx, of, PlanInvolved(p)...)
	if err != nil {
		return form.Screen{}, err
	}
	if to.ID != 0 { // what waits for them is over
		if err := tx.Withdraw(ctx, to.Account, planKey(p)); err != nil {
			return form.Screen{}, err
		}
	}
	tell, err := dialog.ToOfficers(ctx, tx, who, of.ID, store.Message{
		Body: []store.Text{said}, Buttons: [][]store.Button{{{Text: store.Say("menu.rab"), Data: dialog.Data("rab")}}},
	}, p.By)
	if err != nil {
		return form.Screen{}, err
	}
	return form.Screen{Body: []store.Text{said, store.Say("plan.told")}, Tell: tell}, nil
}

// Decline asks why a proposal is declined; about is ID-VERSION.
func Decline(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	id, version := about.Record()
	p, of, err := ownPlan(ctx, tx, who, id)
	if err != nil {
		return nil, err
	}
	if !who.May(dialog.DecidePlan, dialog.Proposed, PlanInvolved(p)...) {
		return nil, form.Fixable{Why: store.Say("plan.own")}
	}
	type decline struct{ Reason string }
	questions := func(d *decline) ([]form.Question, error) {
		return []form.Question{
			form.Ask("reason", &d.Reason, dialog.InBrief).Exclusive(),
			form.Review(store.Say("plandecline.head", "Group", of.Name)),
		}, nil
	}
	submit := func(ctx context.Context, d decline, _ form.State) (form.Screen, error) {
		switch {
		case p.State != store.PlanProposed:
			return planDecided(ctx, tx, who, of, p)
		case p.Version != version:
			return planNow(ctx, tx, who, p, store.Say("plan.changed"))
		}
		p.State, p.Review = store.PlanDeclined, store.Review{
			By: who.ID, At: tx.Now(), Version: p.Version, Words: d.Reason,
		}
		tx.Act(who.Actor())
		if err := tx.PutPlan(ctx, "plan.declined", &p); err != nil {
			return form.Screen{}, err
		}
		return tellDecision(ctx, tx, who, of, p, store.Say("plan.declined", "Role", string(who.Role), "Group", of.Name,
			"Words", d.Reason))
	}
	return form.New("plandecline", questions, submit), nil
}

// Declining asks for the reason of a decline, or shows the proposal as it is now where it is another one than was
// looked at.
func Declining(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Screen, error) {
	shown := about
	id, version := shown.Record()
	p, _, err := ownPlan(ctx, t.Tx, t.Who, id)
	if err != nil {
		return form.Screen{}, err
	}
	if p.State == store.PlanProposed && p.Version == version {
		t.AsNewMessage()
		return form.Screen{}, t.Open(ctx, "plandecline", string(about))
	}
	s, err := PlanCard(ctx, t.Tx, t.Who, p)
	if p.State == store.PlanProposed {
		s, err = planNow(ctx, t.Tx, t.Who, p, store.Say("plan.changed"))
	}
	return s, err
}

// Withdraw takes a proposal back, after asking; arg is ID, then ID:VERSION.
func Withdraw(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, version := arg.ID(), arg.Word()
	p, of, err := ownPlan(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	switch {
	case p.State != store.PlanProposed:
		return planDecided(ctx, tx, who, of, p)
	case !who.May(dialog.WithdrawPlan, string(p.State)):
		return form.Screen{}, store.ErrNotFound
	case of.Closed:
		return form.Screen{Body: []store.Text{store.Say("lpj.closed", "Group", of.Name)}}, nil
	case version == strconv.Itoa(p.Version):
		return takeBack(ctx, tx, who, of, p, store.Say("planback.done"))
	}
	agreed, err := tx.Plan(ctx, p.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: append(proposal(agreed, p, of), store.Say("planback.sure"))}
	s.Buttons = [][]store.Button{{
		{Text: store.Say("planback.yes"), Data: dialog.Data("planback", id, p.Version)},
		{Text: store.Say("planback.no"), Data: dialog.Data("rab")},
	}}
	return s, nil
}

// takeBack ends a proposal for the group. Who was told of it hears that too; a message that still waits is taken back
// with it.
func takeBack(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, p store.Plan, said store.Text,
) (form.Screen, error) {
	p.State, p.Review = store.PlanDeclined, store.Review{
		By: who.ID, At: tx.Now(), Version: p.Version, Reason: withdrawn,
	}
	if err := tx.PutPlan(ctx, "plan.withdrawn", &p); err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body:    []store.Text{said},
		Buttons: [][]store.Button{{{Text: store.Say("menu.rab"), Data: dialog.Data("rab")}}},
	}
	to, err := dialog.Judge(ctx, tx, of, PlanInvolved(p)...)
	if err != nil || to.ID == 0 {
		return s, err
	}
	switch _, err := tx.Queued(ctx, to.Account, planKey(p)); {
	case errors.Is(err, store.ErrNotFound):
		s.Tell = []store.Message{{Chat: to.Account, Body: []store.Text{store.Say("planback.told", "Group", of.Name)}}}
	case err != nil:
		return s, err
	default:
		return s, tx.Withdraw(ctx, to.Account, planKey(p))
	}
	return s, nil
}
