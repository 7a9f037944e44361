package report

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"pendamping/flows/layout"
	"pendamping/store"
)

// plan is the RAB against what was spent, by line and by pos, and the money added up.
func (b *binder) plan(_ context.Context, p part) error {
	say, amount := b.Words.Say, b.Words.Amount
	b.titled(p)
	for _, name := range p.Text {
		b.Paragraph(b.words(name))
	}
	t := layout.Table{Columns: []layout.Column{
		{Head: say("report.no"), Share: 9}, {Head: say("report.item"), Share: 50}, {
			Head: say("report.volume"), Share: 21, Right: true,
		},
		{Head: say("report.price"), Share: 21, Right: true}, {Head: say("report.planned"), Share: 22, Right: true},
		{Head: say("report.spent"), Share: 22, Right: true}, {Head: say("report.difference"), Share: 21, Right: true},
	}}
	var planned, spent store.Rupiah
	for i, l := range b.r.Lines {
		if i == 0 || l.Pos != b.r.Lines[i-1].Pos {
			t.Add("", b.pos(l.Pos))
		}
		no, item, volume, price := strconv.Itoa(l.Number), l.Item, b.volume(l.Volume, l.Unit), amount(l.Price)
		if l.Outside {
			no, item, volume, price = "", cmp.Or(l.Item, say("report.outside")), "", ""
		}
		if l.Reason != "" {
			item += "\n" + say("report.reason", "Words", l.Reason)
		}
		t.Rows = append(t.Rows, []string{
			no, item, volume, price, amount(l.Total), amount(l.Spent), amount(l.Total - l.Spent),
		})
		planned, spent = planned+l.Total, spent+l.Spent
	}
	if b.r.Fees != 0 {
		t.Rows = append(t.Rows, []string{"", say("report.fees"), "", "", "", amount(b.r.Fees), ""})
	}
	if b.r.Refunds != 0 {
		t.Rows = append(t.Rows, []string{"", say("report.refunds"), "", "", "", amount(-b.r.Refunds), ""})
	}
	spent += b.r.Fees - b.r.Refunds
	t.Sum = []string{"", say("recap.sum"), "", "", amount(planned), amount(spent), amount(planned - spent)}
	if len(b.r.Lines) == 0 {
		b.Paragraph(say("report.plan.none"))
	} else {
		b.Table(t)
	}
	b.byPos()
	b.reconciled()
	return nil
}

// pos is a pos by its name.
func (b *binder) pos(code string) string {
	for _, p := range b.r.Pos {
		if p.Pos == code {
			return cmp.Or(p.Name, p.Pos)
		}
	}
	return cmp.Or(code, layout.Dash)
}

func (b *binder) volume(v store.Volume, unit string) string {
	if v == 0 {
		return unit
	}
	return b.Words.Say("report.volume.value", "Volume", v.String(), "Unit", unit)
}

func (b *binder) byPos() {
	say, amount := b.Words.Say, b.Words.Amount
	if len(b.r.Pos) == 0 {
		return
	}
	t := layout.Table{Columns: []layout.Column{
		{Head: say("report.pos"), Share: 38}, {
			Head: say("report.rule"), Share: 20, Right: true,
		}, {Head: say("report.allowed"), Share: 27, Right: true},
		{Head: say("report.planned"), Share: 27, Right: true}, {Head: say("report.spent"), Share: 27, Right: true},
		{Head: say("report.difference"), Share: 26, Right: true},
	}}
	var planned, spent store.Rupiah
	for _, p := range b.r.Pos {
		rule, allowed, left := layout.Dash, layout.Dash, p.Planned-p.Spent
		if p.Percent > 0 || p.Allowed > 0 {
			rule, allowed = say("recap.percent", "Percent", strconv.Itoa(p.Percent)), amount(p.Allowed)
		}
		t.Rows = append(t.Rows, []string{
			cmp.Or(p.Name, p.Pos), rule, allowed, amount(p.Planned), amount(p.Spent), amount(left),
		})
		planned, spent = planned+p.Planned, spent+p.Spent
	}
	t.Sum = []string{say("recap.sum"), "", "", amount(planned), amount(spent), amount(planned - spent)}
	b.Subheading(say("report.bypos"), 30)
	b.Table(t)
}

// reconciled shows that what came in is what was spent, what was paid back and what is left.
func (b *binder) reconciled() {
	say, amount, r := b.Words.Say, b.Words.Amount, b.r
	t := layout.Table{
		Columns: []layout.Column{
			{Head: say("report.sums"), Share: 120}, {Head: say("report.rupiah"), Share: 45, Right: true},
		},
	}
	t.Add(say("report.received"), amount(r.Received))
	t.Rows = append(t.Rows, []string{say("report.spent.net"), amount(r.Spent)}, []string{
		say("report.deposited"), amount(r.Deposited),
	},
		[]string{say("report.left"), amount(r.Left)})
	t.Sum = []string{say("report.accounted"), amount(r.Spent + r.Deposited + r.Left)}
	b.Subheading(say("report.reconciled"), 40)
	b.Table(t)
	b.Note(say("report.words", "Amount", r.Received.String()))
}

// book is the buku kas.
func (b *binder) book(_ context.Context, p part) error {
	say, amount := b.Words.Say, b.Words.Amount
	b.titled(p)
	t := layout.Table{Columns: []layout.Column{
		{Head: say("report.no"), Share: 10}, {Head: say("recap.date"), Share: 20},
		{Head: say("report.proof"), Share: 17}, {Head: say("report.item"), Share: 55},
		{Head: say("report.in"), Share: 21, Right: true}, {Head: say("report.out"), Share: 21, Right: true},
		{Head: say("report.balance"), Share: 21, Right: true},
	}}
	var in, out, balance store.Rupiah
	for i, row := range b.r.Book {
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), short(row.Day), row.Number, row.Text, b.some(row.In),
			b.some(row.Out), amount(row.Balance)})
		in, out, balance = in+row.In, out+row.Out, row.Balance
	}
	if len(t.Rows) == 0 {
		b.Paragraph(say("report.book.none"))
		return nil
	}
	t.Sum = []string{"", "", "", say("recap.sum"), amount(in), amount(out), amount(balance)}
	b.Table(t)
	return nil
}

// some is an amount, nothing for none.
func (b *binder) some(r store.Rupiah) string {
	if r == 0 {
		return ""
	}
	return b.Words.Amount(r)
}

// notas lists the notas with what was bought.
func (b *binder) notas(_ context.Context, p part) error {
	say := b.Words.Say
	b.titled(p)
	t := layout.Table{Columns: []layout.Column{
		{Head: say("report.nota"), Share: 12}, {Head: say("recap.date"), Share: 20},
		{Head: say("report.bought"), Share: 64},
		{Head: say("report.kind"), Share: 24}, {
			Head: say("report.total"), Share: 20, Right: true,
		}, {Head: say("recap.state"), Share: 25},
	}}
	var sum store.Rupiah
	for _, n := range b.r.Notas {
		if n.State.Counts() {
			sum += n.Total
		}
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(n.Number), short(n.Day), b.bought(n), b.paid(n), b.Words.Amount(n.Total), b.stands(n),
		})
	}
	if len(t.Rows) == 0 {
		b.Paragraph(say("report.notas.none"))
		return nil
	}
	t.Sum = []string{"", "", say("report.notas.sum"), "", b.Words.Amount(sum), ""}
	b.Table(t)
	return nil
}

// bought is who sold what, with what there is to remark.
func (b *binder) bought(n Nota) string {
	list := []string{layout.OrDash(n.Seller)}
	for _, it := range n.Items {
		list = append(list, "• "+b.Words.Say("report.bought.item", "Item", it.Item,
			"Volume", b.volume(it.Volume, it.Unit), "Price", it.Price.String(),
			"Amount", it.Amount.String(), "Line", orNone(it.Line)))
	}
	if n.Reason != "" {
		list = append(list, b.Words.Say("report.reason", "Words", n.Reason))
	}
	if n.By != "" && n.Behalf {
		list = append(list, b.Words.Say("report.behalf", "Name", n.By))
	}
	return strings.Join(append(list, n.Remarks...), "\n")
}

// paid is the kind of proof and the way of payment.
func (b *binder) paid(n Nota) string {
	kind, way := "", ""
	if n.Kind != "" {
		kind = b.Words.OrCode("kind."+string(n.Kind), string(n.Kind))
	}
	if n.Payment != "" {
		way = b.Words.OrCode("payment."+n.Payment, n.Payment)
	}
	return layout.OrDash(strings.Join(filled(kind, way), "\n"))
}

// stands is how far a nota has come.
func (b *binder) stands(n Nota) string {
	return b.Words.Say("report.state", "State", string(n.State), "Name", n.Verified.Name, "Day", short(n.Verified.Day))
}

// orNone is a number, nothing for 0.
func orNone(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
