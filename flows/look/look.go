// Package look gives a picture one glance: how large it is, what a person should do better when taking it again, and by
// which marks it is found again when the same paper is sent a second time.
package look

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

var (
	// ErrNoPicture says that there is no JPEG and no PNG to look at: another format (PDF, HEIC), or a damaged file.
	ErrNoPicture = errors.New("no picture")
	// ErrTooLarge says that the picture has more than MaxPixels pixels; it was not decoded.
	ErrTooLarge = errors.New("picture too large")
)

// MaxPixels is the size up to which pictures are looked at. Decoding takes 2 to 12 bytes of memory a pixel.
const MaxPixels = 50_000_000

// Look is what one glance at a picture tells.
type Look struct {
	Width, Height int // pixels
	Flaws         []Flaw

	// Prints are stored to find the picture again, Probes are what to search the stored ones with: a picture of the same
	// paper very likely has a print of which one band of 16 bits (bits 16i to 16i+15) equals that band of a probe. Shapes
	// are what to rank with what was found. All are empty when hardly anything is written there.
	Prints []Print
	Probes []uint64
	Shapes []Shape
	Fine   []byte // the signature to compare with Same once ranked; 4608 bytes, or none without prints
}

// Print is by which one view of a picture is found again: all of its sheet, or what is left of it when its rim is cut off.
type Print struct {
	Hash  uint64
	Shape Shape
}

// At looks at a JPEG or PNG. Its errors are ErrNoPicture, ErrTooLarge and those of the reader.
func At(r io.Reader) (Look, error) {
	img, err := decode(&source{r: r})
	if err != nil {
		return Look{}, err
	}
	b := img.Bounds()
	l := Look{Width: b.Dx(), Height: b.Dy()}
	g := greyOf(img, max(max(b.Dx(), b.Dy())/1000, 1))
	small := g.reduce(320)
	if min(small.w, small.h) < 32 {
		l.Flaws = []Flaw{Tiny}
		return l, nil
	}
	sheet, found := small.sheet()
	scale := float64(g.w) / float64(small.w)
	for i := range sheet {
		sheet[i] = [2]float64{(sheet[i][0]+0.5)*scale - 0.5, (sheet[i][1]+0.5)*scale - 0.5}
	}
	g.likeness(sheet, &l)
	size := sight{long: max(l.Width, l.Height), paper: found && len(l.Prints) > 0}
	if found {
		size.sheet = int(sheet.long() * float64(l.Width) / float64(g.w))
	}
	l.Flaws = flaws(g, small, size)
	return l, nil
}

// decode reads the size before it takes the memory.
func decode(r *source) (img image.Image, err error) {
	defer func() {
		if r.err != nil {
			err = fmt.Errorf("read picture: %w", r.err)
		}
	}()
	buffered := bufio.NewReader(r)
	magic, _ := buffered.Peek(8)
	config, picture := jpeg.DecodeConfig, jpeg.Decode
	switch {
	case bytes.HasPrefix(magic, []byte("\xff\xd8\xff")):
	case bytes.HasPrefix(magic, []byte("\x89PNG\r\n\x1a\n")):
		config, picture = png.DecodeConfig, png.Decode
	default:
		return nil, ErrNoPicture
	}
	var head bytes.Buffer
	c, err := config(io.TeeReader(buffered, &head))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return nil, ErrNoPicture
	}
	if c.Width > MaxPixels/c.Height {
		return nil, ErrTooLarge
	}
	img, err = picture(io.MultiReader(&head, buffered))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
	}
	return img, nil
}

// source remembers why reading failed: the decoders do not say whether it was the file or its reader.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
