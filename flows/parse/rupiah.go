package parse

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"pendamping/store"
)

// maxTokens is how long a message may be and still be one answer.
const maxTokens = 40

// about are words for amounts and days that are not exact.
var about = set("sekitar", "sekitaran", "sktr", "kira", "kurang", "lebih", "hampir", "an", "±", "~", "≈", "mungkin",
	"kayaknya",
	"kyknya", "sepertinya", "perkiraan", "estimasi", "plus", "kisaran", "jtan", "jutaan", "jtaan", "rban", "rbuan",
	"ribuan", "kan",
	"miliaran", "milyaran", "?", "dikit", "sedikit", "lupa", "antara", "sejutaan", "seribuan", "semiliaran", "sewu")

// moneyNoise are words that may stand beside an amount without changing it.
var moneyNoise = set("total", "totalnya", "jumlah", "jumlahnya", "jml", "harga", "harganya", "hrg", "semua", "semuanya",
	"bayar",
	"bayarnya", "dibayar", "habis", "habisnya", "aja", "aj", "saja", "sj", "doang", "ya", "yaa", "iya", "y", "pak",
	"bu", "bapak", "ibu", "kak", "mas",
	"mbak", "bang", "jadi", "jadinya", "itu", "ini", "adalah", "sebesar", "senilai", "seharga", "nominal", "nominalnya",
	"nilainya",
	"biaya", "biayanya", "uang", "duit", "kena", "cuma", "hanya", "tadi", "kok", "sih", "deh", "dong", "nih", "lah",
	"sdh", "sudah",
	"udah", "tunai", "cash", "lunas", "pas", "net", "grand", "bersih", "saya", "kami", "yg", "yang",
	".", ",", "!", ":", ";", "\"", "'", "*")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// Rupiah reads a message that is an amount of money: in figures ("1.500.000", "Rp. 1.500.000,-"), with a scale
// ("1,5jt", "250rb"), in words ("dua ratus lima puluh ribu"), multiplied ("3 x 15.000", "10 kg @ 12.500") or added up
// ("250rb + 15rb").
//
// A number without a unit that people shorten ("150", "1.500", "1,5") has several results. So do two amounts that
// contradict each other ("2 x 10rb = 30rb"), either-or and from-to. An amount in approximate words has its value
// as the one result: see Approximate. "Rp" before the digits makes any amount clear ("Rp150"); that is how a chosen
// candidate is written back.
func Rupiah(text string) []store.Rupiah {
	ts := scan(text)
	if len(ts) > maxTokens {
		return nil
	}
	const (
		nothing = iota // an amount is in place
		fresh
		same  // a second way to say the amount
		other // an alternative
		more  // what is added to it
		until // the end of a range
	)
	var found []store.Rupiah
	var last amount
	one := true // so far it is one amount, to which another can be added
	want := fresh
	for i := 0; i < len(ts); {
		t := ts[i]
		if found != nil && want == nothing {
			switch {
			case t.is("="), t.is("("), t.is("terbilang"):
				want, i = same, i+1
				continue
			case t.is("atau"), t.is("apa"):
				want, i, one = other, i+1, false
				continue
			case one && (t.is("tambah") || t.is("ditambah") || t.is("+") && !ts.at(i+1).is("/") && !ts.at(i+1).is("-")):
				want, i = more, i+1
				continue
			case t.is("sampai"), t.is("sampe"), t.is("hingga"), t.is("sd"), t.is("-"), t.is("–"):
				want, i, one = until, i+1, false
				continue
			case t.is("s") && ts.at(i+1).is("/") && ts.at(i+2).is("d"):
				want, i, one = until, i+3, false
				continue
			case t.is(")"):
				i++
				continue
			}
		}
		if found == nil && t.is("=") {
			i++
			continue
		}
		vals, a, next := ts.expression(i)
		if next == i {
			if next = ts.skip(i, moneyNoise); next == i {
				return nil
			}
			i = next
			continue
		}
		switch want {
		case nothing:
			return nil
		case same:
			if both := common(found, vals); both != nil {
				vals = both
				found = nil
			}
		case more:
			if vals = added(found, vals, last.plain && a.plain); vals == nil {
				return nil
			}
			found = nil
		case until:
			if !a.money {
				return nil
			}
			if len(found) == 1 && len(vals) == 1 && last.money && vals[0] < found[0] { // "100rb - 15rb"
				vals, found = []store.Rupiah{found[0] - vals[0], found[0], vals[0]}, nil
			}
			if last.plain && a.scale > 0 {
				found = nil
				for _, v := range last.only.scaled(a.scale) {
					if v <= int64(store.MaxRupiah) {
						found = append(found, store.Rupiah(v))
					}
				}
			}
		}
		found, last, want, i = join(found, vals), a, nothing, next
	}
	if want != nothing {
		return nil
	}
	return found
}

// Approximate tells whether the text says that its amount or day is not exact ("2jtan", "sekitar 500rb", "250rb?").
// The value is then to be confirmed, even when the parser has only one result.
func Approximate(text string) bool {
	ts := scan(text)
	for i, t := range ts {
		if about[t.text] || slang[t.text] != nil || t.is("+") && (ts.at(i+1).is("/") || ts.at(i+1).is("-")) {
			return true
		}
	}
	return false
}

// skip is the place after words that add nothing, i when the word at i matters.
func (ts tokens) skip(i int, noise map[string]bool) int {
	t := ts.at(i)
	switch {
	case t.is("+") && ts.at(i+1).is("/") && ts.at(i+2).is("-"):
		return i + 3
	case t.is("+") && ts.at(i+1).is("-"):
		return i + 2
	case t.is("kira") && ts.at(i+1).is("-") && ts.at(i+2).is("kira"):
		return i + 3
	case t.is("kira") && ts.at(i+1).is("2") && ts.attached(i+1):
		return i + 2
	case noise[t.text], about[t.text], t.kind == symbol && isPicture(t.text):
		return i + 1
	}
	return i
}

func isPicture(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return c != utf8.RuneError && c > 127 && unicode.In(c, unicode.So, unicode.Sk)
}

// added are the sums of two amounts; alike are those that are short in the same way ("150 + 200").
func added(a, b []store.Rupiah, alike bool) []store.Rupiah {
	var sums []store.Rupiah
	for i, x := range a {
		for k, y := range b {
			if alike && len(a) == len(b) && i != k {
				continue
			}
			if x <= 0 || y <= 0 || x+y > store.MaxRupiah {
				return nil
			}
			sums = join(sums, []store.Rupiah{x + y})
		}
	}
	return sums
}

func common(a, b []store.Rupiah) []store.Rupiah {
	var both []store.Rupiah
	for _, v := range a {
		if slices.Contains(b, v) {
			both = append(both, v)
		}
	}
	return both
}
