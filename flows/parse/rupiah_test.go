package parse_test

import (
	"testing"

	"pendamping/flows/parse"
)

func TestRupiah(t *testing.T) { checkTable(t, "rupiah.txt", 300, parse.Rupiah) }

func TestApproximate(t *testing.T) {
	for _, s := range []string{"2jtan", "2 jutaan", "2jt-an", "2 jt an", "sekitar 500rb", "kira2 500rb",
		"kira-kira 500rb", "±500rb",
		"+/- 500rb", "+- 500rb", "~500rb", "500rb lebih", "hampir 1jt", "250rb?", "500rban", "sekitar tgl 12", "ceban",
		"gocap", "20an ribu",
		"sejutaan", "parkir goceng"} {
		if !parse.Approximate(s) {
			t.Errorf("%q is said to be exact", s)
		}
	}
	for _, s := range []string{"", "2jt", "250rb", "dua juta", "Rp. 1.500.000,-", "3 x 15.000", "tgl 12", "2-3jt",
		"1jt500", "satu juta lima ratus ribu rupiah"} {
		if parse.Approximate(s) {
			t.Errorf("%q is said to be approximate", s)
		}
	}
}
