package flows_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pendamping/flows"
	"pendamping/flows/invite"
)

// The code is found in whatever sentence it stands, as people write it.
func TestFindCode(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"7QQB-7J7K", "7QQB7J7K"},
		{"7qqb 7j7k", "7QQB7J7K"},
		{"kode saya 7QQB 7J7K bu", "7QQB7J7K"},
		{"KODE: 7qqb-7j7k", "7QQB7J7K"},
		{"ini kodenya 7QQB7J7K", "7QQB7J7K"},
		{"ini kodenya 7QQB7J7K.", "7QQB7J7K"},
		{"７ＱＱＢ－７Ｊ７Ｋ", "7QQB7J7K"},
		{"kode ７ｑｑｂ　７ｊ７ｋ ya", "7QQB7J7K"},
		{"7QQB\u200b7J7K", "7QQB7J7K"},
		{"7QQB – 7J7K", "7QQB7J7K"},
		{"7QQB.7J7K", "7QQB7J7K"},
		{"7QQB\n7J7K", "7QQB7J7K"},
		{"(7QQB-7J7K)", "7QQB7J7K"},
		{"7 Q Q B 7 J 7 K", "7QQB7J7K"},
		{"Assalamualaikum, selamat pagi Bu. Saya Wati dari Maju Jaya, kode 7QQB-7J7K. Terima kasih", "7QQB7J7K"},
		{"Selamat siang, saya Wati 7QQB 7J7K mohon dibantu", "7QQB7J7K"},
		{"kode saya 7QQB 7J7K, sekali lagi 7qqb-7j7k", "7QQB7J7K"},
		{"kode undangan saya ABCD-EFGH", "ABCDEFGH"},
		{"Untuk Ibu Wati\nBuka: https://t.me/x_bot?start=abcDEF_123-xyz\nAtau kirim kode 7QQB-7J7K ke @x_bot.",
			"abcDEF_123-xyz"},
		{"kode 7OOB 7J7K", "7OOB7J7K 7QQB7J7K 7QDB7J7K 7DQB7J7K 7DDB7J7K"},
		{"kode 7QQB 717K", "7QQB717K 7QQB7J7K 7QQB7T7K"},

		{"kode 7QQB-7J7K atau 8RRC-8K8M?", "several"},
		{"kode ABCD-2341 atau ABCD-2342", "several"},
		{"7QQB7J7K 8RRC8K8M", "several"},
		{"t.me/a?start=abc t.me/a?start=abd", "several"},
		{"t.me/a?start=abc t.me/a?START=abd", "several"},
		{"kode 7QQB-7J7K dan 8RRC8K8M", "several"},
		{"8RRC8K8M punya Budi, 7QQB-7J7K punya Wati", "several"},
		{"Wati: WATZ2345\nBudi: BDJK-2345", "several"},
		{"t.me/a?start=abc kode 7QQB-7J7K, t.me/a?start=abc kode 8RRC8K8M", "several"},
		{"kode 7QQB-7J7K untuk beli 25kg semen", "7QQB7J7K"},

		{"", ""},
		{"halo", ""},
		{"selamat pagi bu saya mau tanya", ""},
		{"bagaimana cara masuk ke sini?", ""},
		{"kode saya hilang bu", ""},
		{"mana kode undangan untuk saya dari ketua", ""},
		{"sama-sama bu", ""},
		{"baik-baik saja", ""},
		{"kode saya 2345", ""},
		{"kode desa 2026", ""},
		{"dana 2026 belum cair", ""},
		{"bulan juni 2026 saya dapat bantuan", ""},
		{"nomor saya 0812-3456-7890", ""},
		{"nomor saya 081234567890", ""},
		{"tanggal 12-11-2026", ""},
		{"Rp 1.500.000", ""},
		{"beli 50kg beras", ""},
		{"saya 25kg beras", ""},
		{"kelompok Maju Jaya desa Cibiru", ""},
		{"kerjanya apa", ""},
		{"привет 7ццб-7й7к", ""},
	} {
		spellings, several := flows.FindCode(c.text)
		got := strings.Join(spellings, " ")
		if several {
			got = strings.TrimSpace("several " + got)
		}
		if got != c.want {
			t.Errorf("%q: %q, not %q", c.text, got, c.want)
		}
	}
}

// Every code that the bot makes is found, as it is shown and as it is typed beside the word.
func TestFindCodeOfAny(t *testing.T) {
	for range 2000 {
		code := invite.NewInvite(1, time.Time{}).Code
		shown, typed := invite.InviteCode(code), strings.ToLower(code)
		for _, text := range []string{
			shown, typed, typed[:4] + " " + typed[4:], "kode: " + shown, "kode saya " + typed + " bu",
			"pagi bu " + typed + " ya", "selamat pagi, kode undangan saya " + typed[:4] + " " + typed[4:] +
				" terima kasih",
		} {
			spellings, several := flows.FindCode(text)
			if several || !slices.Contains(spellings, code) {
				t.Fatalf("%q: %q, %t", text, spellings, several)
			}
			if len(spellings) > 3 {
				t.Fatalf("%q is read in %d ways", text, len(spellings))
			}
		}
	}
}

// A start token is taken whole, though pieces of a random one may look like codes.
func TestStartTokenIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.StringMatching(
			`[A-Za-z0-9_-]{22}|[A-Z2-9]{4}-[A-Z2-9]{4}([_-][A-Z2-9]{4}){2}|[A-Z2-9]{8}([_-][A-Z2-9]{8}){1,5}`).Draw(t,
			"token")
		for _, text := range []string{
			"/start " + token, "/START@Pendamping_bot  " + token, invite.InviteLink("pendamping_bot", token),
			"Buka: " + invite.InviteLink("pendamping_bot", token) + "\nAtau kirim kode 7QQB-7J7K ke @pendamping_bot.",
			"tg://resolve?domain=a&start=" + token,
		} {
			spellings, several, doubtful := flows.Invited(text)
			if several || doubtful || len(spellings) != 1 || spellings[0] != token {
				t.Fatalf("%q: %q, several %t, doubtful %t", text, spellings, several, doubtful)
			}
		}
	})
}

// A code that is typed behind the command is a code.
func TestStartWithCode(t *testing.T) {
	for _, text := range []string{
		"/start 7QQB-7J7K", "/start 7qqb7j7k", "/start kode 7QQB 7J7K bu", "/start 7OOB-7J7K",
	} {
		if spellings, several, _ := flows.Invited(text); several || !slices.Contains(spellings, "7QQB7J7K") {
			t.Errorf("%q: %q, %t", text, spellings, several)
		}
	}
}

// One message is one try at few codes, whatever stands in it.
func TestFindCodeFew(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"7QQB", "kode", "OOOO", "I1L0", "-", " ", " ", "2", "a", "ABCDEFGH", "2BCDEFG2", ".", "saya",
		"\n", "ｋｏｄｅ", "é", "\x00", "\u0301"}
	for range 20_000 {
		text := ""
		for range r.IntN(12) {
			text += parts[r.IntN(len(parts))]
		}
		if spellings, several := flows.FindCode(text); len(spellings) > 8 || several && len(spellings) > 0 {
			t.Fatalf("%q: %q, %t", text, spellings, several)
		}
	}
}

func TestLastFour(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"7890", "7890"}, {" 7890 ", "7890"}, {"７８９０", "7890"}, {"angkanya 7890 bu", "7890"},
		{"4 angka terakhir: 7890", "7890"},
		{"+62 812-3456-7890", "7890"}, {"nomor saya 081234567890", "7890"},
		{"12345", ""}, {"789", ""}, {"7890 atau 7891", ""}, {"siapa ini?", ""}, {"", ""},
	} {
		if got := flows.LastFour(c.text); got != c.want {
			t.Errorf("%q: %q, not %q", c.text, got, c.want)
		}
	}
}
