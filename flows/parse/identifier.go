package parse

import "strings"

// Numbers that identify something are never money: accounts, telephones, plates, meters, transactions.

// identify are words whose number identifies something, whatever it looks like.
var identify = set("rek", "rekening", "norek", "acc", "akun", "hp", "nohp", "wa", "telp", "tlp", "tlpn", "telpon",
	"telepon", "phone", "ponsel", "hub", "kontak", "cp", "fax", "nik", "ktp", "sim", "npwp", "kk", "nisn", "nip", "id",
	"idpel", "trx", "trxid", "transaksi", "ref", "reff", "referensi", "inv", "invoice", "po", "resi", "awb", "booking",
	"meter", "seri", "sn", "serial", "barcode", "sku", "plat", "nopol", "polisi", "kodepos", "va", "imei",
	"antrian", "antrean", "kasir", "member", "batch", "lot", "no", "nomor", "nmr", "nomer", "kode", "rt", "rw",
	"blok", "blk", "kav", "km", "gg", "gang", "jl", "jln", "jalan", "halaman", "hal", "hlm", "bab", "pasal", "lantai",
	"tahap", "termin", "kelas", "versi", "tipe", "type", "seri", "shift", "edisi", "rangka", "stnk",
	"bpkb", "siup", "nib", "pin", "otp", "virtual", "pelanggan", "registrasi", "nopel", "kwh", "pos",
	"transaction", "pesanan", "order", "urut", "kendaraan", "ke", "bulan", "bln")

// maybe are words whose number may be money too: only figures that no price has identify something.
var maybe = set("struk", "nota", "bon", "kuitansi", "kwitansi", "faktur", "token", "tiket", "kartu", "pulsa", "listrik",
	"pln", "kupon", "bukti", "meter", "order", "pesanan", "pos", "kwh", "seri", "type", "tipe", "kelas",
	"polisi", "kendaraan", "pelanggan", "kode")

// plates are the letters that an Indonesian number plate begins with.
var plates = set("a", "aa", "ab", "ad", "ae", "ag", "b", "ba", "bb", "bd", "be", "bg", "bh", "bk", "bl", "bm", "bn",
	"bp", "d", "da", "db", "dc", "dd", "de", "dg", "dh", "dk", "dl", "dm", "dn", "dp", "dr", "ds", "dt", "e", "ea",
	"eb", "ed", "f", "g", "h", "k", "kb", "kh", "kt", "ku", "l", "m", "n", "p", "pa", "pb", "r", "s", "t", "w", "z")

// places are words of an address: what looks like a postcode after one is one.
var places = set("kec", "kecamatan", "kab", "kabupaten", "kota", "kel", "kelurahan", "desa", "ds", "dusun", "dsn", "jl",
	"jln", "jalan", "rt", "rw", "prov", "provinsi", "alamat")

// identifiers gives their role to numbers after a word that says what they identify, before days are read.
func (r *reading) identifiers() {
	for i := 0; i < len(r.ts); i++ {
		next := r.called(i)
		if next == i {
			next = r.plate(i)
		}
		as := name
		for j := i; j < next; j++ {
			if t := r.ts[j]; t.kind == number && t.text[0] == '0' && r.ts.at(j+1).is("-") { // nobody bought a telephone
				as = label
			}
			if r.roles[j] == unknown {
				r.roles[j] = as
			}
		}
		i = max(i, next-1)
	}
}

// called is the place after a word and the number that it gives to something: "no nota 4567", "rek BCA 1234567",
// "INV/2026/11/0123"; i when there is none.
func (r *reading) called(i int) int {
	t := r.ts[i]
	_, sold := goods[t.text]
	switch {
	case !identify[t.text] && !maybe[t.text] || sold && (r.numeral(i-1) || r.ts.at(i-1).is("/") ||
		r.ts.at(i-1).is("per")):
		return i
	case t.is("no") && no[r.ts.at(i-1).text]:
		return i
	}
	hard := identify[t.text] && !maybe[t.text]
	j, skipped := i+1, 0
	for ; j < len(r.ts); j++ {
		switch u := r.ts[j]; {
		case identify[u.text] || maybe[u.text]:
			hard = hard || identify[u.text] && !maybe[u.text]
			continue
		case u.is(":") || u.is(".") || u.is("#") || u.is("-") || u.is("=") || u.is("(") || u.is("/") || u.is("'"):
			hard = hard || u.is("#")
			continue
		case u.kind == word && !u.line && skipped < 3 && (t.is("jl") || t.is("jln") || t.is("jalan")):
			skipped++
			continue
		case u.kind == word && !u.line && hard && skipped < 2 && !isCue(u) && !isCurrency(u.text) && r.long(j+1):
			skipped++
			continue
		}
		break
	}
	n := r.ts.at(j)
	house := (t.is("jl") || t.is("jln") || t.is("jalan")) && len(n.text) < 4
	if skipped > 0 && !r.long(j) && !house {
		return i
	}
	if n.line || n.kind != number && !(n.kind == word && r.ts.attached(j+1) && r.ts[j+1].kind == number &&
		!isCurrency(n.text)) {
		return i
	}
	end := r.run(j)
	if n.kind == number {
		if end = r.groups(j, end); !r.countless(j, end, hard) || !hard && !r.strange(j, end) {
			return i
		}
	}
	return end
}

func isCue(t token) bool {
	_, ok := cues[t.text]
	return ok
}

// numeral tells that token i is a number, in figures or words.
func (r *reading) numeral(i int) bool {
	t := r.ts.at(i)
	return t.kind == number || units[t.text] > 0 || t.is("puluh") || t.is("belas") || t.is("ratus") ||
		t.is("sepuluh") || t.is("sebelas") || fractions[t.text] > 0
}

// long tells that a bare number of many figures stands at i, or within the next word.
func (r *reading) long(i int) bool {
	for k := i; k < i+2 && k < len(r.ts); k++ {
		t := r.ts[k]
		if t.kind != number {
			continue
		}
		l, ok := readLiteral(t.text)
		return ok && l.groups == 0 && l.places == 0 && scales[r.ts.at(k+1).text] == 0 &&
			(l.padded && l.length > 3 || l.length >= 7 || l.length >= 5 && l.whole%50 != 0)
	}
	return false
}

// run is the place after what is written without a space from i on.
func (r *reading) run(i int) int {
	for i++; i < len(r.ts) && r.ts.attached(i) && !r.ts[i].is(",") && !r.ts[i].is(")") && !r.ts[i].is(":") &&
		!r.ts[i].is(";"); i++ {
	}
	if r.ts[i-1].kind == symbol {
		i--
	}
	return i
}

// groups goes on to further groups of figures that stand apart: "0812 3456 7890", "1234 5678 9012 3456 7890".
func (r *reading) groups(i, end int) int {
	for {
		sep := end
		for r.ts.at(sep).is("-") || r.ts.at(sep).is(")") {
			sep++
		}
		t, last := r.ts.at(sep), r.ts.at(end-1)
		if t.kind != number || t.line || len(t.text) < 3 || len(t.text) > 7 || !figures(t) || !figures(last) ||
			len(last.text) < 3 || len(last.text) > 6 || !r.countless(sep, sep+1, false) || r.roles[sep] != unknown ||
			len(t.text) > 4 && r.ts[i].text[0] != '0' || r.dayLike(sep) ||
			t.text[0] != '0' && len(t.text) > 4 && rounded(t) && !r.ts.at(sep-1).is(")") {
			return end
		}
		if r.ts[i].text[0] != '0' && t.text[0] == '0' && len(t.text) != len(last.text) {
			return end
		}
		end = sep + 1
	}
}

// dayLike tells that figures joined like a day's stand at i.
func (r *reading) dayLike(i int) bool {
	parts, _ := r.ts.chain(i)
	if len(parts) != 2 && len(parts) != 3 {
		return false
	}
	for _, p := range parts {
		if _, ok := year(p); !figures(p) || len(p.text) > 2 && !ok {
			return false
		}
	}
	return len(parts[0].text) <= 2 || len(parts) == 3
}

func figures(t token) bool {
	for i := range t.text {
		if t.text[i] < '0' || t.text[i] > '9' {
			return false
		}
	}
	return t.kind == number
}

// rounded tells that a number is one that prices are: no price here has an odd end.
func rounded(t token) bool {
	l, ok := readLiteral(t.text)
	return ok && !l.padded && l.whole%50 == 0
}

// countless tells that no scale or unit follows the number from i to end.
func (r *reading) countless(i, end int, hard bool) bool {
	after := r.ts.at(end)
	if end > i+1 && r.ts[end-1].kind == word {
		last := r.ts[end-1].text
		return scales[last] == 0 && goods[last] == ""
	}
	if after.line {
		return true
	}
	unit := goods[after.text] != "" && len(after.text) > 1 || months[after.text] > 0
	currency := after.is("rupiah") || isCurrency(after.text) && !r.ts.priced(end+1)
	return scales[after.text] == 0 && !unit && !currency && !(multiplies(after) && !hard && len(r.ts[i].text) < 7) &&
		!(after.is(",") && r.ts.at(end+1).is("-"))
}

// strange tells that the figures from i to end are no price's.
func (r *reading) strange(i, end int) bool {
	l, ok := readLiteral(r.ts[i].text)
	return !ok && figures(r.ts[i]) || end > i+1 && !r.dayLike(i) || ok && l.groups == 0 && l.places == 0 &&
		(l.padded || l.whole%50 != 0 && l.length > 3 || l.length >= 10)
}

// plate is the place after a number plate, i when there is none: "AD 3456 BC", "B1234CD".
func (r *reading) plate(i int) int {
	a, n, z := r.ts[i], r.ts.at(i+1), r.ts.at(i+2)
	if a.kind != word || !plates[a.text] || n.kind != number || len(n.text) > 4 || !figures(n) || n.text[0] == '0' ||
		n.line || r.ts.attached(i) {
		return i
	}
	if r.ts.at(i-1).kind == number && goods[a.text] != "" {
		return i // "5 L 2000"
	}
	_, sold := goods[z.text]
	_, scaled := scales[z.text]
	_, month := months[z.text]
	_, said := units[z.text]
	letters := z.kind == word && !said && r.ts.attached(i+1) == r.ts.attached(i+2) && len(z.text) <= 3 && !z.line &&
		!sold && !scaled && !month && !itemNoise[z.text] &&
		!isCurrency(z.text) && !markers[z.text] && kinds[z.text] == "" && payments[z.text] == "" && !isCue(z)
	upper := strings.ToUpper(r.text[a.at:a.end]) == r.text[a.at:a.end]
	switch {
	case letters && !z.is("x"):
		return i + 3
	case upper && len(n.text) >= 3 && len(a.text) == 2 && !scaled && !sold && !isCurrency(z.text):
		return i + 2
	}
	return i
}

// identifier passes over numbers that by their looks identify something: telephones, tokens, "(0271) 654321",
// "TRX-20261112-001".
func (r *reading) identifier(i int) int {
	t := r.ts[i]
	if t.is("+") && r.ts.attached(i+1) && figures(r.ts.at(i+1)) && len(r.ts[i+1].text) > 1 {
		end := r.groups(i+1, i+2)
		r.take(i, end, name)
		return end
	}
	if t.kind != number || r.ts.attached(i) && r.ts[i-1].is(".") {
		return i
	}
	end := r.groups(i, i+1)
	digits, odd := 0, false
	for j := i; j < end; j++ {
		if figures(r.ts[j]) {
			digits += len(r.ts[j].text)
			odd = odd || !rounded(r.ts[j])
		}
	}
	l, ok := readLiteral(t.text)
	padded := figures(t) && t.text[0] == '0' && len(t.text) > 1
	start := i
	if r.ts.at(i-1).is("(") && r.ts.at(i+1).is(")") && r.free(i-1, i) { // "(0271) 654321"
		start--
	}
	postcode := ok && l.groups == 0 && l.length == 5 && len(t.text) == 5 && r.addressed(i)
	switch {
	case padded && r.countless(i, end, false):
	case end > i+1 && digits >= 8 && odd && r.countless(i, end, false):
	case figures(t) && len(t.text) >= 10 && r.countless(i, i+1, false):
	case postcode && r.countless(i, i+1, false):
	default:
		return i
	}
	r.take(start, end, name)
	return end
}

// addressed tells that an address stands before token i.
func (r *reading) addressed(i int) bool {
	for j := i - 1; j >= 0 && j > i-8; j-- {
		if places[r.ts[j].text] {
			return true
		}
	}
	return false
}

// inSizes are things whose figures are sizes, and not days or prices: "usuk 5/7", "kunci pas 10/12".
var inSizes = set("kayu", "usuk", "reng", "kaso", "balok", "papan", "kunci", "pas", "ring", "hollow", "holo", "pipa",
	"besi", "siku", "baut", "mur", "selang", "kran", "keran", "triplek", "multiplek", "seng", "knee", "tee", "elbow",
	"sok", "sock", "drat", "kabel", "mata", "bor", "paku", "amplas", "keramik", "galvalum", "baja", "plat", "kaca",
	"kusen", "lis", "list", "bata", "batako", "hebel", "asbes", "spandek", "kawat", "dinamo", "pompa", "nepel", "napel",
	"klem", "stop", "gerinda", "gergaji", "ban", "velg", "oli", "rante", "rantai", "gear", "ke", "angsuran", "cicilan",
	"termin", "halaman", "hal", "hlm", "warung", "buka", "skala", "rasio", "foto", "kertas", "banner", "spanduk",
	"terpal", "wajan", "panci", "loyang", "kelas", "tahap", "no", "ukuran", "uk", "size",
	"meranti", "sengon", "jati", "glugu", "kruing", "bagian", "lem", "pvc", "ulir", "sni")

// comesInSizes tells that the words right before token i are of such a thing.
func (r *reading) comesInSizes(i int) bool {
	for j := i - 1; j >= 0 && j > i-3 && r.ts[j].kind == word && r.roles[j] == unknown; j-- {
		if inSizes[r.ts[j].text] {
			return true
		}
	}
	return false
}

// dimension passes over fractions and sizes: "pipa 3/4", "usuk 5/7".
func (r *reading) dimension(i int) int {
	end := r.ts.fractions(i)
	if _, next := r.ts.quantity(i); next > i && goods[r.ts.at(next-1).text] != "" {
		return i // "1/2 kg"
	}
	r.take(i, end, name)
	return end
}

// fractions is the place after figures with strokes between them, i when there are none.
func (ts tokens) fractions(i int) int {
	if ts.at(i).kind != number || !ts.at(i+1).is("/") || ts.at(i+1).gap || ts.at(i+2).kind != number ||
		scales[ts.at(i+3).text] > 0 {
		return i
	}
	for i += 3; (ts.at(i).is("/") || ts.at(i).is("-") && ts.attached(i)) && ts.at(i+1).kind == number; { // "80/90-14"
		i += 2
	}
	return i
}

// torn tells that a number is the end of something longer: "1..500.000", "20W50".
func (r *reading) torn(i int) bool {
	before := r.ts.at(i - 1)
	if !r.ts.attached(i) || r.ts[i].kind != number {
		return r.ts.attached(i) && before.kind == number
	}
	if before.kind == word {
		return scales[before.text] == 0 && !isCurrency(before.text) && !isCue(before) && !cueNoise[before.text] &&
			!multiplies(before) && !packs[before.text]
	}
	return (before.is(".") || before.is(",")) && r.ts.attached(i-1) && r.ts.at(i-2).kind != word
}

// broken tells that the number from i to end is a piece of something longer: "1..500.000", "A4", "65000-70000".
func (r *reading) broken(i, end int) bool {
	before, after := r.ts.at(i-1), r.ts.at(end)
	return r.ts.attached(i) && (before.kind == word || before.is("-") || before.is("/") || before.is("#") ||
		before.is(".") || before.is(",")) || r.ts.attached(end) && after.kind != number && (after.kind == word ||
		after.is("/") || after.is("-") || after.is("%"))
}

// measures are words after figures that tell what a thing is like, not how many there are.
var measures = set("watt", "volt", "mm", "pk", "tungku", "tahun", "thn", "th", "mata", "roda", "lubang", "pintu",
	"susun", "kaki", "lapis", "ply", "kva", "ampere", "rpm", "warna", "jari", "mil", "derajat", "gsm", "gb", "mb", "cc",
	"tingkat", "rak", "sisi", "silinder", "kilowatt", "kwh", "va", "mesh", "nyala")

// stray is the last to look at a number: it belongs to a name, or nobody knows what it is.
func (r *reading) stray(i int) int {
	t := r.ts[i]
	if t.kind != number {
		return i
	}
	l, ok := readLiteral(t.text)
	before, after := r.ts.at(i-1), r.ts.at(i+1)
	glued := r.ts.attached(i) && before.kind == word || r.ts.attached(i+1) && after.kind == word
	year := ok && figures(t) && l.whole >= 1900 && l.whole < 2100 && l.whole%50 != 0
	var prev *found
	if n := len(r.found); n > 0 && r.found[n-1].to == i {
		prev = &r.found[n-1]
	}
	switch {
	case glued && !(r.ts.attached(i+1) && (scaleLike(after.text) || markers[after.text])), year, markers[before.text] &&
		!r.ts[i].line:
		r.take(i, i+1, name)
	case r.ts.attached(i) && before.is("-") && r.ts.attached(i-1) && r.ts.at(i-2).kind == word: // "K-24"
		r.take(i, i+1, name)
	case measures[after.text] && !after.line:
		r.take(i, i+1, name)
	case before.is("#") && r.ts.attached(i), after.is("\"") && r.ts.attached(i+1), after.is("°"):
		r.take(i, i+1, name)
	case ok && figures(t) && !l.padded && l.whole >= 1000 && l.whole%50 != 0 && prev != nil && prev.sure:
		r.take(i, i+1, name) // what stands behind an amount: "50rb 12345"
	case !ok || l.whole < 0 && l.places == 0 || r.ts.attached(i) && (before.is(".") || before.is(",")) ||
		l.places > 0 ||
		glued:
		r.odds = append(r.odds, odd{})
	case l.padded:
		r.take(i, i+1, name)
	default:
		r.odds = append(r.odds, odd{n: l.whole})
	}
	return i + 1
}

// scaleLike tells that a word is nearly "rb", "ribu", "jt" or "juta".
func scaleLike(s string) bool {
	for w := range scales {
		if len(w) > 1 && s != "" && w[0] == s[0] && near(w, s) {
			return true
		}
	}
	return false
}
