package locales_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pendamping/locales"
)

const indonesianFile = `
"plain.one" = "Halo"
"named" = "Halo <b>{{.Name}}</b> & kawan"
"loud" = "{{upper .Name}} {{title .Name}}"
"state.draft" = "belum lengkap"
"line" = "{{t (print \"state.\" .State)}}, {{t .Key}}"
"piped" = "{{.Key | t}}"
"loud.key" = "{{upper (t .Key)}}"
"loop" = "<{{t \"loop\"}}>"
"choice" = "{{if eq .Kind \"a\"}}A{{else if .Kind}}B{{else}}C{{end}}{{with .More}} {{$.Kind}}{{end}}"
"count" = "{{.Count}} nota"
"only.id" = "hanya di sini, {{rupiah .Amount}}, {{number .Amount}}"
"empty" = "{{.Nothing}}"
`

const englishFile = `
"plain.one" = "Hello"
"named" = "Hello <b>{{.Name}}</b> & friends"
"state.draft" = "not complete"
"line" = "{{t (print \"state.\" .State)}}; {{t .Key}}"
"count" = {one = "{{.Count}} receipt", other = "{{.Count}} receipts"}
`

func TestSay(t *testing.T) {
	l := sentences(t, map[string]string{"id": indonesianFile, "en": englishFile})
	type data = map[string]string
	for _, c := range []struct {
		lang, id   string
		data       data
		text, html string // html is text when empty
	}{
		{"id", "plain.one", nil, "Halo", ""},
		{"en", "plain.one", nil, "Hello", ""},
		{"en-GB", "plain.one", nil, "Hello", ""},
		{"EN_us", "plain.one", nil, "Hello", ""},
		{"", "plain.one", nil, "Halo", ""},
		{"fr", "plain.one", nil, "Halo", ""},
		{"not a language", "plain.one", nil, "Halo", ""},
		{"id", "named", nil, "Halo <b></b> & kawan", ""},
		{"id", "named", data{"Other": "x"}, "Halo <b></b> & kawan", ""},
		{"id", "named", data{"Name": "A & <i>B</i>"}, "Halo <b>A & <i>B</i></b> & kawan",
			"Halo <b>A &amp; &lt;i&gt;B&lt;/i&gt;</b> & kawan"},
		{"id", "named", data{"Name": "{{.Secret}} &amp;", "Secret": "x"}, "Halo <b>{{.Secret}} &amp;</b> & kawan",
			"Halo <b>{{.Secret}} &amp;amp;</b> & kawan"},
		{"id", "loud", data{"Name": "toko a&b <x>"}, "TOKO A&B <X> Toko A&b <x>",
			"TOKO A&amp;B &lt;X&gt; Toko A&amp;b &lt;x&gt;"},
		{"id", "loud.key", data{"Key": "named", "Name": "a<"}, "", "HALO <b>A&lt;</b> &amp; KAWAN"},
		{"id", "line", data{"State": "draft", "Key": "named", "Name": "a<b"}, "belum lengkap, Halo <b>a<b</b> & kawan",
			"belum lengkap, Halo <b>a&lt;b</b> & kawan"},
		{"en", "line", data{"State": "draft", "Key": "only.id", "Amount": "5000"},
			"not complete; hanya di sini, Rp5.000, 5.000", ""},
		{"id", "line", nil, ", ", ""},
		{"id", "line", data{"State": "unheard", "Key": "<"}, "[…], […]", ""},
		{"id", "piped", data{"Key": "state.draft"}, "belum lengkap", ""},
		{"id", "loop", nil, "<<<<<[…]>>>>>", ""},
		{"id", "choice", data{"Kind": "a", "More": "1"}, "A a", ""},
		{"id", "choice", data{"Kind": "b"}, "B", ""},
		{"id", "choice", nil, "C", ""},
		{"id", "count", data{"Count": "1"}, "1 nota", ""},
		{"en", "count", data{"Count": "1"}, "1 receipt", ""},
		{"en", "count", data{"Count": "0"}, "0 receipts", ""},
		{"en", "count", data{"Count": "21"}, "21 receipts", ""},
		{"en", "count", data{"Count": "many"}, "many receipts", ""},
		{"en", "count", nil, " receipts", ""},
		{"en", "plain.one", data{"Count": "1"}, "Hello", ""},
		{"en", "count", data{"Count": "99999999999999999999"}, "99999999999999999999 receipts", ""},
		{"en", "only.id", data{"Amount": "1500"}, "hanya di sini, Rp1.500, 1.500", ""},
		{"en", "empty", nil, "", ""},
		{"id", "unheard", nil, "[…]", ""},
		{"en", "", nil, "[…]", ""},
	} {
		if c.html == "" {
			c.html = c.text
		}
		if got := l.Text(c.lang, c.id, c.data); got != c.text && c.text != "" {
			t.Errorf("Text(%q, %q, %v) = %q, not %q", c.lang, c.id, c.data, got, c.text)
		}
		if got := l.HTML(c.lang, c.id, c.data); got != c.html {
			t.Errorf("HTML(%q, %q, %v) = %q, not %q", c.lang, c.id, c.data, got, c.html)
		}
	}
}

func TestDataStaysAsItWas(t *testing.T) {
	l := sentences(t, map[string]string{"id": indonesianFile})
	data := map[string]string{"Name": "<", "Key": "named", "State": "draft"}
	l.HTML("id", "line", data)
	if len(data) != 3 || data["Name"] != "<" {
		t.Errorf("data became %v", data)
	}
}

func TestMissing(t *testing.T) {
	l := sentences(t, map[string]string{"id": indonesianFile, "en": englishFile})
	var got []string
	l.Missing = func(lang, id string) { got = append(got, lang+" "+id) }
	l.Text("id", "plain.one", nil)
	l.Text("en-GB", "count", map[string]string{"Count": "1"})
	l.Text("id", "line", nil)
	if len(got) > 0 {
		t.Errorf("missed %v, which are there", got)
	}
	l.Text("en", "only.id", nil)
	l.HTML("id", "unheard", nil)
	l.Text("id", "piped", map[string]string{"Key": "unheard.too"})
	l.Text("id", "loop", nil)
	if want := []string{"en only.id", "id unheard", "id unheard.too", "id loop"}; !slices.Equal(got, want) {
		t.Errorf("missed %v, not %v", got, want)
	}
}

func TestLists(t *testing.T) {
	l := sentences(t, map[string]string{"id": "b = \"1\"\n\"a.c\" = \"2\"", "en": `b = "1"`, "de": `b = "1"`})
	if got := l.Languages(); !slices.Equal(got, []string{"id", "de", "en"}) {
		t.Errorf("languages %v", got)
	}
	if got := l.Keys("id"); !slices.Equal(got, []string{"a.c", "b"}) {
		t.Errorf("keys %v", got)
	}
	if got := l.Keys("fr"); len(got) > 0 {
		t.Errorf("keys of no language %v", got)
	}
	if !l.Find("id", "a.c") || l.Find("en", "a.c") || l.Find("fr", "b") {
		t.Error("Find looks beyond the language asked for, or not into it")
	}
}

func TestLoadNamesWhatIsBroken(t *testing.T) {
	for _, c := range []struct{ name, id, en, want string }{
		{"syntax", `"a.b" = "{{.X"`, "", `active.id.toml: "a.b"`},
		{"english", `a = "x"`, `a = "{{date}}"`, `active.en.toml: "a"`},
		{"unknown function", `"a.b" = "{{money .X}}"`, "", `"a.b"`},
		{"function that cuts entities", `"a.b" = "{{slice .X 0 1}}"`, "", `"a.b": function slice`},
		{"function that escapes twice", `"a.b" = "{{.X | html}}"`, "", `"a.b": function html`},
		{"function in else", `"a.b" = "{{if .X}}{{else}}{{.Y | html}}{{end}}"`, "", `"a.b": function html`},
		{"broken branch", `"a.b" = "{{if .X}}{{.X.Y}}{{end}}"`, "", `"a.b"`},
		{"not a string", `"a.b" = "{{rupiah 5}}"`, "", `"a.b"`},
		{"range", `"a.b" = "{{range .X}}{{end}}"`, "", `"a.b": {{range`},
		{"define", `"a.b" = "{{define \"x\"}}{{end}}"`, "", `"a.b": define`},
		{"unknown message", `"a.b" = "{{t \"no.such\"}}"`, "", `"a.b": there is no message "no.such"`},
		{"key without quotes", `a.b = "x"`, "", `"a": "b" is neither`},
		{"number", `"a.b" = 5`, "", `"a.b": is not text`},
		{"empty", `"a.b" = ""`, "", `"a.b": is empty`},
		{"no other", `"a.b" = {one = "x"}`, "", `"a.b": is empty`},
		{"broken one", `a = "x"`, `a = {one = "{{.X", other = "x"}`, `active.en.toml: "a"`},
		{"twice", "\"a.b\" = \"x\"\n\"a.b\" = \"y\"", "", `a.b`},
		{"TOML", `"a.b" = `, "", `active.id.toml`},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{"active.id.toml": {Data: []byte(c.id)}, "active.en.toml": {Data: []byte(c.en)}}
			l, err := locales.LoadFS(fsys)
			if err == nil || l != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v does not name %s", err, c.want)
			}
		})
	}
	if _, err := locales.LoadFS(fstest.MapFS{"active.en.toml": {Data: []byte(`a = "x"`)}}); err == nil {
		t.Error("loaded without the default language")
	}
}

func TestManyAtOnce(t *testing.T) {
	l := sentences(t, map[string]string{"id": indonesianFile, "en": englishFile})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := l.HTML("en", "only.id",
					map[string]string{"Amount": "1500"}); got != "hanya di sini, Rp1.500, 1.500" {
					t.Error(got)
				}
				l.Text("id", "line", map[string]string{"State": "draft", "Key": "named"})
			}
		})
	}
	wg.Wait()
}

func BenchmarkText(b *testing.B) {
	l := sentences(b, map[string]string{"id": `
"plain" = "Berapa jumlahnya?"
"simple" = "Nota #{{.Number}} tersimpan, {{rupiah .Amount}}."
"state.draft" = "belum lengkap"
"nested" = "Nota #{{.Number}}: {{t (print \"state.\" .State)}}"
"words" = "{{rupiah .Amount}} ({{words .Amount}})"
`})
	data := map[string]string{"Number": "14", "Amount": "1500000", "State": "draft", "Name": "Bu Sri & Pak Adi"}
	for _, id := range []string{"plain", "simple", "nested", "words"} {
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Text("id", id, data)
			}
		})
		b.Run(id+"/html", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.HTML("id", id, data)
			}
		})
	}
}
