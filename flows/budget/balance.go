package budget

import (
	"context"
	"strconv"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Balance shows what was received, spent by pos against the rules, what is left, and what is unfinished.
func Balance(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if who.For.ID == 0 {
		return dialog.ChooseGroup(ctx, tx, who)
	}
	b, err := tx.Balance(ctx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	rules, plan, err := RulesAndPlan(ctx, tx, who.For)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{
		store.Say("saldo.head", "Group", who.For.Name, "Day", string(who.Today)),
		store.Say("saldo.received", "Amount", b.Received.String()),
		store.Say("saldo.spent", "Amount", b.Spent.String()),
	}}
	s.Body = append(s.Body, byPos(rules, who.For, plan, b)...)
	s.Body = append(s.Body, overPlan(plan, b)...)
	if b.Fees != 0 {
		s.Body = append(s.Body, store.Say("saldo.fees", "Amount", b.Fees.String()))
	}
	if b.Deposited != 0 {
		s.Body = append(s.Body, store.Say("saldo.deposited", "Amount", b.Deposited.String()))
	}
	s.Body = append(s.Body, store.Say("saldo.left", "Amount", b.Left.String()))
	s.Body = append(s.Body, byState(b)...)
	line, way, err := approval.Approval(ctx, tx, who)
	if err != nil {
		return form.Screen{}, err
	}
	s.Body = append(s.Body, line)
	due, err := dialog.DueOf(ctx, tx, rules, who.For)
	if err != nil {
		return form.Screen{}, err
	}
	if due != "" {
		s.Body = append(s.Body, store.Say("saldo.due", "Day", string(due)))
	}
	s.Buttons = [][]store.Button{{
		{Text: store.Say("menu.nota"), Data: dialog.Data("nota", "p0")},
		{Text: store.Say("menu.rab"), Data: dialog.Data("rab")},
	}}
	if len(way) > 0 {
		s.Buttons = append(s.Buttons, way)
	}
	return s, nil
}

// byPos is what was spent under each pos, against what the plan means for it and its share of the grant.
func byPos(rules store.Rules, of store.Recipient, plan store.Plan, b store.Balance) []store.Text {
	var body []store.Text
	planned := map[string]store.Rupiah{}
	for _, l := range plan.Lines {
		planned[l.Pos] += l.Amount()
	}
	spent := map[string]store.Rupiah{}
	for _, p := range b.ByPos {
		spent[p.Pos] = p.Spent
	}
	for _, share := range rules.Split {
		meant := of.Grant * store.Rupiah(share.Percent) / 100
		body = append(body, store.Say("saldo.pos", "Pos", share.Pos, "Amount", spent[share.Pos].String(),
			"Meant", meant.String(),
			"Percent", strconv.Itoa(share.Percent), "Over", over(spent[share.Pos], meant),
			"Planned", amountOf(planned[share.Pos], meant)))
		delete(spent, share.Pos)
	}
	for _, p := range b.ByPos {
		if v, ok := spent[p.Pos]; ok && v != 0 {
			body = append(body, store.Say("saldo.other", "Pos", p.Pos, "Amount", v.String()))
		}
	}
	return body
}

// amountOf is an amount for a sentence that leaves it out when there is none, or when it stands there already.
func amountOf(v, said store.Rupiah) string {
	if v == 0 || v == said {
		return ""
	}
	return v.String()
}

// overPlan are the lines of a plan on which more was spent than they mean; all of them stand in /rab.
func overPlan(p store.Plan, b store.Balance) []store.Text {
	var body []store.Text
	for _, l := range p.Lines {
		if more := over(b.ByLine[l.ID], l.Amount()); more != "" {
			body = append(body, store.Say("saldo.line", "Item", l.Item, "Over", more))
		}
	}
	return body
}

// byState is how many notas there are in each state, in the words of the list.
func byState(b store.Balance) []store.Text {
	var body []store.Text
	for _, c := range []struct {
		state store.ReceiptState
		n     int
	}{
		{
			store.Submitted, b.Submitted - b.Returned - b.Verified,
		}, {store.Returned, b.Returned}, {store.Verified, b.Verified}, {store.Unfinished, b.Unfinished},
	} {
		if c.n > 0 {
			body = append(body, store.Say("saldo.notas", "State", string(c.state), "Count", strconv.Itoa(c.n)))
		}
	}
	if len(body) == 0 {
		return []store.Text{store.Say("nota.empty")}
	}
	return body
}

func over(spent, meant store.Rupiah) string {
	if spent > meant {
		return (spent - meant).String()
	}
	return ""
}

// Groups lists a mentor's groups, to act for one.
func Groups(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	s, err := dialog.ChooseGroup(ctx, t.Tx, t.Who)
	if t.Who.For.ID != 0 {
		s.Body = append([]store.Text{store.Say("kelompok.for", "Group", t.Who.For.Name)}, s.Body...)
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("kelompok.none"), Data: dialog.Data("for", "0")}})
	}
	return s, err
}
