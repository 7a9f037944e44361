package paper

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
)

// A4 with a margin to bind it by, in millimetres.
const (
	pageWidth, pageHeight = 210.0, 297.0
	left, right           = 30.0, 15.0
	top, bottom           = 24.0, 22.0
	wide                  = pageWidth - left - right
)

// The letters and their styles.
const (
	family = "liberation"
	plain  = ""
	bold   = "B"
	italic = "I"
)

// colour is red, green and blue.
type colour [3]int

// The colours are few, and still apart when printed in grey.
var (
	black  = colour{33, 37, 41}
	grey   = colour{110, 117, 125}
	pale   = colour{222, 226, 230}
	shade  = colour{241, 243, 245}
	deep   = colour{21, 74, 112}
	middle = colour{84, 151, 186}
	light  = colour{186, 214, 229}
)

// doc is a PDF in the making. Its words go down the page; what does not fit goes on the next one.
type doc struct {
	pdf     *fpdf.Fpdf
	say     Say
	letters letters
	title   string // at the head of each page but the first, and the PDF's own
	author  string
	made    time.Time
	section int    // how many sections have begun
	shown   int    // how many pictures are in it
	turn    func() // before each new page
}

// newDoc begins a PDF. author is who answers for it.
func newDoc(p Printing, title, author string) *doc {
	d := &doc{say: p.Say, title: title, author: author, made: p.Made, letters: newLetters()}
	d.begin()
	d.newPage()
	return d
}

// begin opens a file, without a page.
func (d *doc) begin() {
	d.pdf, d.shown = fpdf.New("P", "mm", "A4", ""), 0
	made := d.made.UTC().Truncate(time.Second)
	d.pdf.SetCatalogSort(true)
	d.pdf.SetCreationDate(made)
	d.pdf.SetModificationDate(made)
	d.pdf.SetProducer("Pendamping", true)
	d.pdf.SetLang(d.say.say("recap.language"))
	d.pdf.SetMargins(left, top, right)
	d.pdf.SetAutoPageBreak(false, bottom)
	// Liberation Sans is as wide as the letters that offices use, and may be embedded in any document (SIL Open Font
	// License).
	d.pdf.AddUTF8FontFromBytes(family, plain, liberationsansregular.TTF)
	d.pdf.AddUTF8FontFromBytes(family, bold, liberationsansbold.TTF)
	d.pdf.AddUTF8FontFromBytes(family, italic, liberationsansitalic.TTF)
	d.pdf.SetTitle(d.clean(d.title), true)
	d.pdf.SetAuthor(d.clean(d.author), true)
}

func (d *doc) newPage() {
	if d.turn != nil {
		d.turn()
	}
	d.pdf.AddPage()
	d.pdf.SetXY(left, top)
}

// y is how far down the page the next thing stands, in millimetres.
func (d *doc) y() float64 { return d.pdf.GetY() }

func (d *doc) down(mm float64) { d.pdf.SetY(d.y() + mm) }

// room is what is left of the page.
func (d *doc) room() float64 { return pageHeight - bottom - d.y() }

// need begins a new page when less than that is left of this one.
func (d *doc) need(mm float64) {
	if d.room() < mm {
		d.newPage()
	}
}

func (d *doc) font(style string, points float64, c colour) {
	d.pdf.SetFont(family, style, points)
	d.pdf.SetTextColor(c[0], c[1], c[2])
}

// leading is the distance of lines of that size, in millimetres.
func leading(points float64) float64 { return points * 0.3528 * 1.35 }

// put writes a line whose upper edge is y; align is -1 for left of x, 0 for around it, 1 for right of it.
func (d *doc) put(x, y, points float64, align int, line string) {
	switch w := d.pdf.GetStringWidth(line); align {
	case 0:
		x -= w / 2
	case 1:
		x -= w
	}
	d.pdf.Text(x, y+points*0.3528*1.02, line)
}

// heading begins a section, with its number, and keeps it with what follows.
func (d *doc) heading(words string) {
	d.need(38)
	d.section++
	if d.y() > top {
		d.down(5)
	}
	d.font(bold, 12, deep)
	y := d.y()
	d.put(left, y, 12, -1, fmt.Sprintf("%d.", d.section))
	for _, line := range d.lines(words, wide-9) {
		d.put(left+9, d.y(), 12, -1, line)
		d.down(leading(12))
	}
	d.down(2)
}

// subheading names what follows inside a section, and keeps it with so much of that.
func (d *doc) subheading(words string, with float64) {
	d.need(10 + with)
	d.down(2.5)
	d.write(bold, 10, black, words)
	d.down(1.2)
}

// paragraph writes words over the whole width.
func (d *doc) paragraph(words string) {
	d.write(plain, 10, black, words)
	d.down(2)
}

// note writes small words about what stands above or below.
func (d *doc) note(words string) {
	d.write(italic, 8.5, grey, words)
	d.down(1.5)
}

func (d *doc) write(style string, points float64, c colour, words string) {
	d.indented(style, points, c, 0, words)
}

func (d *doc) indented(style string, points float64, c colour, by float64, words string) {
	d.font(style, points, c)
	for _, line := range d.lines(words, wide-by) {
		if d.room() < leading(points) {
			d.newPage()
			d.font(style, points, c)
		}
		d.put(left+by, d.y(), points, -1, line)
		d.down(leading(points))
	}
}

// points lists sentences, each with a mark before it.
func (d *doc) points(list ...string) {
	for _, words := range list {
		d.need(leading(10))
		d.font(plain, 10, deep)
		d.put(left+1, d.y(), 10, -1, "•")
		d.indented(plain, 10, black, 6, words)
		d.down(1)
	}
	d.down(1)
}

// fact is a line of a title's table.
type fact struct{ name, value string }

// facts lists values with their names in front.
func (d *doc) facts(list ...fact) {
	const names = 48.0
	for _, f := range list {
		d.font(plain, 10, grey)
		name := d.lines(f.name, names-4)
		d.need(float64(len(name)) * leading(10))
		page, y := d.pdf.PageNo(), d.y()
		d.font(plain, 10, grey)
		for i, line := range name {
			d.put(left, y+float64(i)*leading(10), 10, -1, line)
		}
		d.put(left+names-3, y, 10, -1, ":")
		d.indented(plain, 10, black, names, f.value)
		if d.pdf.PageNo() == page {
			d.pdf.SetY(max(d.y(), y+float64(len(name))*leading(10)))
		}
		d.down(0.6)
	}
}

// cover writes the title of the paper.
func (d *doc) cover(title, under string) {
	d.font(bold, 16, deep)
	for _, line := range d.lines(title, wide) {
		d.put(left, d.y(), 16, -1, line)
		d.down(leading(16))
	}
	d.font(plain, 11, grey)
	for _, line := range d.lines(under, wide) {
		d.put(left, d.y(), 11, -1, line)
		d.down(leading(11))
	}
	d.down(2)
	d.rule(deep, 0.6)
	d.down(4)
}

func (d *doc) rule(c colour, width float64) {
	d.pdf.SetDrawColor(c[0], c[1], c[2])
	d.pdf.SetLineWidth(width)
	d.pdf.Line(left, d.y(), left+wide, d.y())
}

// sign leaves places for signatures side by side, each with the words above and the name below it.
func (d *doc) sign(place string, signers ...[2]string) {
	each := wide / float64(len(signers))
	d.need(52)
	d.down(6)
	d.font(plain, 10, black)
	d.put(left+each*float64(len(signers)-1), d.y(), 10, -1, d.clean(place))
	d.down(leading(10))
	y := d.y()
	for i, s := range signers {
		x := left + each*float64(i)
		d.pdf.SetY(y)
		d.font(plain, 10, black)
		for _, line := range d.lines(s[0], each-6) {
			d.put(x, d.y(), 10, -1, line)
			d.down(leading(10))
		}
		d.pdf.SetY(y + 27)
		d.font(bold, 10, black)
		for _, line := range d.lines(s[1], each-6) {
			d.put(x, d.y(), 10, -1, line)
			d.down(leading(10))
		}
	}
}

// finish numbers the pages, "halaman x dari y", and writes the PDF.
func (d *doc) finish(w io.Writer) error {
	pages := d.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		d.pdf.SetPage(n)
		d.font(plain, 8, grey)
		d.pdf.SetDrawColor(pale[0], pale[1], pale[2])
		d.pdf.SetLineWidth(0.2)
		foot := pageHeight - bottom + 8
		d.pdf.Line(left, foot-2, left+wide, foot-2)
		d.put(left+wide, foot, 8, 1, d.say.say("recap.page", "Page", fmt.Sprint(n), "Pages", fmt.Sprint(pages)))
		d.put(left, foot, 8, -1, d.fit(d.clean(d.say.say("recap.foot")), wide-40))
		if n > 1 {
			d.put(left, top-10, 8, -1, d.fit(d.clean(d.title), wide))
			d.pdf.Line(left, top-5, left+wide, top-5)
		}
	}
	d.pdf.SetPage(pages)
	if err := d.pdf.Output(w); err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	return nil
}
