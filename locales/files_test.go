package locales_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"pendamping/locales"
)

// strict makes a sentence that nothing says, and a said sentence that there is not, a failure instead of a note.
const strict = false

// dynamic lists the ids that code puts together, as patterns of path.Match (* stands for any letters, dots too). Other
// ids stand whole in a string literal of the Go code or in a {{t "…"}}.
var dynamic = []struct{ pattern, by string }{
	{"*.label", "a question's line in the review: form.question.label"},
	{"*.change", "a question's button in the review: form.question.change"},
	{"receipt.*", "the questions of the form receipt: receipt.question"},
	{"receipt.state.*", "a receipt's state, in receipt.line"},
}

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
	got := fields(`Nota. {{rupiah .Amount}}.B {{if eq .Kind "x.Y"}}{{t (print "a.B." .State)}}{{end}} {{$.Day}} {{.Amount}}`)
	if want := []string{"Amount", "Day", "Kind", "State"}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

func TestEverySentenceIsSaid(t *testing.T) {
	note := t.Logf
	if strict {
		note = t.Errorf
	}
	l := load(t)
	literals, said := code(t)
	for _, lang := range l.Languages() {
		for _, forms := range forms(t, lang) {
			for _, s := range forms {
				for _, m := range says.FindAllStringSubmatch(s, -1) {
					literals[m[1]] = true
				}
			}
		}
	}
	used := make([]bool, len(dynamic))
	for _, id := range l.Keys(locales.Default) {
		found := literals[id]
		for i, d := range dynamic {
			if ok, err := path.Match(d.pattern, id); err != nil {
				t.Fatalf("%s: %v", d.pattern, err)
			} else if ok {
				found, used[i] = true, true
			}
		}
		if !found {
			note("%q is never said", id)
		}
	}
	for i, d := range dynamic {
		if !used[i] {
			note("no sentence is like %s (%s)", d.pattern, d.by)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(said)) {
		if !l.Find(locales.Default, id) {
			note("%s: %q is said, but is not in the files", said[id], id)
		}
	}
}

// code collects from the Go code of the repository, tests aside, all string literals, and the place of each id that is
// said: Say("…"), Text{ID: "…"}.
func code(t *testing.T) (literals map[string]bool, said map[string]token.Position) {
	t.Helper()
	literals, said = map[string]bool{}, map[string]token.Position{}
	files := token.NewFileSet()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == "locales" || base == "testdata" || len(base) > 2 && base[0] == '.' {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(files, name, src, parser.SkipObjectResolution)
		if err != nil {
			t.Logf("read in part: %v", err)
		}
		if f != nil {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					if s, ok := literal(n); ok {
						literals[s] = true
					}
				case *ast.CallExpr:
					if named(n.Fun) == "Say" && len(n.Args) > 0 {
						if s, ok := literal(n.Args[0]); ok {
							said[s] = files.Position(n.Pos())
						}
					}
				case *ast.CompositeLit:
					for _, e := range n.Elts {
						kv, ok := e.(*ast.KeyValueExpr)
						if !ok || named(n.Type) != "Text" || named(kv.Key) != "ID" {
							continue
						}
						if s, ok := literal(kv.Value); ok {
							said[s] = files.Position(n.Pos())
						}
					}
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return literals, said
}

func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// named is the last name of x or p.x.
func named(n ast.Expr) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.SelectorExpr:
		return n.Sel.Name
	}
	return ""
}
