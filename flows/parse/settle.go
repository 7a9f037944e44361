package parse

import (
	"slices"

	"pendamping/store"
)

// mostAsked is how many amounts a question has buttons for.
const mostAsked = 6

// settle decides which amount is meant: the one that all the words of the caption agree on. Where they don't, or a
// number has no role, there are several, the likely one first; none where even these are not understood.
func (r *reading) settle() []store.Rupiah {
	r.mark()
	likely, sure := r.worked()
	if !sure && len(r.counts)+r.products > 1 {
		r.forget()
	}
	switch {
	case len(likely) == 0:
		return nil
	case slices.ContainsFunc(r.odds, func(o odd) bool { return o.n == 0 }):
		return nil
	case r.doubt && len(likely) == 1:
		return nil
	case len(likely) == 1 && sure && len(r.odds) == 0:
		return likely
	}
	for _, o := range r.odds {
		v := likely[0]
		if o.n >= 1000 {
			likely = join(likely, []store.Rupiah{v + store.Rupiah(o.n), store.Rupiah(o.n)})
			continue
		}
		likely = join(likely, multiply([]store.Volume{store.Volume(o.n * 1000)}, []store.Rupiah{v}),
			[]store.Rupiah{v + store.Rupiah(o.n)*1000})
	}
	likely = slices.DeleteFunc(likely[:min(len(likely), mostAsked)],
		func(v store.Rupiah) bool { return v <= 0 || v > store.MaxRupiah })
	if len(likely) == 1 {
		return nil // it was not sure
	}
	return likely
}

// mark takes the words of all amounts out of the item.
func (r *reading) mark() {
	for _, f := range r.found {
		r.take(f.from, f.to, money)
		for j := f.from - 1; j >= 0 && r.roles[j] == unknown; j-- {
			as, cue := cues[r.ts[j].text]
			if !cue && !cueNoise[r.ts[j].text] || as == extra || as == part || r.ts[j+1].line {
				break
			}
			if cue && (as != thing && as != paid || f.cued && as != paid) {
				r.take(j, j+1, money)
			}
		}
	}
}

// ledger is what the amounts of a caption come to.
type ledger struct {
	things []store.Rupiah // each thing and fee
	sum    store.Rupiah
	fees   store.Rupiah
	wholes []store.Rupiah
	paid   []store.Rupiah
	change []store.Rupiah
	less   store.Rupiah
	parts  []store.Rupiah
	each   []store.Rupiah
	unsure bool // an amount has several meanings
}

// worked are the amounts that the caption comes to, the likely one first. It is sure when all ways to say it agree.
func (r *reading) worked() (likely []store.Rupiah, sure bool) {
	if len(r.found) == 0 {
		return nil, false
	}
	if vals := r.said(); vals != nil {
		// "3 sak harga 65rb": in all, or each
		if r.found[0].priced && len(r.found) == 1 && len(vals) == 1 && r.Volume > 0 {
			vals = join(vals, multiply([]store.Volume{r.Volume}, vals))
		}
		return vals, len(vals) == 1
	}
	if vals := r.agreed(); vals != nil {
		return vals, true
	}
	l := r.ledger()
	switch {
	case len(l.things)+len(l.wholes)+len(l.paid)+len(l.parts) == 0:
		return nil, false // only the price of one, or a discount
	case len(l.things) > 1 && len(l.wholes) == 0 && len(l.change) == 0 && l.less == 0:
		r.forget()
	}
	asked := l.unsure || len(l.parts) > 0 && len(l.parts)+len(l.things)+len(l.wholes)+len(l.paid) > 1
	price := l.sum - l.less
	if len(l.change) > 0 && len(l.paid) > 0 {
		likely = []store.Rupiah{l.paid[0] - l.change[0]}
	} else if len(l.change) > 0 && len(l.things) > 0 && len(l.wholes) == 0 {
		likely, asked = []store.Rupiah{l.sum - l.change[0]}, true
	}
	if len(l.wholes) > 0 {
		likely = join(l.wholes, likely)
		if len(l.things) > 1 {
			r.forget()
		}
	}
	if len(l.things) > 0 {
		likely = join(likely, []store.Rupiah{price})
		if l.sum == l.fees && len(l.wholes) > 0 { // the total, with the fee or without it
			likely = join(slices.Clone(l.wholes), []store.Rupiah{l.wholes[0] + l.fees})
			asked = true
		}
	} else if l.less > 0 {
		likely, asked = join(l.wholes, l.paid), true
		likely = join(likely[:1], []store.Rupiah{likely[0] - l.less}, likely[1:])
		if len(l.wholes) == 0 { // "bayar 200rb diskon 20rb"
			likely[0], likely[1] = likely[1], likely[0]
		}
	}
	if len(l.paid) > 0 && (len(likely) == 0 || len(l.change) == 0) {
		likely = join(likely, l.paid)
	}
	if l.less > 0 && len(l.things) > 0 && len(l.wholes)+len(l.change) == 0 && !slices.Contains(l.paid, price) {
		likely, asked = join(likely, []store.Rupiah{l.sum}), true
	}
	if len(l.parts) > 0 {
		all := price
		for _, p := range l.parts {
			all += p
		}
		if len(likely) == 0 && len(l.parts) == 1 {
			likely = l.parts
		} else {
			likely = join(likely, []store.Rupiah{all}, l.parts)
		}
	}
	if len(l.change) > 0 && len(l.paid) > 0 && len(l.things)+len(l.wholes) == 0 {
		likely, asked = join(likely, l.paid), true
	}
	if len(l.things) > 1 && (len(l.wholes) == 0 && len(l.change) == 0 || len(likely) > 1) {
		likely, asked = join(likely, l.things), true
	}
	return likely, !asked && len(likely) == 1
}

// agreed chooses the meaning of an ambiguous amount with which all the others agree, where there is just one: in "total
// 60rb bayar 62rb kembali 2.000" it is no two millions.
func (r *reading) agreed() []store.Rupiah {
	if len(r.found) == 1 {
		return nil
	}
	for i := range r.found {
		f := &r.found[i]
		if len(f.vals) < 2 {
			continue
		}
		all := f.vals
		var fit []store.Rupiah
		for _, v := range all {
			f.vals = []store.Rupiah{v}
			if likely, sure := r.worked(); sure && len(likely) == 1 {
				fit = join(fit, likely)
			}
		}
		f.vals = all
		if len(fit) == 1 {
			return fit
		}
		return nil
	}
	return nil
}

// said are the amounts of a caption that says one amount, once or again: nil where there is more to it.
func (r *reading) said() []store.Rupiah {
	all := slices.DeleteFunc(slices.Clone(r.found), func(f found) bool { return f.as == each })
	if len(all) == 0 || all[0].percent > 0 || all[0].as == change || all[0].as == less {
		return nil
	}
	one := all[0].vals
	for _, f := range all[1:] {
		if one = common(one, f.vals); !f.again && f.as != whole {
			return nil
		}
	}
	if len(one) > 0 && len(r.found) > len(all) && r.unitWorth() != one[0] { // "semen 3 sak @65rb 200rb"
		return nil
	}
	return one
}

// unitWorth is what the price of one unit comes to with the quantity; 0 where that is not known.
func (r *reading) unitWorth() store.Rupiah {
	r.worths = nil
	for _, f := range r.found {
		if f.as != each {
			continue
		}
		if r.Volume == 0 || f.per != "" && f.per != r.Unit {
			return 0
		}
		if r.worths = multiply([]store.Volume{r.Volume}, f.vals); len(r.worths) == 1 {
			return r.worths[0]
		}
	}
	return 0
}

func (r *reading) ledger() (l ledger) {
	for _, f := range r.found {
		if f.percent > 0 {
			continue
		}
		l.unsure = l.unsure || len(f.vals) > 1
		switch f.as {
		case each:
			l.each = append(l.each, f.vals[0])
		case thing, extra:
			if f.again && len(l.things) == 1 && slices.Equal(f.vals, l.things) {
				continue
			}
			l.things = append(l.things, f.vals[0])
			l.sum += f.vals[0]
			if f.as == extra {
				l.fees += f.vals[0]
			}
		case whole:
			l.wholes = join(l.wholes, f.vals)
		case paid:
			l.paid = join(l.paid, f.vals)
		case change:
			l.change = join(l.change, f.vals)
		case less:
			l.less += f.vals[0]
		case part:
			l.parts = append(l.parts, f.vals[0])
		}
	}
	if len(l.each) > 0 && r.products == 0 {
		switch worth := r.unitWorth(); {
		case worth == 0 && len(l.each) == 1 && len(l.things) == 0 && len(r.worths) > 0:
			l.things, l.sum, l.unsure = r.worths, r.worths[0], true
		case worth == 0 && len(l.each) == 1 && len(l.wholes)+len(l.things) == 1 &&
			(len(l.wholes) == 1 || l.sum%max(l.each[0], 1) == 0): // what it comes to is said
		case worth == 0 || len(l.each) > 1:
			l.unsure = true
		case len(l.things) == 1 && l.things[0] == worth:
		default:
			l.things, l.sum = append([]store.Rupiah{worth}, l.things...), l.sum+worth
		}
	}
	for _, f := range r.found {
		base := l.sum
		if base == 0 && len(l.wholes) > 0 {
			base = l.wholes[0]
		}
		switch share := base * store.Rupiah(f.percent) / 100; {
		case f.percent == 0:
		case f.as == less:
			l.less += share
		default:
			l.things, l.sum, l.fees = append(l.things, share), l.sum+share, l.fees+share
		}
	}
	return l
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
