package form_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

var letters = []string{"a", "b", "c", "d"}

// fresh is the name of a question that never was before.
func (w *walk) fresh() string { return fmt.Sprintf("q%d", w.Uint32()) }

func (w *walk) newVersion() version {
	v := version{other: w.chance(50)}
	for range 1 + w.IntN(7) {
		v.fields = append(v.fields, w.newField(v))
	}
	return v
}

func (w *walk) newField(v version) field {
	f := field{
		name: w.fresh(), kind: []string{"number", "number", "text", "pick", "photo"}[w.IntN(5)], mined: w.chance(60),
	}
	w.limits(&f)
	f.optional = w.chance(50)
	f.whole = f.kind == "text" && w.chance(50)
	if picks := slices.DeleteFunc(slices.Clone(v.fields), func(f field) bool {
		return f.kind != "pick" ||
			f.when != ""
	}); len(picks) > 0 && w.chance(60) {
		pick := picks[w.IntN(len(picks))]
		f.when, f.is = pick.name, letters[w.IntN(len(letters))]
	}
	return f
}

// limits sets what a field takes, and its default within it.
func (w *walk) limits(f *field) {
	f.least, f.most, f.preset = w.IntN(30), 60+w.IntN(40), ""
	f.choices = slices.Clone(letters)
	w.Shuffle(len(f.choices), func(i, j int) { f.choices[i], f.choices[j] = f.choices[j], f.choices[i] })
	f.choices = f.choices[:1+w.IntN(len(letters))]
	if f.kind == "photo" || w.chance(75) {
		return
	}
	f.preset = map[string]string{"number": strconv.Itoa(f.least), "pick": f.choices[0], "text": "as ever"}[f.kind]
}

// mutate makes the version into another one of the same form.
func (w *walk) mutate() {
	v := version{fields: slices.Clone(w.v.fields), other: w.v.other}
	for range 1 + w.IntN(3) {
		i := 0
		if len(v.fields) > 0 {
			i = w.IntN(len(v.fields))
		}
		switch what := w.IntN(6); {
		case what == 0 && len(v.fields) < 9 || len(v.fields) == 0:
			v.fields = slices.Insert(v.fields, i, w.newField(v))
		case what == 1 && len(v.fields) > 1:
			v.fields = slices.Delete(v.fields, i, i+1)
		case what == 2:
			v.fields[i].name = w.fresh()
		case what == 3:
			w.Shuffle(len(v.fields), func(i, j int) { v.fields[i], v.fields[j] = v.fields[j], v.fields[i] })
		case what == 4:
			v.other = !v.other
		default:
			f := &v.fields[i]
			w.limits(f)
			f.optional, f.mined = w.chance(50), w.chance(50)
			if w.chance(20) && f.when == "" && !slices.ContainsFunc(v.fields,
				func(g field) bool { return g.when == f.name }) {
				f.kind, f.preset, f.whole = []string{"number", "text", "photo"}[w.IntN(3)], "", false
			}
		}
	}
	w.v = v
}

// willing answers what is asked, or confirms.
func (w *walk) willing() form.Event {
	name := w.m.next(w.v)
	if name == wondering {
		return press([]string{form.Replace, form.Keep}[w.IntN(2)])
	}
	f, ok := w.v.find(name)
	if !ok {
		return press(form.Confirm)
	}
	if _, standing := w.m.value(f); standing == several { // its buttons say what it may mean
		text, _ := w.m.find(name)
		for _, n := range f.numbers(text) {
			if n <= f.most {
				return press("=" + strconv.Itoa(n))
			}
		}
	}
	switch f.kind {
	case "number":
		n := strconv.Itoa(f.least + w.IntN(f.most-f.least+1))
		return pressOr(w.Rand, words(n))
	case "text":
		return words([]string{"Toko Jaya", "x | y", "12", "Kios Bu Siti"}[w.IntN(4)])
	case "pick":
		c := f.choices[w.IntN(len(f.choices))]
		if f.mined && w.chance(30) {
			return words(name + "=" + c)
		}
		return press("=" + c)
	}
	if f.optional && w.chance(40) {
		return press("=without")
	}
	return w.picture("")
}

// pressOr presses a button with these words, or types them.
func pressOr(r *rand.Rand, e form.Event) form.Event {
	if r.IntN(3) == 0 {
		return press("=" + e.Text)
	}
	return e
}

func words(s string) form.Event { return form.Event{Kind: form.Words, Text: s, Message: 5} }
func press(s string) form.Event { return form.Event{Kind: form.Press, Press: s, Message: 6} }

func (w *walk) picture(caption string) form.Event {
	e := form.Event{Kind: form.Picture, Text: caption, Message: 7}
	for range 1 + w.IntN(2) {
		e.Files = append(e.Files, store.File{Kind: "photo", FileID: fmt.Sprintf("p%d", w.Uint32())})
	}
	return e
}

// anything is what people do: mostly an answer, often something else.
func (w *walk) anything() form.Event {
	switch n := w.IntN(100); {
	case n < 45:
		return w.willing()
	case n < 57:
		return words(w.tags())
	case n < 62:
		return w.picture(w.tags())
	case n < 66:
		return words([]string{"what?=", "~40", "31/32", "200", "1", "5/55"}[w.IntN(6)])
	case n < 69:
		return form.Event{Kind: form.Sticker}
	case n < 72:
		return press([]string{"=zzz", "=99", "=a", "=without", "nonsense", "="}[w.IntN(6)])
	case n < 82:
		return press(form.Back)
	case n < 90:
		return w.button()
	case n < 91 && w.chance(25):
		return press(form.Cancel)
	case n < 91 && w.chance(35):
		return press(form.Later)
	case n < 94:
		return press(form.Change)
	case n < 96:
		return press(form.Change + ":gone")
	}
	return press(form.Confirm)
}

// tags are words that say something of several questions.
func (w *walk) tags() string {
	var list []string
	for _, f := range w.v.fields {
		if !w.chance(40) {
			continue
		}
		said, _ := w.m.find(f.name)
		value := []string{"a", "b", strconv.Itoa(w.IntN(110)), "40/41"}[w.IntN(4)]
		if value != said { // saying the same once more is no news
			list = append(list, f.name+"="+value)
		}
	}
	if len(list) == 0 {
		return "=?"
	}
	return strings.Join(list, " ")
}

// button presses any of the buttons on the screen.
func (w *walk) button() form.Event {
	var all []string
	for _, row := range ask(w.t, w.form(), w.state).Buttons {
		for _, b := range row {
			if b.Data != form.Cancel && b.Data != form.Later {
				all = append(all, b.Data)
			}
		}
	}
	if len(all) == 0 {
		return press(form.Back)
	}
	return press(all[w.IntN(len(all))])
}
