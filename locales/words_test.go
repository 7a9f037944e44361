package locales_test

import (
	"math"
	"strconv"
	"testing"
	"testing/fstest"

	"pendamping/locales"
)

// sentences loads the given files, by language.
func sentences(t testing.TB, files map[string]string) *locales.Locales {
	t.Helper()
	fsys := fstest.MapFS{}
	for lang, text := range files {
		fsys["active."+lang+".toml"] = &fstest.MapFile{Data: []byte(text)}
	}
	l, err := locales.LoadFS(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestWords(t *testing.T) {
	l := sentences(t, map[string]string{"id": `w = "{{words .X}}"`, "en": `w = "{{words .X}}"`})
	for _, c := range []struct {
		amount int64
		id, en string
	}{
		{0, "nol", "zero"},
		{1, "satu", "one"},
		{10, "sepuluh", "ten"},
		{11, "sebelas", "eleven"},
		{12, "dua belas", "twelve"},
		{13, "tiga belas", "thirteen"},
		{14, "empat belas", "fourteen"},
		{15, "lima belas", "fifteen"},
		{16, "enam belas", "sixteen"},
		{17, "tujuh belas", "seventeen"},
		{18, "delapan belas", "eighteen"},
		{19, "sembilan belas", "nineteen"},
		{20, "dua puluh", "twenty"},
		{21, "dua puluh satu", "twenty-one"},
		{99, "sembilan puluh sembilan", "ninety-nine"},
		{100, "seratus", "one hundred"},
		{101, "seratus satu", "one hundred one"},
		{111, "seratus sebelas", "one hundred eleven"},
		{200, "dua ratus", "two hundred"},
		{219, "dua ratus sembilan belas", "two hundred nineteen"},
		{1000, "seribu", "one thousand"},
		{1001, "seribu satu", "one thousand one"},
		{1100, "seribu seratus", "one thousand one hundred"},
		{2500, "dua ribu lima ratus", "two thousand five hundred"},
		{10_000, "sepuluh ribu", "ten thousand"},
		{11_000, "sebelas ribu", "eleven thousand"},
		{21_000, "dua puluh satu ribu", "twenty-one thousand"},
		{100_000, "seratus ribu", "one hundred thousand"},
		{101_000, "seratus satu ribu", "one hundred one thousand"},
		{1_000_000, "satu juta", "one million"},
		{1_001_000, "satu juta seribu", "one million one thousand"},
		{1_500_000, "satu juta lima ratus ribu", "one million five hundred thousand"},
		{1_000_000_000, "satu miliar", "one billion"},
		{1_000_000_000_000, "satu triliun", "one trillion"},
		{1_000_000_000_001, "satu triliun satu", "one trillion one"},
		{-5000, "minus lima ribu", "minus five thousand"},
		{math.MinInt64,
			"minus sembilan kuintiliun dua ratus dua puluh tiga kuadriliun tiga ratus tujuh puluh dua triliun " +
				"tiga puluh enam miliar delapan ratus lima puluh empat juta tujuh ratus tujuh puluh lima ribu delapan ratus delapan",
			"minus nine quintillion two hundred twenty-three quadrillion three hundred seventy-two trillion thirty-six billion " +
				"eight hundred fifty-four million seven hundred seventy-five thousand eight hundred eight"},
	} {
		data := map[string]string{"X": strconv.FormatInt(c.amount, 10)}
		if got := l.Text("id", "w", data); got != c.id+" rupiah" {
			t.Errorf("id %d: %q", c.amount, got)
		}
		if got := l.Text("en", "w", data); got != c.en+" rupiah" {
			t.Errorf("en %d: %q", c.amount, got)
		}
	}
}

func TestForms(t *testing.T) {
	file := ""
	for _, f := range []string{
		"rupiah", "words", "number", "volume", "date", "weekday", "month", "clock", "zone", "phone", "title", "upper",
	} {
		file += f + ` = "{{` + f + " .X}}\"\n"
	}
	l := sentences(t, map[string]string{"id": file, "en": file})
	for _, c := range []struct{ form, raw, id, en string }{
		{"rupiah", "1500000", "Rp1.500.000", "Rp1.500.000"},
		{"rupiah", "-5000", "-Rp5.000", "-Rp5.000"},
		{"rupiah", "0", "Rp0", "Rp0"},
		{"rupiah", "999", "Rp999", "Rp999"},
		{"rupiah", "1000", "Rp1.000", "Rp1.000"},
		{"rupiah", "007", "Rp7", "Rp7"},
		{"rupiah", "", "", ""},
		{"rupiah", "banyak", "banyak", "banyak"},
		{"rupiah", "-", "-", "-"},
		{"words", "banyak", "banyak", "banyak"},
		{"words", "", "", ""},
		{"words", "99999999999999999999", "99999999999999999999", "99999999999999999999"},
		{"number", "1500", "1.500", "1,500"},
		{"number", "-1234567", "-1.234.567", "-1,234,567"},
		{"number", "12", "12", "12"},
		{"volume", "1.5", "1,5", "1.5"},
		{"volume", "-0.5", "-0,5", "-0.5"},
		{"volume", "12500.25", "12.500,25", "12,500.25"},
		{"volume", "3", "3", "3"},
		{"volume", "1.5.2", "1.5.2", "1.5.2"},
		{"volume", "1.", "1.", "1."},
		{"date", "2026-11-23", "23 November 2026", "23 November 2026"},
		{"date", "2026-08-01", "1 Agustus 2026", "1 August 2026"},
		{"date", "2026-11-23T23:30:00+09:00", "23 November 2026", "23 November 2026"},
		{"date", "2026-02-31", "2026-02-31", "2026-02-31"},
		{"date", "", "", ""},
		{"weekday", "2026-11-23", "Senin, 23 November 2026", "Monday, 23 November 2026"},
		{"weekday", "2026-11-22", "Minggu, 22 November 2026", "Sunday, 22 November 2026"},
		{"weekday", "2026-12-05T01:00:00+08:00", "Sabtu, 5 Desember 2026", "Saturday, 5 December 2026"},
		{"weekday", "besok", "besok", "besok"},
		{"month", "2026-11", "November 2026", "November 2026"},
		{"month", "2026-05-31", "Mei 2026", "May 2026"},
		{"month", "2026-13", "2026-13", "2026-13"},
		{"clock", "2026-11-23T09:30:00+07:00", "09.30", "09:30"},
		{"clock", "2026-11-23T00:05:59+09:00", "00.05", "00:05"},
		{"clock", "2026-11-23", "2026-11-23", "2026-11-23"},
		{"zone", "2026-11-23T09:30:00+07:00", "WIB", "WIB"},
		{"zone", "2026-11-23T09:30:00+09:00", "WIT", "WIT"},
		{"zone", "2026-11-23T09:30:00Z", "UTC", "UTC"},
		{"zone", "2026-11-23T09:30:00+05:30", "UTC+05:30", "UTC+05:30"},
		{"zone", "2026-11-23", "", ""},
		{"phone", "6281234567890", "0812-3456-7890", "0812-3456-7890"},
		{"phone", "62812345678", "0812-3456-78", "0812-3456-78"},
		{"phone", "+62 812", "+62 812", "+62 812"},
		{"title", "satu juta rupiah", "Satu Juta Rupiah", "Satu Juta Rupiah"},
		{"title", "PT maju", "PT Maju", "PT Maju"},
		{"upper", "nota", "NOTA", "NOTA"},
	} {
		data := map[string]string{"X": c.raw}
		if got := l.Text("id", c.form, data); got != c.id {
			t.Errorf("id %s %q: %q, not %q", c.form, c.raw, got, c.id)
		}
		if got := l.Text("en", c.form, data); got != c.en {
			t.Errorf("en %s %q: %q, not %q", c.form, c.raw, got, c.en)
		}
	}
}

func TestMany(t *testing.T) {
	l := sentences(t, map[string]string{
		"id": `m = "x"`, "en": "m = \"{{many .N `day` `days`}}{{with .N}} ({{many . `x` `xs`}}){{end}}\"",
	})
	for n, want := range map[string]string{
		"1": "1 day (1 x)", "0": "0 days (0 xs)", "2": "2 days (2 xs)", "1500": "1,500 days (1,500 xs)",
		"-1": "-1 days (-1 xs)",
	} {
		if got := l.Text("en", "m", map[string]string{"N": n}); got != want {
			t.Errorf("%q: %q, not %q", n, got, want)
		}
	}
}
