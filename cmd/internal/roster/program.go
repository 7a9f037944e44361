package roster

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"pendamping/cmd/internal/roster/table"
	"pendamping/flows/report"
	"pendamping/store"
)

// DefaultProgram is the code of the programme that recipients are pinned to when nobody names one.
const DefaultProgram = "TKM-PEMULA"

// ReadProgram reads a programme's rules from the bytes of a TOML file whose name is file: code, version, and the fields
// of store.Rules. Version 0, or none, is the next one. A key that nobody would read is refused, and so are rules that
// contradict themselves: the error is of type table.Problems.
func ReadProgram(file string, data []byte) (store.Program, error) {
	var written struct {
		Code    string `toml:"code"`
		Version int    `toml:"version"`
		store.Rules
	}
	known, err := toml.Decode(strings.TrimPrefix(string(data), "\ufeff"), &written)
	if wrong := (toml.ParseError{}); errors.As(err, &wrong) {
		return store.Program{}, table.Problems{{File: file, Line: wrong.Position.Line, Reason: wrong.Message}}
	}
	if err != nil {
		return store.Program{}, table.Problems{{File: file, Reason: strings.TrimPrefix(err.Error(), "toml: ")}}
	}
	p := store.Program{Code: strings.TrimSpace(written.Code), Edition: written.Version, Rules: written.Rules}
	var bad table.Problems
	for _, key := range known.Undecoded() {
		bad.Add(file, 0, "unknown key: %s", key)
	}
	for _, reason := range checkRules(p) {
		bad.Add(file, 0, "%s", reason)
	}
	fillRules(&p)
	return p, bad.OrNil()
}

// fillRules gives what may be left out its value.
func fillRules(p *store.Program) {
	r, usual := &p.Rules, store.DefaultRules()
	r.Name = cmp.Or(strings.TrimSpace(r.Name), p.Code)
	r.Unit, r.Template = cmp.Or(r.Unit, usual.Unit), cmp.Or(r.Template, usual.Template)
	for i, c := range r.Categories {
		r.Categories[i].Name = cmp.Or(c.Name, c.Code)
	}
	if len(r.Categories) == 0 { // people without a RAB choose among these, so there must be some
		for _, s := range r.Split {
			r.Categories = append(r.Categories, store.Category{Code: s.Pos, Name: s.Pos, Pos: s.Pos})
		}
	}
}

// bound is a number of the rules and what it may be.
type bound struct {
	key                string
	value, least, most int64
}

// bounds are those of all numbers that stand for themselves. A day is one of a calendar's, and money is what a record
// may say.
func bounds(p store.Program) []bound {
	r := p.Rules
	const year, rupiah = 366, int64(store.MaxRupiah)
	list := []bound{
		{"version", int64(p.Edition), 0, 1_000_000},
		{"year", int64(r.Year), 2000, 2099},
		{"amount", int64(r.Amount), 0, rupiah},
		{"ceiling", int64(r.Ceiling), 0, rupiah},
		{"stamp", int64(r.Stamp), 0, rupiah},
		{"period", int64(r.Period), 0, 10 * year},
		{"deadline", int64(r.Deadline), 0, 10 * year},
		{"contact", int64(r.Contact), 0, year},
		{"keep", int64(r.Keep), 0, 100},
		{"reopen", int64(r.Reopen), 0, 100},
		{"type_over", int64(r.TypeOver), 0, 1_000_000},
		{"approve_over", int64(r.ApproveOver), 0, 1_000_000},
		{"the length of remind", int64(len(r.Remind)), 0, 20},
		{"the length of holidays", int64(len(r.Holidays)), 0, 10 * year},
		{"the length of split", int64(len(r.Split)), 0, 100},
		{"the length of categories", int64(len(r.Categories)), 0, 100},
	}
	for _, d := range r.Remind {
		list = append(list, bound{"remind", int64(d), -year, year})
	}
	return list
}

// longestWord is the most letters that a name, a code or a pos may have: they stand on buttons and in tables.
const longestWord = 100

// unfit tells what is wrong with words of the rules, "" where nothing is.
func unfit(words string) string {
	switch n := utf8.RuneCountInString(words); {
	case n > longestWord:
		return fmt.Sprintf("has %d letters: write at most %d", n, longestWord)
	case strings.ContainsFunc(words, unicode.IsControl):
		return "has a line break or a character that can't be seen: write one line"
	}
	return ""
}

// checkRules lists what can't be meant so: each reason names its key and says what is expected.
func checkRules(p store.Program) []string {
	var bad []string
	fail := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	r := p.Rules
	for _, d := range r.Holidays {
		if !d.Valid() || d < "2000-01-01" || d > "2099-12-31" {
			fail("holidays: %q is no day like 2026-12-25", d)
		}
	}
	if p.Code == "" {
		fail("code is missing")
	}
	if r.Unit != "" && r.Unit != "kelompok" && r.Unit != "perorangan" {
		fail("unit %q is neither kelompok nor perorangan", r.Unit)
	}
	if r.Template != "" && !slices.Contains(report.Templates(), r.Template) {
		fail("template %q is none of %s", r.Template, strings.Join(report.Templates(), ", "))
	}
	for _, b := range bounds(p) {
		if b.value < b.least || b.value > b.most {
			fail("%s is %d: write a number from %d to %d", b.key, b.value, b.least, b.most)
		}
	}
	if r.Deadline > 0 && r.Deadline < r.Period {
		fail("deadline is %d: the LPJ can't be due before the period of %d days is over", r.Deadline, r.Period)
	}
	words := [][2]string{{"code", p.Code}, {"name", r.Name}}
	sum := 0
	for i, s := range r.Split {
		sum += min(max(s.Percent, 0), 101) // so that no sum overflows
		words = append(words, [2]string{"split.pos", s.Pos})
		same := func(o store.Share) bool { return o.Pos == s.Pos }
		if s.Pos == "" || s.Percent < 1 || s.Percent > 100 || slices.ContainsFunc(r.Split[:i], same) {
			fail("split %d needs a pos of its own and a percent from 1 to 100", i+1)
		}
	}
	if len(r.Split) > 0 && sum != 100 {
		fail("split adds up to %d percent, not 100", sum)
	}
	for i, c := range r.Categories {
		words = append(words, [][2]string{
			{"categories.code", c.Code}, {"categories.name", c.Name}, {"categories.pos", c.Pos},
		}...)
		same := func(o store.Category) bool { return o.Code == c.Code }
		if c.Code == "" || c.Pos == "" || slices.ContainsFunc(r.Categories[:i], same) {
			fail("category %d needs a code of its own and a pos", i+1)
		}
	}
	for _, w := range words {
		if why := unfit(w[1]); why != "" {
			fail("%s %s", w[0], why)
		}
	}
	usual := store.UsualChecks()
	for i, c := range r.Checks {
		same := func(o store.Check) bool { return o.Code == c.Code }
		if !slices.ContainsFunc(usual, same) || slices.ContainsFunc(r.Checks[:i], same) ||
			c.Weight < 1 || c.Weight > 1000 || c.Least < 0 || c.Least > 1000 {
			fail("check %d needs a code of its own that can be looked at, a weight from 1 to 1000, "+
				"and a least from 0 to 1000", i+1)
		}
	}
	if len(r.Split) == 0 && len(r.Categories) == 0 {
		fail("neither split nor categories say what money may be spent on")
	}
	return bad
}
