package recap

import (
	"io"
	"time"

	"pendamping/flows/layout"
	"pendamping/store"
)

// XLSX writes the recap as a workbook to calculate with: the visits, the groups, and what was done.
func (r Recap) XLSX(w io.Writer, p layout.Printing) error {
	say := p.Words.Say
	b := layout.NewWorkbook(say("recap.head", "Month", r.Month, "Mentor", r.Mentor), r.Mentor, p.Made)
	b.Sheet(say("recap.sheet.visits"), []layout.Field{
		{Head: say("recap.date"), Width: 17}, {Head: say("recap.group.code"), Width: 12},
		{Head: say("recap.group"), Width: 26}, {Head: say("recap.regency"), Width: 18},
		{Head: say("recap.village"), Width: 18},
		{Head: say("recap.state"), Width: 16}, {Head: say("recap.way"), Width: 14},
		{Head: say("recap.minutes"), Width: 9}, {Head: say("recap.place"), Width: 24},
		{Head: say("recap.spot"), Width: 20},
		{Head: say("recap.met"), Width: 24}, {Head: say("recap.activity"), Width: 40},
		{Head: say("recap.lpj"), Width: 8}, {Head: say("recap.words"), Width: 40},
		{Head: say("recap.problem"), Width: 36},
		{Head: say("recap.followup"), Width: 36}, {Head: say("recap.due"), Width: 12},
		{Head: say("recap.solved"), Width: 12}, {Head: say("recap.word"), Width: 20},
		{Head: say("recap.pictures.count"), Width: 8},
		{Head: say("recap.logged"), Width: 17},
	}, r.visitRows(p.Words))
	b.Sheet(say("recap.sheet.groups"), []layout.Field{
		{Head: say("recap.group.code"), Width: 12}, {Head: say("recap.group"), Width: 26},
		{Head: say("recap.regency"), Width: 18}, {Head: say("recap.village"), Width: 18},
		{Head: say("recap.grant"), Width: 16},
		{Head: say("recap.received"), Width: 16}, {Head: say("recap.recorded"), Width: 16},
		{Head: say("recap.left"), Width: 16},
		{Head: say("recap.growth.before"), Width: 10}, {Head: say("recap.growth.now"), Width: 10},
		{
			Head: say("recap.notas.counted"), Width: 10,
		}, {Head: say("recap.notas.checked"), Width: 12}, {Head: say("recap.notas.returned"), Width: 14},
		{Head: say("recap.notas.unfinished"), Width: 12},
		{Head: say("recap.visits"), Width: 11}, {Head: say("recap.last"), Width: 17},
		{Head: say("recap.revenue"), Width: 16}, {Head: say("recap.profit"), Width: 16},
		{Head: say("recap.capital"), Width: 16},
		{Head: say("recap.workers"), Width: 10}, {Head: say("recap.permits"), Width: 20},
	}, r.groupRows())
	r.charts(b, p.Words)
	b.Sheet(say("recap.sheet.deeds"), []layout.Field{
		{Head: say("recap.role.head"), Width: 16}, {Head: say("recap.activity"), Width: 50},
		{Head: say("recap.count"), Width: 10},
		{Head: say("recap.groups.count"), Width: 12},
		{Head: say("recap.group"), Width: 26}, {Head: say("recap.result"), Width: 50},
	}, r.deedRows(p.Words))
	return b.Finish(w)
}

// charts draws what the PDF draws: the visits by week, and how far each group's LPJ has come.
func (r Recap) charts(b *layout.Workbook, s layout.Words) {
	labels, list := r.weekly(s, r.held())
	fields := []layout.Field{{Head: s.Say("recap.weeks.days", "Month", r.Month), Width: 24}}
	for _, one := range list {
		fields = append(fields, layout.Field{Head: one.Name, Width: 14})
	}
	var rows [][]any
	for i, label := range labels {
		row := []any{label}
		for _, one := range list {
			row = append(row, one.Values[i])
		}
		rows = append(rows, row)
	}
	name := s.Say("recap.sheet.charts")
	b.Sheet(name, fields, rows)
	b.Chart(name, "F2", s.Say("recap.weeks"), layout.StackedColumns, name, "A", []string{"B", "C", "D"}, len(rows))
	if n := len(r.Groups); n > 0 {
		b.Chart(name, "F20", s.Say("recap.growth.chart"), layout.PercentBars, s.Say("recap.sheet.groups"), "B",
			[]string{"I", "J"}, n)
	}
}

func (r Recap) visitRows(s layout.Words) [][]any {
	codes := map[store.ID]string{}
	for _, g := range r.Groups {
		codes[g.ID] = g.Code
	}
	var rows [][]any
	for _, v := range r.Visits {
		var acts string
		for i, code := range v.Acts {
			if i > 0 {
				acts += ", "
			}
			acts += actName(s, code)
		}
		var minutes any
		if v.Minutes > 0 {
			minutes = v.Minutes
		}
		solved := store.Day("")
		if !v.Solved.IsZero() {
			solved = store.DayOf(v.Solved, v.Start.Location())
		}
		word := ""
		if v.State == store.VisitHeld || v.State == store.VisitMissed {
			word = groupWord(s, v)
		}
		rows = append(rows, []any{
			v.Start, codes[v.Recipient], v.Group, v.Regency, v.Village,
			s.Say("recap.visit.state", "State", string(v.State)),
			s.Say("recap.mode", "Mode", string(v.Mode), "Minutes", ""), minutes, v.Place, v.Spot, peopleMet(s, v), acts,
			layout.Percent(v.Progress),
			v.Words, v.Problem, v.FollowUp, v.Due, solved, word, v.Pictures, v.At.In(v.Start.Location()),
		})
	}
	return rows
}

func (r Recap) groupRows() [][]any {
	visits := map[store.ID]int{}
	for _, v := range r.held() {
		visits[v.Recipient]++
	}
	var rows [][]any
	for _, g := range r.Groups {
		row := []any{
			g.Code, g.Name, g.Regency, g.Village, g.Grant, g.Received, g.Received - g.Left, g.Left,
			layout.Percent(g.From),
			layout.Percent(g.Progress),
			g.Counted, g.Checked, g.Returned.Count, g.Unfinished.Count, visits[g.ID],
			at(g.LastVisit, r.Until.Location()),
		}
		if g.Now.Month != "" {
			row = append(row, g.Now.Revenue, g.Now.Profit, g.Now.Capital, g.Now.Workers, g.Now.Permits)
		}
		rows = append(rows, row)
	}
	return rows
}

func (r Recap) deedRows(s layout.Words) [][]any {
	var rows [][]any
	for _, a := range r.deeds() {
		rows = append(rows, []any{s.Say("recap.role", "Role", a.role), actName(s, a.code), a.times, a.groups})
	}
	for _, i := range r.Initiatives {
		role := "fasilitator"
		if i.Kind == store.Idea {
			role = "inovator"
		}
		rows = append(rows, []any{
			s.Say("recap.role", "Role", role), s.Say("recap.initiative.kind", "Kind", string(i.Kind)) + ": " + i.Words,
			1, 1, i.Group, resultOf(s, i),
		})
	}
	if l := r.Letters; l.Sent > 0 {
		rows = append(rows, []any{s.Say("recap.role", "Role", "fasilitator"), s.Say("recap.letters"), l.Sent, l.Groups})
	}
	return rows
}

// at is a time at a place; an unknown one stays unknown.
func at(t time.Time, place *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(place)
}
