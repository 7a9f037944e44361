package look

import "math"

// patch is a square of cells and how it was found in the other signature: moved by dx, dy, with this correlation.
type patch struct {
	x, y, dx, dy int
	like         float64
}

// patches looks for each written square of size cells of a in b, moved by at most reach.
func patches(a, b cells, size, stride, reach int) []patch {
	var out []patch
	n := a.n
	for y := 0; y+size <= n; y += stride {
		for x := 0; x+size <= n; x += stride {
			p := patch{x: x, y: y, like: -2}
			for dy := max(-reach, -y); dy <= min(reach, n-size-y); dy++ {
				for dx := max(-reach, -x); dx <= min(reach, n-size-x); dx++ {
					if like, ok := correlation(a.v[y*n+x:], b.v[(y+dy)*n+x+dx:], n, size); ok && like > p.like {
						p.dx, p.dy, p.like = dx, dy, like
					}
				}
			}
			if p.like > -2 {
				out = append(out, p)
			}
		}
	}
	return out
}

// agreement is how alike the squares of size cells are in which a or b is written, each moved by one cell at most. What
// is written must stand in the very square: a bare one is not judged by a neighbour that it was moved onto.
func agreement(a, b cells, size, stride int) (likes []float64) {
	n := a.n
	for y := 0; y+size <= n; y += stride {
		for x := 0; x+size <= n; x += stride {
			like, ok := correlation(a.v[y*n+x:], b.v[y*n+x:], n, size)
			if !ok {
				continue
			}
			for dy := max(-1, -y); dy <= min(1, n-size-y); dy++ {
				for dx := max(-1, -x); dx <= min(1, n-size-x); dx++ {
					moved, _ := correlation(a.v[y*n+x:], b.v[(y+dy)*n+x+dx:], n, size)
					like = max(like, moved)
				}
			}
			likes = append(likes, like)
		}
	}
	return likes
}

// correlation compares two squares of cells (Pearson's); not ok when neither has writing.
func correlation(a, b []float32, stride, size int) (like float64, ok bool) {
	var sa, sb, saa, sbb, sab float32
	for y := range size {
		p, q := a[y*stride:y*stride+size], b[y*stride:y*stride+size]
		for x, v := range p {
			w := q[x]
			sa += v
			sb += w
			saa += v * v
			sbb += w * w
			sab += v * w
		}
	}
	n := float32(size * size)
	va, vb := float64(saa-sa*sa/n), float64(sbb-sb*sb/n)
	if max(va, vb) < 9*float64(n) {
		return -1, false
	}
	return float64(sab-sa*sb/n) / math.Sqrt(max(va*vb, 1)), true
}

// warp maps a cell of one signature to one of another: place plus a polynomial of 1, u, v and uv, with u and v from
// -0.5 to 0.5. The last term is nearly what is left of a perspective.
type warp struct{ x, y [4]float64 }

func (w warp) apply(x, y float64, n int) (float64, float64) {
	u, v := x/float64(n)-0.5, y/float64(n)-0.5
	return x + w.x[0] + w.x[1]*u + w.x[2]*v + w.x[3]*u*v, y + w.y[0] + w.y[1]*u + w.y[2]*v + w.y[3]*u*v
}

// plus adds a further small warp that was found among cells so many times larger.
func (w warp) plus(v warp, times float64) warp {
	for i := range w.x {
		w.x[i] += v.x[i] * times
		w.y[i] += v.y[i] * times
	}
	return w
}

// register finds the warp that most patches agree on.
func register(ps []patch, size, n int) warp {
	var m warp
	for round, limit := range [...]float64{9, 2.5, 1.5, 1} {
		var a [4][5]float64
		var bx, by [4]float64
		for i := range a {
			a[i][i] = 1e-3
		}
		for _, p := range ps {
			cx, cy := float64(p.x)+float64(size-1)/2, float64(p.y)+float64(size-1)/2
			mx, my := m.apply(cx, cy, n)
			if p.like < 0.3 || math.Abs(cx+float64(p.dx)-mx) > limit || math.Abs(cy+float64(p.dy)-my) > limit {
				continue
			}
			w := p.like * p.like
			u, v := cx/float64(n)-0.5, cy/float64(n)-0.5
			terms := [4]float64{1, u, v, u * v}
			if round < 2 {
				terms[3] = 0
			}
			for i := range terms {
				for k := range terms {
					a[i][k] += w * terms[i] * terms[k]
				}
				bx[i] += w * terms[i] * float64(p.dx)
				by[i] += w * terms[i] * float64(p.dy)
			}
		}
		solve(a[:], bx[:], by[:])
		m = warp{bx, by}
	}
	return m
}

// solve puts the solution of as many equations as there are rows, symmetric and positive, in the place of each right
// side, by elimination. It overwrites a.
func solve(a [][5]float64, sides ...[]float64) {
	for i := range a {
		for k := i + 1; k < len(a); k++ {
			f := a[k][i] / a[i][i]
			for j := i; j < len(a); j++ {
				a[k][j] -= f * a[i][j]
			}
			for _, b := range sides {
				b[k] -= f * b[i]
			}
		}
	}
	for _, b := range sides {
		for i := len(a) - 1; i >= 0; i-- {
			for j := i + 1; j < len(a); j++ {
				b[i] -= a[i][j] * b[j]
			}
			b[i] /= a[i][i]
		}
	}
}
