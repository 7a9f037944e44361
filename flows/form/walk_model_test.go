package form_test

import (
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/form"
)

// model is what the form engine promises, said once more and in another way: what the person said to which question,
// the newest last, and a question asked out of turn.
type model struct {
	said    []answer
	asked   string
	instead []answer // asked whether they replace what was said
}

type answer struct{ name, text string }

// standing of a question in the model.
type standing int

const (
	gap standing = iota
	several
	good
)

func (m *model) find(name string) (string, bool) {
	for _, a := range m.said {
		if a.name == name {
			return a.text, true
		}
	}
	return "", false
}

func (m *model) put(name, text string) {
	m.said = slices.DeleteFunc(m.said, func(a answer) bool { return a.name == name })
	m.said = append(m.said, answer{name, text})
}

// live tells whether a question is asked at all, given the answers.
func (m *model) live(v version, f field) bool {
	if f.when == "" {
		return true
	}
	g, ok := v.find(f.when)
	if !ok {
		return false
	}
	value, standing := m.value(g)
	return standing == good && value == f.is
}

// value is what an answer is worth under a version of the form.
func (m *model) value(f field) (string, standing) {
	text, said := m.find(f.name)
	if !said && f.preset != "" {
		return f.preset, good
	}
	if !said {
		return "", gap
	}
	switch f.kind {
	case "text":
		if strings.Contains(text, "=") || strings.HasPrefix(text, "photo:") {
			return "", gap
		}
		if strings.Contains(text, oneOf) {
			return "", several
		}
		return text, good
	case "pick":
		if slices.Contains(f.choices, text) {
			return text, good
		}
		return "", gap
	case "photo":
		if p, ok := strings.CutPrefix(text, "photo:"); ok {
			return p, good
		}
		if f.optional && text == "without" {
			return "", good
		}
		return "", gap
	}
	switch found := f.numbers(text); {
	case len(found) == 0, len(found) == 1 && found[0] > f.most:
		return "", gap
	case len(found) > 1, strings.HasPrefix(text, "~"):
		return "", several
	default:
		return strconv.Itoa(found[0]), good
	}
}

// wondering is what a screen shows that asks whether answers replace earlier ones.
const wondering = "form.instead"

// doubted are the answers that may replace an earlier one.
func (m *model) doubted(v version) []answer {
	return slices.DeleteFunc(slices.Clone(m.instead), func(a answer) bool {
		f, ok := v.find(a.name)
		return !ok || !m.good(v, f)
	})
}

func (m *model) good(v version, f field) bool {
	_, standing := m.value(f)
	return m.live(v, f) && standing == good
}

// next is what must be asked now.
func (m *model) next(v version) string {
	if len(m.doubted(v)) > 0 {
		return wondering
	}
	return m.question(v)
}

// question is the one that must be asked now, where nothing is in doubt.
func (m *model) question(v version) string {
	for _, f := range v.fields {
		if f.name == m.asked && m.live(v, f) {
			return f.name
		}
	}
	for _, f := range v.fields {
		if _, standing := m.value(f); m.live(v, f) && standing != good {
			return f.name
		}
	}
	return "review"
}

// take is what an event means while a question is asked.
func (m *model) take(v version, asked string, e form.Event) {
	doubted := m.doubted(v)
	if len(doubted) > 0 {
		asked = m.question(v)
	}
	f, isField := v.find(asked)
	if e.Kind == form.Press && len(doubted) > 0 {
		switch e.Press {
		case form.Replace:
			for _, a := range doubted {
				m.put(a.name, a.text)
			}
			m.instead = nil
		case form.Keep, form.Back:
			m.instead = nil
		}
		return
	}
	if e.Kind == form.Press {
		what, name, _ := strings.Cut(e.Press, ":")
		value, isValue := strings.CutPrefix(e.Press, "=")
		switch {
		case what == form.Back && m.asked != "":
			m.asked = ""
		case what == form.Back && len(m.said) > 0:
			for len(m.said) > 0 {
				last := m.said[len(m.said)-1]
				m.said = m.said[:len(m.said)-1]
				if m.question(v) != asked || last.name == asked {
					break
				}
			}
		case what == form.Change:
			m.asked = form.Change
			if name != "" {
				m.asked = name
			}
		case isValue && isField && f.takes(v, value, true):
			m.put(f.name, value)
			m.asked = ""
		}
		return
	}
	if isField && f.kind == "photo" && e.Kind == form.Picture {
		m.put(f.name, "photo:"+files(e.Files))
		m.asked = ""
		m.mine(v, e.Text, false)
		return
	}
	if isField && !(e.Kind == form.Words && len(doubted) > 0) && (e.Kind == form.Words || f.kind == "pick") &&
		f.takes(v, e.Text, false) {
		said := e.Text
		if f.kind == "pick" {
			said = f.digs(v, said)
		}
		m.put(f.name, said)
		m.asked = ""
		if !f.whole {
			m.mine(v, e.Text, false)
		}
		return
	}
	before := model{said: slices.Clone(m.said), asked: m.asked}
	names := m.mine(v, e.Text, true)
	if len(names) == 0 {
		return
	}
	m.asked = ""
	if e.Kind == form.Words {
		m.over(v, before, names, asked == "review")
	}
}

// over puts back what words would replace that were not meant for it, until it is decided; at the review they do
// replace it.
func (m *model) over(v version, before model, names []string, reviewed bool) {
	m.instead = slices.DeleteFunc(slices.Clone(m.instead),
		func(a answer) bool { return slices.Contains(names, a.name) })
	now := model{said: slices.Clone(m.said)}
	for _, f := range v.fields {
		was, said := before.find(f.name)
		text, _ := now.find(f.name)
		old, _ := before.value(f)
		value, _ := now.value(f)
		if reviewed || !said || text == was || !before.good(v, f) || now.good(v, f) && value == old {
			continue
		}
		m.instead = append(m.instead, answer{f.name, text})
		m.said[slices.IndexFunc(m.said, func(a answer) bool { return a.name == f.name })].text = was
	}
}

// takes tells whether a question accepts words, or a button's value, as its answer.
func (f field) takes(v version, text string, pressed bool) bool {
	switch f.kind {
	case "text":
		return text != "" && !strings.Contains(text, "=")
	case "pick":
		return pressed && slices.Contains(f.choices, text) || !pressed && f.digs(v, text) != ""
	case "photo":
		return pressed && f.optional && text == "without"
	}
	found := f.numbers(text)
	return len(found) > 1 || len(found) == 1 && found[0] <= f.most
}

// digs is what the question finds in a message that was not meant for it, "" for nothing.
func (f field) digs(v version, text string) string {
	found := tagged(f.name, text)
	if !f.mined || len(found) == 0 {
		return ""
	}
	switch f.kind {
	case "pick":
		if slices.Contains(f.choices, found[0]) {
			return found[0]
		}
	case "number":
		n := f.numbers(found[0])
		if len(n) > 1 || len(n) == 1 && n[0] <= f.most {
			return either(v, n)
		}
	}
	return ""
}

// either says that it is one of these numbers, as the version's draft spells them.
func either(v version, list []int) string {
	var words []string
	for _, n := range list {
		if v.other {
			words = append(words, rupiah(n).Typed())
		} else {
			words = append(words, strconv.Itoa(n))
		}
	}
	return strings.Join(words, oneOf)
}

// oneOf stands between the meanings of words that were not meant for a question.
const oneOf = "\x1f"

// mine keeps what a message says of any question asked for now, in their order, and names these.
func (m *model) mine(v version, text string, over bool) (names []string) {
	tried := map[string]bool{}
	for {
		i := slices.IndexFunc(v.fields, func(f field) bool { return !tried[f.name] && m.live(v, f) })
		if i < 0 {
			return names
		}
		f := v.fields[i]
		tried[f.name] = true
		if _, said := m.find(f.name); said && !over {
			continue
		}
		if found := f.digs(v, text); found != "" {
			m.put(f.name, found)
			names = append(names, f.name)
		}
	}
}
