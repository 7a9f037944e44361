package receipt

import (
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// Line is something spending can be booked on: a line of the RAB, or a category where there is no plan.
type Line struct {
	value string // in buttons and answers
	Name  string
	pos   string
	id    store.ID
}

func (l Line) item() store.Item { return store.Item{Line: l.id, Pos: l.pos} }

// Lines are what a nota can be booked on. A plan's lines are followed by its programme's categories for what was not
// planned.
func Lines(rules store.Rules, plan store.Plan) []Line {
	var list []Line
	for _, l := range plan.Lines {
		list = append(list, Line{value: dialog.IDText(l.ID), Name: l.Item, pos: l.Pos, id: l.ID})
	}
	for _, c := range rules.Categories {
		if len(plan.Lines) > 0 && c.Pos != dialog.Rest {
			continue
		}
		list = append(list, Line{value: c.Code, Name: c.Name, pos: c.Pos})
	}
	return list
}

// Chosen is the value of the line that an item was booked on.
func Chosen(it store.Item) string {
	if it.Line != 0 {
		return dialog.IDText(it.Line)
	}
	return it.Pos
}

func choices(lines []Line) []form.Choice[string] {
	list := make([]form.Choice[string], len(lines))
	for i, l := range lines {
		list[i] = form.Choice[string]{
			Value: l.value, Show: l.Name, Text: store.Say("receipt.line.choice", "Name", l.Name, "Pos", l.pos),
		}
	}
	return list
}

func (d *draft) find(value string) Line { return LineOf(d.lines, value) }

// LineOf is the line of the plan with that value, or one outside of it with the value as its name.
func LineOf(lines []Line, value string) Line {
	i := slices.IndexFunc(lines, func(l Line) bool { return l.value == value })
	if i < 0 {
		return Line{Name: value, pos: dialog.Rest}
	}
	return lines[i]
}

// guess finds the line that a caption names: its pos where that leaves one choice, or a RAB line's own first word.
func guess(lines []Line, c parse.Caption) []string {
	var found []string
	if c.Pos != "" {
		for _, l := range lines {
			if strings.EqualFold(c.Pos, l.pos) {
				found = append(found, l.value)
			}
		}
		return found
	}
	names := make([]string, len(lines))
	for i, l := range lines {
		if l.id != 0 {
			names[i] = l.Name
		}
	}
	for _, i := range parse.Names(c.Item, names) {
		found = append(found, lines[i].value)
	}
	return found
}

// dayIn is the day that a caption tells. A fraction before the money came is a size, and no day: "usuk 5/7".
func dayIn(c parse.Caption, of store.Recipient) []store.Day {
	if c.Loose && len(c.Day) == 1 && of.Disbursed.Valid() && c.Day[0] < of.Disbursed {
		return nil
	}
	return c.Day
}

// limit refuses what is no amount of a nota: nothing, less than nothing, or more than the rules' ceiling.
func limit(rules store.Rules, of store.Recipient) func(store.Rupiah) *store.Text {
	most := rules.Ceiling
	if most == 0 {
		most = max(of.Grant, rules.Amount)
	}
	return func(v store.Rupiah) *store.Text {
		var t store.Text
		switch {
		case v <= 0:
			t = store.Say("receipt.amount.zero")
		case most > 0 && v > most:
			t = store.Say("receipt.amount.ceiling", "Amount", v.String(), "Most", most.String())
		default:
			return nil
		}
		return &t
	}
}

// flags are what the mentor's eye should rest on: a date outside the period, a pos beyond its share, more than the
// grant.
func flags(rules store.Rules, of store.Recipient, after store.Balance, r store.Receipt) []string {
	var list []string
	if of.Disbursed.Valid() && (r.Day < of.Disbursed || r.Day > rules.End(of.Disbursed)) {
		list = append(list, "period")
	}
	for _, share := range rules.Split {
		for _, p := range after.ByPos {
			touched := slices.ContainsFunc(r.Items, func(it store.Item) bool { return it.Pos == p.Pos })
			if touched && p.Pos == share.Pos && int64(p.Spent)*100 > int64(of.Grant)*int64(share.Percent) &&
				of.Grant > 0 {
				list = append(list, "split")
			}
		}
	}
	if after.Left < 0 {
		list = append(list, "grant")
	}
	return list
}

func kinds() []form.Choice[store.Kind] {
	var list []form.Choice[store.Kind]
	for _, k := range []store.Kind{store.KindNota, store.KindStruk, store.KindKuitansi, store.KindFaktur,
		store.KindTransfer, store.KindMarketplace, store.KindNone} {
		list = append(list, form.Choice[store.Kind]{Value: k, Text: store.Say("kind." + string(k))})
	}
	return list
}

func payments() []form.Choice[string] {
	var list []form.Choice[string]
	for _, p := range []string{"tunai", "transfer", "qris", "debit", "ewallet", "utang", "lain"} {
		list = append(list, form.Choice[string]{Value: p, Text: store.Say("payment." + p)})
	}
	return list
}

// sellers makes a parser for a seller's name: words that are not plainly an amount or a date, nor that it isn't known.
// A message that tells a seller and more is left to all questions.
func sellers(read func(string) parse.Caption) func(string) []string {
	return func(text string) []string {
		c := read(text)
		told := len(c.Amount) > 0 || len(c.Day) > 0
		if len(parse.Rupiah(text)) > 0 || len(text) < 2 || parse.Unknown(text) ||
			(told && (c.Seller != "" || c.Item == "")) {
			return nil
		}
		if len(c.Day) > 0 {
			return form.Text(c.Item)
		}
		return form.Text(text)
	}
}

// things finds what was bought in words that tell something else too; words alone may be anything.
func things(c parse.Caption) []string {
	if len(c.Amount) == 0 && len(c.Day) == 0 && c.Seller == "" && c.Volume == 0 && c.Pos == "" {
		return nil
	}
	return some(c.Item)
}

// volumes reads a volume with its unit; "" is none.
func volumes(text string) []string {
	if len(parse.Volume(text)) != 1 {
		return nil
	}
	return []string{strings.TrimSpace(text)}
}

// some is a parser's answer for a value that may be absent.
func some[T comparable](v T) []T {
	var zero T
	if v == zero {
		return nil
	}
	return []T{v}
}
