package main_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

var (
	fence   = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	span    = regexp.MustCompile("`([^`\n]+)`")
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	local   = regexp.MustCompile(`(?m)(?:^|\s)(\./[\w./-]+)`)
	file    = regexp.MustCompile(
		`^[\w.*/-]+\.(go|md|sql|golden)$|^(bot|cmd|flows|locales|store|\.github|\.ci)/[\w.*/-]+$`)
	goName = regexp.MustCompile(`^([a-z]+)\.([A-Z]\w*)\b`)
	proof  = regexp.MustCompile(`\b(?:Test|Fuzz|Example)[A-Z]\w+`)
)

// documents are the Markdown files of the repository, by their path.
func documents(t *testing.T) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." && d.Name() != ".github" {
			return leave(err)
		}
		if !strings.HasSuffix(name, ".md") {
			return nil
		}
		text, err := os.ReadFile(name)
		list[filepath.ToSlash(strings.TrimPrefix(name, filepath.FromSlash(root+"/")))] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// anchors are the names under which a document's headings are reached.
func anchors(text string) (list []string) {
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		kept := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		list = append(list, strings.ReplaceAll(kept, " ", "-"))
	}
	return list
}

// TestDocumentsNameWhatIsThere opens whatever a document names: the files and headings that it links to, the files and
// packages that it sets in backticks or gives to a command, the Go names, and the tests.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	docs := documents(t)
	declared := declarations(t)
	named := 0
	for doc, text := range docs {
		there := func(name string) bool {
			for _, from := range []string{path.Dir(doc), "."} {
				found, err := filepath.Glob(filepath.Join(root, from, name))
				if err == nil && len(found) > 0 {
					return true
				}
			}
			return false
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, ":") {
				continue // another site
			}
			named++
			to := doc
			if target != "" {
				to = path.Join(path.Dir(doc), target)
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s links to %s, which is not there", doc, m[1])
			}
			if anchor != "" && !slices.Contains(anchors(docs[to]), anchor) {
				t.Errorf("%s links to %s, which has no such heading", doc, m[1])
			}
		}
		for _, m := range local.FindAllStringSubmatch(strings.ReplaceAll(text, "`", " "), -1) {
			if m[1] == "./pendamping" || strings.Contains(m[1], "...") {
				continue // what is built, and what Go makes many of
			}
			named++
			if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
				t.Errorf("%s runs something on %s, which is not there", doc, m[1])
			}
		}
		for _, m := range span.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			if file.MatchString(m[1]) {
				if named++; !there(m[1]) {
					t.Errorf("%s names %s, which is not there", doc, m[1])
				}
				continue
			}
			n := goName.FindStringSubmatch(m[1])
			if n != nil && declared[n[1]] != nil && n[2] != strings.ToUpper(n[2]) { // NAME stands for any
				if named++; !slices.Contains(declared[n[1]], n[2]) {
					t.Errorf("%s names %s, and %s has no %s", doc, m[1], n[1], n[2])
				}
			}
			for _, test := range proof.FindAllString(m[1], -1) {
				if named++; !slices.Contains(declared["a test"], test) {
					t.Errorf("%s names %s, and there is no such test", doc, test)
				}
			}
		}
	}
	if named < 100 {
		t.Errorf("%d names were found", named)
	}
}

// declarations are the names that each package declares, by its own name, and all tests.
func declarations(t *testing.T) map[string][]string {
	t.Helper()
	list := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return leave(err)
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		of := f.Name.Name
		if strings.HasSuffix(name, "_test.go") {
			of = "a test"
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				list[of] = append(list[of], d.Name.Name)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						list[of] = append(list[of], s.Name.Name)
					case *ast.ValueSpec:
						for _, n := range s.Names {
							list[of] = append(list[of], n.Name)
						}
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// leave leaves a folder out that has no code of ours, unless there is an error.
func leave(err error) error {
	if err == nil {
		return fs.SkipDir
	}
	return err
}

// TestMetricsAreInTheReadme holds that bot/README.md names every metric and no other.
func TestMetricsAreInTheReadme(t *testing.T) {
	same(t, "bot/README.md", "(?m)^\\| `(pendamping_[a-z_]+)", "bot", `"(pendamping_[a-z_]+)"`)
}

// TestSettingsAreInTheReadme holds that cmd/README.md has a line for every variable that a command reads, and no other.
func TestSettingsAreInTheReadme(t *testing.T) {
	same(t, "cmd/README.md", "(?m)^\\| `([A-Z]+_[A-Z_]+)` \\|", "cmd/internal", "`env:\"([A-Z_]+)\"")
}

// TestCommandsAreInTheReadme holds that flows/README.md names every command. Two belong to no flow.
func TestCommandsAreInTheReadme(t *testing.T) {
	same(t, "flows/README.md", "`/([a-z]+)", "flows", `Command: "([a-z]+)"`, "start", "batal")
}

// same compares the lines of a document with what a folder's code declares, and what it has besides.
func same(t *testing.T, doc, line, folder, declares string, besides ...string) {
	t.Helper()
	declared, lines := regexp.MustCompile(declares), regexp.MustCompile(line)
	is := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(root, folder), func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		code, err := os.ReadFile(name)
		for _, m := range declared.FindAllSubmatch(code, -1) {
			is[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, doc))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, m := range lines.FindAllSubmatch(text, -1) {
		said[string(m[1])] = true
		if !is[string(m[1])] && !slices.Contains(besides, string(m[1])) {
			t.Errorf("%s has a line for %s, which %s does not have", doc, m[1], folder)
		}
	}
	for name := range is {
		if !said[name] {
			t.Errorf("%s has no line for %s", doc, name)
		}
	}
	if len(is) < 5 {
		t.Errorf("%d names were found in %s", len(is), folder)
	}
}

// TestPackagesSayWhatTheyDo holds that `go doc` begins each package with a sentence.
func TestPackagesSayWhatTheyDo(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Name,Doc", "pendamping/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p struct{ ImportPath, Name, Doc string }
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if begins := "Package " + p.Name + " "; p.Doc == "" || p.Name != "main" && !strings.HasPrefix(p.Doc, begins) {
			t.Errorf("%s says nothing of what happens in it: %q", p.ImportPath, p.Doc)
		}
	}
}
