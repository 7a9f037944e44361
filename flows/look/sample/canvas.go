package sample

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The print shop's typefaces.
const (
	plain = iota
	bold
	italic
	mono
	monoBold
)

var typefaces = sync.OnceValue(func() (fonts [5]*opentype.Font) {
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF, goitalic.TTF, gomono.TTF, gomonobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic(err) // the fonts are part of the program
		}
		fonts[i] = f
	}
	return fonts
})

func newFace(typeface int, size float64) font.Face {
	face, err := opentype.NewFace(typefaces()[typeface], &opentype.FaceOptions{
		Size: size, DPI: 72, Hinting: font.HintingNone,
	})
	if err != nil {
		panic(err) // only for options that are wrong
	}
	return face
}

func sheet(w, h int, tone color.Color) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, image.NewUniform(tone), image.Point{}, draw.Src)
	return m
}

// Where a printed text stands with regard to its x.
const (
	left   = 0.0
	middle = 0.5
	right  = 1.0
)

// print sets text on the base line y.
func print(dst draw.Image, x, y float64, align float64, typeface int, size float64, text string, ink color.Color) {
	d := font.Drawer{Dst: dst, Src: image.NewUniform(ink), Face: newFace(typeface, size)}
	x -= align * float64(d.MeasureString(text)) / 64
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}
	d.DrawString(text)
}

// rule draws a straight line.
func rule(dst draw.Image, x0, y0, x1, y1, width float64, ink color.Color) {
	r := image.Rect(int(min(x0, x1)-width), int(min(y0, y1)-width), int(max(x0, x1)+width)+2, int(max(y0, y1)+width)+2)
	p := newPen(dst, r)
	p.segment([2]float64{x0, y0}, [2]float64{x1, y1}, width/2)
	p.draw(ink)
}

func frame(dst draw.Image, x0, y0, x1, y1, width float64, ink color.Color) {
	rule(dst, x0, y0, x1, y0, width, ink)
	rule(dst, x0, y1, x1, y1, width, ink)
	rule(dst, x0, y0, x0, y1, width, ink)
	rule(dst, x1, y0, x1, y1, width, ink)
}

func dotted(dst draw.Image, x0, x1, y float64, ink color.Color) {
	for x := x0; x < x1; x += 7 {
		rule(dst, x, y, x+2.5, y, 2, ink)
	}
}

// stamp presses an oval rubber stamp with three lines, turned by an angle in radians and worn in places.
func stamp(dst *image.RGBA, cx, cy, angle float64, lines [3]string, ink color.RGBA, seed uint64) {
	const w, h = 380, 210
	layer := image.NewRGBA(image.Rect(0, 0, w, h))
	p := newPen(layer, layer.Rect)
	for _, ring := range [][3]float64{{w/2 - 8, h/2 - 8, 4}, {w/2 - 18, h/2 - 18, 1.5}} {
		var last [2]float64
		for i := 0; i <= 120; i++ {
			s, c := math.Sincos(float64(i) / 120 * 2 * math.Pi)
			next := [2]float64{w/2 + ring[0]*c, h/2 + ring[1]*s}
			if i > 0 {
				p.segment(last, next, ring[2]/2)
			}
			last = next
		}
	}
	p.draw(ink)
	size := 31.0
	for fits := false; !fits; size-- {
		fits = font.MeasureString(newFace(bold, size), lines[1]).Ceil() < w-70
	}
	print(layer, w/2, h/2-34, middle, plain, 20, lines[0], ink)
	print(layer, w/2, h/2+10, middle, bold, size, lines[1], ink)
	print(layer, w/2, h/2+44, middle, plain, 20, lines[2], ink)

	sin, cos := math.Sincos(angle)
	for y := int(cy) - w/2; y < int(cy)+w/2; y++ {
		for x := int(cx) - w/2; x < int(cx)+w/2; x++ {
			dx, dy := float64(x)-cx, float64(y)-cy
			u, v := dx*cos+dy*sin+w/2, -dx*sin+dy*cos+h/2
			if u < 0 || v < 0 || u >= w-1 || v >= h-1 || !(image.Point{X: x, Y: y}).In(dst.Rect) {
				continue
			}
			a := float64(layer.RGBAAt(int(u+0.5), int(v+0.5)).A) / 255
			if a == 0 {
				continue
			}
			worn := noise(float64(x)/14, float64(y)/14, seed)*0.7 + noise(float64(x)/3, float64(y)/3, seed+1)*0.5
			a *= min(max(1.35-worn*1.3, 0), 0.8)
			under := dst.RGBAAt(x, y)
			mix := func(p, i uint8) uint8 { return uint8(float64(p)*(1-a) + float64(p)*float64(i)/255*a) }
			dst.SetRGBA(x, y, color.RGBA{mix(under.R, ink.R), mix(under.G, ink.G), mix(under.B, ink.B), 255})
		}
	}
}

// noise is smooth and between 0 and 1.
func noise(x, y float64, seed uint64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	i, j := int64(fx), int64(fy)
	top := lattice(i, j, seed)*(1-u) + lattice(i+1, j, seed)*u
	low := lattice(i, j+1, seed)*(1-u) + lattice(i+1, j+1, seed)*u
	return top*(1-v) + low*v
}

func lattice(x, y int64, seed uint64) float64 {
	h := uint64(x)*0x9E3779B97F4A7C15 ^ uint64(y)*0xC2B2AE3D27D4EB4F ^ (seed+1)*0x165667B19E3779F9
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 32
	return float64(h>>11) / (1 << 53)
}
