package roster_test

import (
	"bytes"
	"os"
	"testing"

	"pendamping/cmd/internal/roster"
	"pendamping/store"
)

// TestDemoFiles: the demo's own roster has no bad row, and its plans split the grant as the default rules say.
func TestDemoFiles(t *testing.T) {
	data, err := os.ReadFile("../../demo/roster.csv")
	if err != nil {
		t.Fatal(err)
	}
	read, bad := roster.Read("roster.csv", bytes.ReplaceAll(data, []byte("{{tanggal_cair}}"), []byte(today)), today)
	if len(bad) > 0 || len(read.Groups) != 2 {
		t.Fatalf("%d groups: %v", len(read.Groups), bad)
	}
	if data, err = os.ReadFile("../../demo/rab.csv"); err != nil {
		t.Fatal(err)
	}
	plans, bad := roster.ReadPlans("rab.csv", data)
	if len(bad) > 0 || len(plans) != 2 {
		t.Fatalf("%d plans: %v", len(plans), bad)
	}
	rules := store.DefaultRules()
	for i, p := range plans {
		if p.Code != read.Groups[i].Recipient.Code {
			t.Errorf("the plan of %s is for nobody", p.Code)
		}
		sums := map[string]store.Rupiah{}
		for _, l := range p.Lines {
			sums[l.Pos] += l.Amount()
		}
		for _, s := range rules.Split {
			if want := rules.Amount * store.Rupiah(s.Percent) / 100; sums[s.Pos] != want {
				t.Errorf("%s of %s: %d, want %d", s.Pos, p.Code, sums[s.Pos], want)
			}
		}
	}
}
