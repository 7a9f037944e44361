package parse

import (
	"pendamping/store"
)

// Caption is what the words beside a photograph tell. What they don't tell for certain is empty.
type Caption struct {
	Amount []store.Rupiah // as Rupiah has it: none, one, or several to choose from
	Day    []store.Day    // as Date has it
	Seller string         // in people's own spelling
	Item   string         // what remains, in people's own spelling
	Unit   string         // as Quantity has it
	Volume store.Volume
	Price  store.Rupiah // of one unit, when it was said to be that
	// Kind of evidence: struk, nota, kuitansi, faktur, transfer, marketplace, or none for a purchase without paper.
	Kind    string
	Payment string // tunai, transfer, qris, debit, ewallet or utang
	Pos     string // ALAT, BAHAN or LAIN
}

// role is what a word of a caption has been understood as.
type role byte

const (
	unknown role = iota
	day
	money
	size
	seller
	label // kind, payment, pos
)

// reading is a caption while it is read: its words and what each has become.
type reading struct {
	text  string
	ts    tokens
	roles []role
	Caption
}

func (r *reading) take(from, to int, as role) {
	for i := from; i < to && i < len(r.roles); i++ {
		r.roles[i] = as
	}
}

// free tells that nothing between the two places is understood yet.
func (r *reading) free(from, to int) bool {
	for i := from; i < to && i < len(r.roles); i++ {
		if r.roles[i] != unknown {
			return false
		}
	}
	return true
}

// ReadCaption reads the caption of a photograph on the given day: "semen 3 sak 195rb TB Jaya, kemarin". Approximate
// tells whether its amount and day are to be confirmed.
func ReadCaption(today store.Day, text string) Caption {
	r := reading{text: text, ts: scan(text)}
	r.roles = make([]role, len(r.ts))
	r.labels()
	r.days(calendar{today: today, t: today.Time()})
	r.money()
	r.seller()
	r.pos()
	r.item()
	return r.Caption
}

func (r *reading) days(c calendar) {
	for i := 0; i < len(r.ts); {
		next := r.ts.clock(i)
		if next == i && !r.place(i) {
			var days []store.Day
			days, next = c.read(r.ts, i, false)
			r.Day = join(r.Day, days)
			if len(days) > 0 && r.ts.at(i-1).is("hari") {
				i--
			}
			if len(days) == 0 && next > i { // looks like a day: not to be anything else
				r.take(i, next, label)
				i = next
				continue
			}
		}
		if next == i {
			i++
			continue
		}
		r.take(i, next, day)
		i = next
	}
}

// place tells that token i belongs to a name or an address: "Pasar Minggu", "RT 05/02", "3 minggu".
func (r *reading) place(i int) bool {
	before := r.ts.at(i - 1)
	_, weekday := weekdays[r.ts.at(i).text]
	return numbered(before) || r.ts.at(i).kind == number && before.is(".") && numbered(r.ts.at(i-2)) ||
		weekday && (markers[before.text] || before.kind == number)
}

// itemNoise are words at the edges of what remains that say nothing about the item.
var itemNoise = set("beli", "belanja", "membeli", "dibeli", "pembelian", "bayar", "membayar", "pembayaran", "untuk",
	"utk", "buat", "total", "totalnya",
	"harga", "harganya", "seharga", "sebesar", "senilai", "jumlah", "rp", "dengan", "dgn", "di", "dari", "dr", "pada",
	"pakai", "pake", "via", "lewat",
	"tgl", "tanggal", "yg", "yang", "dan", "ini", "itu", "ya", "pak", "bu", "aja", "saja", "sudah", "sdh", "tadi",
	"hari", "sekitar", "kira", "per", "ke",
	"sebanyak", "isi", "oleh", "secara", "kategori", "pos", "kurang", "lebih", "hampir", "oke", "ok", "tolong", "tlg",
	"catat", "berikut", "atas", "semua",
	"semuanya", "habis", "kena", "lunas", "wib", "wita", "wit", "mau", "lapor", "sini", "situ", "sana", "terbilang")

// item is what nobody else took, in people's own spelling.
func (r *reading) item() {
	var out []byte
	for i := 0; i < len(r.ts); {
		if r.roles[i] != unknown {
			i++
			continue
		}
		end := i
		for end < len(r.ts) && r.roles[end] == unknown {
			end++
		}
		from, to := r.trim(i, end)
		if from < to {
			if len(out) > 0 {
				out = append(out, ' ')
			}
			for j := from; j < to; j++ {
				if j > from && r.ts[j].gap {
					out = append(out, ' ')
				}
				out = append(out, r.text[r.ts[j].at:r.ts[j].end]...)
			}
		}
		i = end
	}
	r.Item = string(out)
}

// trim leaves out punctuation and words that say nothing at both ends.
func (r *reading) trim(from, to int) (int, int) {
	idle := func(t token) bool { return itemNoise[t.text] || t.kind == symbol }
	for from < to && idle(r.ts[from]) {
		from++
	}
	for from < to && idle(r.ts[to-1]) {
		to--
	}
	return from, to
}
