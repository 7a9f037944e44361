package flows

import (
	"context"
	"slices"
	"strings"

	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// line is something spending can be booked on: a line of the RAB, or a category where there is no plan.
type line struct {
	value string // in buttons and answers
	name  string
	pos   string
	id    store.ID
}

func (l line) item() store.Item { return store.Item{Line: l.id, Pos: l.pos} }

// lines are what a nota can be booked on. A plan's lines are followed by its programme's categories for what was not planned.
func lines(rules store.Rules, plan store.Plan) []line {
	var list []line
	for _, l := range plan.Lines {
		list = append(list, line{value: idText(l.ID), name: l.Item, pos: l.Pos, id: l.ID})
	}
	for _, c := range rules.Categories {
		if len(plan.Lines) > 0 && c.Pos != rest {
			continue
		}
		list = append(list, line{value: c.Code, name: c.Name, pos: c.Pos})
	}
	return list
}

// rest is the pos of what no plan foresaw.
const rest = "LAIN"

// chosen is the value of the line that an item was booked on.
func chosen(it store.Item) string {
	if it.Line != 0 {
		return idText(it.Line)
	}
	return it.Pos
}

func choices(lines []line) []form.Choice[string] {
	list := make([]form.Choice[string], len(lines))
	for i, l := range lines {
		list[i] = form.Choice[string]{Value: l.value, Show: l.name, Text: store.Say("receipt.line.choice", "Name", l.name, "Pos", l.pos)}
	}
	return list
}

func (d *draft) find(value string) line { return lineOf(d.lines, value) }

func lineOf(lines []line, value string) line {
	i := slices.IndexFunc(lines, func(l line) bool { return l.value == value })
	if i < 0 {
		return line{name: value, pos: rest}
	}
	return lines[i]
}

// guess finds the line that a caption names: its pos where that leaves one choice, or a RAB line's own first word.
func guess(lines []line, c parse.Caption) []string {
	var found []string
	for _, l := range lines {
		word, _, _ := strings.Cut(strings.ToLower(l.name), " ")
		if (c.Pos != "" && strings.EqualFold(c.Pos, l.pos)) || (c.Pos == "" && l.id != 0 && word != "" && hasWord(c.Item, word)) {
			found = append(found, l.value)
		}
	}
	return found
}

func hasWord(text, word string) bool {
	return slices.Contains(strings.Fields(strings.ToLower(text)), word)
}

// rulesAndPlan reads the rules that a recipient is pinned to and its plan.
func rulesAndPlan(ctx context.Context, tx store.Tx, of store.Recipient) (store.Rules, store.Plan, error) {
	program, err := tx.Program(ctx, of.Program)
	if err != nil || !of.Planned {
		return program.Rules, store.Plan{}, err
	}
	plan, err := tx.Plan(ctx, of.ID)
	return program.Rules, plan, err
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

// recent are the days that most papers say.
func recent(today store.Day) []form.Choice[store.Day] {
	return []form.Choice[store.Day]{
		{Value: today, Text: store.Say("day.today")}, {Value: today.Add(-1), Text: store.Say("day.yesterday")},
	}
}

// notLater refuses a day that has not come.
func notLater(today store.Day) func(store.Day) *store.Text {
	return func(d store.Day) *store.Text {
		if d <= today {
			return nil
		}
		t := store.Say("receipt.day.future", "Day", string(d))
		return &t
	}
}

// flags are what the mentor's eye should rest on: a date outside the period, a pos beyond its share, more than the grant.
func flags(rules store.Rules, of store.Recipient, after store.Balance, r store.Receipt) []string {
	var list []string
	if of.Disbursed.Valid() && (r.Day < of.Disbursed || r.Day > rules.End(of.Disbursed)) {
		list = append(list, "period")
	}
	for _, share := range rules.Split {
		for _, p := range after.ByPos {
			touched := slices.ContainsFunc(r.Items, func(it store.Item) bool { return it.Pos == p.Pos })
			if touched && p.Pos == share.Pos && int64(p.Spent)*100 > int64(of.Grant)*int64(share.Percent) && of.Grant > 0 {
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
	for _, k := range []store.Kind{store.KindNota, store.KindStruk, store.KindKuitansi, store.KindFaktur, store.KindTransfer, store.KindMarketplace, store.KindNone} {
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

// sellers makes a parser for a seller's name: words that are not plainly an amount or a date. A message that tells a seller
// and more is left to all questions.
func sellers(read func(string) parse.Caption) func(string) []string {
	return func(text string) []string {
		c := read(text)
		told := len(c.Amount) > 0 || len(c.Day) > 0
		if len(parse.Rupiah(text)) > 0 || len(text) < 2 || (told && (c.Seller != "" || c.Item == "")) {
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

// quantity is a volume with its unit, as people here type it ("1,5 kg"); "" is none.
func quantity(v store.Volume, unit string) string {
	if v == 0 {
		return ""
	}
	return strings.Replace(v.String(), ".", ",", 1) + " " + unit
}

// some is a parser's answer for a value that may be absent.
func some[T comparable](v T) []T {
	var zero T
	if v == zero {
		return nil
	}
	return []T{v}
}

// reading reads captions, each text once.
func reading(today store.Day) func(string) parse.Caption {
	var last string
	var words parse.Caption
	return func(text string) parse.Caption {
		if text != last {
			last, words = text, parse.ReadCaption(today, text)
		}
		return words
	}
}
