package look

// side is the width and height of the flattened sheet in which ink is looked for.
const side = 192

// flat lays the sheet out as a square.
func (g grey) flat(q quad) grey {
	out := newGrey(side, side)
	onto := q.onto()
	for y := range side {
		for x := range side {
			px, py := onto((float64(x)+0.5)/side, (float64(y)+0.5)/side)
			out.pix[y*side+x] = uint8(g.at(px, py) + 0.5)
		}
	}
	return out
}

// inked is how much darker than the paper around it each pixel is, in 255ths.
func (g grey) inked() grey {
	paper := g.closed(6).blurred(6)
	out := newGrey(g.w, g.h)
	for i, v := range g.pix {
		if p := int(paper.pix[i]); int(v) < p {
			out.pix[i] = uint8(min((p-int(v))*255/p, 255))
		}
	}
	return out
}

// box is where the ink stands: all but a small share of it on each side.
func (g grey) box() (x0, y0, x1, y1 float64) {
	xs, ys := make([]float64, g.w), make([]float64, g.h)
	total := 0.0
	for y := range g.h {
		for x, v := range g.row(y) {
			if v > 16 {
				xs[x] += float64(v)
				ys[y] += float64(v)
				total += float64(v)
			}
		}
	}
	if total == 0 {
		return 0, 0, float64(g.w), float64(g.h)
	}
	x0, x1 = reach(xs, total)
	y0, y1 = reach(ys, total)
	return
}

const rim = 0.02

func reach(mass []float64, total float64) (from, to float64) {
	sum := 0.0
	for i, m := range mass {
		if sum < rim*total && sum+m >= rim*total {
			from = float64(i) + (rim*total-sum)/m
		}
		if sum < (1-rim)*total && sum+m >= (1-rim)*total {
			to = float64(i) + ((1-rim)*total-sum)/m
		}
		sum += m
	}
	return
}
