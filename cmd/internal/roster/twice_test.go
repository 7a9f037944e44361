package roster_test

import (
	"slices"
	"strings"
	"testing"

	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/roster"
)

// TestImportNamesOnePersonTwice has persons who are one human by their number: a mentor of her own group is refused,
// by wa and by account, whichever file says so first; any other pair with somebody who verifies is named and tied.
func TestImportNamesOnePersonTwice(t *testing.T) {
	const (
		mentor      = "pendamping,PD-1,Bambang,,,,,,,,,1008,2026-11-01,,0811111111"
		other       = "pendamping,PD-2,Ratna,,,,,,,,,,,,0822222222"
		chair       = "ketua,KM-01,Sri,Melati Jaya,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,"
		away        = "ketua,KM-02,Sri,Mawar,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-2,,,,"
		byNumber    = "bendahara,KM-01,Utami,,,,,,,,,,,,0811111111"
		byAccount   = "bendahara,KM-01,Utami,,,,,,,,,1008,2026-11-01,,"
		member      = "anggota,KM-01,Utami,,,,,,,,,,,,0811111111"
		elsewhere   = "bendahara,KM-02,Utami,,,,,,,,,,,,0811111111"
		coordinator = "koordinator,KO-1,Bambang,,Jawa Tengah,,,,,,,,,,0811111111"
	)
	for name, c := range map[string]struct {
		first, rows []string
		want        string // in what the operator reads
		refused     bool
	}{
		"her own group by wa": {nil, []string{mentor, chair, byNumber},
			"line 4: pendamping of PD-1 (line 2) and bendahara of KM-01 (line 4) have the same wa", true},
		"her own group by account": {nil, []string{mentor, chair, byAccount},
			"line 4: pendamping of PD-1 (line 2) and bendahara of KM-01 (line 4) have the same telegram_id", true},
		"known before": {[]string{mentor, chair}, []string{byNumber},
			"line 2: bendahara of KM-01 (line 2) and pendamping of PD-1 have the same wa", true},
		"a member": {nil, []string{mentor, chair, member},
			"note: pendamping of PD-1 (line 2) and anggota of KM-01 (line 4) have the same wa: they are taken for one human", false},
		"another group": {nil, []string{mentor, other, chair, away, elsewhere},
			"note: pendamping of PD-1 (line 2) and bendahara of KM-02 (line 6) have the same wa", false},
		"a coordinator": {nil, []string{mentor, chair, coordinator},
			"note: pendamping of PD-1 (line 2) and koordinator of KO-1 (line 4) have the same wa", false},
		"other numbers": {nil, []string{mentor, other, chair}, "people 3 added", false},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			if c.first != nil {
				o.Run(roster.Files{Roster: o.Roster(c.first...)})
			}
			in := roster.Files{Roster: o.Roster(c.rows...)}
			out, err := o.Try(in)
			if err != nil {
				out += err.Error()
			}
			if (err != nil) != c.refused || !strings.Contains(out, c.want) || strings.Contains(out, "0811") ||
				strings.Contains(out, "Utami") {
				t.Fatalf("it says %q, refused %v", out, err)
			}
			if !strings.HasPrefix(c.want, "note:") {
				return
			}
			a := o.Person("pendamping|pd-1|bambang")
			people := officetest.Must(o.Look().AllPeople(t.Context()))(o)
			tied := 0
			for _, p := range people {
				if p.ID != a.ID && slices.Contains(p.Sponsors, a.ID) && slices.Contains(a.Sponsors, p.ID) {
					tied++
				}
			}
			if tied != 1 {
				t.Errorf("the mentor is tied to %d persons", tied)
			}
			if out := o.Run(in); !strings.Contains(out, "nothing has changed") {
				t.Errorf("the same file changed something: %s", out)
			}
		})
	}
}
