package flows_test

import (
	"slices"
	"testing"

	"pendamping/flows"
	"pendamping/store"
)

// An approval is of what the book says, whatever the order in which it is read, and whoever verified it since.
func TestBookHash(t *testing.T) {
	notas := []store.Receipt{
		{ID: 1, Number: 1, State: store.Submitted, Total: 50_000, Day: "2026-11-20", Seller: "TB Jaya",
			Items: []store.Item{{Amount: 50_000, Pos: "ALAT"}}},
		{ID: 2, Number: 2, State: store.Verified, Total: 70_000, Day: "2026-11-21", Seller: "Toko Makmur",
			Items: []store.Item{{Amount: 70_000, Pos: "BAHAN"}}},
		{ID: 3, Number: 3, State: store.Unfinished},
		{ID: 4, Number: 4, State: store.Cancelled, Total: 9000},
	}
	entries := []store.Entry{
		{ID: 5, Number: 1, Kind: store.EntryGrant, State: store.EntryStands, Amount: 20_000_000, Day: "2026-11-10"},
		{ID: 6, Number: 2, Kind: store.EntryFee, State: store.EntryCancelled, Amount: 5000, Day: "2026-11-12"},
	}
	was := flows.BookHash(notas, entries)
	for _, c := range []struct {
		name   string
		change func([]store.Receipt, []store.Entry)
		same   bool
	}{
		{"nothing", func([]store.Receipt, []store.Entry) {}, true},
		{"the order", func(r []store.Receipt, e []store.Entry) { slices.Reverse(r); slices.Reverse(e) }, true},
		{"a decision", func(r []store.Receipt, _ []store.Entry) { r[0].State, r[0].Version = store.Verified, 3 }, true},
		{"a return", func(r []store.Receipt, _ []store.Entry) { r[0].State = store.Returned }, true},
		{"an unfinished nota", func(r []store.Receipt, _ []store.Entry) { r[2].Total = 1000 }, true},
		{"a cancelled entry", func(_ []store.Receipt, e []store.Entry) { e[1].Amount = 1000 }, true},
		{"a total", func(r []store.Receipt, _ []store.Entry) { r[0].Total++ }, false},
		{"a number", func(r []store.Receipt, _ []store.Entry) { r[1].Number = 7 }, false},
		{"a day", func(r []store.Receipt, _ []store.Entry) { r[0].Day = "2026-11-19" }, false},
		{"a seller", func(r []store.Receipt, _ []store.Entry) { r[0].Seller = "TB Maju" }, false},
		{"an item",
			func(r []store.Receipt, _ []store.Entry) { r[0].Items = []store.Item{{Amount: 50_000, Pos: "BAHAN"}} },
			false},
		{"a cancelled nota", func(r []store.Receipt, _ []store.Entry) { r[0].State = store.Cancelled }, false},
		{"a nota sent", func(r []store.Receipt, _ []store.Entry) { r[2].State = store.Submitted }, false},
		{"an entry", func(_ []store.Receipt, e []store.Entry) { e[0].Amount-- }, false},
		{"a reversal", func(_ []store.Receipt, e []store.Entry) { e[0].State = store.EntryCancelled }, false},
	} {
		r, e := slices.Clone(notas), slices.Clone(entries)
		c.change(r, e)
		if same := flows.BookHash(r, e) == was; same != c.same {
			t.Errorf("after %s the hash is the same: %v", c.name, same)
		}
	}
}

// A quantity keeps its unit, takes the line's where none is said, and what is kept of it has one meaning.
func TestMeasures(t *testing.T) {
	for _, c := range []struct {
		unit, text string
		want       []string
	}{
		{"", "2 unit", []string{"2 unit"}}, {"rol", "60", []string{"60 rol"}}, {"rol", "60 m", []string{"60 m"}},
		{"", "3", []string{"3"}},
		{"", "2 stel", []string{"2 stel"}}, {
			"", "1,125 kg", []string{"1,125 kg", "1125 kg"},
		}, {"m", "1.500", []string{"1500 m", "1,5 m"}},
		{"", "2 juta", nil}, {"", "500rb", nil}, {"", "dua", []string{"2"}}, {"", "banyak", nil},
		{"", "2 stel baru", nil}, {"", "", nil},
	} {
		shown, kept := flows.Measures(c.unit, c.text)
		if !slices.Equal(shown, c.want) {
			t.Errorf("%q of a line in %q is %q, want %q", c.text, c.unit, shown, c.want)
		}
		for i, k := range kept {
			if again, _ := flows.Measures("", k); len(again) != 1 || again[0] != shown[i] {
				t.Errorf("%q is kept as %q, which is %q", shown[i], k, again)
			}
		}
	}
}
