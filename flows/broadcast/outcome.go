package broadcast

import (
	"io"

	"pendamping/flows/layout"
	"pendamping/store"
)

// Outcome is what became of an announcement.
type Outcome struct {
	Title     string
	By        string // the coordinator
	Delivered []store.Delivered
	Votes     []Vote // of a poll
}

// Vote is an answer of a poll, and how many chose it.
type Vote struct {
	Answer string
	Count  int
}

// fates are the states of deliveries, in the order of their columns.
var deliveryStates = []store.DeliveryState{
	store.Sent, store.Acknowledged, store.Queued, store.Unreachable, store.Failed, store.Unknown, store.Withdrawn,
}

// XLSX writes a sheet with the figures of each place, one with everybody, and one with a poll's answers.
func (c Outcome) XLSX(w io.Writer, p layout.Printing) error {
	say := p.Words.Say
	b := layout.NewWorkbook(c.Title, c.By, p.Made)
	places := []layout.Field{{Head: say("progres.province"), Width: 18}, {Head: say("recap.regency"), Width: 18},
		{Head: say("cast.sheet.all"), Width: 10}}
	for _, s := range deliveryStates {
		places = append(places, layout.Field{Head: say("cast.fate", "State", string(s)), Width: 14})
	}
	b.Sheet(say("cast.sheet.places"), places, c.placeRows())
	b.LongSheet(say("cast.sheet.people"), []layout.Field{
		{Head: say("cast.sheet.name"), Width: 26}, {Head: say("cast.sheet.role"), Width: 14},
		{Head: say("recap.group"), Width: 26},
		{Head: say("progres.province"), Width: 18}, {Head: say("recap.regency"), Width: 18},
		{Head: say("recap.state"), Width: 18}, {Head: say("cast.sheet.at"), Width: 17},
		{Head: say("cast.sheet.why"), Width: 36},
	}, len(c.Delivered), c.person(p))
	if len(c.Votes) > 0 {
		var rows [][]any
		for _, v := range c.Votes {
			rows = append(rows, []any{v.Answer, v.Count})
		}
		b.Sheet(say("cast.sheet.votes"), []layout.Field{
			{Head: say("cast.sheet.answer"), Width: 40}, {Head: say("recap.count"), Width: 10},
		}, rows)
	}
	return b.Finish(w)
}

// placeRows counts those of each place, which stand together.
func (c Outcome) placeRows() (rows [][]any) {
	type place struct{ province, regency string }
	var here place
	for _, d := range c.Delivered {
		if at := (place{d.Province, d.Regency}); at != here || len(rows) == 0 {
			here = at
			row := []any{at.province, at.regency, 0}
			for range deliveryStates {
				row = append(row, 0)
			}
			rows = append(rows, row)
		}
		row := rows[len(rows)-1]
		row[2] = row[2].(int) + 1
		for i, s := range deliveryStates {
			if d.State == s {
				row[3+i] = row[3+i].(int) + 1
			}
		}
	}
	return rows
}

// person is what makes the row of somebody. Words that come again are said once.
func (c Outcome) person(p layout.Printing) func(int) []any {
	said := map[string]string{}
	say := func(id, name, value string) string {
		words, known := said[id+value]
		if !known && value != "" {
			words = p.Words.Say(id, name, value)
			said[id+value] = words
		}
		return words
	}
	return func(i int) []any {
		d := c.Delivered[i]
		return []any{
			d.Name, say("cast.role", "Role", string(d.Role)), d.Group, d.Province, d.Regency,
			say("cast.fate", "State", string(d.State)),
			d.At.In(p.Made.Location()), d.Reason,
		}
	}
}
