package parse_test

import (
	"testing"

	"pendamping/flows/parse"
)

func TestVolume(t *testing.T) {
	for text, want := range map[string]string{
		"3 sak": "{3 sak}", "3sak": "{3 sak}", "1,5 kg": "{1.5 kg}", "1.5kg": "{1.5 kg}", "2 lusin": "{2 lusin}",
		"10 Meter":    "{10 m}",
		"setengah kg": "{0.5 kg}", "1/2 kg": "{0.5 kg}", "3/4 kg": "{0.75 kg}", "½ kg": "{0.5 kg}", "2½ kg": "{2.5 kg}",
		"satu setengah kg": "{1.5 kg}",
		"dua sak":          "{2 sak}", "dua belas buah": "{12 buah}", "selusin": "{1 lusin}", "sekarung": "{1 karung}",
		"sebuah": "{1 buah}", "3 m2": "{3 m2}", "2 m³": "{2 m3}",
		"3": "{3 }", "0 kg": "{0 kg}", "1.500 kg": "{1500 kg} {1.5 kg}", "1,500 kg": "{1.5 kg} {1500 kg}",
		"12 pcs": "{12 buah}", "2 zak": "{2 sak}",
		"sebanyak 3 sak ya": "{3 sak}", "0,25 liter": "{0.25 liter}",
		"": "", "sak": "", "kg": "", "-3 kg": "", "3 kg 2 kg": "", "semen": "", "3 semen": "", "0,0001 kg": "",
		"9999999 kg": "", "250rb": "", "12/11/26": "",
		"03 kg": "", "setengah": "", "semua": "", "99999999999999999999 kg": "",
	} {
		if got := list(parse.Volume(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func BenchmarkRupiah(b *testing.B) {
	for b.Loop() {
		parse.Rupiah("dua ratus lima puluh ribu rupiah")
	}
}

func BenchmarkDate(b *testing.B) {
	read := parse.Date("2026-11-23")
	for b.Loop() {
		read("Senin, 23 November 2026")
	}
}

func BenchmarkReadCaption(b *testing.B) {
	for b.Loop() {
		parse.ReadCaption("2026-11-23", "semen 3 sak @65rb TB Jaya, kemarin, nota, transfer, kategori bahan")
	}
}
