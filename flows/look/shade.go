package look

import (
	"math"
	"slices"
)

// evened is the picture as an even light would show it, its mean brightness 128. A lamp to one side makes the table
// near it as bright as the paper far from it, but on either the light changes gradually, and at the paper's edge it
// does not: the light is the curved surface whose slopes are the picture's where these are gentle.
func (g grey) evened() grey {
	const block = 8 // pixels, so that grain and fibres do not count
	w, h := g.w/block, g.h/block
	mean := make([]float64, w*h) // logarithm of the brightness
	for y := range h {
		for x := range w {
			sum := 0
			for j := range block {
				for _, v := range g.row(y*block + j)[x*block : (x+1)*block] {
					sum += int(v)
				}
			}
			mean[y*w+x] = math.Log(float64(sum)/(block*block) + 1)
		}
	}
	// slope is how the brightness changes from one block to its neighbour, and the terms of the surface that make it:
	// of x, y, xx, xy and yy.
	type slope struct {
		terms [5]float64
		value float64
	}
	var slopes []slope
	for y := range h {
		for x := range w {
			i, u, v := y*w+x, float64(x)/float64(w), float64(y)/float64(h)
			du, dv := 1/float64(w), 1/float64(h)
			if x+1 < w {
				slopes = append(slopes, slope{[5]float64{du, 0, (2*u + du) * du, v * du, 0}, mean[i+1] - mean[i]})
			}
			if y+1 < h {
				slopes = append(slopes, slope{[5]float64{0, dv, 0, u * dv, (2*v + dv) * dv}, mean[i+w] - mean[i]})
			}
		}
	}
	var light [5]float64
	off := make([]float64, len(slopes))
	for range 6 {
		for i, s := range slopes {
			off[i] = math.Abs(s.value - dot(light, s.terms))
		}
		limit := 2 * slices.Sorted(slices.Values(off))[len(off)/2]
		var a [5][5]float64
		var b [5]float64
		for i := range a {
			a[i][i] = 1e-6
		}
		for n, s := range slopes {
			if off[n] > limit {
				continue
			}
			for i, t := range s.terms {
				for k, u := range s.terms {
					a[i][k] += t * u
				}
				b[i] += t * s.value
			}
		}
		solve(a[:], b[:])
		light = b
	}
	even := make([]float64, len(g.pix))
	sum := 0.0
	for y := range g.h {
		for x, p := range g.row(y) {
			// A block's place is that of its middle, half a block to the right and down; it moves the surface, no more.
			u, v := float64(x)/float64(w*block), float64(y)/float64(h*block)
			e := float64(p) * math.Exp(-dot(light, [5]float64{u, v, u * u, u * v, v * v}))
			even[y*g.w+x] = e
			sum += e
		}
	}
	out := newGrey(g.w, g.h)
	k := 128 * float64(len(even)) / max(sum, 1)
	for i, e := range even {
		out.pix[i] = uint8(min(e*k, 255))
	}
	return out
}

func dot(a, b [5]float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
