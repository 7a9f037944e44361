package budget

import (
	"context"
	"slices"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Show shows the RAB with what was spent on each line and pos, and the change to it that waits for an agreement.
func Show(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if who.For.ID == 0 {
		return dialog.ChooseGroup(ctx, tx, who)
	}
	p, next, err := plans(ctx, tx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	b, err := tx.Balance(ctx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	program, err := tx.Program(ctx, who.For.Program)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: []store.Text{store.Say("rab.head", "Group", who.For.Name, "Edition", strconv.Itoa(p.Edition))},
	}
	if len(p.Lines) == 0 {
		s.Body = append(s.Body, store.Say("rab.empty"))
	} else {
		s.Body = append(s.Body, spending(p, b)...)
		s.Body = append(s.Body, byPos(program.Rules, who.For, p, b)...)
		s.Body = append(s.Body, store.Say("rab.total", "Amount", planTotal(p.Lines).String(),
			"Spent", b.Spent.String()))
	}
	if next.ID != 0 {
		to, err := dialog.Judge(ctx, tx, who.For, next.By)
		if err != nil {
			return form.Screen{}, err
		}
		s.Body = append(s.Body, store.Say("rab.waits", "Role", string(to.Role),
			"First", dialog.Mark(len(p.Lines) == 0)))
		s.Body = append(s.Body, proposal(p, next, who.For)...)
	}
	s.Buttons = planWays(who, p, next)
	return s, nil
}

// plans are the plan that holds and the one that is proposed.
func plans(ctx context.Context, tx store.Tx, of store.ID) (agreed, next store.Plan, err error) {
	if agreed, err = tx.Plan(ctx, of); err == nil {
		next, err = tx.ProposedPlan(ctx, of)
	}
	return agreed, next, err
}

func planWays(who dialog.Who, p, next store.Plan) [][]store.Button {
	var rows [][]store.Button
	if next.ID != 0 && who.May(dialog.DecidePlan, string(next.State), PlanInvolved(next)...) {
		rows = append(rows, []store.Button{{Text: store.Say("rab.decide"), Data: dialog.Data("plan", next.ID)}})
	}
	var ways []store.Button
	if who.May(dialog.ProposePlan, string(next.State)) {
		text := store.Say("rab.propose")
		if len(p.Lines) == 0 && next.ID == 0 {
			text = store.Say("rab.compose")
		}
		ways = append(ways, store.Button{Text: text, Data: dialog.Data("planchange")})
	}
	if who.May(dialog.WithdrawPlan, string(next.State)) {
		ways = append(ways, store.Button{Text: store.Say("rab.back"), Data: dialog.Data("planback", next.ID)})
	}
	if len(ways) > 0 {
		rows = append(rows, ways)
	}
	return append(rows, []store.Button{{Text: store.Say("menu.saldo"), Data: dialog.Data("saldo")}})
}

// mostLines is how many lines of a plan one message shows; Telegram takes 4096 letters.
const mostLines = 25

// spending is a plan line by line, with what was spent on each and on none of them.
func spending(p store.Plan, b store.Balance) []store.Text {
	var body []store.Text
	outside := b.Spent
	for i, l := range p.Lines {
		spent := b.ByLine[l.ID]
		outside -= spent
		if i < mostLines {
			body = append(body, store.Say("rab.line", "Item", l.Item, "Pos", l.Pos, "Volume", l.Volume.String(),
				"Unit", l.Unit,
				"Amount", l.Amount().String(), "Spent", spent.String(), "Over", over(spent, l.Amount())))
		}
	}
	if n := len(p.Lines) - mostLines; n > 0 {
		body = append(body, store.Say("rab.more", "Count", strconv.Itoa(n)))
	}
	if outside != 0 {
		body = append(body, store.Say("rab.outside", "Amount", outside.String()))
	}
	return body
}

func planTotal(lines []store.PlanLine) (sum store.Rupiah) {
	for _, l := range lines {
		sum += l.Amount()
	}
	return sum
}

// revision is a line of a plan before and after: without an id it was not, or is not, there.
type revision struct{ was, is store.PlanLine }

// revisions are the lines in which an edition differs from the one before it.
func revisions(was, is []store.PlanLine) []revision {
	var list []revision
	for _, l := range is {
		switch i := slices.IndexFunc(was, func(o store.PlanLine) bool { return o.ID == l.ID }); {
		case i < 0 || l.ID == 0:
			list = append(list, revision{is: l})
		case was[i] != l:
			list = append(list, revision{was[i], l})
		}
	}
	for _, l := range was {
		if !slices.ContainsFunc(is, func(o store.PlanLine) bool { return o.ID == l.ID }) {
			list = append(list, revision{was: l})
		}
	}
	return list
}

// added tells whether there was no such line before.
func (d revision) added() bool { return d.was == store.PlanLine{} }

// removed tells whether there is no such line any more.
func (d revision) removed() bool { return d.is == store.PlanLine{} }

// say says the line before and after, each as volume × price = amount.
func (d revision) say() store.Text {
	was, is := d.was, d.is
	switch {
	case d.added():
		return store.Say("rab.diff.added", "Item", is.Item, "Pos", is.Pos, "Volume", is.Volume.String(),
			"Unit", is.Unit,
			"Price", is.Price.String(), "Amount", is.Amount().String())
	case d.removed():
		return store.Say("rab.diff.removed", "Item", was.Item, "Pos", was.Pos, "Volume", was.Volume.String(),
			"Unit", was.Unit,
			"Price", was.Price.String(), "Amount", was.Amount().String())
	}
	old := ""
	if was.Item != is.Item {
		old = was.Item
	}
	same := was
	if same.Item = is.Item; same == is {
		return store.Say("rab.diff.renamed", "Item", is.Item, "Was", old)
	}
	return store.Say("rab.diff.changed", "Item", is.Item, "Was", old,
		"WasVolume", was.Volume.String(), "WasUnit", was.Unit, "WasPrice", was.Price.String(),
		"WasAmount", was.Amount().String(),
		"Volume", is.Volume.String(), "Unit", is.Unit, "Price", is.Price.String(), "Amount", is.Amount().String())
}

// proposal is what a proposed plan would change, why, and what it would come to.
func proposal(agreed, next store.Plan, of store.Recipient) []store.Text {
	var body []store.Text
	list := revisions(agreed.Lines, next.Lines)
	for i, d := range list {
		if i == mostLines {
			body = append(body, store.Say("rab.more", "Count", strconv.Itoa(len(list)-i)))
			break
		}
		body = append(body, d.say())
	}
	return append(body, planSum(agreed, next, of)...)
}

// planSum is the total of a proposed plan against the grant, and the reasons.
func planSum(agreed, next store.Plan, of store.Recipient) []store.Text {
	was, now := "", planTotal(next.Lines)
	if old := planTotal(agreed.Lines); len(agreed.Lines) > 0 && old != now {
		was = old.String()
	}
	body := []store.Text{store.Say("rab.sum", "Was", was, "Amount", now.String(), "Grant", of.Grant.String(),
		"Over", over(now, of.Grant))}
	if next.Reason != "" {
		body = append(body, store.Say("rab.reason", "Words", dialog.Clip(next.Reason, 1000)))
	}
	return body
}
