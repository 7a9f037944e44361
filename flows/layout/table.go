package layout

// Column is a column of a table: its head, its share of the width, and where its words stand.
type Column struct {
	Head  string
	Share float64
	Right bool
}

// Table has a head that comes again on each page, and rows whose cells wrap. Strong rows and a last one of sums stand
// out.
type Table struct {
	Columns []Column
	Rows    [][]string
	Strong  map[int]bool // by their index
	Sum     []string
}

// Add puts a strong row under the others.
func (t *Table) Add(row ...string) {
	if t.Strong == nil {
		t.Strong = map[int]bool{}
	}
	t.Strong[len(t.Rows)] = true
	t.Rows = append(t.Rows, row)
}

const (
	Small   = 8.5 // points, in tables
	padding = 1.3 // millimetres, around a cell's words
)

// Table prints a table. One without rows is not printed.
func (d *Doc) Table(t Table) {
	if len(t.Rows) == 0 {
		return
	}
	widths := t.widths()
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Head
	}
	first := d.cells(Bold, widths, t.Rows[0])
	top := d.cells(Bold, widths, head)
	d.Need(height(top) + min(height(first), 40))
	d.row(t, widths, Bold, top, Shade, height(top))
	for i, r := range t.Rows {
		style := Plain
		if t.Strong[i] {
			style = Bold
			if next := i + 1; next < len(t.Rows) && d.RoomLeft() < 3*(Leading(Small)+2*padding) {
				d.NewPage()
				d.row(t, widths, Bold, top, Shade, height(top))
			}
		}
		d.flow(t, widths, top, style, d.cells(style, widths, r))
	}
	if t.Sum != nil {
		d.flow(t, widths, top, Bold, d.cells(Bold, widths, t.Sum))
	}
	d.Down(3)
}

func (t Table) widths() []float64 {
	sum := 0.0
	for _, c := range t.Columns {
		sum += c.Share
	}
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = TextWidth * c.Share / sum
	}
	return widths
}

// cells breaks a row's words into lines.
func (d *Doc) cells(style string, widths []float64, words []string) [][]string {
	d.Font(style, Small, Black)
	cells := make([][]string, len(widths))
	for i := range widths {
		if i < len(words) {
			cells[i] = d.Lines(words[i], widths[i]-2*padding)
		}
	}
	return cells
}

func height(cells [][]string) float64 {
	most := 1
	for _, lines := range cells {
		most = max(most, len(lines))
	}
	return float64(most)*Leading(Small) + 2*padding
}

// flow prints a row where there is room for it; one that is taller than half a page is broken between its lines.
func (d *Doc) flow(t Table, widths []float64, head [][]string, style string, cells [][]string) {
	for {
		all := height(cells)
		if all <= d.RoomLeft() {
			d.row(t, widths, style, cells, Colour{}, all)
			return
		}
		n := int((d.RoomLeft() - 2*padding) / Leading(Small))
		if n > 1 && all > (PageHeight-Top-Bottom)/2 {
			now, rest := cut(cells, n)
			d.row(t, widths, style, now, Colour{}, height(now))
			cells = rest
		}
		d.NewPage()
		d.row(t, widths, Bold, head, Shade, height(head))
	}
}

// cut parts a row after n lines.
func cut(cells [][]string, n int) (now, rest [][]string) {
	for _, lines := range cells {
		k := min(n, len(lines))
		now, rest = append(now, lines[:k]), append(rest, lines[k:])
	}
	return now, rest
}

func (d *Doc) row(t Table, widths []float64, style string, cells [][]string, fill Colour, tall float64) {
	y := d.Y()
	d.PDF.SetDrawColor(Pale[0], Pale[1], Pale[2])
	d.PDF.SetLineWidth(0.2)
	if fill != (Colour{}) {
		d.PDF.SetFillColor(fill[0], fill[1], fill[2])
		d.PDF.Rect(Left, y, TextWidth, tall, "F")
	}
	d.Font(style, Small, Black)
	x := Left
	for i, lines := range cells {
		for n, line := range lines {
			at, align := x+padding, -1
			if t.Columns[i].Right {
				at, align = x+widths[i]-padding, 1
			}
			d.Put(at, y+padding+float64(n)*Leading(Small), Small, align, line)
		}
		x += widths[i]
	}
	d.PDF.Line(Left, y+tall, Left+TextWidth, y+tall)
	d.PDF.SetY(y + tall)
}
