package audit_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/officetest"
	"pendamping/store"
)

// roots are all that were made.
func (a *archive) roots() []store.Root {
	a.Helper()
	tx := a.DB.Begin(officetest.Noon.Add(24*time.Hour), 0)
	defer tx.Rollback(a.Context())
	trail, err := tx.Trail(a.Context(), a.Of.ID)
	a.OK(err)
	return trail.Roots
}

// archive is one whose folders are exported, changed and checked.
type archive struct{ *officetest.Archive }

func openArchive(t *testing.T) *archive {
	t.Helper()
	return &archive{officetest.OpenArchive(t)}
}

func number(id store.ID) string { b, _ := json.Marshal(id); return string(b) }

// export writes the folder anew.
func (a *archive) export() string {
	a.Helper()
	folder := filepath.Join(a.TempDir(), "out")
	var out strings.Builder
	a.OK(audit.Export(a.Context(), a.S, officetest.Box, "KM-01", folder, officetest.Noon.Add(4*time.Hour), &out))
	return folder
}

// check is what is wrong with a folder.
func (a *archive) check(folder, roots string) string {
	a.Helper()
	var out strings.Builder
	whole, err := audit.CheckExport(a.Context(), a.S, officetest.Box, folder, roots, &out)
	a.OK(err)
	return a.wrong(whole, &out)
}

// wrong is what was said to be wrong.
func (a *archive) wrong(whole bool, out *strings.Builder) string {
	a.Helper()
	var wrong []string
	for line := range strings.Lines(out.String()) {
		if said, ok := strings.CutPrefix(line, "BROKEN: "); ok {
			wrong = append(wrong, strings.TrimSpace(said))
		}
	}
	if whole != (len(wrong) == 0) {
		a.Errorf("whole is %v, and it says:\n%s", whole, out.String())
	}
	return strings.Join(wrong, "; ")
}

// inside is the bytes of all files of a folder, by name.
func inside(t *testing.T, folder string) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(folder, name))
		list[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sheet is the rows of a workbook's sheet.
func sheet(t *testing.T, book, name string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
