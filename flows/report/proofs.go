package report

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/layout"
	"pendamping/store"
)

// shot is a proof to print with its words: a strong line, and others. One without a proof says why there is none.
type shot struct {
	proof Proof
	head  string
	words string
	none  string
}

// sheet is a picture on paper, or what stands in its place.
type sheet struct {
	name        string
	jpg         []byte
	wide, tall  int
	instead     string
	head, words string
}

// frame is the place of a picture, in millimetres.
type frame struct{ wide, tall float64 }

// Words under a picture, where four share a page.
const underLines = 3

func under() float64 { return underLines*layout.Leading(layout.Small) + 5 }

// frame is the largest that a picture of this template gets.
func (b *binder) frame() frame {
	if b.t.Pictures == 1 {
		return frame{layout.TextWidth, layout.PageHeight - layout.Top - layout.Bottom - 30}
	}
	return frame{(layout.TextWidth - 6) / 2, (layout.PageHeight-layout.Top-layout.Bottom)/2 - under()}
}

// atOnce is how many proofs are made ready together: they are small by then.
const atOnce = 2 * layout.InOneChild

// show prints proofs as the template has it: four to a page, or each on its own. While some are made ready, those
// before them are laid.
func (b *binder) show(ctx context.Context, list []shot) error {
	var page []sheet
	var ready [][]sheet
	lay := func() {
		for _, sh := range slices.Concat(ready...) {
			if page = append(page, sh); len(page) == b.t.Pictures {
				b.lay(page)
				page = page[:0]
			}
		}
	}
	for some := range slices.Chunk(list, atOnce) {
		if err := layout.Ended(ctx); err != nil {
			return err
		}
		groups := slices.Collect(slices.Chunk(some, layout.InOneChild))
		loaded, errs, jobs := make([][]sheet, len(groups)), make([]error, len(groups)), []func(){lay}
		for i, group := range groups {
			jobs = append(jobs, func() { loaded[i], errs[i] = b.load(ctx, group) })
		}
		b.p.All(jobs)
		if err := errors.Join(errs...); err != nil {
			return err
		}
		ready = loaded
	}
	lay()
	if len(page) > 0 {
		b.lay(page)
	}
	return layout.Ended(ctx)
}

// lay prints a page of pictures. The first one of a part stands under its title.
func (b *binder) lay(page []sheet) {
	bytes := int64(0)
	for _, s := range page {
		bytes += int64(len(s.jpg))
	}
	if b.RoomLeft() < 150 { // the page has its pictures, or much else
		b.coming = bytes
		b.NewPage()
	} else {
		b.pictures += bytes
	}
	if b.t.Pictures == 1 {
		b.layOne(page[0])
		return
	}
	f := frame{(layout.TextWidth - 6) / 2, b.RoomLeft()/2 - under()}
	y := b.Y()
	for i, s := range page {
		x, y := layout.Left+float64(i%2)*(f.wide+6), y+float64(i/2)*(f.tall+under())
		b.frameOf(s, x, y, f)
		at := y + f.tall + 1.5
		b.Font(layout.Bold, layout.Small, layout.Black)
		b.Put(x, at, layout.Small, -1, b.Fit(b.Clean(s.head), f.wide))
		b.Font(layout.Plain, layout.Small, layout.Grey)
		lines := b.Lines(s.words, f.wide)
		if len(lines) > underLines-1 {
			lines = append(lines[:underLines-2], b.Fit(lines[underLines-2]+" "+lines[underLines-1], f.wide-2))
		}
		for n, line := range lines {
			b.Put(x, at+float64(n+1)*layout.Leading(layout.Small), layout.Small, -1, line)
		}
	}
	b.PDF.SetY(layout.PageHeight - layout.Bottom)
}

func (b *binder) layOne(s sheet) {
	b.Write(layout.Bold, 10.5, layout.Black, s.head)
	b.Write(layout.Plain, 9.5, layout.Grey, s.words)
	b.Down(2)
	f := frame{layout.TextWidth, max(b.RoomLeft(), 60)}
	b.frameOf(s, layout.Left, b.Y(), f)
	b.PDF.SetY(layout.PageHeight - layout.Bottom)
}

func (b *binder) frameOf(s sheet, x, y float64, f frame) {
	b.FillColour(layout.Shade)
	b.PDF.Rect(x, y, f.wide, f.tall, "F")
	if s.jpg != nil {
		b.Place(s.name, s.jpg, s.wide, s.tall, x, y, f.wide, f.tall)
		return
	}
	b.Font(layout.Plain, 9, layout.Grey)
	lines := b.Lines(s.instead, f.wide-12)
	lines = lines[:min(len(lines), int(f.tall/layout.Leading(9))-1)]
	at := y + f.tall/2 - float64(len(lines))*layout.Leading(9)/2
	for n, line := range lines {
		b.Put(x+f.wide/2, at+float64(n)*layout.Leading(9), 9, 0, line)
	}
}

// load makes what is printed of proofs: of each one picture, those of a document's pages, or words that say where it
// is. It may run beside itself, so it leaves the document alone.
func (b *binder) load(ctx context.Context, list []shot) (sheets []sheet, err error) {
	f := b.frame()
	var raw []layout.Raw
	for _, s := range list {
		if s.none == "" {
			raw = append(raw, layout.Raw{SHA256: s.proof.SHA256, Wide: b.dots(f.wide), Tall: b.dots(f.tall)})
		}
	}
	done, err := b.p.MakeReady(ctx, raw)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		if s.none != "" {
			sheets = append(sheets, sheet{head: s.head, words: s.words, instead: s.none})
			continue
		}
		sheets = append(sheets, b.sheets(s, done[0])...)
		done = done[1:]
	}
	return sheets, nil
}

// sheets are the pictures of one proof, or the words in their place.
func (b *binder) sheets(s shot, r layout.Ready) (list []sheet) {
	say := b.Words.Say
	out := sheet{head: s.head, words: s.words}
	missing := say("report.proof.missing", "Name", s.proof.Name, "Hash", spaced(s.proof.SHA256))
	switch r.Failed {
	case "":
	case layout.NoTool:
		out.instead = say("report.proof.file", "Kind", strings.ToUpper(r.Kind), "Name", s.proof.Name,
			"Hash", spaced(s.proof.SHA256))
		return []sheet{out}
	default:
		out.instead = missing
		return []sheet{out}
	}
	for i, page := range r.Pages {
		sh := out
		sh.name = s.proof.SHA256 + "." + strconv.Itoa(i)
		if sh.jpg, sh.wide, sh.tall = page.JPG, page.Wide, page.Tall; page.Bytes == 0 {
			sh.jpg, sh.instead = nil, missing
		}
		if len(r.Pages) > 1 {
			rest := ""
			if r.More && i == len(r.Pages)-1 {
				rest = "more"
			}
			sh.head += " · " + say("report.proof.page", "Page", strconv.Itoa(i+1), "Pages", strconv.Itoa(len(r.Pages)),
				"More", rest)
		}
		list = append(list, sh)
	}
	return list
}

// dots is how many pixels a length on paper takes.
func (b *binder) dots(mm float64) int { return int(mm / 25.4 * float64(b.t.DPI)) }

// spaced is a hash that can be broken into lines.
func spaced(hash string) string {
	var groups []string
	for len(hash) > 8 {
		groups, hash = append(groups, hash[:8]), hash[8:]
	}
	return strings.Join(append(groups, hash), " ")
}

// proofs are the pictures of the notas, in the order of their numbers.
func (b *binder) proofs(ctx context.Context, p part) error {
	b.titled(p)
	var list []shot
	for _, n := range b.r.Notas {
		head := b.Words.Say("report.proof.head", "Number", strconv.Itoa(n.Number), "Day", short(n.Day),
			"Amount", n.Total.String(), "State", string(n.State))
		words := strings.Join(filled(n.Seller, b.items(n)), ": ")
		if b.t.Pictures == 1 {
			words += "\n" + strings.Join(filled(strings.ReplaceAll(b.paid(n), "\n", ", "),
				strings.ReplaceAll(b.stands(n), "\n", " "), n.Reason), " · ")
		}
		for i, proof := range n.Proofs {
			of := head
			if len(n.Proofs) > 1 {
				of += " " + b.Words.Say("report.proof.of", "Picture", strconv.Itoa(i+1),
					"Pictures", strconv.Itoa(len(n.Proofs)))
			}
			list = append(list, shot{proof: proof, head: of, words: strings.TrimSpace(words + " " + proof.Text)})
		}
		if len(n.Proofs) == 0 && n.State.Counts() {
			none := ""
			if n.Kind == store.KindNone {
				none = "none"
			}
			list = append(list, shot{
				head: head, words: words, none: b.Words.Say("report.proof.none", "Kind", none, "Words", n.Reason),
			})
		}
	}
	if len(list) == 0 {
		b.Paragraph(b.Words.Say("report.proofs.none"))
		return nil
	}
	return b.show(ctx, list)
}

// items names what was bought.
func (b *binder) items(n Nota) string {
	var list []string
	for _, it := range n.Items {
		list = append(list, filled(it.Item)...)
	}
	return strings.Join(list, ", ")
}

// photos are those of the tools or of the work.
func (b *binder) photos(ctx context.Context, p part) error {
	list := b.r.Activities
	if p.Kind == "tools" {
		list = b.r.Tools
	}
	b.titled(p)
	if len(list) == 0 {
		b.Paragraph(b.Words.Say("report.photos.none"))
		return nil
	}
	return b.show(ctx, b.numbered(list))
}

// numbered are pictures with their numbers and what was said with them.
func (b *binder) numbered(list []Proof) []shot {
	var shots []shot
	for i, proof := range list {
		day := ""
		if proof.Day.Valid() {
			day = short(proof.Day)
		}
		shots = append(shots, shot{proof: proof, words: cmp.Or(proof.Text, proof.Name),
			head: b.Words.Say("report.photo.head", "Number", strconv.Itoa(i+1), "Day", day)})
	}
	return shots
}

// deposits are what was paid back to the treasury, with the proofs.
func (b *binder) deposits(ctx context.Context, p part) error {
	say := b.Words.Say
	if len(b.r.Deposits) == 0 {
		return nil
	}
	b.titled(p)
	t := layout.Table{Columns: []layout.Column{
		{Head: say("recap.date"), Share: 24}, {
			Head: say("report.deposit.number"), Share: 44,
		}, {Head: say("report.item"), Share: 65},
		{Head: say("report.rupiah"), Share: 32, Right: true},
	}}
	var sum store.Rupiah
	var proofs []Proof
	for _, d := range b.r.Deposits {
		t.Rows = append(t.Rows, []string{
			short(d.Day), layout.OrDash(d.Number), layout.OrDash(d.Text), b.Words.Amount(d.Amount),
		})
		sum += d.Amount
		for _, proof := range d.Proofs {
			proof.Text = cmp.Or(proof.Text, say("report.tranche.value", "Amount", d.Amount.String(),
				"Day", string(d.Day)))
			proofs = append(proofs, proof)
		}
	}
	t.Sum = []string{"", "", say("recap.sum"), b.Words.Amount(sum)}
	b.Table(t)
	b.Note(say("report.words", "Amount", sum.String()))
	return b.show(ctx, b.numbered(proofs))
}

// signed are the pages with signatures and stamps, and the bound copies.
func (b *binder) signed(ctx context.Context, p part) error {
	list := b.r.papers()
	if len(list) == 0 {
		return nil
	}
	b.titled(p)
	return b.show(ctx, b.numbered(list))
}

// papers are all pictures of what was signed by hand.
func (r Report) papers() []Proof {
	list := slices.Concat(r.Extension.Proofs, r.Approval.Paper, r.Verified.Paper, r.Signed)
	for _, c := range r.HardCopies {
		list = append(list, c.Proofs...)
	}
	return list
}

// attachments lists what comes after it and what is kept beside it.
func (b *binder) attachments(_ context.Context, p part) error {
	say := b.Words.Say
	b.titled(p)
	t := layout.Table{Columns: []layout.Column{{Head: say("report.no"), Share: 12}, {
		Head: say("report.attachment"), Share: 75,
	},
		{Head: say("report.holds"), Share: 78}}}
	after := false
	for _, next := range b.t.Part {
		if after && b.holds(next) != "" {
			t.Rows = append(t.Rows, []string{
				strconv.Itoa(len(t.Rows) + 1), say("report.title." + next.Title), b.holds(next),
			})
		}
		after = after || next.Kind == p.Kind
	}
	b.Table(t)
	b.Down(2)
	b.Paragraph(say("report.originals", "Number", strconv.Itoa(len(b.r.originals())), "Code", b.r.Code))
	if b.r.Code != "" {
		b.Paragraph(say("report.verify", "Code", b.r.Code))
	}
	facts := []layout.Fact{{Name: say("report.hash"), Value: spaced(b.r.Hash())}}
	if b.r.Root.Hash != "" {
		facts = append(facts, layout.Fact{
			Name: say("report.root", "Day", string(b.r.Root.Day), "Hour", b.r.Root.Hour), Value: spaced(b.r.Root.Hash),
		})
	}
	for _, c := range b.r.HardCopies {
		facts = append(facts, layout.Fact{
			Name: say("report.copy"), Value: say("report.copy.value", "Place", c.Place, "Name", c.Holder,
				"Day", string(c.Day)),
		})
	}
	b.Facts(facts...)
	return nil
}

// holds is what a part has, in words; "" where it is not printed.
func (b *binder) holds(p part) string {
	pictures := func(n int) string { return b.Words.Say("report.holds.pictures", "Number", strconv.Itoa(n)) }
	switch p.Kind {
	case "plan":
		return b.Words.Say("report.holds.lines", "Number", strconv.Itoa(len(b.r.Lines)))
	case "book":
		return b.Words.Say("report.holds.rows", "Number", strconv.Itoa(len(b.r.Book)))
	case "notas":
		return b.Words.Say("report.holds.notas", "Number", strconv.Itoa(len(b.r.Notas)))
	case "proofs":
		n := 0
		for _, nota := range b.r.Notas {
			n += len(nota.Proofs)
		}
		return pictures(n)
	case "tools":
		return pictures(len(b.r.Tools))
	case "activities":
		return pictures(len(b.r.Activities))
	case "deposits":
		if len(b.r.Deposits) == 0 {
			return ""
		}
		return b.Words.Rupiah(b.r.Deposited)
	case "signed":
		if n := len(b.r.papers()); n > 0 {
			return pictures(n)
		}
		return ""
	}
	return layout.Dash
}
