package sample

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"strings"
	"sync"

	"golang.org/x/image/vector"
)

// penWays is a stroke font: a character with its advance, then its strokes, two digits (x, y) a point. The base line is
// at y 2, small letters reach 6, capitals 9. A point given twice is a sharp corner.
const penWays = `
a5 4526142244 464352|b5 1912 1436443213|c5 4536142243|d5 4526142244 494352|e5 144436142243|f4 4839272222 1646
g5 4526142344 46413011|h5 1912 14364542|i3 161322 1818|j3 26211000 2828|k5 1912 461414 1442|l3 191322
m7 1612 14263532 34465552|n5 1612 14364542|o5 361513324436|p5 1610 1436443213|q5 4526142244 464051|r4 1612 143646
s5 46261534433212|t4 28233243 1646|u5 16132244 464352|v5 16222246|w6 1622223535424256|x5 1642 4612|y5 162334 46332110|z5 164646121242
A6 12393952 2545|B6 1912 19394816 154653422212|C6 573916224253|D6 1912 1948553212|E5 1912 1949 1646 1242|F5 1912 1949 1646
G6 5739162242555535|H6 1912 5952 1656|I3 1912|J5 49432213|K6 1912 591616 1652|L5 19121242|M7 121919353559 5952|N6 121919525259
O6 391613325457 5739|P6 1912 1939584615|Q6 391613325457 5739 3352|R6 1912 1939584615 2652|S5 48391735443212|T6 1959 3932
U6 1913325359|V6 19323259|W8 192222474772 7279|X6 1952 5912|Y6 193535 5932|Z6 195959121252
05 381513324547 4738|14 17282822|25 1738483612 1212 1242|35 1848483535 3545433212|45 38141444 3732|55 4818181545433212|65 472714123243 43451514
75 1848484822|85 384736151332434536 3617 1738|95 453517284745 4542|.3 1212|,3 1201|-4 1444|/5 1149|:3 1212 1515|=5 1343 1545|@7 5535344354573715122263
&6 521738471322 2254|+5 1545 3337|(4 391532|)4 182512|'2 1918`

type glyph struct {
	advance float64
	strokes [][][2]float64
}

var glyphs = sync.OnceValue(func() map[rune]glyph {
	m := map[rune]glyph{}
	for _, entry := range strings.FieldsFunc(penWays, func(r rune) bool { return r == '|' || r == '\n' }) {
		f := strings.Fields(entry)
		head := []rune(f[0])
		g := glyph{advance: float64(head[1] - '0')}
		for _, way := range f[1:] {
			var s [][2]float64
			for i := 0; i+1 < len(way); i += 2 {
				s = append(s, [2]float64{float64(way[i] - '0'), float64(way[i+1] - '0')})
			}
			g.strokes = append(g.strokes, s)
		}
		m[head[0]] = g
	}
	return m
})

// write puts handwriting on the base line y, from x on, capitals about size pixels high, and returns where it ends.
func write(dst draw.Image, x, y, size float64, text string, ink color.Color, rng *rand.Rand) float64 {
	unit := size / 7
	pen := newPen(dst, image.Rect(int(x-size), int(y-2*size), int(x+size*float64(len(text))+size), int(y+size)))
	for _, r := range text {
		g, ok := glyphs()[r]
		if !ok {
			x += 3.4 * unit
			continue
		}
		scale := unit * (0.94 + 0.12*rng.Float64())
		rise := (rng.Float64() - 0.5) * unit * 0.9
		for _, stroke := range g.strokes {
			way := make([][2]float64, len(stroke))
			for i, p := range stroke {
				u := (p[0]-1)*scale + rng.NormFloat64()*unit*0.13
				v := (p[1]-2)*scale + rng.NormFloat64()*unit*0.13
				way[i] = [2]float64{x + u + 0.2*v, y + rise - v}
				if i > 0 && stroke[i] == stroke[i-1] {
					way[i] = way[i-1]
				}
			}
			pen.stroke(way, unit*0.38, rng)
		}
		x += g.advance * unit * (0.93 + 0.12*rng.Float64())
	}
	pen.draw(ink)
	return x
}

// pen collects strokes as one shape, so that crossings are not darker than the rest.
type pen struct {
	dst draw.Image
	box image.Rectangle
	z   *vector.Rasterizer
}

func newPen(dst draw.Image, box image.Rectangle) *pen {
	box = box.Intersect(dst.Bounds())
	return &pen{dst, box, vector.NewRasterizer(max(box.Dx(), 1), max(box.Dy(), 1))}
}

func (p *pen) draw(ink color.Color) {
	p.z.Draw(p.dst, p.box, image.NewUniform(ink), image.Point{})
}

// stroke follows a smooth curve through the points; width is half the pen's.
func (p *pen) stroke(way [][2]float64, width float64, rng *rand.Rand) {
	at := func(i int) [2]float64 { return way[min(max(i, 0), len(way)-1)] }
	last, pressure := way[0], 0.85+0.3*rng.Float64()
	p.dot(last, width*pressure)
	for i := 0; i+1 < len(way); i++ {
		a, b, c, d := at(i-1), at(i), at(i+1), at(i+2)
		for step := 1; step <= 8; step++ {
			t := float64(step) / 8
			var next [2]float64
			for k := range next {
				next[k] = 0.5 * (2*b[k] + (c[k]-a[k])*t + (2*a[k]-5*b[k]+4*c[k]-d[k])*t*t +
					(3*b[k]-a[k]-3*c[k]+d[k])*t*t*t)
			}
			pressure = min(max(pressure+rng.NormFloat64()*0.04, 0.65), 1.25)
			p.segment(last, next, width*pressure)
			p.dot(next, width*pressure)
			last = next
		}
	}
}

func (p *pen) segment(a, b [2]float64, w float64) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	l := math.Hypot(dx, dy)
	if l == 0 {
		return
	}
	nx, ny := -dy/l*w, dx/l*w
	p.polygon([][2]float64{
		{a[0] + nx, a[1] + ny}, {a[0] - nx, a[1] - ny}, {b[0] - nx, b[1] - ny}, {b[0] + nx, b[1] + ny},
	})
}

// dot and segment turn the same way round: the rasterizer adds up signed areas.
func (p *pen) dot(c [2]float64, w float64) {
	const n = 8
	var points [n][2]float64
	for i := range points {
		s, k := math.Sincos(2 * math.Pi * float64(i) / n)
		points[i] = [2]float64{c[0] + w*k, c[1] + w*s}
	}
	p.polygon(points[:])
}

func (p *pen) polygon(points [][2]float64) {
	for i, q := range points {
		x, y := float32(q[0]-float64(p.box.Min.X)), float32(q[1]-float64(p.box.Min.Y))
		if i == 0 {
			p.z.MoveTo(x, y)
		} else {
			p.z.LineTo(x, y)
		}
	}
	p.z.ClosePath()
}
