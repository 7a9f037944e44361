package flows_test

import (
	"fmt"
	"testing"

	"pendamping/flows"
	"pendamping/store"
)

// What is typed about a visit, on Monday 23 November 2026.
func TestReadVisit(t *testing.T) {
	groups := []store.Recipient{
		{Code: "KLP-001", Name: "Maju Jaya"}, {Code: "KLP-002", Name: "Maju"}, {Code: "KLP-003", Name: "Karya Minggu"},
		{Code: "KLP-004", Name: "Sama"}, {Code: "KLP-005", Name: "Sama"},
		{Code: "KLP-006", Name: "KUB Lurik Sejahtera"},
	}
	for text, want := range map[string]string{
		"Maju Jaya kemarin 10.00 motivasi":            "KLP-001 2026-11-22 10:00 motivator.semangat",
		"maju kemarin jam 9 nota":                     "KLP-002 2026-11-22 09:00 fasilitator.nota",
		"klp-003 20/11 14.30 2 jam":                   "KLP-003 2026-11-20 14:30 120m",
		"karya minggu kemarin":                        "KLP-003 2026-11-22",
		"karya, Minggu":                               "KLP-003 only",
		"maju jaya":                                   "KLP-001 only",
		"sama kemarin":                                "KLP-004 KLP-005 2026-11-22",
		"baru kemarin":                                "2026-11-22",
		"kemarin di Maju Jaya, 45 menit, telepon lpj": "KLP-001 2026-11-22 45m phone fasilitator.lpj",
		"maju jaya tgl 12 pukul 2 siang zoom":         "KLP-001 2026-11-12 14:00 online",
		"maju jaya wa hari ini":                       "KLP-001 2026-11-23 contact",
		"maju jaya jualan online":                     "KLP-001 inovator.online",
		"lurik":                                       "KLP-006 only",
		"Lurik kemarin 10.00 motivasi":                "KLP-006 2026-11-22 10:00 motivator.semangat",
		"minggu motivasi":                             "2026-11-22 motivator.semangat",
		"kub kemarin":                                 "2026-11-22",
	} {
		if got := flows.ReadVisit("2026-11-23", groups, text); got != want {
			t.Errorf("%q says %q, want %q", text, got, want)
		}
	}
}

func TestVisitParsers(t *testing.T) {
	day := flows.Coming("2026-11-23")
	for _, c := range []struct {
		text string
		got  string
		want string
	}{
		{"10.30", fmt.Sprint(flows.Hours("10.30")), "[2000-01-01T10:30:00Z]"},
		{"jam 2 siang", fmt.Sprint(flows.Hours("jam 2 siang")), "[2000-01-01T14:00:00Z]"},
		{"jam 11 siang", fmt.Sprint(flows.Hours("jam 11 siang")), "[2000-01-01T11:00:00Z]"},
		{"pukul 8 pagi", fmt.Sprint(flows.Hours("pukul 8 pagi")), "[2000-01-01T08:00:00Z]"},
		{"7 malam", fmt.Sprint(flows.Hours("7 malam")), "[2000-01-01T19:00:00Z]"},
		{"12 malam", fmt.Sprint(flows.Hours("12 malam")), "[2000-01-01T00:00:00Z]"},
		{"25.00", fmt.Sprint(flows.Hours("25.00")), "[]"},
		{"10.75", fmt.Sprint(flows.Hours("10.75")), "[]"},
		{"nanti", fmt.Sprint(flows.Hours("nanti")), "[]"},

		{"45", fmt.Sprint(flows.Minutes("45")), "[45]"},
		{"2 jam", fmt.Sprint(flows.Minutes("2 jam")), "[120]"},
		{"1,5 jam", fmt.Sprint(flows.Minutes("1,5 jam")), "[90]"},
		{"1 jam 30 menit", fmt.Sprint(flows.Minutes("1 jam 30 menit")), "[90]"},
		{"0", fmt.Sprint(flows.Minutes("0")), "[]"},
		{"", fmt.Sprint(flows.Minutes("")), "[]"},
		{"30 jam", fmt.Sprint(flows.Minutes("30 jam")), "[]"},

		{"besok", fmt.Sprint(day("besok")), "[2026-11-24]"},
		{"kamis", fmt.Sprint(day("kamis")), "[2026-11-26]"},
		{"tgl 5", fmt.Sprint(day("tgl 5")), "[2026-12-05]"},
		{"25/11", fmt.Sprint(day("25/11")), "[2026-11-25]"},
		{"3 januari", fmt.Sprint(day("3 januari")), "[2027-01-03]"},
		{"kemarin", fmt.Sprint(day("kemarin")), "[2026-11-22]"},
		{"2 hari lalu", fmt.Sprint(day("2 hari lalu")), "[2026-11-21]"},
		{"20/11/2026", fmt.Sprint(day("20/11/2026")), "[2026-11-20]"},
		{"2026-11-20", fmt.Sprint(day("2026-11-20")), "[2026-11-20]"},
		{"20/11/26", fmt.Sprint(day("20/11/26")), "[2026-11-20]"},

		{"rugi 200 ribu", fmt.Sprint(flows.Gains("rugi 200 ribu")), "[-200000]"},
		{"its typed form", fmt.Sprint(flows.Gains(store.Rupiah(-200_000).Typed())), "[-200000]"},
		{"1 juta", fmt.Sprint(flows.Gains("1 juta")), "[1000000]"},
		{"3 orang", fmt.Sprint(flows.Heads("3 orang")), "[3]"},
		{"banyak", fmt.Sprint(flows.Heads("banyak")), "[]"},
	} {
		if c.got != c.want {
			t.Errorf("%q is read as %s, want %s", c.text, c.got, c.want)
		}
	}
}
