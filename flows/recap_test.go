package flows_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/layout"
	"pendamping/store"
	"pendamping/store/media"
)

// TestRecap reads a month from the records: what lies in it at the mentor's place, and nothing else.
func TestRecap(t *testing.T) {
	w := newWorld(t)
	w.stop()
	defer w.start()
	ctx := t.Context()
	pictures, err := media.Open(t.TempDir())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	at := func(s string) time.Time {
		t.Helper()
		v, err := time.Parse(time.RFC3339, s)
		must(err)
		return v
	}
	w.clock.set(at("2026-12-02T02:00:00Z"))
	tx := w.db.Begin(w.clock.now(), 0)
	rina, err := tx.PersonByCode(ctx, store.Mentor, "PDP-01")
	must(err)
	maju, err := tx.RecipientByCode(ctx, "KLP-001")
	must(err)
	subur, err := tx.RecipientByCode(ctx, "KLP-002")
	must(err)
	bangkit, err := tx.RecipientByCode(ctx, "KLP-091") // in Papua, and not hers
	must(err)
	visit := func(of store.Recipient, start string, v store.Visit) store.Visit {
		v.Recipient, v.By, v.Start, v.At = of.ID, rina.ID, at(start), at(start)
		if v.State == "" {
			v.State = store.VisitHeld
		}
		if v.Mode == "" {
			v.Mode = store.InPerson
		}
		must(tx.AddVisit(ctx, "visit.held", &v))
		return v
	}
	visit(maju, "2026-10-31T16:59:00Z", store.Visit{
		Place: "Sebelum bulan", FollowUp: "Belum tuntas dari Oktober", Due: "2026-11-03", Problem: "Mesin rusak",
	})
	visit(subur, "2026-10-20T03:00:00Z", store.Visit{
		Place: "Sebelum juga", FollowUp: "Selesai dari Oktober", Due: "2026-11-03", Solved: at("2026-11-02T03:00:00Z"),
	})
	first := visit(maju, "2026-10-31T17:00:00Z", store.Visit{
		Place: "Hari pertama", Minutes: 45, Acts: []string{"motivator.semangat", "apa"}, Met: []store.Role{store.Chair},
	})
	// the first of December in Papua
	visit(bangkit, "2026-11-30T16:00:00Z", store.Visit{Mode: store.ByPhone, Place: "Hari terakhir"})
	visit(maju, "2026-11-30T17:00:00Z", store.Visit{Place: "Sesudah bulan"})
	visit(subur, "2026-11-10T03:00:00Z", store.Visit{State: store.VisitMissed, Reason: "banjir"})
	hash, _, err := pictures.Put(ctx, bytes.NewReader(picture("kunjungan")))
	must(err)
	for i, f := range []store.File{
		{SHA256: hash, Words: "Bersama ketua"}, {SHA256: strings.Repeat("0", 64)}, {}, {Kind: "voice"},
	} {
		f.Recipient, f.Visit, f.By, f.At = maju.ID, first.ID, rina.ID, first.Start
		if f.Kind == "" {
			f.Kind = "photo"
		}
		f.FileID, f.UniqueID = fmt.Sprint("F", i), fmt.Sprint("U", i)
		must(tx.AddFile(ctx, "file.added", &f))
	}
	for month, revenue := range map[string]store.Rupiah{
		"2026-11": 4_200_000, "2026-10": 3_100_000, "2026-09": 1, "2026-12": 9,
	} {
		must(tx.AddSnapshot(ctx, "snapshot.added", &store.Snapshot{
			Recipient: maju.ID, Month: month, Revenue: revenue, By: rina.ID, At: tx.Now(),
		}))
	}
	for when, words := range map[string]string{
		"2026-11-05T03:00:00Z": "Koperasi Mekar", "2026-10-05T03:00:00Z": "Terlalu dulu",
	} {
		must(tx.AddInitiative(ctx, "initiative.added", &store.Initiative{
			Recipient: subur.ID, Kind: store.ToPartner, Words: words, By: rina.ID, At: at(when),
		}))
	}
	sri, err := tx.PersonByCode(ctx, store.Treasurer, "KLP-001")
	must(err)
	must(tx.AddLetter(ctx, "letter.sent", &store.Letter{
		Recipient: maju.ID, By: rina.ID, To: sri.ID, Words: "Mohon notanya", At: at("2026-11-06T03:00:00Z"),
	}))
	_, err = tx.Commit(ctx, 0, nil, nil)
	must(err)

	zone, err := time.LoadLocation("Asia/Jakarta")
	must(err)
	make := func(paper string, chat int64) (string, []byte, error) {
		var out bytes.Buffer
		from := documents.Source{Tx: w.db.Begin(w.clock.now(), 0), Media: pictures, Ready: layout.Here,
			Setting: dialog.Setting{
				Zone: zone, Words: func(l string, s store.Text) string { return w.words.Text(l, s.ID, s.Data) },
			}}
		name, err := flows.MakeDocument(ctx, &out, from, store.Message{Chat: chat, Paper: paper}, "id")
		return name, out.Bytes(), err
	}
	arg := fmt.Sprintf(":%d", rina.ID)
	name, book, err := make("recap:2026-11:xlsx"+arg, people["Rina"])
	if err != nil || name != "rekap-2026-11.xlsx" {
		t.Fatalf("%q, %v", name, err)
	}
	says(t, "the workbook", inZip(t, book), []string{
		"Hari pertama", "Hari terakhir", "Papua Bangkit", "banjir", "Koperasi Mekar",
	},
		[]string{"Sebelum bulan", "Sesudah bulan", "Terlalu dulu", "[…]"})
	name, sheet, err := make("recap:2026-11:pdf"+arg, people["Rina"])
	if err != nil || name != "rekap-2026-11.pdf" {
		t.Fatalf("%q, %v", name, err)
	}
	says(t, "the report", inPDF(t, sheet), []string{
		"Rina", "PDP-01", "TKM Pemula", "1 kunjungan tatap muka, 1 pertemuan lewat telepon", "0 jam 45 menit",
		"Memberi semangat", "banjir (1 kali)",
		"Belum tuntas dari Oktober", "semula Rp3.100.000", "Rp4.200.000", "Bersama ketua", "1 November 2026 00.00",
		"1 Desember 2026 01.00", "ketua",
		"Belum dihubungi bulan ini: 2 kelompok (Tani Subur dan Usaha Tono)", "Terkirim 1 pesan kepada 1 kelompok",
		"tidak dapat ditampilkan", "20.000.000",
	}, []string{"Selesai dari Oktober", "Sesudah bulan", "Terlalu dulu", "[…]"})

	for _, c := range []struct {
		paper string
		chat  int64
	}{
		{"recap:2026-11:pdf" + arg, people["Sri"]}, {fmt.Sprintf("recap:2026-11:pdf:%d", sri.ID), people["Sri"]},
		{"recap:kemarin:pdf" + arg, people["Rina"]},
		{"recap:2026-11:pdf:0", people["Rina"]}, {"recap:2026-11", people["Rina"]}, {"lain:1", people["Rina"]},
		{"", people["Rina"]},
	} {
		if _, _, err := make(c.paper, c.chat); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q for %d: %v", c.paper, c.chat, err)
		}
	}
}

func says(t *testing.T, what, words string, want, not []string) {
	t.Helper()
	words = strings.Join(strings.Fields(words), " ")
	for _, s := range want {
		if !strings.Contains(words, s) {
			t.Errorf("%s does not say %q", what, s)
		}
	}
	for _, s := range not {
		if strings.Contains(words, s) {
			t.Errorf("%s says %q", what, s)
		}
	}
	if t.Failed() {
		t.Log(words)
	}
}

// inZip is everything in a workbook.
func inZip(t *testing.T, b []byte) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range r.File {
		part, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, part)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// inPDF is the words of a PDF, where the program is installed that reads them.
func inPDF(t *testing.T, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("pdftotext is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
