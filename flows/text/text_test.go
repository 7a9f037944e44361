package text_test

import (
	"testing"

	"pgregory.net/rapid"

	"pendamping/flows/text"
)

func TestFold(t *testing.T) {
	for given, want := range map[string]string{
		"  Ma’ruf ": "ma'ruf", "Ma`ruf": "ma'ruf", "MA´RUF": "ma'ruf", "KM–01": "km-01", "KM‑01": "km-01",
		"Si\u200bti": "siti", "Sri\u00a0Wahyuni": "sri wahyuni", "Ame\u0301lie": "am\u00e9lie", "ＫＭ０１": "km01",
		"Yus­uf": "yusuf", "½ kg": "1/2 kg",
	} {
		if got := text.Fold(given); got != want {
			t.Errorf("Fold(%q) = %q, want %q", given, got, want)
		}
	}
}

func TestFoldTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := text.Fold(rapid.String().Draw(t, "s"))
		if twice := text.Fold(once); twice != once {
			t.Errorf("%q is folded to %q", once, twice)
		}
	})
}
