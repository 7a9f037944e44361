package sample

import (
	"strings"
	"time"

	"pendamping/store"
)

var small = [...]string{
	"", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
}

// words is the amount as a kuitansi spells it, without "rupiah".
func words(r store.Rupiah) string {
	join := func(a, b string) string { return strings.TrimSpace(a + " " + b) }
	switch {
	case r < 12:
		return small[max(r, 0)]
	case r < 20:
		return small[r-10] + " belas"
	case r < 100:
		return join(small[r/10]+" puluh", words(r%10))
	case r < 200:
		return join("seratus", words(r-100))
	case r < 1000:
		return join(small[r/100]+" ratus", words(r%100))
	case r < 2000:
		return join("seribu", words(r-1000))
	case r < 1_000_000:
		return join(words(r/1000)+" ribu", words(r%1000))
	default:
		return join(words(r/1_000_000)+" juta", words(r%1_000_000))
	}
}

// dots is the amount with the thousands grouped: 1.500.000.
func dots(r store.Rupiah) string {
	s := r.String()
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

var months = [...]string{"", "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
	"Oktober", "November", "Desember"}

func slashes(d store.Day) string { return d.Time().Format("02/01/2006") }

func long(d store.Day) string {
	t := d.Time()
	return t.Format("2 ") + months[t.Month()] + t.Format(" 2006")
}

func town(place string) string { return strings.TrimSpace(place[strings.LastIndex(place, ",")+1:]) }

func clock(d store.Day, seed uint64) string {
	return d.Time().Add(time.Duration(8*60+seed*37%540) * time.Minute).Format("15:04")
}
