package flows_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"pendamping/flows/look"
	"pendamping/flows/look/sample"
	"pendamping/flows/receipt"
	"pendamping/store"
)

func TestProposals(t *testing.T) {
	for words, want := range map[string]map[string]string{
		"UD DUA PUTRA\nJl. Raya 5\nNo 3119 23/10/2026\nRAK 16 dus x 381.000\nTOTAL Rp 6.096.000\nTUNAI Rp 6.100.000": {
			"amount": "Rp6096000", "day": "2026-10-23", "seller": "UD Dua Putra",
		},
		"Jumlah barang: 16":                  {"seller": ""},
		"total 12":                           {},
		"Tgl 24/11/2026":                     {"day": ""}, // has not come
		"12345\n...\n":                       {},
		"TOTAL Rp 9.000\nGrand Total: 8.500": {"amount": "Rp8500"},
	} {
		got := receipt.Proposals("2026-11-23", words)
		for _, name := range []string{"amount", "day", "seller"} {
			if g := strings.Join(got[name], "|"); g != want[name] && (name != "seller" || want["seller"] != "") {
				t.Errorf("%q: %s is %q, want %q", words, name, g, want[name])
			}
		}
	}
}

// TestReading reads the project's own printed papers, as phones photograph them, and says how often it is right.
func TestReading(t *testing.T) {
	if !look.CanRead(t.Context()) {
		t.Skip("tesseract with Indonesian is not installed")
	}
	papers := 4
	if os.Getenv("PENDAMPING_FULL") != "" {
		papers = 40
	}
	right, offered, n := map[string]int{}, map[string]int{}, 0
	for seed := uint64(1); n < papers; seed++ {
		nota := sample.Any(seed)
		if nota.Kind != sample.TillRoll {
			continue
		}
		n++
		words, err := look.Reads(box)(t.Context(),
			bytes.NewReader(sample.JPEG(sample.Photograph(sample.Paper(nota), seed), 85)))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{
			"amount": nota.Total().Typed(), "day": string(nota.Day), "seller": strings.ToLower(nota.Seller),
		}
		for name, list := range receipt.Proposals(store.Day("2026-11-23"), words) {
			offered[name]++
			if strings.EqualFold(list[0], want[name]) {
				right[name]++
			}
		}
	}
	for _, name := range []string{"amount", "day", "seller"} {
		t.Logf("%s: %d of %d papers offered, %d right", name, offered[name], papers, right[name])
		if 2*right[name] < papers {
			t.Errorf("%s: only %d of %d are right", name, right[name], papers)
		}
	}
}
