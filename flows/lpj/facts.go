package lpj

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// mostFacts is how many facts are quoted for a part.
const mostFacts = 6

// quotes are what the records know for a part of the narrative, in the language of the papers: nothing is made up, and
// a record that is not there says nothing.
func quotes(ctx context.Context, tx store.Tx, who dialog.Who, name string) ([]string, error) {
	of := who.For
	var list []store.Text
	switch name {
	case "group":
		list = append(list, store.Say("fact.group", "Group", of.Name, "Village", of.Village, "Regency", of.Regency,
			"Amount", of.Grant.String(), "Day", string(of.Disbursed)))
	case "plan":
		plan, err := tx.Plan(ctx, of.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range plan.Lines {
			list = append(list, store.Say("fact.plan", "Item", p.Item, "Volume", p.Volume.String(), "Unit", p.Unit,
				"Amount", p.Amount().String()))
		}
	case "spent":
		b, err := tx.Balance(ctx, of.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range b.ByPos {
			list = append(list, store.Say("fact.pos", "Pos", p.Pos, "Amount", p.Spent.String()))
		}
		if b.Submitted > 0 {
			list = append(list, store.Say("fact.spent", "Amount", b.Spent.String(), "Count", strconv.Itoa(b.Submitted)))
		}
		if b.Deposited > 0 {
			list = append(list, store.Say("fact.deposited", "Amount", b.Deposited.String()))
		}
	case "growth":
		months, err := tx.Snapshots(ctx, of.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range months[:min(len(months), 2)] {
			list = append(list, store.Say("fact.month", "Day", m.Month+"-01", "Revenue", m.Revenue.String(),
				"Profit", m.Profit.String(), "Count", strconv.Itoa(m.Workers)))
		}
	case "problems", "solutions":
		visits, err := tx.Visits(ctx, of.ID, 20)
		if err != nil {
			return nil, err
		}
		slices.Reverse(visits)
		for _, v := range visits {
			words, id := v.Problem, "fact.problem"
			if name == "solutions" {
				words, id = v.FollowUp, "fact.solution"
			}
			if v.State == store.VisitHeld && words != "" {
				list = append(list, store.Say(id, "Day", string(store.DayOf(v.Start, who.Zone)), "Words", words,
					"Solved", dialog.Mark(!v.Solved.IsZero())))
			}
		}
	}
	var said []string
	for _, t := range list[max(0, len(list)-mostFacts):] {
		said = append(said, strings.TrimSpace(who.Words(t)))
	}
	return said, nil
}
