package paper

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"pendamping/store"
)

// XLSX writes the figures of the LPJ as a workbook whose sums are formulas: the sums, the pos, the RAB, the buku kas
// and what was bought, nota by nota.
func (r Report) XLSX(w io.Writer, p Printing) error {
	say := p.Say.say
	b := newWorkbook(say("report.head", "Name", r.Name, "Program", r.Program, "Year", fmt.Sprint(r.Year)), r.Name, r.At)
	s := figures{r: r, say: p.Say, book: quoted(say("report.sheet.book")), plan: quoted(say("report.sheet.plan")),
		items: quoted(say("report.sheet.items")), pos: quoted(say("report.sheet.pos"))}
	s.rows = s.itemRows()
	b.sheet(say("report.sheet.sums"), []field{{say("report.sums"), 52}, {say("report.rupiah"), 20}}, s.sums())
	b.sheet(say("report.sheet.plan"), []field{
		{say("report.no"), 6}, {say("report.pos"), 12}, {say("report.item"), 40}, {say("report.volume"), 10},
		{say("report.unit"), 10},
		{say("report.price"), 16}, {say("report.planned"), 18}, {say("report.spent"), 18},
		{say("report.difference"), 18}, {say("report.remarks"), 40},
	}, s.lines())
	b.sheet(say("report.sheet.pos"), []field{
		{say("report.pos"), 12}, {say("report.name.short"), 24}, {say("report.rule"), 12}, {say("report.allowed"), 18},
		{say("report.planned"), 18},
		{say("report.refunds"), 18}, {say("report.spent"), 18}, {say("report.difference"), 18},
	}, s.byPos())
	b.sheet(say("report.sheet.book"), []field{
		{say("report.no"), 6}, {say("recap.date"), 12}, {say("report.proof"), 12}, {say("report.item"), 48},
		{say("report.in"), 18},
		{say("report.out"), 18}, {say("report.balance"), 18},
	}, s.bookRows())
	b.sheet(say("report.sheet.items"), []field{
		{say("report.nota"), 8}, {say("recap.date"), 12}, {say("report.seller"), 28}, {say("report.item"), 36},
		{say("report.volume"), 10},
		{say("report.unit"), 10}, {say("report.price"), 16}, {say("report.rupiah"), 18}, {say("report.pos"), 12},
		{say("report.line"), 10},
		{say("report.counts"), 10}, {say("report.kind"), 16}, {say("report.payment"), 16}, {say("recap.state"), 26},
		{say("report.remarks"), 40},
	}, s.rows)
	return b.finish(w)
}

// figures are the sheets of an LPJ, each with the others' names as formulas have them.
type figures struct {
	r                      Report
	say                    Say
	book, plan, items, pos string
	rows                   [][]any // of items
}

func quoted(sheet string) string { return "'" + sheetName(sheet) + "'" }

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
	b := binder{doc: &doc{say: s.say}, r: s.r}
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
			kind = s.say.orCode("kind."+string(n.Kind), string(n.Kind))
		}
		if n.Payment != "" {
			way = s.say.orCode("payment."+n.Payment, n.Payment)
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
		total := any(formula{fmt.Sprintf("ROUND(D%d*F%d,0)", row, row), l.Total})
		spent := formula{s.spentOn("J", fmt.Sprintf("A%d", row)), l.Spent}
		switch {
		case l.Outside:
			total = l.Total
			spent.text = s.spentOn("J", "0", "I", fmt.Sprintf("B%d", row))
		default:
			no = l.Number
			if l.Volume.Times(l.Price) != l.Total {
				total = l.Total
			}
		}
		item := l.Item
		if l.Outside {
			item = cmp.Or(item, s.say.say("report.outside"))
		}
		rows = append(rows, []any{no, l.Pos, item, volumeOrNone(l.Volume), l.Unit, l.Price, total, spent,
			formula{fmt.Sprintf("G%d-H%d", row, row), l.Total - l.Spent}, l.Reason})
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
			rule = percent(p.Percent)
		}
		if p.Allowed > 0 {
			allowed = p.Allowed
		}
		at := fmt.Sprintf("A%d", row)
		rows = append(rows, []any{p.Pos, p.Name, rule, allowed,
			formula{fmt.Sprintf("SUMIFS(%s,%s,%s)", cells(s.plan, "G", n), cells(s.plan, "B", n), at), planned},
			onLines[p.Pos] - p.Spent,
			formula{fmt.Sprintf("%s-F%d", s.spentOn("I", at), row), p.Spent},
			formula{fmt.Sprintf("E%d-G%d", row, row), planned - p.Spent}})
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
			i + 1, b.Day, b.Number, b.Text, b.In, b.Out, formula{fmt.Sprintf("%sE%d-F%d", before, row, row), b.Balance},
		})
	}
	return rows
}

// sums show that what came in is what was spent, what was paid back and what is left, and that the book says the same.
func (s figures) sums() [][]any {
	say, r := s.say.say, s.r
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
		came = formula{fmt.Sprintf("SUM(B%d:B%d)", first, first+n-1), r.Received}
	}
	received := add(say("report.received"), came)
	notas := add(say("report.notas.sum"), formula{s.spentOn(), r.Spent - r.Fees + r.Refunds})
	fees := add(say("report.fees"), r.Fees)
	refunds := add(say("report.refunds"), r.Refunds)
	spent := add(say("report.spent.net"), formula{fmt.Sprintf("B%d+B%d-B%d", notas, fees, refunds), r.Spent})
	deposited := add(say("report.deposited"), r.Deposited)
	left := add(say("report.left"), formula{
		fmt.Sprintf("B%d-B%d-B%d", received, spent, deposited), r.Received - r.Spent - r.Deposited,
	})
	n := len(r.Book)
	var in, out store.Rupiah
	for _, b := range r.Book {
		in, out = in+b.In, out+b.Out
	}
	debit := add(say("report.book.in"), formula{"SUM(" + cells(s.book, "E", n) + ")", in})
	credit := add(say("report.book.out"), formula{"SUM(" + cells(s.book, "F", n) + ")", out})
	balance := add(say("report.book.balance"), formula{fmt.Sprintf("B%d-B%d", debit, credit), in - out})
	add(say("report.check"), formula{
		fmt.Sprintf("B%d-B%d", left, balance), r.Received - r.Spent - r.Deposited - in + out,
	})
	return rows
}

func volumeOrNone(v store.Volume) any {
	if v == 0 {
		return nil
	}
	return v
}
