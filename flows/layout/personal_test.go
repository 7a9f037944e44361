package layout_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pendamping/flows/privacy"
	"pendamping/store"
)

// A person's copy has who they are, what they agreed to, asked, wrote and entered, and who can see it.
func TestPersonal(t *testing.T) {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	c := privacy.Personal{Group: "Maju Jaya", PersonalData: store.PersonalData{
		Person: store.Person{
			Name: "Sri <b>Wahyuni</b>", Role: store.Treasurer, Code: "KLP-001", WA: "6281234567890", Account: 4711,
		},
		Consents: []store.Consent{{Notice: "2026-11", Given: at}},
		Requests: []store.DataRequest{{Kind: store.RequestCorrection, Part: "name", Words: "Sri Wahyuni", At: at,
			Outcome: store.OutcomeCorrected, Answered: at}},
		Complaints: []store.Complaint{{Words: "Ketua minta bagian.", At: at}},
		Letters:    []store.Letter{{Words: "Bu, notanya sudah saya kirim.", At: at}},
		Files: []store.File{
			{Kind: "photo", At: at, Words: "beli kain"}, {Kind: "document", Name: "nota.pdf", At: at},
		},
		Visits: []store.Visit{{Start: at, Place: "Balai desa"}},
	}}
	for i := range 600 {
		c.Receipts = append(c.Receipts, store.Receipt{
			Number: 600 - i, Begun: at, Seller: "TB Jaya", Total: store.Rupiah(1000 * i),
		})
	}
	var b bytes.Buffer
	if err := c.PDF(&b, printing(t, "id")); err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", printed(t, "data-saya.pdf", b.Bytes()), "-")),
		" ")
	for _, want := range []string{
		"Sri <b>Wahyuni</b>", "KLP-001", "6281234567890", "4711", "Setuju pada pemberitahuan versi 2026-11",
		"Pembetulan data, sudah dibetulkan: Sri Wahyuni",
		"Nota #600", "Nota #101", "Dan 100 lagi.", "Foto: beli kain", "Berkas nota.pdf",
		"Bu, notanya sudah saya kirim.", "Ketua minta bagian.",
		"Balai desa", "Yang bisa melihat", "UU 27/2022",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("it does not say %q", want)
		}
	}
}
