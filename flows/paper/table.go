package paper

// column is a column of a table: its head, its share of the width, and where its words stand.
type column struct {
	head  string
	share float64
	right bool
}

// table has a head that comes again on each page, and rows whose cells wrap. Strong rows and a last one of sums stand
// out.
type table struct {
	columns []column
	rows    [][]string
	strong  map[int]bool // by their index
	sum     []string
}

// add puts a strong row under the others.
func (t *table) add(row ...string) {
	if t.strong == nil {
		t.strong = map[int]bool{}
	}
	t.strong[len(t.rows)] = true
	t.rows = append(t.rows, row)
}

const (
	small   = 8.5 // points, in tables
	padding = 1.3 // millimetres, around a cell's words
)

// table prints a table. One without rows is not printed.
func (d *doc) table(t table) {
	if len(t.rows) == 0 {
		return
	}
	widths := t.widths()
	head := make([]string, len(t.columns))
	for i, c := range t.columns {
		head[i] = c.head
	}
	first := d.cells(bold, widths, t.rows[0])
	top := d.cells(bold, widths, head)
	d.need(height(top) + min(height(first), 40))
	d.row(t, widths, bold, top, shade, height(top))
	for i, r := range t.rows {
		style := plain
		if t.strong[i] {
			style = bold
			if next := i + 1; next < len(t.rows) && d.room() < 3*(leading(small)+2*padding) {
				d.newPage()
				d.row(t, widths, bold, top, shade, height(top))
			}
		}
		d.flow(t, widths, top, style, d.cells(style, widths, r))
	}
	if t.sum != nil {
		d.flow(t, widths, top, bold, d.cells(bold, widths, t.sum))
	}
	d.down(3)
}

func (t table) widths() []float64 {
	sum := 0.0
	for _, c := range t.columns {
		sum += c.share
	}
	widths := make([]float64, len(t.columns))
	for i, c := range t.columns {
		widths[i] = wide * c.share / sum
	}
	return widths
}

// cells breaks a row's words into lines.
func (d *doc) cells(style string, widths []float64, words []string) [][]string {
	d.font(style, small, black)
	cells := make([][]string, len(widths))
	for i := range widths {
		if i < len(words) {
			cells[i] = d.lines(words[i], widths[i]-2*padding)
		}
	}
	return cells
}

func height(cells [][]string) float64 {
	most := 1
	for _, lines := range cells {
		most = max(most, len(lines))
	}
	return float64(most)*leading(small) + 2*padding
}

// flow prints a row where there is room for it; one that is taller than half a page is broken between its lines.
func (d *doc) flow(t table, widths []float64, head [][]string, style string, cells [][]string) {
	for {
		all := height(cells)
		if all <= d.room() {
			d.row(t, widths, style, cells, colour{}, all)
			return
		}
		n := int((d.room() - 2*padding) / leading(small))
		if n > 1 && all > (pageHeight-top-bottom)/2 {
			now, rest := cut(cells, n)
			d.row(t, widths, style, now, colour{}, height(now))
			cells = rest
		}
		d.newPage()
		d.row(t, widths, bold, head, shade, height(head))
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

func (d *doc) row(t table, widths []float64, style string, cells [][]string, fill colour, tall float64) {
	y := d.y()
	d.pdf.SetDrawColor(pale[0], pale[1], pale[2])
	d.pdf.SetLineWidth(0.2)
	if fill != (colour{}) {
		d.pdf.SetFillColor(fill[0], fill[1], fill[2])
		d.pdf.Rect(left, y, wide, tall, "F")
	}
	d.font(style, small, black)
	x := left
	for i, lines := range cells {
		for n, line := range lines {
			at, align := x+padding, -1
			if t.columns[i].right {
				at, align = x+widths[i]-padding, 1
			}
			d.put(at, y+padding+float64(n)*leading(small), small, align, line)
		}
		x += widths[i]
	}
	d.pdf.Line(left, y+tall, left+wide, y+tall)
	d.pdf.SetY(y + tall)
}
