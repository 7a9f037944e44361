package layout_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"pendamping/flows/layout"
	"pendamping/store"
)

// turned is a JPEG that says how the camera was held.
func turned(width, height int, how uint16, order binary.AppendByteOrder) []byte {
	img := image.NewGray(image.Rect(0, 0, width, height))
	img.Set(0, 0, color.White)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		panic(err)
	}
	head := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = []byte("MM\x00*")
	}
	exif := append([]byte("Exif\x00\x00"), head...)
	exif = order.AppendUint32(exif, 8)
	exif = order.AppendUint16(exif, 1)
	exif = order.AppendUint16(exif, 0x0112)
	exif = order.AppendUint16(exif, 3)
	exif = order.AppendUint32(exif, 1)
	exif = order.AppendUint16(exif, how)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return slices.Concat(out.Bytes()[:2], segment, exif, out.Bytes()[2:])
}

// huge is a PNG that says it is larger than anybody's memory.
func huge() []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	b := out.Bytes()
	binary.BigEndian.PutUint32(b[16:], 60_000)
	binary.BigEndian.PutUint32(b[20:], 60_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// Pictures are printed the right way up, no larger than a page needs, without what the camera noted.
func TestPictures(t *testing.T) {
	plain := func(w, h int) []byte {
		var out bytes.Buffer
		if err := png.Encode(&out, image.NewNRGBA(image.Rect(0, 0, w, h))); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	cut := turned(40, 20, 6, binary.LittleEndian)
	for _, c := range []struct {
		name string
		b    []byte
		size string // "" where a box stands
	}{
		{"small", plain(40, 20), "/Width 40\n/Height 20\n"},
		{"large", plain(3000, 1500), "/Width 1200\n/Height 600\n"},
		{"tall", plain(100, 4000), "/Width 30\n/Height 1200\n"},
		{"thread", plain(5000, 1), "/Width 1200\n/Height 1\n"},
		{"as it is", turned(40, 20, 1, binary.LittleEndian), "/Width 40\n/Height 20\n"},
		{"upside down", turned(40, 20, 3, binary.LittleEndian), "/Width 40\n/Height 20\n"},
		{"on its side", turned(40, 20, 6, binary.LittleEndian), "/Width 20\n/Height 40\n"},
		{"on the other", turned(40, 20, 8, binary.BigEndian), "/Width 20\n/Height 40\n"},
		{"held nohow", turned(40, 20, 9, binary.BigEndian), "/Width 40\n/Height 20\n"},
		{"cut off", cut[:len(cut)/2], ""},
		{"huge", huge(), ""},
		{"empty", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := printing(t, "id")
			p.Open = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(c.b)), nil }
			r := empty()
			r.Pictures = []layout.Picture{{SHA256: "x", Name: "#7", Caption: store.Say("recap.number", "Number", "7")}}
			var out bytes.Buffer
			if err := r.PDF(t.Context(), &out, p); err != nil {
				t.Fatal(err)
			}
			if has := strings.Contains(out.String(), "/Subtype /Image"); has != (c.size != "") ||
				!strings.Contains(out.String(), c.size) {
				t.Errorf("a picture: %v, not of size %q", has, c.size)
			}
			if strings.Contains(out.String(), "Exif") {
				t.Error("what the camera noted is in it")
			}
		})
	}
}

// Whatever people write, it is printed to its last word.
func TestWildWords(t *testing.T) {
	r := month()
	r.Visits[2].Problem = strings.Repeat("Panjang sekali ceritanya. ", 400) + "Selesailah."
	r.Visits[2].FollowUp = strings.Repeat("x", 700) + "y"
	r.Groups[0].Name, r.Groups[1].Name = "👨‍👩‍👧", ""
	r.Visits[11].Problem = "satu\n\n\ndua\t\x00\u202etiga\xff e\u0301"
	r.Pictures = nil
	words := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", printed(t, "wild.pdf", pdf(t, r, "id")), "-")),
		" ")
	for _, s := range []string{"Selesailah.", "xy", "satu dua tiga□ é"} {
		if !strings.Contains(words, s) {
			t.Errorf("it does not say %q", s)
		}
	}
	if out := tool(t, "qpdf", "--check", printed(t, "wild.pdf", pdf(t, r, "id"))); strings.Contains(out, "WARNING") {
		t.Error(out)
	}
	xlsx(t, r, "id")
}
