// Package bomb makes pictures that ask for far more memory or time than their size suggests, for tests.
package bomb

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Progressive is a progressive JPEG of three full components and so many scans: three allocate all, each further one
// goes through a component anew. A scan takes 48 bytes and more, whatever the size.
func Progressive(width, height, scans int) []byte {
	quant := append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)
	frame := []byte{
		8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0,
	}
	huffman := append([]byte{0x10, 1}, make([]byte, 15)...) // one code of one bit
	huffman = append(huffman, 0xe0)                         // a run of 2¹⁴ blocks and more without coefficients
	b := []byte{0xff, 0xd8}
	b = append(b, segment(0xdb, quant)...)
	b = append(b, segment(0xc2, frame)...)
	b = append(b, segment(0xc4, huffman)...)
	run := empty((width + 7) / 8 * ((height + 7) / 8))
	for i := range scans {
		b = append(b, segment(0xda, []byte{1, byte(1 + i%3), 0, 1, 63, 0})...)
		b = append(b, run...)
	}
	return append(b, 0xff, 0xd9)
}

func segment(marker byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
}

// empty is a scan's data that says of so many blocks that they have no coefficients: a 0 and 14 bits for each 32,767 of
// them.
func empty(blocks int) (out []byte) {
	var bits uint64
	n := 0
	put := func(v uint64, width int) {
		for bits, n = bits<<width|v, n+width; n >= 8; n -= 8 {
			b := byte(bits >> (n - 8))
			if out = append(out, b); b == 0xff {
				out = append(out, 0)
			}
		}
	}
	for ; blocks > 0; blocks -= 1<<15 - 1 {
		put(1<<14-1, 15)
	}
	put(1<<7-1, 7)
	return out
}

// DeepPNG is a PNG of 16 bits a sample, cut off after its first bytes of pixels.
func DeepPNG(width, height uint32) []byte { return png(width, height, 16, 6, 0, make([]byte, 64)) }

// InterlacedPNG is one that is decoded in seven passes.
func InterlacedPNG(width, height uint32) []byte { return png(width, height, 8, 6, 1, make([]byte, 64)) }

// DeflatedPNG is a small PNG whose pixels are followed by so many megabytes of zeros.
func DeflatedPNG(megabytes int) []byte { return png(64, 64, 8, 0, 0, make([]byte, megabytes<<20)) }

// TextPNG is a small picture behind a compressed text of so many megabytes.
func TextPNG(megabytes int) []byte {
	b := png(64, 64, 8, 0, 0, make([]byte, 64*65))
	text := chunk("zTXt", append([]byte("Comment\x00\x00"), deflated(make([]byte, megabytes<<20))...))
	return append(append(append([]byte(nil), b[:33]...), text...), b[33:]...)
}

func png(width, height uint32, depth, colours, interlaced byte, pixels []byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	b := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, depth, colours, 0, 0, interlaced))...)
	b = append(b, chunk("IDAT", deflated(pixels))...)
	return append(b, chunk("IEND", nil)...)
}

func chunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b) // a buffer takes everything
	w.Close()
	return out.Bytes()
}

// PDF is a page that shows a JPEG 500 times, each time in another size, so that it takes much work.
func PDF(jpg []byte, width, height int) []byte {
	var content bytes.Buffer
	for i := range 500 {
		fmt.Fprintf(&content, "q %d 0 0 %d 0 0 cm /I Do Q\n", 100+i, 140+i)
	}
	objects := []string{
		"<</Type /Catalog /Pages 2 0 R>>",
		"<</Type /Pages /Kids [3 0 R] /Count 1>>",
		"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</XObject <</I 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", content.Len(), content.Bytes()),
		fmt.Sprintf(
			"<</Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length %d>>\nstream\n%s\nendstream",
			width, height, len(jpg), jpg),
	}
	b := []byte("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := len(b)
	b = fmt.Appendf(b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		b = fmt.Appendf(b, "%010d 00000 n \n", n)
	}
	return fmt.Appendf(b, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
}
