package paper

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"rsc.io/qr"

	"pendamping/store"
)

// binder is an LPJ in the making: one document, in as many files as its size asks for.
type binder struct {
	*doc
	r        Report
	p        Printing
	t        template
	most     int64        // bytes of a file
	full     []*fpdf.Fpdf // the files before the one in hand
	before   int          // pages in them
	pictures int64        // bytes of the pictures in the file in hand
	coming   int64        // and of those that the next page will bring
	qr       []byte
	chapters int
	annexes  int // 0 before the list of attachments
	marks    []mark
	contents int // the page that is kept for them
}

// mark is an entry of the contents.
type mark struct {
	label, title string
	page         int
}

// printers print the parts of a template, by their kinds. One with nothing to print prints nothing.
var printers = map[string]func(*binder, context.Context, part) error{
	"cover": (*binder).cover, "approval": (*binder).approval, "contents": (*binder).keepContents,
	"chapter":   (*binder).chapter,
	"statement": (*binder).statement, "attachments": (*binder).attachments, "plan": (*binder).plan,
	"book":  (*binder).book,
	"notas": (*binder).notas, "proofs": (*binder).proofs, "tools": (*binder).photos, "activities": (*binder).photos,
	"deposits": (*binder).deposits, "signed": (*binder).signed,
}

// PDF writes a file of the LPJ and tells how many there are. Where it is larger than the template wants a file to be,
// it goes on in a second file from the page that would be too much, and so on: pages are counted through all files, and
// each page says which file it belongs to. Files are numbered from 1; store.ErrNotFound says that there are not so
// many. No file depends on the clock.
func (r Report) PDF(ctx context.Context, w io.Writer, p Printing, file int) (files int, err error) {
	code, err := qr.Encode(cmp.Or(r.Link, r.Code, r.Hash()), qr.M)
	if err != nil {
		return 0, fmt.Errorf("paper: QR: %w", err)
	}
	t := templateOf(r.Template)
	p.Made = r.At
	title := p.Say.say("report.head", "Name", r.Name, "Program", r.Program, "Year", strconv.Itoa(r.Year))
	b := &binder{
		doc: &doc{say: p.Say, title: title, author: r.Name, made: r.At, letters: newLetters()},
		r:   r, p: p, t: t, most: cmp.Or(p.Most, t.Most*1_000_000), qr: code.PNG(),
	}
	b.doc.turn = b.split
	b.begin()
	for _, part := range t.Part {
		if err := ended(ctx); err != nil {
			return 0, err
		}
		if err := printers[part.Kind](b, ctx, part); err != nil {
			return 0, err
		}
	}
	return b.bind(w, file)
}

// What a file has beside its pictures, in bytes: the letters that it uses, and a page of words.
const (
	fileBytes = 250_000
	pageBytes = 6_000
)

// split goes on in another file where the next page would make this one too large.
func (b *binder) split() {
	pages := b.pdf.PageCount()
	if pages > 0 && fileBytes+int64(pages+1)*pageBytes+b.pictures+b.coming > b.most {
		b.full, b.before, b.pictures = append(b.full, b.pdf), b.before+pages, 0
		b.begin()
	}
	b.pictures, b.coming = b.pictures+b.coming, 0
}

// page is the number of the page in hand, through all files.
func (b *binder) page() int { return b.before + b.pdf.PageNo() }

// bind numbers the pages, "halaman x dari y", and writes a file.
func (b *binder) bind(w io.Writer, file int) (int, error) {
	files := append(b.full, b.pdf)
	pages := b.before + b.pdf.PageCount()
	if file < 1 || file > len(files) {
		return len(files), fmt.Errorf("paper: file %d of %d: %w", file, len(files), store.ErrNotFound)
	}
	first := 0
	for _, f := range files[:file-1] {
		first += f.PageCount()
	}
	b.pdf = files[file-1]
	for n := range b.pdf.PageCount() {
		b.pdf.SetPage(n + 1)
		b.foot(first+n+1, pages, file, len(files))
	}
	if b.contents > first && b.contents <= first+b.pdf.PageCount() {
		b.pdf.SetPage(b.contents - first)
		b.printContents()
	}
	b.pdf.SetPage(b.pdf.PageCount())
	if err := b.pdf.Output(w); err != nil {
		return 0, fmt.Errorf("paper: %w", err)
	}
	return len(files), nil
}

// foot prints what each page has: the code, as QR too, the number of the page, and but on the first one what it is part
// of.
func (b *binder) foot(page, pages, file, files int) {
	const square = 15.0
	line, at := pageHeight-bottom+1.5, pageHeight-bottom+4.5
	b.draw(pale)
	b.pdf.SetLineWidth(0.2)
	b.pdf.Line(left, line, left+wide, line)
	b.image("qr", "PNG", b.qr, left+wide-square, line+0.8, square, square)
	words := b.say.say("recap.page", "Page", strconv.Itoa(page), "Pages", strconv.Itoa(pages))
	if files > 1 {
		words += " · " + b.say.say("report.file", "File", strconv.Itoa(file), "Files", strconv.Itoa(files))
	}
	b.font(plain, 8.5, black)
	b.put(left+wide-square-3, at, 8.5, 1, words)
	b.font(bold, 8.5, black)
	b.put(left, at, 8.5, -1, b.r.Code)
	b.font(plain, 7.5, grey)
	b.put(left, at+4.6, 7.5, -1,
		b.fit(b.clean(b.say.say("report.foot", "Day", string(store.DayOf(b.r.At, b.r.At.Location())),
			"Code", b.r.Code)), wide-square-3))
	if page > 1 {
		b.font(plain, 8, grey)
		b.put(left, top-10, 8, -1, b.fit(b.clean(b.doc.title), wide))
		b.pdf.Line(left, top-5, left+wide, top-5)
	}
}

// words is a sentence of the template, which may speak of what every LPJ has.
func (b *binder) words(name string) string {
	r := b.r
	return b.say.say("report.text."+name, "Name", r.Name, "Group", r.Group, "Program", r.Program,
		"Year", strconv.Itoa(r.Year),
		"Received", r.Received.String(), "Spent", r.Spent.String(), "Deposited", r.Deposited.String(),
		"Left", r.Left.String(),
		"Place", r.place(), "From", string(r.From), "To", string(r.To))
}

// place is where a recipient is, in words.
func (r Report) place() string {
	var list []string
	for _, s := range []string{r.Village, r.Regency, r.Province} {
		if strings.TrimSpace(s) != "" {
			list = append(list, s)
		}
	}
	return strings.Join(list, ", ")
}

// officer is the name of who has that role; "" for nobody.
func (r Report) officer(role store.Role) string {
	for _, o := range r.Officers {
		if o.Role == role {
			return o.Name
		}
	}
	return ""
}

// leader is who answers for the recipient: its ketua, or the single person.
func (r Report) leader() (role store.Role, name string) {
	if r.Single {
		return store.Owner, cmp.Or(r.officer(store.Owner), r.Name)
	}
	return store.Chair, r.officer(store.Chair)
}

// titled begins a part on a page of its own, names it, and notes it for the contents.
func (b *binder) titled(p part) {
	b.newPage()
	b.named(b.nextLabel(p), b.say.say("report.title."+p.Title))
}

// nextLabel is what a part is counted as: chapters, then attachments.
func (b *binder) nextLabel(p part) string {
	switch {
	case p.Kind == "chapter":
		b.chapters++
		return b.say.say("report.chapter", "Number", counted(b.t.Chapter, b.chapters), "By", b.t.Chapter)
	case p.Kind == "attachments":
		b.annexes = 1
	case b.annexes > 0:
		b.annexes++
		return b.say.say("report.annex", "Number", strconv.Itoa(b.annexes-1))
	}
	return ""
}

func (b *binder) named(label, title string) {
	b.marks = append(b.marks, mark{label, title, b.page()})
	if label != "" {
		b.centred(bold, 10.5, grey, label)
		b.down(0.8)
	}
	b.centred(bold, 14, deep, title)
	b.down(2)
	b.rule(pale, 0.4)
	b.down(5)
}

// centred writes words in the middle of the page.
func (d *doc) centred(style string, points float64, c colour, words string) {
	d.font(style, points, c)
	for _, line := range d.lines(words, wide-10) {
		d.put(left+wide/2, d.y(), points, 0, line)
		d.down(leading(points))
	}
}

var romans = []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

// counted is a number as chapters have it.
func counted(by string, n int) string {
	switch {
	case by == "roman" && n < len(romans):
		return romans[n]
	case by == "letter" && n <= 26:
		return string(rune('A' + n - 1))
	}
	return strconv.Itoa(n)
}

// short is a day in digits, the way that everybody here writes it.
func short(d store.Day) string {
	if !d.Valid() {
		return dash
	}
	return d.Time().Format("02/01/2006")
}

// amount is rupiah in a table, whose head says that it is rupiah.
func (s Say) amount(r store.Rupiah) string { return s.say("recap.number", "Number", r.String()) }
