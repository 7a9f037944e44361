package parse

import "pendamping/store"

// amount is a sum of money within a text.
type amount struct {
	vals  []store.Rupiah
	money bool    // it can be nothing but money: "Rp", "ribu", thousands in groups
	scale int64   // the last "ribu" or "juta", 0 without
	only  numeral // the number, when nothing else belongs to the amount
	plain bool    // only a number
}

type term struct {
	numeral
	scale    int64 // 1 without a word
	attached bool
	length   int
}

// amount reads money at i: an optional sign and "Rp", numbers with falling scales, and what may follow them (",-",
// "rupiah"). The second result is the place after it, i when there is none.
func (ts tokens) amount(i int, apart bool) (amount, int) {
	start := i
	var a amount
	negative, currency := false, false
	if ts.minus(i) {
		negative, i = true, i+1
	}
	if isCurrency(ts.at(i).text) {
		currency, apart, i = true, true, i+1
		if t := ts.at(i); t.is(".") || t.is(":") {
			i++
		}
	}
	if !negative && ts.minus(i) {
		negative, i = true, i+1
	}
	if vals := slang[ts.at(i).text]; vals != nil && !negative {
		return amount{vals: vals, money: true}, i + 1
	}
	terms, next := ts.terms(i, apart)
	if len(terms) == 0 {
		return a, start
	}
	i = next
	full := false
	if t := ts.at(i); ts.attached(i) && (t.is(",") || t.is(".")) && ts.attached(i+1) && (ts.at(i+1).is("-") ||
		ts.at(i+1).is("=")) {
		for full, i = true, i+2; ts.attached(i) && ts.at(i).is("-"); i++ {
		}
	}
	if ts.at(i).is("-") && ts.at(i+1).is("an") {
		i++
	}
	if ts.at(i).is("an") {
		i++
	}
	exact := false
	if t := ts.at(i).text; t == "rupiah" || isCurrency(t) && !ts.priced(i+1) || t == "perak" {
		exact, i = true, i+1
	}
	first := terms[0]
	var vals []int64
	switch {
	case len(terms) == 1 && first.scale == 1:
		if first.fraction {
			return a, start
		}
		first.full = first.full || full
		vals = first.bare(currency || exact)
		a.plain, a.only = !currency && !exact && !full && !negative, first.numeral
		a.money = currency || exact || first.groups > 1 || first.whole >= 10_000 && first.groups > 0 ||
			full && first.whole >= 1000
	case len(terms) == 1:
		vals = first.scaled(first.scale)
		a.money, a.scale = true, first.scale
	default:
		vals = sum(terms, exact)
		a.money, a.scale = true, terms[len(terms)-1].scale
	}
	for _, v := range vals {
		if negative {
			v = -v
		}
		r := store.Rupiah(v)
		if r < -store.MaxRupiah || r > store.MaxRupiah { // the others would look clear
			return amount{}, start
		}
		a.vals = append(a.vals, r)
	}
	if len(a.vals) == 0 {
		return a, start
	}
	return a, i
}

// priced tells that "Rp" before i belongs to what follows: "isi 12 Rp 24.000".
func (ts tokens) priced(i int) bool {
	return ts.at(i).kind == number || ts.at(i).is(".") && ts.at(i+1).kind == number
}

func isCurrency(s string) bool { return s == "rp" || s == "rupiah" || s == "idr" }

func (ts tokens) minus(i int) bool {
	t := ts.at(i)
	if t.is("minus") {
		return true
	}
	return (t.is("-") || t.is("−")) && ts.attached(i+1)
}

// terms reads numbers, each with its scale, as long as the scales fall: "1 juta 500 ribu", "1jt500".
func (ts tokens) terms(i int, apart bool) ([]term, int) {
	var all []term
	for len(all) < 4 {
		before := int64(1_000_000_000_000)
		if len(all) > 0 {
			before = all[len(all)-1].scale
		}
		t := term{scale: 1, attached: ts.attached(i)}
		next := i
		if one, ok := ones[ts.at(i).text]; ok {
			t.numeral, t.scale, next = numeral{literal: literal{whole: 1}}, one, i+1
		} else if t.numeral, next = ts.numeral(i, apart && len(all) == 0); next > i {
			t.length = len(ts.at(i).text)
			about := next // "20an ribu"
			if ts.at(about).is("-") {
				about++
			}
			if ts.at(about).is("an") && scales[ts.at(about+1).text] > 0 {
				next = about + 1
			}
			if s, ok := scales[ts.at(next).text]; ok {
				t.scale, next = s, next+1
			}
		}
		if next == i || before == 1 || t.scale >= before {
			break
		}
		if len(all) > 0 && (ts.at(i).line || !ts.belongs(t, next) || !t.under(before)) {
			break
		}
		all, i = append(all, t), next
	}
	return all, i
}

// under tells that a number can be said after a scale: "1jt500", but not "50rb 12345".
func (t term) under(scale int64) bool {
	switch {
	case t.scale > 1:
		return true
	case t.padded:
		return t.length == 3
	}
	return t.whole < scale && (t.whole < 1000 || t.groups > 0)
}

// belongs keeps quantities, factors and dates out of an amount that stands before them: "1jt 3 sak", "50rb 12/11".
func (ts tokens) belongs(t term, next int) bool {
	if t.scale > 1 || t.figures && t.attached && t.length == 3 {
		return true
	}
	if t.figures && !t.attached && t.length < 3 {
		return false
	}
	after := ts.at(next)
	if _, ok := goods[after.text]; ok && after.text != "pak" {
		return false
	}
	if _, ok := months[after.text]; ok {
		return false
	}
	switch after.text {
	case "x", "*", "×", "@", "/", "kali", "hari", "hr", "minggu", "%", ":":
		return false
	case "-":
		return ts.at(next+1).kind != number
	}
	return true
}

// sum adds terms up. A number after the last scale is said in many ways ("1jt500", "dua juta lima"): unless the
// amount is written out to "rupiah", each of them is a candidate.
func sum(terms []term, exact bool) []int64 {
	total := int64(0)
	for i, t := range terms {
		if i > 0 && (t.places > 0 && t.groups == 0 || t.whole < 0) {
			return nil
		}
		if t.scale == 1 {
			return tails(total, terms[i-1].scale, t, exact)
		}
		vals := t.scaled(t.scale)
		if len(vals) != 1 || i > 0 && vals[0] >= terms[i-1].scale {
			return nil
		}
		total += vals[0]
	}
	return []int64{total}
}

func tails(total, scale int64, t term, exact bool) []int64 {
	n := t.whole
	length := t.length
	if !t.figures {
		length = len(store.Rupiah(n).String())
	}
	if n >= scale || n >= 1000 && t.groups == 0 || t.padded && length != 3 {
		return nil
	}
	if exact || n >= 1000 {
		return []int64{total + n}
	}
	thousandth := total + n*(scale/1000)
	switch {
	case length == 3 && (scale == 1000 || t.figures && t.attached):
		return []int64{thousandth}
	case length == 3:
		return join(nil, []int64{thousandth, total + n})
	case length == 2 && scale == 1000 && !t.figures:
		return []int64{total + n}
	case length == 2:
		return join(nil, []int64{thousandth, total + n*(scale/100), total + n})
	}
	return join(nil, []int64{total + n*(scale/10), thousandth, total + n})
}
