package sample

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

const width, height = 900, 1200

// Photograph lays the paper on a table and takes a picture of it with a phone: a little askew, lit from one side,
// grainy. Wide papers are photographed with the phone held sideways (1200 by 900).
func Photograph(paper image.Image, seed uint64) image.Image {
	return Shot{Seed: seed}.Photograph(paper)
}

// Shot is how a paper is photographed. The zero Shot is a good picture of 900 by 1200 pixels.
type Shot struct {
	Seed uint64  // chooses the table, the camera's angle and where the light comes from
	Long int     // pixels on the long side; 0 is 1200. Small pictures (below 900) are drawn without the paper's fibres.
	Turn float64 // degrees by which the phone is turned on top of the unsteady hand
	Near float64 // how large the paper stands in the picture; 0 and 1 leave a narrow rim of the table
	// the share of the light that is missing at the side away from the lamp, on top of the usual falling off
	Fade float64
}

// Photograph takes the picture.
func (s Shot) Photograph(paper image.Image) image.Image {
	src := rgba(paper)
	long := s.Long
	if long == 0 {
		long = height
	}
	fine, zoom := long >= 900, float64(height)/float64(long)
	if !fine {
		src = half(src)
	}
	near := s.Near
	if near == 0 {
		near = 1
	}
	rng := rand.New(rand.NewPCG(s.Seed, 2))
	pw, ph := float64(src.Rect.Dx()), float64(src.Rect.Dy())
	w, h := width, height
	if pw > ph {
		w, h = h, w
	}
	scale := min(float64(w)*0.9/pw, float64(h)*0.92/ph) * near
	sin, cos := math.Sincos((rng.Float64()-0.5)*0.09 + s.Turn*math.Pi/180)
	var corners [4][2]float64
	for i, c := range [4][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		x, y := c[0]*pw/2*scale, c[1]*ph/2*scale
		jitter := func() float64 { return (rng.Float64() - 0.5) * 26 }
		corners[i] = [2]float64{float64(w)/2 + x*cos - y*sin + jitter(), float64(h)/2 + x*sin + y*cos + jitter()}
	}
	toPaper := unproject(corners)
	table := tables[s.Seed%uint64(len(tables))]
	lightX, lightY := rng.Float64()*float64(w), rng.Float64()*float64(h)*0.5
	out := image.NewRGBA(image.Rect(0, 0, w*long/height, h*long/height))
	for py := range out.Rect.Dy() {
		for px := range out.Rect.Dx() {
			x, y := float64(px)*zoom, float64(py)*zoom
			u, v := toPaper(x, y)
			var r, g, b float64
			if u >= 0 && u <= 1 && v >= 0 && v <= 1 {
				r, g, b = sampleAt(src, u*(pw-1), v*(ph-1))
				if fine {
					fibre := 0.975 + 0.035*noise(u*pw/2.2, v*ph/2.2, s.Seed+3) + 0.02*noise(u*9, v*9, s.Seed+4)
					r, g, b = r*fibre, g*fibre, b*fibre*0.995
				}
			} else {
				r, g, b = table(x, y, s.Seed)
				// The shadow falls down and to the right, softer with distance.
				su, sv := toPaper(x-9, y-11)
				away := math.Hypot(max(-su, su-1, 0)*pw, max(-sv, sv-1, 0)*ph) * scale
				if away < 80 {
					shade := 1 - 0.55*math.Exp(-away/13)
					r, g, b = r*shade, g*shade, b*shade
				}
			}
			dx, dy := x-lightX, y-lightY
			far := math.Sqrt(dx*dx+dy*dy) / 1350
			light := 1.04 - 0.30*far*math.Sqrt(far)
			light *= 1 - s.Fade*min(far*1.2, 1)
			grain := (lattice(int64(px), int64(py), s.Seed+5) - 0.5) * 7
			out.SetRGBA(px, py, color.RGBA{
				clip(r*light + grain), clip(g*light*0.995 + grain), clip(b*light*0.97 + grain), 255,
			})
		}
	}
	return out
}

// half is the picture at half its size, each pixel the mean of four.
func half(src *image.RGBA) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, src.Rect.Dx()/2, src.Rect.Dy()/2))
	for y := range out.Rect.Dy() {
		up, low := src.Pix[2*y*src.Stride:], src.Pix[(2*y+1)*src.Stride:]
		row := out.Pix[y*out.Stride:]
		for x := range out.Rect.Dx() {
			for k := range 4 {
				i := 8*x + k
				row[4*x+k] = uint8((int(up[i]) + int(up[i+4]) + int(low[i]) + int(low[i+4]) + 2) / 4)
			}
		}
	}
	return out
}

var tables = [...]func(x, y float64, seed uint64) (r, g, b float64){
	wood, cloth, tiles, wood,
}

func wood(x, y float64, seed uint64) (r, g, b float64) {
	bend := 18 * noise(x/300, y/160, seed+10)
	ring := noise(x/420, (y+bend)/7, seed+11)*0.6 + noise(x/160, (y+bend)/2.2, seed+12)*0.4
	k := 0.68 + 0.36*ring
	if math.Mod(y+bend/6, 260) < 3 {
		k *= 0.5
	}
	return 158 * k, 112 * k, 72 * k
}

func cloth(x, y float64, seed uint64) (r, g, b float64) {
	weave := 0.86 + 0.08*math.Sin(x*1.1)*math.Sin(y*1.1) + 0.08*noise(x/60, y/60, seed)
	if int(x/75)%2 == int(y/75)%2 {
		return 66 * weave, 96 * weave, 112 * weave
	}
	return 84 * weave, 116 * weave, 128 * weave
}

func tiles(x, y float64, seed uint64) (r, g, b float64) {
	k := 0.92 + 0.1*noise(x/8, y/8, seed) + 0.05*noise(x/90, y/90, seed+1)
	if math.Mod(x+130, 380) < 5 || math.Mod(y+60, 380) < 5 {
		k *= 0.72
	}
	return 166 * k, 160 * k, 150 * k
}

// unproject maps the picture back onto the paper (0 to 1 both ways) for a paper whose corners stand at these points.
func unproject(c [4][2]float64) func(x, y float64) (u, v float64) {
	dx1, dx2, dx3 := c[1][0]-c[2][0], c[3][0]-c[2][0], c[0][0]-c[1][0]+c[2][0]-c[3][0]
	dy1, dy2, dy3 := c[1][1]-c[2][1], c[3][1]-c[2][1], c[0][1]-c[1][1]+c[2][1]-c[3][1]
	det := dx1*dy2 - dx2*dy1
	g, h := (dx3*dy2-dx2*dy3)/det, (dx1*dy3-dx3*dy1)/det
	a, b, t := c[1][0]-c[0][0]+g*c[1][0], c[3][0]-c[0][0]+h*c[3][0], c[0][0]
	d, e, f := c[1][1]-c[0][1]+g*c[1][1], c[3][1]-c[0][1]+h*c[3][1], c[0][1]
	return func(x, y float64) (float64, float64) {
		w := (d*h-e*g)*x + (b*g-a*h)*y + (a*e - b*d)
		return ((e-f*h)*x + (t*h-b)*y + (b*f - t*e)) / w, ((f*g-d)*x + (a-t*g)*y + (t*d - a*f)) / w
	}
}

// sampleAt reads between the pixels.
func sampleAt(m *image.RGBA, x, y float64) (r, g, b float64) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	x, y = min(max(x, 0), float64(w-1)), min(max(y, 0), float64(h-1))
	i, j := int(x), int(y)
	u, v := x-float64(i), y-float64(j)
	i2, j2 := min(i+1, w-1), min(j+1, h-1)
	var c [3]float64
	for k := range c {
		at := func(i, j int) float64 { return float64(m.Pix[j*m.Stride+i*4+k]) }
		c[k] = (at(i, j)*(1-u)+at(i2, j)*u)*(1-v) + (at(i, j2)*(1-u)+at(i2, j2)*u)*v
	}
	return c[0], c[1], c[2]
}

func clip(v float64) uint8 { return uint8(min(max(v+0.5, 0), 255)) }
