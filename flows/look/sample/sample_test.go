package sample_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"pendamping/flows/look/sample"
)

func TestAll(t *testing.T) {
	all := sample.All("2026-11-23")
	names := map[string]bool{}
	for _, s := range all {
		if names[s.Name] || s.Title == "" {
			t.Errorf("%q: name not its own, or no title", s.Name)
		}
		names[s.Name] = true
		m, err := jpeg.Decode(bytes.NewReader(s.JPEG()))
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if b := m.Bounds(); max(b.Dx(), b.Dy()) < 900 || max(b.Dx(), b.Dy()) > 1200 {
			t.Errorf("%s: %v", s.Name, b)
		}
		if len(s.JPEG()) > 200<<10 {
			t.Errorf("%s: %d KB", s.Name, len(s.JPEG())>>10)
		}
		if dir := os.Getenv("SAMPLES_DIR"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, s.Name+".jpg"), s.JPEG(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

var nota = sample.Nota{
	Kind: sample.Shop, Seller: "Toko Makmur", Place: "Pasar Legi, Solo", Buyer: "Melati", Day: "2026-11-20",
	Number: "7", Seed: 3,
	Lines: []sample.Line{
		{Item: "Gula", Count: 3, Unit: "kg", Price: 16_500}, {Item: "Teh", Count: 2, Unit: "pak", Price: 9_000},
	},
}

func TestTotal(t *testing.T) {
	if got := nota.Total(); got != 67_500 {
		t.Errorf("%d", got)
	}
}

func TestPaperDependsOnNotaOnly(t *testing.T) {
	for _, kind := range []sample.Kind{sample.Shop, sample.Signed, sample.TillRoll, ""} {
		n := nota
		n.Kind = kind
		first := sample.JPEG(sample.Paper(n), 80)
		if !bytes.Equal(first, sample.JPEG(sample.Paper(n), 80)) {
			t.Errorf("%q: two pictures of one nota", kind)
		}
		n.Seed++
		if bytes.Equal(first, sample.JPEG(sample.Paper(n), 80)) {
			t.Errorf("%q: one picture for two seeds", kind)
		}
	}
}

func TestDrawDependsOnNotaOnly(t *testing.T) {
	if !bytes.Equal(sample.JPEG(sample.Draw(nota), 80), sample.JPEG(sample.Draw(nota), 80)) {
		t.Error("two photographs of one nota")
	}
}

// measure is the mean brightness, and the mean step between neighbours, which is large in a sharp picture.
func measure(m image.Image) (bright, sharp float64) {
	b := m.Bounds()
	at := func(x, y int) float64 { return float64(color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y) }
	n := 0.0
	for y := b.Min.Y; y < b.Max.Y; y += 3 {
		for x := b.Min.X; x+2 < b.Max.X; x += 3 {
			bright += at(x, y)
			sharp += math.Abs(at(x, y) - at(x+2, y))
			n++
		}
	}
	return bright / n, sharp / n
}

func TestEffects(t *testing.T) {
	img := sample.Draw(nota)
	bright, sharp := measure(img)
	if bright < 120 {
		t.Errorf("the picture itself is dark: %.0f", bright)
	}
	if b, _ := measure(sample.Dark(img)); b > 50 {
		t.Errorf("Dark: %.0f", b)
	}
	if _, s := measure(sample.Blur(img, 8)); s > sharp/3 {
		t.Errorf("Blur: %.2f of %.2f", s, sharp)
	}
	if got := sample.Crop(img, 0.25).Bounds(); got != image.Rect(0, 0, 450, 600) {
		t.Errorf("Crop: %v", got)
	}
	if len(sample.JPEG(img, 20)) >= len(sample.JPEG(img, 80)) {
		t.Error("JPEG: quality changes nothing")
	}
	r, _, _, _ := sample.Tilt(img, 10).At(1, 1).RGBA()
	if r>>8 != 52 {
		t.Errorf("Tilt: no ground in the corner: %d", r>>8)
	}
	paper := sample.Paper(nota)
	before, _ := measure(paper)
	after, _ := measure(sample.Crumple(paper, 1))
	if after >= before-1 {
		t.Errorf("Crumple: no shadows: %.1f of %.1f", after, before)
	}
}

func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		sample.All("2026-11-23")
	}
}

func TestAny(t *testing.T) {
	if !reflect.DeepEqual(sample.Any(7), sample.Any(7)) {
		t.Error("two notas for one seed")
	}
	shops, numbers := map[string]sample.Kind{}, map[string]bool{}
	for seed := range uint64(500) {
		n := sample.Any(seed)
		if kind, ok := shops[n.Seller]; ok && kind != n.Kind {
			t.Errorf("%s has two forms", n.Seller)
		}
		shops[n.Seller] = n.Kind
		numbers[n.Number] = true
	}
	if len(shops) < 70 || len(numbers) < 450 {
		t.Errorf("%d shops, %d numbers", len(shops), len(numbers))
	}
}
