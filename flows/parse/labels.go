package parse

// without are the ways to say that there is no paper, after "tanpa", "tidak ada" and the like.
var (
	without = set("tanpa", "tnp")
	no      = set("tidak", "tdk", "gak", "ga", "gk", "nggak", "ngga", "tak", "enggak", "blm", "belum")
)

var kinds = map[string]string{
	"struk": "struk", "struknya": "struk", "nota": "nota", "notanya": "nota", "bon": "nota", "bonnya": "nota",
	"kuitansi": "kuitansi", "kwitansi": "kuitansi", "kwitansinya": "kuitansi", "kuitansinya": "kuitansi",
	"faktur": "faktur", "invoice": "faktur", "fakturnya": "faktur",
	"marketplace": "marketplace", "tokopedia": "marketplace", "tokped": "marketplace", "shopee": "marketplace",
	"lazada":    "marketplace",
	"bukalapak": "marketplace", "blibli": "marketplace",
}

var payments = map[string]string{
	"tunai": "tunai", "cash": "tunai", "kontan": "tunai", "kes": "tunai", "transfer": "transfer", "tf": "transfer",
	"trf":  "transfer",
	"trsf": "transfer", "ditransfer": "transfer", "tranfer": "transfer", "qris": "qris", "debit": "debit",
	"gopay": "ewallet",
	"ovo":   "ewallet", "shopeepay": "ewallet", "linkaja": "ewallet", "utang": "utang", "hutang": "utang",
	"ngutang": "utang",
}

var positions = map[string]string{
	"alat": "ALAT", "peralatan": "ALAT", "bahan": "BAHAN", "lain": "LAIN", "lainnya": "LAIN",
}

// labels reads the kind of evidence and the way of payment.
func (r *reading) labels() {
	for i := 0; i < len(r.ts); i++ {
		t := r.ts[i]
		paper := i + 1
		switch {
		case no[t.text] && (r.ts.at(i+1).is("ada") || r.ts.at(i+1).is("pakai") || r.ts.at(i+1).is("pake")):
			paper = i + 2
		case !without[t.text] && !no[t.text]:
			paper = 0
		}
		if k := kinds[r.ts.at(paper).text]; paper > 0 && k != "" && k != "marketplace" {
			r.Kind = "none"
			r.take(i, paper+1, label)
			i = paper
			continue
		}
		if t.is("bukti") && payments[r.ts.at(i+1).text] == "transfer" {
			r.Kind, r.Payment = "transfer", "transfer"
			r.take(i, i+2, label)
			i++
			continue
		}
		if k := kinds[t.text]; k != "" {
			if r.Kind == "" {
				r.Kind = k
			}
			if before := r.ts.at(i - 1); k != "marketplace" || !before.is("di") && !before.is("dari") &&
				!before.is("dr") {
				r.take(i, i+1, label)
			}
		}
		if p := payments[t.text]; p != "" {
			if r.Payment == "" {
				r.Payment = p
			}
			r.take(i, i+1, label)
		}
	}
}

// pos reads the part of the plan when it is said as such: "kategori bahan", "alat: …", or the word by itself.
func (r *reading) pos() {
	for i, t := range r.ts {
		p := positions[t.text]
		if p == "" || r.roles[i] != unknown {
			continue
		}
		end := i + 1
		if p == "LAIN" && (r.ts.at(i+1).is("-") || r.ts.at(i+1).is("2")) {
			for end++; r.ts.at(end).is("lain"); end++ {
			}
		}
		before := r.ts.at(i - 1)
		from := i
		said := before.is("kategori") || before.is("pos") || before.is("jenis") || before.is(":") &&
			(r.ts.at(i-2).is("kategori") || r.ts.at(i-2).is("pos"))
		if said || before.is("#") {
			for from--; r.ts[from].is(":"); from-- {
			}
		}
		alone := r.edge(i-1, false) && r.edge(end, true)
		if said || before.is("#") || r.ts.at(end).is(":") || alone {
			r.Pos = p
			r.take(from, end, label)
			return
		}
	}
}

// edge tells that nothing belongs to a word on this side: the text ends, something understood or punctuation stands
// there.
func (r *reading) edge(i int, after bool) bool {
	if i < 0 || i >= len(r.ts) || r.roles[i] != unknown {
		return true
	}
	if after && r.ts[i].line || !after && r.ts[i+1].line {
		return true
	}
	t := r.ts[i]
	return t.is(",") || t.is(".") || t.is(";") || t.is("(") || t.is(")")
}
