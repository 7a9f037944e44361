package parse

import (
	"unicode"
	"unicode/utf8"
)

// markers are words that sellers' names begin with.
var markers = set("toko", "tk", "tb", "ud", "cv", "pt", "pd", "warung", "wr", "kios", "apotek", "apotik", "spbu",
	"pasar", "psr", "bengkel",
	"koperasi", "kop", "depot", "depo", "agen", "grosir", "swalayan", "minimarket", "supermarket", "percetakan",
	"fotokopi", "fotocopy", "pertashop",
	"indomaret", "alfamart", "poultry", "rm", "catering", "katering", "konter", "pangkalan", "lapak", "pedagang",
	"penjual", "juragan", "warteg", "material", "rumah makan", "penggilingan", "peternakan", "konveksi", "counter")

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
	"sekitar", "kira", "lunas", "ya", "isi", "berupa", "alat", "bahan", "rp", "ke", "sebanyak", "tahun", "thn", "td",
	"kmrn")

// nowhere are words after "di" and "dari" that are not sellers.
var nowhere = set("rumah", "sini", "situ", "sana", "atas", "bawah", "lokasi", "kantor", "desa", "dusun", "kampung",
	"kampus", "balai", "kelompok",
	"dana", "uang", "bantuan", "kas", "hasil", "pemerintah", "kami", "saya", "bank", "kota", "kabupaten", "kecamatan",
	"kelurahan", "kel", "rt", "rw", "tempat",
	"luar", "dalam", "depan", "belakang", "jl", "jalan", "ketua", "bendahara", "anggota", "tks", "pendamping", "sawah",
	"kebun", "ladang", "kandang", "online", "ini", "itu")

// titles stand before a person's name.
var titles = set("pak", "bpk", "bapak", "bu", "ibu", "mas", "mbak", "mba", "bang", "mbah", "mbok", "haji", "hj",
	"hajah",
	"kang", "cak", "lik", "pakde", "pakdhe", "bude", "budhe", "om", "tante", "ko", "koh", "cik", "yu", "uda", "uni",
	"daeng", "abah", "umi", "ustad", "ustadz", "teh", "aa")

// unnamed are words after a title that are no name.
var unnamed = set("ketua", "bendahara", "sekretaris", "anggota", "pendamping", "koordinator", "rt", "rw", "lurah",
	"kades",
	"nanti", "notanya", "nota", "hilang", "belum", "blm", "kalau", "klo", "kalo", "maaf", "mohon", "tolong", "tlg",
	"makasih", "terima", "kasih", "bapak", "ibu", "semua", "apa", "gimana", "bagaimana", "kapan", "mana", "siapa",
	"bisa", "boleh", "tidak", "tdk", "gak", "ga", "juga", "lagi", "karena", "soalnya", "sekalian", "kami", "saya",
	"cek", "dicek", "sudah", "sdh", "udah", "minta", "izin", "ijin", "lapor", "haji", "sama", "bukti", "buktinya")

// wares are things much bought: words that a seller's name doesn't go on with.
var wares = set("semen", "pasir", "batu", "bata", "paku", "kawat", "reng", "usuk", "kayu", "triplek", "cat", "pipa",
	"seng", "genteng", "keramik", "kabel", "lampu", "baut", "engsel", "gula", "beras", "telur", "telor", "minyak",
	"terigu", "tepung", "mentega", "margarin", "ragi", "susu", "kopi", "teh", "garam", "bawang", "cabai", "cabe",
	"tomat", "sayur", "daging", "ayam", "ikan", "lele", "bebek", "kambing", "sapi", "pakan", "bekatul", "dedak",
	"jagung", "kedelai", "bibit", "benih", "pupuk", "urea", "bensin", "solar", "pertalite", "oli", "gas", "elpiji",
	"lpg", "galon", "pulsa", "token", "listrik", "kain", "benang", "kancing", "resleting", "jarum", "kertas", "tinta",
	"plastik", "kresek", "kardus", "botol", "gunting", "mesin", "kompor", "wajan", "panci", "blender", "mixer", "oven",
	"timbangan", "ember", "sapu", "pel", "sabun", "vitamin", "obat", "ongkir", "ongkos", "sewa", "upah", "parkir",
	"snack", "nasi", "makan", "konsumsi", "fotokopi", "print", "banner", "spanduk", "meja", "kursi", "rak", "etalase",
	"tenda", "terpal", "besi", "hollow", "amplas", "lem", "palu", "tang", "obeng", "bor", "gergaji", "kuas", "sekop",
	"cangkul", "sabit", "arit", "sprayer", "selang", "ban", "aki", "santan", "roti", "mie", "kecap", "saus", "sambal")

// seller finds the seller by the word its name begins with, else by "di", "dari" and "@", else a person's name right
// before the money: "pak Kardi 200rb".
func (r *reading) seller() {
	for i, t := range r.ts {
		if t.kind == word && markers[t.text] && r.roles[i] == unknown && !r.torn(i) && r.named(i, i+1) {
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
	for i := range r.ts {
		if r.titled(i) {
			return
		}
	}
}

// titled takes a person's name after a title: with capitals anywhere, and without them only as the last of its words
// ("ongkir pak slamet"), since it may be what was bought ("tolong pak semen 200rb").
func (r *reading) titled(i int) bool {
	counted := i > 0 && r.ts[i-1].kind == number && len(r.ts[i-1].text) < 4 && !r.ts[i].line &&
		(r.roles[i-1] == unknown || r.roles[i-1] == size)
	if !titles[r.ts[i].text] || counted || r.roles[i] != unknown || titles[r.ts.at(i-1).text] {
		return false
	}
	j := i + 1
	for j+1 < len(r.ts) && (titles[r.ts[j].text] || r.ts[j].is(".")) {
		j++
	}
	named := func(k int) bool {
		t := r.ts.at(k)
		return t.kind == word && !t.line && r.roles[k] == unknown && !sellerEnd[t.text] && !itemNoise[t.text] &&
			!unnamed[t.text] && !wares[t.text] && !isCue(t) && !identify[t.text] && !maybe[t.text]
	}
	if j >= len(r.ts) || !named(j) || !r.free(i, j) {
		return false
	}
	end := j + 1
	if r.capital(j) {
		for end < len(r.ts) && end < j+3 && named(end) && r.capital(end) {
			end++
		}
	} else {
		before := r.ts.at(i - 1)
		ends := end == len(r.ts) || r.ts[end].line || r.roles[end] != unknown || r.ts[end].kind == symbol
		if !ends || i == 0 || r.ts[i].line || before.kind != word || itemNoise[before.text] && !before.is("ke") &&
			!before.is("bayar") || unnamed[before.text] || sellerEnd[before.text] && !before.is("ke") &&
			!before.is("bayar") || !r.others(i, end) {
			return false
		}
	}
	if before := r.ts.at(i - 1); before.is("untuk") || before.is("utk") || before.is("buat") {
		return false // whom it is for
	}
	if before := r.ts.at(i - 1); markers[before.text] && r.roles[i-1] == unknown { // "warung bu Siti"
		i--
	}
	r.take(i, end, seller)
	r.Seller = r.text[r.ts[i].at:r.ts[end-1].end]
	return true
}

// named takes the name that begins at from, whose first words end at end. Where a name ends is not always certain
// ("toko makmur paku 2kg"): then nobody is named.
func (r *reading) named(from, end int) bool {
	marked := markers[r.ts[from].text]
	colon := r.ts.at(end).is(":")
	if marked && (colon || r.ts.at(end).is(".") && len(r.ts[from].text) < 3) {
		end++
	}
	first := end
	if Unknown(r.ts.at(first).text) {
		return false
	}
	for end < len(r.ts) && end-first < 4 {
		t := r.ts[end]
		if t.kind != word || r.roles[end] != unknown || t.line || sellerEnd[t.text] || isCue(t) ||
			itemNoise[t.text] && !titles[t.text] || identify[t.text] || maybe[t.text] || months[t.text] > 0 ||
			end > first && wares[t.text] {
			break
		}
		// "TB Jaya besi": what begins small after a capital is no longer the name.
		if end > first-btoi(!marked) && r.capital(end-1) && !r.capital(end) {
			break
		}
		end++
		if r.ts.at(end).is("-") && r.ts.attached(end) && r.ts.attached(end+1) { // "K-24"
			end += 2
		}
	}
	if end == first && marked && !complete[r.ts[from].text] {
		return false
	}
	if chains[r.ts[from].text] {
		end = from + 1
		first = end
	}
	capitals := r.capital(end-1) && (end > first || !marked)
	bounded := end == len(r.ts) || r.ts[end].line || r.roles[end] == day || r.roles[end] == label ||
		r.roles[end] == name && r.ts[end].kind == word || r.ts[end].kind == symbol || r.roles[end] != money &&
		(sellerEnd[r.ts[end].text] || wares[r.ts[end].text] ||
			isCue(r.ts[end])) || chains[r.ts[from].text]
	words := end - first + btoi(!marked)
	if words > 1+btoi(capitals) && !r.others(from, end) {
		return false // the last of them may be the item
	}
	if !capitals && !bounded {
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
	if colon { // "Toko: Makmur Jaya"
		r.Seller = r.text[r.ts[from].at:r.ts[from].end] + " " + r.text[r.ts[first].at:r.ts[end-1].end]
	}
	if colon && r.ts[from].is("penjual") {
		r.Seller = r.text[r.ts[first].at:r.ts[end-1].end]
	}
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

// capital tells that a word begins with a capital. Where all letters are capitals, that says nothing.
func (r *reading) capital(i int) bool {
	if i < 0 || i >= len(r.ts) || r.loud {
		return false
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.ts[i].at:])
	return unicode.IsUpper(c)
}
