package sample

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// Crumple gives the picture the creases of a paper that was in a pocket.
func Crumple(img image.Image, seed uint64) image.Image {
	src := rgba(img)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	rng := rand.New(rand.NewPCG(seed, 3))
	type crease struct{ nx, ny, at, tilt, reach, cx, cy float64 }
	creases := make([]crease, 44)
	for i := range creases {
		ny, nx := math.Sincos(rng.Float64() * math.Pi)
		cx, cy := rng.Float64()*float64(w), rng.Float64()*float64(h)
		creases[i] = crease{
			nx, ny, nx*cx + ny*cy, (0.02 + 0.04*rng.Float64()) * float64(1-2*(i%2)), 90 + 200*rng.Float64(), cx, cy,
		}
	}
	out := image.NewRGBA(src.Rect)
	for y := range h {
		for x := range w {
			fx, fy := float64(x), float64(y)
			var slopeX, slopeY, sharp float64
			for _, c := range creases {
				d := c.nx*fx + c.ny*fy - c.at
				far := ((fx-c.cx)*(fx-c.cx) + (fy-c.cy)*(fy-c.cy)) / (c.reach * c.reach)
				if far > 6 {
					continue
				}
				k := c.tilt * math.Exp(-far)
				if d*d < 20 {
					sharp += math.Abs(k) * 3.2 * math.Exp(-d*d/3)
				}
				if d < 0 {
					k = -k
				}
				slopeX += k * c.nx
				slopeY += k * c.ny
			}
			r, g, b := sampleAt(src, fx+slopeX*55, fy+slopeY*55)
			light := min(max(1-1.5*slopeX-1.1*slopeY-sharp, 0.55), 1.09)
			out.SetRGBA(x, y, color.RGBA{clip(r * light), clip(g * light), clip(b * light), 255})
		}
	}
	return out
}

// Dark is the same picture taken in a room without light: too dark to read, grainy.
func Dark(img image.Image) image.Image {
	return each(rgba(img), func(x, y int, r, g, b float64) (float64, float64, float64) {
		grain := (lattice(int64(x), int64(y), 77) - 0.5) * 14
		k := 0.10 + 0.07*noise(float64(x)/400, float64(y)/400, 78)
		return r*k*1.1 + grain + 4, g*k + grain + 3, b*k*0.8 + grain + 4
	})
}

// Blur is the same picture out of focus, as by a camera too near; radius is in pixels.
func Blur(img image.Image, radius int) image.Image {
	m := rgba(img)
	for range 3 { // three boxes are nearly a bell
		m = box(m, radius)
	}
	return m
}

// Tilt turns the picture by an angle in degrees, clockwise, on a dark ground.
func Tilt(img image.Image, degrees float64) image.Image {
	src := rgba(img)
	w, h := float64(src.Rect.Dx()), float64(src.Rect.Dy())
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return each(src, func(x, y int, _, _, _ float64) (float64, float64, float64) {
		dx, dy := float64(x)-w/2, float64(y)-h/2
		u, v := dx*cos+dy*sin+w/2, -dx*sin+dy*cos+h/2
		if u < 0 || v < 0 || u > w-1 || v > h-1 {
			return 52, 48, 46
		}
		return sampleAt(src, u, v)
	})
}

// Crop keeps the part of the picture without the given share (0 to below 0.5) on each side.
func Crop(img image.Image, share float64) image.Image {
	src := rgba(img)
	dx, dy := int(float64(src.Rect.Dx())*share), int(float64(src.Rect.Dy())*share)
	out := image.NewRGBA(image.Rect(0, 0, src.Rect.Dx()-2*dx, src.Rect.Dy()-2*dy))
	draw.Draw(out, out.Rect, src, image.Pt(dx, dy), draw.Src)
	return out
}

// JPEG compresses the picture; quality is from 1 to 100. Compressed again, it shows what forwarding does to a picture.
func JPEG(img image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // a buffer takes everything; only a picture beyond 65535 pixels fails
	}
	return b.Bytes()
}

func each(src *image.RGBA, f func(x, y int, r, g, b float64) (float64, float64, float64)) *image.RGBA {
	out := image.NewRGBA(src.Rect)
	for y := range src.Rect.Dy() {
		for x := range src.Rect.Dx() {
			p := src.Pix[y*src.Stride+x*4:]
			r, g, b := f(x, y, float64(p[0]), float64(p[1]), float64(p[2]))
			out.SetRGBA(x, y, color.RGBA{clip(r), clip(g), clip(b), 255})
		}
	}
	return out
}

// box averages over a square, first along rows, then along columns.
func box(src *image.RGBA, radius int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	pass := func(src *image.RGBA, n, lines, step, stride int) *image.RGBA {
		out := image.NewRGBA(src.Rect)
		for l := range lines {
			for k := range 4 {
				at := func(i int) int { return int(src.Pix[l*stride+min(max(i, 0), n-1)*step+k]) }
				sum := 0
				for i := -radius; i <= radius; i++ {
					sum += at(i)
				}
				for i := range n {
					out.Pix[l*stride+i*step+k] = uint8(sum / (2*radius + 1))
					sum += at(i+radius+1) - at(i-radius)
				}
			}
		}
		return out
	}
	return pass(pass(src, w, h, 4, src.Stride), h, w, src.Stride, 4)
}

// rgba is the picture at the origin with its pixels at hand.
func rgba(img image.Image) *image.RGBA {
	if m, ok := img.(*image.RGBA); ok && m.Rect.Min == (image.Point{}) {
		return m
	}
	b := img.Bounds()
	m := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(m, m.Rect, img, b.Min, draw.Src)
	return m
}
