package layout_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pendamping/flows/layout"
	"pendamping/flows/look/sample"
	"pendamping/flows/recap"
	"pendamping/locales"
	"pendamping/store"
)

// sentences are read once for all tests: it takes a fifth of a second.
var sentences = sync.OnceValues(locales.Load)

var jakarta = time.FixedZone("WIB", 7*60*60)

var made = time.Date(2026, 12, 1, 8, 30, 0, 0, jakarta)

// printing prints in a language; pictures are drawn, those whose hash begins with "broken" are no pictures.
func printing(t testing.TB, language string) layout.Printing {
	t.Helper()
	l, err := sentences()
	if err != nil {
		t.Fatal(err)
	}
	return layout.Printing{
		Words: func(s store.Text) string { return l.Text(language, s.ID, s.Data) },
		Made:  made, Ready: layout.Here,
		Open: func(hash string) (io.ReadCloser, error) {
			switch {
			case strings.HasPrefix(hash, "broken"):
				return io.NopCloser(strings.NewReader("\xff\xd8 is no picture")), nil
			case strings.HasPrefix(hash, "gone"):
				return nil, store.ErrNotFound
			}
			return io.NopCloser(bytes.NewReader(drawn(hash))), nil
		},
	}
}

// scene is what a picture's name says of it: how long it is, and whether the picture lies on its side.
type scene struct {
	length int
	wide   bool
}

var pictures = map[scene][]byte{}

// drawn is a photograph of a scene, the same for names of the same length; one that begins with "wide" lies on its
// side.
func drawn(name string) []byte {
	s := scene{len(name), strings.HasPrefix(name, "wide")}
	if pictures[s] == nil {
		img := sample.Scene(sample.Scenes[s.length%len(sample.Scenes)], uint64(s.length))
		if s.wide {
			img = sample.Quarter(img, 1)
		}
		pictures[s] = sample.JPEG(img, 85)
	}
	return pictures[s]
}

var names = []string{
	"Maju Jaya", "Tani Subur", "Usaha Tono", "Melati Indah",
	"Kelompok Wanita Tani Sumber Rejeki Barokah Desa Cikalongwetan Utara",
	"Berkah Bersama", "Karya Mandiri", "Sinar Harapan", "Mekar Sari", "Bina Usaha",
}

// month is a full month: 25 groups, 60 visits, 12 pictures, long names, and letters that no font has.
func month() recap.Recap {
	r := recap.Recap{
		Month: "2026-11", Until: time.Date(2026, 11, 30, 23, 59, 59, 0, jakarta), Mentor: "Rina Handayani, S.E.",
		Code:         "PDP-01",
		Organisation: "Dinas Tenaga Kerja Kabupaten Bandung", Program: "TKM Pemula", Letters: recap.Letters{
			Sent: 41, Answered: 18, Unreached: 4, Groups: 22,
		},
		Roles: map[string]string{
			"motivator.semangat": "motivator", "fasilitator.nota": "fasilitator", "fasilitator.lpj": "fasilitator",
			"inovator.produk": "inovator", "lain": "lain",
		},
	}
	regencies, villages := []string{"Bandung", "Garut", "Sumedang"}, []string{
		"Cibiru", "Cileunyi", "Tarogong Kidul", "Jatinangor",
	}
	for i := range 25 {
		g := recap.Group{Progress: min(4*i+3, 100), From: max(4*i-12, 0)}
		g.ID, g.Code, g.Name = store.ID(100+i), fmt.Sprintf("KLP-%03d", i+1), names[i%len(names)]
		if i >= len(names) {
			g.Name = fmt.Sprintf("%s %d", g.Name, i/len(names)+1)
		}
		g.Regency, g.Village = regencies[i%3], villages[i%4]
		g.Grant, g.Received, g.Left = 20_000_000, 20_000_000, store.Rupiah(20_000_000-780_000*i)
		g.Counted, g.Checked, g.Returned.Count = 2*i, i, i%3
		g.LastVisit = time.Date(2026, 11, 1+i, 3, 0, 0, 0, time.UTC)
		if i%6 == 0 {
			g.Now = store.Snapshot{
				Month: r.Month, Revenue: 4_500_000, Profit: -250_000, Capital: 3_000_000, Workers: 5, Permits: "NIB",
			}
			g.Before = store.Snapshot{
				Month: "2026-10", Revenue: 3_900_000, Profit: 700_000, Capital: 3_000_000, Workers: 4,
			}
		}
		r.Groups = append(r.Groups, g)
	}
	modes := []store.VisitMode{
		store.InPerson, store.InPerson, store.ByPhone, store.InPerson, store.Online, store.Contact,
	}
	for i := range 60 {
		g := r.Groups[(i*7)%23] // two are left out
		v := recap.Visit{Group: g.Name, Village: g.Village, Regency: g.Regency}
		v.ID, v.Recipient, v.State, v.Mode = store.ID(1000+i), g.ID, store.VisitHeld, modes[i%6]
		v.Start = time.Date(2026, 11, 1+i/2, 9+i%6, 15*(i%4), 0, 0, jakarta)
		v.At, v.Minutes, v.Place, v.Progress = v.Start.Add(2*time.Hour), 15*(1+i%6), "Balai desa "+g.Village, g.From
		v.Met, v.Acts = []store.Role{store.Chair, store.Treasurer}[:1+i%2], []string{
			"motivator.semangat", "fasilitator.nota", "fasilitator.lpj", "inovator.produk",
		}[i%3:3+i%2]
		switch {
		case v.Mode == store.Contact:
			v.Minutes, v.Place, v.Met, v.Acts = 0, "", nil, nil
		case i%4 == 0:
			v.Word = store.Word{By: 9, At: v.At, Yes: i%8 == 0}
		case i%13 == 1:
			v.State, v.Reason, v.Minutes, v.Acts, v.Met = store.VisitMissed, "keamanan", 0, nil, nil
		}
		if i%9 == 2 {
			v.Problem = "Nota pembelian mesin hilang dan penjual sudah pindah dari pasar, sehingga bukti belanja belum lengkap."
			v.FollowUp, v.Due = "Meminta surat keterangan pembelian kepada penjual.", store.Day("2026-11-20")
			if i%2 == 0 {
				v.Solved = v.Start.AddDate(0, 0, 3)
			}
		}
		r.Visits = append(r.Visits, v)
	}
	r.Visits[3].Problem = "Ketua bilang \"uang habis 😭👨‍👩‍👧 السلام عليكم\" <b>tebal</b> & =1+1 — 2 × 3 ≤ 7 ⚠️ 🇮🇩"
	r.Visits[5].Acts = append(r.Visits[5].Acts, "lain")
	r.Visits[6].Place = "=HYPERLINK(\"http://contoh.id\")"
	r.Visits[7].Words = "+62811 @admin"
	for i, k := range []store.InitiativeKind{store.ToPartner, store.ToCapital, store.ToMarket, store.Idea} {
		n := recap.Initiative{Group: r.Groups[i].Name}
		n.Kind, n.Words, n.At = k, "Menghubungkan kelompok dengan koperasi desa untuk pemasaran bersama", made
		if i%2 == 0 {
			n.Result, n.Closed = "Sudah bertemu, kerja sama mulai Desember", made
		}
		r.Initiatives = append(r.Initiatives, n)
	}
	for i := range 12 {
		hash := fmt.Sprintf("%s%d%s", []string{"tall", "wide"}[i%2], i, strings.Repeat("x", i))
		if i == 5 {
			hash = "broken"
		}
		if i == 8 {
			hash = "gone"
		}
		v := r.Visits[i*4]
		r.Pictures = append(r.Pictures, layout.Picture{SHA256: hash, Name: fmt.Sprintf("#%d", 70+i),
			Caption: store.Say("recap.picture.caption",
				"Group", v.Group, "At", v.Start.Format(time.RFC3339), "Place", v.Place,
				"Words", strings.Repeat("Menghitung stok bersama. ", i%4))})
	}
	r.Unprinted = 3
	return r
}

// empty is the month of a mentor who has nothing yet.
func empty() recap.Recap {
	return recap.Recap{Month: "2026-02", Until: made, Mentor: "Sri"}
}

func pdf(t testing.TB, r recap.Recap, language string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.PDF(context.Background(), &out, printing(t, language)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSameBytes(t *testing.T) {
	for name, write := range map[string]func() []byte{
		"pdf":   func() []byte { return pdf(t, month(), "id") },
		"empty": func() []byte { return pdf(t, empty(), "id") },
		"xlsx":  func() []byte { return xlsx(t, month(), "id") },
	} {
		first := write()
		for range 2 {
			if !bytes.Equal(first, write()) {
				t.Errorf("%s: the same recap gives other bytes", name)
			}
		}
	}
}

// tool is a program that looks at what was printed; without it the test is skipped.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// printed writes a PDF to a file, also into PAPER_DIR where one wants to look at it.
func printed(t *testing.T, name string, b []byte) string {
	t.Helper()
	dir := os.Getenv("PAPER_DIR")
	if dir == "" {
		dir = t.TempDir()
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSound(t *testing.T) {
	for name, r := range map[string]recap.Recap{"month": month(), "empty": empty()} {
		for _, language := range []string{"id", "en"} {
			out := tool(t, "qpdf", "--check", printed(t, name+"-"+language+".pdf", pdf(t, r, language)))
			if strings.Contains(strings.ToLower(out), "warning") {
				t.Errorf("%s: %s", name, out)
			}
		}
	}
}

func TestPrinted(t *testing.T) {
	for _, c := range []struct {
		name string
		r    recap.Recap
		says []string
		not  []string
	}{
		{"month", month(), []string{
			"Rekap Kegiatan Pendampingan", "Program TKM Pemula · November 2026", "Rina Handayani, S.E.",
			"Dinas Tenaga Kerja Kabupaten Bandung",
			"1. Latar Belakang", "2. Tempat", "3. Kegiatan", "4. Masalah dan Pemecahan", "5. Evaluasi",
			"6. Perkembangan Kelompok", "7. Lampiran: Foto Kegiatan",
			"mendampingi 25 penerima bantuan di Bandung, Garut dan Sumedang, dengan dana bantuan seluruhnya Rp500.000.000",
			"Selama November 2026 terlaksana 28 kunjungan tatap muka, 19 pertemuan lewat telepon atau daring, dan 10 kontak singkat",
			"Motivator", "Fasilitator", "Inovator Kegiatan Berapa kali Kelompok Memperbaiki produk", "Membantu nota",
			"Lainnya", "halaman 1 dari ", "\"uang habis □□ □□□□□□ □□□□□\"", "<b>tebal</b> & =1+1 — 2 × 3 ≤ 7",
			"Belum dihubungi bulan ini: 2 kelompok", "Terkirim 41 pesan kepada 22 kelompok", "Tidak aman (3 kali)",
			"Selesai 5 November 2026", "Lewat batas 20 November 2026",
			"Foto #75 tidak dapat ditampilkan.", "Foto #78 tidak dapat ditampilkan.", "Masih ada 3 foto lain",
			"-Rp250.000", "semula Rp3.900.000", "23–29",
		}, []string{"[…]", "😭"}},
		{"empty", empty(), []string{
			"Belum ada kunjungan yang tercatat pada Februari 2026.", "Sri belum memiliki kelompok dampingan",
			"Tidak ada masalah yang tercatat", "halaman 1 dari 1",
			"Masa laporan", "1 Februari 2026 sampai 28 Februari 2026",
		}, []string{"[…]", "Lampiran", "Lainnya", "Kode"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			words := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw",
				printed(t, c.name+".pdf", pdf(t, c.r, "id")), "-")), " ")
			for _, s := range c.says {
				if !strings.Contains(words, s) {
					t.Errorf("it does not say %q", s)
				}
			}
			for _, s := range c.not {
				if strings.Contains(words, s) {
					t.Errorf("it says %q", s)
				}
			}
			if t.Failed() {
				t.Log(words)
			}
		})
	}
}

func TestGivesUp(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := month().PDF(ctx, io.Discard, printing(t, "id")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func BenchmarkRecap(b *testing.B) {
	r, p := month(), printing(b, "id")
	pdf(b, r, "id") // the pictures are drawn now
	b.Run("pdf", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := r.PDF(b.Context(), io.Discard, p); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("xlsx", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := r.XLSX(io.Discard, p); err != nil {
				b.Fatal(err)
			}
		}
	})
}
