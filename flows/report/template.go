package report

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed templates/*.toml
var templates embed.FS

// standard is the template of a programme that names none, or one that nobody has.
const standard = "2023"

// template is how a programme wants an LPJ: its parts in their order, their titles and texts, and how pictures are
// printed.
type template struct {
	Pictures int   // to a page: 4, or 1
	DPI      int   // of a picture on paper
	Most     int64 // bytes of a file, in millions; what is more goes into another one
	// how chapters are counted: "roman" (BAB I, each on a page of its own), "letter" (A., one after another)
	Chapter string
	Part    []part
}

// part is a part of an LPJ. Its title and its texts are names of sentences: "report.title.plan", "report.text.plan".
type part struct {
	Kind     string // one of the keys of printers
	Title    string
	Text     []string
	Sections []string // codes of a chapter's sections
}

// Templates lists the codes of all templates.
func Templates() []string {
	names, _ := fs.Glob(templates, "templates/*.toml")
	for i, n := range names {
		names[i] = strings.TrimSuffix(strings.TrimPrefix(n, "templates/"), ".toml")
	}
	return names
}

// Outline is the codes of what a template's chapters ask the group to tell, in their order: latar, tujuan, manfaat,
// rencana, hasil, masalah, strategi, penutup in the standard one, which also stands in for a template that nobody has.
func Outline(code string) []string {
	var codes []string
	for _, p := range templateOf(code).Part {
		codes = append(codes, p.Sections...)
	}
	return codes
}

// templateOf reads a template; the files are part of the program, so that a bad one is a mistake of ours, found by a
// test.
func templateOf(code string) template {
	if !slices.Contains(Templates(), code) {
		code = standard
	}
	var t template
	if _, err := toml.DecodeFS(templates, "templates/"+code+".toml", &t); err != nil {
		panic(fmt.Sprintf("report: template %s: %v", code, err))
	}
	t.Pictures, t.DPI, t.Most = cmp.Or(t.Pictures, 4), cmp.Or(t.DPI, 150), cmp.Or(t.Most, 20)
	return t
}
