package paper

import "strconv"

// series is one kind of what a chart counts.
type series struct {
	name   string
	colour colour
	values []int
}

// stacked is how tall a chart of columns is with all its words, in millimetres.
const stacked = 70.0

// stacks draws a column for each label, the series on top of each other, with an axis that begins at zero.
func (d *doc) stacks(labels []string, unit string, list []series) {
	const tall, axis = 46.0, 10.0
	d.need(stacked)
	sums, most := make([]int, len(labels)), 0
	for _, s := range list {
		for i, v := range s.values {
			sums[i] += v
			most = max(most, sums[i])
		}
	}
	d.legend(list)
	step, end := ticks(most)
	y := d.y() + 3
	base := y + tall
	d.font(plain, 8, grey)
	d.pdf.SetLineWidth(0.2)
	for v := 0; v <= end; v += step {
		at := base - tall*float64(v)/float64(end)
		d.draw(pale)
		d.pdf.Line(left+axis, at, left+wide, at)
		d.put(left+axis-2, at-1.6, 8, 1, strconv.Itoa(v))
	}
	each := (wide - axis) / float64(len(labels))
	for i, label := range labels {
		x := left + axis + each*float64(i)
		width := min(each*0.56, 22)
		at := base
		for _, s := range list {
			h := tall * float64(s.values[i]) / float64(end)
			d.fill(s.colour)
			if h > 0 {
				d.pdf.Rect(x+(each-width)/2, at-h, width, h, "F")
			}
			at -= h
		}
		d.font(bold, 8.5, black)
		d.put(x+each/2, at-4.2, 8.5, 0, strconv.Itoa(sums[i]))
		d.font(plain, 8, grey)
		d.put(x+each/2, base+1.4, 8, 0, label)
	}
	d.draw(grey)
	d.pdf.Line(left+axis, base, left+wide, base)
	d.put(left+axis+(wide-axis)/2, base+5.6, 8, 0, d.clean(unit))
	d.pdf.SetY(base + 12)
}

// legend names the series.
func (d *doc) legend(list []series) {
	d.font(plain, 8, grey)
	x := left + 10.0
	for _, s := range list {
		name := d.clean(s.name)
		d.fill(s.colour)
		d.pdf.Rect(x, d.y()+0.4, 3, 3, "F")
		d.put(x+4.5, d.y(), 8, -1, name)
		x += 4.5 + d.pdf.GetStringWidth(name) + 7
	}
	d.down(6)
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

// bar is a line of a chart of shares.
type bar struct {
	name  string
	from  int // percent, where it stood before; the same as now for nothing
	value int // percent
}

// bars draws a bar for each name on a scale of 0 to 100 percent: what there was before in a paler colour.
func (d *doc) bars(list []bar, before, now string) {
	const names, values = 58.0, 14.0
	scale := wide - names - values
	for len(list) > 0 {
		d.need(3*6.4 + 16)
		row := min(6.4, max(5.2, (d.room()-16)/float64(len(list)))) // rather closer together than over two pages
		n := min(len(list), int((d.room()-16)/row))
		d.keys(before, now, names)
		d.shares(list[:n], row, names, scale)
		list = list[n:]
	}
	d.down(3)
}

func (d *doc) keys(before, now string, names float64) {
	d.font(plain, 8, grey)
	x := left + names
	for _, k := range []series{{name: before, colour: light}, {name: now, colour: middle}} {
		name := d.clean(k.name)
		d.fill(k.colour)
		d.pdf.Rect(x, d.y()+0.4, 3, 3, "F")
		d.put(x+4.5, d.y(), 8, -1, name)
		x += 4.5 + d.pdf.GetStringWidth(name) + 7
	}
	d.down(6)
}

func (d *doc) shares(list []bar, row, names, scale float64) {
	y, tall := d.y(), row*float64(len(list))
	d.pdf.SetLineWidth(0.2)
	d.font(plain, 8, grey)
	for _, percent := range []int{0, 25, 50, 75, 100} {
		x := left + names + scale*float64(percent)/100
		d.draw(pale)
		d.pdf.Line(x, y, x, y+tall)
		d.put(x, y+tall+0.8, 8, 0, strconv.Itoa(percent)+" %")
	}
	for i, b := range list {
		at := y + row*float64(i)
		value, from := min(max(b.value, 0), 100), min(max(b.from, 0), 100)
		d.fill(middle)
		d.pdf.Rect(left+names, at+1.2, scale*float64(value)/100, row-2.4, "F")
		d.fill(light)
		d.pdf.Rect(left+names, at+1.2, scale*float64(min(from, value))/100, row-2.4, "F")
		d.font(plain, small, black)
		d.put(left, at+1.3, small, -1, d.fit(d.clean(b.name), names-3))
		d.font(bold, small, black)
		d.put(left+wide, at+1.3, small, 1, strconv.Itoa(b.value)+" %")
	}
	d.draw(grey)
	d.pdf.Line(left+names, y, left+names, y+tall)
	d.pdf.SetY(y + tall + 6)
}

func (d *doc) fill(c colour) { d.pdf.SetFillColor(c[0], c[1], c[2]) }
func (d *doc) draw(c colour) { d.pdf.SetDrawColor(c[0], c[1], c[2]) }
