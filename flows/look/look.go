// Package look gives a picture one glance: how large it is, what a person should do better when taking it again, and by
// which marks it is found again when the same paper is sent a second time.
package look

import (
	"image"
	"io"

	"pendamping/flows/picture"
)

// Look is what one glance at a picture tells.
type Look struct {
	Width, Height int // pixels
	Flaws         []Flaw

	// Prints are stored to find the picture again, Probes are what to search the stored ones with: a picture of the
	// same paper very likely has a print of which one band of 16 bits (bits 16i to 16i+15) equals that band of a probe.
	// Shapes are what to rank with what was found. All are empty when hardly anything is written there.
	Prints []Print
	Probes []uint64
	Shapes []Shape
	Fine   []byte // the signature to compare with Same once ranked; 4608 bytes, or none without prints
}

// Print is by which one view of a picture is found again: all of its sheet, or what is left of it when its rim is cut
// off.
type Print struct {
	Hash  uint64
	Shape Shape
}

// MaxMemory is how many bytes decoding a picture may take in At.
const MaxMemory = 192 << 20

// At looks at a JPEG or PNG in this process. Its errors are picture.ErrNone, ErrDamaged, ErrTooLarge and those of the
// reader. Pictures of strangers are looked at in a child process: see In.
func At(r io.ReadSeeker) (Look, error) {
	img, err := picture.Decode(r, MaxMemory, MaxMemory)
	if err != nil {
		return Look{}, err
	}
	return glance(img), nil
}

func glance(img image.Image) Look {
	b := img.Bounds()
	l := Look{Width: b.Dx(), Height: b.Dy()}
	g := greyOf(img, max(max(b.Dx(), b.Dy())/1000, 1))
	small := g.reduce(320)
	if min(small.w, small.h) < 32 {
		l.Flaws = []Flaw{Tiny}
		return l
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
	return l
}
