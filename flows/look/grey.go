package look

import (
	"image"
	"image/color"
)

// grey is a picture's brightness, row by row.
type grey struct {
	w, h int
	pix  []uint8
}

func newGrey(w, h int) grey { return grey{w, h, make([]uint8, w*h)} }

func (g grey) row(y int) []uint8 { return g.pix[y*g.w : (y+1)*g.w] }

// greyOf reduces a picture to its brightness, each pixel the mean of a square of step by step.
func greyOf(img image.Image, step int) grey {
	b := img.Bounds()
	step = min(step, b.Dx(), b.Dy())
	g := newGrey(b.Dx()/step, b.Dy()/step)
	if step == 1 {
		for y := range g.h {
			brightness(img, b.Min.Y+y, g.row(y))
		}
		return g
	}
	line := make([]uint8, b.Dx())
	sums := make([]int, g.w)
	for y := range g.h {
		clear(sums)
		for k := range step {
			brightness(img, b.Min.Y+y*step+k, line)
			for x := range sums {
				sum := 0
				for _, v := range line[x*step:][:step] {
					sum += int(v)
				}
				sums[x] += sum
			}
		}
		for x, sum := range sums {
			g.pix[y*g.w+x] = uint8(sum / (step * step))
		}
	}
	return g
}

// brightness reads one row of a picture. What is transparent counts as white, the paper behind a screenshot.
func brightness(img image.Image, y int, line []uint8) {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.YCbCr:
		copy(line, m.Y[m.YOffset(b.Min.X, y):])
	case *image.Gray:
		copy(line, m.Pix[m.PixOffset(b.Min.X, y):])
	case *image.RGBA: // opaque from the decoder, or premultiplied
		p := m.Pix[m.PixOffset(b.Min.X, y):]
		for x := range line {
			line[x] = uint8((299*int(p[4*x]) + 587*int(p[4*x+1]) + 114*int(p[4*x+2])) / 1000)
			line[x] += 255 - p[4*x+3]
		}
	case *image.NRGBA:
		p := m.Pix[m.PixOffset(b.Min.X, y):]
		for x := range line {
			v, a := (299*int(p[4*x])+587*int(p[4*x+1])+114*int(p[4*x+2]))/1000, int(p[4*x+3])
			line[x] = uint8((v*a + 255*(255-a)) / 255)
		}
	default:
		for x := range line {
			c := img.At(b.Min.X+x, y)
			_, _, _, a := c.RGBA()
			line[x] = uint8(min(int(color.GrayModel.Convert(c).(color.Gray).Y)+int(0xffff-a)>>8, 255))
		}
	}
}

// reduce makes the long side at most this many pixels, by whole steps.
func (g grey) reduce(long int) grey {
	step := (max(g.w, g.h) + long - 1) / long
	if step <= 1 {
		return g
	}
	return greyOf(&image.Gray{Pix: g.pix, Stride: g.w, Rect: image.Rect(0, 0, g.w, g.h)}, step)
}

// at reads between the pixels.
func (g grey) at(x, y float64) float64 {
	x, y = min(max(x, 0), float64(g.w-1)), min(max(y, 0), float64(g.h-1))
	i, j := int(x), int(y)
	u, v := x-float64(i), y-float64(j)
	a := g.pix[j*g.w:]
	b := g.pix[min(j+1, g.h-1)*g.w:]
	k := min(i+1, g.w-1)
	return (float64(a[i])*(1-u)+float64(a[k])*u)*(1-v) + (float64(b[i])*(1-u)+float64(b[k])*u)*v
}

// closed is the picture without what is dark and narrower than 2·radius: a sheet without its writing.
func (g grey) closed(radius int) grey {
	return g.spread(radius).negative().spread(radius).negative()
}

// spread puts the brightest neighbour within a square in the place of each pixel.
func (g grey) spread(radius int) grey { return g.brightest(radius, 0).brightest(0, radius) }

func (g grey) negative() grey {
	out := newGrey(g.w, g.h)
	for i, v := range g.pix {
		out.pix[i] = 255 - v
	}
	return out
}

// brightest puts the brightest of 2·radius+1 neighbours, across or down, in the place of each pixel.
func (g grey) brightest(across, down int) grey {
	stride := g.w + 2*across // with a dark rim, so that lines do not touch
	rim := make([]uint8, stride*(g.h+2*down))
	for y := range g.h {
		copy(rim[(y+down)*stride+across:], g.row(y))
	}
	width, step := 2*across+1, 1
	if down > 0 {
		width, step = 2*down+1, stride
	}
	// Each pixel becomes the brightest of the k from it on, k doubling.
	k := 1
	for ; 2*k <= width; k *= 2 {
		ahead := rim[k*step:]
		here := rim[:len(ahead)]
		for i, v := range ahead {
			here[i] = max(here[i], v)
		}
	}
	out := newGrey(g.w, g.h)
	for y := range g.h {
		first, last := rim[y*stride:][:g.w], rim[y*stride+(width-k)*step:][:g.w]
		for x := range out.row(y) {
			out.pix[y*g.w+x] = max(first[x], last[x])
		}
	}
	return out
}

// blurred is the mean over a square.
func (g grey) blurred(radius int) grey {
	return g.along(radius, 1, g.w, g.w, g.h).along(radius, g.w, 1, g.h, g.w)
}

// along averages on lines whose pixels stand step apart.
func (g grey) along(radius, step, stride, n, lines int) grey {
	out := newGrey(g.w, g.h)
	for l := range lines {
		in, to := g.pix[l*stride:], out.pix[l*stride:]
		sum, count := 0, 0
		for i := range min(radius, n) {
			sum += int(in[i*step])
			count++
		}
		for i := range n {
			if i+radius < n {
				sum += int(in[(i+radius)*step])
				count++
			}
			if i-radius > 0 {
				sum -= int(in[(i-radius-1)*step])
				count--
			}
			to[i*step] = uint8(sum / count)
		}
	}
	return out
}
