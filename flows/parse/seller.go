package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// markers are words that sellers' names begin with.
var markers = set("toko", "tk", "tb", "ud", "cv", "pt", "pd", "warung", "wr", "kios", "apotek", "apotik", "spbu",
	"pasar", "psr", "bengkel",
	"koperasi", "kop", "depot", "depo", "agen", "grosir", "swalayan", "minimarket", "supermarket", "percetakan",
	"fotokopi", "fotocopy", "pertashop",
	"indomaret", "alfamart", "poultry", "rm", "catering", "katering", "konter")

// complete are sellers without any further name.
var complete = set("spbu", "apotek", "apotik", "bengkel", "pasar", "indomaret", "alfamart", "pertashop", "koperasi",
	"minimarket", "swalayan",
	"supermarket")

// chains are sellers whose name is the word itself.
var chains = set("indomaret", "alfamart", "pertashop")

// sellerEnd are words that no seller's name goes on with.
var sellerEnd = set("beli", "belanja", "bayar", "untuk", "utk", "buat", "total", "totalnya", "harga", "harganya",
	"seharga", "sebesar", "senilai",
	"dari", "dr", "di", "yg", "yang", "dengan", "dgn", "pakai", "pake", "via", "lewat", "per", "sudah", "sdh",
	"kategori", "pos", "jumlah", "secara", "tgl", "tanggal",
	"sekitar", "kira", "lunas", "ya", "isi", "berupa", "alat", "bahan", "rp", "ke", "sebanyak")

// nowhere are words after "di" and "dari" that are not sellers.
var nowhere = set("rumah", "sini", "situ", "sana", "atas", "bawah", "lokasi", "kantor", "desa", "dusun", "kampung",
	"kampus", "balai", "kelompok",
	"dana", "uang", "bantuan", "kas", "hasil", "pemerintah", "kami", "saya", "bank", "kota", "kabupaten", "kecamatan",
	"kelurahan", "kel", "rt", "rw", "tempat",
	"luar", "dalam", "depan", "belakang", "jl", "jalan", "ketua", "bendahara", "anggota", "tks", "pendamping", "sawah",
	"kebun", "ladang", "kandang", "online", "ini", "itu")

// titles stand before a person's name.
var titles = set("pak", "bpk", "bapak", "bu", "ibu", "mas", "mbak")

// seller finds the seller by the word its name begins with, else by "di", "dari" and "@", else a person's name right
// before the money: "pak Kardi 200rb".
func (r *reading) seller() {
	for i, t := range r.ts {
		if t.kind == word && markers[t.text] && r.roles[i] == unknown && r.named(i, i+1) {
			return
		}
	}
	for i, t := range r.ts {
		from := t.is("di") || t.is("dari") || t.is("dr") || t.is("@")
		if next := r.ts.at(i + 1); from && r.roles[i] == unknown && next.kind == word && !nowhere[next.text] &&
			!sellerEnd[next.text] &&
			r.free(i+1, i+2) && r.named(i+1, i+2) {
			r.take(i, i+1, seller)
			return
		}
	}
	for i, t := range r.ts {
		if titles[t.text] && r.ts.at(i-1).kind != number && r.person(i+1) && r.free(i, i+2) {
			r.take(i, i+2, seller)
			r.Seller = r.text[t.at:r.ts[i+1].end]
			return
		}
	}
}

// person tells whether a person's name stands at i, right before the money. It begins with a capital: else it may be
// the thing ("pak semen 200rb"), as where all letters are capitals.
func (r *reading) person(i int) bool {
	return i+1 < len(r.ts) && r.ts[i].kind == word && !r.ts[i].line && r.capital(i) &&
		r.text != strings.ToUpper(r.text) && r.roles[i+1] == money && !r.ts[i+1].line
}

// named takes the name that begins at from, whose first words end at end. Where a name ends is not always certain
// ("toko makmur paku 2kg"): then nobody is named.
func (r *reading) named(from, end int) bool {
	marked := markers[r.ts[from].text]
	if r.ts.at(end).is(".") && marked {
		end++
	}
	first := end
	for end < len(r.ts) && end-first < 4 {
		t := r.ts[end]
		if t.kind != word || r.roles[end] != unknown || t.line || sellerEnd[t.text] {
			break
		}
		// "TB Jaya besi": what begins small after a capital is no longer the name.
		if end > first-btoi(!marked) && r.capital(end-1) && !r.capital(end) {
			break
		}
		end++
	}
	if end == first && marked && !complete[r.ts[from].text] {
		return false
	}
	capitals := r.capital(end-1) && (end > first || !marked)
	bounded := end == len(r.ts) || r.ts[end].line || r.roles[end] == day || r.roles[end] == label ||
		r.ts[end].kind == symbol || sellerEnd[r.ts[end].text]
	if !bounded && chains[r.ts[from].text] {
		end, bounded = first, true
	}
	if !capitals && !bounded {
		words := end - first + btoi(!marked)
		switch {
		case r.roles[end] == size, r.quantified(end):
			return false // the last word may be the item
		case r.roles[end] != money || words > 1 && !r.others(from, end):
			return false
		}
	}
	if end-first == 4 && end < len(r.ts) && !bounded && r.roles[end] == unknown {
		return false
	}
	r.take(from, end, seller)
	if p := r.ts.at(from - 1); (p.is("di") || p.is("dari") || p.is("dr") || p.is("@")) && r.roles[from-1] == unknown {
		r.take(from-1, from, seller)
	}
	r.Seller = r.text[r.ts[from].at:r.ts[end-1].end]
	return true
}

// quantified tells that a price with its quantity stands at i, so that the word before it is likely the item.
func (r *reading) quantified(i int) bool {
	return i < len(r.roles) && r.roles[i] == money && r.Price > 0 && r.Volume > 0
}

// others tells whether words outside the two places remain for the item.
func (r *reading) others(from, to int) bool {
	for i, t := range r.ts {
		if (i < from || i >= to) && t.kind == word && r.roles[i] == unknown && !itemNoise[t.text] {
			return true
		}
	}
	return false
}

func (r *reading) capital(i int) bool {
	if i < 0 || i >= len(r.ts) {
		return false
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.ts[i].at:])
	return unicode.IsUpper(c)
}
