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
const Alike = 0.72

// Near tells whether two prints are near enough for the signatures to be compared: few of the 64 bits differ.
func Near(a, b uint64) bool { return bits.OnesCount64(a^b) <= 10 }

// Closest is how many pictures are compared in full for one.
const Closest = 128

// Rank picks the stored prints that are near a probe, the nearest first and at most Closest: print(i) is the i-th of n.
func Rank(probes []uint64, n int, print func(i int) uint64) []int {
	type ranked struct{ i, far int }
	var near []ranked
	for i := range n {
		r := ranked{i, 64}
		for _, probe := range probes {
			if p := print(i); Near(probe, p) {
				r.far = min(r.far, bits.OnesCount64(probe^p))
			}
		}
		if r.far < 64 {
			near = append(near, r)
		}
	}
	slices.SortStableFunc(near, func(a, b ranked) int { return cmp.Compare(a.far, b.far) })
	var list []int
	for _, r := range near[:min(Closest, len(near))] {
		list = append(list, r.i)
	}
	return list
}

// Same is how alike two signatures (Look.Fine) are, from 0 to 1. They are laid upon one another, turned by right angles,
// moved and bent as needed, and compared square by square; what counts is the quarter of the squares that agree
// least, for in two papers of one printed form many agree. Signatures of another length are like nothing.
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
	var likes []float64
	for _, s := range patches(p.detail(), q.bent(w).detail(), 12, 12, 1) {
		likes = append(likes, s.like)
	}
	if len(likes) < fewestPatches {
		return 0
	}
	slices.Sort(likes)
	return max(likes[len(likes)/4], 0)
}

// fewestPatches is how many written squares a signature needs to be compared at all.
const fewestPatches = 6

// likeness gives the marks by which the sheet in the picture is found again; none when hardly anything is written on it.
func (g grey) likeness(sheet quad) (prints, probes []uint64, fine []byte) {
	c := g.flat(sheet).inked().written().cells(grid)
	if d := c.softened().detail(); len(patches(d, d, 12, 12, 0)) < fewestPatches {
		return nil, nil, nil
	}
	print, weak := c.print()
	probes = append(probes, print)
	for m := 1; m < 1<<len(weak); m++ {
		probe := print
		for i, bits := range weak {
			if m>>i&1 == 1 {
				probe ^= bits
			}
		}
		probes = append(probes, probe)
	}
	turned := c
	for range 3 {
		turned = turned.turned()
		probe, _ := turned.print()
		probes = append(probes, probe)
	}
	return []uint64{print}, probes, c.packed()
}

// print is a 64-bit hash: the signs of 64 cosine waves across the sheet. Waves that change quickly along the lines of writing
// are taken, because how the lines follow one another down the page is the form's and the same in all its papers. They are
// dealt over the four bands of 16 bits. weak are, four times, the one bit a band that is most easily turned over.
func (c cells) print() (print uint64, weak [4]uint64) {
	const wide, high, from = 10, 7, 3
	h := c.shrunk(2)
	var across [grid / 2][wide]float64
	for y := range h.n {
		for u := range wide {
			for x := range h.n {
				across[y][u] += float64(h.v[y*h.n+x]) * wave(u+from, x, h.n)
			}
		}
	}
	type bit struct {
		mask uint64
		size float64
	}
	var bands [4][]bit
	for i := range 64 {
		u, v, sum := i/high, i%high, 0.0
		for y := range h.n {
			sum += across[y][u] * wave(v, y, h.n)
		}
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
func wave(k, x, n int) float64 { return waves[k*(2*x+1)*(grid/n)%(4*grid)] }

// waves holds one period of the cosine in 4·grid steps.
var waves = func() (w [4 * grid]float64) {
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
