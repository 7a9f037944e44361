package paper

import (
	"io"
	"strconv"
	"time"

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
func (t Trail) XLSX(w io.Writer, p Printing) error {
	say := p.Say.say
	b := newWorkbook(say("audit.title"), "Pendamping", p.Made)
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
	b.sheet(say("audit.sheet.prints"), []field{
		{say("audit.code"), 22}, {say("audit.edition"), 8}, {say("audit.at"), 17}, {say("audit.by"), 24},
		{say("report.received"), 18}, {say("report.spent"), 18},
		{say("report.deposited"), 18}, {say("recap.state"), 26}, {say("report.hash"), 68},
	}, prints)
	b.sheet(say("audit.sheet.files"), []field{
		{say("report.index.file"), 34}, {say("recap.state"), 14}, {say("report.index.of"), 20}, {say("audit.at"), 17},
		{say("audit.by"), 24},
		{say("audit.said"), 30}, {say("report.index.bytes"), 14}, {say("report.index.hash"), 68},
	}, kept)
	b.long(say("audit.sheet.changes"), []field{
		{say("report.no"), 7}, {say("audit.at"), 17}, {say("audit.by"), 24}, {say("audit.role"), 14},
		{say("audit.behalf"), 10}, {say("audit.what"), 30},
		{say("audit.record"), 20}, {say("audit.version"), 7}, {say("audit.field"), 16}, {say("audit.before"), 44},
		{say("audit.after"), 44},
	}, len(t.Changes), func(i int) []any {
		c := t.Changes[i]
		behalf, role := "", ""
		if c.Behalf {
			behalf = say("audit.behalf.yes")
		}
		switch {
		case c.Role != "":
			role = p.Say.orCode("role."+string(c.Role), string(c.Role))
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
			record = p.Say.say("record."+c.Kind, "Number", number)
		}
		return []any{int(c.Seq), c.At, c.By, role, behalf, p.Say.orCode("event."+c.What, c.What), record, c.Version,
			c.Field, clipped(c.Before), clipped(c.After)}
	})
	return b.finish(w)
}

// clipped is as much of a value as a cell takes well.
func clipped(s string) string {
	if letters := []rune(s); len(letters) > mostLetters {
		return string(letters[:mostLetters]) + "…"
	}
	return s
}
