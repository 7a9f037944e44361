package look

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

// written is the ink without the form's long straight rules.
func (g grey) written() grey {
	const long = 12 // half a rule's least length; no stroke of a letter is as long
	out, paper := newGrey(g.w, g.h), g.negative()
	level := paper.brightest(long, 0).negative().brightest(long, 0)
	upright := paper.brightest(0, long).negative().brightest(0, long)
	for i, v := range g.pix {
		out.pix[i] = v - max(level.pix[i], upright.pix[i])
	}
	return out
}
