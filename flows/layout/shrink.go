package layout

import (
	"bytes"
	"image"
	"slices"
)

// shrunk is a photograph with fewer pixels, each the mean of those it stands for. It works on brightness and colours as
// a JPEG has them, which spares turning them into red, green and blue and back. It is not for pictures of other kinds.
func shrunk(img image.Image, w, h int) (image.Image, bool) {
	switch p := img.(type) {
	case *image.Gray:
		if w > p.Rect.Dx() || h > p.Rect.Dy() {
			return nil, false
		}
		out := image.NewGray(image.Rect(0, 0, w, h))
		means(out.Pix, out.Stride, w, h, p.Pix, p.Stride, p.Rect.Dx(), p.Rect.Dy())
		return out, true
	case *image.YCbCr:
		sw, sh := p.Rect.Dx(), p.Rect.Dy()
		cw, ch := sw, sh
		switch p.SubsampleRatio {
		case image.YCbCrSubsampleRatio444:
		case image.YCbCrSubsampleRatio422:
			cw = (sw + 1) / 2
		case image.YCbCrSubsampleRatio420:
			cw, ch = (sw+1)/2, (sh+1)/2
		case image.YCbCrSubsampleRatio440:
			ch = (sh + 1) / 2
		default:
			return nil, false
		}
		if w > sw || h > sh {
			return nil, false
		}
		out := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
		means(out.Y, out.YStride, w, h, p.Y, p.YStride, sw, sh)
		means(out.Cb, out.CStride, (w+1)/2, (h+1)/2, p.Cb, p.CStride, cw, ch)
		means(out.Cr, out.CStride, (w+1)/2, (h+1)/2, p.Cr, p.CStride, cw, ch)
		return out, true
	}
	return nil, false
}

// means fills dst, of dw by dh, with the means of src, of sw by sh, which is no smaller. A pixel on the border of two
// counts for each by its share: across, a pixel of src is dw wide and one of dst sw, so that all is exact in whole
// numbers.
func means(dst []byte, dstride, dw, dh int, src []byte, sstride, sw, sh int) {
	if sw == 2*dw && sh == 2*dh { // as most photographs of a chat where four share a page
		halves(dst, dstride, dw, dh, src, sstride)
		return
	}
	across, sums := make([]uint64, dw), make([]uint64, dw)
	all := uint64(sw) * uint64(sh)
	row, room := 0, sh
	for y := range sh {
		j, left, sum := 0, sw, uint64(0)
		for _, v := range src[y*sstride:][:sw] {
			if left > dw {
				sum += uint64(v) * uint64(dw)
				left -= dw
				continue
			}
			across[j] = sum + uint64(v)*uint64(left)
			j++
			sum, left = uint64(v)*uint64(dw-left), sw-(dw-left)
		}
		if room > dh {
			for i, v := range across {
				sums[i] += v * uint64(dh)
			}
			room -= dh
			continue
		}
		out := dst[row*dstride:][:dw]
		for i, v := range across {
			out[i] = byte((sums[i] + v*uint64(room) + all/2) / all)
			sums[i] = v * uint64(dh-room)
		}
		row++
		room = sh - (dh - room)
	}
}

// halves fills dst with the means of two by two.
func halves(dst []byte, dstride, dw, dh int, src []byte, sstride int) {
	for y := range dh {
		out := dst[y*dstride:][:dw]
		a, b := src[2*y*sstride:][:2*dw], src[(2*y+1)*sstride:][:2*dw]
		for i := range out {
			out[i] = byte((uint(a[2*i]) + uint(a[2*i+1]) + uint(b[2*i]) + uint(b[2*i+1]) + 2) / 4)
		}
	}
}

// bare is a JPEG as it is, but without what stands in it beside the picture: what the camera noted, remarks, and
// whatever comes after its end. It is not for one that a PDF may show otherwise than it was: progressive ones, or those
// of other colours.
func bare(jpg []byte) ([]byte, bool) {
	if !bytes.HasPrefix(jpg, []byte{0xff, 0xd8}) {
		return nil, false
	}
	out := slices.Clone(jpg[:2])
	for at := 2; at+4 <= len(jpg) && jpg[at] == 0xff; {
		marker, size := jpg[at+1], int(jpg[at+2])<<8|int(jpg[at+3])
		if size < 2 || at+2+size > len(jpg) {
			return nil, false
		}
		segment := jpg[at : at+2+size]
		at += len(segment)
		switch {
		case marker == 0xe0, marker == 0xdb, marker == 0xc4, marker == 0xdd: // JFIF, tables, restarts
			out = append(out, segment...)
		case marker == 0xc0 && len(segment) > 9 && segment[4] == 8 && (segment[9] == 1 || segment[9] == 3):
			out = append(out, segment...)
		case marker == 0xda:
			// In the picture's own data 0xff is followed by 0 or a restart, so this is its end.
			end := bytes.Index(jpg[at:], []byte{0xff, 0xd9})
			if end < 0 {
				return nil, false
			}
			return append(append(out, segment...), jpg[at:at+end+2]...), true
		case marker == 0xee || marker < 0xe0: // Adobe's colours; progressive
			return nil, false
		}
	}
	return nil, false
}
