package budget

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// newLine stands for a line that is not in the plan yet.
const newLine = "new"

// What can be changed of a line.
const (
	linePrice  = "price"
	lineVolume = "volume"
	lineItem   = "item"
	lineRemove = "remove"
)

// lineChange is one change to a plan.
type lineChange struct {
	line   string // id, or newLine
	what   string
	item   string
	pos    string
	volume measure
	price  store.Rupiah
	reason string
}

// Change asks for one change to the plan, which goes into the one proposal that is open. about is "new" for a new line.
func Change(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	if who.For.ID == 0 {
		return nil, form.Fixable{Why: store.Say("kelompok.first")}
	}
	if who.For.Closed {
		return nil, form.Fixable{Why: store.Say("lpj.closed", "Group", who.For.Name)}
	}
	agreed, next, err := plans(ctx, tx, who.For.ID)
	if err != nil {
		return nil, err
	}
	if !who.May(dialog.ProposePlan, string(next.State)) {
		return nil, store.ErrNotFound
	}
	if next.ID != 0 && next.Edition < agreed.Edition {
		return nil, form.Fixable{Why: store.Say("plan.outdated")}
	}
	b, err := tx.Balance(ctx, who.For.ID)
	if err != nil {
		return nil, err
	}
	program, err := tx.Program(ctx, who.For.Program)
	if err != nil {
		return nil, err
	}
	kept := agreed.Lines
	if next.ID != 0 {
		kept = next.Lines
	}
	limit := dialog.Most(program.Rules, who.For)
	questions := func(c *lineChange) ([]form.Question, error) {
		if len(kept) == 0 || about == newLine {
			c.line = newLine
		}
		var qs []form.Question
		if c.line != newLine || (len(kept) > 0 && about != newLine) {
			qs = append(qs, form.Pick("line", &c.line, lineChoices(kept)).Hidden().
				Extract(func(s string) []string { return linesSaid(kept, s) }))
		}
		if c.line == newLine {
			qs = append(qs, form.Ask("item", &c.item, items).Exclusive(),
				form.Pick("pos", &c.pos, posChoices(program.Rules)).Extract(posSaid(who.Today)),
				form.Ask("volume", &c.volume, Measures("")).Refuse(noMeasure),
				form.Ask("price", &c.price, parse.Rupiah).Unsure(parse.Approximate).Refuse(limit))
		} else if old, ok := lineOfPlan(kept, c.line); ok {
			qs = append(qs, form.Pick("what", &c.what, whats()).Wide(2).Hidden().Refuse(spentOn(b, old)))
			switch c.what {
			case linePrice:
				qs = append(qs,
					form.Ask("price", &c.price, parse.Rupiah).Unsure(parse.Approximate).Refuse(other(old.Price, limit)).
						Previous(old.Price.String()))
			case lineVolume:
				m := measure{old.Volume, old.Unit}
				qs = append(qs, form.Ask("volume", &c.volume, Measures(old.Unit)).Refuse(other(m,
					noMeasure)).Previous(m.String()))
			case lineItem:
				qs = append(qs, form.Ask("item", &c.item, items).Exclusive().Refuse(other(old.Item,
					nil)).Previous(old.Item))
			}
		}
		if len(agreed.Lines) > 0 {
			qs = append(qs, form.Ask("reason", &c.reason, dialog.InBrief).Exclusive())
		}
		after := store.Plan{Lines: c.apply(kept)}
		head := []store.Text{store.Say("planchange.head", "Group", who.For.Name)}
		for _, d := range revisions(kept, after.Lines) {
			head = append(head, d.say())
		}
		return append(qs, form.Review(append(head, planSum(agreed, after, who.For)...)...)), nil
	}
	submit := func(ctx context.Context, c lineChange, _ form.State) (form.Screen, error) {
		lines := c.apply(kept)
		if len(revisions(kept, lines)) == 0 {
			return form.Screen{}, form.Fixable{Question: c.asked(), Why: store.Say("planchange.same")}
		}
		if slices.ContainsFunc(lines, func(l store.PlanLine) bool { return l.Amount() > store.MaxRupiah }) {
			return form.Screen{}, form.Fixable{
				Question: c.asked(), Why: store.Say("planchange.huge", "Most", store.MaxRupiah.String()),
			}
		}
		return propose(ctx, tx, who, agreed, next, lines, c.reason)
	}
	return form.New("planchange", questions, submit), nil
}

// asked is the question whose answer makes the change.
func (c lineChange) asked() string {
	if c.line == newLine {
		return lineItem
	}
	return cmp.Or(map[string]string{lineRemove: "what"}[c.what], c.what)
}

// apply makes the change to the lines of a plan.
func (c lineChange) apply(kept []store.PlanLine) []store.PlanLine {
	lines := slices.Clone(kept)
	if c.line == newLine {
		return append(lines, store.PlanLine{
			Item: c.item, Pos: c.pos, Volume: c.volume.Volume, Unit: c.volume.unit, Price: c.price,
		})
	}
	i := slices.IndexFunc(lines, func(l store.PlanLine) bool { return dialog.IDText(l.ID) == c.line })
	if i < 0 {
		return lines
	}
	switch c.what {
	case linePrice:
		lines[i].Price = c.price
	case lineVolume:
		lines[i].Volume, lines[i].Unit = c.volume.Volume, c.volume.unit
	case lineItem:
		lines[i].Item = c.item
	case lineRemove:
		lines = slices.Delete(lines, i, i+1)
	}
	return lines
}

// propose keeps the lines as the proposed next edition, and lets the one who decides know once no more changes come.
func propose(
	ctx context.Context, tx store.Tx, who dialog.Who, agreed, next store.Plan, lines []store.PlanLine, reason string,
) (form.Screen, error) {
	next.Lines, next.At = lines, tx.Now()
	if reason != "" && !slices.Contains(strings.Split(next.Reason, "; "), reason) {
		next.Reason = strings.TrimPrefix(next.Reason+"; "+reason, "; ")
	}
	if next.ID != 0 && len(revisions(agreed.Lines, lines)) == 0 {
		return takeBack(ctx, tx, who, who.For, next, store.Say("planback.empty"))
	}
	// A reviewer who had a hand in the proposal is named as its author, so as not to decide it.
	if next.By == 0 || slices.ContainsFunc(who.Account.People,
		func(p store.Person) bool { return dialog.Verifies(p.Role) }) {
		next.By = who.ID
	}
	next.Hands = dialog.WithHands(next.Hands, who.SelfAndProposers()...)
	err := error(nil)
	if next.ID == 0 {
		next.Recipient, next.State = who.For.ID, store.PlanProposed
		err = tx.AddPlan(ctx, "plan.proposed", &next)
	} else {
		err = tx.PutPlan(ctx, "plan.changed", &next)
	}
	if err != nil {
		return form.Screen{}, err
	}
	to, err := dialog.Judge(ctx, tx, who.For, next.Hands...)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: append([]store.Text{
			store.Say("planchange.done", "Role", string(to.Role)),
		}, planSum(agreed, store.Plan{Lines: lines}, who.For)...),
		Buttons: [][]store.Button{
			{
				{Text: store.Say("planchange.more"), Data: dialog.Data("planchange")},
				{Text: store.Say("planchange.add"), Data: dialog.Data("planchange", newLine)},
			},
			{{Text: store.Say("menu.rab"), Data: dialog.Data("rab")}},
		},
	}
	s.Tell, err = tellJudge(ctx, tx, who, to, next)
	return s, err
}

// quiet is how long a proposal stays unchanged before the one who decides hears of it.
const quiet = 2 * time.Minute

// tellJudge shows a proposal to the one who decides; a later change takes its place while it waits.
func tellJudge(
	ctx context.Context, tx store.Tx, who dialog.Who, to store.Person, p store.Plan,
) ([]store.Message, error) {
	if to.ID == 0 {
		return nil, nil
	}
	card, err := PlanCard(ctx, tx, who.Reader(to), p)
	if err != nil {
		return nil, err
	}
	return []store.Message{
		{Chat: to.Account, Body: card.Body, Buttons: card.Buttons, Key: planKey(p), Due: tx.Now().Add(quiet)},
	}, nil
}

func planKey(p store.Plan) string { return "plan:" + dialog.IDText(p.Recipient) }
