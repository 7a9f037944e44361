package parse

import (
	"strings"

	"pendamping/store"
)

// Caption is what the words beside a photograph tell. What they don't tell for certain is empty.
type Caption struct {
	Amount []store.Rupiah // as Rupiah has it: none, one, or several to choose from
	Day    []store.Day    // as Date has it
	Loose  bool           // the day is written as a fraction, and may be one: "12/11"
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
	name  // of the item, whatever figures are in it: a size, a package, a number that identifies something
)

// reading is a caption while it is read: its words and what each has become.
type reading struct {
	text  string
	ts    tokens
	roles []role
	Caption

	found    []found
	counts   []counted
	odds     []odd
	products int
	inside   int64          // how many pieces the last package holds
	worths   []store.Rupiah // what unitWorth worked out
	loud     bool           // all letters are capitals
	doubt    bool           // something about the amount was not understood
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
	text = plain(text)
	r := reading{text: text, ts: scan(text), loud: text == strings.ToUpper(text)}
	r.roles = make([]role, len(r.ts))
	r.ts.prices()
	r.labels()
	r.identifiers()
	r.days(calendar{today: today, t: today.Time()})
	r.money()
	r.seller()
	r.pos()
	r.item()
	return r.Caption
}

// prices makes the old sign for the price of one, "3 sak à 65rb" or "3 sak a 65rb", that of a keyboard.
func (ts tokens) prices() {
	for i, t := range ts {
		before, after := ts.at(i-1), ts.at(i+1)
		of := goods[before.text] != "" || before.kind == number || before.is(")")
		_, said := ts.below1000(i + 1)
		money := after.kind == number || isCurrency(after.text) || said > i+1 || ones[after.text] > 0
		if t.is("à") || t.is("a") && t.gap && after.gap && of && money {
			ts[i].text, ts[i].kind = "@", symbol
		}
	}
}

// days reads the days of the caption.
func (r *reading) days(c calendar) {
	for i := 0; i < len(r.ts); {
		if r.roles[i] != unknown {
			i++
			continue
		}
		next := r.ts.clock(i)
		if _, _, exact, end := r.ts.figureClock(i); exact && next == i && (i > 0 && r.roles[i-1] == day ||
			zones[r.ts.at(end).text]) {
			next = end
		}
		if size := r.ts.fractions(i); size > i && r.comesInSizes(i) {
			i = max(r.dimension(i), i+1)
			continue
		}
		if next == i && !r.place(i) {
			var days []store.Day
			days, next = c.read(r.ts, i, false)
			if before := r.ts.at(i - 1); next > i && (lasting[before.text] || len(r.Day) == 0 && (before.is("sampai") ||
				before.is("hingga") || before.is("d") && r.ts.at(i-2).is("/"))) { // until when something holds
				r.take(i, next, name)
				i = next
				continue
			}
			if loose := r.fraction(i, next); loose {
				if len(days) == 0 || days[0] < c.today.Add(-mostLoose) || r.between(i, next) {
					next = r.dimension(i)
					i = max(next, i+1)
					continue
				}
				r.Loose = len(r.Day) == 0
			}
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

// lasting are words before the day until which something is good.
var lasting = set("exp", "expired", "ed", "kadaluarsa", "kadaluwarsa", "kedaluwarsa", "berlaku", "garansi", "tempo")

// mostLoose is how many days ago a day written as a fraction may be: "5/7" in November is a size.
const mostLoose = 100

// fraction tells that what was read as a day is two numbers and a stroke.
func (r *reading) fraction(i, next int) bool {
	return next == i+3 && r.ts[i].kind == number && r.ts[i+1].is("/") && r.ts[i+2].kind == number
}

// between tells that a fraction stands within what was bought, before its quantity: "wallpaper 5/10 3 rol".
func (r *reading) between(i, next int) bool {
	before := r.ts.at(i - 1)
	q, end := r.ts.quantity(next)
	return end > next && q.unit != "" && before.kind == word && goods[before.text] == "" && scales[before.text] == 0 &&
		!isCue(before) && !itemNoise[before.text] && r.free(i-1, i)
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
		if !r.itself(i) {
			i++
			continue
		}
		end := i
		for end < len(r.ts) && r.itself(end) {
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

// itself tells that token i belongs to the item.
func (r *reading) itself(i int) bool { return r.roles[i] == unknown || r.roles[i] == name }

// trim leaves out punctuation and words that say nothing at both ends.
func (r *reading) trim(from, to int) (int, int) {
	idle := func(i int) bool {
		return r.roles[i] == unknown && (itemNoise[r.ts[i].text] || r.ts[i].kind == symbol)
	}
	for from < to && idle(from) {
		from++
	}
	for from < to && idle(to-1) {
		to--
	}
	return from, to
}
