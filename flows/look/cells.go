package look

// cells is a square of n by n means of ink.
type cells struct {
	n int
	v []float32
}

// cells averages a square picture.
func (g grey) cells(n int) cells {
	c := cells{n, make([]float32, n*n)}
	k := g.w / n
	for y := range n * k {
		for x, v := range g.row(y)[:n*k] {
			c.v[y/k*n+x/k] += float32(v) / float32(k*k)
		}
	}
	return c
}

// shrunk averages squares of step by step cells.
func (c cells) shrunk(step int) cells {
	if step == 1 {
		return c
	}
	s := cells{c.n / step, make([]float32, len(c.v)/step/step)}
	k := 1 / float32(step*step)
	for y := range c.n {
		to := s.v[y/step*s.n:]
		for x, v := range c.v[y*c.n : (y+1)*c.n] {
			to[x/step] += v * k
		}
	}
	return s
}

// detail is what differs from the surroundings along the line of writing: the shape of letters is left, and that a line
// of writing stands here, which is so on every paper of a form, does not count.
func (c cells) detail() cells {
	around := c.along().along()
	for i, v := range c.v {
		around.v[i] = v - around.v[i]
	}
	return around
}

// along averages five neighbours of a row.
func (c cells) along() cells {
	out := cells{c.n, make([]float32, len(c.v))}
	for y := range c.n {
		row, to := c.v[y*c.n:(y+1)*c.n], out.v[y*c.n:]
		last := c.n - 1
		for x := range row {
			to[x] = (row[max(x-2, 0)] + row[max(x-1, 0)] + row[x] + row[min(x+1, last)] + row[min(x+2, last)]) / 5
		}
	}
	return out
}

// turned is turned by a right angle, clockwise.
func (c cells) turned() cells {
	out := cells{c.n, make([]float32, len(c.v))}
	for i, v := range c.v {
		out.v[i%c.n*c.n+c.n-1-i/c.n] = v
	}
	return out
}

// softened is smoothed by less than a cell, so that a pattern that falls between cells still looks like itself.
func (c cells) softened() cells {
	mid, out := cells{c.n, make([]float32, len(c.v))}, cells{c.n, make([]float32, len(c.v))}
	for y := range c.n {
		row := c.v[y*c.n : (y+1)*c.n]
		for x, v := range row {
			mid.v[y*c.n+x] = (row[max(x-1, 0)] + 2*v + row[min(x+1, c.n-1)]) / 4
		}
	}
	for y := range c.n {
		up, low := mid.v[max(y-1, 0)*c.n:], mid.v[min(y+1, c.n-1)*c.n:]
		for x := range c.n {
			out.v[y*c.n+x] = (up[x] + 2*mid.v[y*c.n+x] + low[x]) / 4
		}
	}
	return out
}

// upright turns q so that it agrees best with p, judged from afar.
func upright(p, q cells) cells {
	far := p.shrunk(4).softened()
	best, most := q, -2.0
	for range 4 {
		f := q.shrunk(4).softened()
		if like, _ := correlation(far.v, f.v, f.n, f.n); like > most {
			best, most = q, like
		}
		q = q.turned()
	}
	return best
}

// bent reads the cells through the warp.
func (c cells) bent(m warp) cells {
	out := cells{c.n, make([]float32, len(c.v))}
	edge := float32(c.n - 1)
	for y := range c.n {
		// Along a row the warp is a straight line.
		x0, y0 := m.apply(0, float64(y), c.n)
		x1, y1 := m.apply(1, float64(y), c.n)
		u, v, du, dv := float32(x0), float32(y0), float32(x1-x0), float32(y1-y0)
		for x := range c.n {
			cu, cv := min(max(u, 0), edge), min(max(v, 0), edge)
			i, j := int(cu), int(cv)
			fu, fv := cu-float32(i), cv-float32(j)
			a, b, k := c.v[j*c.n:], c.v[min(j+1, c.n-1)*c.n:], min(i+1, c.n-1)
			out.v[y*c.n+x] = (a[i]*(1-fu)+a[k]*fu)*(1-fv) + (b[i]*(1-fu)+b[k]*fu)*fv
			u, v = u+du, v+dv
		}
	}
	return out
}
