package layout

import "strconv"

// Series is one kind of what a chart counts.
type Series struct {
	Name   string
	Colour Colour
	Values []int
}

// StackHeight is how tall a chart of columns is with all its words, in millimetres.
const StackHeight = 70.0

// Stacks draws a column for each label, the series on top of each other, with an axis that begins at zero.
func (d *Doc) Stacks(labels []string, unit string, list []Series) {
	const tall, axis = 46.0, 10.0
	d.Need(StackHeight)
	sums, most := make([]int, len(labels)), 0
	for _, s := range list {
		for i, v := range s.Values {
			sums[i] += v
			most = max(most, sums[i])
		}
	}
	d.legend(list)
	step, end := ticks(most)
	y := d.Y() + 3
	base := y + tall
	d.Font(Plain, 8, Grey)
	d.PDF.SetLineWidth(0.2)
	for v := 0; v <= end; v += step {
		at := base - tall*float64(v)/float64(end)
		d.DrawColour(Pale)
		d.PDF.Line(Left+axis, at, Left+TextWidth, at)
		d.Put(Left+axis-2, at-1.6, 8, 1, strconv.Itoa(v))
	}
	each := (TextWidth - axis) / float64(len(labels))
	for i, label := range labels {
		x := Left + axis + each*float64(i)
		width := min(each*0.56, 22)
		at := base
		for _, s := range list {
			h := tall * float64(s.Values[i]) / float64(end)
			d.FillColour(s.Colour)
			if h > 0 {
				d.PDF.Rect(x+(each-width)/2, at-h, width, h, "F")
			}
			at -= h
		}
		d.Font(Bold, 8.5, Black)
		d.Put(x+each/2, at-4.2, 8.5, 0, strconv.Itoa(sums[i]))
		d.Font(Plain, 8, Grey)
		d.Put(x+each/2, base+1.4, 8, 0, label)
	}
	d.DrawColour(Grey)
	d.PDF.Line(Left+axis, base, Left+TextWidth, base)
	d.Put(Left+axis+(TextWidth-axis)/2, base+5.6, 8, 0, d.Clean(unit))
	d.PDF.SetY(base + 12)
}

// legend names the series.
func (d *Doc) legend(list []Series) {
	d.Font(Plain, 8, Grey)
	x := Left + 10.0
	for _, s := range list {
		name := d.Clean(s.Name)
		d.FillColour(s.Colour)
		d.PDF.Rect(x, d.Y()+0.4, 3, 3, "F")
		d.Put(x+4.5, d.Y(), 8, -1, name)
		x += 4.5 + d.PDF.GetStringWidth(name) + 7
	}
	d.Down(6)
}

// ticks are the steps of an axis for whole numbers, five at most, and where it ends.
func ticks(most int) (step, end int) {
	for scale := 1; ; scale *= 10 {
		for _, m := range []int{1, 2, 5} {
			if step = m * scale; step*5 > most {
				return step, max((most/step+1)*step, step)
			}
		}
	}
}

// Bar is a line of a chart of shares.
type Bar struct {
	Name  string
	From  int // percent, where it stood before; the same as now for nothing
	Value int // percent
}

// Bars draws a bar for each name on a scale of 0 to 100 percent: what there was before in a paler colour.
func (d *Doc) Bars(list []Bar, before, now string) {
	const names, values = 58.0, 14.0
	scale := TextWidth - names - values
	for len(list) > 0 {
		d.Need(3*6.4 + 16)
		row := min(6.4, max(5.2, (d.RoomLeft()-16)/float64(len(list)))) // rather closer together than over two pages
		n := min(len(list), int((d.RoomLeft()-16)/row))
		d.keys(before, now, names)
		d.shares(list[:n], row, names, scale)
		list = list[n:]
	}
	d.Down(3)
}

func (d *Doc) keys(before, now string, names float64) {
	d.Font(Plain, 8, Grey)
	x := Left + names
	for _, k := range []Series{{Name: before, Colour: Light}, {Name: now, Colour: Middle}} {
		name := d.Clean(k.Name)
		d.FillColour(k.Colour)
		d.PDF.Rect(x, d.Y()+0.4, 3, 3, "F")
		d.Put(x+4.5, d.Y(), 8, -1, name)
		x += 4.5 + d.PDF.GetStringWidth(name) + 7
	}
	d.Down(6)
}

func (d *Doc) shares(list []Bar, row, names, scale float64) {
	y, tall := d.Y(), row*float64(len(list))
	d.PDF.SetLineWidth(0.2)
	d.Font(Plain, 8, Grey)
	for _, percent := range []int{0, 25, 50, 75, 100} {
		x := Left + names + scale*float64(percent)/100
		d.DrawColour(Pale)
		d.PDF.Line(x, y, x, y+tall)
		d.Put(x, y+tall+0.8, 8, 0, strconv.Itoa(percent)+" %")
	}
	for i, b := range list {
		at := y + row*float64(i)
		value, from := min(max(b.Value, 0), 100), min(max(b.From, 0), 100)
		d.FillColour(Middle)
		d.PDF.Rect(Left+names, at+1.2, scale*float64(value)/100, row-2.4, "F")
		d.FillColour(Light)
		d.PDF.Rect(Left+names, at+1.2, scale*float64(min(from, value))/100, row-2.4, "F")
		d.Font(Plain, Small, Black)
		d.Put(Left, at+1.3, Small, -1, d.Fit(d.Clean(b.Name), names-3))
		d.Font(Bold, Small, Black)
		d.Put(Left+TextWidth, at+1.3, Small, 1, strconv.Itoa(b.Value)+" %")
	}
	d.DrawColour(Grey)
	d.PDF.Line(Left+names, y, Left+names, y+tall)
	d.PDF.SetY(y + tall + 6)
}

// FillColour is what shapes are filled with from here on.
func (d *Doc) FillColour(c Colour) { d.PDF.SetFillColor(c[0], c[1], c[2]) }

// DrawColour is what lines are drawn in from here on.
func (d *Doc) DrawColour(c Colour) { d.PDF.SetDrawColor(c[0], c[1], c[2]) }
