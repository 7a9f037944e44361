package locales

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	parser "github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// view is what a template is executed with: the data, and whether words or HTML are wanted.
type view struct {
	data map[string]string
	html bool
}

// message is one sentence, parsed once for each border it can cross. It is a parser.ParsedTemplate.
type message struct {
	id          string
	plain, html *template.Template // nil when there is nothing to fill in
	text        string

	fields []string // the data it asks for
	says   []string // other messages it names
}

// Execute puts a view's data into the sentence.
func (m *message) Execute(data any) (string, error) {
	v, t := data.(view), m.plain
	if v.html {
		t = m.html
	}
	if t == nil {
		return m.text, nil
	}
	var b strings.Builder
	b.Grow(2 * len(m.text))
	if err := t.Execute(&b, v.data); err != nil {
		return "", err
	}
	return b.String(), nil
}

// ready is the parser for saying a sentence: go-i18n keeps what the compiler parsed and never asks it.
type ready struct{}

func (ready) Cacheable() bool { return true }

func (ready) Parse(string, string, string) (parser.ParsedTemplate, error) {
	return nil, errors.New("locales: a sentence was not compiled")
}

// compiler is the parser for loading. go-i18n keeps, for good, what the first parser made of a sentence; so each is
// said once by its own language's compiler before anything else can say it.
type compiler struct {
	funcs       template.FuncMap
	parser      *template.Template // has the functions, which take longer to add than a sentence to parse
	plain, html *template.Template // of all sentences, so that each holds nothing but its own words
	parsed      *message
}

func (l *Locales) compiler(lang string) *compiler {
	shared := func(funcs template.FuncMap) *template.Template {
		// on a map of strings a missing key is then "", not "<no value>"
		return template.New("").Option("missingkey=zero").Funcs(funcs)
	}
	plain := l.funcs(lang, false)
	return &compiler{funcs: plain, parser: shared(plain), plain: shared(plain), html: shared(l.funcs(lang, true))}
}

func (*compiler) Cacheable() bool { return true }

func (c *compiler) Parse(text, _, _ string) (parser.ParsedTemplate, error) {
	m := &message{text: text}
	c.parsed = m
	if !strings.Contains(text, "{{") {
		return m, nil
	}
	tree, err := m.parse(text, c)
	if err != nil {
		return nil, err
	}
	if m.plain, err = c.plain.AddParseTree(text, tree); err != nil {
		return nil, err
	}
	m.html, err = c.html.AddParseTree(text, tree)
	return m, err
}

func (m *message) parse(text string, c *compiler) (*parse.Tree, error) {
	t, err := c.parser.New("").Parse(text)
	if err != nil {
		return nil, err
	}
	if t.Tree == nil || len(t.Templates()) > 1 {
		return nil, errors.New("define is not for sentences")
	}
	s := scan{message: m, funcs: c.funcs}
	s.list(t.Tree.Root)
	return t.Tree, s.err
}

// compile parses all sentences of a language.
func (l *Locales) compile(lang string, sentences []*i18n.Message) ([]*message, error) {
	c := l.compiler(lang)
	var all []*message
	for _, s := range sentences {
		l.keys[lang][s.ID] = true
		for _, count := range []string{"1", "2"} {
			c.parsed = nil // and stays so when both counts are said alike
			_, err := l.localizers[lang].Localize(&i18n.LocalizeConfig{
				MessageID: s.ID, PluralCount: count, TemplateData: view{}, TemplateParser: c,
			})
			if err != nil {
				return nil, fmt.Errorf("%q: %w", s.ID, err)
			}
			if c.parsed != nil {
				c.parsed.id = s.ID
				all = append(all, c.parsed)
			}
		}
	}
	return all, nil
}

// rehearse says sentences with no data and with all of it, and looks for the messages they name.
func (l *Locales) rehearse(all []*message) error {
	for _, m := range all {
		full := make(map[string]string, len(m.fields))
		for _, f := range m.fields {
			full[f] = "1"
		}
		for _, data := range []map[string]string{nil, full} {
			if _, err := m.Execute(view{data: data}); err != nil {
				return fmt.Errorf("%q: %w", m.id, err)
			}
		}
		for _, id := range m.says {
			if !l.Find(Default, id) {
				return fmt.Errorf("%q: there is no message %q", m.id, id)
			}
		}
	}
	return nil
}

// deep is the key, which no template can name, under which nested messages count how deep they are.
const deep = "\x00deep"

// nested says a message inside another one, with its data. No id, or only one half of an id, says nothing.
func (l *Locales) nested(lang string, html bool) func(map[string]string, string) string {
	return func(data map[string]string, id string) string {
		if id == "" || strings.HasPrefix(id, ".") || strings.HasSuffix(id, ".") {
			return ""
		}
		if len(data[deep]) > 3 { // a message that says itself
			l.report(lang, id)
			return Marker
		}
		inner := make(map[string]string, len(data)+1)
		maps.Copy(inner, data)
		inner[deep] += "+"
		return l.say(lang, id, view{data: inner, html: html})
	}
}

// each says a message for each part of a list with commas: the one whose id is prefix and the part.
func (l *Locales) each(lang string, html bool) func(map[string]string, string, string) string {
	say := l.nested(lang, html)
	return func(data map[string]string, prefix, list string) string {
		if list == "" {
			return ""
		}
		parts := strings.Split(list, ",")
		for i, p := range parts {
			parts[i] = say(data, prefix+p)
		}
		return strings.Join(parts, ", ")
	}
}
