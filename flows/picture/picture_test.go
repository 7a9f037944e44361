package picture_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"strings"
	"testing"

	"pendamping/flows/picture"
	"pendamping/flows/picture/bomb"
	"pendamping/flows/sandbox"
)

const (
	small = 64 << 20
	most  = 192 << 20
)

// What decoding would take is known from the header, and refused without taking it.
func TestBombs(t *testing.T) {
	if n := len(bomb.Progressive(7071, 7071, 3)); n > 361 {
		t.Errorf("the progressive bomb has %d bytes", n)
	}
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"a progressive JPEG of 50 megapixels in 350 bytes", bomb.Progressive(7071, 7071, 3), picture.ErrTooLarge},
		{"one of 65 thousand squared", bomb.Progressive(65535, 65535, 3), picture.ErrTooLarge},
		{"one of 9 megapixels, for a large run", bomb.Progressive(3000, 3000, 3), sandbox.ErrLarge},
		{"1,500 scans of a small one", bomb.Progressive(640, 480, 1500), picture.ErrTooLarge},
		{"90 scans of a middling one", bomb.Progressive(4500, 4500, 90), picture.ErrTooLarge},
		{"a PNG of 16 bits", bomb.DeepPNG(7000, 7000), picture.ErrTooLarge},
		{"a PNG of 16 bits, for a large run", bomb.DeepPNG(4000, 4000), sandbox.ErrLarge},
		{"a PNG of two thousand million squared", bomb.DeepPNG(1<<31-1, 1<<31-1), picture.ErrTooLarge},
		{"an interlaced PNG", bomb.InterlacedPNG(6000, 5000), picture.ErrTooLarge},
		{"a PNG with zeros behind its pixels", bomb.DeflatedPNG(20), picture.ErrNone},
		{"a PNG behind a long text", bomb.TextPNG(20), nil},
		{"a GIF", gifOf(20, 20), picture.ErrNone},
		{"a WebP", []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\xff\xff\xff\xff"), picture.ErrNone},
		{"a TIFF", []byte("II*\x00\x08\x00\x00\x00\xff\xff"), picture.ErrNone},
		{"two frame headers", twice(bomb.Progressive(640, 480, 3)), picture.ErrNone},
		{"a frame without components", []byte("\xff\xd8\xff\xc2\x00\x08\x08\x10\x00\x10\x00\x00\xff\xda\x00\x02"),
			picture.ErrNone},
	} {
		took := allocated(func() {
			if _, err := picture.Decode(bytes.NewReader(c.file), small, most); !errors.Is(err, c.want) ||
				c.want == nil && err != nil {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		})
		if took > 2<<20 {
			t.Errorf("%s: %d bytes were allocated", c.name, took)
		}
	}
}

// twice repeats a JPEG's frame header.
func twice(jpg []byte) []byte {
	at := bytes.Index(jpg, []byte{0xff, 0xc2})
	return append(append(append([]byte(nil), jpg[:at+19]...), jpg[at:at+19]...), jpg[at+19:]...)
}

func gifOf(w, h int) []byte {
	var out bytes.Buffer
	if err := gif.Encode(&out, image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White}),
		nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// allocated is how many bytes a function allocates.
func allocated(do func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// fixed is what decoders allocate whatever the size: tables and buffers.
const fixed = 1 << 20

// The memory that a header tells is what the decoder takes.
func TestMemory(t *testing.T) {
	const w, h = 1237, 911
	files := map[string][]byte{"progressive": bomb.Progressive(w, h, 3)}
	encode := func(name string, img image.Image) {
		var j, p bytes.Buffer
		if err := errors.Join(jpeg.Encode(&j, img, nil), png.Encode(&p, img)); err != nil {
			t.Fatal(err)
		}
		files[name+" as JPEG"], files[name+" as PNG"] = j.Bytes(), p.Bytes()
	}
	r := image.Rect(0, 0, w, h)
	encode("grey", image.NewGray(r))
	encode("colours", image.NewYCbCr(r, image.YCbCrSubsampleRatio420))
	encode("transparent", image.NewNRGBA(r))
	encode("deep", image.NewNRGBA64(r))
	encode("by a palette", image.NewPaletted(r, color.Palette{color.Black, color.White}))
	for name, file := range files {
		head, err := picture.Read(bytes.NewReader(file))
		if err != nil || head.Width != w || head.Height != h {
			t.Errorf("%s: %d by %d, %v", name, head.Width, head.Height, err)
			continue
		}
		took := allocated(func() {
			if _, err := picture.Decode(bytes.NewReader(file), small, most); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
		if took > head.Memory+fixed {
			t.Errorf("%s: the header tells %d bytes, decoding took %d", name, head.Memory, took)
		}
		if head.Memory > 5*took { // a grey PNG counts as one of colours
			t.Errorf("%s: the header tells %d bytes, though decoding took %d", name, head.Memory, took)
		}
	}
}

// FuzzPicture looks for files whose decoder takes more than their header tells.
func FuzzPicture(f *testing.F) {
	f.Add(bomb.Progressive(100, 100, 3))
	f.Add(bomb.Progressive(7071, 7071, 3))
	f.Add(bomb.DeepPNG(100, 100))
	f.Add(bomb.InterlacedPNG(50, 50))
	f.Add(bomb.TextPNG(1))
	f.Add(twice(bomb.Progressive(64, 48, 3)))
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio410,
	} {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, image.NewYCbCr(image.Rect(0, 0, 65, 33), ratio), nil); err != nil {
			f.Fatal(err)
		}
		f.Add(out.Bytes())
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		head, err := picture.Read(bytes.NewReader(file))
		if err != nil && !errors.Is(err, picture.ErrNone) && !errors.Is(err, picture.ErrTooLarge) {
			t.Fatalf("a reader that does not fail: %v", err)
		}
		if err != nil || head.Memory > 8<<20 {
			return
		}
		took := allocated(func() { _, err = picture.Decode(bytes.NewReader(file), small, most) })
		if took > head.Memory+fixed {
			t.Errorf("the header tells %d bytes, decoding took %d", head.Memory, took)
		}
		if err != nil && (!errors.Is(err, picture.ErrNone) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("decoding: %v", err)
		}
	})
}
