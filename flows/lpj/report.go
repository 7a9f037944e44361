package lpj

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/flows/report"
	"pendamping/store"
)

// ReadReport is what a recipient's LPJ says now, all of it, and the same whoever asks. Code, link and time are those of
// its seal.
func ReadReport(ctx context.Context, tx store.Tx, set dialog.Setting, of store.Recipient) (report.Report, error) {
	l, err := Read(ctx, tx, of)
	if err != nil {
		return report.Report{}, err
	}
	p := printer{tx: tx, set: set, Report: l, names: map[store.ID]store.Person{}}
	return p.report(ctx)
}

// printer puts an LPJ into the words of its paper.
type printer struct {
	Report
	tx    store.Tx
	set   dialog.Setting
	names map[store.ID]store.Person
}

func (p *printer) report(ctx context.Context) (r report.Report, err error) {
	g, b := p.of, p.balance
	r = report.Report{
		Template: p.rules.Template, Program: p.rules.Name, Year: p.rules.Year, Edition: p.edition(),
		Name: g.Name, Group: g.Code, Single: g.Single, Village: g.Village, Regency: g.Regency, Province: g.Province,
		Wave:  g.Wave,
		Grant: g.Grant, From: g.Disbursed, To: p.rules.End(g.Disbursed), Due: p.due, Late: p.Report.report.Late,
		Received: b.Received, Spent: b.Spent, Fees: b.Fees, Refunds: b.Refunds, Deposited: b.Deposited, Left: b.Left,
		Lines: p.lines(), Pos: p.pos(), Book: p.rows(),
	}
	for _, code := range report.Outline(p.rules.Template) {
		r.Chapters = append(r.Chapters, report.Chapter{Code: code, Text: p.chapter(code).Text})
	}
	p.annex(&r)
	p.money(&r)
	if err := p.people(ctx, &r); err != nil {
		return r, err
	}
	for _, n := range p.notas {
		if n.State == store.Unfinished {
			continue
		}
		printed, err := p.nota(ctx, n)
		if err != nil {
			return r, err
		}
		r.Notas = append(r.Notas, printed)
	}
	return r, p.decisions(ctx, &r)
}

// say is a sentence in the language of the papers.
func (p *printer) say(id string, pairs ...string) string {
	return p.set.Words(dialog.DocumentLanguage, store.Say(id, pairs...))
}

func (p *printer) person(ctx context.Context, id store.ID) (store.Person, error) {
	if q, ok := p.names[id]; ok || id == 0 {
		return q, nil
	}
	q, err := p.tx.Person(ctx, id)
	p.names[id] = q
	return q, err
}

// people are the officers, how many members there are, and the mentor.
func (p *printer) people(ctx context.Context, r *report.Report) error {
	members, err := p.tx.Members(ctx, p.of.ID)
	if err != nil {
		return err
	}
	r.Members = len(members)
	for _, m := range members {
		p.names[m.ID] = m
		if !slices.Contains(dialog.Officers, m.Role) {
			continue
		}
		o := report.Officer{Role: m.Role, Name: m.Name}
		for _, id := range m.Sponsors {
			s, err := p.person(ctx, id)
			if err != nil {
				return err
			}
			if dialog.Verifies(s.Role) {
				o.Sponsors = append(o.Sponsors, p.say("report.sponsor", "Role", string(s.Role), "Name", s.Name,
					"Same", dialog.Mark(slices.Contains(s.Sponsors, m.ID))))
			}
		}
		r.Officers = append(r.Officers, o)
	}
	mentor, err := p.person(ctx, p.of.Mentor)
	r.Mentor, r.MentorCode, r.Organisation = mentor.Name, mentor.Code, mentor.Organisation
	return err
}

// money is what came and what was paid back, with its proof.
func (p *printer) money(r *report.Report) {
	for _, e := range p.entries {
		if e.State != store.EntryStands {
			continue
		}
		proofs := p.proofs("", func(f store.File) bool { return f.Entry == e.ID })
		switch e.Kind {
		case store.EntryGrant:
			r.Tranches = append(r.Tranches, report.Tranche{Day: e.Day, Amount: e.Amount, Text: e.Note, Proofs: proofs})
		case store.EntryDeposit:
			r.Deposits = append(r.Deposits, report.Deposit{Day: e.Day, Amount: e.Amount, Text: e.Note, Proofs: proofs})
		}
	}
}

// annex is what belongs to the LPJ and to no nota.
func (p *printer) annex(r *report.Report) {
	zone := dialog.Placed(p.of.Zone, p.set.Zone)
	for _, a := range p.annexes {
		day := store.DayOf(a.At, zone)
		proofs := p.proofs(a.Note, func(f store.File) bool { return f.ID == a.File })
		for i := range proofs {
			proofs[i].Day = day
		}
		bound := a.Edition == p.edition()
		switch {
		case a.Kind == store.AnnexTool:
			r.Tools = append(r.Tools, proofs...)
		case a.Kind == store.AnnexActivity:
			r.Activities = append(r.Activities, proofs...)
		case a.Kind == store.AnnexSigned && bound:
			r.Signed = append(r.Signed, proofs...)
		case a.Kind == store.AnnexCopy && bound:
			r.HardCopies = append(r.HardCopies, report.HardCopy{
				Place: a.Place, Holder: a.Note, Day: day, Proofs: proofs,
			})
		case a.Kind == store.AnnexExtension && a.Until > r.Extension.Until:
			r.Extension = report.Extension{Number: a.Number, Day: a.Day, Until: a.Until, Proofs: proofs}
		}
	}
}

// proofs are the files that show something, of those for which it holds.
func (p *printer) proofs(text string, of func(store.File) bool) []report.Proof {
	var list []report.Proof
	for _, f := range p.files {
		if f.Kind != "voice" && of(f) {
			list = append(list, report.Proof{SHA256: f.SHA256, Name: f.Name, Text: text})
		}
	}
	return list
}

// nota is a nota as it is printed.
func (p *printer) nota(ctx context.Context, n store.Receipt) (report.Nota, error) {
	zone := dialog.Placed(p.of.Zone, p.set.Zone)
	by, err := p.person(ctx, n.By)
	if err != nil {
		return report.Nota{}, err
	}
	out := report.Nota{
		Number: n.Number, State: n.State, Kind: n.Kind, Payment: n.Payment, Seller: n.Seller, Day: n.Day,
		Total: n.Total, Reason: n.Reason,
		By: by.Name, Behalf: n.Behalf, Proofs: p.proofs("", func(f store.File) bool { return f.Receipt == n.ID }),
	}
	for _, f := range n.Flags {
		out.Remarks = append(out.Remarks, p.say("receipt.flag."+f))
	}
	for _, it := range n.Items {
		out.Items = append(out.Items, report.Bought{
			Item: it.Item, Volume: it.Volume, Unit: it.Unit, Price: it.Price, Amount: it.Amount, Pos: it.Pos,
			Line: p.planned(it.Line) + 1,
		})
	}
	if n.State == store.Verified {
		judge, err := p.person(ctx, n.Review.By)
		if err != nil {
			return out, err
		}
		out.Verified = report.Decision{Name: judge.Name, Role: judge.Role, Day: store.DayOf(n.Review.At, zone)}
	}
	return out, nil
}

// planned is where in the RAB a line stands, from 0; -1 when it is not there.
func (p *printer) planned(id store.ID) int {
	return slices.IndexFunc(p.plan.Lines, func(l store.PlanLine) bool { return l.ID == id && id != 0 })
}

// lines are the RAB's with what was spent on them, and what was bought outside it by pos.
func (p *printer) lines() []report.Line {
	var list []report.Line
	for i, l := range p.plan.Lines {
		list = append(list, report.Line{
			Number: i + 1, Pos: l.Pos, Item: l.Item, Volume: l.Volume, Unit: l.Unit, Price: l.Price, Total: l.Amount(),
		})
	}
	outside := map[string]store.Rupiah{}
	var pos []string
	for _, n := range p.notas {
		if !n.State.Counts() {
			continue
		}
		for _, it := range n.Items {
			if i := p.planned(it.Line); i >= 0 {
				list[i].Spent += it.Amount
				continue
			}
			if _, ok := outside[it.Pos]; !ok {
				pos = append(pos, it.Pos)
			}
			outside[it.Pos] += it.Amount
		}
	}
	slices.Sort(pos)
	for _, name := range pos {
		list = append(list, report.Line{Pos: name, Spent: outside[name], Outside: true})
	}
	return list
}

// pos are those of the rules, then others that money was planned for or spent on, by name.
func (p *printer) pos() []report.Pos {
	planned, spent := map[string]store.Rupiah{}, map[string]store.Rupiah{}
	var names []string
	for _, s := range p.rules.Split {
		names = append(names, s.Pos)
	}
	known := len(names)
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, l := range p.plan.Lines {
		planned[l.Pos] += l.Amount()
		add(l.Pos)
	}
	for _, s := range p.balance.ByPos {
		spent[s.Pos] = s.Spent
		add(s.Pos)
	}
	slices.Sort(names[known:])
	var list []report.Pos
	for i, name := range names {
		row := report.Pos{Pos: name, Planned: planned[name], Spent: spent[name]}
		if i < known {
			row.Percent = p.rules.Split[i].Percent
			row.Allowed = p.of.Grant * store.Rupiah(row.Percent) / 100
		}
		list = append(list, row)
	}
	return list
}

// rows are the buku kas: by day, on a day money in before money out, entries before notas. Money drawn from the bank
// moves nothing.
func (p *printer) rows() []report.BookRow {
	type row struct {
		report.BookRow
		number int
		nota   bool
	}
	var list []row
	for _, e := range p.entries {
		if e.State != store.EntryStands {
			continue
		}
		r := row{number: e.Number}
		r.Day, r.Number, r.Text = e.Day, "M"+strconv.Itoa(e.Number), p.say("lpjbook."+string(e.Kind), "Note", e.Note)
		switch e.Kind {
		case store.EntryGrant, store.EntryRefund:
			r.In = e.Amount
		case store.EntryFee, store.EntryDeposit:
			r.Out = e.Amount
		}
		list = append(list, r)
	}
	for _, n := range p.notas {
		if !n.State.Counts() {
			continue
		}
		r := row{number: n.Number, nota: true}
		var items []string
		for _, it := range n.Items {
			if it.Item != "" {
				items = append(items, it.Item)
			}
		}
		r.Day, r.Number, r.Out = n.Day, strconv.Itoa(n.Number), n.Total
		r.Text = p.say("lpjbook.nota", "Seller", n.Seller, "Items", strings.Join(items, ", "))
		list = append(list, r)
	}
	after := func(is bool) int { return map[bool]int{true: 1}[is] }
	slices.SortFunc(list, func(a, b row) int {
		return cmp.Or(strings.Compare(string(a.Day), string(b.Day)), after(a.In == 0)-after(b.In == 0),
			after(a.nota)-after(b.nota), a.number-b.number)
	})
	var rows []report.BookRow
	var left store.Rupiah
	for _, r := range list {
		left += r.In - r.Out
		r.Balance = left
		rows = append(rows, r.BookRow)
	}
	return rows
}

// decisions are the mentor's and the ketua's.
func (p *printer) decisions(ctx context.Context, r *report.Report) error {
	zone := dialog.Placed(p.of.Zone, p.set.Zone)
	if at := p.Report.report; at.State.Closes() {
		by, err := p.person(ctx, at.Review.By)
		if err != nil {
			return err
		}
		r.Verified = report.Decision{Name: by.Name, Role: by.Role, Day: store.DayOf(at.Review.At, zone)}
	}
	if p.book != approval.BookStands {
		return nil
	}
	by, err := p.person(ctx, p.approval.By)
	if err != nil {
		return err
	}
	r.Approval = report.Decision{Name: by.Name, Role: by.Role, Day: store.DayOf(p.approval.At, zone)}
	if p.approval.Paper == 0 {
		return nil
	}
	r.Approval.Paper = p.proofs("", func(f store.File) bool { return f.ID == p.approval.Paper })
	for _, o := range r.Officers {
		if o.Role == store.Chair || o.Role == store.Owner {
			r.Approval.Name, r.Approval.Role = o.Name, o.Role
			break
		}
	}
	return nil
}
