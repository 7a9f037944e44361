package roster

import (
	"fmt"
	"strings"

	"pendamping/store"
)

// Plan is the RAB of one recipient as a file has it.
type Plan struct {
	Line  int    // of the first
	Code  string // the recipient's
	Lines []store.PlanLine
	at    []int // the lines' places in the file
}

var planColumns = []column{
	{name: "kode", required: true}, {name: "uraian", required: true}, {name: "pos", required: true},
	{name: "volume", required: true, measure: true}, {name: "satuan", required: true},
	{name: "harga_satuan", required: true, measure: true},
}

// ReadPlans reads and checks a file of RAB lines, the bytes of a CSV or XLSX file whose name is file. The plans come in
// the order of their recipients' first lines. With any problems they are not to be used.
func ReadPlans(file string, data []byte) ([]*Plan, Problems) {
	return plansOf(readTable(file, data, planColumns))
}

// plansOf checks the rows of a file of RAB lines.
func plansOf(t *table, bad Problems) ([]*Plan, Problems) {
	file := t.file
	var plans []*Plan
	byCode := map[string]*Plan{}
	for _, row := range t.rows {
		fail := func(format string, args ...any) {
			bad = append(bad, Problem{file, row.line, fmt.Sprintf(format, args...)})
		}
		for _, c := range planColumns {
			if t.cell(row, c.name) == "" {
				fail("%s is empty", c.name)
			}
		}
		before := len(bad)
		line := store.PlanLine{
			Item: t.cell(row, "uraian"), Pos: strings.ToUpper(t.cell(row, "pos")), Unit: t.cell(row, "satuan"),
		}
		var err error
		if s := t.cell(row, "volume"); s != "" {
			if line.Volume, err = volume(s); err != nil {
				fail("volume %v", err)
			}
		}
		if s := t.cell(row, "harga_satuan"); s != "" {
			if line.Price, err = rupiah(s); err != nil {
				fail("harga_satuan %v", err)
			}
		}
		if err := cost(line); err != nil && len(bad) == before {
			fail("%v", err)
		}
		code := t.cell(row, "kode")
		p, ok := byCode[fold(code)]
		if !ok {
			p = &Plan{Line: row.line, Code: code}
			byCode[fold(code)] = p
			plans = append(plans, p)
		}
		p.Lines, p.at = append(p.Lines, line), append(p.at, row.line)
	}
	return plans, bad
}
