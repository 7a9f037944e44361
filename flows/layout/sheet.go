package layout

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"pendamping/store"
)

// Workbook is an XLSX in the making. Numbers are numbers, days are days, and nobody's words are a formula.
type Workbook struct {
	file   *excelize.File
	styles map[string]int
	sheets int
	err    error
}

// The charts of a workbook.
const (
	StackedColumns = excelize.ColStacked
	PercentBars    = excelize.Bar
)

// Percent is a share of a hundred, in a cell.
type Percent int

// Formula is a cell that is worked out from others, with what it comes to.
type Formula struct {
	Text string
	Is   any
}

// formats of cells; the grouping and the names of months are those of the reader's own program.
var formats = map[string]excelize.Style{
	"head": {
		Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{
			Type: "pattern", Pattern: 1, Color: []string{"154A70"},
		},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	},
	"words":   {Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}},
	"number":  {NumFmt: 3, Alignment: &excelize.Alignment{Vertical: "top"}},
	"rupiah":  {CustomNumFmt: format(`"Rp"#,##0;[Red]-"Rp"#,##0`), Alignment: &excelize.Alignment{Vertical: "top"}},
	"volume":  {Alignment: &excelize.Alignment{Vertical: "top"}},
	"percent": {CustomNumFmt: format(`0"%"`), Alignment: &excelize.Alignment{Vertical: "top"}},
	"day":     {CustomNumFmt: format(`dd/mm/yyyy`), Alignment: &excelize.Alignment{Vertical: "top"}},
	"time":    {CustomNumFmt: format(`dd/mm/yyyy hh:mm`), Alignment: &excelize.Alignment{Vertical: "top"}},
}

func format(s string) *string { return &s }

// NewWorkbook begins a workbook without a sheet; author is who answers for it.
func NewWorkbook(title, author string, made time.Time) *Workbook {
	b := &Workbook{file: excelize.NewFile(), styles: map[string]int{}}
	at := made.UTC().Format("2006-01-02T15:04:05Z")
	b.err = b.file.SetDocProps(&excelize.DocProperties{
		Title: title, Creator: author, LastModifiedBy: "Pendamping", Created: at, Modified: at,
	})
	return b
}

func (b *Workbook) style(name string) int {
	id, known := b.styles[name]
	if !known && b.err == nil {
		s := formats[name]
		id, b.err = b.file.NewStyle(&s)
		b.styles[name] = id
	}
	return id
}

// Field is a column of a sheet, with its width in letters.
type Field struct {
	Head  string
	Width float64
}

// Sheet writes a table of its own: the head stays in sight, can be filtered by, and comes again on each printed page.
func (b *Workbook) Sheet(name string, fields []Field, rows [][]any) {
	name = SheetName(name)
	if b.sheets++; b.sheets == 1 {
		b.do(b.file.SetSheetName("Sheet1", name))
	} else {
		_, err := b.file.NewSheet(name)
		b.do(err)
	}
	last, err := excelize.ColumnNumberToName(len(fields))
	b.do(err)
	for i, f := range fields {
		col, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		b.do(b.file.SetColWidth(name, col, col, f.Width))
		b.cell(name, i, 0, f.Head, "head")
	}
	b.do(b.file.SetRowHeight(name, 1, 2*line))
	for y, row := range rows {
		lines := 1
		for x, v := range row {
			b.cell(name, x, y+1, v, "")
			if words, ok := v.(string); ok {
				lines = max(lines, wrapped(words, fields[x].Width))
			}
		}
		b.do(b.file.SetRowHeight(name, y+2, min(float64(lines)*line, tallest)))
	}
	b.do(b.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	b.do(b.file.AutoFilter(name, fmt.Sprintf("A1:%s%d", last, len(rows)+1), nil))
	landscape, a4, one, many := "landscape", 9, 1, 0
	b.do(b.file.SetPageLayout(name, &excelize.PageLayoutOptions{
		Orientation: &landscape, Size: &a4, FitToWidth: &one, FitToHeight: &many,
	}))
	fits := true
	b.do(b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fits}))
	b.do(b.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$1", name), Scope: name,
	}))
}

// Chart draws columns of a sheet at a cell of another, a series for each, named by its head, by the words of the column
// names.
func (b *Workbook) Chart(
	on, cell, title string, kind excelize.ChartType, from, names string, columns []string, rows int,
) {
	const wide, row = 640, 20 // in pixels
	span := func(column string) string {
		return fmt.Sprintf("'%s'!$%s$2:$%s$%d", SheetName(from), column, column, rows+1)
	}
	chart := excelize.Chart{
		Type: kind, Title: excelize.ChartTitle{
			Paragraph: []excelize.RichTextRun{{Text: title}},
		}, Legend: excelize.ChartLegend{Position: "top"},
		Dimension: excelize.ChartDimension{Width: wide, Height: uint(max(300, 160+row*rows))},
	}
	chart.YAxis.MajorGridLines = true
	if kind == excelize.Bar { // of percents
		full := 100.0
		chart.YAxis.Maximum = &full
		chart.XAxis.ReverseOrder = true // the first group above
	}
	for _, c := range columns {
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name: fmt.Sprintf("'%s'!$%s$1", SheetName(from), c), Categories: span(names), Values: span(c),
		})
	}
	b.do(b.file.AddChart(SheetName(on), cell, &chart))
}

// LongSheet writes a table that may have more rows than fit into memory: they are of one height.
func (b *Workbook) LongSheet(name string, fields []Field, rows int, row func(int) []any) {
	name = SheetName(name)
	_, err := b.file.NewSheet(name)
	b.do(err)
	w, err := b.file.NewStreamWriter(name)
	if err != nil {
		b.do(err)
		return
	}
	head := make([]any, len(fields))
	for i, f := range fields {
		b.do(w.SetColWidth(i+1, i+1, f.Width))
		head[i] = excelize.Cell{StyleID: b.style("head"), Value: f.Head}
	}
	b.do(w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	b.do(w.SetRow("A1", head, excelize.RowOpts{Height: 2 * line}))
	for y := range rows {
		cells := row(y)
		for x, v := range cells {
			switch value := v.(type) {
			case string:
				cells[x] = Harmless(value)
			case time.Time:
				cells[x] = nil
				if !value.IsZero() {
					cells[x] = excelize.Cell{StyleID: b.style("time"), Value: clockOf(value)}
				}
			}
		}
		at, err := excelize.CoordinatesToCellName(1, y+2)
		b.do(err)
		b.do(w.SetRow(at, cells))
	}
	b.do(w.Flush())
	last, err := excelize.ColumnNumberToName(len(fields))
	b.do(err)
	b.do(b.file.AutoFilter(name, fmt.Sprintf("A1:%s%d", last, rows+1), nil))
}

// clockOf is a time as a sheet has it, which knows no zones: the clock at that place.
func clockOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, time.UTC)
}

// Heights of rows in points: programs measure wrapped words anew only when somebody changes them.
const (
	line    = 15.0
	tallest = 409.0 // that a row may be
)

// wrapped is about how many lines words take in a column of that width.
func wrapped(words string, width float64) int {
	n := 0
	for part := range strings.SplitSeq(words, "\n") {
		n += 1 + utf8.RuneCountInString(part)*11/10/max(int(width), 1)
	}
	return n
}

func (b *Workbook) cell(sheet string, x, y int, v any, style string) {
	at, err := excelize.CoordinatesToCellName(x+1, y+1)
	b.do(err)
	var is string
	switch value := v.(type) {
	case nil:
		return
	case string:
		is = "words"
		b.do(b.file.SetCellStr(sheet, at, Harmless(value)))
	case int:
		is = "number"
		b.do(b.file.SetCellInt(sheet, at, int64(value)))
	case Formula:
		b.cell(sheet, x, y, value.Is, style)
		b.do(b.file.SetCellFormula(sheet, at, value.Text))
		return
	case store.Volume:
		is = "volume"
		b.do(b.file.SetCellFloat(sheet, at, float64(value)/1000, -1, 64))
	case Percent:
		is = "percent"
		b.do(b.file.SetCellInt(sheet, at, int64(value)))
	case store.Rupiah:
		is = "rupiah"
		b.do(b.file.SetCellInt(sheet, at, int64(value)))
	case store.Day:
		if !value.Valid() {
			return
		}
		is = "day"
		b.do(b.file.SetCellValue(sheet, at, value.Time()))
	case time.Time:
		if value.IsZero() {
			return
		}
		is = "time"
		b.do(b.file.SetCellValue(sheet, at, clockOf(value)))
	default:
		b.do(fmt.Errorf("a cell can't show %T", v))
	}
	if style == "" {
		style = is
	}
	b.do(b.file.SetCellStyle(sheet, at, at, b.style(style)))
}

func (b *Workbook) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Finish writes the workbook.
func (b *Workbook) Finish(w io.Writer) error {
	defer b.file.Close()
	// with a chart they come in any order; the same book has the same bytes
	if types := b.file.ContentTypes; types != nil {
		sort.Slice(types.Defaults,
			func(i, j int) bool { return types.Defaults[i].Extension < types.Defaults[j].Extension })
	}
	if b.err == nil {
		b.err = b.file.Write(w)
	}
	if b.err != nil {
		return fmt.Errorf("layout: workbook: %w", b.err)
	}
	return nil
}

// Harmless keeps people's words from being taken for a formula, here and where the sheet is saved as CSV, and takes out
// what XML can't hold.
func Harmless(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == '\ufffe' || r == '\uffff' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if bare := strings.TrimLeft(s, " \n"); bare != "" && strings.ContainsRune("=+-@", rune(bare[0])) {
		return "'" + s
	}
	return s
}

// SheetName is a name as a workbook takes it: 31 letters, none of :\/?*[].
func SheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, s)
	if letters := []rune(s); len(letters) > excelize.MaxSheetNameLength {
		s = string(letters[:excelize.MaxSheetNameLength])
	}
	return s
}
