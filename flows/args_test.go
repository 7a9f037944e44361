package flows_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/store"
)

func TestArgs(t *testing.T) {
	for word, want := range map[string]store.ID{
		"1": 1, "12": 12, "9223372036854775807": math.MaxInt64,
		"": 0, "0": 0, "-1": 0, "+1": 0, " 1": 0, "1 ": 0, "1e3": 0, "0x10": 0, "1_000": 0, "٣": 0, "007": 0, "x": 0,
		"p1": 0, "\x00": 0,
		"9223372036854775808": 0, "18446744073709551616": 0, "99999999999999999999": 0,
	} {
		if got := flows.IDOf(word); got != want {
			t.Errorf("id %q: got %d, want %d", word, got, want)
		}
	}
	for word, want := range map[string]int{
		"0": 0, "7": 7, "007": 7, "2147483647": math.MaxInt32, "2147483648": 0, "3000000000": 0, "99999999999": 0,
		"-1": 0, "": 0, "1.5": 0,
	} {
		if got := flows.NumberOf(word); got != want {
			t.Errorf("number %q: got %d, want %d", word, got, want)
		}
	}
	for _, c := range []struct {
		word       string
		rows, want int
	}{
		{"0", 0, 0}, {"5", 0, 0}, {"", 20, 0}, {"0", 20, 0}, {"1", 20, 1}, {"3", 20, 3}, {"4", 20, 3}, {"3", 18, 2},
		{"-1", 20, 0}, {"2147483647", 20, 3},
		{"99999999999999999999", 20, 0},
	} {
		if got := flows.PageOf(c.word, c.rows, 6); got != c.want {
			t.Errorf("page %q of %d rows: got %d, want %d", c.word, c.rows, got, c.want)
		}
	}
	for word, want := range map[string]struct {
		letter string
		id     store.ID
	}{
		"g12": {"g", 12}, "p0": {"p", 0}, "v9223372036854775807": {"v", math.MaxInt64},
		"": {}, "g": {}, "12": {}, "g-1": {}, "g01": {}, "g1x": {}, "gg1": {}, "G1": {}, "g99999999999999999999": {},
		"Maju Jaya": {},
	} {
		if letter, id := flows.Lettered(word); letter != want.letter || id != want.id {
			t.Errorf("lettered %q: got %q, %d, want %+v", word, letter, id, want)
		}
	}
	if first, second, n, rest := flows.Args("12:34:5:a:b"); first != 12 || second != 34 || n != 5 || rest != "a:b" {
		t.Errorf("12:34:5:a:b is read as %d, %d, %d, %q", first, second, n, rest)
	}
	if first, second, n, rest := flows.Args("12"); first != 12 || second != 0 || n != 0 || rest != "" {
		t.Errorf("12 is read as %d, %d, %d, %q", first, second, n, rest)
	}
}

// What Data builds, Args reads again; and Telegram takes it, or it is no flow's.
func TestData(t *testing.T) {
	for want, got := range map[string]string{
		"saldo:":                       dialog.Data("saldo"),
		"n:12":                         dialog.Data("n", store.ID(12)),
		"take:3:2:y":                   dialog.Data("take", store.ID(3), 2, "y"),
		"kunjungan:g12":                dialog.Data("kunjungan", dialog.Letter("g", 12)),
		"nota:p3":                      dialog.PageIn("nota")(3),
		"return:12-4":                  dialog.Data("return", dialog.Dashed(12, 4)),
		"entry:grant":                  dialog.Data("entry", store.EntryKind("grant")),
		"n:9223372036854775807":        dialog.Data("n", store.ID(math.MaxInt64)),
		"x:" + strings.Repeat("a", 62): dialog.Data("x", strings.Repeat("a", 62)),
		dialog.TooLong:                 dialog.Data("x", strings.Repeat("a", 63)),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, word := range []string{"12:4", "12-4"} {
		if a := dialog.Args(word); !slices.Equal(record(a.Record()), []int64{12, 4}) {
			t.Errorf("%s is read as another record", word)
		}
	}
	for word, want := range map[string]store.ID{"g12": 12, "12": 12, "g": 0, "-12": 0, "Maju Jaya": 0} {
		a := dialog.Args(word)
		if letter, id := a.Lettered(); id != want || (letter != "") != (want != 0 && word[0] == 'g') {
			t.Errorf("%q is read as %q, %d", word, letter, id)
		}
	}
	if slices.ContainsFunc(flows.All(), func(f dialog.Flow) bool { return f.Name+":" == dialog.TooLong }) {
		t.Error("a flow takes what is too long")
	}
}

func record(id store.ID, version int) []int64 { return []int64{int64(id), int64(version)} }

// Whatever a button carries is read without a panic, and what is read is within its bounds.
func FuzzArgs(f *testing.F) {
	for _, s := range []string{"12:34:5:x", "p-1", "g9223372036854775808", "::::", "#3000000000", "yes-1"} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, rows int) {
		first, second, n, rest := flows.Args(s)
		if first < 0 || second < 0 || n < 0 || n > math.MaxInt32 || !strings.HasSuffix(s, rest) {
			t.Errorf("%q is read as %d, %d, %d, %q", s, first, second, n, rest)
		}
		if p := flows.PageOf(s, rows, 6); p < 0 || p > 0 && p*6 >= rows {
			t.Errorf("page %q of %d rows is %d", s, rows, p)
		}
		if letter, id := flows.Lettered(s); letter != "" && letter+strconv.FormatInt(int64(id), 10) != s {
			t.Errorf("%q is read as %q, %d", s, letter, id)
		}
	})
}
