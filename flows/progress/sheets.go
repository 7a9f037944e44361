package progress

import (
	"io"
	"time"

	"pendamping/flows/layout"
	"pendamping/store"
)

// Sheets are how far a part of the field has come, table by table, the widest parts first.
type Sheets struct {
	Place  string // "": everywhere
	By     string // the coordinator
	At     time.Time
	Tables []FieldTable
}

// FieldTable is the parts of a field at a level, in the order in which they are to stand.
type FieldTable struct {
	By   store.Level
	Rows []store.Progress
}

// fieldColumn is a column of these tables.
type fieldColumn struct {
	head  string
	width float64
	cell  func(store.Progress) any
}

// XLSX writes a sheet for each table.
func (f Sheets) XLSX(w io.Writer, p layout.Printing) error {
	say := p.Words.Say
	b := layout.NewWorkbook(say("progres.title", "Name", f.Place, "At", f.At.Format(time.RFC3339)), f.By, p.Made)
	for _, t := range f.Tables {
		columns := f.columns(t.By)
		var fields []layout.Field
		for _, c := range columns {
			fields = append(fields, layout.Field{Head: say(c.head), Width: c.width})
		}
		rows := make([][]any, len(t.Rows))
		for i, r := range t.Rows {
			for _, c := range columns {
				rows[i] = append(rows[i], c.cell(r))
			}
		}
		b.Sheet(say("progres.sheet."+string(t.By)), fields, rows)
	}
	return b.Finish(w)
}

// columns are those of a level: where it is, then how far it has come.
func (f Sheets) columns(by store.Level) []fieldColumn {
	list := []fieldColumn{
		{head: "progres.province", width: 18, cell: func(p store.Progress) any { return p.Of.Province }},
	}
	if by != store.ByProvince {
		list = append(list, fieldColumn{
			head: "recap.regency", width: 18, cell: func(p store.Progress) any { return p.Of.Regency },
		})
	}
	switch by {
	case store.ByMentor:
		list = append(list,
			fieldColumn{head: "progres.mentor", width: 24, cell: func(p store.Progress) any { return p.Mentor }},
			fieldColumn{head: "progres.load", width: 12, cell: func(p store.Progress) any { return p.Load }})
	case store.ByGroup:
		return append(list, f.groupColumns()...)
	default:
		list = append(list, fieldColumn{
			head: "progres.mentors", width: 12, cell: func(p store.Progress) any { return p.Mentors },
		})
	}
	return append(append(list,
		fieldColumn{head: "progres.groups", width: 10, cell: func(p store.Progress) any { return p.Groups }},
		fieldColumn{head: "progres.complete", width: 10, cell: func(p store.Progress) any { return p.Complete }},
		fieldColumn{head: "progres.late", width: 12, cell: func(p store.Progress) any { return p.Late }},
		fieldColumn{head: "progres.silent", width: 10, cell: func(p store.Progress) any { return p.Silent }},
	), f.figures()...)
}

func (f Sheets) groupColumns() []fieldColumn {
	day := func(t time.Time) store.Day {
		if t.IsZero() {
			return ""
		}
		return store.DayOf(t, f.At.Location())
	}
	list := []fieldColumn{
		{head: "recap.village", width: 18, cell: func(p store.Progress) any { return p.Of.Village }},
		{head: "recap.group.code", width: 12, cell: func(p store.Progress) any { return p.Of.Code }},
		{head: "recap.group", width: 26, cell: func(p store.Progress) any { return p.Of.Name }},
		{head: "progres.mentor", width: 24, cell: func(p store.Progress) any { return p.Mentor }},
		{head: "progres.disbursed", width: 12, cell: func(p store.Progress) any { return p.Of.Disbursed }},
		{head: "progres.due", width: 12, cell: func(p store.Progress) any { return p.Due }},
		{head: "progres.late", width: 12, cell: func(p store.Progress) any { return p.Late }},
		{head: "progres.silent", width: 10, cell: func(p store.Progress) any { return p.Silent }},
		{head: "progres.last.nota", width: 12, cell: func(p store.Progress) any { return day(p.LastNota) }},
		{head: "progres.last.visit", width: 12, cell: func(p store.Progress) any { return day(p.LastVisit) }},
	}
	return append(list, f.figures()...)
}

// figures are of one group as of many.
func (f Sheets) figures() []fieldColumn {
	return []fieldColumn{
		{head: "progres.books", width: 12, cell: func(p store.Progress) any { return layout.Percent(p.Percent) }},
		{head: "recap.received", width: 18, cell: func(p store.Progress) any { return p.Received }},
		{head: "recap.recorded", width: 18, cell: func(p store.Progress) any { return p.Accounted }},
		{head: "progres.evidenced", width: 18, cell: func(p store.Progress) any { return p.Evidenced }},
		{head: "progres.share", width: 10, cell: func(p store.Progress) any {
			if share, ok := p.Share(); ok {
				return layout.Percent(share)
			}
			return nil
		}},
		{head: "recap.notas.checked", width: 12, cell: func(p store.Progress) any { return p.Checked }},
		{head: "progres.submitted", width: 12, cell: func(p store.Progress) any { return p.Submitted }},
		{head: "recap.notas.returned", width: 14, cell: func(p store.Progress) any { return p.Returned }},
		{head: "recap.notas.unfinished", width: 12, cell: func(p store.Progress) any { return p.Unfinished }},
	}
}
