package budget

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// RulesAndPlan reads the rules that a recipient is pinned to and its plan.
func RulesAndPlan(ctx context.Context, tx store.Tx, of store.Recipient) (store.Rules, store.Plan, error) {
	program, err := tx.Program(ctx, of.Program)
	if err != nil || !of.Planned {
		return program.Rules, store.Plan{}, err
	}
	plan, err := tx.Plan(ctx, of.ID)
	return program.Rules, plan, err
}

// measure is a quantity with its unit.
type measure struct {
	store.Volume
	unit string
}

// String is a measure as people here write it.
func (m measure) String() string { return strings.TrimSpace(dialog.Quantity(m.Volume, m.unit)) }

// Typed is a measure in thousandths, which has no second meaning.
func (m measure) Typed() string { return fmt.Sprintf("%d‰ %s", m.Volume, m.unit) }

// lineOfPlan finds a line by its id.
func lineOfPlan(lines []store.PlanLine, id string) (store.PlanLine, bool) {
	i := slices.IndexFunc(lines, func(l store.PlanLine) bool { return dialog.IDText(l.ID) == id })
	if i < 0 {
		return store.PlanLine{}, false
	}
	return lines[i], true
}

func lineChoices(lines []store.PlanLine) []form.Choice[string] {
	var list []form.Choice[string]
	for i, l := range lines {
		if i == 90 { // Telegram takes 100 buttons
			break
		}
		list = append(list, form.Choice[string]{
			Value: dialog.IDText(l.ID), Text: store.Say("planchange.line.choice", "Item", dialog.Clip(l.Item, 40)),
		})
	}
	return append(list, form.Choice[string]{Value: newLine, Text: store.Say("planchange.add")})
}

// linesSaid are the lines whose first word somebody typed.
func linesSaid(lines []store.PlanLine, text string) []string {
	names := make([]string, len(lines))
	for i, l := range lines {
		names[i] = l.Item
	}
	var ids []string
	for _, i := range parse.Names(text, names) {
		ids = append(ids, dialog.IDText(lines[i].ID))
	}
	return ids
}

// posSaid makes a parser for a pos in words: "alat".
func posSaid(today store.Day) func(string) []string {
	return func(text string) []string {
		if pos := parse.ReadCaption(today, text).Pos; pos != "" {
			return []string{pos}
		}
		return nil
	}
}

func whats() []form.Choice[string] {
	var list []form.Choice[string]
	for _, w := range []string{linePrice, lineVolume, lineItem, lineRemove} {
		list = append(list, form.Choice[string]{Value: w, Text: store.Say("planchange.what." + w)})
	}
	return list
}

// posChoices are what a line may count under.
func posChoices(rules store.Rules) []form.Choice[string] {
	var names []string
	for _, s := range rules.Split {
		names = append(names, s.Pos)
	}
	for _, c := range rules.Categories {
		if !slices.Contains(names, c.Pos) && c.Pos != dialog.Rest {
			names = append(names, c.Pos)
		}
	}
	if len(names) == 0 {
		names = []string{dialog.Rest}
	}
	var list []form.Choice[string]
	for _, n := range names {
		list = append(list, form.Choice[string]{Value: n, Text: store.Say("planchange.pos.choice", "Pos", n)})
	}
	return list
}

// spentOn refuses to remove a line on which something is booked.
func spentOn(b store.Balance, l store.PlanLine) func(string) *store.Text {
	return func(what string) *store.Text {
		if what != lineRemove || b.ByLine[l.ID] == 0 {
			return nil
		}
		t := store.Say("planchange.booked", "Item", l.Item, "Spent", b.ByLine[l.ID].String())
		return &t
	}
}

// other refuses the value that is there already, and what refuse refuses.
func other[T comparable](old T, refuse func(T) *store.Text) func(T) *store.Text {
	return func(v T) *store.Text {
		if v == old {
			t := store.Say("planchange.same")
			return &t
		}
		if refuse == nil {
			return nil
		}
		return refuse(v)
	}
}

// noMeasure refuses a quantity of nothing, and one without a unit.
func noMeasure(m measure) *store.Text {
	var t store.Text
	switch {
	case m.Volume <= 0:
		t = store.Say("planchange.zero")
	case m.unit == "":
		t = store.Say("planchange.unit", "Volume", m.Volume.String())
	default:
		return nil
	}
	return &t
}

// Measures reads a quantity with its unit; one without a unit is in the given one. A unit may be anybody's own word ("2
// stel").
func Measures(unit string) func(string) []measure {
	return func(text string) []measure {
		if n, u, exact := strings.Cut(text, "‰ "); exact {
			v, err := strconv.ParseInt(n, 10, 64)
			if err != nil || v < 0 || v > int64(store.MaxVolume) || len(u) > 20 {
				return nil
			}
			return []measure{{store.Volume(v), u}}
		}
		var list []measure
		for _, q := range parse.Volume(text) {
			list = append(list, measure{q.Volume, cmp.Or(q.Unit, unit)})
		}
		number, own, _ := strings.Cut(strings.TrimSpace(text), " ")
		strange := func(r rune) bool { return !unicode.IsLetter(r) }
		if len(list) > 0 || len(parse.Rupiah(text)) > 0 || own == "" || len(own) > 20 ||
			strings.ContainsFunc(own, strange) {
			return list
		}
		for _, q := range parse.Volume(number) {
			list = append(list, measure{q.Volume, own})
		}
		return list
	}
}

// items reads what a line of a plan is for; an amount is none.
func items(text string) []string {
	if len(parse.Rupiah(text)) > 0 || len([]rune(text)) > 60 {
		return nil
	}
	return form.Text(text)
}
