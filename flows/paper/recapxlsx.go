package paper

import (
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"pendamping/store"
)

// XLSX writes the recap as a workbook to calculate with: the visits, the groups, and what was done.
func (r Recap) XLSX(w io.Writer, p Printing) error {
	say := p.Say.say
	b := newWorkbook(say("recap.head", "Month", r.Month, "Mentor", r.Mentor), r.Mentor, p.Made)
	b.sheet(say("recap.sheet.visits"), []field{
		{say("recap.date"), 17}, {say("recap.group.code"), 12}, {say("recap.group"), 26}, {say("recap.regency"), 18},
		{say("recap.village"), 18},
		{say("recap.state"), 16}, {say("recap.way"), 14}, {say("recap.minutes"), 9}, {say("recap.place"), 24},
		{say("recap.spot"), 20},
		{say("recap.met"), 24}, {say("recap.activity"), 40}, {say("recap.lpj"), 8}, {say("recap.words"), 40},
		{say("recap.problem"), 36},
		{say("recap.followup"), 36}, {say("recap.due"), 12}, {say("recap.solved"), 12}, {say("recap.word"), 20},
		{say("recap.pictures.count"), 8},
		{say("recap.logged"), 17},
	}, r.visitRows(p.Say))
	b.sheet(say("recap.sheet.groups"), []field{
		{say("recap.group.code"), 12}, {say("recap.group"), 26}, {say("recap.regency"), 18}, {say("recap.village"), 18},
		{say("recap.grant"), 16},
		{say("recap.received"), 16}, {say("recap.recorded"), 16}, {say("recap.left"), 16},
		{say("recap.growth.before"), 10}, {say("recap.growth.now"), 10},
		{say("recap.notas.counted"), 10}, {say("recap.notas.checked"), 12}, {say("recap.notas.returned"), 14},
		{say("recap.notas.unfinished"), 12},
		{say("recap.visits"), 11}, {say("recap.last"), 17}, {say("recap.revenue"), 16}, {say("recap.profit"), 16},
		{say("recap.capital"), 16},
		{say("recap.workers"), 10}, {say("recap.permits"), 20},
	}, r.groupRows())
	r.charts(b, p.Say)
	b.sheet(say("recap.sheet.deeds"), []field{
		{say("recap.role.head"), 16}, {say("recap.activity"), 50}, {say("recap.count"), 10},
		{say("recap.groups.count"), 12},
		{say("recap.group"), 26}, {say("recap.result"), 50},
	}, r.deedRows(p.Say))
	return b.finish(w)
}

// charts draws what the PDF draws: the visits by week, and how far each group's LPJ has come.
func (r Recap) charts(b *workbook, s Say) {
	labels, list := r.weekly(s, r.held())
	fields := []field{{s.say("recap.weeks.days", "Month", r.Month), 24}}
	for _, one := range list {
		fields = append(fields, field{one.name, 14})
	}
	var rows [][]any
	for i, label := range labels {
		row := []any{label}
		for _, one := range list {
			row = append(row, one.values[i])
		}
		rows = append(rows, row)
	}
	name := s.say("recap.sheet.charts")
	b.sheet(name, fields, rows)
	b.chart(name, "F2", s.say("recap.weeks"), excelize.ColStacked, name, "A", []string{"B", "C", "D"}, len(rows))
	if n := len(r.Groups); n > 0 {
		b.chart(name, "F20", s.say("recap.growth.chart"), excelize.Bar, s.say("recap.sheet.groups"), "B",
			[]string{"I", "J"}, n)
	}
}

func (r Recap) visitRows(s Say) [][]any {
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
			acts += s.act(code)
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
			word = s.word(v)
		}
		rows = append(rows, []any{
			v.Start, codes[v.Recipient], v.Group, v.Regency, v.Village,
			s.say("recap.visit.state", "State", string(v.State)),
			s.say("recap.mode", "Mode", string(v.Mode), "Minutes", ""), minutes, v.Place, v.Spot, s.people(v), acts,
			percent(v.Progress),
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
			g.Code, g.Name, g.Regency, g.Village, g.Grant, g.Received, g.Received - g.Left, g.Left, percent(g.From),
			percent(g.Progress),
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

func (r Recap) deedRows(s Say) [][]any {
	var rows [][]any
	for _, a := range r.deeds() {
		rows = append(rows, []any{s.say("recap.role", "Role", a.role), s.act(a.code), a.times, a.groups})
	}
	for _, i := range r.Initiatives {
		role := "fasilitator"
		if i.Kind == store.Idea {
			role = "inovator"
		}
		rows = append(rows, []any{
			s.say("recap.role", "Role", role), s.say("recap.initiative.kind", "Kind", string(i.Kind)) + ": " + i.Words,
			1, 1, i.Group, s.result(i),
		})
	}
	if l := r.Letters; l.Sent > 0 {
		rows = append(rows, []any{s.say("recap.role", "Role", "fasilitator"), s.say("recap.letters"), l.Sent, l.Groups})
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
