package dialog_test

import (
	"testing"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// A coordinator's place is found in whatever case the roster writes it, as the database finds it.
func TestCovers(t *testing.T) {
	for _, c := range []struct {
		province, regency string // the coordinator's
		in, at            string // the place's
		covers            bool
	}{
		{"", "", "Jawa Timur", "Malang", true},
		{"Jawa Timur", "", "Jawa Timur", "Malang", true},
		{"Jawa Timur", "MALANG", "JAWA TIMUR", "Malang", true},
		{"Jawa Timur", "Malang", "Jawa Timur", "Kota Malang", false},
		{"Jawa Timur", "", "Jawa Barat", "Malang", false},
	} {
		who := dialog.Who{Person: store.Person{Role: store.Coordinator, Province: c.province, Regency: c.regency}}
		theirs := who.Theirs(store.Recipient{Province: c.in, Regency: c.at})
		if who.Covers(c.in, c.at) != c.covers || theirs != c.covers {
			t.Errorf("%+v: %v, %v", c, who.Covers(c.in, c.at), theirs)
		}
	}
}
