package roster_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"pendamping/cmd/internal/roster"
	"pendamping/store"
)

var update = flag.Bool("update", false, "rewrite the expected outcomes in testdata")

const today store.Day = "2026-11-23"

// TestReadFiles holds each file of testdata against the outcome that stands next to it.
func TestReadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*-*")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, path := range files {
		if filepath.Ext(path) == ".txt" {
			continue
		}
		tried++
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, path+".txt", outcome(filepath.Base(path), data))
		})
	}
	if tried < 15 {
		t.Errorf("%d files were tried", tried)
	}
}

// outcome is how a file reads, by the kind that its name begins with.
func outcome(file string, data []byte) string {
	var s strings.Builder
	switch kind, _, _ := strings.Cut(file, "-"); kind {
	case "roster":
		roster, bad := roster.Read(file, data, today)
		if len(bad) > 0 {
			return bad.Error() + "\n"
		}
		return describe(roster)
	case "rab":
		plans, bad := roster.ReadPlans(file, data)
		if len(bad) > 0 {
			return bad.Error() + "\n"
		}
		for _, p := range plans {
			fmt.Fprintln(&s, "plan", p.Code, "from line", p.Line)
			for _, l := range p.Lines {
				fmt.Fprintf(&s, "  %q %s %s %s @ %d = %d\n", l.Item, l.Pos, l.Volume, l.Unit, l.Price, l.Amount())
			}
		}
	case "program":
		p, err := roster.ReadProgram(file, data)
		if err != nil {
			return err.Error() + "\n"
		}
		fmt.Fprintf(&s, "%s edition %d\n%+v\n", p.Code, p.Edition, p.Rules)
	}
	return s.String()
}

func describe(r roster.Roster) string {
	var s strings.Builder
	for _, g := range r.Groups {
		to := g.Recipient
		fmt.Fprintf(&s,
			"recipient of line %d: %s %q single=%t province=%q zone=%q regency=%q village=%q wave=%q grant=%d disbursed=%s mentor=%q\n",
			g.Line, to.Code, to.Name, to.Single, to.Province, to.Zone, to.Regency, to.Village, to.Wave, to.Grant,
			to.Disbursed, g.Mentor)
	}
	for _, p := range r.People {
		fmt.Fprintf(&s, "line %d: %s key=%q province=%q organisation=%q wa=%q account=%d consent=%s\n",
			p.Line, p.Person.Role, p.Person.Key, p.Person.Province, p.Person.Organisation, p.Person.WA,
			p.Person.Account, p.Consent)
	}
	return s.String()
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("outcome differs from %s (-want +got):\n%s", path, diff)
	}
}

// TestReadWorkbook reads cells as a spreadsheet keeps them: serial days, numbers, formats.
func TestReadWorkbook(t *testing.T) {
	header := []any{"peran", "kode", "nama", "kelompok", "provinsi", "kabupaten", "desa", "tahap", "dana",
		"tanggal_cair", "pendamping", "telegram_id", "persetujuan", "wa"}
	f := workbook(t, header,
		[]any{"ketua", "007", "Sri", "Melati Jaya", "Bali", "", "", 2, 20000000, 46346, "", 5123456789, "01/11/2026",
			"081234567890"},
		[]any{},
		[]any{"anggota", 7, "Joko", "", "", "", "", "", "20.000.000", "2026-11-20", "", 1.1e10, 46327.5, 6281234567890})
	zeros := "000"
	for cell, style := range map[string]excelize.Style{
		"B4": {CustomNumFmt: &zeros}, "J2": {NumFmt: 14}, "L4": {NumFmt: 11},
	} {
		id, err := f.NewStyle(&style)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", cell, cell, id); err != nil {
			t.Fatal(err)
		}
	}
	roster, bad := roster.Read("roster.xlsx", bytesOf(t, f), today)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	golden(t, "testdata/workbook.txt", describe(roster))
}

// TestWorkbookNumbers keeps the number 1.125 and the text 1.125 apart, and names the row of what it refuses.
func TestWorkbookNumbers(t *testing.T) {
	header := []any{"kode", "uraian", "pos", "volume", "satuan", "harga_satuan"}
	plans, bad := roster.ReadPlans("rab.xlsx",
		bytesOf(t, workbook(t, header, []any{"KM-01", "Kain", "BAHAN", 1.125, "m", 80000})))
	if len(bad) > 0 || plans[0].Lines[0].Volume != 1125 {
		t.Errorf("a number: %v %v", plans, bad)
	}
	_, bad = roster.ReadPlans("rab.xlsx",
		bytesOf(t, workbook(t, header, []any{}, []any{"KM-01", "Kain", "BAHAN", "1.125", "m", 1.125})))
	want := `rab.xlsx line 3: volume "1.125" may be thousands or decimals: write 1125 or 1,1250; harga_satuan "1.1250" is no amount: write 20000000 or 20.000.000
1 problem: nothing was imported`
	if diff := cmp.Diff(want, bad.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestOldWorkbook(t *testing.T) {
	_, bad := roster.Read("roster.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1"), today)
	if len(bad) != 1 ||
		!strings.Contains(bad.Error(), "roster.xls: this is an old Excel workbook (.xls): save it as .xlsx") {
		t.Errorf("%v", bad)
	}
}

func workbook(t *testing.T, rows ...[]any) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	t.Cleanup(func() { f.Close() })
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func bytesOf(t *testing.T, f *excelize.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
