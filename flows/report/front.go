package report

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"pendamping/flows/layout"
	"pendamping/store"
)

func (b *binder) cover(_ context.Context, p part) error {
	say, r := b.Words.Say, b.r
	b.NewPage()
	b.PDF.SetY(46)
	b.Centred(layout.Bold, 13, layout.Grey, say("report.cover.program", "Program", r.Program,
		"Year", strconv.Itoa(r.Year)))
	b.Down(8)
	b.bar()
	b.Down(9)
	b.Centred(layout.Bold, 25, layout.Deep, say("report.title."+p.Title))
	b.Down(2)
	b.Centred(layout.Plain, 11.5, layout.Black, say("report.cover.under", "Program", r.Program))
	b.Down(9)
	b.bar()
	b.PDF.SetY(142)
	b.Centred(layout.Bold, 19, layout.Black, r.Name)
	b.Down(1.5)
	b.Centred(layout.Plain, 11.5, layout.Grey, r.Group)
	b.Centred(layout.Plain, 11.5, layout.Black, r.place())
	b.PDF.SetY(max(b.Y()+8, 188))
	b.Centred(layout.Plain, 10.5, layout.Grey, say("report.cover.grant"))
	b.Centred(layout.Bold, 15, layout.Black, b.Words.Rupiah(r.Received))
	if r.From.Valid() && r.To.Valid() {
		b.Down(3)
		b.Centred(layout.Plain, 10.5, layout.Grey, say("recap.period.value", "From", string(r.From),
			"To", string(r.To)))
	}
	b.PDF.SetY(240)
	if r.Edition > 1 {
		b.Centred(layout.Plain, 10.5, layout.Black, say("report.edition", "Edition", strconv.Itoa(r.Edition)))
	}
	b.Centred(layout.Bold, 11.5, layout.Black, cmp.Or(r.Regency, r.Village))
	b.Centred(layout.Bold, 11.5, layout.Black, strconv.Itoa(r.At.Year()))
	return nil
}

// bar is a thick short line in the middle.
func (b *binder) bar() {
	b.DrawColour(layout.Deep)
	b.PDF.SetLineWidth(0.9)
	b.PDF.Line(layout.Left+layout.TextWidth/2-28, b.Y(), layout.Left+layout.TextWidth/2+28, b.Y())
}

func (b *binder) keepContents(_ context.Context, p part) error {
	b.titled(p)
	b.marks = b.marks[:len(b.marks)-1] // it does not list itself
	b.contents = b.page()
	return nil
}

// printContents lists the parts with their pages.
func (b *binder) printContents() {
	b.PDF.SetY(layout.Top + layout.Leading(14) + 10)
	for _, m := range b.marks {
		y, words := b.Y(), m.title
		b.Font(layout.Plain, 10.5, layout.Black)
		x := layout.Left
		if m.label != "" {
			b.Put(layout.Left, y, 10.5, -1, m.label)
			x += 27
		}
		words = b.Fit(b.Clean(words), layout.Left+layout.TextWidth-x-24)
		b.Put(x, y, 10.5, -1, words)
		end := layout.Left + layout.TextWidth - 12
		b.Put(layout.Left+layout.TextWidth, y, 10.5, 1, strconv.Itoa(m.page))
		dots := x + b.PDF.GetStringWidth(words) + 2
		b.Font(layout.Plain, 10.5, layout.Grey)
		if n := int((end - dots) / b.PDF.GetStringWidth(" .")); n > 0 {
			b.Put(end, y, 10.5, 1, strings.Repeat(" .", n))
		}
		b.Down(layout.Leading(10.5) + 2.2)
	}
}

func (b *binder) approval(_ context.Context, p part) error {
	b.titled(p)
	b.identity()
	b.Down(3)
	for _, name := range p.Text {
		b.prose(b.words(name))
	}
	role, name := b.r.leader()
	signers := []signer{{b.title(role), name, b.decided(b.r.Approval)}}
	if !b.r.Single {
		signers = append(signers, signer{b.title(store.Treasurer), b.r.officer(store.Treasurer), ""})
	}
	signers = append(signers, signer{b.Words.Say("report.sign.mentor"), b.r.Mentor, b.decided(b.r.Verified)})
	b.signatures(signers, false)
	return nil
}

// identity is who the LPJ is of, and what it is about.
func (b *binder) identity() {
	say, r := b.Words.Say, b.r
	list := []layout.Fact{
		{Name: say("report.name"), Value: r.Name}, {
			Name: say("recap.group.code"), Value: r.Group,
		}, {Name: say("report.place"), Value: layout.OrDash(r.place())},
	}
	for _, o := range r.Officers {
		list = append(list, layout.Fact{Name: b.title(o.Role), Value: b.appointed(o.Role, o.Name)})
	}
	if r.Members > 0 && !r.Single {
		list = append(list, layout.Fact{
			Name: say("report.members"), Value: say("report.members.value", "Number", strconv.Itoa(r.Members)),
		})
	}
	list = append(list, layout.Fact{
		Name: say("recap.mentor"), Value: layout.OrDash(strings.Join(filled(r.Mentor, r.MentorCode, r.Organisation),
			", ")),
	})
	if r.Bank != "" {
		list = append(list, layout.Fact{Name: say("report.bank"), Value: r.Bank})
	}
	list = append(list, layout.Fact{Name: say("report.grant"), Value: b.Words.Rupiah(r.Grant)})
	for i, t := range r.Tranches {
		words := say("report.tranche.value", "Amount", t.Amount.String(), "Day", string(t.Day))
		name := say("report.received")
		if len(r.Tranches) > 1 {
			name = say("report.tranche", "Number", strconv.Itoa(i+1))
		}
		list = append(list, layout.Fact{Name: name, Value: words})
	}
	if r.From.Valid() && r.To.Valid() {
		list = append(list, layout.Fact{
			Name: say("report.period"), Value: say("recap.period.value", "From", string(r.From), "To", string(r.To)),
		})
	}
	if r.Due.Valid() {
		late := ""
		if r.Late {
			late = "late"
		}
		list = append(list, layout.Fact{
			Name: say("report.due"), Value: say("report.due.value", "Day", string(r.Due), "Late", late),
		})
	}
	if e := r.Extension; e.Until.Valid() {
		list = append(list, layout.Fact{Name: say("report.extension"), Value: say("report.extension.value",
			"Number", e.Number,
			"Day", string(e.Day), "Until", string(e.Until))})
	}
	b.Facts(list...)
}

// filled are the words that are not empty.
func filled(words ...string) []string {
	var list []string
	for _, w := range words {
		if strings.TrimSpace(w) != "" {
			list = append(list, w)
		}
	}
	return list
}

// appointed is an officer's name, with who of the programme proposed them, helped them in, or is the same human.
func (b *binder) appointed(role store.Role, name string) string {
	var by []string
	for _, o := range b.r.Officers {
		if o.Role == role && o.Name == name {
			by = o.Sponsors
		}
	}
	return b.Words.Say("report.officer", "Name", name, "Sponsors", strings.Join(by, "; "))
}

// title is a role with a capital letter.
func (b *binder) title(r store.Role) string { return b.Words.Say("report.role", "Role", string(r)) }

// decided is a decision in words; "" for none.
func (b *binder) decided(d Decision) string {
	if d.Name == "" {
		return ""
	}
	paper := ""
	if len(d.Paper) > 0 {
		paper = "paper"
	}
	return b.Words.Say("report.decided", "Name", d.Name, "Day", string(d.Day), "Paper", paper)
}

func (b *binder) chapter(_ context.Context, p part) error {
	if b.t.Chapter == "letter" && b.chapters > 0 {
		b.Need(60)
		b.Down(6)
	} else {
		b.NewPage()
	}
	label, title := b.nextLabel(p), b.Words.Say("report.title."+p.Title)
	if b.t.Chapter == "letter" {
		b.marks = append(b.marks, mark{label, title, b.page()})
		b.Write(layout.Bold, 13, layout.Deep, label+" "+title)
		b.Down(2.5)
	} else {
		b.named(label, strings.ToUpper(title))
	}
	for i, code := range p.Sections {
		if len(p.Sections) > 1 {
			b.Need(24)
			b.Write(layout.Bold, 11, layout.Black, b.Words.Say("report.section", "Number", strconv.Itoa(i+1),
				"Title", b.Words.Say("report.section."+code)))
			b.Down(1.2)
		}
		text := ""
		for _, c := range b.r.Chapters {
			if c.Code == code {
				text = c.Text
			}
		}
		if strings.TrimSpace(text) == "" {
			b.Note(b.Words.Say("report.empty"))
			b.Down(2)
			continue
		}
		for part := range strings.SplitSeq(text, "\n") {
			if strings.TrimSpace(part) != "" {
				b.prose(part)
			}
		}
		b.Down(2)
	}
	return nil
}

// prose is a paragraph to be read rather than looked up.
func (b *binder) prose(words string) {
	b.Font(layout.Plain, 11, layout.Black)
	lines := b.Lines(words, layout.TextWidth)
	for i, line := range lines {
		// No single line of a paragraph stands alone at the end or the head of a page.
		if room := b.RoomLeft(); room < 6 || room < 12 && len(lines) > 1 && (i == 0 || i == len(lines)-2) {
			b.NewPage()
			b.Font(layout.Plain, 11, layout.Black)
		}
		b.Put(layout.Left, b.Y(), 11, -1, line)
		b.Down(6)
	}
	b.Down(2.4)
}

// signer signs, with what there is to say under the name.
type signer struct{ role, name, note string }

// signatures leaves places to sign side by side; the last one may have a place for the meterai.
func (b *binder) signatures(list []signer, meterai bool) {
	each := layout.TextWidth / float64(max(len(list), 2))
	b.Need(66)
	b.Down(5)
	b.Font(layout.Plain, 10, layout.Black)
	first := layout.Left + layout.TextWidth - each*float64(len(list))
	b.Put(layout.Left+layout.TextWidth-each, b.Y(), 10, -1,
		b.Fit(b.Clean(b.Words.Say("report.sign.place", "Place", cmp.Or(b.r.Regency, b.r.Village))), each))
	b.Down(layout.Leading(10) + 1)
	y := b.Y()
	for i, s := range list {
		x := first + each*float64(i)
		b.column(x, y, each-5, layout.Plain, 10, layout.Black, s.role)
		if meterai && i == len(list)-1 {
			b.meterai(x, y+9)
		}
		end := b.column(x, y+35, each-5, layout.Bold, 10, layout.Black, cmp.Or(s.name, "("+strings.Repeat(".", 32)+")"))
		b.column(x, end+0.6, each-5, layout.Plain, 8, layout.Grey, s.note)
	}
	b.PDF.SetY(y + 54)
}

// column writes words in a column from y down, and tells where they end.
func (b *binder) column(x, y, width float64, style string, points float64, c layout.Colour, words string) float64 {
	b.Font(style, points, c)
	for _, line := range b.Lines(words, width) {
		b.Put(x, y, points, -1, line)
		y += layout.Leading(points)
	}
	return y
}

// meterai is the place for a duty stamp, which every statement needs (UU 10/2020).
func (b *binder) meterai(x, y float64) {
	b.DrawColour(layout.Grey)
	b.PDF.SetLineWidth(0.3)
	b.PDF.SetDashPattern([]float64{1.2, 1}, 0)
	b.PDF.Rect(x, y, 30, 22, "D")
	b.PDF.SetDashPattern([]float64{}, 0)
	b.Font(layout.Plain, 8, layout.Grey)
	for i, line := range b.Lines(b.Words.Say("report.meterai"), 28) {
		b.Put(x+15, y+7+float64(i)*layout.Leading(8), 8, 0, line)
	}
}

func (b *binder) statement(_ context.Context, p part) error {
	say, r := b.Words.Say, b.r
	b.titled(p)
	role, name := r.leader()
	b.prose(say("report.statement.who"))
	b.Facts(layout.Fact{
		Name: say("report.statement.name"), Value: layout.OrDash(b.appointed(role, name)),
	}, layout.Fact{Name: say("report.statement.role"), Value: b.title(role)},
		layout.Fact{
			Name: say("report.name"), Value: r.Name + " (" + r.Group + ")",
		}, layout.Fact{Name: say("report.place"), Value: layout.OrDash(r.place())})
	b.Down(3)
	b.prose(say("report.statement.say"))
	for i, name := range p.Text {
		b.Font(layout.Plain, 11, layout.Black)
		lines := b.Lines(b.words(name), layout.TextWidth-8)
		b.Need(float64(len(lines)) * 6)
		b.Font(layout.Plain, 11, layout.Black)
		b.Put(layout.Left, b.Y(), 11, -1, strconv.Itoa(i+1)+".")
		for _, line := range lines {
			b.Put(layout.Left+8, b.Y(), 11, -1, line)
			b.Down(6)
		}
		b.Down(2)
	}
	b.prose(say("report.statement.end"))
	b.signatures([]signer{{b.title(role), name, b.decided(r.Approval)}}, true)
	return nil
}
