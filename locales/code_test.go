package locales_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// said is how the Go code says one sentence: the data it gives, and which of it may be empty.
type said struct {
	at            string
	fields, maybe []string
}

// source is what the Go code of the repository, tests aside, tells of sentences.
type source struct {
	literals map[string]bool
	says     map[string][]said   // Say("id", "Field", value…), by id
	built    map[string]string   // Say("prefix."+x): prefix → place
	values   map[string][]string // string constants: store's by their type, each by its name; names of listed rules
	flows    []string            // names of the flows with a command
	buttons  map[string]bool     // ids in a Button or a Choice
	forms    map[string][]question
	lent     map[string][]question // by function: those that it asks for the forms of other files
	borrows  map[string][]string   // by form: the functions that its file calls
}

// question is form.Ask, form.Pick, form.Photo and the like in a form; words is the name that its sentences have.
type question struct{ how, words string }

// hollow are the functions of flows whose answer may be empty.
var hollow = []string{"Amount", "Behalf", "changed", "Count", "over"}

// listed are the types of rules that stand in a list, each with its name in front.
var listed = []string{"reminder", "duty"}

// code reads all Go code below the repository's root.
func code(t *testing.T) *source {
	t.Helper()
	s := &source{
		literals: map[string]bool{}, says: map[string][]said{}, built: map[string]string{},
		values:  map[string][]string{},
		buttons: map[string]bool{}, forms: map[string][]question{},
		lent: map[string][]question{}, borrows: map[string][]string{},
	}
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
			s.file(files, f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for form, functions := range s.borrows {
		slices.Sort(functions)
		for _, f := range slices.Compact(functions) {
			s.forms[form] = append(s.forms[form], s.lent[f]...)
		}
	}
	return s
}

func (s *source) file(files *token.FileSet, f *ast.File) {
	kept := strings.HasPrefix(files.Position(f.Pos()).Filename, "../store/")
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if v, ok := literal(n); ok {
				s.literals[v] = true
			}
		case *ast.ValueSpec:
			for i, v := range n.Values {
				if v, ok := literal(v); ok {
					if kept {
						s.values[named(n.Type)] = append(s.values[named(n.Type)], v)
					}
					s.values[n.Names[i].Name] = []string{v}
				}
			}
		case *ast.CallExpr:
			s.call(n, files.Position(n.Pos()).String())
		case *ast.CompositeLit:
			s.composite(n)
		}
		return true
	})
	s.form(f)
}

// call notes a sentence that is said: by Say, or by one of the turn's words for saying just an id.
func (s *source) call(n *ast.CallExpr, at string) {
	f := named(n.Fun)
	short := strings.HasPrefix(at, "../flows/") && (f == "say" || f == "Unknown")
	if f != "Say" && !short || len(n.Args) == 0 {
		return
	}
	id, ok := literal(n.Args[0])
	if !ok {
		if b, ok := n.Args[0].(*ast.BinaryExpr); ok {
			if prefix, ok := literal(b.X); ok {
				s.built[prefix] = at
			}
		}
		return
	}
	call := said{at: at}
	for i := 1; i+1 < len(n.Args); i += 2 {
		name, _ := literal(n.Args[i])
		call.fields = append(call.fields, name)
		if v, ok := n.Args[i+1].(*ast.CallExpr); ok && slices.Contains(hollow, named(v.Fun)) {
			call.maybe = append(call.maybe, name)
		}
	}
	s.says[id] = append(s.says[id], call)
}

// composite notes flows with a command, the names of reminders and duties, and the sentences of buttons.
func (s *source) composite(n *ast.CompositeLit) {
	if list, ok := n.Type.(*ast.ArrayType); ok && slices.Contains(listed, named(list.Elt)) {
		for _, e := range n.Elts {
			if rule, ok := e.(*ast.CompositeLit); ok && len(rule.Elts) > 0 {
				if name, ok := literal(rule.Elts[0]); ok {
					s.values[named(list.Elt)] = append(s.values[named(list.Elt)], name)
				}
			}
		}
	}
	of := map[string]ast.Expr{}
	for _, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			of[named(kv.Key)] = kv.Value
		}
	}
	if name, ok := literal(of["Name"]); ok && of["Command"] != nil {
		s.flows = append(s.flows, name)
	}
	if c, ok := of["Text"].(*ast.CallExpr); ok && named(c.Fun) == "Say" {
		if id, ok := literal(c.Args[0]); ok {
			s.buttons[id] = true
		}
	}
}

// form notes the questions of the forms that a file makes. Those of a function that makes none belong to the file's
// first, and where a file makes none, to those that call the function.
func (s *source) form(f *ast.File) {
	first, calls := "", []string{}
	lent := map[string][]question{}
	for _, d := range f.Decls {
		name := ""
		words := map[*ast.CallExpr]question{}
		ast.Inspect(d, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			how, of := called(c)
			calls = append(calls, how)
			switch {
			case of != "form":
				if base, as := chain(c); as != "" {
					words[base] = question{words: as}
				}
			case how == "New":
				name, _ = literal(c.Args[0])
				// one that only asks whether somebody is sure has no other question
				s.forms[name] = slices.Clip(append([]question{}, s.forms[name]...))
			case how == "Ask" || how == "Pick" || how == "Photo" || how == "Tell" || how == "Write" ||
				how == "Several" || how == "Point":
				q := words[c]
				if q.how = how; q.words == "" {
					q.words, _ = literal(c.Args[0])
				}
				words[c] = q
			}
			return true
		})
		if first == "" {
			first = name
		}
		if name == "" {
			name = first
		}
		for _, q := range words {
			if q.how == "" {
				continue
			}
			if name != "" {
				s.forms[name] = append(s.forms[name], q)
			} else if f, ok := d.(*ast.FuncDecl); ok {
				lent[f.Name.Name] = append(lent[f.Name.Name], q)
			}
		}
	}
	if first != "" {
		s.borrows[first] = append(s.borrows[first], calls...)
		for _, questions := range lent {
			s.forms[first] = append(s.forms[first], questions...)
		}
		return
	}
	maps.Copy(s.lent, lent)
}

// chain finds the call that a chain of methods begins with, and what As says in it.
func chain(c *ast.CallExpr) (base *ast.CallExpr, as string) {
	for {
		if named(c.Fun) == "As" && len(c.Args) == 1 {
			as, _ = literal(c.Args[0])
		}
		sel, ok := c.Fun.(*ast.SelectorExpr)
		if !ok {
			return c, as
		}
		inner, ok := sel.X.(*ast.CallExpr)
		if !ok {
			return c, as
		}
		c = inner
	}
}

// called is x.name for a call of package x.
func called(c *ast.CallExpr) (name, of string) {
	if sel, ok := c.Fun.(*ast.SelectorExpr); ok {
		if x, ok := sel.X.(*ast.Ident); ok {
			return sel.Sel.Name, x.Name
		}
	}
	return "", ""
}

func literal(n ast.Expr) (string, bool) {
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
