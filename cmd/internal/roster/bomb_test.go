package roster_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"pendamping/cmd/internal/roster"
)

// bombXLSX is a workbook whose first sheet unpacks to so many megabytes.
func bombXLSX(t testing.TB, megabytes int, sheet string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range []struct{ name, text string }{
		{"[Content_Types].xml",
			`<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels",
			`<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/_rels/workbook.xml.rels",
			`<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/workbook.xml",
			`<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/worksheets/sheet1.xml", sheet},
	} {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
		if f.text == sheet {
			for space := bytes.Repeat([]byte(" "), 1<<20); megabytes > 0; megabytes-- {
				if _, err := w.Write(space); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Files that would take all memory or time end in one line for the operator, and nothing is imported.
func TestImportBombs(t *testing.T) {
	o := openOffice(t)
	row := `<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>`
	for name, c := range map[string]struct {
		in   roster.Files
		want string
	}{
		"a workbook that unpacks to 300 MB": {roster.Files{
			Roster: o.File("zip.xlsx", string(bombXLSX(t, 300, `<worksheet><sheetData>`))),
		}, "unzip size exceeds"},
		"a cell in the last corner": {roster.Files{Roster: o.File("corner.xlsx",
			string(bombXLSX(t, 0, `<worksheet><sheetData>`+row+`</sheetData></worksheet>`)))}, "column"},
		"nonsense in TOML": {
			roster.Files{Program: o.File("deep.toml", "a = "+strings.Repeat("[", 200_000))}, "deep.toml",
		},
		"a TOML of one long key": {
			roster.Files{Program: o.File("key.toml", strings.Repeat("a.", 100_000)+"b = 1\n")}, "key.toml",
		},
		"a CSV of one quote": {
			roster.Files{Plans: o.File("quote.csv", `"`+strings.Repeat("x", 8<<20))}, "quote.csv",
		},
		"a large file": {
			roster.Files{Plans: o.File("large.csv", strings.Repeat("x", 33<<20))}, "large.csv is larger than 32 MB",
		},
	} {
		_, err := o.Try(c.in)
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 {
			t.Errorf("%s: %.300v", name, err)
		}
	}
}

// FuzzWorkbook reads whatever stands in a table.
func FuzzWorkbook(f *testing.F) {
	f.Add([]byte("kode,uraian,pos,volume,satuan,harga_satuan\nKM-01,Kain,BAHAN,1,m,80000\n"))
	f.Add([]byte("\xff\xfek\x00o\x00d\x00e\x00\n\x00"))
	f.Add(bombXLSX(f, 0,
		`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>kode</t></is></c></row></sheetData></worksheet>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		plans, bad := roster.ReadPlans("x", data)
		if len(plans) > 0 && len(bad) == 0 {
			for _, p := range plans {
				for _, l := range p.Lines {
					if l.Volume <= 0 || l.Price < 0 || l.Item == "" {
						t.Errorf("kept %+v", l)
					}
				}
			}
		}
	})
}

// FuzzProgram reads whatever stands in a programme's rules.
func FuzzProgram(f *testing.F) {
	f.Add([]byte("code = \"TKM\"\nyear = 2026\n[[split]]\npos = \"ALAT\"\npercent = 100\n"))
	f.Add([]byte("a = [[[{b = 1}]]]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := roster.ReadProgram("x", data); err == nil &&
			(p.Code == "" || len(p.Rules.Split)+len(p.Rules.Categories) == 0) {
			t.Errorf("took %+v", p)
		}
	})
}
