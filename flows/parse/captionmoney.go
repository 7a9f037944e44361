package parse

import (
	"slices"

	"pendamping/store"
)

// found is an amount in a caption.
type found struct {
	vals  []store.Rupiah
	sure  bool // it can be nothing but money
	total bool // it is said to be the whole
	paid  bool // it is said to be what was paid
	again bool // it says the amount before it once more
	from  int
	to    int
}

var totals = set("total", "totalnya", "jumlah", "jumlahnya", "jml", "semua", "semuanya", "seluruhnya", "=")

var paid = set("bayar", "dibayar", "habis", "seharga", "harga", "harganya", "sebesar", "senilai")

// changes are words for money that is not the price of a thing: with them even a total has to be asked.
var changes = set("diskon", "disc", "potongan", "kembali", "kembalian", "kembaliannya", "dp", "sisa", "sisanya",
	"ongkir", "ongkos", "kurang", "uang")

// money reads volumes, prices and amounts. Amounts that can be nothing but money push aside those that may be serials;
// of several the one said to be the total counts, or the one that is the others' sum. Otherwise it is to be asked.
func (r *reading) money() {
	var all []found
	var sizes []quantity
	var places [][2]int
	priced := false
	for i := 0; i < len(r.ts); {
		if r.roles[i] != unknown || r.ts[i].kind == symbol && !r.ts[i].is("@") && !r.ts[i].is("½") {
			i++
			continue
		}
		if f, next := r.product(i, &priced, &sizes, &places); next > i {
			if len(f.vals) > 0 {
				all = append(all, f)
			}
			i = next
			continue
		}
		if numbered(r.ts[i]) {
			i += 2
			for r.ts.at(i).is("/") || r.ts.at(i).is("-") {
				i += 2
			}
			continue
		}
		if q, next := r.ts.quantity(i); next > i && q.unit != "" && r.free(i, next) {
			sizes, places = append(sizes, q), append(places, [2]int{i, next})
			i = next
			continue
		}
		if f, next := r.amount(i); next > i {
			if len(f.vals) > 0 {
				all = append(all, f)
			}
			i = next
			continue
		}
		i++
	}
	if !priced && len(sizes) == 1 && len(sizes[0].volumes) == 1 {
		r.Volume, r.Unit = sizes[0].volumes[0], sizes[0].unit
		r.take(places[0][0], places[0][1], size)
	}
	r.settle(all)
	if r.Amount == nil && r.Price > 0 && r.Volume > 0 {
		r.Amount = multiply([]store.Volume{r.Volume}, []store.Rupiah{r.Price})
	}
}

// product reads a price of one unit with or without its quantity: "3 sak @65rb", "3 x 15.000", "@65rb", "15rb/kg".
func (r *reading) product(i int, priced *bool, sizes *[]quantity, places *[][2]int) (found, int) {
	start := i
	total := totals[r.ts.at(i-1).text]
	if r.ts.at(i).is("@") {
		a, next := r.ts.amount(i+1, false)
		if next == i+1 || !r.free(i, next) {
			return found{}, start
		}
		if len(a.vals) == 1 && !*priced {
			r.Price = a.vals[0]
		}
		if next = r.each(next); len(a.vals) > 1 {
			return found{vals: a.vals, sure: true, from: i, to: next}, next
		}
		r.take(i, next, money)
		return found{}, next
	}
	f := r.factor(i)
	if f.next == 0 || !r.free(i, f.next) {
		return found{}, start
	}
	op := r.ts.at(f.next).text
	switch op {
	case "x", "*", "×", "kali", "@":
		// "3x4 m" is a size.
		if g := r.factor(f.next + 1); g.next > 0 && op != "@" && !f.price() && !g.price() {
			return found{}, g.next
		}
	default:
		if next := r.each(f.next); next > f.next && f.unit == "" && len(f.vals) == 1 && (f.money || f.price()) {
			r.Price = f.vals[0]
			r.take(i, next, money)
			return found{}, next
		}
		return found{}, start
	}
	g := r.factor(f.next + 1)
	if g.next == 0 || !r.free(f.next, g.next) {
		return found{}, start
	}
	vals := product(f, g, op == "@")
	if len(vals) == 0 {
		return found{}, start
	}
	count, price := f, g
	if f.unit == "" && f.price() {
		count, price = g, f
	}
	next := r.each(g.next)
	if !*priced && len(count.volumes) == 1 && len(price.vals) == 1 {
		r.Volume, r.Unit, r.Price, *priced = count.volumes[0], count.unit, price.vals[0], true
	} else if *priced { // several items: no one of them is the purchase
		r.Volume, r.Unit, r.Price = 0, "", 0
	}
	r.take(i, next, money)
	return found{vals: vals, sure: true, total: total, from: i, to: next}, next
}

// factor is one side of a product in a caption, where figures apart are not one number.
func (r *reading) factor(i int) factor {
	if q, next := r.ts.quantity(i); next > i && q.unit != "" {
		return factor{volumes: q.volumes, unit: q.unit, next: next}
	}
	a, next := r.ts.amount(i, false)
	if next == i {
		return factor{}
	}
	f := factor{amount: a, next: next}
	if a.plain {
		f.volumes = volumes(a.only)
	}
	return f
}

// each is the place after "/kg" or "per sak", i when there is none.
func (r *reading) each(i int) int {
	if t := r.ts.at(i); t.is("/") || t.is("per") {
		if _, ok := goods[r.ts.at(i+1).text]; ok {
			return i + 2
		}
	}
	return i
}

// amount reads an amount that stands alone. One that may be a serial number or a year is passed over.
func (r *reading) amount(i int) (found, int) {
	before := r.ts.at(i - 1)
	a, next := r.ts.amount(i, false)
	if next == i || !r.free(i, next) || a.vals[0] < 0 {
		return found{}, i
	}
	if t := r.ts[i]; t.kind == word && !isCurrency(t.text) && (markers[before.text] || markers[r.ts.at(i-2).text]) {
		return found{}, i + 1 // "Toko Sejuta"
	}
	said := before
	if before.is(":") {
		said = r.ts.at(i - 2)
	}
	f := found{vals: a.vals, sure: a.money, total: totals[said.text], paid: paid[said.text], from: i, to: next}
	f.again = f.total || said.is("(") || said.is("terbilang")
	if low := r.ts.at(i - 2); before.is("-") && low.kind == number && a.scale > 0 && r.free(i-2, i) { // "200-250rb"
		if l, ok := readLiteral(low.text); ok {
			for _, v := range l.scaled(a.scale) {
				f.vals = join([]store.Rupiah{store.Rupiah(v)}, f.vals)
			}
			f.from = i - 2
		}
	}
	if a.plain && !a.money {
		n := a.only
		short := n.whole < 1000 || n.groups == 0 && n.whole >= 1900 && n.whole < 2100
		after := r.ts.at(next)
		glued := after.kind != number && r.ts.attached(next) && (after.kind == word || after.is("/") || after.is("-") ||
			after.is("%"))
		if !n.figures || short && !f.total && !f.paid || glued || r.ts.attached(i) && (before.kind == word ||
			before.is("-") || before.is("/") || before.is("#")) {
			return found{}, next
		}
	}
	return f, next
}

// settle decides which of the amounts is meant.
func (r *reading) settle(all []found) {
	if slices.ContainsFunc(all, func(f found) bool { return f.sure || f.total || f.paid }) {
		all = slices.DeleteFunc(all, func(f found) bool { return !f.sure && !f.total && !f.paid })
	}
	for _, f := range all {
		r.take(f.from, f.to, money)
		if f.total && totals[r.ts.at(f.from-1).text] && r.roles[f.from-1] == unknown {
			r.take(f.from-1, f.from, money)
		}
	}
	if len(all) == 0 {
		return
	}
	// What is said again, in words or as a result, is one amount.
	one := all[0].vals
	for _, f := range all[1:] {
		if one = common(one, f.vals); !f.again {
			one = nil
		}
	}
	if one != nil {
		r.Amount = one
		return
	}
	changed := slices.ContainsFunc(r.ts, func(t token) bool { return changes[t.text] })
	whole := slices.DeleteFunc(slices.Clone(all), func(f found) bool { return !f.total })
	if len(whole) == 1 && r.Price == 0 && !changed {
		r.Amount = whole[0].vals
		r.forget()
		return
	}
	sum := store.Rupiah(0)
	var each []store.Rupiah
	for _, f := range all {
		sum += f.vals[0]
		each = join(each, f.vals)
	}
	if len(whole) > 0 {
		r.Amount = join(whole[0].vals, each)
	} else {
		r.Amount = join([]store.Rupiah{sum}, each)
		r.forget()
	}
	r.Amount = slices.DeleteFunc(r.Amount[:min(len(r.Amount), 6)],
		func(v store.Rupiah) bool { return v > store.MaxRupiah })
}

// forget gives a quantity back to the item when several things were bought: it is not the whole purchase's.
func (r *reading) forget() {
	r.Volume, r.Unit, r.Price = 0, "", 0
	for i, as := range r.roles {
		if as == size {
			r.roles[i] = unknown
		}
	}
}
