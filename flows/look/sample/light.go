package sample

import (
	"image"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
)

// Dim is the same picture with this share of its light (0 to 1) and the grain that a camera adds then.
func Dim(img image.Image, share float64) image.Image {
	return each(rgba(img), func(x, y int, r, g, b float64) (float64, float64, float64) {
		grain := (lattice(int64(x), int64(y), 79) - 0.5) * 14 * (1 - share)
		return r*share + grain, g*share + grain, b*share + grain
	})
}

// Shade lays a light over the picture that falls off by this share (0 to 1) from one side to the other, in the
// direction of angle (degrees, 0 is to the right).
func Shade(img image.Image, share, angle float64) image.Image {
	src := rgba(img)
	w, h := float64(src.Rect.Dx()), float64(src.Rect.Dy())
	sin, cos := math.Sincos(angle * math.Pi / 180)
	reach := (math.Abs(cos)*w + math.Abs(sin)*h) / 2
	return each(src, func(x, y int, r, g, b float64) (float64, float64, float64) {
		k := 1 - share*(0.5+0.5*((float64(x)-w/2)*cos+(float64(y)-h/2)*sin)/reach)
		return r * k, g * k, b * k
	})
}

// Shake is the same picture from a hand that moved sideways by this many pixels, up and down when upright.
func Shake(img image.Image, pixels int, upright bool) image.Image {
	src := rgba(img)
	out := image.NewRGBA(src.Rect)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	n, lines, step, stride := w, h, 4, src.Stride
	if upright {
		n, lines, step, stride = h, w, src.Stride, 4
	}
	for l := range lines {
		for k := range 4 {
			at := func(i int) int { return int(src.Pix[l*stride+min(max(i, 0), n-1)*step+k]) }
			sum := 0
			for i := range pixels {
				sum += at(i - pixels/2)
			}
			for i := range n {
				out.Pix[l*stride+i*step+k] = uint8(sum / pixels)
				sum += at(i-pixels/2+pixels) - at(i-pixels/2)
			}
		}
	}
	return out
}

// Resize is the picture with a long side of this many pixels.
func Resize(img image.Image, long int) image.Image {
	b := img.Bounds()
	w, h := long, b.Dy()*long/b.Dx()
	if b.Dy() > b.Dx() {
		w, h = b.Dx()*long/b.Dy(), long
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Rect, img, b, draw.Src, nil)
	return out
}

// Quarter turns the picture clockwise by this many right angles.
func Quarter(img image.Image, turns int) image.Image {
	src := rgba(img)
	for range turns % 4 {
		out := image.NewRGBA(image.Rect(0, 0, src.Rect.Dy(), src.Rect.Dx()))
		for y := range src.Rect.Dy() {
			for x := range src.Rect.Dx() {
				out.SetRGBA(src.Rect.Dy()-1-y, x, src.RGBAAt(x, y))
			}
		}
		src = out
	}
	return src
}

// Grain is the same picture with the coloured noise of a cheap camera, up to this many steps of 255.
func Grain(img image.Image, steps float64, seed uint64) image.Image {
	rng := rand.New(rand.NewPCG(seed, 4))
	return each(rgba(img), func(_, _ int, r, g, b float64) (float64, float64, float64) {
		all := rng.Float64() - 0.5
		return r + steps*(all+0.3*rng.Float64()-0.15), g + steps*all, b + steps*(all+0.3*rng.Float64()-0.15)
	})
}
