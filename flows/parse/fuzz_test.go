package parse_test

import (
	"testing"
	"unicode/utf8"

	"pendamping/flows/parse"
	"pendamping/store"
)

func seed(f *testing.F, files ...string) {
	for _, file := range files {
		for _, v := range table(f, file, 1) {
			f.Add(v.input)
		}
	}
}

func checkRupiah(t *testing.T, text string, vals []store.Rupiah) {
	seen := map[store.Rupiah]bool{}
	for _, v := range vals {
		if v > store.MaxRupiah || v < -store.MaxRupiah {
			t.Errorf("%q is %d, beyond the limit", text, v)
		}
		if seen[v] {
			t.Errorf("%q has %d twice", text, v)
		}
		seen[v] = true
	}
}

func checkDays(t *testing.T, text string, days []store.Day) {
	seen := map[store.Day]bool{}
	for _, d := range days {
		if !d.Valid() || d < "2000-01-01" || d > "2099-12-31" {
			t.Errorf("%q is %q, not a day within the limits", text, d)
		}
		if seen[d] {
			t.Errorf("%q has %s twice", text, d)
		}
		seen[d] = true
	}
}

func FuzzRupiah(f *testing.F) {
	seed(f, "rupiah.txt", "dates.txt")
	f.Fuzz(func(t *testing.T, text string) {
		checkRupiah(t, text, parse.Rupiah(text))
		parse.Approximate(text)
	})
}

func FuzzDate(f *testing.F) {
	seed(f, "dates.txt", "rupiah.txt")
	read, unknown := parse.Date("2026-11-23"), parse.Date("")
	f.Fuzz(func(t *testing.T, text string) {
		checkDays(t, text, read(text))
		checkDays(t, text, unknown(text))
	})
}

func FuzzCaption(f *testing.F) {
	seed(f, "captions.txt", "numbers.txt", "rupiah.txt", "dates.txt")
	f.Fuzz(func(t *testing.T, text string) {
		c := parse.ReadCaption("2026-11-23", text)
		checkRupiah(t, text, c.Amount)
		checkDays(t, text, c.Day)
		if c.Volume < 0 || c.Volume > store.MaxVolume || c.Price < 0 || c.Price > store.MaxRupiah {
			t.Errorf("%q has volume %d and price %d", text, c.Volume, c.Price)
		}
		if utf8.ValidString(text) && (!utf8.ValidString(c.Item) || !utf8.ValidString(c.Seller)) {
			t.Errorf("%q is cut within a letter", text)
		}
	})
}

func FuzzVolume(f *testing.F) {
	seed(f, "captions.txt", "rupiah.txt")
	f.Fuzz(func(t *testing.T, text string) {
		for _, q := range parse.Volume(text) {
			if q.Volume < 0 || q.Volume > store.MaxVolume {
				t.Errorf("%q is %d, beyond the limit", text, q.Volume)
			}
		}
	})
}

func FuzzVisit(f *testing.F) {
	seed(f, "visits.txt", "clocks.txt", "minutes.txt", "dates.txt")
	f.Fuzz(func(t *testing.T, text string) {
		v := parse.ReadVisit("2026-11-23", text)
		checkDays(t, text, v.Days)
		for _, n := range append(parse.Clock(text), v.Clocks...) {
			if n < 0 || n >= 24*60 {
				t.Errorf("%q is %d minutes after midnight", text, n)
			}
		}
		for _, n := range append(parse.Minutes(text), v.Minutes...) {
			if n < 0 {
				t.Errorf("%q takes %d minutes", text, n)
			}
		}
	})
}
