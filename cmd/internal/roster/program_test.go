package roster_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"pendamping/store"
)

// cmd/README.md's table of a programme's rules has the keys that are read, each once, and what each part of a list is
// made of.
func TestRulesAreInTheReadme(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(b), "| key of the rules |")
	section, _, _ = strings.Cut(section, "\n\n")
	rows := map[string]string{"code": "", "version": ""}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[store.Rules]()) {
		key := f.Tag.Get("toml")
		rows[key] = ""
		if f.Type.Kind() != reflect.Slice || f.Type.Elem().Kind() != reflect.Struct {
			continue
		}
		for _, part := range reflect.VisibleFields(f.Type.Elem()) {
			rows[key] += " `" + part.Tag.Get("toml") + "`"
		}
	}
	for key, parts := range rows {
		_, row, found := strings.Cut(section, "\n| `"+key+"` | ")
		row, _, _ = strings.Cut(row, "\n")
		if !found {
			t.Errorf("cmd/README.md lacks the key %s", key)
		}
		for _, part := range strings.Fields(parts) {
			if !strings.Contains(row, part) {
				t.Errorf("cmd/README.md does not say what %s has: %s", key, part)
			}
		}
	}
	if got := strings.Count(section, "\n| `"); got != len(rows) {
		t.Errorf("cmd/README.md has %d keys, want %d", got, len(rows))
	}
}
