package paper

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"pendamping/store"
)

// plan is the RAB against what was spent, by line and by pos, and the money added up.
func (b *binder) plan(_ context.Context, p part) error {
	say, amount := b.say.say, b.say.amount
	b.titled(p)
	for _, name := range p.Text {
		b.paragraph(b.words(name))
	}
	t := table{columns: []column{
		{head: say("report.no"), share: 9}, {head: say("report.item"), share: 50}, {
			head: say("report.volume"), share: 21, right: true,
		},
		{head: say("report.price"), share: 21, right: true}, {head: say("report.planned"), share: 22, right: true},
		{head: say("report.spent"), share: 22, right: true}, {head: say("report.difference"), share: 21, right: true},
	}}
	var planned, spent store.Rupiah
	for i, l := range b.r.Lines {
		if i == 0 || l.Pos != b.r.Lines[i-1].Pos {
			t.add("", b.pos(l.Pos))
		}
		no, item, volume, price := strconv.Itoa(l.Number), l.Item, b.volume(l.Volume, l.Unit), amount(l.Price)
		if l.Outside {
			no, item, volume, price = "", cmp.Or(l.Item, say("report.outside")), "", ""
		}
		if l.Reason != "" {
			item += "\n" + say("report.reason", "Words", l.Reason)
		}
		t.rows = append(t.rows, []string{
			no, item, volume, price, amount(l.Total), amount(l.Spent), amount(l.Total - l.Spent),
		})
		planned, spent = planned+l.Total, spent+l.Spent
	}
	if b.r.Fees != 0 {
		t.rows = append(t.rows, []string{"", say("report.fees"), "", "", "", amount(b.r.Fees), ""})
	}
	if b.r.Refunds != 0 {
		t.rows = append(t.rows, []string{"", say("report.refunds"), "", "", "", amount(-b.r.Refunds), ""})
	}
	spent += b.r.Fees - b.r.Refunds
	t.sum = []string{"", say("recap.sum"), "", "", amount(planned), amount(spent), amount(planned - spent)}
	if len(b.r.Lines) == 0 {
		b.paragraph(say("report.plan.none"))
	} else {
		b.table(t)
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
	return cmp.Or(code, dash)
}

func (b *binder) volume(v store.Volume, unit string) string {
	if v == 0 {
		return unit
	}
	return b.say.say("report.volume.value", "Volume", v.String(), "Unit", unit)
}

func (b *binder) byPos() {
	say, amount := b.say.say, b.say.amount
	if len(b.r.Pos) == 0 {
		return
	}
	t := table{columns: []column{
		{head: say("report.pos"), share: 38}, {
			head: say("report.rule"), share: 20, right: true,
		}, {head: say("report.allowed"), share: 27, right: true},
		{head: say("report.planned"), share: 27, right: true}, {head: say("report.spent"), share: 27, right: true},
		{head: say("report.difference"), share: 26, right: true},
	}}
	var planned, spent store.Rupiah
	for _, p := range b.r.Pos {
		rule, allowed, left := dash, dash, p.Planned-p.Spent
		if p.Percent > 0 || p.Allowed > 0 {
			rule, allowed = say("recap.percent", "Percent", strconv.Itoa(p.Percent)), amount(p.Allowed)
		}
		t.rows = append(t.rows, []string{
			cmp.Or(p.Name, p.Pos), rule, allowed, amount(p.Planned), amount(p.Spent), amount(left),
		})
		planned, spent = planned+p.Planned, spent+p.Spent
	}
	t.sum = []string{say("recap.sum"), "", "", amount(planned), amount(spent), amount(planned - spent)}
	b.subheading(say("report.bypos"), 30)
	b.table(t)
}

// reconciled shows that what came in is what was spent, what was paid back and what is left.
func (b *binder) reconciled() {
	say, amount, r := b.say.say, b.say.amount, b.r
	t := table{
		columns: []column{{head: say("report.sums"), share: 120}, {head: say("report.rupiah"), share: 45, right: true}},
	}
	t.add(say("report.received"), amount(r.Received))
	t.rows = append(t.rows, []string{say("report.spent.net"), amount(r.Spent)}, []string{
		say("report.deposited"), amount(r.Deposited),
	},
		[]string{say("report.left"), amount(r.Left)})
	t.sum = []string{say("report.accounted"), amount(r.Spent + r.Deposited + r.Left)}
	b.subheading(say("report.reconciled"), 40)
	b.table(t)
	b.note(say("report.words", "Amount", r.Received.String()))
}

// book is the buku kas.
func (b *binder) book(_ context.Context, p part) error {
	say, amount := b.say.say, b.say.amount
	b.titled(p)
	t := table{columns: []column{
		{head: say("report.no"), share: 10}, {head: say("recap.date"), share: 20},
		{head: say("report.proof"), share: 17}, {head: say("report.item"), share: 55},
		{head: say("report.in"), share: 21, right: true}, {head: say("report.out"), share: 21, right: true},
		{head: say("report.balance"), share: 21, right: true},
	}}
	var in, out, balance store.Rupiah
	for i, row := range b.r.Book {
		t.rows = append(t.rows, []string{strconv.Itoa(i + 1), short(row.Day), row.Number, row.Text, b.some(row.In),
			b.some(row.Out), amount(row.Balance)})
		in, out, balance = in+row.In, out+row.Out, row.Balance
	}
	if len(t.rows) == 0 {
		b.paragraph(say("report.book.none"))
		return nil
	}
	t.sum = []string{"", "", "", say("recap.sum"), amount(in), amount(out), amount(balance)}
	b.table(t)
	return nil
}

// some is an amount, nothing for none.
func (b *binder) some(r store.Rupiah) string {
	if r == 0 {
		return ""
	}
	return b.say.amount(r)
}

// notas lists the notas with what was bought.
func (b *binder) notas(_ context.Context, p part) error {
	say := b.say.say
	b.titled(p)
	t := table{columns: []column{
		{head: say("report.nota"), share: 12}, {head: say("recap.date"), share: 20},
		{head: say("report.bought"), share: 64},
		{head: say("report.kind"), share: 24}, {
			head: say("report.total"), share: 20, right: true,
		}, {head: say("recap.state"), share: 25},
	}}
	var sum store.Rupiah
	for _, n := range b.r.Notas {
		if n.State.Counts() {
			sum += n.Total
		}
		t.rows = append(t.rows, []string{
			strconv.Itoa(n.Number), short(n.Day), b.bought(n), b.paid(n), b.say.amount(n.Total), b.stands(n),
		})
	}
	if len(t.rows) == 0 {
		b.paragraph(say("report.notas.none"))
		return nil
	}
	t.sum = []string{"", "", say("report.notas.sum"), "", b.say.amount(sum), ""}
	b.table(t)
	return nil
}

// bought is who sold what, with what there is to remark.
func (b *binder) bought(n Nota) string {
	list := []string{orDash(n.Seller)}
	for _, it := range n.Items {
		list = append(list, "• "+b.say.say("report.bought.item", "Item", it.Item,
			"Volume", b.volume(it.Volume, it.Unit), "Price", it.Price.String(),
			"Amount", it.Amount.String(), "Line", orNone(it.Line)))
	}
	if n.Reason != "" {
		list = append(list, b.say.say("report.reason", "Words", n.Reason))
	}
	if n.By != "" && n.Behalf {
		list = append(list, b.say.say("report.behalf", "Name", n.By))
	}
	return strings.Join(append(list, n.Remarks...), "\n")
}

// paid is the kind of proof and the way of payment.
func (b *binder) paid(n Nota) string {
	kind, way := "", ""
	if n.Kind != "" {
		kind = b.say.orCode("kind."+string(n.Kind), string(n.Kind))
	}
	if n.Payment != "" {
		way = b.say.orCode("payment."+n.Payment, n.Payment)
	}
	return orDash(strings.Join(filled(kind, way), "\n"))
}

// stands is how far a nota has come.
func (b *binder) stands(n Nota) string {
	return b.say.say("report.state", "State", string(n.State), "Name", n.Verified.Name, "Day", short(n.Verified.Day))
}

// orNone is a number, nothing for 0.
func orNone(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
