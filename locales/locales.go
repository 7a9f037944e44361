// Package locales holds every sentence that people read, in every language, and puts data into it. Data is raw (digits,
// RFC 3339, people's own words); a sentence's template gives it its form: {{rupiah .Amount}}, {{date .Day}}.
package locales

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Default is the language that has every sentence: what is missing elsewhere is said in it.
const Default = "id"

// Marker stands where a sentence should be that no language has.
const Marker = "[…]"

//go:embed active.*.toml
var files embed.FS

// Locales is the sentences of all languages, parsed. It may be used by many goroutines at once.
type Locales struct {
	// Missing, when set, is told of each sentence that was asked for and could not be said in that language. Set it
	// before the first sentence is said.
	Missing func(lang, id string)

	languages  []string
	localizers map[string]*i18n.Localizer
	keys       map[string]map[string]bool // by language, then id
}

// Load parses the sentences this program carries. Its error names the file and the key that is broken.
func Load() (*Locales, error) { return LoadFS(files) }

// LoadFS parses the files active.<language>.toml at the root of fsys; active.id.toml must be among them. Its error
// names the file and the key that is broken.
func LoadFS(fsys fs.FS) (*Locales, error) {
	names, err := fs.Glob(fsys, "active.*.toml")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	l := &Locales{
		languages:  []string{Default},
		localizers: map[string]*i18n.Localizer{},
		keys:       map[string]map[string]bool{},
	}
	bundle := i18n.NewBundle(language.Make(Default))
	compiled := map[string][]*message{}
	for _, name := range names {
		lang := strings.TrimSuffix(strings.TrimPrefix(name, "active."), ".toml")
		tag, err := language.Parse(lang)
		if err != nil {
			return nil, fmt.Errorf("locales: %s: %w", name, err)
		}
		sentences, err := read(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("locales: %s: %w", name, err)
		}
		if err := bundle.AddMessages(tag, sentences...); err != nil {
			return nil, fmt.Errorf("locales: %s: %w", name, err)
		}
		if lang != Default {
			l.languages = append(l.languages, lang)
		}
		l.localizers[lang] = i18n.NewLocalizer(bundle, lang)
		l.keys[lang] = make(map[string]bool, len(sentences))
		if compiled[lang], err = l.compile(lang, sentences); err != nil {
			return nil, fmt.Errorf("locales: %s: %w", name, err)
		}
	}
	if l.localizers[Default] == nil {
		return nil, fmt.Errorf("locales: active.%s.toml: %w", Default, fs.ErrNotExist)
	}
	for _, lang := range l.languages {
		if err := l.rehearse(compiled[lang]); err != nil {
			return nil, fmt.Errorf("locales: active.%s.toml: %w", lang, err)
		}
	}
	return l, nil
}

// Languages lists the languages there are, the default first.
func (l *Locales) Languages() []string { return slices.Clone(l.languages) }

// Keys lists the ids of a language's sentences, sorted; none for a language there is not.
func (l *Locales) Keys(lang string) []string { return slices.Sorted(maps.Keys(l.keys[lang])) }

// Find reports whether that language itself has the sentence.
func (l *Locales) Find(lang, id string) bool { return l.keys[lang][id] }

// Text says a sentence in plain words. A language there is not, or that lacks the sentence, gives way to the default
// one; an id that no language knows becomes Marker. Data that is missing prints as nothing. Data "Count", when it is a
// number, chooses between one and other.
func (l *Locales) Text(lang, id string, data map[string]string) string {
	return l.say(lang, id, view{data: data})
}

// HTML says a sentence as HTML text for Telegram: like Text, with &, < and > escaped in each value of the data, while
// the sentence's own tags stay. Quotes are not escaped, so no value that people wrote belongs inside a tag.
func (l *Locales) HTML(lang, id string, data map[string]string) string {
	return l.say(lang, id, view{data: escapeAll(data), html: true})
}

func (l *Locales) say(lang, id string, v view) string {
	known := l.language(lang)
	text, err := l.localize(known, id, v)
	if err == nil {
		return text
	}
	l.report(lang, id)
	if text == "" && known != Default {
		text, err = l.localize(Default, id, v)
	}
	if text == "" && err != nil {
		return Marker
	}
	return text
}

func (l *Locales) report(lang, id string) {
	if l.Missing != nil {
		l.Missing(lang, id)
	}
}

// localize may return a text, the default language's, together with an error.
func (l *Locales) localize(lang, id string, v view) (string, error) {
	c := i18n.LocalizeConfig{MessageID: id, TemplateData: v, TemplateParser: ready{}}
	if count := v.data["Count"]; count != "" {
		if n, err := strconv.Atoi(count); err == nil {
			c.PluralCount = n
		}
	}
	return l.localizers[lang].Localize(&c)
}

// language returns the nearest language there is: "en" for "en-GB".
func (l *Locales) language(lang string) string {
	if l.localizers[lang] != nil {
		return lang
	}
	lang = strings.ToLower(lang)
	if i := strings.IndexAny(lang, "-_"); i >= 0 {
		lang = lang[:i]
	}
	if l.localizers[lang] != nil {
		return lang
	}
	return Default
}
