package parse

import (
	"slices"
	"strings"
)

// near tells that two words differ in no more than one letter: one is another, too many, missing, or has changed
// places with its neighbour.
func near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	from := func(w []rune, n int) string { return string(w[min(n, len(w)):]) }
	switch len(y) - len(x) {
	case 0:
		return from(x, i+1) == from(y, i+1) ||
			i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && from(x, i+2) == from(y, i+2)
	case 1:
		return from(x, i) == from(y, i+1)
	}
	return false
}

// Names are the names of which a text says the first word, by their places in the list; where it says none of them
// exactly, those with a letter wrong: "telor 2 kg" says "Telur ayam".
func Names(text string, names []string) []int {
	said := strings.Fields(strings.ToLower(text))
	for _, same := range []func(word, said string) bool{func(w, s string) bool { return w == s }, sameWord} {
		var found []int
		for i, n := range names {
			word, _, _ := strings.Cut(strings.ToLower(n), " ")
			if word != "" && slices.ContainsFunc(said, func(s string) bool { return same(word, s) }) {
				found = append(found, i)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// sameWord tells that what was said is a word with a letter wrong. Short words with another letter are other words
// ("palu" and "paku"), and so is what is bought by that name.
func sameWord(word, said string) bool {
	shorter := min(len(word), len(said))
	return shorter >= 4 && spoken(word) == spoken(said) ||
		shorter >= 5 && word[0] == said[0] && !wares[said] && near(word, said)
}

// spoken writes a word as it is said: o for u and e for i are the same to many, and so are doubled letters.
func spoken(w string) string {
	w = strings.NewReplacer("o", "u", "e", "i", "ai", "i", "y", "i", "v", "f", "p", "f", "kh", "h", "'", "").Replace(w)
	var out []rune
	for _, r := range w {
		if len(out) == 0 || out[len(out)-1] != r {
			out = append(out, r)
		}
	}
	return string(out)
}

// unknowns are answers that say that somebody doesn't know.
var unknowns = set("lupa", "tidak", "tdk", "gak", "ga", "gk", "nggak", "ngga", "enggak", "kurang", "tau", "tahu",
	"entah",
	"entahlah", "nda", "ndak", "mboten", "ngerti", "ora", "teu", "ingat", "inget", "jelas", "yakin", "belum", "blm",
	"namanya", "tokonya", "siapa", "ya", "bu", "pak", "mas", "mbak", "sudah", "sdh", "udah", "maaf", "saya", "kami",
	"lagi", "ada", "nama", "penjualnya", "penjual")

// Unknown tells that the text says no more than that it isn't known: "lupa", "gak tau bu".
func Unknown(text string) bool {
	known := false
	for _, t := range scan(text) {
		switch {
		case t.kind == symbol:
		case !unknowns[t.text]:
			return false
		case t.is("lupa"), t.is("tau"), t.is("tahu"), t.is("entah"), t.is("entahlah"), t.is("ngerti"), t.is("ingat"),
			t.is("inget"), t.is("jelas"), t.is("yakin"), t.is("ada"):
			known = true
		}
	}
	return known
}
