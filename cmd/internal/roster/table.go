package roster

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
)

// column is one that a table may have.
type column struct {
	name     string
	required bool // in the header; a cell may still be empty
	measure  bool // a number or a day: a workbook's value counts, not how the cell shows it
}

// table is a file of rows under named columns, whatever it came as.
type table struct {
	file string
	at   map[string]int // column name to place
	rows []row
}

// row is one line of a table: its cells with the spaces tidied, one for each place of the header.
type row struct {
	line  int
	cells []string
}

// cell is the row's value in a column, "" when the table has no such column.
func (t *table) cell(r row, column string) string {
	i, ok := t.at[column]
	if !ok {
		return ""
	}
	return r.cells[i]
}

// record is a row as a file holds it: how its cells show, and what they hold. In a CSV the two are one.
type record struct {
	line       int
	shown, raw []string
}

// maxCell is the longest cell that is taken, in bytes.
const maxCell = 500

// readTable reads a CSV or XLSX file. Rows without any value are passed over.
func readTable(file string, data []byte, columns []column) (*table, Problems) {
	t := &table{file: file}
	var bad Problems
	fail := func(line int, format string, args ...any) {
		bad = append(bad, Problem{file, line, fmt.Sprintf(format, args...)})
	}
	var places []*column // by place; nil where the header has no name
	for rec, err := range records(data) {
		if err != nil {
			fail(rec.line, "%v", err)
			return t, bad
		}
		if blank(rec.shown) {
			continue
		}
		if t.at == nil {
			if t.at, places, bad = header(file, rec, columns); len(bad) > 0 {
				return t, bad
			}
			continue
		}
		cells := make([]string, len(places))
		for i, shown := range rec.shown {
			var named *column
			if i < len(places) {
				named = places[i]
			}
			if named != nil && named.measure {
				shown = rec.raw[i]
			}
			value := strings.Join(strings.Fields(shown), " ")
			reason := unreadable(value)
			switch {
			case value == "":
			case named == nil:
				fail(rec.line, "cell %d has no column in the header", i+1)
			case reason != "":
				fail(rec.line, "%s %s", named.name, reason)
			default:
				cells[i] = value
			}
		}
		t.rows = append(t.rows, row{rec.line, cells})
	}
	if t.at == nil {
		fail(0, "the file is empty")
	}
	return t, bad
}

// header finds the columns' places, in any order and case; "Tanggal Cair" is tanggal_cair.
func header(file string, rec record, columns []column) (at map[string]int, places []*column, bad Problems) {
	at, places = map[string]int{}, make([]*column, len(rec.shown))
	var unknown, missing, twice []string
	for i, title := range rec.shown {
		name := strings.Join(strings.Fields(strings.ToLower(title)), "_")
		if name == "" {
			continue
		}
		k := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
		if k < 0 {
			unknown = append(unknown, name)
			continue
		}
		if _, ok := at[name]; ok {
			twice = append(twice, name)
		}
		at[name], places[i] = i, &columns[k]
	}
	for _, c := range columns {
		if _, ok := at[c.name]; c.required && !ok {
			missing = append(missing, c.name)
		}
	}
	for _, wrong := range []struct {
		what  string
		names []string
	}{{"unknown column", unknown}, {"missing column", missing}, {"column given twice", twice}} {
		if len(wrong.names) > 0 {
			bad = append(bad, Problem{file, rec.line, wrong.what + ": " + strings.Join(wrong.names, ", ")})
		}
	}
	return at, places, bad
}

// records tells a workbook from text by its first bytes.
func records(data []byte) iter.Seq2[record, error] {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return workbookRecords(data)
	}
	return textRecords(data)
}

// unreadable says why a cell can't be kept, "" when it can.
func unreadable(value string) string {
	switch {
	case len(value) > maxCell:
		return "is too long"
	case strings.ContainsFunc(value, unicode.IsControl):
		return "holds a control character"
	case slices.Contains([]string{"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}, value):
		return "holds the spreadsheet's error " + value
	}
	return ""
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}
