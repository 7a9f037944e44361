package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"pendamping/flows/layout"
	"pendamping/store"
)

// XLSX writes the figures of the LPJ as a workbook whose sums are formulas: the sums, the pos, the RAB, the buku kas
// and what was bought, nota by nota.
func (r Report) XLSX(w io.Writer, p layout.Printing) error {
	say := p.Words.Say
	b := layout.NewWorkbook(say("report.head", "Name", r.Name, "Program", r.Program, "Year", fmt.Sprint(r.Year)),
		r.Name, r.At)
	s := figures{r: r, say: p.Words, book: quoted(say("report.sheet.book")), plan: quoted(say("report.sheet.plan")),
		items: quoted(say("report.sheet.items")), pos: quoted(say("report.sheet.pos"))}
	s.rows = s.itemRows()
	b.Sheet(say("report.sheet.sums"), []layout.Field{
		{Head: say("report.sums"), Width: 52}, {Head: say("report.rupiah"), Width: 20},
	}, s.sums())
	b.Sheet(say("report.sheet.plan"), []layout.Field{
		{Head: say("report.no"), Width: 6}, {Head: say("report.pos"), Width: 12}, {Head: say("report.item"), Width: 40},
		{Head: say("report.volume"), Width: 10},
		{Head: say("report.unit"), Width: 10},
		{Head: say("report.price"), Width: 16}, {Head: say("report.planned"), Width: 18},
		{Head: say("report.spent"), Width: 18},
		{Head: say("report.difference"), Width: 18}, {Head: say("report.remarks"), Width: 40},
	}, s.lines())
	b.Sheet(say("report.sheet.pos"), []layout.Field{
		{Head: say("report.pos"), Width: 12}, {
			Head: say("report.name.short"), Width: 24,
		}, {Head: say("report.rule"), Width: 12}, {Head: say("report.allowed"), Width: 18},
		{Head: say("report.planned"), Width: 18},
		{Head: say("report.refunds"), Width: 18}, {Head: say("report.spent"), Width: 18}, {
			Head: say("report.difference"), Width: 18,
		},
	}, s.byPos())
	b.Sheet(say("report.sheet.book"), []layout.Field{
		{Head: say("report.no"), Width: 6}, {Head: say("recap.date"), Width: 12},
		{Head: say("report.proof"), Width: 12}, {Head: say("report.item"), Width: 48},
		{Head: say("report.in"), Width: 18},
		{Head: say("report.out"), Width: 18}, {Head: say("report.balance"), Width: 18},
	}, s.bookRows())
	b.Sheet(say("report.sheet.items"), []layout.Field{
		{Head: say("report.nota"), Width: 8}, {Head: say("recap.date"), Width: 12},
		{Head: say("report.seller"), Width: 28}, {Head: say("report.item"), Width: 36},
		{Head: say("report.volume"), Width: 10},
		{Head: say("report.unit"), Width: 10}, {Head: say("report.price"), Width: 16},
		{Head: say("report.rupiah"), Width: 18}, {Head: say("report.pos"), Width: 12},
		{Head: say("report.line"), Width: 10},
		{Head: say("report.counts"), Width: 10}, {Head: say("report.kind"), Width: 16},
		{Head: say("report.payment"), Width: 16}, {Head: say("recap.state"), Width: 26},
		{Head: say("report.remarks"), Width: 40},
	}, s.rows)
	return b.Finish(w)
}

// figures are the sheets of an LPJ, each with the others' names as formulas have them.
type figures struct {
	r                      Report
	say                    layout.Words
	book, plan, items, pos string
	rows                   [][]any // of items
}

func quoted(sheet string) string { return "'" + layout.SheetName(sheet) + "'" }

// cells is all cells of a sheet's column below its head, of one row at least.
func cells(sheet, name string, rows int) string {
	return fmt.Sprintf("%s!$%s$2:$%s$%d", sheet, name, name, max(rows, 1)+1)
}

// spentOn sums the items that count with those values in their columns.
func (s figures) spentOn(pairs ...string) string {
	n := len(s.rows)
	f := fmt.Sprintf("SUMIFS(%s,%s,1", cells(s.items, "H", n), cells(s.items, "K", n))
	for i := 0; i+1 < len(pairs); i += 2 {
		f += fmt.Sprintf(",%s,%s", cells(s.items, pairs[i], n), pairs[i+1])
	}
	return f + ")"
}

func (s figures) itemRows() [][]any {
	b := binder{Doc: &layout.Doc{Words: s.say}, r: s.r}
	var rows [][]any
	for _, n := range s.r.Notas {
		counts := 0
		if n.State.Counts() {
			counts = 1
		}
		items := n.Items
		if len(items) == 0 {
			items = []Bought{{Amount: n.Total}}
		}
		kind, way := "", ""
		if n.Kind != "" {
			kind = s.say.OrCode("kind."+string(n.Kind), string(n.Kind))
		}
		if n.Payment != "" {
			way = s.say.OrCode("payment."+n.Payment, n.Payment)
		}
		for i, it := range items {
			var price, remarks any
			if it.Price > 0 {
				price = it.Price
			}
			if words := filled(append([]string{n.Reason}, n.Remarks...)...); i == 0 && len(words) > 0 {
				remarks = strings.Join(words, "\n")
			}
			// 0 and not empty: programs differ in what an empty cell equals
			rows = append(rows, []any{n.Number, n.Day, n.Seller, it.Item, volumeOrNone(it.Volume), it.Unit, price,
				it.Amount, it.Pos, it.Line,
				counts, kind, way, b.stands(n), remarks})
		}
	}
	return rows
}

func (s figures) lines() [][]any {
	var rows [][]any
	for i, l := range s.r.Lines {
		row := i + 2
		var no any
		total := any(layout.Formula{Text: fmt.Sprintf("ROUND(D%d*F%d,0)", row, row), Is: l.Total})
		spent := layout.Formula{Text: s.spentOn("J", fmt.Sprintf("A%d", row)), Is: l.Spent}
		switch {
		case l.Outside:
			total = l.Total
			spent.Text = s.spentOn("J", "0", "I", fmt.Sprintf("B%d", row))
		default:
			no = l.Number
			if l.Volume.Times(l.Price) != l.Total {
				total = l.Total
			}
		}
		item := l.Item
		if l.Outside {
			item = cmp.Or(item, s.say.Say("report.outside"))
		}
		rows = append(rows, []any{no, l.Pos, item, volumeOrNone(l.Volume), l.Unit, l.Price, total, spent,
			layout.Formula{Text: fmt.Sprintf("G%d-H%d", row, row), Is: l.Total - l.Spent}, l.Reason})
	}
	return rows
}

func (s figures) byPos() [][]any {
	onLines := map[string]store.Rupiah{}
	for _, l := range s.r.Lines {
		onLines[l.Pos] += l.Spent
	}
	var rows [][]any
	n := len(s.r.Lines)
	for i, p := range s.r.Pos {
		row := i + 2
		var planned store.Rupiah
		for _, l := range s.r.Lines {
			if l.Pos == p.Pos {
				planned += l.Total
			}
		}
		var rule, allowed any
		if p.Percent > 0 {
			rule = layout.Percent(p.Percent)
		}
		if p.Allowed > 0 {
			allowed = p.Allowed
		}
		at := fmt.Sprintf("A%d", row)
		rows = append(rows, []any{p.Pos, p.Name, rule, allowed,
			layout.Formula{
				Text: fmt.Sprintf("SUMIFS(%s,%s,%s)", cells(s.plan, "G", n), cells(s.plan, "B", n), at), Is: planned,
			},
			onLines[p.Pos] - p.Spent,
			layout.Formula{Text: fmt.Sprintf("%s-F%d", s.spentOn("I", at), row), Is: p.Spent},
			layout.Formula{Text: fmt.Sprintf("E%d-G%d", row, row), Is: planned - p.Spent}})
	}
	return rows
}

func (s figures) bookRows() [][]any {
	var rows [][]any
	for i, b := range s.r.Book {
		row, before := i+2, ""
		if i > 0 {
			before = fmt.Sprintf("G%d+", row-1)
		}
		rows = append(rows, []any{
			i + 1, b.Day, b.Number, b.Text, b.In, b.Out, layout.Formula{
				Text: fmt.Sprintf("%sE%d-F%d", before, row, row), Is: b.Balance,
			},
		})
	}
	return rows
}

// sums show that what came in is what was spent, what was paid back and what is left, and that the book says the same.
func (s figures) sums() [][]any {
	say, r := s.say.Say, s.r
	var rows [][]any
	add := func(name string, v any) int {
		rows = append(rows, []any{name, v})
		return len(rows) + 1
	}
	first := len(rows) + 2
	for i, t := range r.Tranches {
		add(say("report.tranche", "Number", fmt.Sprint(i+1)), t.Amount)
	}
	came := any(r.Received)
	if n := len(r.Tranches); n > 0 {
		came = layout.Formula{Text: fmt.Sprintf("SUM(B%d:B%d)", first, first+n-1), Is: r.Received}
	}
	received := add(say("report.received"), came)
	notas := add(say("report.notas.sum"), layout.Formula{Text: s.spentOn(), Is: r.Spent - r.Fees + r.Refunds})
	fees := add(say("report.fees"), r.Fees)
	refunds := add(say("report.refunds"), r.Refunds)
	spent := add(say("report.spent.net"), layout.Formula{
		Text: fmt.Sprintf("B%d+B%d-B%d", notas, fees, refunds), Is: r.Spent,
	})
	deposited := add(say("report.deposited"), r.Deposited)
	left := add(say("report.left"), layout.Formula{
		Text: fmt.Sprintf("B%d-B%d-B%d", received, spent, deposited), Is: r.Received - r.Spent - r.Deposited,
	})
	n := len(r.Book)
	var in, out store.Rupiah
	for _, b := range r.Book {
		in, out = in+b.In, out+b.Out
	}
	debit := add(say("report.book.in"), layout.Formula{Text: "SUM(" + cells(s.book, "E", n) + ")", Is: in})
	credit := add(say("report.book.out"), layout.Formula{Text: "SUM(" + cells(s.book, "F", n) + ")", Is: out})
	balance := add(say("report.book.balance"), layout.Formula{
		Text: fmt.Sprintf("B%d-B%d", debit, credit), Is: in - out,
	})
	add(say("report.check"), layout.Formula{
		Text: fmt.Sprintf("B%d-B%d", left, balance), Is: r.Received - r.Spent - r.Deposited - in + out,
	})
	return rows
}

func volumeOrNone(v store.Volume) any {
	if v == 0 {
		return nil
	}
	return v
}
