package sample

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// Scenes names what Scene can draw, none of it a document.
var Scenes = [...]string{"street", "fruit", "face", "field", "sky", "noise", "shelf", "room"}

// Scene is a photograph (900 by 1200) of something that is no document; an unknown name is drawn as noise. The same
// name and seed give the same picture.
func Scene(name string, seed uint64) image.Image {
	rng := rand.New(rand.NewPCG(seed, 6))
	m := sheet(width, height, color.Black)
	switch name {
	case "street":
		street(m, rng, seed)
	case "fruit":
		backdrop(m, seed, color.RGBA{150, 110, 76, 255}, color.RGBA{96, 66, 44, 255}, 40)
		for range 26 {
			ball(m, rng.Float64()*width, (0.25+0.7*rng.Float64())*height, 60+80*rng.Float64(), tint(rng, 0.9))
		}
	case "face":
		backdrop(m, seed, color.RGBA{168, 186, 190, 255}, color.RGBA{120, 132, 128, 255}, 220)
		face(m, rng, seed)
	case "field":
		backdrop(m, seed, color.RGBA{126, 158, 64, 255}, color.RGBA{52, 78, 30, 255}, 9)
	case "sky":
		top, low := tint(rng, 0.5), tint(rng, 0.3)
		paint(m, m.Rect, func(_, y int) color.RGBA { return mix(top, low, float64(y)/height) })
	case "shelf":
		shelf(m, rng, seed)
	case "room":
		room(m, rng, seed)
	default:
		paint(m, m.Rect, func(_, _ int) color.RGBA {
			return color.RGBA{uint8(rng.Uint32()), uint8(rng.Uint32()), uint8(rng.Uint32()), 255}
		})
	}
	return Grain(m, 7, seed)
}

// street has houses with windows, a road and a sky.
func street(m *image.RGBA, rng *rand.Rand, seed uint64) {
	paint(m, m.Rect, func(x, y int) color.RGBA {
		cloud := noise(float64(x)/160, float64(y)/70, seed)
		return mix(color.RGBA{140, 180, 220, 255}, color.RGBA{235, 238, 240, 255}, cloud)
	})
	ground := 820
	for x := 0; x < width; {
		w, top := 150+rng.IntN(160), 180+rng.IntN(360)
		wall := tint(rng, 0.4)
		paint(m, image.Rect(x, top, x+w, ground), func(px, py int) color.RGBA {
			return dim(wall, 0.85+0.2*noise(float64(px)/6, float64(py)/6, seed+1))
		})
		for wy := top + 30; wy < ground-60; wy += 84 {
			for wx := x + 20; wx+40 < x+w; wx += 64 {
				paint(m, image.Rect(wx, wy, wx+38, wy+54),
					func(_, py int) color.RGBA { return dim(color.RGBA{70, 84, 96, 255}, 0.7+float64(py-wy)/90) })
			}
		}
		x += w
	}
	paint(m, image.Rect(0, ground, width, height), func(x, y int) color.RGBA {
		return dim(color.RGBA{110, 108, 106, 255}, 0.8+0.3*noise(float64(x)/4, float64(y)/4, seed+2))
	})
	for x := 40; x < width; x += 170 {
		paint(m, image.Rect(x, 1000, x+90, 1014), func(_, _ int) color.RGBA { return color.RGBA{230, 228, 220, 255} })
	}
}

func face(m *image.RGBA, rng *rand.Rand, seed uint64) {
	skin := dim(color.RGBA{214, 160, 122, 255}, 0.65+0.4*rng.Float64())
	cx, cy := width*(0.4+0.2*rng.Float64()), height*(0.4+0.1*rng.Float64())
	oval(m, cx, cy+680, 420, 330, tint(rng, 0.6))
	oval(m, cx, cy-70, 285, 350, color.RGBA{34, 28, 26, 255})
	oval(m, cx, cy, 240, 320, skin)
	for _, side := range []float64{-1, 1} {
		oval(m, cx+side*95, cy-60, 44, 20, color.RGBA{240, 238, 234, 255})
		oval(m, cx+side*95, cy-60, 18, 18, color.RGBA{40, 28, 22, 255})
		oval(m, cx+side*95, cy-112, 60, 9, color.RGBA{44, 34, 30, 255})
	}
	oval(m, cx, cy+70, 30, 60, dim(skin, 0.9))
	oval(m, cx, cy+180, 80, 22, color.RGBA{168, 84, 80, 255})
}

// shelf has goods standing in rows, as in a shop.
func shelf(m *image.RGBA, rng *rand.Rand, seed uint64) {
	backdrop(m, seed, color.RGBA{90, 80, 72, 255}, color.RGBA{60, 54, 50, 255}, 90)
	for y := 40; y < height; y += 230 {
		for x := 10; x < width-40; {
			w, h := 50+rng.IntN(70), 110+rng.IntN(80)
			box, label := tint(rng, 0.8), tint(rng, 0.4)
			paint(m, image.Rect(x, y+200-h, x+w, y+200),
				func(px, _ int) color.RGBA { return dim(box, 0.6+0.5*math.Sin(float64(px-x)/float64(w)*math.Pi)) })
			paint(m, image.Rect(x+6, y+200-h*2/3, x+w-6, y+200-h/3), func(_, _ int) color.RGBA { return label })
			x += w + 4
		}
		paint(m, image.Rect(0, y+200, width, y+216),
			func(_, _ int) color.RGBA { return color.RGBA{150, 130, 104, 255} })
	}
}

// room has bright walls, a door, a table and people who are only shapes.
func room(m *image.RGBA, rng *rand.Rand, seed uint64) {
	wall := dim(color.RGBA{226, 222, 210, 255}, 0.8+0.2*rng.Float64())
	paint(m, m.Rect, func(x, y int) color.RGBA {
		return dim(wall, 0.75+0.3*noise(float64(x)/400, float64(y)/400, seed)+0.02*noise(float64(x)/3, float64(y)/3,
			seed+1))
	})
	paint(m, image.Rect(80, 240, 300, 860), func(x, y int) color.RGBA {
		r, g, b := wood(float64(y), float64(x), seed)
		return color.RGBA{clip(r), clip(g), clip(b), 255}
	})
	paint(m, image.Rect(0, 860, width, height), func(x, y int) color.RGBA {
		r, g, b := tiles(float64(x), float64(y), seed)
		return color.RGBA{clip(r), clip(g), clip(b), 255}
	})
	for range 3 + rng.IntN(3) {
		x, y := 120+rng.Float64()*660, 480+rng.Float64()*140
		oval(m, x, y+300, 110, 240, tint(rng, 0.6))
		ball(m, x, y, 66, color.RGBA{150, 106, 80, 255})
		oval(m, x, y-36, 68, 40, color.RGBA{30, 26, 24, 255})
	}
}

func backdrop(m *image.RGBA, seed uint64, light, shade color.RGBA, grain float64) {
	paint(m, m.Rect, func(x, y int) color.RGBA {
		k := 0.6*noise(float64(x)/grain, float64(y)/grain, seed) + 0.4*noise(float64(x)/grain*3.1, float64(y)/grain*3.1,
			seed+1)
		return mix(shade, light, k)
	})
}

// ball is round and lit from above.
func ball(m *image.RGBA, cx, cy, r float64, tone color.RGBA) {
	paint(m, image.Rect(int(cx-r), int(cy-r), int(cx+r)+1, int(cy+r)+1), func(x, y int) color.RGBA {
		dx, dy := (float64(x)-cx)/r, (float64(y)-cy)/r
		d := dx*dx + dy*dy
		if d > 1 {
			return m.RGBAAt(x, y)
		}
		shine := math.Exp(-((dx+0.35)*(dx+0.35) + (dy+0.4)*(dy+0.4)) * 14)
		return mix(dim(tone, 0.35+0.75*math.Sqrt(1-d)*(0.75-0.35*dy)), color.RGBA{255, 255, 255, 255}, 0.7*shine)
	})
}

func oval(m *image.RGBA, cx, cy, rx, ry float64, tone color.RGBA) {
	paint(m, image.Rect(int(cx-rx), int(cy-ry), int(cx+rx)+1, int(cy+ry)+1), func(x, y int) color.RGBA {
		dx, dy := (float64(x)-cx)/rx, (float64(y)-cy)/ry
		if dx*dx+dy*dy > 1 {
			return m.RGBAAt(x, y)
		}
		return dim(tone, 1.05-0.25*(dx*dx+dy*dy)-0.1*dx)
	})
}

func paint(m *image.RGBA, r image.Rectangle, f func(x, y int) color.RGBA) {
	r = r.Intersect(m.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			m.SetRGBA(x, y, f(x, y))
		}
	}
}

func mix(a, b color.RGBA, k float64) color.RGBA {
	k = min(max(k, 0), 1)
	of := func(a, b uint8) uint8 { return clip(float64(a)*(1-k) + float64(b)*k) }
	return color.RGBA{of(a.R, b.R), of(a.G, b.G), of(a.B, b.B), 255}
}

func dim(c color.RGBA, k float64) color.RGBA {
	return color.RGBA{clip(float64(c.R) * k), clip(float64(c.G) * k), clip(float64(c.B) * k), 255}
}

// tint is any colour; strong (0 to 1) is how colourful.
func tint(rng *rand.Rand, strong float64) color.RGBA {
	base := 90 + 120*rng.Float64()
	of := func() uint8 { return clip(base + strong*160*(rng.Float64()-0.5)) }
	return color.RGBA{of(), of(), of(), 255}
}
