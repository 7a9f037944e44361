package look

import "slices"

// Flaw is a reason to take the picture again.
type Flaw string

const (
	Dark    Flaw = "dark"    // too little light to read it
	Blurred Flaw = "blurred" // out of focus, or the hand moved
	Tiny    Flaw = "tiny"    // too few pixels, or the paper too far away
	// Unopened is of no look: the picture is damaged, or decoding takes more memory or time than one picture may have.
	Unopened Flaw = "unopened"
	NoPaper  Flaw = "paper" // it does not look like a paper document
)

// The limits were set by measuring, so that what a person can still read is hardly ever called flawed.
const (
	darkest   = 62   // brightness below which even the paper is too dark, of 255
	smallest  = 480  // pixels on the long side below which nobody can read a nota
	farthest  = 400  // pixels on the long side of the sheet, likewise
	softest   = 0.21 // how much of an edge's height the steepest pixel takes, see acuteness
	shaken    = 0.35 // likewise, when the other direction is twice as sharp
	fewest    = 12   // squares with an edge; with fewer, sharpness is unknown
	leastText = 0.07 // share of the picture that looks like writing
)

// sight is what is known of a picture besides its pixels.
type sight struct {
	long  int  // pixels on the picture's long side
	sheet int  // pixels on the found sheet's long side, 0 when none was found
	paper bool // there is a sheet, and writing on it
}

// flaws judges a picture by its brightness g and by the reduction of that, small.
func flaws(g, small grey, s sight) []Flaw {
	var out []Flaw
	dark := small.top() < darkest
	if dark {
		out = append(out, Dark)
	}
	soft := false
	across, down, n := g.acuteness()
	worse, better := min(across, down), max(across, down)
	if n >= fewest && !dark && (worse < softest || worse < shaken && worse*2 < better) {
		soft = true
		out = append(out, Blurred)
	}
	if s.long < smallest || s.sheet > 0 && s.sheet < farthest {
		out = append(out, Tiny)
	}
	if !dark && !soft && !s.paper && s.long >= smallest && g.text() < leastText {
		out = append(out, NoPaper)
	}
	return out
}

// top is the brightness that one pixel in twenty has or exceeds.
func (g grey) top() int {
	var count [256]int
	for _, v := range g.pix {
		count[v]++
	}
	v := 255
	for sum := count[v]; v > 0 && sum*20 < len(g.pix); sum += count[v] {
		v--
	}
	return v
}

const square = 16

// acuteness tells how sharp the picture is, across and down, as a moving hand blurs only one direction: in squares with
// an edge, the largest step between two neighbours as a share of the square's whole range, from about 1/16 (blurred
// away) to 1, the mean of the sharpest quarter. What steps the flattest squares have is the camera's noise and does not
// count. n is how many squares had an edge.
func (g grey) acuteness() (across, down float64, n int) {
	type edge struct{ dx, dy, height float64 }
	var edges []edge
	var flattest []float64
	for y := 0; y+square < g.h; y += square {
		for x := y % (2 * square); x+square < g.w; x += 2 * square { // half of them, as on a chess board
			var low, high, dx, dy uint8 = 255, 0, 0, 0
			for j := y; j < y+square; j++ {
				row, next := g.pix[j*g.w+x:][:square+1], g.pix[(j+1)*g.w+x:][:square]
				for i, v := range next {
					p, q := row[i], row[i+1]
					low, high = min(low, p), max(high, p)
					dx, dy = max(dx, max(p, q)-min(p, q)), max(dy, max(p, v)-min(p, v))
				}
			}
			edges = append(edges, edge{float64(dx), float64(dy), float64(high - low)})
			flattest = append(flattest, float64(min(dx, dy)))
		}
	}
	if len(edges) == 0 {
		return 0, 0, 0
	}
	slices.Sort(flattest)
	noise := flattest[len(flattest)/20]
	var xs, ys []float64
	for _, e := range edges {
		if e.height >= 40+noise {
			xs = append(xs, max(e.dx-noise, 0)/(e.height-noise))
			ys = append(ys, max(e.dy-noise, 0)/(e.height-noise))
		}
	}
	return sharpest(xs), sharpest(ys), len(xs)
}

func sharpest(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	v = v[len(v)*3/4:]
	sum := 0.0
	for _, s := range v {
		sum += s
	}
	return sum / float64(len(v))
}

// text is the share of squares that look like writing: an even ground with some thin strokes in it, dark on light or,
// as on some screens, light on dark.
func (g grey) text() float64 {
	g = g.reduce(700)
	if share := g.strokes(); share >= leastText {
		return share
	}
	return g.negative().strokes()
}

func (g grey) strokes() float64 {
	ground := g.closed(4)
	written, all := 0, 0
	for y := 0; y+square <= g.h; y += square {
		for x := 0; x+square <= g.w; x += square {
			all++
			ink, even, low, high := 0, 0, 255, 0
			for j := y; j < y+square; j++ {
				row := g.pix[j*g.w+x : j*g.w+x+square]
				for i, v := range ground.pix[j*g.w+x : j*g.w+x+square] {
					p := int(v)
					low, high = min(low, p), max(high, p)
					switch depth := (p - int(row[i])) * 100; {
					case depth > 14*p:
						ink++
					case depth < 5*p:
						even++
					}
				}
			}
			if share := ink * 100 / (square * square); share >= 4 && share <= 55 && even*100 >= 35*square*square &&
				(high-low)*100 < 12*high {
				written++
			}
		}
	}
	return float64(written) / float64(max(all, 1))
}
