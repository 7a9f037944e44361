package audit_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/privacy"
	"pendamping/store/postgres"
)

// store/README.md's table of what verify says nothing about is that of the code.
func TestGapsAreInTheReadme(t *testing.T) {
	b, err := os.ReadFile("../../../store/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range postgres.Gaps() {
		name := g.Table
		if g.Column != "" {
			name += "." + g.Column
		}
		if line := "| `" + name + "` | " + g.Why; !strings.Contains(string(b), line) {
			t.Errorf("store/README.md lacks the line %q", line)
		}
	}
	if got, want := strings.Count(string(b), "\n| `"), len(postgres.Gaps()); got < want {
		t.Errorf("store/README.md has %d lines for %d gaps", got, want)
	}
}

// A kept picture that is not what it was is found by verify and named in an export.
func TestPictureTampered(t *testing.T) {
	a := openArchive(t)
	verify := func() (bool, string) {
		var out strings.Builder
		whole, err := audit.Verify(t.Context(), a.S, officetest.Box, "", true, officetest.VerifiedAt, &out)
		a.OK(err)
		return whole, out.String()
	}
	if whole, said := verify(); !whole {
		t.Fatal(said)
	}
	path := filepath.Join(a.S.Media, a.Sum[:2], a.Sum[2:4], a.Sum)
	a.OK(os.Chmod(path, 0o600))
	a.OK(os.WriteFile(path, []byte("\xff\xd8\xffanother nota"), 0o600))
	if whole, said := verify(); whole || !strings.Contains(said, a.Sum) {
		t.Errorf("another picture was not noticed: %s", said)
	}
	all := inside(t, a.export())
	if !slices.ContainsFunc(sheet(t, all["peristiwa/riwayat.xlsx"], "Berkas bukti"),
		func(r []string) bool { return slices.Contains(r, "Isinya berubah") }) {
		t.Error("an export does not name it")
	}
	a.OK(os.Remove(path))
	if whole, said := verify(); whole || !strings.Contains(said, a.Sum) {
		t.Errorf("a missing picture was not noticed: %s", said)
	}
}

// A wrong MEDIA_URL is said in one line, and neither verify nor an erasure makes a folder there or looks as if files
// had been read.
func TestWrongMediaFolder(t *testing.T) {
	a := openArchive(t)
	a.S.Media = filepath.Join(t.TempDir(), "elsewhere")
	want := "MEDIA_URL: there is no folder " + a.S.Media + ": give it the one that the bot has"
	for name, do := range map[string]func() error{
		"verify --files": func() error {
			whole, err := audit.Verify(t.Context(), a.S, officetest.Box, "", true, officetest.VerifiedAt,
				&strings.Builder{})
			if whole {
				t.Error("verify says whole")
			}
			return err
		},
		"retention --erase": func() error {
			return privacy.Retention(t.Context(), a.S, true, officetest.Noon.AddDate(20, 0, 0), &strings.Builder{})
		},
	} {
		if err := do(); err == nil || err.Error() != want {
			t.Errorf("%s ends with %v, want %q", name, err, want)
		}
		if _, err := os.Stat(a.S.Media); !os.IsNotExist(err) {
			t.Errorf("%s made the folder: %v", name, err)
		}
	}
}
