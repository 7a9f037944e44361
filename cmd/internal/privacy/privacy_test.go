package privacy_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/privacy"
)

// Records are kept for the programme's years and as long as a hold says; after that nobody is named, no picture is
// left, and the trail is whole.
func TestRetention(t *testing.T) {
	a := officetest.OpenArchive(t)
	say := func(do func(out *strings.Builder) error) string {
		t.Helper()
		var out strings.Builder
		if err := do(&out); err != nil {
			return "refused: " + err.Error()
		}
		return out.String()
	}
	want := func(what, got, part string) {
		t.Helper()
		if !strings.Contains(got, part) {
			t.Errorf("%s: it says %q, not %q", what, got, part)
		}
	}
	ctx := t.Context()
	lastYear := time.Date(2036, time.December, 31, 12, 0, 0, 0, time.UTC)
	over := time.Date(2037, time.January, 1, 12, 0, 0, 0, time.UTC)
	retention := func(erase bool, at time.Time) string {
		return say(func(out *strings.Builder) error { return privacy.Retention(ctx, a.S, erase, at, out) })
	}
	hold := func(code, reason string, release bool) string {
		return say(func(out *strings.Builder) error { return privacy.Hold(ctx, a.S, code, reason, release, over, out) })
	}
	want("within the years", retention(true, lastYear), "nothing is kept longer")
	want("a hold without a reason", hold("KM-01", "", false), "refused: name a recipient and why")
	want("a hold on nobody", hold("KM-99", "audit", false), "refused: there is no recipient")
	want("a hold", hold("KM-01", "audit", false), "KM-01: held")
	want("a second hold", hold("KM-01", "trial", false), "under a hold already: audit")
	want("held", retention(true, over), "nothing is kept longer")
	want("released", hold("KM-01", "", true), "released")
	want("released twice", hold("KM-01", "", true), "refused: KM-01 is under no hold")
	want("listed", retention(false, over), "KM-01")
	if _, err := os.Stat(filepath.Join(a.S.Media, a.Sum[:2], a.Sum[2:4], a.Sum)); err != nil {
		t.Error("looking takes the picture away:", err)
	}
	before := a.DB.Begin(over, 0)
	members, err := before.Members(ctx, a.Of.ID)
	before.Rollback(ctx)
	a.OK(err)
	want("erased", retention(true, over), "KM-01  erased: 3 persons, 1 files")
	want("once", retention(true, over), "nothing is kept longer")
	if _, err := os.Stat(filepath.Join(a.S.Media, a.Sum[:2], a.Sum[2:4], a.Sum)); err == nil {
		t.Error("the picture is still there")
	}
	tx := a.DB.Begin(over, 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	if left, err := tx.Members(ctx, a.Of.ID); err != nil || len(left) > 0 {
		t.Errorf("%d members are left, %v", len(left), err)
	}
	for _, was := range members {
		p, err := tx.Person(ctx, was.ID)
		a.OK(err)
		if p.Name+p.WA+p.Key != "" || p.Account != 0 {
			t.Errorf("%s is still named", p.Role)
		}
	}
	var out strings.Builder
	if whole, err := audit.Verify(ctx, a.S, officetest.Box, "", true, officetest.VerifiedAt, &out); err != nil ||
		!whole {
		t.Errorf("verify: %v %v\n%s", whole, err, &out)
	}
}

// The register of breaches has each one's clock, and the notice is in words that people understand.
func TestBreaches(t *testing.T) {
	a := officetest.OpenArchive(t)
	found := time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)
	run := func(b privacy.Breach, at time.Time) string {
		t.Helper()
		var out strings.Builder
		if err := privacy.Breaches(t.Context(), a.S, b, at, &out); err != nil {
			return "refused: " + err.Error()
		}
		return out.String()
	}
	if got := run(privacy.Breach{}, found); !strings.Contains(got, "no breach was entered") {
		t.Error(got)
	}
	for _, bad := range []privacy.Breach{{Do: "add"}, {Do: "add", What: "x", Data: "y", People: 1, Found: "kemarin"},
		{Do: "add", What: "x", Data: "y", People: 1, Found: "2027-01-01 00:00"}, {Do: "notice", Number: "7x"},
		{Do: "notice", Number: "7"}, {Do: "add", What: "x", Data: "y"}, {Do: "add", What: " ", Data: "y", People: 1},
		{What: "x"}, {Do: "foo"}} {
		if got := run(bad, found); !strings.HasPrefix(got, "refused: ") || strings.Contains(got, "\n") {
			t.Errorf("%+v: %s", bad, got)
		}
	}
	added := run(privacy.Breach{
		Do: "add", What: "salinan hilang", Data: "nama, nomor WA", People: 12, Found: "2026-11-23 11:00",
	}, found)
	if !strings.Contains(added,
		"12 persons, nama, nomor WA: salinan hilang; persons and authority to be told by 2026-11-26 11:00") {
		t.Error(added)
	}
	number, _, _ := strings.Cut(added, " ")
	if got := run(privacy.Breach{Do: "notice", Number: number}, found); !strings.Contains(got,
		"Data yang terungkap: nama, nomor WA") {
		t.Error(got)
	}
	if got := run(privacy.Breach{}, found.Add(73*time.Hour)); !strings.Contains(got, "OVERDUE") {
		t.Error(got)
	}
	for _, at := range []time.Duration{time.Hour, 9 * time.Hour} { // the first time stands
		if got := run(privacy.Breach{Do: "notified", Number: number}, found.Add(at)); !strings.Contains(got,
			"told on 2026-11-23 13:00") {
			t.Error(got)
		}
	}
}
