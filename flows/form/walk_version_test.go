package form_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// field is a question of a form made at random.
type field struct {
	name     string
	kind     string // number, text, pick, photo
	least    int    // a smaller number does not parse
	most     int    // a larger one is refused
	choices  []string
	when, is string // only asked when that pick is this
	preset   string
	mined    bool // found in any message, as "name=value"
	whole    bool
	optional bool
}

// version is a form as one deploy has it. other gives its draft another type.
type version struct {
	fields []field
	other  bool
}

func (v version) String() string {
	var s strings.Builder
	for _, f := range v.fields {
		fmt.Fprintf(&s, "{%s %s", f.name, f.kind)
		if f.kind == "number" {
			fmt.Fprintf(&s, " %d-%d", f.least, f.most)
		}
		if f.kind == "pick" {
			fmt.Fprintf(&s, " %v", f.choices)
		}
		if f.when != "" {
			fmt.Fprintf(&s, " when %s=%s", f.when, f.is)
		}
		if f.preset != "" {
			fmt.Fprintf(&s, " default %s", f.preset)
		}
		fmt.Fprintf(&s, " %v %v %v}", f.mined, f.whole, f.optional)
	}
	return fmt.Sprint(s.String(), " other draft: ", v.other)
}

func (v version) find(name string) (field, bool) {
	i := slices.IndexFunc(v.fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return v.fields[i], true
}

// rupiah is a number that is typed in another way than it is printed.
type rupiah int64

func (r rupiah) Typed() string { return "Rp" + strconv.Itoa(int(r)) }

type label string

type draft[N ~int | ~int64, S ~string] struct {
	numbers [32]N
	words   [32]S
	files   [32][]store.File
}

// form builds the version's form; submit is given what it submits, by the names of questions.
func (v version) form(submit func(map[string]string) (form.Screen, error)) form.Form {
	if v.other {
		return build[rupiah, label](v, submit)
	}
	return build[int, string](v, submit)
}

func build[N ~int | ~int64, S ~string](v version, submit func(map[string]string) (form.Screen, error)) form.Form {
	// value is what a field of the draft holds; there is false for a branch that is not taken.
	value := func(d *draft[N, S], i int) (s string, there bool) {
		f := v.fields[i]
		if f.when != "" {
			j := slices.IndexFunc(v.fields, func(g field) bool { return g.name == f.when })
			if j < 0 || string(d.words[j]) != f.is {
				return "", false
			}
		}
		switch f.kind {
		case "number":
			return strconv.Itoa(int(d.numbers[i])), true
		case "photo":
			return files(d.files[i]), true
		}
		return string(d.words[i]), true
	}
	questions := func(d *draft[N, S]) ([]form.Question, error) {
		var qs []form.Question
		for i, f := range v.fields {
			if _, there := value(d, i); there {
				qs = append(qs, question(f, &d.numbers[i], &d.words[i], &d.files[i]))
			}
		}
		return append(qs, form.Review(store.Say("f.head"))), nil
	}
	done := func(_ context.Context, d draft[N, S], _ form.State) (form.Screen, error) {
		m := map[string]string{}
		for i, f := range v.fields {
			if s, there := value(&d, i); there {
				m[f.name] = s
			}
		}
		return submit(m)
	}
	return form.New("f", questions, done).OnPark(func(context.Context, form.State) (form.Screen, error) {
		return form.Screen{Body: []store.Text{store.Say("f.parked")}}, nil
	})
}

// files are the ids of files.
func files(list []store.File) string {
	var ids []string
	for _, f := range list {
		ids = append(ids, f.FileID)
	}
	return strings.Join(ids, " ")
}

func question[N ~int | ~int64, S ~string](f field, n *N, s *S, p *[]store.File) form.Question {
	switch f.kind {
	case "photo":
		q := form.Photo(f.name, p)
		if f.optional {
			q = q.Optional()
		}
		return q
	case "pick":
		var choices []form.Choice[S]
		for _, c := range f.choices {
			choices = append(choices, form.Choice[S]{Value: S(c), Text: store.Say("f.choice", "Value", c)})
		}
		q := form.Pick(f.name, s, choices).Wide(2)
		if f.preset != "" {
			q = q.Default(S(f.preset))
		}
		if f.mined {
			q = q.Extract(func(text string) []S {
				var found []S
				for _, v := range tagged(f.name, text) {
					found = append(found, S(v))
				}
				return found
			})
		}
		return q
	case "text":
		q := form.Ask(f.name, s, func(text string) []S {
			if text == "" || strings.Contains(text, "=") {
				return nil
			}
			return []S{S(text)}
		})
		if f.preset != "" {
			q = q.Default(S(f.preset)).Quiet()
		}
		if f.whole {
			q = q.Exclusive()
		}
		return q
	}
	parse := func(text string) (found []N) {
		for _, v := range f.numbers(text) {
			found = append(found, N(v))
		}
		return found
	}
	q := form.Ask(f.name, n, parse).Refuse(func(v N) *store.Text {
		if int(v) <= f.most {
			return nil
		}
		t := store.Say("f.toomuch")
		return &t
	}).Unsure(func(text string) bool { return strings.HasPrefix(text, "~") })
	if f.mined {
		q = q.Extract(func(text string) (found []N) {
			for _, v := range tagged(f.name, text) {
				found = append(found, parse(v)...)
			}
			return found
		})
	}
	if v, err := strconv.Atoi(f.preset); err == nil {
		q = q.Default(N(v))
	}
	return q
}

// numbers reads "7", "~7" (about), "Rp7", and "7/8" (one of them).
func (f field) numbers(text string) (found []int) {
	parts := strings.FieldsFunc(strings.TrimPrefix(text, "~"), func(r rune) bool {
		return r == '/' ||
			string(r) == oneOf
	})
	for _, part := range parts {
		if v, err := strconv.Atoi(strings.TrimPrefix(part, "Rp")); err == nil && v >= f.least {
			found = append(found, v)
		}
	}
	return found
}

// tagged is what a message says of a name: "name=value".
func tagged(name, text string) []string {
	for word := range strings.FieldsSeq(text) {
		if v, ok := strings.CutPrefix(word, name+"="); ok {
			return []string{v}
		}
	}
	return nil
}
