package flows_test

import (
	"testing"
	"time"

	"pendamping/flows"
)

// In the night and at the Friday prayer people are left alone, by the clocks where they are.
func TestQuietUntil(t *testing.T) {
	const layout = "2006-01-02 15:04"
	for _, c := range []struct{ at, until string }{
		{"2026-11-23 09:00", ""},
		{"2026-11-23 19:59", ""},
		{"2026-11-23 20:00", "2026-11-24 08:00"},
		{"2026-11-23 23:59", "2026-11-24 08:00"},
		{"2026-11-24 00:00", "2026-11-24 08:00"},
		{"2026-11-24 07:59", "2026-11-24 08:00"},
		{"2026-11-24 08:00", ""},
		{"2026-11-26 12:00", ""}, // a Thursday
		{"2026-11-27 11:29", ""},
		{"2026-11-27 11:30", "2026-11-27 13:00"},
		{"2026-11-27 12:59", "2026-11-27 13:00"},
		{"2026-11-27 13:00", ""},
		{"2026-12-31 22:00", "2027-01-01 08:00"}, // a Friday
	} {
		for _, name := range []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"} {
			zone, err := time.LoadLocation(name)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.ParseInLocation(layout, c.at, zone)
			if err != nil {
				t.Fatal(err)
			}
			want := c.until
			if want == "" {
				want = c.at
			}
			if got := flows.QuietUntil(at.UTC(), zone); got.In(zone).Format(layout) != want {
				t.Errorf("%s in %s: until %s, not %s", c.at, name, got.In(zone).Format(layout), want)
			}
		}
	}
}

// A time that is typed lies ahead.
func TestSendTimes(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Jayapura")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, zone) // a Monday
	for text, want := range map[string]string{
		"besok 08.00":               "2026-11-24T08:00:00+09:00",
		"besok":                     "2026-11-24T08:00:00+09:00",
		"Besok, jam 4 sore":         "2026-11-24T16:00:00+09:00",
		"besok pagi":                "2026-11-24T08:00:00+09:00",
		"lusa jam 7 malam":          "2026-11-25T19:00:00+09:00",
		"jam 10":                    "2026-11-23T10:00:00+09:00",
		"jam 8":                     "2026-11-24T08:00:00+09:00", // over today
		"nanti sore":                "2026-11-23T16:00:00+09:00",
		"3 sore":                    "2026-11-23T15:00:00+09:00",
		"pukul 13:15 WIT":           "2026-11-23T13:15:00+09:00",
		"jumat jam 9":               "2026-11-27T09:00:00+09:00",
		"24/11 jam 9":               "2026-11-24T09:00:00+09:00",
		"24.11.2026 10.30":          "2026-11-24T10:30:00+09:00",
		"1 desember":                "2026-12-01T08:00:00+09:00",
		"kemarin jam 9":             "2026-11-22T09:00:00+09:00", // refused then
		"sekarang":                  "now",
		"halo":                      "",
		"jam 25":                    "",
		"kami datang besok":         "",
		"rapat jam 10 di balai":     "",
		"2026-11-24T08:00:00+09:00": "2026-11-24T08:00:00+09:00",
	} {
		got := ""
		if list := flows.SendTimes(now, zone, text); len(list) == 1 {
			got = list[0]
		} else if len(list) > 1 {
			t.Errorf("%q means %v", text, list)
		}
		if got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}
