package roster

import (
	"slices"
	"strings"

	"pendamping/flows/text"
	"pendamping/store"
)

// comparePlan makes a new edition of a RAB whose lines are not the known ones.
func (c *changes) comparePlan(k *known, file string, plan *Plan, group *groupChange) {
	r, ok := k.recipients[text.Fold(plan.Code)]
	if !ok && group == nil {
		c.fail(file, plan.Line, "kode %q is neither in the roster nor known", plan.Code)
		return
	}
	rules, before := c.pinned.Rules, store.Plan{}
	if ok {
		rules, before = k.programs[r.Program].Rules, k.plans[r.ID]
	}
	if group != nil {
		r = group.recipient
	}
	for i := range plan.Lines {
		if pos, ok := rulesPos(rules, plan.Lines[i].Pos); ok {
			plan.Lines[i].Pos = pos
		} else {
			c.note("%s line %d: pos %q is not in the rules of %s", file, plan.at[i], plan.Lines[i].Pos, r.Code)
		}
	}
	same := slices.EqualFunc(before.Lines, plan.Lines, func(a, b store.PlanLine) bool { a.ID = b.ID; return a == b })
	if same {
		return
	}
	next := store.Plan{Recipient: r.ID, Edition: before.Edition + 1, Reason: "impor", Lines: plan.Lines}
	c.plans = append(c.plans, &planChange{plan: next, code: r.Code, group: group})
}

// rulesPos is the rules' own spelling of a pos.
func rulesPos(rules store.Rules, pos string) (string, bool) {
	for _, s := range rules.Split {
		if strings.EqualFold(s.Pos, pos) {
			return s.Pos, true
		}
	}
	for _, s := range rules.Categories {
		if strings.EqualFold(s.Pos, pos) {
			return s.Pos, true
		}
	}
	return "", false
}
