package roster_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"pendamping/cmd/internal/roster"
)

var rabHeader = []any{"kode", "uraian", "pos", "volume", "satuan", "harga_satuan"}

// A formula that no spreadsheet has computed has no value: it would be an empty cell, and a grant of nothing.
func TestFormulaWithoutResult(t *testing.T) {
	f := workbook(t, rabHeader, []any{"KM-01", "Kain", "BAHAN", 3, "m"}, []any{"KM-01", "Benang", "BAHAN"})
	for cell, formula := range map[string]string{"F2": "40000*2", "D3": "1+1", "E3": `"kg"`, "F3": "F2"} {
		if err := f.SetCellFormula("Sheet1", cell, formula); err != nil {
			t.Fatal(err)
		}
	}
	lacks := "holds a formula whose result the file lacks: open it in a spreadsheet and save it, or paste the values"
	_, bad := roster.ReadPlans("rab.xlsx", bytesOf(t, f))
	for _, want := range []string{
		"rab.xlsx line 2: harga_satuan " + lacks, "rab.xlsx line 3: volume " + lacks, "satuan " + lacks,
		"2 problems: nothing was imported",
	} {
		if !strings.Contains(bad.Error(), want) {
			t.Errorf("%q is missing in\n%v", want, bad)
		}
	}
}

// The sheet is read that shows when the workbook is opened, and it is named where there are several.
func TestSheetThatShows(t *testing.T) {
	right, wrong := []any{"KM-01", "Kain", "BAHAN", 3, "m", 80000}, []any{"KM-99", "Lama", "BAHAN", 1, "m", 1}
	for _, c := range []struct {
		name   string
		change func(f *excelize.File) error
		want   string
	}{
		{"the first is hidden", func(f *excelize.File) error { return f.SetSheetVisible("Sheet1", false) },
			`rab.xlsx, sheet "Isi"`},
		{"another was saved open", func(f *excelize.File) error { f.SetActiveSheet(1); return nil },
			`rab.xlsx, sheet "Isi"`},
	} {
		f := workbook(t, rabHeader, wrong)
		if _, err := f.NewSheet("Isi"); err != nil {
			t.Fatal(err)
		}
		for i, row := range [][]any{rabHeader, right} {
			if err := f.SetSheetRow("Isi", fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
		if c.name == "the first is hidden" {
			f.SetActiveSheet(1) // a spreadsheet shows no hidden one; some programs leave the mark on the first
		}
		if err := c.change(f); err != nil {
			t.Fatal(err)
		}
		plans, bad := roster.ReadPlans("rab.xlsx", bytesOf(t, f))
		if len(bad) > 0 || len(plans) != 1 || plans[0].Code != "KM-01" {
			t.Errorf("%s: %v %v", c.name, plans, bad)
		}
		if err := f.SetCellValue("Isi", "F2", "murah"); err != nil {
			t.Fatal(err)
		}
		if _, bad := roster.ReadPlans("rab.xlsx", bytesOf(t, f)); !strings.HasPrefix(bad.Error(), c.want+" line 2: ") {
			t.Errorf("%s: %v", c.name, bad)
		}
	}
}

// A workbook behind a password is told from an old one.
func TestPassword(t *testing.T) {
	f := workbook(t, rabHeader)
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "rahasia"}); err != nil {
		t.Fatal(err)
	}
	_, bad := roster.ReadPlans("rab.xlsx", b.Bytes())
	if want := "rab.xlsx: this workbook has a password: save it without one"; !strings.Contains(bad.Error(), want) {
		t.Errorf("%v", bad)
	}
}

// UTF-16 is read in either order, also without a byte order mark.
func TestUTF16(t *testing.T) {
	text := "kode;uraian;pos;volume;satuan;harga_satuan\nKM-01;Kain – batik;BAHAN;3;m;80000\n"
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, mark := range []string{"", "\ufeff"} {
			var data []byte
			for _, unit := range utf16.Encode([]rune(mark + text)) {
				data = order.AppendUint16(data, unit)
			}
			plans, bad := roster.ReadPlans("rab.csv", data)
			if len(bad) > 0 || len(plans) != 1 || plans[0].Lines[0].Item != "Kain - batik" {
				t.Errorf("%v, mark %q: %v %v", order, mark, plans, bad)
			}
		}
	}
}

// A number that a spreadsheet has shortened is said to be, in whichever spelling.
func TestShortened(t *testing.T) {
	_, bad := roster.Read("roster.csv", []byte("peran;kode;nama;kelompok;provinsi;kabupaten;desa;tahap;dana;tanggal_cair;"+
		"pendamping;telegram_id;wa\nketua;KM-01;Sri;Melati;Bali;;;;;;;5,12E+09;6,28E+12\n"), today)
	for _, column := range []string{"telegram_id", "wa"} {
		if !strings.Contains(bad.Error(), column+" was shortened by a spreadsheet") {
			t.Errorf("%s: %v", column, bad)
		}
	}
}
