package layout

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
	pageWidth, PageHeight = 210.0, 297.0
	Left, right           = 30.0, 15.0
	Top, Bottom           = 24.0, 22.0
	TextWidth             = pageWidth - Left - right
)

// The letters and their styles.
const (
	family = "liberation"
	Plain  = ""
	Bold   = "B"
	italic = "I"
)

// Colour is red, green and blue.
type Colour [3]int

// The colours are few, and still apart when printed in grey.
var (
	Black  = Colour{33, 37, 41}
	Grey   = Colour{110, 117, 125}
	Pale   = Colour{222, 226, 230}
	Shade  = Colour{241, 243, 245}
	Deep   = Colour{21, 74, 112}
	Middle = Colour{84, 151, 186}
	Light  = Colour{186, 214, 229}
)

// File is a file of a PDF.
type File = fpdf.Fpdf

// Doc is a PDF in the making. Its words go down the page; what does not fit goes on the next one.
type Doc struct {
	PDF        *fpdf.Fpdf
	Words      Words
	letters    letters
	Title      string // at the head of each page but the first, and the PDF's own
	author     string
	made       time.Time
	section    int    // how many sections have begun
	shown      int    // how many pictures are in it
	BeforePage func() // before each new page
}

// NewDoc begins a PDF. author is who answers for it.
func NewDoc(p Printing, title, author string) *Doc {
	d := Blank(p, title, author)
	d.Begin()
	d.NewPage()
	return d
}

// Blank is a PDF before begin.
func Blank(p Printing, title, author string) *Doc {
	return &Doc{Words: p.Words, Title: title, author: author, made: p.Made, letters: newLetters()}
}

// Begin opens a file, without a page.
func (d *Doc) Begin() {
	d.PDF, d.shown = fpdf.New("P", "mm", "A4", ""), 0
	made := d.made.UTC().Truncate(time.Second)
	d.PDF.SetCatalogSort(true)
	d.PDF.SetCreationDate(made)
	d.PDF.SetModificationDate(made)
	d.PDF.SetProducer("Pendamping", true)
	d.PDF.SetLang(d.Words.Say("recap.language"))
	d.PDF.SetMargins(Left, Top, right)
	d.PDF.SetAutoPageBreak(false, Bottom)
	// Liberation Sans is as wide as the letters that offices use, and may be embedded in any document (SIL Open Font
	// License).
	d.PDF.AddUTF8FontFromBytes(family, Plain, liberationsansregular.TTF)
	d.PDF.AddUTF8FontFromBytes(family, Bold, liberationsansbold.TTF)
	d.PDF.AddUTF8FontFromBytes(family, italic, liberationsansitalic.TTF)
	d.PDF.SetTitle(d.Clean(d.Title), true)
	d.PDF.SetAuthor(d.Clean(d.author), true)
}

// NewPage begins a page, and calls BeforePage first.
func (d *Doc) NewPage() {
	if d.BeforePage != nil {
		d.BeforePage()
	}
	d.PDF.AddPage()
	d.PDF.SetXY(Left, Top)
}

// Y is how far down the page the next thing stands, in millimetres.
func (d *Doc) Y() float64 { return d.PDF.GetY() }

// Down leaves so many millimetres free.
func (d *Doc) Down(mm float64) { d.PDF.SetY(d.Y() + mm) }

// RoomLeft is what is left of the page.
func (d *Doc) RoomLeft() float64 { return PageHeight - Bottom - d.Y() }

// Need begins a new page when less than that is left of this one.
func (d *Doc) Need(mm float64) {
	if d.RoomLeft() < mm {
		d.NewPage()
	}
}

// Font is what words are written in from here on.
func (d *Doc) Font(style string, points float64, c Colour) {
	d.PDF.SetFont(family, style, points)
	d.PDF.SetTextColor(c[0], c[1], c[2])
}

// Leading is the distance of lines of that size, in millimetres.
func Leading(points float64) float64 { return points * 0.3528 * 1.35 }

// Put writes a line whose upper edge is y; align is -1 for left of x, 0 for around it, 1 for right of it.
func (d *Doc) Put(x, y, points float64, align int, line string) {
	switch w := d.PDF.GetStringWidth(line); align {
	case 0:
		x -= w / 2
	case 1:
		x -= w
	}
	d.PDF.Text(x, y+points*0.3528*1.02, line)
}

// Heading begins a section, with its number, and keeps it with what follows.
func (d *Doc) Heading(words string) {
	d.Need(38)
	d.section++
	if d.Y() > Top {
		d.Down(5)
	}
	d.Font(Bold, 12, Deep)
	y := d.Y()
	d.Put(Left, y, 12, -1, fmt.Sprintf("%d.", d.section))
	for _, line := range d.Lines(words, TextWidth-9) {
		d.Put(Left+9, d.Y(), 12, -1, line)
		d.Down(Leading(12))
	}
	d.Down(2)
}

// Subheading names what follows inside a section, and keeps it with so much of that.
func (d *Doc) Subheading(words string, with float64) {
	d.Need(10 + with)
	d.Down(2.5)
	d.Write(Bold, 10, Black, words)
	d.Down(1.2)
}

// Paragraph writes words over the whole width.
func (d *Doc) Paragraph(words string) {
	d.Write(Plain, 10, Black, words)
	d.Down(2)
}

// Note writes small words about what stands above or below.
func (d *Doc) Note(words string) {
	d.Write(italic, 8.5, Grey, words)
	d.Down(1.5)
}

// Write writes words over the whole width, and goes on with a new page where this one is full.
func (d *Doc) Write(style string, points float64, c Colour, words string) {
	d.indented(style, points, c, 0, words)
}

func (d *Doc) indented(style string, points float64, c Colour, by float64, words string) {
	d.Font(style, points, c)
	for _, line := range d.Lines(words, TextWidth-by) {
		if d.RoomLeft() < Leading(points) {
			d.NewPage()
			d.Font(style, points, c)
		}
		d.Put(Left+by, d.Y(), points, -1, line)
		d.Down(Leading(points))
	}
}

// Points lists sentences, each with a mark before it.
func (d *Doc) Points(list ...string) {
	for _, words := range list {
		d.Need(Leading(10))
		d.Font(Plain, 10, Deep)
		d.Put(Left+1, d.Y(), 10, -1, "•")
		d.indented(Plain, 10, Black, 6, words)
		d.Down(1)
	}
	d.Down(1)
}

// Fact is a line of a title's table.
type Fact struct{ Name, Value string }

// Facts lists values with their names in front.
func (d *Doc) Facts(list ...Fact) {
	const names = 48.0
	for _, f := range list {
		d.Font(Plain, 10, Grey)
		name := d.Lines(f.Name, names-4)
		d.Need(float64(len(name)) * Leading(10))
		page, y := d.PDF.PageNo(), d.Y()
		d.Font(Plain, 10, Grey)
		for i, line := range name {
			d.Put(Left, y+float64(i)*Leading(10), 10, -1, line)
		}
		d.Put(Left+names-3, y, 10, -1, ":")
		d.indented(Plain, 10, Black, names, f.Value)
		if d.PDF.PageNo() == page {
			d.PDF.SetY(max(d.Y(), y+float64(len(name))*Leading(10)))
		}
		d.Down(0.6)
	}
}

// Cover writes the title of the document.
func (d *Doc) Cover(title, under string) {
	d.Font(Bold, 16, Deep)
	for _, line := range d.Lines(title, TextWidth) {
		d.Put(Left, d.Y(), 16, -1, line)
		d.Down(Leading(16))
	}
	d.Font(Plain, 11, Grey)
	for _, line := range d.Lines(under, TextWidth) {
		d.Put(Left, d.Y(), 11, -1, line)
		d.Down(Leading(11))
	}
	d.Down(2)
	d.Rule(Deep, 0.6)
	d.Down(4)
}

// Rule draws a line over the whole width; its own width is in millimetres.
func (d *Doc) Rule(c Colour, width float64) {
	d.PDF.SetDrawColor(c[0], c[1], c[2])
	d.PDF.SetLineWidth(width)
	d.PDF.Line(Left, d.Y(), Left+TextWidth, d.Y())
}

// Sign leaves places for signatures side by side, each with the words above and the name below it.
func (d *Doc) Sign(place string, signers ...[2]string) {
	each := TextWidth / float64(len(signers))
	d.Need(52)
	d.Down(6)
	d.Font(Plain, 10, Black)
	d.Put(Left+each*float64(len(signers)-1), d.Y(), 10, -1, d.Clean(place))
	d.Down(Leading(10))
	y := d.Y()
	for i, s := range signers {
		x := Left + each*float64(i)
		d.PDF.SetY(y)
		d.Font(Plain, 10, Black)
		for _, line := range d.Lines(s[0], each-6) {
			d.Put(x, d.Y(), 10, -1, line)
			d.Down(Leading(10))
		}
		d.PDF.SetY(y + 27)
		d.Font(Bold, 10, Black)
		for _, line := range d.Lines(s[1], each-6) {
			d.Put(x, d.Y(), 10, -1, line)
			d.Down(Leading(10))
		}
	}
}

// Finish numbers the pages, "halaman x dari y", and writes the PDF.
func (d *Doc) Finish(w io.Writer) error {
	pages := d.PDF.PageCount()
	for n := 1; n <= pages; n++ {
		d.PDF.SetPage(n)
		d.Font(Plain, 8, Grey)
		d.PDF.SetDrawColor(Pale[0], Pale[1], Pale[2])
		d.PDF.SetLineWidth(0.2)
		foot := PageHeight - Bottom + 8
		d.PDF.Line(Left, foot-2, Left+TextWidth, foot-2)
		d.Put(Left+TextWidth, foot, 8, 1, d.Words.Say("recap.page", "Page", fmt.Sprint(n), "Pages", fmt.Sprint(pages)))
		d.Put(Left, foot, 8, -1, d.Fit(d.Clean(d.Words.Say("recap.foot")), TextWidth-40))
		if n > 1 {
			d.Put(Left, Top-10, 8, -1, d.Fit(d.Clean(d.Title), TextWidth))
			d.PDF.Line(Left, Top-5, Left+TextWidth, Top-5)
		}
	}
	d.PDF.SetPage(pages)
	if err := d.PDF.Output(w); err != nil {
		return fmt.Errorf("layout: %w", err)
	}
	return nil
}

// Centred writes words in the middle of the page.
func (d *Doc) Centred(style string, points float64, c Colour, words string) {
	d.Font(style, points, c)
	for _, line := range d.Lines(words, TextWidth-10) {
		d.Put(Left+TextWidth/2, d.Y(), points, 0, line)
		d.Down(Leading(points))
	}
}
