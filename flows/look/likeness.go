package look

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

const (
	side = 288 // width and height of the flattened sheet, pixels
	grid = 96  // width and height of a signature, cells
	full = 100 // ink that counts as all black, in 255ths
)

// Alike is the likeness (see Same) from which two pictures are proposed to a person as pictures of one paper.
const Alike = 0.67

// Closest is how many pictures are compared in full for one.
const Closest = 64

// Shape is a hash of 256 bits: the more of them differ, the less two views are alike.
type Shape [4]uint64

func (s Shape) far(o Shape) (n int) {
	for i := range s {
		n += bits.OnesCount64(s[i] ^ o[i])
	}
	return n
}

// Rank picks those of n stored pictures whose shapes are nearest to the given ones, the nearest first and at most
// Closest: stored(i) are the shapes of the i-th.
func Rank(shapes []Shape, n int, stored func(i int) []Shape) []int {
	type ranked struct{ i, far int }
	list := make([]ranked, n)
	for i := range list {
		list[i] = ranked{i, 256}
		for _, s := range stored(i) {
			for _, shape := range shapes {
				list[i].far = min(list[i].far, shape.far(s))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(a.far, b.far) })
	var nearest []int
	for _, r := range list[:min(Closest, len(list))] {
		nearest = append(nearest, r.i)
	}
	return nearest
}

// Same is how alike two signatures (Look.Fine) are, from 0 to 1. They are laid upon one another, turned by right
// angles, moved and bent as needed, and compared square by square; what counts is the twentieth of the squares that
// agree least, for two papers of one printed form differ in a line or two, and the hundredth, for on a till roll of one
// thing that line is short. Signatures of another length are like nothing.
func Same(a, b []byte) float64 {
	if len(a) != grid*grid/2 || len(b) != len(a) {
		return 0
	}
	p, q := unpacked(a), unpacked(b)
	q = upright(p, q)
	p, q = p.softened(), q.softened()
	var w warp
	for _, shrink := range [...]int{4, 2, 1} { // from afar, then nearer
		size, stride, reach := 24/shrink, 12/shrink, 2
		if shrink == 1 {
			stride, reach = 24, 1
		}
		far := p.shrunk(shrink)
		other := q.shrunk(shrink).bent(warp{}.plus(w, 1/float64(shrink)))
		w = w.plus(register(patches(far, other, size, stride, reach), size, far.n), float64(shrink))
	}
	likes := agreement(p.detail(), q.bent(w).detail(), 8, 2)
	if len(likes) < fewestSquares {
		return 0
	}
	slices.Sort(likes)
	return max(min(likes[len(likes)/20], likes[len(likes)/100]+leeway), 0)
}

// leeway is by how much less than the twentieth the hundredth of the squares may agree: a picture of the same paper has
// stains and folds.
const leeway = 0.27

// fewestSquares is how many written squares, overlapping, two signatures need to be compared at all.
const fewestSquares = 40

// fewestPatches is how many written squares a signature needs to be worth keeping.
const fewestPatches = 6

// views are what the marks are made of: the whole sheet, and what is left when these shares of its width and height are
// cut off all around, for a picture may be cropped, and a sheet be found too large.
var views = [...]float64{0, 0.05, 0.1}

// likeness gives the marks by which the sheet in the picture is found again; none when hardly anything is written on
// it.
func (g grey) likeness(sheet quad, l *Look) {
	c := g.flat(sheet).inked().written().cells(grid)
	if d := c.softened().detail(); len(patches(d, d, 12, 12, 0)) < fewestPatches {
		return
	}
	for _, cut := range views {
		v := c.inset(cut)
		hash, weak := v.print()
		shape := v.shape()
		l.Prints, l.Shapes = append(l.Prints, Print{hash, shape}), append(l.Shapes, shape)
		for m := range 1 << len(weak) {
			probe := hash
			for i, bits := range weak {
				if m>>i&1 == 1 {
					probe ^= bits
				}
			}
			l.Probes = append(l.Probes, probe)
		}
	}
	turned := c
	for range 3 {
		turned = turned.turned()
		probe, _ := turned.print()
		l.Probes, l.Shapes = append(l.Probes, probe), append(l.Shapes, turned.shape())
	}
	l.Fine = c.packed()
}

// inset is what is left when a share of the width and height is cut off all around.
func (c cells) inset(share float64) cells {
	if share == 0 {
		return c
	}
	n := float64(c.n)
	return c.bent(warp{x: [4]float64{0, -2 * share * n}, y: [4]float64{0, 0, -2 * share * n}})
}

// shape are the signs of 256 cosine waves across the sheet, as in print.
func (c cells) shape() (s Shape) {
	for i, sum := range c.waves(16, 16, 2) {
		if sum > 0 {
			s[i/64] |= 1 << (i % 64)
		}
	}
	return s
}

// waves are the sums along cosine waves: so many numbers of half periods along the lines of writing, starting with
// from, and for each so many down the page, starting with none.
func (c cells) waves(wide, high, from int) []float64 {
	h := c.shrunk(2)
	across := make([]float64, wide*h.n)
	for y := range h.n {
		for u := range wide {
			for x := range h.n {
				across[u*h.n+y] += float64(h.v[y*h.n+x]) * wave(u+from, x, h.n)
			}
		}
	}
	sums := make([]float64, wide*high)
	for i := range sums {
		for y := range h.n {
			sums[i] += across[i/high*h.n+y] * wave(i%high, y, h.n)
		}
	}
	return sums
}

// print is a 64-bit hash: the signs of 64 cosine waves across the sheet. Waves that change quickly along the lines of
// writing are taken, because how the lines follow one another down the page is the form's and the same in all its
// papers. They are dealt over the four bands of 16 bits. weak are, four times, the one bit a band that is most easily
// turned over.
func (c cells) print() (print uint64, weak [4]uint64) {
	type bit struct {
		mask uint64
		size float64
	}
	var bands [4][]bit
	for i, sum := range c.waves(10, 7, 3)[:64] {
		place := i * 29 % 64 // odd, so each place once
		mask := uint64(1) << place
		if sum > 0 {
			print |= mask
		}
		bands[place/16] = append(bands[place/16], bit{mask, math.Abs(sum)})
	}
	for _, band := range bands {
		slices.SortFunc(band, func(a, b bit) int {
			if a.size < b.size {
				return -1
			}
			return 1
		})
		for i := range weak {
			weak[i] |= band[i].mask
		}
	}
	return print, weak
}

// wave is a cosine of k half periods over n cells.
func wave(k, x, n int) float64 { return cosines[k*(2*x+1)*(grid/n)%(4*grid)] }

// cosines holds one period of the cosine in 4·grid steps.
var cosines = func() (w [4 * grid]float64) {
	for i := range w {
		w[i] = math.Cos(2 * math.Pi * float64(i) / (4 * grid))
	}
	return w
}()

// packed keeps four bits a cell, finer where there is little ink.
func (c cells) packed() []byte {
	out := make([]byte, len(c.v)/2)
	for i, v := range c.v {
		level := byte(math.Sqrt(float64(min(v/full, 1)))*15 + 0.5)
		out[i/2] |= level << (i % 2 * 4)
	}
	return out
}

func unpacked(fine []byte) cells {
	c := cells{grid, make([]float32, grid*grid)}
	for i := range c.v {
		level := float32(fine[i/2]>>(i%2*4)&15) / 15
		c.v[i] = level * level * full
	}
	return c
}
