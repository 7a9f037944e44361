package layout_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/xuri/excelize/v2"

	"pendamping/flows/layout"
	"pendamping/flows/report"
	"pendamping/store"
)

var sellers = []string{
	"TB Sumber Jaya", "Toko Makmur", "UD Barokah Abadi Sentosa Makmur Sejahtera Cabang Cikalongwetan",
	"Pasar Baru, los 14", "Bengkel Pak Dedi",
}

// lpj is an LPJ of a template with so many notas, each with a picture or two, long words, and letters that no font has.
func lpj(template string, notas int) report.Report {
	r := report.Report{
		Template: template, Program: "TKM Pemula", Year: 2026, Edition: 1,
		Name:  "Kelompok Wanita Tani Sumber Rejeki Barokah Desa Cikalongwetan Utara",
		Group: "KM-01", Village: "Cikalongwetan", Regency: "Bandung Barat", Province: "Jawa Barat", Wave: "II",
		Members: 10,
		Officers: []report.Officer{{Role: store.Chair, Name: "Hj. Siti Nurhalimah Kusumawardani, S.Pd."},
			{Role: store.Secretary, Name: "Joko"}, {Role: store.Treasurer, Name: "Sri Wahyuni", Sponsors: []string{
				"diusulkan atau dibantu pendamping Rina Handayani, S.E.", "orang yang sama dengan koordinator Budi",
			}}},
		Mentor: "Rina Handayani, S.E.", MentorCode: "PDP-01",
		Organisation: "Dinas Tenaga Kerja Kabupaten Bandung Barat",
		Grant:        40_000_000, From: "2026-11-10", To: "2026-12-10", Due: "2026-12-31", At: made,
		Tranches: []report.Tranche{{Day: "2026-11-10", Amount: 40_000_000, Text: "Pencairan"}}, Received: 40_000_000,
		Fees: 12_500, Refunds: 50_000,
		Verified: report.Decision{Name: "Rina Handayani, S.E.", Role: store.Mentor, Day: "2026-12-15"},
		Approval: report.Decision{
			Name: "Hj. Siti Nurhalimah Kusumawardani, S.Pd.", Role: store.Chair, Day: "2026-12-16",
		},
	}
	if template == "2025" {
		r.Single, r.Members, r.Year, r.Name = true, 1, 2025, "Usaha Tono"
		r.Officers = []report.Officer{{Role: store.Owner, Name: "Tono Sutrisno", Sponsors: []string{
			"diusulkan atau dibantu pendamping Rina Handayani, S.E.",
		}}}
	}
	for _, code := range report.Outline(template) {
		text := strings.Repeat("Kami menjahit seragam sekolah bersama sepuluh anggota kelompok di balai desa. ",
			6) + "\n" +
			strings.Repeat("Pesanan datang dari tiga sekolah, dan sisanya dijual di pasar. ", 4)
		r.Chapters = append(r.Chapters, report.Chapter{Code: code, Text: text})
	}
	r.Chapters[1].Text = "Supaya maju 😀👨‍👩‍👧 السلام عليكم, kata ibu-ibu: \"maju terus\" <b>&\n" + strings.Repeat("x",
		300)
	r.Chapters[2].Text = ""
	for i := range 12 {
		pos := "ALAT"
		if i >= 7 {
			pos = "BAHAN"
		}
		l := report.Line{Number: i + 1, Pos: pos,
			Item:   fmt.Sprintf("Mesin jahit portabel merek ternama nomor %d beserta meja dan perlengkapannya", i+1),
			Volume: store.Volume(1500 + 1000*i),
			Unit:   "unit", Price: store.Rupiah(150_000 + 5000*i)}
		l.Total = l.Volume.Times(l.Price)
		r.Lines = append(r.Lines, l)
	}
	r.Lines = append(r.Lines, report.Line{Pos: "LAIN", Outside: true})
	r.Book = append(r.Book, report.BookRow{
		Day: "2026-11-10", Number: "M1", Text: "Dana masuk, Pencairan", In: 40_000_000,
	})
	for i := range notas {
		n := report.Nota{
			Number: i + 1, State: store.Verified, Kind: store.KindNota, Payment: "tunai",
			Seller: sellers[i%len(sellers)], Day: store.Day("2026-11-11").Add(i * 28 / max(notas, 1)),
			By: "Sri Wahyuni", Verified: report.Decision{
				Name: "Rina Handayani, S.E.", Role: store.Mentor, Day: "2026-12-12",
			},
		}
		for k := range 1 + i%3 {
			line := (i + 5*k) % len(r.Lines)
			it := report.Bought{Item: fmt.Sprintf("benang jahit katun warna %d", k+1), Volume: 2000, Unit: "gulung",
				Price: 4500, Amount: 9000 + store.Rupiah(i), Pos: r.Lines[line].Pos, Line: r.Lines[line].Number}
			n.Items, n.Total = append(n.Items, it), n.Total+it.Amount
		}
		switch {
		case i%17 == 3:
			n.State, n.Verified, n.Reason = store.Cancelled, report.Decision{}, "dobel dengan nota lain 😀 السلام"
		case i%11 == 5:
			n.Kind, n.Reason, n.Behalf = store.KindNone,
				"Pedagang keliling tidak memberi nota, dan tidak bersedia menulis apa pun", true
		case i%13 == 7:
			n.Remarks = []string{"Tanggalnya di luar masa kegiatan", "=1+1"}
		}
		if n.Kind != store.KindNone {
			for k := range 1 + i%2 {
				n.Proofs = append(n.Proofs, report.Proof{
					SHA256: fmt.Sprintf("%s%d-%d", []string{"tall", "wide"}[i%2], i%20, k),
				})
			}
		}
		if n.State.Counts() {
			r.Spent += n.Total
			for _, it := range n.Items {
				r.Lines[cmp.Or(it.Line, len(r.Lines))-1].Spent += it.Amount
			}
			r.Book = append(r.Book, report.BookRow{
				Day: n.Day, Number: strconv.Itoa(n.Number), Text: n.Seller + ": benang jahit katun", Out: n.Total,
			})
		}
		r.Notas = append(r.Notas, n)
	}
	r.Spent += r.Fees - r.Refunds
	r.Deposited = 1_000_000
	r.Left = r.Received - r.Spent - r.Deposited
	r.Deposits = []report.Deposit{{Day: "2026-12-10", Amount: r.Deposited, Number: "NTPN 8F2A77C11",
		Text: "Setoran sisa", Proofs: []report.Proof{{SHA256: "talldeposit"}}}}
	r.Book = append(r.Book, report.BookRow{Day: "2026-12-09", Number: "M2", Text: "Biaya bank", Out: r.Fees},
		report.BookRow{Day: "2026-12-09", Number: "M3", Text: "Retur barang", In: r.Refunds},
		report.BookRow{Day: "2026-12-10", Number: "M4", Text: "Setor sisa dana ke kas negara", Out: r.Deposited})
	var left store.Rupiah
	for i := range r.Book {
		left += r.Book[i].In - r.Book[i].Out
		r.Book[i].Balance = left
	}
	for _, pos := range []string{"ALAT", "BAHAN", "LAIN"} {
		p := report.Pos{Pos: pos}
		if pos == "ALAT" {
			p.Percent, p.Allowed, p.Spent = 60, 24_000_000, -r.Refunds
		}
		for _, l := range r.Lines {
			if l.Pos == pos {
				p.Planned, p.Spent = p.Planned+l.Total, p.Spent+l.Spent
			}
		}
		r.Pos = append(r.Pos, p)
	}
	for i := range min(notas, 6) {
		r.Tools = append(r.Tools, report.Proof{
			SHA256: fmt.Sprintf("tall%d-0", i), Text: "Mesin jahit yang dibeli", Day: "2026-11-20",
		})
		r.Activities = append(r.Activities, report.Proof{SHA256: fmt.Sprintf("wide%d-0", i),
			Text: strings.Repeat("Menjahit seragam bersama di balai desa. ", 1+i), Day: "2026-11-25"})
	}
	r.Root = report.Root{Day: "2026-12-01", Hash: strings.Repeat("0f1e", 16)}
	r.Code = report.ShortCode(r.Hash())
	r.Link = "https://t.me/pendamping_bot?start=lpj-" + strings.ReplaceAll(strings.TrimPrefix(r.Code, "LPJ-"), "-", "")
	return r
}

// files are all PDFs of an LPJ.
func files(t testing.TB, r report.Report, p layout.Printing) (list [][]byte) {
	t.Helper()
	for file, n := 1, 1; file <= n; file++ {
		var out bytes.Buffer
		got, err := r.PDF(t.Context(), &out, p, file)
		if err != nil {
			t.Fatal(err)
		}
		n = got
		list = append(list, out.Bytes())
	}
	return list
}

func book(t testing.TB, r report.Report) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.XLSX(&out, printing(t, "id")); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipped(t testing.TB, r report.Report) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := r.ZIP(t.Context(), &out, printing(t, "id"), 1); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The same LPJ gives the same bytes, also when it was kept as JSON and read back, and in whatever hour it is printed.
func TestReportSameBytes(t *testing.T) {
	for _, template := range report.Templates() {
		r := lpj(template, 9)
		if err := r.Agrees(); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var again report.Report
		if err := json.Unmarshal(b, &again); err != nil {
			t.Fatal(err)
		}
		if again.Hash() != r.Hash() {
			t.Errorf("%s: read back it has another hash", template)
		}
		late := printing(t, "id")
		late.Made = made.AddDate(1, 0, 0)
		if !bytes.Equal(files(t, r, printing(t, "id"))[0], files(t, again, late)[0]) {
			t.Errorf("%s: the same LPJ gives another PDF", template)
		}
		if !bytes.Equal(book(t, r), book(t, again)) {
			t.Errorf("%s: the same LPJ gives another workbook", template)
		}
		if !bytes.Equal(zipped(t, r), zipped(t, again)) {
			t.Errorf("%s: the same LPJ gives another ZIP", template)
		}
	}
}

// Each template, with no nota, a few, and many, makes PDFs that another program finds sound, in parts no larger than
// they may be, each page with the code and its number.
func TestReportSound(t *testing.T) {
	for _, template := range report.Templates() {
		for _, notas := range []int{0, 9, 300} {
			name := fmt.Sprintf("lpj-%s-%d", template, notas)
			r, p := lpj(template, notas), printing(t, "id")
			switch notas {
			case 300: // words only; pictures take long
				for i := range r.Notas {
					r.Notas[i].Proofs = r.Notas[i].Proofs[:min(len(r.Notas[i].Proofs), (i+1)%2)]
				}
				r.Code = report.ShortCode(r.Hash())
				p.Open = func(string) (io.ReadCloser, error) { return nil, store.ErrNotFound }
			case 9:
				p.Most = 500_000
			}
			list := files(t, r, p)
			if notas == 9 && len(list) < 2 {
				t.Errorf("%s: it is one file", name)
			}
			page := 0
			for i, b := range list {
				if p.Most > 0 && int64(len(b)) > p.Most {
					t.Errorf("%s: file %d has %d bytes, may have %d", name, i+1, len(b), p.Most)
				}
				file := printed(t, fmt.Sprintf("%s-%d.pdf", name, i+1), b)
				if out := tool(t, "qpdf", "--check", file); strings.Contains(strings.ToLower(out), "warning") {
					t.Errorf("%s: %s", name, out)
				}
				pages := strings.Split(strings.TrimSuffix(tool(t, "pdftotext", "-layout", file, "-"), "\f"), "\f")
				for _, words := range pages {
					page++
					if !strings.Contains(words, r.Code) ||
						!strings.Contains(words, fmt.Sprintf("halaman %d dari ", page)) {
						t.Errorf("%s: page %d lacks its code or number", name, page)
					}
					if strings.Contains(words, "[…]") || strings.Contains(words, "<no value>") {
						t.Errorf("%s: page %d says what nobody should read", name, page)
					}
				}
				if i == len(list)-1 && !strings.Contains(pages[0], fmt.Sprintf("dari %d", page)) {
					t.Errorf("%s: its last page is %d, but it says otherwise", name, page)
				}
			}
		}
	}
}

// What people wrote and what was counted stands in the PDF, with a box for each letter that the font lacks.
func TestReportSays(t *testing.T) {
	for template, says := range map[string][]string{
		"2023": {"LAPORAN PERTANGGUNGJAWABAN", "Halaman Pengesahan", "BAB I", "PENDAHULUAN", "BAB VI", "PENUTUP",
			"Lampiran 1", "Meterai Rp10.000"},
		"2025": {"BANTUAN PERORANGAN", "Lembar Pengesahan", "A.", "Gambaran Usaha", "Kendala dan Penyelesaian",
			"Surat Pernyataan Tanggung Jawab Belanja", "Meterai Rp10.000"},
	} {
		r := lpj(template, 9)
		words := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", printed(t, "says-"+template+".pdf",
			files(t, r, printing(t, "id"))[0]), "-")), " ")
		for _, s := range append(says, "Supaya maju □□ □□□□□□ □□□□□", `"maju terus" <b>&`, "Bagian ini belum diisi.",
			"Rp40.000.000 (empat puluh juta rupiah)", "NTPN 8F2A77C11",
			strings.ReplaceAll(r.Hash()[:16], r.Hash()[8:16], " "+r.Hash()[8:16]), "Akar catatan audit") {
			if !strings.Contains(words, s) {
				t.Errorf("%s: it does not say %q", template, s)
			}
		}
	}
}

// recomputed is a workbook as another program has it, which computes every formula anew.
func recomputed(t *testing.T, books ...[]byte) (list []*excelize.File) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"--headless", "-env:UserInstallation=file://" + t.TempDir(), "--convert-to",
		"xlsx:Calc MS Excel 2007 XML", "--outdir", dir}
	for i, b := range books { // all at once: most of its time is its start
		args = append(args, printed(t, fmt.Sprintf("figures-%d.xlsx", i+1), b))
	}
	tool(t, "soffice", args...)
	for i := range books {
		f, err := excelize.OpenFile(filepath.Join(dir, fmt.Sprintf("figures-%d.xlsx", i+1)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		list = append(list, f)
	}
	return list
}

// formulas calls do for each cell that has one, with what is shown there.
func formulas(t *testing.T, f *excelize.File, do func(sheet, at, formula, shown string)) {
	t.Helper()
	n := 0
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, shown := range row {
				at, _ := excelize.CoordinatesToCellName(x+1, y+1)
				if formula, err := f.GetCellFormula(sheet, at); err == nil && formula != "" {
					n++
					do(sheet, at, formula, shown)
				}
			}
		}
	}
	if n < 50 {
		t.Errorf("there are %d formulas", n)
	}
}

// LibreOffice opens the workbook and comes to the same values; where a figure was changed, the sums tell.
func TestReportRecomputed(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("soffice is not installed")
	}
	b := book(t, lpj("2023", 30))
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	changed, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer changed.Close()
	if err := changed.SetCellInt("Nota", "H2", 1); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := changed.Write(&out); err != nil {
		t.Fatal(err)
	}
	anew := recomputed(t, b, out.Bytes())
	check := ""
	formulas(t, f, func(sheet, at, formula, shown string) {
		if got, err := anew[0].GetCellValue(sheet, at, excelize.Options{RawCellValue: true}); err != nil ||
			got != shown {
			t.Errorf("%s!%s: =%s is %q there, shown as %q (%v)", sheet, at, formula, got, shown, err)
		}
		if sheet == "Ringkasan" {
			check = at // the last one is the check
		}
	})
	// An amount that somebody changes moves the sums, and the check is not 0 any more.
	if got, _ := anew[1].GetCellValue("Ringkasan", check, excelize.Options{RawCellValue: true}); got == "0" {
		t.Error("a changed amount goes unnoticed")
	}
}

// Every formula of every sheet holds what it comes to.
func TestReportFormulas(t *testing.T) {
	for _, notas := range []int{0, 1, 30} {
		f, err := excelize.OpenReader(bytes.NewReader(book(t, lpj("2023", notas))))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		formulas(t, f, func(sheet, at, formula, shown string) {
			if computed, err := f.CalcCellValue(sheet, at, excelize.Options{RawCellValue: true}); err != nil ||
				computed != shown {
				t.Errorf("%s!%s: =%s is %q, shown as %q (%v)", sheet, at, formula, computed, shown, err)
			}
		})
	}
}

// A proof that is a PDF becomes pictures; what no tool here can show is named with its hash, and the ZIP has it.
func TestReportProofs(t *testing.T) {
	inner := pdf(t, empty(), "id")
	open := printing(t, "id").Open
	r := lpj("2023", 2)
	r.Notas[0].Proofs = []report.Proof{{SHA256: "apdf", Name: "kuitansi.pdf"}}
	r.Notas[1].Proofs = []report.Proof{{SHA256: strings.Repeat("ab", 32), Name: "surat.docx"}}
	p := printing(t, "id")
	p.Open = openOther(open, map[string]string{"apdf": string(inner), strings.Repeat("ab", 32): "PK\x03\x04 a letter"})
	with := files(t, r, p)[0]
	if out := tool(t, "qpdf", "--check", printed(t, "proofs.pdf", with)); strings.Contains(strings.ToLower(out),
		"warning") {
		t.Error(out)
	}
	words := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", printed(t, "proofs.pdf", with), "-")), " ")
	if !strings.Contains(words, "Berkas BIN surat.docx ada dalam ZIP") ||
		!strings.Contains(words, "abababab abababab") {
		t.Errorf("what can't be shown is not named with its hash: %s", words)
	}
	t.Setenv("PATH", "")
	without := files(t, r, p)[0]
	if bytes.Equal(with, without) {
		t.Error("the PDF was not shown where there is a tool")
	}
	var out bytes.Buffer
	if _, err := r.ZIP(t.Context(), &out, p, 1); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(out.Bytes(), []byte("nota/0002-01.bin")) || !bytes.Contains(out.Bytes(), inner) {
		t.Error("the ZIP lacks the originals")
	}
}

// A figure changed by a rupiah, a picture by a byte, or a word, and the LPJ has another code.
func TestReportTampered(t *testing.T) {
	r := lpj("2023", 3)
	codes := []string{r.Code}
	for name, change := range map[string]func(*report.Report){
		"a sum":     func(r *report.Report) { r.Spent++ },
		"a nota":    func(r *report.Report) { r.Notas[0].Total++ },
		"an item":   func(r *report.Report) { r.Notas[0].Items[0].Amount++ },
		"a line":    func(r *report.Report) { r.Lines[3].Spent-- },
		"the book":  func(r *report.Report) { r.Book[1].Out++ },
		"a picture": func(r *report.Report) { r.Notas[0].Proofs[0].SHA256 = "another" },
		"a word":    func(r *report.Report) { r.Chapters[0].Text += "." },
		"a name":    func(r *report.Report) { r.Officers[0].Name = "Siti" },
		"a state":   func(r *report.Report) { r.Notas[1].State = store.Submitted },
	} {
		other := lpj("2023", 3)
		change(&other)
		code := report.ShortCode(other.Hash())
		if slices.Contains(codes, code) {
			t.Errorf("%s was changed, and the code is %s as before", name, code)
		}
		codes = append(codes, code)
		if name == "an item" || name == "a line" || name == "the book" || name == "a sum" || name == "a nota" {
			if other.Agrees() == nil {
				t.Errorf("%s was changed, and all still agrees", name)
			}
		}
	}
}

// openOther opens some proofs in their own way.
func openOther(open layout.Open, others map[string]string) layout.Open {
	return func(hash string) (io.ReadCloser, error) {
		if text, ok := others[hash]; ok {
			return io.NopCloser(strings.NewReader(text)), nil
		}
		return open(hash)
	}
}

// heavy is an LPJ of 80 notas with 120 pictures of about 300 KB, each another one.
func heavy(b *testing.B) (report.Report, layout.Printing) {
	b.Helper()
	r, p := lpj("2023", 80), printing(b, "id")
	r.Tools, r.Activities, r.Deposits[0].Proofs = nil, nil, nil
	dir, n := b.TempDir(), 0
	for i := range r.Notas {
		r.Notas[i].Proofs = nil
		for range 1 + i%2 {
			hash := fmt.Sprintf("photo%d", n)
			r.Notas[i].Proofs = append(r.Notas[i].Proofs, report.Proof{SHA256: hash})
			if err := os.WriteFile(filepath.Join(dir, hash), photo(n), 0o600); err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	if n != 120 {
		b.Fatalf("%d pictures", n)
	}
	open := p.Open
	p.Open = func(hash string) (io.ReadCloser, error) {
		if f, err := os.Open(filepath.Join(dir, hash)); err == nil {
			return f, nil
		}
		return open(hash)
	}
	p.Together = func(jobs []func()) { // two at once, as the bot does
		var next atomic.Int64
		var done sync.WaitGroup
		for range 2 {
			done.Go(func() {
				for i := next.Add(1) - 1; i < int64(len(jobs)); i = next.Add(1) - 1 {
					jobs[i]()
				}
			})
		}
		done.Wait()
	}
	p.Ready = layout.In(box, &shared{attempts: attempts{}})
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the peak of memory counts from here, where that can be had
	return r, p
}

// photo is a JPEG of 1280 by 960 pixels, as Telegram sends it, with the noise that makes it 300 KB.
func photo(seed int) []byte {
	img := image.NewYCbCr(image.Rect(0, 0, 640, 480), image.YCbCrSubsampleRatio420)
	x := uint32(seed + 1)
	for i := range img.Y {
		x = x*1664525 + 1013904223
		img.Y[i] = byte(140 + i%640/8 + int(x>>27) - 16)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = byte(118+i%320/16), 134
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 82}); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// BenchmarkReport prints that LPJ, one and then a hundred in a row, and tells the process's peak of memory and what its
// processors worked, which is the time that a quiet machine takes.
func BenchmarkReport(b *testing.B) {
	r, p := heavy(b)
	print := func(b *testing.B) (size int) {
		for file, n := 1, 1; file <= n; file++ {
			var out bytes.Buffer
			got, err := r.PDF(b.Context(), &out, p, file)
			if err != nil {
				b.Fatal(err)
			}
			n, size = got, size+out.Len()
		}
		return size
	}
	peak := func(b *testing.B) {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return
		}
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		if kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64); err == nil {
			b.ReportMetric(kb/1024, "MB-peak")
		}
	}
	worked := func() float64 {
		var own, children syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &own)
		syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children)
		return float64(own.Utime.Nano()+own.Stime.Nano()+children.Utime.Nano()+children.Stime.Nano()) / 1e9
	}
	b.Run("pdf", func(b *testing.B) {
		b.ReportAllocs()
		size, before := 0, worked()
		for b.Loop() {
			size = print(b)
		}
		b.ReportMetric((worked()-before)/float64(b.N), "s-cpu/op")
		b.ReportMetric(float64(size)/1e6, "MB-file")
		peak(b)
	})
	b.Run("xlsx", func(b *testing.B) {
		for b.Loop() {
			if err := r.XLSX(io.Discard, p); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("hundred", func(b *testing.B) {
		for b.Loop() {
			for range 100 {
				print(b)
			}
		}
		b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "LPJ/s")
		peak(b)
	})
}

// A proof that a telephone took as HEIC becomes a picture where there is a tool.
func TestReportHEIC(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in.jpg"), photo(1), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "heif-enc", filepath.Join(dir, "in.jpg"), "-o", filepath.Join(dir, "out.heic"))
	if _, err := exec.LookPath("heif-convert"); err != nil {
		t.Skip("heif-convert is not installed")
	}
	heic, err := os.ReadFile(filepath.Join(dir, "out.heic"))
	if err != nil {
		t.Fatal(err)
	}
	r, p := lpj("2025", 1), printing(t, "id")
	r.Tools, r.Activities, r.Deposits, r.Notas[0].Proofs = nil, nil, nil,
		[]report.Proof{{SHA256: "heic", Name: "IMG_1.HEIC"}}
	p.Open = openOther(p.Open, map[string]string{"heic": string(heic)})
	if b := files(t, r, p)[0]; !bytes.Contains(b, []byte("/Filter /DCTDecode")) {
		t.Error("it is not shown")
	}
}

// Each template says of an officer who of the programme proposed them.
func TestSponsorsArePrinted(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	for template, want := range map[string]string{
		"2023": "Sri Wahyuni (diusulkan atau dibantu pendamping Rina Handayani, S.E.; orang yang sama dengan koordinator Budi)",
		"2025": "Tono Sutrisno (diusulkan atau dibantu pendamping Rina Handayani, S.E.)",
	} {
		var pdf, out bytes.Buffer
		if _, err := lpj(template, 1).PDF(t.Context(), &pdf, printing(t, "id"), 1); err != nil {
			t.Fatal(err)
		}
		read := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
		read.Stdin, read.Stdout = &pdf, &out
		if err := read.Run(); err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(said, want) {
			t.Errorf("%s does not say %q", template, want)
		}
	}
}
