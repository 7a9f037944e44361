package layout

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A pixel is the mean of what it stands for, whatever the sizes.
func TestMeans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 12)
		dw, dh := size.Draw(t, "wide"), size.Draw(t, "tall")
		sw, sh := 2*dw, 2*dh // its own way
		if rapid.Bool().Draw(t, "any size") {
			sw, sh = dw+size.Draw(t, "wider")-1, dh+size.Draw(t, "taller")-1
		}
		src := rapid.SliceOfN(rapid.Byte(), sw*sh, sw*sh).Draw(t, "pixels")
		got := make([]byte, dw*dh)
		means(got, dw, dw, dh, src, sw, sw, sh)
		shared := func(i, n, j, m int) float64 { // how much of pixel i of n lies in pixel j of m
			from, to := max(float64(i)/float64(n), float64(j)/float64(m)),
				min(float64(i+1)/float64(n), float64(j+1)/float64(m))
			return max(to-from, 0)
		}
		for y := range dh {
			for x := range dw {
				want := 0.0
				for v := range sh {
					for u := range sw {
						want += float64(src[v*sw+u]) * shared(u, sw, x, dw) * shared(v, sh, y, dh) * float64(dw*dh)
					}
				}
				if math.Abs(float64(got[y*dw+x])-want) > 0.5+1e-6 {
					t.Fatalf("pixel %d, %d of %dx%d from %dx%d is %d, want %v", x, y, dw, dh, sw, sh, got[y*dw+x], want)
				}
			}
		}
	})
}
