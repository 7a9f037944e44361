// Package picture opens JPEG and PNG files of strangers. It works out from a file's header what decoding will take, and
// refuses before anything is allocated: a file of 400 bytes may ask for a gigabyte.
package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"slices"

	"pendamping/flows/sandbox"
)

var (
	// ErrNone says that there is no JPEG and no PNG: a PDF, HEIC, or what is ErrDamaged too.
	ErrNone = errors.New("no picture")
	// ErrDamaged is an ErrNone. It says that the file can't be shown by anybody: a JPEG or PNG that doesn't decode, or
	// no picture at all.
	ErrDamaged = fmt.Errorf("%w: damaged", ErrNone)
	// ErrTooLarge says that decoding would take more memory or work than allowed.
	ErrTooLarge = errors.New("picture too large")
)

// Bounds of the work that a JPEG makes. Each scan goes through the whole picture; encoders write about ten of them.
const (
	maxScans      = 100
	maxScanPixels = 1_500_000_000 // scans times pixels
)

// Head is what decoding a file will take.
type Head struct {
	Width, Height int   // pixels
	Memory        int64 // bytes that its decoder allocates
	Planes        bool  // it becomes planes of brightness and colour differences, or of greys
	decode        func(io.Reader) (image.Image, error)
}

// Format is what bytes are by their beginning, as the ending of a file: jpg, png, pdf, heic, or bin for anything else.
func Format(start []byte) string {
	switch {
	case bytes.HasPrefix(start, []byte("\xff\xd8\xff")):
		return "jpg"
	case bytes.HasPrefix(start, []byte("\x89PNG\r\n\x1a\n")):
		return "png"
	case bytes.HasPrefix(start, []byte("%PDF-")):
		return "pdf"
	case len(start) >= 12 && string(start[4:8]) == "ftyp" && slices.Contains([]string{
		"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1",
	}, string(start[8:12])):
		return "heic"
	}
	return "bin"
}

// Read reads the header of a JPEG or PNG from its beginning, and of a JPEG also where its scans begin. The errors are
// ErrNone, ErrDamaged, ErrTooLarge (for the scans) and those of the reader.
func Read(r io.ReadSeeker) (Head, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Head{}, fmt.Errorf("read picture: %w", err)
	}
	s := &source{r: r}
	in := bufio.NewReaderSize(s, 32<<10)
	var h Head
	var err error
	start, _ := in.Peek(12)
	switch Format(start) {
	case "jpg":
		h, err = jpegHead(in)
	case "png":
		h, err = pngHead(in)
	case "pdf", "heic":
		err = ErrNone // converted when it is printed
	default:
		err = ErrDamaged
	}
	if s.err != nil {
		return Head{}, fmt.Errorf("read picture: %w", s.err)
	}
	return h, err
}

// Decode decodes a picture that takes no more than memory bytes. The errors are those of Read, and sandbox.ErrLarge
// where it takes more, but no more than most.
func Decode(r io.ReadSeeker, memory, most int64) (image.Image, error) {
	h, err := Read(r)
	if err != nil {
		return nil, err
	}
	switch {
	case h.Memory > most:
		return nil, ErrTooLarge
	case h.Memory > memory:
		return nil, sandbox.ErrLarge
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	s := &source{r: r}
	img, err := h.decode(s)
	switch {
	case s.err != nil:
		return nil, fmt.Errorf("read picture: %w", s.err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
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

// pngHead reads a PNG's first chunk (PNG, 11.2.1). The decoder keeps up to four samples a pixel, and of an interlaced
// picture also its last pass of half the pixels and what is left of those before.
func pngHead(in *bufio.Reader) (Head, error) {
	var b [29]byte
	if _, err := io.ReadFull(in, b[:]); err != nil || string(b[12:16]) != "IHDR" {
		return Head{}, ErrDamaged
	}
	w, h := int64(binary.BigEndian.Uint32(b[16:])), int64(binary.BigEndian.Uint32(b[20:]))
	if w <= 0 || h <= 0 || w >= 1<<31 || h >= 1<<31 {
		return Head{}, ErrDamaged
	}
	if w > 1<<30/h { // also keeps what follows from overflowing
		return Head{}, ErrTooLarge
	}
	depth, colours, interlaced := b[24], b[25], b[28] != 0
	pixel := int64(4)
	switch {
	case depth == 16:
		pixel = 8
	case colours == 3: // by a palette
		pixel = 1
	}
	memory := w * h * pixel
	if interlaced {
		memory *= 2
	}
	return Head{Width: int(w), Height: int(h), Memory: memory + 16*w, decode: png.Decode}, nil
}

// jpegHead reads a JPEG's segments (ITU T.81, annex B). The decoder keeps one byte a sample, of a progressive picture
// also a coefficient of four, and four bytes a pixel where the colours are not brightness and two differences.
func jpegHead(in *bufio.Reader) (Head, error) {
	var h Head
	scans, adobe := 0, byte(1)
	_, _ = in.Discard(2)
	for {
		marker, err := nextMarker(in)
		if err != nil {
			break // cut off; the decoder says whether enough is there
		}
		if marker == 0xd9 { // the end
			break
		}
		var length [2]byte
		if _, err := io.ReadFull(in, length[:]); err != nil {
			break
		}
		size := int(binary.BigEndian.Uint16(length[:])) - 2
		if size < 0 {
			return Head{}, ErrDamaged
		}
		switch {
		case marker == 0xc0 || marker == 0xc1 || marker == 0xc2:
			body := make([]byte, min(size, 6+3*4))
			if _, err := io.ReadFull(in, body); err != nil {
				return Head{}, ErrDamaged
			}
			if h.decode != nil || !h.frame(body, marker == 0xc2) {
				return Head{}, ErrDamaged
			}
			size -= len(body)
		case marker == 0xee && size >= 12:
			var body [12]byte
			if _, err := io.ReadFull(in, body[:]); err == nil && string(body[:5]) == "Adobe" {
				adobe = body[11]
			}
			size -= len(body)
		case marker == 0xda:
			if scans++; scans > maxScans || int64(scans)*int64(h.Width)*int64(h.Height) > maxScanPixels {
				return Head{}, ErrTooLarge
			}
		}
		if _, err := in.Discard(size); err != nil {
			break
		}
	}
	if h.decode == nil || scans == 0 {
		return Head{}, ErrDamaged
	}
	if adobe == 0 {
		h.Planes = false
		h.Memory += 4 * int64(h.Width) * int64(h.Height)
	}
	return h, nil
}

// nextMarker skips a scan's data, where 0xff is followed by 0 or a restart's marker, up to the next marker of a
// segment.
func nextMarker(in *bufio.Reader) (byte, error) {
	for {
		if skipped, err := in.ReadSlice(0xff); err != nil {
			if errors.Is(err, bufio.ErrBufferFull) && len(skipped) > 0 {
				continue
			}
			return 0, err
		}
		marker := byte(0xff)
		for marker == 0xff { // any number of them may stand before a marker
			var err error
			if marker, err = in.ReadByte(); err != nil {
				return 0, err
			}
		}
		if marker != 0 && (marker < 0xd0 || marker > 0xd7) {
			return marker, nil
		}
	}
}

// frame reads a frame header (SOF), and tells whether it is one that the decoder takes.
func (h *Head) frame(b []byte, progressive bool) bool {
	if len(b) < 6 {
		return false
	}
	n := int(b[5])
	if n < 1 || n > 4 || len(b) < 6+3*n {
		return false
	}
	h.Height, h.Width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if h.Width == 0 || h.Height == 0 {
		return false
	}
	wide, tall := 1, 1 // the first component's sampling factors give the size of the picture's units
	if n > 1 {
		wide, tall = int(b[7]>>4), int(b[7]&15)
	}
	if wide == 0 || tall == 0 {
		return false
	}
	units := int64((h.Width+8*wide-1)/(8*wide)) * int64((h.Height+8*tall-1)/(8*tall))
	for i := range n {
		blocks := int64(1)
		if n > 1 {
			blocks = int64(b[7+3*i]>>4) * int64(b[7+3*i]&15)
		}
		sample := int64(1)
		if progressive {
			sample += 4
		}
		h.Memory += units * blocks * 64 * sample
	}
	if rgb := n == 3 && b[6] == 'R' && b[9] == 'G' && b[12] == 'B'; n == 4 || rgb {
		h.Memory += 4 * int64(h.Width) * int64(h.Height)
	} else {
		h.Planes = wide < 4
	}
	h.decode = jpeg.Decode
	return true
}
