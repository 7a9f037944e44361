package parse

import (
	"pendamping/store"
)

// factor is one side of a multiplication: a quantity, an amount or either.
type factor struct {
	amount
	volumes []store.Volume // what it is as a quantity
	unit    string
	next    int // the place after it, 0 when there is no factor
}

func (ts tokens) factor(i int) factor {
	if q, next := ts.quantity(i); next > i && q.unit != "" && !(q.unit == "pak" && q.volumes[0] >= 1000_000) {
		return factor{volumes: q.volumes, unit: q.unit, next: next}
	}
	a, next := ts.amount(i, true)
	if next == i {
		return factor{}
	}
	f := factor{amount: a, next: next}
	if a.plain {
		f.volumes = volumes(a.only)
	}
	return f
}

// price tells that the factor is rather an amount than a count.
func (f factor) price() bool {
	return f.money || f.unit == "" && len(f.vals) > 0 && f.only.whole >= 1000
}

// expression reads an amount or a multiplication at i. The last result is the place after it, i when there is none.
func (ts tokens) expression(i int) ([]store.Rupiah, amount, int) {
	start := i
	if ts.at(i).is("@") {
		i++
	}
	f := ts.factor(i)
	if f.next == 0 {
		return nil, amount{}, start
	}
	op := ts.at(f.next).text
	switch op {
	case "x", "*", "×", "kali", "@":
		g := ts.factor(f.next + 1)
		if g.next == 0 {
			return nil, amount{}, start
		}
		vals := product(f, g, op == "@")
		if len(vals) == 0 {
			return nil, amount{}, start
		}
		return vals, amount{money: true}, g.next
	}
	if f.unit == "" {
		return f.vals, f.amount, f.next
	}
	// "3 sak 195rb": the whole, or each.
	if g := ts.factor(f.next); g.next > 0 && g.money {
		return join(g.vals, multiply(f.volumes, g.vals)), amount{money: true}, g.next
	}
	return nil, amount{}, start
}

// product multiplies a count by a price. Which is which shows in the unit, in "@", or else in their size.
func product(f, g factor, at bool) []store.Rupiah {
	switch {
	case at && f.unit == "" && f.price() && g.unit != "":
		return multiply(g.volumes, f.vals)
	case at, f.unit != "":
		return multiply(f.volumes, g.vals)
	case g.unit != "" && !f.price(): // a size: "4x6 cm"
		return nil
	case g.unit != "":
		return multiply(g.volumes, f.vals)
	case f.price() && g.price():
		return nil
	case f.price():
		return multiply(g.volumes, f.vals)
	}
	return multiply(f.volumes, g.vals)
}

func multiply(volumes []store.Volume, prices []store.Rupiah) []store.Rupiah {
	var vals []store.Rupiah
	for _, v := range volumes {
		for _, p := range prices {
			r := v.Times(p)
			if p < 0 || r > store.MaxRupiah {
				return nil
			}
			vals = join(vals, []store.Rupiah{r})
		}
	}
	return vals
}
