package parse

import "pendamping/store"

// scales are the words that multiply, in the spellings of chat.
var scales = map[string]int64{
	"ribu": 1000, "rb": 1000, "rbu": 1000, "rebu": 1000, "rbuan": 1000, "ribuan": 1000, "rban": 1000, "k": 1000,
	"juta": 1_000_000, "jt": 1_000_000, "jta": 1_000_000, "jutaan": 1_000_000, "jtan": 1_000_000, "jtaan": 1_000_000,
	"miliar": 1_000_000_000, "milyar": 1_000_000_000, "milyard": 1_000_000_000, "miliaran": 1_000_000_000,
	"milyaran": 1_000_000_000,
}

// ones are scales with "se-" before them.
var ones = map[string]int64{
	"seribu": 1000, "serebu": 1000, "sejuta": 1_000_000, "semiliar": 1_000_000_000, "semilyar": 1_000_000_000,
	"seribuan": 1000, "sejutaan": 1_000_000, "semiliaran": 1_000_000_000, "sewu": 1000,
}

// slang are amounts in the words of the street, which not everybody means alike: they are always confirmed.
var slang = map[string][]store.Rupiah{
	"seceng": {1000}, "noceng": {2000}, "goceng": {5000}, "ceban": {10_000}, "noban": {20_000}, "goban": {50_000},
	"gocap": {50_000, 50}, "cepek": {100_000, 100}, "nopek": {200_000, 200}, "gopek": {500_000, 500},
	"jigo": {25_000, 25}, "pego": {150_000, 150}, "cetiau": {1_000_000}, "cetiao": {1_000_000}, "gotiau": {5_000_000},
	"selawe": {25_000, 25}, "seket": {50_000, 50}, "satus": {100_000, 100}, "rongewu": {2000}, "limangewu": {5000},
}

var units = map[string]int64{
	"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
}

// fractions are in quarters.
var fractions = map[string]int64{
	"setengah": 2, "stengah": 2, "separuh": 2, "½": 2, "seperempat": 1, "¼": 1, "¾": 3,
}

// unit reads one digit: a word, or a figure before "ratus", "puluh" or "belas".
func (ts tokens) unit(i int) (int64, bool) {
	t := ts.at(i)
	if n, ok := units[t.text]; ok {
		return n, true
	}
	if t.kind == number && len(t.text) == 1 && t.text != "0" {
		switch ts.at(i + 1).text {
		case "ratus", "puluh", "belas":
			return int64(t.text[0] - '0'), true
		}
	}
	return 0, false
}

// below1000 reads a number in words up to 999. The second result is the place after it, i when there is none.
func (ts tokens) below1000(i int) (n int64, next int) {
	switch t := ts.at(i); t.text {
	case "nol":
		return 0, i + 1
	case "seratus", "sebelas", "sepuluh":
	default:
		if _, ok := ts.unit(i); !ok { // nearly every word
			return 0, i
		}
	}
	if ts.at(i).is("seratus") {
		n, i = 100, i+1
	} else if u, ok := ts.unit(i); ok && ts.at(i+1).is("ratus") {
		n, i = u*100, i+2
	}
	switch u, ok := ts.unit(i); {
	case ts.at(i).is("sebelas"):
		return n + 11, i + 1
	case ok && ts.at(i+1).is("belas"):
		return n + u + 10, i + 2
	case ts.at(i).is("sepuluh"):
		return n + 10, i + 1
	case ok && ts.at(i+1).is("puluh"):
		n, i = n+u*10, i+2
	}
	if u, ok := units[ts.at(i).text]; ok && !ts.at(i+1).is("ratus") {
		n, i = n+u, i+1
	}
	return n, i
}

// numeral is a number in figures or words, without its scale.
type numeral struct {
	literal
	figures  bool // written in figures
	fraction bool // means nothing without a scale or a unit: "setengah", "satu koma lima"
}

// numeral reads a number at i. The second result is the place after it, i when there is none. Figures that stand apart
// in groups of three ("1 500 000") are one number when apart is true.
func (ts tokens) numeral(i int, apart bool) (numeral, int) {
	start := i
	if f, ok := fractions[ts.at(i).text]; ok {
		return quarters(0, f), i + 1
	}
	if up, down, ok := ts.slash(i); ok && scales[ts.at(i+3).text] > 0 { // "3/4 juta"
		return numeral{literal: literal{whole: -1, digits: up * 1000 / down, places: 3}, fraction: true}, i + 3
	}
	n := numeral{}
	v, next := ts.below1000(i)
	switch {
	case next > i:
		n.literal, i = literal{whole: v}, next
	case ts.at(i).kind == number:
		l, ok := readLiteral(ts[i].text)
		if !ok {
			return n, start
		}
		i++
		for apart && l.places == 0 && !l.padded && l.length <= 3 && ts.group(i) && l.groups < 4 {
			g, _ := readLiteral(ts[i].text)
			l.whole, l.groups, i = l.whole*1000+g.whole, l.groups+1, i+1
		}
		n.literal, n.figures = l, true
	default:
		return n, start
	}
	if n.places > 0 || n.whole < 0 || n.whole > 999 {
		return n, i
	}
	if f, ok := fractions[ts.at(i).text]; ok {
		return quarters(n.whole, f), i + 1
	}
	if ts.at(i).is("perempat") && n.whole < 4 {
		return quarters(0, n.whole), i + 1
	}
	if ts.at(i).is("koma") {
		d := numeral{literal: literal{whole: -1, digits: n.whole}, fraction: true}
		for i++; d.places < 3; i++ {
			u, ok := units[ts.at(i).text]
			if !ok && !ts.at(i).is("nol") {
				break
			}
			d.digits, d.places = d.digits*10+u, d.places+1
		}
		if d.places == 0 {
			return n, start
		}
		return d, i
	}
	return n, i
}

// group tells whether token i is three figures standing apart from those before.
func (ts tokens) group(i int) bool {
	t := ts.at(i)
	return t.kind == number && t.gap && !t.line && len(t.text) == 3
}

func quarters(whole, n int64) numeral {
	return numeral{literal: literal{whole: -1, digits: whole*100 + n*25, places: 2}, fraction: true}
}
