package roster_test

import (
	"strings"
	"testing"

	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/roster"
)

// Whoever types a name on another machine means the same people and groups: they are not imported twice.
func TestLookAlikes(t *testing.T) {
	o := openOffice(t)
	first := "ketua,KM-01,Ma’ruf,Melati Jaya,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,"
	o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, first, "anggota,KM-01,Amélie,,,,,,,,,,,,")})
	for _, again := range []string{
		"ketua,KM-01,Ma'ruf,Melati Jaya,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,",
		"ketua,KM–01,Ma`ruf,Melati  Jaya,Jawa Tengah,Suko\u200bharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,",
		"ketua,KM\u201101,MA'RUF\u200e,Melati Jaya,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,",
	} {
		out := o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow, again, "anggota,KM-01,Ame\u0301lie,,,,,,,,,,,,")})
		if !strings.Contains(out, "people 0 added") || !strings.Contains(out, "recipients 0 added") {
			t.Errorf("%s:\n%s", again, out)
		}
	}
}

// What an office may have meant otherwise is kept, and named.
func TestDoubts(t *testing.T) {
	o := openOffice(t)
	out := o.Run(roster.Files{Roster: o.Roster(officetest.MentorRow,
		"ketua,KM-01,Sri,Melati,Jawa Timur,Kab. Malang,,,2000000,20/11/2026,PD-1,,,,08123456789",
		"ketua,KM-02,Ani,Mawar,Jawa Timur,malang,,,200000000,20/11/2026,PD-1,,,,+62 812-345-6789",
		"ketua,KM-03,Tutik,Kenanga,Jawa Timur,Kota Malang,,,20000000,20/11/2026,PD-1,,,,08123450000",
		"bendahara,KM-03,tutik,,,,,,,,,,,,08123450000",
	)})
	for _, want := range []string{
		"KM-01: dana 2000000 where TKM-PEMULA gives 20000000: is a zero missing or too many?",
		"KM-02: dana 200000000 where TKM-PEMULA gives 20000000",
		`KM-02: kabupaten "malang" stands beside "Kab. Malang" and counts as another`,
		"roster.csv lines 3, 4: different people with the same wa",
	} {
		if strings.Count(out, want) != 1 {
			t.Errorf("%q stands %d times in\n%s", want, strings.Count(out, want), out)
		}
	}
	if strings.Contains(out, "KM-03:") || strings.Contains(out, "812") {
		t.Errorf("it doubts what is right, or tells a number:\n%s", out)
	}
}
