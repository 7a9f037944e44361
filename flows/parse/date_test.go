package parse_test

import (
	"testing"

	"pendamping/flows/parse"
	"pendamping/store"
)

func TestDate(t *testing.T) { checkTable(t, "dates.txt", 300, parse.Date("2026-11-23")) }

func TestDateOnOtherDays(t *testing.T) {
	for _, c := range []struct {
		today store.Day
		text  string
		want  string
	}{
		{"2026-01-01", "kemarin", "2025-12-31"},
		{"2026-01-05", "12/11", "2025-11-12"},
		{"2026-01-05", "tgl 31", "2025-12-31"},
		{"2026-01-05", "tgl 31 bulan lalu", "2025-12-31"},
		{"2026-03-30", "tgl 31", "2026-01-31"},
		{"2026-03-31", "tgl 30 bulan lalu", ""},
		{"2024-02-29", "29/2", "2024-02-29"},
		{"2024-02-28", "29/2", ""},
		{"2026-11-22", "minggu", "2026-11-22 2026-11-15"},      // a Sunday
		{"2026-11-22", "minggu lalu", "2026-11-15 2026-11-21"}, // still asked
		{"2026-11-22", "senin minggu lalu", "2026-11-09"},
		{"2026-11-22", "minggu kemarin", "2026-11-15 2026-11-21"},
		{"2026-11-22", "hari minggu kemarin", "2026-11-15"},
		{"2026-11-25", "senin", "2026-11-23"},
		{"2026-11-25", "senin kemarin", "2026-11-23"},
		{"2026-11-25", "senin lalu", "2026-11-23 2026-11-16"}, // this week's, or last week's
		{"2026-11-25", "jumat lalu", "2026-11-20"},
		{"2026-11-25", "minggu lalu", "2026-11-22 2026-11-18"},
		{"2026-11-25", "rabu depan", "2026-12-02"},
		{"", "23/11/2026", "2026-11-23"},
		{"", "kemarin", ""},
		{"", "tgl 12", ""},
		{"", "senin", ""},
	} {
		if got := list(parse.Date(c.today)(c.text)); got != c.want {
			t.Errorf("on %s %q is %q, want %q", c.today, c.text, got, c.want)
		}
	}
}
