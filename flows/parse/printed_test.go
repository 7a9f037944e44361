package parse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/flows/parse"
	"pendamping/store"

	"pgregory.net/rapid"
)

// What is printed for people to read can be typed back.
func TestPrintedAmountsAreClear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := store.Rupiah(rapid.OneOf(rapid.Int64Range(0, 2000), rapid.Int64Range(0, 50_000_000),
			rapid.Int64Range(0, int64(store.MaxRupiah))).Draw(t, "amount"))
		points := grouped(v)
		printed := []string{"Rp" + v.String(), "Rp" + points, "Rp " + points, "Rp. " + points + ",-",
			"Rp " + points + ",00",
			terbilang(int64(v)) + " rupiah", "Rp" + points + " (" + terbilang(int64(v)) + " rupiah)", "-Rp" + points}
		if v >= 1000 && v < 1_000_000_000 {
			printed = append(printed, v.String())
		}
		if v >= 10_000 {
			printed = append(printed, points)
		}
		for _, s := range printed {
			want := v
			if strings.HasPrefix(s, "-") {
				want = -v
			}
			if got := parse.Rupiah(s); !slices.Equal(got, []store.Rupiah{want}) {
				t.Fatalf("%q is %v", s, got)
			}
		}
	})
}

// Without a unit a small amount is asked for, and is one of the choices.
func TestShortAmountsAreAChoice(t *testing.T) {
	for v := store.Rupiah(1); v < 1000; v++ {
		got := parse.Rupiah(v.String())
		if len(got) < 2 || !slices.Contains(got, v) || !slices.Contains(got, v*1000) {
			t.Errorf("%q is %v", v, got)
		}
	}
}

func TestPrintedDaysAreClear(t *testing.T) {
	first := store.Day("2000-01-01").Time()
	rapid.Check(t, func(t *rapid.T) {
		day := first.AddDate(0, 0, rapid.IntRange(0, 36524).Draw(t, "day"))
		today := store.DayOf(first.AddDate(0, 0, rapid.IntRange(0, 36524).Draw(t, "today")), time.UTC)
		d := store.DayOf(day, time.UTC)
		name := fmt.Sprintf("%d %s %d", day.Day(), monthNames[day.Month()-1], day.Year())
		for _, s := range []string{string(d), name, dayNames[day.Weekday()] + ", " + name, day.Format("02/01/2006"),
			day.Format("2/1/06"),
			day.Format("02-01-2006"), day.Format("02.01.2006"), "tgl " + name} {
			if got := parse.Date(today)(s); !slices.Equal(got, []store.Day{d}) {
				t.Fatalf("on %s %q is %v", today, s, got)
			}
			if c := parse.ReadCaption(today, "semen 65rb "+s); !slices.Equal(c.Day, []store.Day{d}) ||
				c.Item != "semen" ||
				!slices.Equal(c.Amount, []store.Rupiah{65_000}) {
				t.Fatalf("on %s, in a caption, %q is %+v", today, s, c)
			}
		}
	})
}

// A day without a year is never after today, and never more than a year before.
func TestDaysWithoutAYearArePast(t *testing.T) {
	first := store.Day("2010-01-01").Time()
	rapid.Check(t, func(t *rapid.T) {
		today := store.DayOf(first.AddDate(0, 0, rapid.IntRange(0, 32000).Draw(t, "today")), time.UTC)
		day := first.AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "day"))
		for _, s := range []string{day.Format("02/01"), fmt.Sprintf("%d %s", day.Day(), monthNames[day.Month()-1])} {
			got := parse.Date(today)(s)
			if day.Format("0102") == "0229" && len(got) == 0 { // asked in a year that has no such day
				continue
			}
			if len(got) != 1 || got[0] > today || got[0].Time().Format("0102") != day.Format("0102") {
				t.Fatalf("on %s %q is %v", today, s, got)
			}
			if day.Format("0102") != "0229" && got[0] <= today.Add(-366) {
				t.Fatalf("on %s %q is %v, not the nearest", today, s, got)
			}
		}
	})
}

func TestPrintedVolumesAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := store.Volume(rapid.Int64Range(0, int64(store.MaxVolume)).Draw(t, "volume"))
		s := v.String() + " kg"
		if got := parse.Volume(s); !slices.Contains(got, parse.Quantity{Volume: v, Unit: "kg"}) {
			t.Fatalf("%q is %v", s, got)
		}
	})
}

var (
	dayNames   = []string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
	monthNames = []string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
		"Oktober", "November", "Desember"}
)

func grouped(v store.Rupiah) string {
	s := v.String()
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// terbilang writes a number in words, as a kuitansi has it.
func terbilang(n int64) string {
	words := []string{
		"nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
	}
	rest := func(n int64) string {
		if n == 0 {
			return ""
		}
		return " " + terbilang(n)
	}
	switch {
	case n < 12:
		return words[n]
	case n < 20:
		return words[n-10] + " belas"
	case n < 100:
		return words[n/10] + " puluh" + rest(n%10)
	case n < 200:
		return "seratus" + rest(n-100)
	case n < 1000:
		return words[n/100] + " ratus" + rest(n%100)
	case n < 2000:
		return "seribu" + rest(n-1000)
	case n < 1_000_000:
		return terbilang(n/1000) + " ribu" + rest(n%1000)
	case n < 1_000_000_000:
		return terbilang(n/1_000_000) + " juta" + rest(n%1_000_000)
	}
	return terbilang(n/1_000_000_000) + " miliar" + rest(n%1_000_000_000)
}
