package look_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"pendamping/flows/look"
	"pendamping/flows/look/sample"
	"pendamping/flows/picture"
)

var nota = sample.Any(3)

func TestAtErrors(t *testing.T) {
	whole := sample.JPEG(sample.Shot{Long: 640}.Photograph(sample.Paper(nota)), 80)
	away := errors.New("line is down")
	for _, c := range []struct {
		name string
		file io.ReadSeeker
		want error
	}{
		{"PDF", strings.NewReader("%PDF-1.7\n"), picture.ErrNone},
		{"HEIC", strings.NewReader("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), picture.ErrNone},
		{"nothing", strings.NewReader(""), picture.ErrDamaged},
		{"a JPEG cut off in its head", bytes.NewReader(whole[:40]), picture.ErrDamaged},
		{"a JPEG cut off", bytes.NewReader(whole[:len(whole)/2]), picture.ErrDamaged},
		{"a PNG that says it is huge", bytes.NewReader(head(20_000, 20_000)), picture.ErrTooLarge},
		{"a reader that fails", failing{
			bytes.NewReader(whole), io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), iotest.ErrReader(away)),
		}, away},
		{"a reader that fails at once", failing{bytes.NewReader(nil), iotest.ErrReader(away)}, away},
	} {
		if _, err := look.At(c.file); !errors.Is(err, c.want) || c.want == picture.ErrNone &&
			errors.Is(err, picture.ErrDamaged) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// failing seeks in one reader and reads from another.
type failing struct {
	io.Seeker
	io.Reader
}

// head is the beginning of a PNG: its size and nothing more.
func head(width, height uint32) []byte {
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, width)
	chunk = binary.BigEndian.AppendUint32(chunk, height)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	return binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
}

// A PNG is looked at like a JPEG, whatever its pixels are made of.
func TestAtPNG(t *testing.T) {
	shot := sample.Shot{Seed: 2, Long: 800}.Photograph(sample.Paper(nota))
	want := at(t, sample.JPEG(shot, 95))
	b := shot.Bounds()
	grey, deep := image.NewGray(b), image.NewNRGBA64(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			grey.Set(x, y, shot.At(x, y))
			deep.Set(x, y, shot.At(x, y))
		}
	}
	for _, img := range []image.Image{shot, grey, deep} {
		var file bytes.Buffer
		if err := png.Encode(&file, img); err != nil {
			t.Fatal(err)
		}
		got := at(t, file.Bytes())
		if got.Width != 600 || got.Height != 800 || len(got.Flaws) != 0 {
			t.Errorf("%T: %d by %d, %q", img, got.Width, got.Height, got.Flaws)
		}
		if s := look.Same(want.Fine, got.Fine); s < 0.9 {
			t.Errorf("%T: %.2f like the JPEG", img, s)
		}
	}
}

// A nota photographed upside down or sideways is still the same nota.
func TestTurned(t *testing.T) {
	shot := sample.Shot{Seed: 2, Long: 800}.Photograph(sample.Paper(nota))
	upright := at(t, sample.JPEG(shot, 80))
	for turns := 1; turns < 4; turns++ {
		turned := at(t, sample.JPEG(sample.Quarter(shot, turns), 80))
		if !met(turned.Probes, upright.Prints) {
			t.Errorf("%d quarters: no band in common", turns)
		}
		if s := look.Same(turned.Fine, upright.Fine); s < look.Alike {
			t.Errorf("%d quarters: %.2f", turns, s)
		}
	}
}

func met(probes []uint64, prints []look.Print) bool {
	for _, p := range probes {
		for _, q := range prints {
			for i, b := range bands(p) {
				if b == bands(q.Hash)[i] {
					return true
				}
			}
		}
	}
	return false
}

func TestBlankHasNoPrints(t *testing.T) {
	blank := image.NewGray(image.Rect(0, 0, 600, 800))
	for i := range blank.Pix {
		blank.Pix[i] = 230
	}
	l := at(t, sample.JPEG(blank, 80))
	if len(l.Prints)+len(l.Probes)+len(l.Fine) != 0 {
		t.Errorf("%d prints, %d probes", len(l.Prints), len(l.Probes))
	}
	if !reflect.DeepEqual(l.Flaws, []look.Flaw{look.NoPaper}) {
		t.Errorf("%q", l.Flaws)
	}
}

// The smallest pictures have nothing to be judged by, and do no harm.
func TestAtSmall(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 700}, {700, 1}, {17, 16}, {40, 3000}} {
		if l := at(t, sample.JPEG(image.NewGray(image.Rectangle{Max: size}), 80)); l.Width != size.X ||
			l.Height != size.Y {
			t.Errorf("%v: %d by %d", size, l.Width, l.Height)
		}
	}
}

func TestSame(t *testing.T) {
	l := at(t, sample.JPEG(sample.Shot{Long: 640}.Photograph(sample.Paper(nota)), 80))
	if s := look.Same(l.Fine, l.Fine); s < 0.99 {
		t.Errorf("itself: %.2f", s)
	}
	if s := look.Same(l.Fine, nil); s != 0 {
		t.Errorf("nothing: %.2f", s)
	}
	if s := look.Same(make([]byte, len(l.Fine)), make([]byte, len(l.Fine))); s != 0 {
		t.Errorf("two blanks: %.2f", s)
	}
}

// The nearest of all views counts, and what is compared in full has a bound.
func TestRank(t *testing.T) {
	stored := make([][]look.Shape, look.Closest+10)
	for i := range stored {
		stored[i] = []look.Shape{{0xffff, 0xffff}}
	}
	stored[7] = []look.Shape{{0xffff, 0xffff}, {0, 0, 0, 3}}
	stored[9] = []look.Shape{{0, 1}, {0xffff}}
	got := look.Rank([]look.Shape{{0xf0f0f0f0, 0xffff0000}, {}}, len(stored),
		func(i int) []look.Shape { return stored[i] })
	if len(got) != look.Closest || got[0] != 9 || got[1] != 7 {
		t.Errorf("%d ranked, first %v", len(got), got[:2])
	}
}

func BenchmarkAt(b *testing.B) {
	jpeg := sample.JPEG(sample.Resize(sample.Draw(nota), 1280), 80)
	for b.Loop() {
		if _, err := look.At(bytes.NewReader(jpeg)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRank(b *testing.B) {
	shapes := make([]look.Shape, 6)
	for b.Loop() {
		look.Rank(shapes, 2000, func(i int) []look.Shape {
			return []look.Shape{
				{uint64(i)}, {1, uint64(i)}, {2, 3, uint64(i)},
			}
		})
	}
}

func BenchmarkSame(b *testing.B) {
	one, other := at(b, sample.JPEG(sample.Draw(nota), 80)), at(b, sample.JPEG(sample.Draw(sample.Any(4)), 80))
	for b.Loop() {
		look.Same(one.Fine, other.Fine)
	}
}
