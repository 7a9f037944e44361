package parse_test

import (
	"testing"

	"pendamping/flows/parse"
)

// A name is found by its first word, with a letter wrong too, but never by that of another thing.
func TestNames(t *testing.T) {
	names := []string{"Telur ayam", "Tepung terigu", "Palu", "Kompor gas", "Minyak goreng", "Cabai merah", "Benang", ""}
	for text, want := range map[string]string{
		"telor 2 kg": "0", "telur": "0", "tepng terigu": "1", "tepungg": "1", "paku 2 kg": "", "palu": "2",
		"kompor": "3", "kompr": "3", "minyk": "4", "cabe 1 kg": "5", "benag": "6", "benih": "", "gas 3kg": "",
		"telur dan tepung": "0 1", "": "", "bening": "6", "beras": "",
	} {
		if got := list(parse.Names(text, names)); got != want {
			t.Errorf("%q says %q, want %q", text, got, want)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, s := range []string{"lupa", "Lupa bu", "gak tau", "ga tau pak", "tidak tahu", "kurang tau", "entah",
		"lupa namanya",
		"tidak ada", "mboten ngerti", "ora ngerti", "lupa tokonya, maaf"} {
		if !parse.Unknown(s) {
			t.Errorf("%q is taken for a name", s)
		}
	}
	for _, s := range []string{"", "Toko Lupa Daratan", "Warung Tahu Bu Tini", "bu Siti", "ya", "toko baru"} {
		if parse.Unknown(s) {
			t.Errorf("%q is taken for no name", s)
		}
	}
}
