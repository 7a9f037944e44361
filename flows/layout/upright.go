package layout

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a JPEG's camera was held, 1 to 8, as its EXIF says (tag 0x0112); 1 where nothing says it. Telegram
// turns photos itself, but not pictures that are sent as files.
func orientation(jpg []byte) int {
	if len(jpg) < 4 || jpg[0] != 0xff || jpg[1] != 0xd8 {
		return 1
	}
	for at := 2; at+4 <= len(jpg) && jpg[at] == 0xff; {
		marker, size := jpg[at+1], int(binary.BigEndian.Uint16(jpg[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(jpg) { // the picture itself begins
			return 1
		}
		if body := jpg[at+4 : at+2+size]; marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return held(body[6:])
		}
		at += 2 + size
	}
	return 1
}

// held reads the orientation in the first directory of a TIFF head.
func held(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(tiff, []byte("MM")) {
		order = binary.BigEndian
	}
	if len(tiff) < 8 {
		return 1
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	entries := int(order.Uint16(tiff[at:]))
	for i := range entries {
		e := at + 2 + 12*i
		if e+12 > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if o := int(order.Uint16(tiff[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}

// upright turns and mirrors a picture to how it was seen.
func upright(img *image.RGBA, how int) *image.RGBA {
	if how <= 1 || how > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if how >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := [...]image.Point{
				2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {h - 1 - y, x}, 7: {h - 1 - y, w - 1 - x}, 8: {y, w - 1 - x},
			}[how]
			out.SetRGBA(to.X, to.Y, img.RGBAAt(x, y))
		}
	}
	return out
}
