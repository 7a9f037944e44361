// Package table reads files of rows under named columns, CSV and XLSX, as operators save them, and names the lines that
// can't be read.
package table

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"pendamping/flows/text"
)

// Column is one that a table may have.
type Column struct {
	Name     string
	Required bool // in the header; a cell may still be empty
	Measure  bool // a number or a day: a workbook's value counts, not how the cell shows it
}

// Table is a file of rows under named columns, whatever it came as.
type Table struct {
	File string         // its name, with the sheet where a workbook has several
	At   map[string]int // the places in Row.Cells of the columns, by name
	Rows []Row
}

// Row is one line of a table: its cells with the spaces tidied, one for each place of the header.
type Row struct {
	Line  int // of the file, from 1
	Cells []string
}

// Cell returns a row's value in a column, "" when the table has no such column.
func (t *Table) Cell(r Row, column string) string {
	i, ok := t.At[column]
	if !ok {
		return ""
	}
	return r.Cells[i]
}

// record is a row as a file holds it: how its cells show, and what they hold. In a CSV the two are one.
type record struct {
	sheet      string // where a workbook has several
	line       int
	shown, raw []string
}

// maxCell is the longest cell that is taken, in bytes.
const maxCell = 500

// uncomputed stands in a cell whose formula was never computed. No file holds it: a control character is in it.
const uncomputed = "\x00formula"

// Read reads the bytes of a CSV or XLSX file whose name is file, with columns in any order. Rows without any value are
// passed over. The problems leave nothing out, and the table has what could be read beside them.
func Read(file string, data []byte, columns []Column) (*Table, Problems) {
	t := &Table{File: file}
	var bad Problems
	fail := func(line int, format string, args ...any) {
		bad.Add(t.File, line, format, args...)
	}
	var places []*Column // by place; nil where the header has no name
	for rec, err := range records(data) {
		if rec.sheet != "" {
			t.File = fmt.Sprintf("%s, sheet %q", file, rec.sheet)
		}
		if err != nil {
			fail(rec.line, "%v", err)
			return t, bad
		}
		if blank(rec.shown) {
			continue
		}
		if t.At == nil {
			if t.At, places, bad = header(t.File, rec, columns); len(bad) > 0 {
				return t, bad
			}
			continue
		}
		cells := make([]string, len(places))
		for i, shown := range rec.shown {
			var named *Column
			if i < len(places) {
				named = places[i]
			}
			if named != nil && named.Measure {
				shown = rec.raw[i]
			}
			value := text.Tidy(shown)
			reason := unreadable(value)
			switch {
			case value == "":
			case named == nil:
				fail(rec.line, "cell %d has no column in the header", i+1)
			case reason != "":
				fail(rec.line, "%s %s", named.Name, reason)
			default:
				cells[i] = value
			}
		}
		t.Rows = append(t.Rows, Row{rec.line, cells})
	}
	if t.At == nil {
		fail(0, "the file is empty")
	}
	return t, bad
}

// header finds the columns' places, in any order and case; "Tanggal Cair" is tanggal_cair.
func header(file string, rec record, columns []Column) (at map[string]int, places []*Column, bad Problems) {
	at, places = map[string]int{}, make([]*Column, len(rec.shown))
	var unknown, missing, twice []string
	for i, title := range rec.shown {
		name := strings.Join(strings.Fields(strings.ToLower(title)), "_")
		if name == "" {
			continue
		}
		k := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
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
		if _, ok := at[c.Name]; c.Required && !ok {
			missing = append(missing, c.Name)
		}
	}
	for _, wrong := range []struct {
		what  string
		names []string
	}{{"unknown column", unknown}, {"missing column", missing}, {"column given twice", twice}} {
		if len(wrong.names) > 0 {
			bad.Add(file, rec.line, "%s: %s", wrong.what, strings.Join(wrong.names, ", "))
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
	case value == uncomputed:
		return "holds a formula whose result the file lacks: open it in a spreadsheet and save it, or paste the values"
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
