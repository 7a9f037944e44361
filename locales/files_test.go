package locales_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"pendamping/locales"
)

// forms reads a file as it stands: for each id its forms, one and other.
func forms(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	var table map[string]any
	if _, err := toml.DecodeFile("active."+lang+".toml", &table); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for id, v := range table {
		all[id] = map[string]string{}
		switch v := v.(type) {
		case string:
			all[id]["other"] = v
		case map[string]any:
			for form, s := range v {
				all[id][form], _ = s.(string)
			}
		}
	}
	return all
}

func load(t *testing.T) *locales.Locales {
	t.Helper()
	l, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var (
	action = regexp.MustCompile(`{{.*?}}`)
	field  = regexp.MustCompile(`\.([A-Z]\w*)`)
	quoted = regexp.MustCompile(`"[^"]*"`)
	says   = regexp.MustCompile(`\bt "([^"]+)"`)
)

// fields lists the data that a sentence asks for, sorted.
func fields(sentence string) []string {
	found := map[string]bool{}
	for _, a := range action.FindAllString(sentence, -1) {
		for _, m := range field.FindAllStringSubmatch(quoted.ReplaceAllString(a, ""), -1) {
			found[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestFiles(t *testing.T) {
	l := load(t)
	original := forms(t, locales.Default)
	for _, lang := range l.Languages() {
		file := forms(t, lang)
		for _, id := range l.Keys(locales.Default) {
			if !l.Find(lang, id) {
				t.Errorf("%s: %q is missing", lang, id)
			}
		}
		for _, id := range l.Keys(lang) {
			if !l.Find(locales.Default, id) {
				t.Errorf("%s: %q is not in %s", lang, id, locales.Default)
				continue
			}
			want := fields(original[id]["other"])
			for form, s := range file[id] {
				got := fields(s)
				if form == "one" { // may leave the count out
					got = slices.Compact(slices.Sorted(slices.Values(append(got, "Count"))))
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q (%s) asks for %v, in %s for %v", lang, id, form, got, locales.Default, want)
				}
				if s != strings.TrimSpace(s) || strings.Contains(s, "\t") || strings.Contains(s, "\r") {
					t.Errorf("%s: %q (%s) has a tab, or a space at an end", lang, id, form)
				}
				if lang == "id" && form != "other" {
					t.Errorf("id: %q has %s: Indonesian has only other", id, form)
				}
			}
		}
	}
}

func TestFields(t *testing.T) {
	got := fields(
		`Nota. {{rupiah .Amount}}.B {{if eq .Kind "x.Y"}}{{t (print "a.B." .State)}}{{end}} {{$.Day}} {{.Amount}}`)
	if want := []string{"Amount", "Day", "Kind", "State"}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}
