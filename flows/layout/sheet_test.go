package layout_test

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pendamping/flows/recap"
)

func xlsx(t testing.TB, r recap.Recap, language string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.XLSX(&out, printing(t, language)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbook(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(xlsx(t, month(), "id")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Kunjungan", "Kelompok", "Grafik", "Kegiatan"}) {
		t.Errorf("sheets %q", got)
	}
	// column finds a column by its head.
	column := func(sheet, head string) string {
		t.Helper()
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.Index(rows[0], head)
		if i < 0 {
			t.Fatalf("%s has no column %q: %q", sheet, head, rows[0])
		}
		name, _ := excelize.ColumnNumberToName(i + 1)
		return name
	}
	for _, c := range []struct {
		sheet, head, row string
		kind             excelize.CellType
		raw, shown       string
	}{
		{"Kunjungan", "Tanggal", "2", excelize.CellTypeUnset, "46327.375", "01/11/2026 09:00"},
		{"Kunjungan", "Cara", "4", excelize.CellTypeSharedString, "Telepon", "Telepon"},
		{"Kunjungan", "Tempat", "8", excelize.CellTypeSharedString, `'=HYPERLINK("http://contoh.id")`,
			`'=HYPERLINK("http://contoh.id")`},
		{"Kunjungan", "Catatan", "9", excelize.CellTypeSharedString, "'+62811 @admin", "'+62811 @admin"},
		{"Kunjungan", "Menit", "2", excelize.CellTypeUnset, "15", "15"},
		{"Kunjungan", "Batas", "4", excelize.CellTypeUnset, "46346", "20/11/2026"},
		{"Kunjungan", "LPJ", "3", excelize.CellTypeUnset, "16", "16%"},
		{"Kelompok", "Bantuan", "2", excelize.CellTypeUnset, "20000000", "Rp20,000,000"},
		{"Kelompok", "Terpakai", "4", excelize.CellTypeUnset, "1560000", "Rp1,560,000"},
		{"Kelompok", "Laba", "2", excelize.CellTypeUnset, "-250000", "-Rp250,000"},
		{"Kegiatan", "Peran", "2", excelize.CellTypeSharedString, "Motivator", "Motivator"},
	} {
		at := column(c.sheet, c.head) + c.row
		kind, _ := f.GetCellType(c.sheet, at)
		raw, _ := f.GetCellValue(c.sheet, at, excelize.Options{RawCellValue: true})
		shown, _ := f.GetCellValue(c.sheet, at)
		if kind != c.kind || raw != c.raw || shown != c.shown {
			t.Errorf("%s %s%s: kind %v, %q shown as %q, not %v, %q, %q", c.sheet, c.head, c.row, kind, raw, shown,
				c.kind, c.raw, c.shown)
		}
		if formula, _ := f.GetCellFormula(c.sheet, at); formula != "" {
			t.Errorf("%s is a formula: %s", at, formula)
		}
	}
	for sheet, rows := range map[string]int{"Kunjungan": 61, "Kelompok": 26} {
		if all, _ := f.GetRows(sheet); len(all) != rows {
			t.Errorf("%s has %d rows, not %d", sheet, len(all), rows)
		}
	}
	file := printed(t, "month.xlsx", xlsx(t, month(), "id"))
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	charts := 0
	for _, part := range z.File {
		if strings.HasPrefix(part.Name, "xl/charts/chart") {
			charts++
		}
	}
	if charts != 2 {
		t.Errorf("%d charts, not 2: the visits and the LPJ", charts)
	}
}
