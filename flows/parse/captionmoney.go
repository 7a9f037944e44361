package parse

import (
	"cmp"
	"slices"
	"strings"

	"pendamping/store"
)

// sense is what an amount of a caption is of.
type sense byte

const (
	thing  sense = iota // what was bought, or one of the things
	each                // one unit of it
	whole               // everything
	paid                // what was handed over
	change              // what came back of that
	less                // a discount
	extra               // the way, a fee: a thing too, but never everything
	part                // a first payment, or what is still owed
)

// cues are the words before an amount that say what it is of.
var cues = map[string]sense{
	"total": whole, "totalnya": whole, "ttl": whole, "tot": whole, "jumlah": whole, "jumlahnya": whole, "jml": whole,
	"semua": whole, "semuanya": whole, "seluruhnya": whole, "=": whole, "jadi": whole, "jadinya": whole, "net": whole,
	"netto": whole, "nett": whole, "terbilang": whole,
	"harga": thing, "harganya": thing, "hrg": thing, "seharga": thing, "sebesar": thing, "senilai": thing,
	"habis": thing, "habisnya": thing, "nominal": thing, "nominalnya": thing, "nilai": thing, "biaya": thing,
	"bayar": paid, "bayarnya": paid, "dibayar": paid, "byr": paid, "uang": paid, "uangnya": paid, "duit": paid,
	"tunai":   paid,
	"cash":    paid,
	"kembali": change, "kembalian": change, "kembaliannya": change, "kembalinya": change, "kmbali": change,
	"kembalikan": change, "susuk": change, "susuknya": change, "angsul": change, "angsulan": change,
	"diskon": less, "disc": less, "discount": less, "disk": less, "potongan": less, "dipotong": less,
	"korting": less, "diskonnya": less, "hemat": less, "voucher": less, "dikurangi": less, "minus": less,
	"ongkir": extra, "ongkirnya": extra, "ongkos": extra, "ongkosnya": extra, "kirim": extra, "admin": extra,
	"pajak": extra, "ppn": extra, "pph": extra, "tambah": extra, "ditambah": extra, "plus": extra, "antar": extra,
	"dp": part, "muka": part, "sisa": part, "sisanya": part, "kurang": part, "kurangnya": part, "cicil": part,
	"cicilan": part, "angsuran": part, "tempo": part, "utang": part, "hutang": part,
	"satuan": each, "satuannya": each, "satunya": each, "masing": each, "@": each,
}

// cueNoise are words that may stand between a cue and its amount.
var cueNoise = set(":", ".", "rp", "harga", "harganya", "uang", "uangnya", "duit", "biaya", "hanya", "cuma", "nya",
	"bayar", "kirim", "sebesar", "senilai", "seharga", "jumlah", "akhir", "2", "-", "belanja", "(", "ke", "aja")

// found is an amount in a caption.
type found struct {
	vals    []store.Rupiah
	as      sense
	sure    bool  // it can be nothing but money
	cued    bool  // a word says that it is money
	small   int64 // the figures of an amount that may as well be a count: "jumlah 3"
	priced  bool  // it is called the price, which may be that of one
	product bool  // it was multiplied
	again   bool  // it says the amount before it once more
	percent int64
	per     string // the unit that it is for
	from    int
	to      int
}

// counted is a quantity in a caption, and its place.
type counted struct {
	quantity
	from, to int
}

// odd is a number nobody knows the role of.
type odd struct {
	n int64 // 0 when it can't be read
}

// money gives each number of the caption a role, and then decides which amount is meant. Where a number has none, the
// amount is asked.
func (r *reading) money() {
	readers := [...]func(int) int{
		r.papers, r.pack, r.product, r.unitPrice, r.dimension, r.percent, r.identifier, r.count, r.amount, r.stray,
	}
	for i := 0; i < len(r.ts); {
		next := i
		for _, read := range readers {
			if r.roles[i] != unknown || next > i {
				break
			}
			next = read(i)
		}
		i = max(next, i+1)
	}
	r.unmeasured()
	r.bare()
	r.alike()
	r.volume()
	r.Amount = r.settle()
}

// unmeasured asks about "940 @149rb telur 33 meter": which of the two is the quantity.
func (r *reading) unmeasured() {
	if r.products != 1 || r.Volume == 0 || r.Unit != "" || len(r.counts) == 0 {
		return
	}
	for i, f := range r.found {
		if !f.product {
			continue
		}
		for _, c := range r.counts {
			r.found[i].vals = join(r.found[i].vals, multiply(c.volumes, []store.Rupiah{r.Price}))
		}
	}
	r.Volume = 0
}

// papers passes over how many papers there are: "2 nota".
func (r *reading) papers(i int) int {
	if t := r.ts[i]; t.kind == number && len(t.text) < 3 && kinds[r.ts.at(i+1).text] != "" {
		r.take(i, i+1, name)
		return i + 2
	}
	return i
}

// packs are words before what a package holds.
var packs = set("isi", "isinya", "kemasan", "ukuran", "uk", "size", "netto", "berat", "panjang", "tebal", "lebar",
	"tinggi", "diameter")

// pack passes over what one package holds: "isi 30", "kemasan 5 kg", "@50kg".
func (r *reading) pack(i int) int {
	t := r.ts[i]
	if !packs[t.text] && !t.is("@") {
		return i
	}
	j := i + 1
	for r.ts.at(j).is(":") || r.ts.at(j).is("@") {
		j++
	}
	q, next := r.ts.quantity(j)
	if next == j || !r.free(j, next) || scales[r.ts.at(next).text] > 0 ||
		isCurrency(r.ts.at(next).text) && !r.ts.priced(next+1) {
		return i
	}
	if _, counts := r.quantity(j); q.unit == "pak" && counts == j { // "@274.000 Pak Haji"
		q.unit, next = "", next-1
	}
	a, end := r.sum(j, false)
	if q.unit == "" && (t.is("@") || end > next || !a.plain || a.only.whole >= 1000) {
		return i
	}
	if len(q.volumes) == 1 && !weights[q.unit] {
		r.inside = int64(q.volumes[0]) / 1000
	}
	if r.ts.at(next).is("@") && t.is("@") {
		return i
	}
	r.take(i, next, name)
	return next
}

// labour are units of which more than one may be multiplied: three people for two days.
var labour = set("orang", "hari", "kali", "bulan", "minggu", "jam", "malam", "HOK", "OH", "trip")

// cheapest is what a piece costs at least where a price is a package's: with less it may be that of a piece.
const cheapest = 1500

// weights are units of which a package holds some, and no pieces.
var weights = set("kg", "gram", "ons", "liter", "ml", "m", "cm")

// metric are units of length: multiplied, they are a size.
var metric = set("m", "cm", "inci")

// factorAt is one side of a product in a caption, where figures apart are not one number and any word may be a unit.
func (r *reading) factorAt(i int) factor {
	f := factor{}
	if q, next := r.quantity(i); next > i {
		f = factor{volumes: q.volumes, unit: q.unit, next: next}
	} else if a, next := r.sum(i, false); next > i {
		if a.scale > 0 && r.tailed(i, next) {
			next--
			a, _ = r.ts[:next].amount(i, false)
		}
		f = factor{amount: a, next: next}
		if a.plain {
			f.volumes = volumes(a.only)
		}
	}
	if f.next == 0 || !r.free(i, f.next) || r.torn(i) {
		return factor{}
	}
	if t := r.ts.at(f.next); f.plain && t.kind == word && r.free(f.next, f.next+1) && multiplies(r.ts.at(f.next+1)) &&
		!multiplies(t) || f.plain && t.is("kali") && multiplies(r.ts.at(f.next+1)) {
		f.unit, f.next = t.text, f.next+1 // anybody's own: "2 stel x 50rb"
	}
	return f
}

func multiplies(t token) bool {
	switch t.text {
	case "x", "*", "×", "kali", "@":
		return true
	}
	return false
}

// factors are a multiplication in a caption.
type factors struct {
	list   []factor
	at     bool  // one is said to be a price, by "@"
	twice  bool  // it begins with "2x "
	packed int64 // how many pieces are in a package, where that is said
	next   int   // the place after it
}

// factors reads what is multiplied at i. A sign for more that is not understood makes the amount a question.
func (r *reading) factors(i int) (m factors) {
	first := r.factorAt(i)
	if first.next == 0 {
		return m
	}
	m.list, m.next = []factor{first}, first.next
	for {
		if next := r.packedAt(m.next); next > m.next && multiplies(r.ts.at(next)) {
			m.packed, m.next = r.inside, next
		}
		sign := r.ts.at(m.next)
		if !multiplies(sign) || sign.line || r.roles[m.next] != unknown {
			return m
		}
		f := r.factorAt(m.next + 1)
		if f.unit != "" && first.unit != "" && sign.is("@") { // "2 sak @ 30 kg"
			r.pack(m.next)
			return m
		}
		if f.next == 0 {
			r.doubt = r.doubt || !sign.is("@")
			return m
		}
		m.at = m.at || sign.is("@")
		m.twice = m.twice || sign.is("x") && !sign.gap && r.ts.at(m.next+1).gap && len(m.list) == 1 && first.unit == ""
		m.list, m.next = append(m.list, f), f.next
	}
}

// roles tells the count from the price.
func (m factors) roles() (count, price factor, prices int) {
	count, price = m.list[0], m.list[len(m.list)-1]
	for _, f := range m.list {
		if f.price() {
			price, prices = f, prices+1
		}
	}
	if count.unit == "" && count.price() {
		count = m.list[1]
	}
	return count, price, prices
}

// product reads a multiplication: "3 sak @65rb", "3 x 15.000", "3 orang x 2 hari x 100rb", "2 papan isi 30 @ 55rb".
func (r *reading) product(i int) int {
	if t := r.ts.at(i + 1); multiplies(r.ts[i]) && (t.kind == number || isCurrency(t.text)) && !r.ts[i].is("@") &&
		i > 0 && !r.ts.attached(i) {
		r.doubt = true // nothing to multiply with
		return i
	}
	m := r.factors(i)
	if len(m.list) < 2 {
		return i
	}
	count, price, prices := m.roles()
	pieces := len(m.list) == 2 && count.unit != "" && !metric[count.unit] && m.list[1].plain &&
		m.list[1].only.whole >= 50
	switch {
	case prices == 0 && !m.at && !pieces: // and not "150 lembar x 250"
		return r.measure(i, m.next)
	case prices == 2 && m.at && len(m.list) == 2: // "195rb @65rb"
		return i
	}
	vals := multiplied(m.list, m.at)
	if len(vals) == 0 {
		r.doubt = true
		return m.next
	}
	clear := len(vals) == 1 && len(price.vals) == 1
	before := r.last()
	beside := clear && before != nil && before.to == i && len(before.volumes) == 1
	switch {
	case m.twice && price.money: // "2x 50rb": in all, or each
		vals = join(vals, price.vals)
	case clear && m.packed > 1 && price.vals[0] < store.Rupiah(cheapest*m.packed): // for a package, or a piece
		vals = join(vals, multiply([]store.Volume{store.Volume(1000 * m.packed)}, vals))
	case beside && m.list[0].unit == "": // "36 bks 7 @44.500"
		vals = join(multiply(before.volumes, price.vals), vals)
	case beside && labour[before.unit]: // "3 orang 2 hari x 100rb"
		vals = join(multiply(before.volumes, vals), vals)
	}
	r.products++
	r.Volume, r.Unit, r.Price = 0, "", 0 // of several items or factors, no one is the purchase
	if clear && len(m.list) == 2 && len(count.volumes) == 1 && len(vals) == 1 && r.products == 1 {
		r.Unit, r.Price = known(count.unit), price.vals[0]
		if count.unit == "" || r.Unit != "" {
			r.Volume = count.volumes[0]
		}
	}
	as, cued := r.cue(i)
	if as != whole {
		as = thing
	}
	next := r.perUnit(m.next)
	r.add(found{
		vals: vals, as: as, cued: cued, sure: true, product: true, again: r.ts.at(i - 1).is("("), from: i, to: next,
	})
	return next
}

// known is a unit in its usual spelling, "" of anybody's own.
func known(unit string) string {
	for _, u := range goods {
		if u == unit {
			return u
		}
	}
	return ""
}

// last is the quantity that was read last.
func (r *reading) last() *counted {
	if len(r.counts) == 0 {
		return nil
	}
	return &r.counts[len(r.counts)-1]
}

// packedAt is the place after "isi 30" or "(isi 30)", i when there is none.
func (r *reading) packedAt(i int) int {
	r.inside = 0
	j := i
	if r.ts.at(j).is("(") {
		j++
	}
	if j >= len(r.ts) || r.roles[j] != unknown || r.ts[j].is("@") {
		return i
	}
	next := r.pack(j)
	if next == j {
		return i
	}
	if r.ts.at(next).is(")") {
		next++
	}
	return next
}

// multiplied multiplies two factors as product does, and more when one of them is a price.
func multiplied(fs []factor, at bool) []store.Rupiah {
	if len(fs) == 2 {
		return product(fs[0], fs[1], at)
	}
	price := slices.IndexFunc(fs, factor.price)
	if price < 0 {
		return nil
	}
	vals := fs[price].vals
	for i, f := range fs {
		if i == price {
			continue
		}
		if f.price() || len(f.volumes) == 0 {
			return nil
		}
		vals = multiply(f.volumes, vals)
	}
	return vals
}

// measure passes over a size in factors: "10x12", "3x4 m". Figures that stand apart ("3 x 5") may be a price too,
// unless what is bought comes in sizes.
func (r *reading) measure(from, to int) int {
	glued := r.ts.attached(from+1) && r.ts.attached(from+2)
	_, inUnits := goods[r.ts.at(to).text]
	if !glued && !inUnits && goods[r.ts.at(to-1).text] == "" && !r.comesInSizes(from) {
		return from // its numbers are strays
	}
	if u := goods[r.ts.at(to).text]; u == "cm" || u == "m" || r.ts.at(to).is("mm") {
		to++
	}
	r.take(from, to, name)
	return to
}

// unitPrice reads the price of one unit: "@65rb", "15rb/kg", "per sak 65rb", "harga satuan 65rb".
func (r *reading) unitPrice(i int) int {
	j, unit := r.unitAt(i)
	if r.ts[i].is("@") || r.ts[i].is("satuan") || r.ts[i].is("satuannya") || r.ts[i].is("satunya") {
		j = i + 1
	} else if masing := r.ts[i].is("masing"); masing || r.ts[i].is("masing2") {
		for j = i + 1; r.ts.at(j).is("-") || r.ts.at(j).is("masing") || r.ts.at(j).is("2"); j++ {
		}
	}
	for j > i && (r.ts.at(j).is(":") || r.ts.at(j).is("harga") || r.ts.at(j).is("nya") || r.ts.at(j).is("=")) {
		j++
	}
	a, next := r.sum(j, false)
	if next == j || !r.free(i, next) || !r.figure(a, j) {
		return i
	}
	cued := j > i
	if a.scale > 0 && r.tailed(j, next) { // "42rb 290"
		next--
		a, _ = r.ts[:next].amount(j, false)
	}
	as, _ := r.cue(i)
	round := a.money || a.only.whole >= 100 && a.only.whole%50 == 0
	if after, per := r.unitAt(next); after > next && round && as != whole {
		next, unit, cued = after, per, true
	}
	if !cued || j == i && !a.money && a.only.whole < 1000 {
		return i
	}
	r.add(found{vals: a.vals, as: each, sure: true, per: unit, from: i, to: next})
	if len(a.vals) == 1 && r.products == 0 {
		r.Price = a.vals[0]
	}
	return next
}

// figure tells that an amount is written in figures, or is plainly one.
func (r *reading) figure(a amount, i int) bool {
	return len(a.vals) > 0 && a.vals[0] >= 0 && (a.money || a.only.figures)
}

// unitAt reads "/kg", "per sak", "tiap ekor" or "perkilo"; the place is i when there is none.
func (r *reading) unitAt(i int) (int, string) {
	t := r.ts.at(i)
	switch t.text {
	case "/", "per", "tiap", "setiap":
		of := r.ts.at(i + 1)
		bare := strings.TrimSuffix(strings.TrimSuffix(of.text, "nya"), "ne")
		switch u := cmp.Or(goods[of.text], goods[bare]); {
		case u != "":
			return i + 2, u
		case of.kind == word && !itemNoise[of.text] && !isCurrency(of.text) && !isCue(of) && r.free(i, i+2):
			return i + 2, of.text // anybody's own
		}
	}
	if len(t.text) > 4 && t.text[:3] == "per" {
		if u := goods[t.text[3:]]; u != "" {
			return i + 1, u
		}
	}
	return i, ""
}

// perUnit is the place after "/kg" or "per sak", i when there is none.
func (r *reading) perUnit(i int) int {
	next, _ := r.unitAt(i)
	return next
}

// percent reads "diskon 10%"; any other share belongs to the item: "katun 100%".
func (r *reading) percent(i int) int {
	n, ok := small(r.ts[i], 99)
	if r.ts[i].kind != number || !r.ts.at(i+1).is("%") && !r.ts.at(i+1).is("persen") {
		return i
	}
	if as, cued := r.cue(i); cued && ok && (as == less || as == extra) {
		r.add(found{as: as, percent: int64(n), sure: true, cued: true, from: i, to: i + 2})
		return i + 2
	}
	r.take(i, i+2, name)
	return i + 2
}

// quantity reads a quantity with its unit; "pak" may be a title too.
func (r *reading) quantity(i int) (quantity, int) {
	q, next := r.ts.quantity(i)
	if q.unit == "" || q.unit == "pak" && (q.volumes[0]%1000 != 0 || q.volumes[0] >= 1000_000 ||
		titles[r.ts.at(next).text]) {
		return quantity{}, i
	}
	return q, next
}

func (r *reading) count(i int) int {
	q, next := r.quantity(i)
	if next == i || !r.free(i, next) || r.torn(i) {
		return i
	}
	r.counts = append(r.counts, counted{quantity: q, from: i, to: next})
	return next
}

// cue reads what the words before an amount say of it.
func (r *reading) cue(i int) (as sense, cued bool) {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		t := r.ts[j]
		if now, ok := cues[t.text]; ok {
			if !cued || as == thing || as == paid && now != thing {
				as, cued = now, true
			}
		}
		if !cueNoise[t.text] || t.line {
			break
		}
	}
	return as, cued
}

// amount reads an amount that stands alone.
func (r *reading) amount(i int) int {
	before := r.ts.at(i - 1)
	a, next := r.sum(i, false)
	if next == i || !r.free(i, next) || a.vals[0] < 0 || r.torn(i) {
		return i
	}
	if t := r.ts[i]; ones[t.text] > 0 && markers[before.text] || t.kind == word && !isCurrency(t.text) &&
		markers[r.ts.at(i-2).text] && next == i+1 {
		return i + 1 // "Toko Sejuta"
	}
	as, cued := r.cue(i)
	f := found{vals: a.vals, as: as, cued: cued, sure: a.money || cued && as != part, from: i, to: next}
	f.priced = before.is("harga") || before.is("harganya") || before.is("hrg")
	f.again = before.is("(") && as == thing || before.is("terbilang") || before.is("=")
	if a.plain && !a.money {
		n := a.only
		switch {
		case !n.figures: // "Tiga Roda"
			return next
		case r.broken(i, next), n.padded, n.whole < 0 && !cued, n.groups == 0 && n.length >= 10:
			return i
		case n.whole >= 0 && n.whole < 1000 && cued:
			f.sure, f.small = false, n.whole
		case n.whole < 1000 && !cued, n.groups == 0 && n.whole >= 1900 && n.whole < 2100 && !cued,
			n.groups == 0 && n.whole%50 != 0 && !cued:
			return i
		}
	}
	if a.scale > 0 && r.tailed(i, next) { // "25rb 150": of the amount, or of something else
		head, _ := r.ts[:next-1].amount(i, false)
		f.vals = join(head.vals, f.vals)
	}
	if prev := r.before(i); prev != nil && (before.is("-") || before.is("–") || before.is("−")) {
		if prev.vals[0] > f.vals[0] && prev.sure {
			f.as = less
		} else {
			prev.vals = join(prev.vals, f.vals)
			prev.to = next
			return next
		}
	} else if prev != nil && before.is("atau") {
		prev.vals = join(prev.vals, f.vals)
		prev.to = next
		return next
	}
	if low := r.ts.at(i - 2); before.is("-") && low.kind == number && a.scale > 0 && r.free(i-2, i) { // "200-250rb"
		if l, ok := readLiteral(low.text); ok {
			for _, v := range l.scaled(a.scale) {
				f.vals = join([]store.Rupiah{store.Rupiah(v)}, f.vals)
			}
			f.from, r.odds = i-2, r.odds[:max(0, len(r.odds)-1)]
		}
	}
	r.add(f)
	return next
}

// tailed tells that an amount ends in three figures that stand apart.
func (r *reading) tailed(from, to int) bool {
	t := r.ts[to-1]
	return to-from > 2 && t.kind == number && t.gap && len(t.text) == 3
}

// before is the amount that ends right before the sign before i.
func (r *reading) before(i int) *found {
	if n := len(r.found); n > 0 && r.found[n-1].to == i-1 {
		return &r.found[n-1]
	}
	return nil
}

// sum reads an amount at i that ends before what is understood already.
func (r *reading) sum(i int, apart bool) (amount, int) {
	end := i
	for end < len(r.ts) && r.roles[end] == unknown {
		end++
	}
	return r.ts[:end].amount(i, apart)
}

func (r *reading) add(f found) { r.found = append(r.found, f) }

// bare decides about numbers without any sign of money: they count where nothing else does, and are odd beside what
// is sure.
func (r *reading) bare() {
	sure := slices.ContainsFunc(r.found, func(f found) bool { return f.sure && f.percent == 0 })
	if !sure {
		return
	}
	r.found = slices.DeleteFunc(r.found, func(f found) bool {
		if !f.sure {
			r.odds = append(r.odds, odd{n: max(f.small, int64(f.vals[0])*int64(btoi(f.small == 0)))})
		}
		return !f.sure
	})
}

// alike understands a count and two amounts of which one is the other so many times: "3 sak 65rb 195rb".
func (r *reading) alike() {
	var volumes []store.Volume
	switch {
	case len(r.counts) == 1 && len(r.counts[0].volumes) == 1:
		volumes = r.counts[0].volumes
	// "semen 3 65rb 195rb"
	case len(r.counts)+r.products == 0 && len(r.odds) == 1 && r.odds[0].n > 1 && r.odds[0].n < 1000:
		volumes = []store.Volume{store.Volume(r.odds[0].n * 1000)}
	default:
		return
	}
	for i := range r.found {
		for k := range r.found {
			f, g := &r.found[i], &r.found[k]
			if i == k || f.as != thing && f.as != each || g.as != thing && g.as != whole || len(f.vals) != 1 ||
				len(g.vals) != 1 || f.vals[0] == g.vals[0] || f.percent+g.percent != 0 {
				continue
			}
			if slices.Equal(multiply(volumes, f.vals), g.vals) {
				f.as, r.Price, r.Volume, r.odds = each, f.vals[0], volumes[0], r.odds[len(r.odds):]
				return
			}
		}
	}
}

// volume takes the one quantity of the caption for that of the purchase.
func (r *reading) volume() {
	var eachUnit string
	for _, f := range r.found {
		if f.as == each {
			eachUnit = f.per
		}
	}
	fit := slices.DeleteFunc(slices.Clone(r.counts), func(c counted) bool {
		return len(c.volumes) != 1 || len(r.counts) > 1 && (eachUnit == "" || c.unit != eachUnit)
	})
	for _, c := range r.counts { // "2 orang 150rb/hari 3 hari"
		r.doubt = r.doubt || eachUnit != "" && c.unit != eachUnit && labour[c.unit]
	}
	if r.products == 0 && len(fit) == 1 {
		r.Volume, r.Unit = fit[0].volumes[0], fit[0].unit
		r.take(fit[0].from, fit[0].to, size)
	}
}
