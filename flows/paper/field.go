package paper

import (
	"io"
	"time"

	"pendamping/store"
)

// Field is how far a part of the field has come, table by table, the widest parts first.
type Field struct {
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
func (f Field) XLSX(w io.Writer, p Printing) error {
	say := p.Say.say
	b := newWorkbook(say("progres.title", "Name", f.Place, "At", f.At.Format(time.RFC3339)), f.By, p.Made)
	for _, t := range f.Tables {
		columns := f.columns(t.By)
		var fields []field
		for _, c := range columns {
			fields = append(fields, field{say(c.head), c.width})
		}
		rows := make([][]any, len(t.Rows))
		for i, r := range t.Rows {
			for _, c := range columns {
				rows[i] = append(rows[i], c.cell(r))
			}
		}
		b.sheet(say("progres.sheet."+string(t.By)), fields, rows)
	}
	return b.finish(w)
}

// columns are those of a level: where it is, then how far it has come.
func (f Field) columns(by store.Level) []fieldColumn {
	list := []fieldColumn{{"progres.province", 18, func(p store.Progress) any { return p.Of.Province }}}
	if by != store.ByProvince {
		list = append(list, fieldColumn{"recap.regency", 18, func(p store.Progress) any { return p.Of.Regency }})
	}
	switch by {
	case store.ByMentor:
		list = append(list,
			fieldColumn{"progres.mentor", 24, func(p store.Progress) any { return p.Mentor }},
			fieldColumn{"progres.load", 12, func(p store.Progress) any { return p.Load }})
	case store.ByGroup:
		return append(list, f.groupColumns()...)
	default:
		list = append(list, fieldColumn{"progres.mentors", 12, func(p store.Progress) any { return p.Mentors }})
	}
	return append(append(list,
		fieldColumn{"progres.groups", 10, func(p store.Progress) any { return p.Groups }},
		fieldColumn{"progres.complete", 10, func(p store.Progress) any { return p.Complete }},
		fieldColumn{"progres.late", 12, func(p store.Progress) any { return p.Late }},
		fieldColumn{"progres.silent", 10, func(p store.Progress) any { return p.Silent }},
	), f.figures()...)
}

func (f Field) groupColumns() []fieldColumn {
	day := func(t time.Time) store.Day {
		if t.IsZero() {
			return ""
		}
		return store.DayOf(t, f.At.Location())
	}
	list := []fieldColumn{
		{"recap.village", 18, func(p store.Progress) any { return p.Of.Village }},
		{"recap.group.code", 12, func(p store.Progress) any { return p.Of.Code }},
		{"recap.group", 26, func(p store.Progress) any { return p.Of.Name }},
		{"progres.mentor", 24, func(p store.Progress) any { return p.Mentor }},
		{"progres.disbursed", 12, func(p store.Progress) any { return p.Of.Disbursed }},
		{"progres.due", 12, func(p store.Progress) any { return p.Due }},
		{"progres.late", 12, func(p store.Progress) any { return p.Late }},
		{"progres.silent", 10, func(p store.Progress) any { return p.Silent }},
		{"progres.last.nota", 12, func(p store.Progress) any { return day(p.LastNota) }},
		{"progres.last.visit", 12, func(p store.Progress) any { return day(p.LastVisit) }},
	}
	return append(list, f.figures()...)
}

// figures are of one group as of many.
func (f Field) figures() []fieldColumn {
	return []fieldColumn{
		{"progres.books", 12, func(p store.Progress) any { return percent(p.Percent) }},
		{"recap.received", 18, func(p store.Progress) any { return p.Received }},
		{"recap.recorded", 18, func(p store.Progress) any { return p.Accounted }},
		{"progres.evidenced", 18, func(p store.Progress) any { return p.Evidenced }},
		{"progres.share", 10, func(p store.Progress) any {
			if share, ok := p.Share(); ok {
				return percent(share)
			}
			return nil
		}},
		{"recap.notas.checked", 12, func(p store.Progress) any { return p.Checked }},
		{"progres.submitted", 12, func(p store.Progress) any { return p.Submitted }},
		{"recap.notas.returned", 14, func(p store.Progress) any { return p.Returned }},
		{"recap.notas.unfinished", 12, func(p store.Progress) any { return p.Unfinished }},
	}
}
