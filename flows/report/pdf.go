package report

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rsc.io/qr"

	"pendamping/flows/layout"
	"pendamping/store"
)

// binder is an LPJ in the making: one document, in as many files as its size asks for.
type binder struct {
	*layout.Doc
	r        Report
	p        layout.Printing
	t        template
	most     int64          // bytes of a file
	full     []*layout.File // the files before the one in hand
	before   int            // pages in them
	pictures int64          // bytes of the pictures in the file in hand
	coming   int64          // and of those that the next page will bring
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
func (r Report) PDF(ctx context.Context, w io.Writer, p layout.Printing, file int) (files int, err error) {
	code, err := qr.Encode(cmp.Or(r.Link, r.Code, r.Hash()), qr.M)
	if err != nil {
		return 0, fmt.Errorf("report: QR: %w", err)
	}
	t := templateOf(r.Template)
	p.Made = r.At
	title := p.Words.Say("report.head", "Name", r.Name, "Program", r.Program, "Year", strconv.Itoa(r.Year))
	b := &binder{
		Doc: layout.Blank(p, title, r.Name),
		r:   r, p: p, t: t, most: cmp.Or(p.Most, t.Most*1_000_000), qr: code.PNG(),
	}
	b.Doc.BeforePage = b.split
	b.Begin()
	for _, part := range t.Part {
		if err := layout.Ended(ctx); err != nil {
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
	pages := b.PDF.PageCount()
	if pages > 0 && fileBytes+int64(pages+1)*pageBytes+b.pictures+b.coming > b.most {
		b.full, b.before, b.pictures = append(b.full, b.PDF), b.before+pages, 0
		b.Begin()
	}
	b.pictures, b.coming = b.pictures+b.coming, 0
}

// page is the number of the page in hand, through all files.
func (b *binder) page() int { return b.before + b.PDF.PageNo() }

// bind numbers the pages, "halaman x dari y", and writes a file.
func (b *binder) bind(w io.Writer, file int) (int, error) {
	files := append(b.full, b.PDF)
	pages := b.before + b.PDF.PageCount()
	if file < 1 || file > len(files) {
		return len(files), fmt.Errorf("report: file %d of %d: %w", file, len(files), store.ErrNotFound)
	}
	first := 0
	for _, f := range files[:file-1] {
		first += f.PageCount()
	}
	b.PDF = files[file-1]
	for n := range b.PDF.PageCount() {
		b.PDF.SetPage(n + 1)
		b.foot(first+n+1, pages, file, len(files))
	}
	if b.contents > first && b.contents <= first+b.PDF.PageCount() {
		b.PDF.SetPage(b.contents - first)
		b.printContents()
	}
	b.PDF.SetPage(b.PDF.PageCount())
	if err := b.PDF.Output(w); err != nil {
		return 0, fmt.Errorf("report: %w", err)
	}
	return len(files), nil
}

// foot prints what each page has: the code, as QR too, the number of the page, and but on the first one what it is part
// of.
func (b *binder) foot(page, pages, file, files int) {
	const square = 15.0
	line, at := layout.PageHeight-layout.Bottom+1.5, layout.PageHeight-layout.Bottom+4.5
	b.DrawColour(layout.Pale)
	b.PDF.SetLineWidth(0.2)
	b.PDF.Line(layout.Left, line, layout.Left+layout.TextWidth, line)
	b.Image("qr", "PNG", b.qr, layout.Left+layout.TextWidth-square, line+0.8, square, square)
	words := b.Words.Say("recap.page", "Page", strconv.Itoa(page), "Pages", strconv.Itoa(pages))
	if files > 1 {
		words += " · " + b.Words.Say("report.file", "File", strconv.Itoa(file), "Files", strconv.Itoa(files))
	}
	b.Font(layout.Plain, 8.5, layout.Black)
	b.Put(layout.Left+layout.TextWidth-square-3, at, 8.5, 1, words)
	b.Font(layout.Bold, 8.5, layout.Black)
	b.Put(layout.Left, at, 8.5, -1, b.r.Code)
	b.Font(layout.Plain, 7.5, layout.Grey)
	b.Put(layout.Left, at+4.6, 7.5, -1,
		b.Fit(b.Clean(b.Words.Say("report.foot", "Day", string(store.DayOf(b.r.At, b.r.At.Location())),
			"Code", b.r.Code)), layout.TextWidth-square-3))
	if page > 1 {
		b.Font(layout.Plain, 8, layout.Grey)
		b.Put(layout.Left, layout.Top-10, 8, -1, b.Fit(b.Clean(b.Doc.Title), layout.TextWidth))
		b.PDF.Line(layout.Left, layout.Top-5, layout.Left+layout.TextWidth, layout.Top-5)
	}
}

// words is a sentence of the template, which may speak of what every LPJ has.
func (b *binder) words(name string) string {
	r := b.r
	return b.Words.Say("report.text."+name, "Name", r.Name, "Group", r.Group, "Program", r.Program,
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
	b.NewPage()
	b.named(b.nextLabel(p), b.Words.Say("report.title."+p.Title))
}

// nextLabel is what a part is counted as: chapters, then attachments.
func (b *binder) nextLabel(p part) string {
	switch {
	case p.Kind == "chapter":
		b.chapters++
		return b.Words.Say("report.chapter", "Number", counted(b.t.Chapter, b.chapters), "By", b.t.Chapter)
	case p.Kind == "attachments":
		b.annexes = 1
	case b.annexes > 0:
		b.annexes++
		return b.Words.Say("report.annex", "Number", strconv.Itoa(b.annexes-1))
	}
	return ""
}

func (b *binder) named(label, title string) {
	b.marks = append(b.marks, mark{label, title, b.page()})
	if label != "" {
		b.Centred(layout.Bold, 10.5, layout.Grey, label)
		b.Down(0.8)
	}
	b.Centred(layout.Bold, 14, layout.Deep, title)
	b.Down(2)
	b.Rule(layout.Pale, 0.4)
	b.Down(5)
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
		return layout.Dash
	}
	return d.Time().Format("02/01/2006")
}
