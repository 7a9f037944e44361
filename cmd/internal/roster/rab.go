package roster

import (
	"strings"

	"pendamping/cmd/internal/roster/table"
	"pendamping/flows/text"
	"pendamping/store"
)

// Plan is the RAB of one recipient as a file has it.
type Plan struct {
	Line  int    // of the first
	Code  string // the recipient's
	Lines []store.PlanLine
	at    []int // the lines' places in the file
}

var planColumns = []table.Column{
	{Name: "kode", Required: true}, {Name: "uraian", Required: true}, {Name: "pos", Required: true},
	{Name: "volume", Required: true, Measure: true}, {Name: "satuan", Required: true},
	{Name: "harga_satuan", Required: true, Measure: true},
}

// ReadPlans reads and checks a file of RAB lines, the bytes of a CSV or XLSX file whose name is file. The plans come in
// the order of their recipients' first lines. With any problems they are not to be used.
func ReadPlans(file string, data []byte) ([]*Plan, table.Problems) {
	return plansOf(table.Read(file, data, planColumns))
}

// plansOf checks the rows of a file of RAB lines.
func plansOf(t *table.Table, bad table.Problems) ([]*Plan, table.Problems) {
	file := t.File
	var plans []*Plan
	byCode := map[string]*Plan{}
	for _, row := range t.Rows {
		fail := func(format string, args ...any) {
			bad.Add(file, row.Line, format, args...)
		}
		for _, c := range planColumns {
			if t.Cell(row, c.Name) == "" {
				fail("%s is empty", c.Name)
			}
		}
		before := len(bad)
		line := store.PlanLine{
			Item: t.Cell(row, "uraian"), Pos: strings.ToUpper(t.Cell(row, "pos")), Unit: t.Cell(row, "satuan"),
		}
		var err error
		if s := t.Cell(row, "volume"); s != "" {
			if line.Volume, err = volume(s); err != nil {
				fail("volume %v", err)
			}
		}
		if s := t.Cell(row, "harga_satuan"); s != "" {
			if line.Price, err = rupiah(s); err != nil {
				fail("harga_satuan %v", err)
			}
		}
		if err := cost(line); err != nil && len(bad) == before {
			fail("%v", err)
		}
		code := t.Cell(row, "kode")
		p, ok := byCode[text.Fold(code)]
		if !ok {
			p = &Plan{Line: row.Line, Code: code}
			byCode[text.Fold(code)] = p
			plans = append(plans, p)
		}
		p.Lines, p.at = append(p.Lines, line), append(p.at, row.Line)
	}
	return plans, bad
}
