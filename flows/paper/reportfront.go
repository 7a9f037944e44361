package paper

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"pendamping/store"
)

func (b *binder) cover(_ context.Context, p part) error {
	say, r := b.say.say, b.r
	b.newPage()
	b.pdf.SetY(46)
	b.centred(bold, 13, grey, say("report.cover.program", "Program", r.Program, "Year", strconv.Itoa(r.Year)))
	b.down(8)
	b.bar()
	b.down(9)
	b.centred(bold, 25, deep, say("report.title."+p.Title))
	b.down(2)
	b.centred(plain, 11.5, black, say("report.cover.under", "Program", r.Program))
	b.down(9)
	b.bar()
	b.pdf.SetY(142)
	b.centred(bold, 19, black, r.Name)
	b.down(1.5)
	b.centred(plain, 11.5, grey, r.Group)
	b.centred(plain, 11.5, black, r.place())
	b.pdf.SetY(max(b.y()+8, 188))
	b.centred(plain, 10.5, grey, say("report.cover.grant"))
	b.centred(bold, 15, black, b.say.rupiah(r.Received))
	if r.From.Valid() && r.To.Valid() {
		b.down(3)
		b.centred(plain, 10.5, grey, say("recap.period.value", "From", string(r.From), "To", string(r.To)))
	}
	b.pdf.SetY(240)
	if r.Edition > 1 {
		b.centred(plain, 10.5, black, say("report.edition", "Edition", strconv.Itoa(r.Edition)))
	}
	b.centred(bold, 11.5, black, cmp.Or(r.Regency, r.Village))
	b.centred(bold, 11.5, black, strconv.Itoa(r.At.Year()))
	return nil
}

// bar is a thick short line in the middle.
func (b *binder) bar() {
	b.draw(deep)
	b.pdf.SetLineWidth(0.9)
	b.pdf.Line(left+wide/2-28, b.y(), left+wide/2+28, b.y())
}

func (b *binder) keepContents(_ context.Context, p part) error {
	b.titled(p)
	b.marks = b.marks[:len(b.marks)-1] // it does not list itself
	b.contents = b.page()
	return nil
}

// printContents lists the parts with their pages.
func (b *binder) printContents() {
	b.pdf.SetY(top + leading(14) + 10)
	for _, m := range b.marks {
		y, words := b.y(), m.title
		b.font(plain, 10.5, black)
		x := left
		if m.label != "" {
			b.put(left, y, 10.5, -1, m.label)
			x += 27
		}
		words = b.fit(b.clean(words), left+wide-x-24)
		b.put(x, y, 10.5, -1, words)
		end := left + wide - 12
		b.put(left+wide, y, 10.5, 1, strconv.Itoa(m.page))
		dots := x + b.pdf.GetStringWidth(words) + 2
		b.font(plain, 10.5, grey)
		if n := int((end - dots) / b.pdf.GetStringWidth(" .")); n > 0 {
			b.put(end, y, 10.5, 1, strings.Repeat(" .", n))
		}
		b.down(leading(10.5) + 2.2)
	}
}

func (b *binder) approval(_ context.Context, p part) error {
	b.titled(p)
	b.identity()
	b.down(3)
	for _, name := range p.Text {
		b.prose(b.words(name))
	}
	role, name := b.r.leader()
	signers := []signer{{b.title(role), name, b.decided(b.r.Approval)}}
	if !b.r.Single {
		signers = append(signers, signer{b.title(store.Treasurer), b.r.officer(store.Treasurer), ""})
	}
	signers = append(signers, signer{b.say.say("report.sign.mentor"), b.r.Mentor, b.decided(b.r.Verified)})
	b.signatures(signers, false)
	return nil
}

// identity is who the LPJ is of, and what it is about.
func (b *binder) identity() {
	say, r := b.say.say, b.r
	list := []fact{
		{say("report.name"), r.Name}, {say("recap.group.code"), r.Group}, {say("report.place"), orDash(r.place())},
	}
	for _, o := range r.Officers {
		list = append(list, fact{b.title(o.Role), b.appointed(o.Role, o.Name)})
	}
	if r.Members > 0 && !r.Single {
		list = append(list, fact{say("report.members"), say("report.members.value", "Number", strconv.Itoa(r.Members))})
	}
	list = append(list, fact{
		say("recap.mentor"), orDash(strings.Join(filled(r.Mentor, r.MentorCode, r.Organisation), ", ")),
	})
	if r.Bank != "" {
		list = append(list, fact{say("report.bank"), r.Bank})
	}
	list = append(list, fact{say("report.grant"), b.say.rupiah(r.Grant)})
	for i, t := range r.Tranches {
		words := say("report.tranche.value", "Amount", t.Amount.String(), "Day", string(t.Day))
		name := say("report.received")
		if len(r.Tranches) > 1 {
			name = say("report.tranche", "Number", strconv.Itoa(i+1))
		}
		list = append(list, fact{name, words})
	}
	if r.From.Valid() && r.To.Valid() {
		list = append(list, fact{
			say("report.period"), say("recap.period.value", "From", string(r.From), "To", string(r.To)),
		})
	}
	if r.Due.Valid() {
		late := ""
		if r.Late {
			late = "late"
		}
		list = append(list, fact{say("report.due"), say("report.due.value", "Day", string(r.Due), "Late", late)})
	}
	if e := r.Extension; e.Until.Valid() {
		list = append(list, fact{say("report.extension"), say("report.extension.value", "Number", e.Number,
			"Day", string(e.Day), "Until", string(e.Until))})
	}
	b.facts(list...)
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
	return b.say.say("report.officer", "Name", name, "Sponsors", strings.Join(by, "; "))
}

// title is a role with a capital letter.
func (b *binder) title(r store.Role) string { return b.say.say("report.role", "Role", string(r)) }

// decided is a decision in words; "" for none.
func (b *binder) decided(d Decision) string {
	if d.Name == "" {
		return ""
	}
	paper := ""
	if len(d.Paper) > 0 {
		paper = "paper"
	}
	return b.say.say("report.decided", "Name", d.Name, "Day", string(d.Day), "Paper", paper)
}

func (b *binder) chapter(_ context.Context, p part) error {
	if b.t.Chapter == "letter" && b.chapters > 0 {
		b.need(60)
		b.down(6)
	} else {
		b.newPage()
	}
	label, title := b.nextLabel(p), b.say.say("report.title."+p.Title)
	if b.t.Chapter == "letter" {
		b.marks = append(b.marks, mark{label, title, b.page()})
		b.write(bold, 13, deep, label+" "+title)
		b.down(2.5)
	} else {
		b.named(label, strings.ToUpper(title))
	}
	for i, code := range p.Sections {
		if len(p.Sections) > 1 {
			b.need(24)
			b.write(bold, 11, black, b.say.say("report.section", "Number", strconv.Itoa(i+1),
				"Title", b.say.say("report.section."+code)))
			b.down(1.2)
		}
		text := ""
		for _, c := range b.r.Chapters {
			if c.Code == code {
				text = c.Text
			}
		}
		if strings.TrimSpace(text) == "" {
			b.note(b.say.say("report.empty"))
			b.down(2)
			continue
		}
		for part := range strings.SplitSeq(text, "\n") {
			if strings.TrimSpace(part) != "" {
				b.prose(part)
			}
		}
		b.down(2)
	}
	return nil
}

// prose is a paragraph to be read rather than looked up.
func (b *binder) prose(words string) {
	b.font(plain, 11, black)
	lines := b.lines(words, wide)
	for i, line := range lines {
		// No single line of a paragraph stands alone at the end or the head of a page.
		if room := b.room(); room < 6 || room < 12 && len(lines) > 1 && (i == 0 || i == len(lines)-2) {
			b.newPage()
			b.font(plain, 11, black)
		}
		b.put(left, b.y(), 11, -1, line)
		b.down(6)
	}
	b.down(2.4)
}

// signer signs, with what there is to say under the name.
type signer struct{ role, name, note string }

// signatures leaves places to sign side by side; the last one may have a place for the meterai.
func (b *binder) signatures(list []signer, meterai bool) {
	each := wide / float64(max(len(list), 2))
	b.need(66)
	b.down(5)
	b.font(plain, 10, black)
	first := left + wide - each*float64(len(list))
	b.put(left+wide-each, b.y(), 10, -1,
		b.fit(b.clean(b.say.say("report.sign.place", "Place", cmp.Or(b.r.Regency, b.r.Village))), each))
	b.down(leading(10) + 1)
	y := b.y()
	for i, s := range list {
		x := first + each*float64(i)
		b.column(x, y, each-5, plain, 10, black, s.role)
		if meterai && i == len(list)-1 {
			b.meterai(x, y+9)
		}
		end := b.column(x, y+35, each-5, bold, 10, black, cmp.Or(s.name, "("+strings.Repeat(".", 32)+")"))
		b.column(x, end+0.6, each-5, plain, 8, grey, s.note)
	}
	b.pdf.SetY(y + 54)
}

// column writes words in a column from y down, and tells where they end.
func (b *binder) column(x, y, width float64, style string, points float64, c colour, words string) float64 {
	b.font(style, points, c)
	for _, line := range b.lines(words, width) {
		b.put(x, y, points, -1, line)
		y += leading(points)
	}
	return y
}

// meterai is the place for a duty stamp, which every statement needs (UU 10/2020).
func (b *binder) meterai(x, y float64) {
	b.draw(grey)
	b.pdf.SetLineWidth(0.3)
	b.pdf.SetDashPattern([]float64{1.2, 1}, 0)
	b.pdf.Rect(x, y, 30, 22, "D")
	b.pdf.SetDashPattern([]float64{}, 0)
	b.font(plain, 8, grey)
	for i, line := range b.lines(b.say.say("report.meterai"), 28) {
		b.put(x+15, y+7+float64(i)*leading(8), 8, 0, line)
	}
}

func (b *binder) statement(_ context.Context, p part) error {
	say, r := b.say.say, b.r
	b.titled(p)
	role, name := r.leader()
	b.prose(say("report.statement.who"))
	b.facts(fact{
		say("report.statement.name"), orDash(b.appointed(role, name)),
	}, fact{say("report.statement.role"), b.title(role)},
		fact{say("report.name"), r.Name + " (" + r.Group + ")"}, fact{say("report.place"), orDash(r.place())})
	b.down(3)
	b.prose(say("report.statement.say"))
	for i, name := range p.Text {
		b.font(plain, 11, black)
		lines := b.lines(b.words(name), wide-8)
		b.need(float64(len(lines)) * 6)
		b.font(plain, 11, black)
		b.put(left, b.y(), 11, -1, strconv.Itoa(i+1)+".")
		for _, line := range lines {
			b.put(left+8, b.y(), 11, -1, line)
			b.down(6)
		}
		b.down(2)
	}
	b.prose(say("report.statement.end"))
	b.signatures([]signer{{b.title(role), name, b.decided(r.Approval)}}, true)
	return nil
}
