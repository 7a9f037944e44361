package manners_test

import (
	"testing"

	"pendamping/flows/manners"
)

// While a question is open, names of sellers and reasons are its answer, also those that greet or praise elsewhere.
func TestAnswersAmid(t *testing.T) {
	for _, words := range []string{
		"Pak Sugeng", "Sugeng", "Bu Rahayu", "Pak Sabar", "Sabar", "Bagus", "Pak Bagus", "Bu Resmi", "Pak Salam", "Salam",
		"Pak Selamat", "Slamet", "Mbak Keren", "Bu Asli", "Top", "Semangat", "rusak", "hilang", "notanya rusak",
		"tidak dikasih nota", "tidak bisa", "mati", "lama", "ada potongan", "Bu Damai", "kari", "admin bank",
	} {
		if m, ok := manners.Meant(words); ok && m.Amid {
			t.Errorf("%q is taken for %s", words, m.Name)
		}
	}
	for _, words := range []string{"halo", "assalamualaikum", "sugeng enjing bu", "siapa pendamping saya", "ini resmi?"} {
		if m, ok := manners.Meant(words); !ok || !m.Amid {
			t.Errorf("%q is not taken amid a question: %s", words, m.Name)
		}
	}
}
