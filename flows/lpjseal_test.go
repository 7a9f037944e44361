package flows_test

import (
	"testing"

	"pendamping/flows"
)

func TestFindPrinted(t *testing.T) {
	const code = "LPJ-7K3M-Q9TX-2BCC"
	for _, text := range []string{
		"LPJ-7K3M-Q9TX-2BCC", "7k3m-q9tx-2bcc", "kode LPJ-7K3M-Q9TX-2BCC asli opo ora bu", "apa benar 7k3m–q9tx–2bcc?",
		"cek lpj 7k3m q9tx 2bcc",
		"https://t.me/pendamping_bot?start=lpj-7K3MQ9TX2BCC", "ini bu: LPJ7K3MQ9TX2BCC.",
	} {
		if got, ok := flows.FindPrinted(text); !ok || got != code {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "lpj pengembalian", "lpj saya desa mana", "nomor saya 0812-3456-7890", "kode QQBD-7J7K", "lpj tahun 2026",
		"kira-kira-kira sudah",
	} {
		if got, ok := flows.FindPrinted(text); ok {
			t.Errorf("%q: %q", text, got)
		}
	}
}
