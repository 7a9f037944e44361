package layout

import (
	"bytes"
	"context"
	"encoding/gob"
	"image"
	"image/color"
	stddraw "image/draw"
	"image/jpeg"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/draw"

	"pendamping/flows/picture"
	"pendamping/store"
)

// Picture is a photograph to print: the hash of its bytes, "" while they are not here, its name where it can't be
// shown, and the words under it.
type Picture struct {
	SHA256  string
	Name    string
	Caption store.Text
}

// longest is a printed picture's longer side, in pixels: 300 to the inch where four share a page.
const longest = 1200

// fitted makes a JPEG of a picture that is no larger than that, in pixels, or hardly, the right way up and without what
// the camera wrote into it: where it was taken belongs in no document. Its errors are those of picture.Decode.
func fitted(all []byte, wide, tall int, memory, most int64) (jpg []byte, width, height int, err error) {
	c, err := picture.Read(bytes.NewReader(all))
	if err != nil {
		return nil, 0, 0, err
	}
	how := orientation(all)
	if how >= 5 {
		wide, tall = tall, wide
	}
	w, h := c.Width, c.Height
	if w > wide || h > tall {
		if w*tall > h*wide {
			w, h = wide, max(h*wide/w, 1)
		} else {
			w, h = max(w*tall/h, 1), tall
		}
	}
	if c.Width/2 >= w && c.Width/2 <= w*21/20 { // half of it is as good
		w, h = c.Width/2, max(c.Height/2, 1)
	}
	if how == 1 && c.Width*c.Height <= w*h*5/4 { // it would hardly be smaller
		if bare, ok := bare(all); ok {
			return bare, c.Width, c.Height, nil
		}
	}
	beside := int64(len(all)) + 16*int64(w)*int64(h)
	if !c.Planes { // redrawn keeps four floats for each new pixel across and old one down
		beside += 32 * int64(w) * int64(c.Height)
	}
	img, err := picture.Decode(bytes.NewReader(all), memory-beside, most-beside)
	if err != nil {
		return nil, 0, 0, err
	}
	out, ok := shrunk(img, w, h)
	switch {
	case !ok:
		out = redrawn(img, w, h, how)
	case how != 1:
		out = redrawn(out, w, h, how)
	}
	var b bytes.Buffer
	b.Grow(w * h / 4)
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: 78}); err != nil {
		return nil, 0, 0, err
	}
	return b.Bytes(), out.Bounds().Dx(), out.Bounds().Dy(), nil
}

// redrawn is a picture of any kind on white paper.
func redrawn(img image.Image, w, h, how int) image.Image {
	b := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	stddraw.Draw(flat, flat.Rect, image.NewUniform(color.White), image.Point{}, stddraw.Src)
	if w == b.Dx() && h == b.Dy() {
		stddraw.Draw(flat, flat.Rect, img, b.Min, stddraw.Over)
	} else {
		draw.BiLinear.Scale(flat, flat.Rect, img, b, draw.Over, nil)
	}
	return upright(flat, how)
}

// raws are pictures to make ready.
func raws(list []Picture) (raws []Raw) {
	for _, p := range list {
		raws = append(raws, Raw{p.SHA256, longest, longest})
	}
	return raws
}

// Pictures prints photographs, four to a page, each with its words below. One that can't be shown is a box with its
// name.
func (d *Doc) Pictures(ctx context.Context, print Printing, list []Picture) error {
	const gap, words = 6.0, 3 // lines below a picture
	ready, err := print.ready(ctx, raws(list))
	if err != nil {
		return err
	}
	each := (TextWidth - gap) / 2
	tall := 98.0
	under := words*Leading(Small) + 6
	for i, p := range list {
		if err := Ended(ctx); err != nil {
			return err
		}
		x := Left + float64(i%2)*(each+gap)
		if i%2 == 0 {
			if i > 0 {
				d.Down(tall + under)
			}
			d.Need(tall + under)
		}
		y := d.Y()
		d.picture(ready[i], p, x, y, each, tall)
		d.Font(Plain, Small, Grey)
		lines := d.Lines(d.Words(p.Caption), each)
		if len(lines) > words {
			lines = append(lines[:words-1], d.Fit(lines[words-1]+" "+lines[words], each-2))
		}
		for n, line := range lines {
			d.Put(x, y+tall+1.5+float64(n)*Leading(Small), Small, -1, line)
		}
	}
	if len(list) > 0 {
		d.Down(tall + under)
	}
	return nil
}

// picture prints one picture in a frame, as large as it goes.
func (d *Doc) picture(r Ready, p Picture, x, y, width, tall float64) {
	d.PDF.SetFillColor(Shade[0], Shade[1], Shade[2])
	d.PDF.Rect(x, y, width, tall, "F")
	if len(r.Pages) == 0 || r.Pages[0].Bytes == 0 {
		d.Font(italic, Small, Grey)
		lines := d.Lines(d.Words.Say("recap.picture.broken", "Name", p.Name), width-10)
		at := y + tall/2 - float64(len(lines))*Leading(Small)/2
		for n, line := range lines {
			d.Put(x+width/2, at+float64(n)*Leading(Small), Small, 0, line)
		}
		return
	}
	d.Place(p.SHA256, r.Pages[0].JPG, r.Pages[0].Wide, r.Pages[0].Tall, x, y, width, tall)
}

// Place puts a JPEG into the middle of a frame, as large as it goes; one of the same name is in the file once.
func (d *Doc) Place(name string, jpg []byte, w, h int, x, y, width, tall float64) {
	scale := min(width/float64(w), tall/float64(h))
	pw, ph := float64(w)*scale, float64(h)*scale
	d.Image(name, "JPG", jpg, x+(width-pw)/2, y+(tall-ph)/2, pw, ph)
}

// Image prints the bytes of a PNG or JPG at a place, in millimetres; one with the same name is kept once.
func (d *Doc) Image(name, kind string, b []byte, x, y, width, tall float64) {
	options := fpdf.ImageOptions{ImageType: kind}
	if d.PDF.GetImageInfo(name) == nil {
		if info := d.PDF.RegisterImageOptionsReader(name, options, bytes.NewReader(b)); info != nil {
			d.shown++
			d.PDF.SetError(inOrder(info, d.shown))
		}
	}
	d.PDF.ImageOptions(name, x, y, width, tall, false, options, 0, "")
}

// inOrder lets a picture be the nth of the file. fpdf writes pictures by their width and leaves those of one width to
// chance; this one becomes wider by a part of a pixel that nothing else ever sees.
func inOrder(info *fpdf.ImageInfoType, n int) error {
	b, err := info.GobEncode()
	if err != nil {
		return err
	}
	var data, mask, palette []byte
	var object, bits int
	var width, height, scale, dpi float64
	var space, filter, params string
	var clear []int
	fields := []any{
		&data, &mask, &object, &width, &height, &space, &palette, &bits, &filter, &params, &clear, &scale, &dpi,
	}
	for from := gob.NewDecoder(bytes.NewReader(b)); len(fields) > 0; fields = fields[1:] {
		if err := from.Decode(fields[0]); err != nil {
			return err
		}
	}
	width += float64(n) / (1 << 20)
	var out bytes.Buffer
	to := gob.NewEncoder(&out)
	for _, v := range []any{
		data, mask, object, width, height, space, palette, bits, filter, params, clear, scale, dpi,
	} {
		if err := to.Encode(v); err != nil {
			return err
		}
	}
	return info.GobDecode(out.Bytes())
}
