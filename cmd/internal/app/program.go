package app

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"pendamping/store"
)

// DefaultProgram is the code of the programme that recipients are pinned to when nobody names one.
const DefaultProgram = "TKM-PEMULA"

// ReadProgram reads a programme's rules from TOML: code, version, and the fields of store.Rules. Version 0, or none, is the next
// one. A key that nobody would read is refused, and so are rules that contradict themselves.
func ReadProgram(file string, data []byte) (store.Program, error) {
	var written struct {
		Code    string `toml:"code"`
		Version int    `toml:"version"`
		store.Rules
	}
	known, err := toml.Decode(strings.TrimPrefix(string(data), "\ufeff"), &written)
	if wrong := (toml.ParseError{}); errors.As(err, &wrong) {
		return store.Program{}, Problems{{file, wrong.Position.Line, wrong.Message}}
	}
	if err != nil {
		return store.Program{}, Problems{{file, 0, strings.TrimPrefix(err.Error(), "toml: ")}}
	}
	p := store.Program{Code: strings.TrimSpace(written.Code), Edition: written.Version, Rules: written.Rules}
	var bad Problems
	for _, key := range known.Undecoded() {
		bad = append(bad, Problem{file, 0, "unknown key: " + key.String()})
	}
	for _, reason := range checkRules(p) {
		bad = append(bad, Problem{file, 0, reason})
	}
	fillRules(&p)
	return p, bad.orNil()
}

// fillRules gives what may be left out its value.
func fillRules(p *store.Program) {
	r, usual := &p.Rules, store.DefaultRules()
	r.Name, r.Unit, r.Template = cmp.Or(strings.TrimSpace(r.Name), p.Code), cmp.Or(r.Unit, usual.Unit), cmp.Or(r.Template, usual.Template)
	for i, c := range r.Categories {
		r.Categories[i].Name = cmp.Or(c.Name, c.Code)
	}
	if len(r.Categories) == 0 { // people without a RAB choose among these, so there must be some
		for _, s := range r.Split {
			r.Categories = append(r.Categories, store.Category{Code: s.Pos, Name: s.Pos, Pos: s.Pos})
		}
	}
}

// checkRules lists what can't be meant so.
func checkRules(p store.Program) []string {
	var bad []string
	fail := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	r := p.Rules
	for _, d := range r.Holidays {
		if !d.Valid() {
			fail("holidays: %q is no day like 2026-12-25", d)
		}
	}
	if p.Code == "" {
		fail("code is missing")
	}
	if r.Year < 2000 || r.Year > 2099 {
		fail("year %d is not one of 2000 to 2099", r.Year)
	}
	if r.Unit != "" && r.Unit != "kelompok" && r.Unit != "perorangan" {
		fail("unit %q is neither kelompok nor perorangan", r.Unit)
	}
	for _, n := range []struct {
		name  string
		value int64
	}{
		{"version", int64(p.Edition)}, {"amount", int64(r.Amount)}, {"period", int64(r.Period)},
		{"deadline", int64(r.Deadline)}, {"ceiling", int64(r.Ceiling)}, {"contact", int64(r.Contact)}, {"reopen", int64(r.Reopen)}, {"keep", int64(r.Keep)},
	} {
		if n.value < 0 {
			fail("%s is below zero", n.name)
		}
	}
	sum := 0
	for i, s := range r.Split {
		sum += s.Percent
		if s.Pos == "" || s.Percent < 1 || slices.ContainsFunc(r.Split[:i], func(o store.Share) bool { return o.Pos == s.Pos }) {
			fail("split %d needs a pos of its own and a percent above zero", i+1)
		}
	}
	if len(r.Split) > 0 && sum != 100 {
		fail("split adds up to %d percent, not 100", sum)
	}
	for i, c := range r.Categories {
		if c.Code == "" || c.Pos == "" || slices.ContainsFunc(r.Categories[:i], func(o store.Category) bool { return o.Code == c.Code }) {
			fail("category %d needs a code of its own and a pos", i+1)
		}
	}
	usual := store.UsualChecks()
	for i, c := range r.Checks {
		same := func(o store.Check) bool { return o.Code == c.Code }
		if !slices.ContainsFunc(usual, same) || slices.ContainsFunc(r.Checks[:i], same) || c.Weight < 1 || c.Least < 0 {
			fail("check %d needs a code of its own that can be looked at, and a weight above zero", i+1)
		}
	}
	if len(r.Split) == 0 && len(r.Categories) == 0 {
		fail("neither split nor categories say what money may be spent on")
	}
	return bad
}
