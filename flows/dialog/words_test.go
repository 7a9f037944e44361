package dialog_test

import (
	"testing"

	"pendamping/flows/dialog"
	"pendamping/flows/parse"
)

// Letters of full width, decomposed ones, and what can't be seen make no other word and no other amount.
func TestLookAlikes(t *testing.T) {
	for _, c := range []struct{ typed, plain string }{
		{"Ｍａｊｕ Ｊａｙａ", "maju jaya"},
		{"Maju\u200b Jaya", "maju jaya"},
		{"Ma\u00adju Ja\u200dya", "maju jaya"},
		{"Cafe\u0301", "caf\u00e9"},
		{"ＢＥＮＡＲ", "benar"},
		{"𝐌𝐚𝐣𝐮 𝐉𝐚𝐲𝐚", "maju jaya"},
		{"Maju\u00a0Jaya", "maju jaya"},
	} {
		if got := dialog.BareWords(c.typed); got != c.plain {
			t.Errorf("BareWords(%+q) is %q, want %q", c.typed, got, c.plain)
		}
	}
	for _, typed := range []string{
		"Rp１５０．０００", "１５０．０００", "Ｒｐ150.000", "Rp\u200b150.000", "150\u00a0rb", "𝟏𝟓𝟎.𝟎𝟎𝟎",
	} {
		if got := parse.Rupiah(typed); len(got) != 1 || got[0] != 150_000 {
			t.Errorf("Rupiah(%+q) is %v, want 150000", typed, got)
		}
	}
}
