package look

import (
	"math"
	"slices"
)

// quad is a sheet's four corners, clockwise from the one at the top left, in pixels.
type quad [4][2]float64

// whole is the quad of a picture in which no sheet was found.
func (g grey) whole() quad {
	w, h := float64(g.w-1), float64(g.h-1)
	return quad{{0, 0}, {w, 0}, {w, h}, {0, h}}
}

// sheet finds the sheet of paper: the largest bright region when it has four straight sides. It wants a small picture
// (a long side of about 320) and answers the whole picture and false when there is no such region. When the table is
// too light to tell at the lamp's side, the picture is seen as in an even light. A sheet that is turned by more than
// about 15 degrees is not found.
func (g grey) sheet() (quad, bool) {
	plain := g.closed(3)
	best, least := plain.brightSheet()
	if least > 0 {
		if q, rims := plain.evened().brightSheet(); rims < min(least, 2) {
			best, least = q, rims
		}
	}
	return best, least < 4
}

// brightSheet is, of the regions above several levels of brightness, the one with the fewest sides at the picture's
// rim, for a light table runs into a dim sheet; and how many these are, as in bright.
func (g grey) brightSheet() (best quad, least int) {
	middle := g.median()
	best, least = g.whole(), 4
	for _, level := range [...]int{
		int(g.between()), middle * 75 / 100, middle * 86 / 100, middle * 95 / 100, middle * 105 / 100,
		middle * 115 / 100, middle * 125 / 100,
	} {
		if q, rims := g.bright(uint8(min(level, 254))); rims < least {
			best, least = q, rims
		}
	}
	return best, least
}

// bright is the largest region brighter than level when it has four straight sides, and how many of them are the
// picture's rim: all four when there is no such region.
func (g grey) bright(level uint8) (q quad, rims int) {
	region, area := g.largest(level)
	if area < g.w*g.h/16 {
		return g.whole(), 4
	}
	left, right := spans(region, g.w, g.h)
	top, bottom := spans(turned(region, g.w, g.h), g.h, g.w)
	l, r := fit(left, 0), fit(right, g.w-1)
	t, b := fit(top, 0), fit(bottom, g.h-1)
	q = quad{cross(l, t), cross(r, t), cross(r, b), cross(l, b)}
	for _, l := range [...]line{l, r, t, b} {
		if l.rim {
			rims++
		}
	}
	if rims == 4 {
		return g.whole(), 4
	}
	share := float64(area) / q.area()
	for _, p := range q {
		if !(p[0] > -0.1*float64(g.w) && p[0] < 1.1*float64(g.w) && p[1] > -0.1*float64(g.h) &&
			p[1] < 1.1*float64(g.h)) {
			return g.whole(), 4
		}
	}
	if share < 0.85 || share > 1.1 || max(l.rough, r.rough, t.rough, b.rough) > 4 {
		return g.whole(), 4
	}
	for i, l := range [...]line{t, r, b, l} {
		if !l.rim && g.step(q[i], q[(i+1)%4]) < 0.1 {
			return g.whole(), 4
		}
	}
	return q, rims
}

// step is by how much the picture darkens from inside to outside of a side of the sheet (whose inside is on the right),
// as a share of the brightness inside. Within a sheet, at a shadow or the edge of a table, brightness changes
// gradually.
func (g grey) step(from, to [2]float64) float64 {
	const points, apart = 24, 4.0
	dx, dy := to[0]-from[0], to[1]-from[1]
	long := math.Hypot(dx, dy)
	nx, ny := -dy/long*apart, dx/long*apart
	var steps []float64
	for i := range points {
		k := (float64(i) + 0.5) / points
		x, y := from[0]+k*dx, from[1]+k*dy
		inside, outside := g.at(x+nx, y+ny), g.at(x-nx, y-ny)
		steps = append(steps, (inside-outside)/max(inside, 1))
	}
	slices.Sort(steps)
	return steps[points/4]
}

func (g grey) median() int {
	var count [256]int
	for _, v := range g.pix {
		count[v]++
	}
	v := 0
	for sum := count[0]; sum*2 < len(g.pix); sum += count[v] {
		v++
	}
	return v
}

// long is the length of the longest side.
func (q quad) long() float64 {
	long := 0.0
	for i, p := range q {
		n := q[(i+1)%4]
		long = max(long, math.Hypot(p[0]-n[0], p[1]-n[1]))
	}
	return long
}

func (q quad) area() float64 {
	sum := 0.0
	for i, p := range q {
		n := q[(i+1)%4]
		sum += p[0]*n[1] - n[0]*p[1]
	}
	return sum / 2
}

// between is the brightness that best parts the picture into two (Otsu's).
func (g grey) between() uint8 {
	var count [256]float64
	sum := 0.0
	for _, v := range g.pix {
		count[v]++
		sum += float64(v)
	}
	n, below, dark, best, level := float64(len(g.pix)), 0.0, 0.0, 0.0, 0
	for v, c := range count {
		below += c
		dark += c * float64(v)
		if below == 0 || below == n {
			continue
		}
		d := dark/below - (sum-dark)/(n-below)
		if s := below * (n - below) * d * d; s > best {
			best, level = s, v
		}
	}
	return uint8(level)
}

// largest marks the largest connected region brighter than level.
func (g grey) largest(level uint8) (region []bool, area int) {
	name := make([]int32, len(g.pix))
	var stack []int
	best := int32(0)
	for start, names := 0, int32(0); start < len(g.pix); start++ {
		if name[start] != 0 || g.pix[start] <= level {
			continue
		}
		names++
		size := 0
		name[start] = names
		for stack = append(stack[:0], start); len(stack) > 0; {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			size++
			x := i % g.w
			for _, d := range [4]struct {
				to int
				ok bool
			}{{i - 1, x > 0}, {i + 1, x < g.w-1}, {i - g.w, i >= g.w}, {i + g.w, i+g.w < len(g.pix)}} {
				if d.ok && name[d.to] == 0 && g.pix[d.to] > level {
					name[d.to] = names
					stack = append(stack, d.to)
				}
			}
		}
		if size > area {
			best, area = names, size
		}
	}
	region = make([]bool, len(name))
	for i, n := range name {
		region[i] = n == best && area > 0
	}
	return region, area
}

// point is where a row enters or leaves the region: place on the row at.
type point struct{ at, place float64 }

// spans lists where each row in the region's middle first and last touches it.
func spans(region []bool, w, h int) (first, last []point) {
	for y := range h {
		row := region[y*w : (y+1)*w]
		i := slices.Index(row, true)
		if i < 0 {
			continue
		}
		k := w - 1
		for !row[k] {
			k--
		}
		first = append(first, point{float64(y), float64(i)})
		last = append(last, point{float64(y), float64(k)})
	}
	rim := len(first) / 8
	return first[rim : len(first)-rim], last[rim : len(last)-rim]
}

func turned(region []bool, w, h int) []bool {
	out := make([]bool, len(region))
	for y := range h {
		for x := range w {
			out[x*h+y] = region[y*w+x]
		}
	}
	return out
}

// line is place = from + slope·at; rough is the mean distance of its points. The picture's rim is a line too.
type line struct {
	from, slope, rough float64
	rim                bool
}

// fit lays a line through the points, leaving out those far from it. A side that mostly stands at the picture's rim is
// the rim.
func fit(points []point, rim int) line {
	out := 0
	for _, p := range points {
		if math.Abs(p.place-float64(rim)) < 1.5 {
			out++
		}
	}
	if out*2 > len(points) {
		return line{from: float64(rim), rim: true}
	}
	kept := points
	var l line
	for range 5 {
		var n, sx, sy, sxx, sxy float64
		for _, p := range kept {
			n, sx, sy, sxx, sxy = n+1, sx+p.at, sy+p.place, sxx+p.at*p.at, sxy+p.at*p.place
		}
		if d := n*sxx - sx*sx; d > 0 {
			l.slope = (n*sxy - sx*sy) / d
		}
		l.from = (sy - l.slope*sx) / max(n, 1)
		off := make([]float64, len(points))
		for i, p := range points {
			off[i] = math.Abs(p.place - l.from - l.slope*p.at)
		}
		sorted := slices.Sorted(slices.Values(off))
		limit := max(2*sorted[len(sorted)/2], 1)
		kept = nil
		l.rough = 0
		for i, p := range points {
			if off[i] <= limit {
				kept = append(kept, p)
				l.rough += off[i]
			}
		}
		l.rough /= float64(len(kept))
	}
	return l
}

// cross is where an upright side (x = from + slope·y) meets a level one (y = from + slope·x).
func cross(upright, level line) [2]float64 {
	y := (level.from + level.slope*upright.from) / (1 - level.slope*upright.slope)
	return [2]float64{upright.from + upright.slope*y, y}
}

// onto maps the unit square onto the quad.
func (q quad) onto() func(u, v float64) (x, y float64) {
	dx1, dx2, dx3 := q[1][0]-q[2][0], q[3][0]-q[2][0], q[0][0]-q[1][0]+q[2][0]-q[3][0]
	dy1, dy2, dy3 := q[1][1]-q[2][1], q[3][1]-q[2][1], q[0][1]-q[1][1]+q[2][1]-q[3][1]
	det := dx1*dy2 - dx2*dy1
	g, h := (dx3*dy2-dx2*dy3)/det, (dx1*dy3-dx3*dy1)/det
	a, b := q[1][0]-q[0][0]+g*q[1][0], q[3][0]-q[0][0]+h*q[3][0]
	d, e := q[1][1]-q[0][1]+g*q[1][1], q[3][1]-q[0][1]+h*q[3][1]
	return func(u, v float64) (x, y float64) {
		w := g*u + h*v + 1
		return (a*u + b*v + q[0][0]) / w, (d*u + e*v + q[0][1]) / w
	}
}
