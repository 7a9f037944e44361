package look_test

import (
	"image"
	"os"
	"slices"
	"sync"
	"testing"

	"pendamping/flows/look"
	"pendamping/flows/look/sample"
)

// TestFlaws looks at notas with effects that a person would or would not send back. Between the two lies what people
// themselves disagree on; it is not asked here.
func TestFlaws(t *testing.T) {
	const long = 900
	type effect struct {
		name    string
		want    look.Flaw // "" = fit to be read
		picture func(nota sample.Nota, shot image.Image, i int) image.Image
	}
	of := func(f func(m image.Image, i int) image.Image) func(sample.Nota, image.Image, int) image.Image {
		return func(_ sample.Nota, m image.Image, i int) image.Image { return f(m, i) }
	}
	effects := []effect{
		{"as it is", "", of(func(m image.Image, _ int) image.Image { return m })},
		{"a little soft", "", of(func(m image.Image, _ int) image.Image { return sample.Blur(m, 1) })},
		{"a little shaken", "", of(func(m image.Image, i int) image.Image { return sample.Shake(m, 4, i%2 == 0) })},
		{"indoors", "", of(func(m image.Image, _ int) image.Image { return sample.Dim(m, 0.4) })},
		{"in half shade", "",
			of(func(m image.Image, i int) image.Image { return sample.Shade(m, 0.6, float64(i)*50) })},
		{"grainy", "", of(func(m image.Image, i int) image.Image { return sample.Grain(m, 30, uint64(i)) })},
		{"turned by 20 degrees", "", of(func(m image.Image, _ int) image.Image { return sample.Tilt(m, 20) })},
		{"crumpled", "", of(func(m image.Image, i int) image.Image { return sample.Crumple(m, uint64(i)) })},
		{"640 pixels", "", of(func(m image.Image, _ int) image.Image { return sample.Resize(m, 640) })},
		{"cropped", "", of(func(m image.Image, _ int) image.Image { return sample.Crop(m, 0.12) })},
		{"scanned", "", func(n sample.Nota, _ image.Image, _ int) image.Image {
			return sample.Resize(sample.Paper(n),
				long)
		}},
		{"from afar", "", func(n sample.Nota, _ image.Image, _ int) image.Image {
			return sample.Shot{Seed: n.Seed, Long: long, Near: 0.6}.Photograph(sample.Paper(n))
		}},

		{"dark", look.Dark, of(func(m image.Image, _ int) image.Image { return sample.Dark(m) })},
		{"dim", look.Dark, of(func(m image.Image, _ int) image.Image { return sample.Dim(m, 0.2) })},
		{"out of focus", look.Blurred, of(func(m image.Image, _ int) image.Image { return sample.Blur(m, 4) })},
		{"far out of focus", look.Blurred,
			of(func(m image.Image, i int) image.Image { return sample.Grain(sample.Blur(m, 8), 12, uint64(i)) })},
		{"shaken", look.Blurred, of(func(m image.Image, i int) image.Image { return sample.Shake(m, 28, i%2 == 0) })},
		{"a thumbnail", look.Tiny, of(func(m image.Image, _ int) image.Image { return sample.Resize(m, 320) })},
		{"too far away", look.Tiny, func(n sample.Nota, _ image.Image, _ int) image.Image {
			return sample.Shot{Seed: n.Seed, Long: long, Near: 0.38}.Photograph(sample.Paper(n))
		}},
	}
	for _, scene := range sample.Scenes {
		effects = append(effects, effect{scene, look.NoPaper, func(_ sample.Nota, _ image.Image, i int) image.Image {
			return sample.Resize(sample.Scene(scene, uint64(i)), long)
		}})
	}

	notas := 2
	if os.Getenv("PENDAMPING_FULL") != "" {
		notas = 40
	}
	type tally struct{ raised, right, missed int }
	tallies := map[look.Flaw]*tally{look.Dark: {}, look.Blurred: {}, look.Tiny: {}, look.NoPaper: {}}
	found := make([]int, len(effects))
	var mu sync.Mutex
	all(notas, func(i int) {
		n := sample.Any(uint64(9000 + i))
		shot := sample.Shot{Seed: n.Seed, Long: long}.Photograph(sample.Paper(n))
		for k, e := range effects {
			flaws := at(t, sample.JPEG(e.picture(n, shot, i), 75)).Flaws
			mu.Lock()
			for _, f := range flaws {
				tallies[f].raised++
				if f == e.want {
					tallies[f].right++
				}
			}
			if e.want == "" && len(flaws) == 0 || slices.Contains(flaws, e.want) {
				found[k]++
			} else if e.want != "" {
				tallies[e.want].missed++
			}
			mu.Unlock()
		}
	})
	for k, e := range effects {
		t.Logf("%-22s %-8q %d of %d", e.name, e.want, found[k], notas)
	}
	floors := map[look.Flaw][2]float64{
		look.Dark: {0.95, 0.95}, look.Blurred: {0.95, 0.9}, look.Tiny: {0.95, 0.9}, look.NoPaper: {0.95, 0.8},
	}
	for f, c := range tallies {
		precision, recall := float64(c.right)/float64(max(c.raised, 1)), float64(c.right)/float64(c.right+c.missed)
		t.Logf("%-8s precision %.3f, recall %.3f (%d raised)", f, precision, recall, c.raised)
		if precision < floors[f][0] || recall < floors[f][1] {
			t.Errorf("%s: precision %.3f, recall %.3f, want %v", f, precision, recall, floors[f])
		}
	}
}
