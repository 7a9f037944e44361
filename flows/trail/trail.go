// Package trail writes what happened to a recipient's records as a workbook.
package trail

import (
	"io"
	"strconv"
	"time"

	"pendamping/flows/layout"
	"pendamping/store"
)

// Trail is what happened to a recipient's records: who changed what when, the originals that were kept, and what was
// printed.
type Trail struct {
	Changes []Change
	Kept    []Kept
	Prints  []Print
}

// Change is a field of a record that an event changed.
type Change struct {
	Seq           int64
	At            time.Time
	By            string
	Role          store.Role
	Behalf        bool
	Sponsors      string // who of the programme proposed the one who did it for the office
	What          string // of the event, for example "receipt.submitted"
	Kind          string // of the record
	Record        int64
	Number        string // that people know it by
	Version       int
	Field         string
	Before, After string
}

// Kept is an original with what it is of; State is that of Packed.
type Kept struct {
	Name, SHA256, State string
	Size                int64
	Of, By, Text        string
	At                  time.Time
}

// Print is an LPJ that was printed.
type Print struct {
	Code, By                   string
	Edition                    int
	At                         time.Time
	Received, Spent, Deposited store.Rupiah
	SHA256                     string
	Current                    bool // the records still say so
	Genuine                    bool // its figures and its code follow from its data
}

// mostLetters of a value stand in a cell; the whole of it is where the events are kept byte for byte.
const mostLetters = 2000

// XLSX writes the trail as a workbook.
func (t Trail) XLSX(w io.Writer, p layout.Printing) error {
	say := p.Words.Say
	b := layout.NewWorkbook(say("audit.title"), "Pendamping", p.Made)
	var prints, kept [][]any
	for _, r := range t.Prints {
		state := "old"
		switch {
		case !r.Genuine:
			state = "altered"
		case r.Current:
			state = "current"
		}
		prints = append(prints, []any{r.Code, r.Edition, r.At, r.By, r.Received, r.Spent, r.Deposited,
			say("audit.print.state", "State", state), r.SHA256})
	}
	for _, k := range t.Kept {
		kept = append(kept, []any{
			k.Name, say("report.index.state", "State", k.State), k.Of, k.At, k.By, k.Text, int(k.Size), k.SHA256,
		})
	}
	b.Sheet(say("audit.sheet.prints"), []layout.Field{
		{Head: say("audit.code"), Width: 22}, {Head: say("audit.edition"), Width: 8},
		{Head: say("audit.at"), Width: 17}, {Head: say("audit.by"), Width: 24},
		{Head: say("report.received"), Width: 18}, {Head: say("report.spent"), Width: 18},
		{Head: say("report.deposited"), Width: 18}, {Head: say("recap.state"), Width: 26},
		{Head: say("report.hash"), Width: 68},
	}, prints)
	b.Sheet(say("audit.sheet.files"), []layout.Field{
		{
			Head: say("report.index.file"), Width: 34,
		}, {Head: say("recap.state"), Width: 14}, {Head: say("report.index.of"), Width: 20}, {Head: say("audit.at"),
			Width: 17},
		{Head: say("audit.by"), Width: 24},
		{Head: say("audit.said"), Width: 30}, {
			Head: say("report.index.bytes"), Width: 14,
		}, {Head: say("report.index.hash"), Width: 68},
	}, kept)
	b.LongSheet(say("audit.sheet.changes"), []layout.Field{
		{Head: say("report.no"), Width: 7}, {Head: say("audit.at"), Width: 17}, {Head: say("audit.by"), Width: 24},
		{Head: say("audit.role"), Width: 14},
		{Head: say("audit.behalf"), Width: 10}, {Head: say("audit.what"), Width: 30},
		{Head: say("audit.record"), Width: 20}, {Head: say("audit.version"), Width: 7},
		{Head: say("audit.field"), Width: 16}, {Head: say("audit.before"), Width: 44},
		{Head: say("audit.after"), Width: 44},
	}, len(t.Changes), func(i int) []any {
		c := t.Changes[i]
		behalf, role := "", ""
		if c.Behalf {
			behalf = say("audit.behalf.yes")
		}
		switch {
		case c.Role != "":
			role = p.Words.OrCode("role."+string(c.Role), string(c.Role))
		case c.By == "" && c.Kind != "":
			role = say("audit.system")
		}
		if c.Sponsors != "" {
			role = say("audit.sponsored", "Role", role, "Sponsors", c.Sponsors)
		}
		record := ""
		if c.Kind != "" {
			number := c.Number
			if number == "" {
				number = strconv.FormatInt(c.Record, 10)
			}
			record = p.Words.Say("record."+c.Kind, "Number", number)
		}
		return []any{int(c.Seq), c.At, c.By, role, behalf, p.Words.OrCode("event."+c.What, c.What), record, c.Version,
			c.Field, clipped(c.Before), clipped(c.After)}
	})
	return b.Finish(w)
}

// clipped is as much of a value as a cell takes well.
func clipped(s string) string {
	if letters := []rune(s); len(letters) > mostLetters {
		return string(letters[:mostLetters]) + "…"
	}
	return s
}
