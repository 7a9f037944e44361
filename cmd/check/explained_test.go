package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// TestExportedNamesAreExplained holds that whatever a package exports has a comment: the package, types, functions,
// methods, the methods of interfaces, constants and variables. A group of constants or variables may share one.
func TestExportedNamesAreExplained(t *testing.T) {
	packages := map[string]bool{} // whether a room has a package comment
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return leave(err)
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		short := strings.TrimPrefix(filepath.ToSlash(name), root+"/")
		room := path.Dir(short)
		packages[room] = packages[room] || f.Doc != nil
		for _, n := range bare(f) {
			t.Errorf("%s:%d: %s has no comment", short, files.Position(n.at).Line, n.name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room, explained := range packages {
		if !explained {
			t.Errorf("%s: the package has no comment", room)
		}
	}
	if len(packages) < 20 {
		t.Errorf("%d packages were read", len(packages))
	}
}

// exported is an exported name and where it is declared.
type exported struct {
	name string
	at   token.Pos
}

// bare returns the exported names of a file that have no comment.
func bare(f *ast.File) (list []exported) {
	add := func(n *ast.Ident, of string, comments ...*ast.CommentGroup) {
		for _, c := range comments {
			if c != nil {
				return
			}
		}
		if n.IsExported() {
			list = append(list, exported{of + n.Name, n.Pos()})
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if of := receiver(d); of == "" || ast.IsExported(of) {
				add(d.Name, strings.TrimPrefix(of+".", "."), d.Doc)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ValueSpec:
					for _, n := range s.Names {
						add(n, "", d.Doc, s.Doc, s.Comment)
					}
				case *ast.TypeSpec:
					add(s.Name, "", d.Doc, s.Doc)
					if i, ok := s.Type.(*ast.InterfaceType); ok && s.Name.IsExported() {
						for _, m := range i.Methods.List {
							for _, n := range m.Names {
								add(n, s.Name.Name+".", m.Doc, m.Comment)
							}
						}
					}
				}
			}
		}
	}
	return list
}

// receiver returns the name of the type that a method belongs to, or "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	of := d.Recv.List[0].Type
	for {
		switch e := of.(type) {
		case *ast.StarExpr:
			of = e.X
		case *ast.IndexExpr:
			of = e.X
		case *ast.IndexListExpr:
			of = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
