package locales

import (
	"maps"
	"strings"
	"text/template"
	"unicode"
)

// funcs returns the functions of a language's sentences. What they can't read they leave as it is.
func (l *Locales) funcs(lang string, html bool) template.FuncMap {
	s := speechOf(lang)
	letters := func(change func(string) string) func(string) string {
		if html {
			return func(v string) string { return betweenTags(v, change) }
		}
		return change
	}
	return template.FuncMap{
		"rupiah":  rupiah,
		"words":   s.words,
		"number":  s.number,
		"many":    s.many,
		"volume":  s.volume,
		"date":    s.date,
		"weekday": s.weekday,
		"day":     s.day,
		"month":   s.month,
		"clock":   s.clock,
		"zone":    zone,
		"phone":   phone,
		"title":   letters(title),
		"upper":   letters(strings.ToUpper),
		"t":       l.nested(lang, html),
		"each":    l.each(lang, html),
	}
}

// speech is how a language writes numbers and days.
type speech struct {
	group, point string // in numbers: 1.500,5
	hour         string // layout of a time of day
	months       [12]string
	days         [7]string // from Sunday, as time.Weekday
	spell        func(uint64) string
	minus        string
}

// speechOf returns how a language says numbers and dates; those of the archipelago say them as Indonesian does.
func speechOf(lang string) *speech {
	if lang == "en" {
		return &english
	}
	return &indonesian
}

var indonesian = speech{
	group: ".", point: ",", hour: "15.04", minus: "minus ", spell: spellIndonesian,
	months: [12]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
		"Oktober",
		"November", "Desember"},
	days: [7]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"},
}

var english = speech{
	group: ",", point: ".", hour: "15:04", minus: "minus ", spell: spellEnglish,
	months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
		"November", "December"},
	days: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

// phone writes a number of the roster, 6281234567890, as its owner does: 0812-3456-7890. What is none is left as it is.
func phone(s string) string {
	rest, ok := strings.CutPrefix(s, "62")
	if !ok || len(rest) < 9 || strings.Trim(rest, "0123456789") != "" {
		return s
	}
	n := "0" + rest
	return n[:4] + "-" + n[4:8] + "-" + n[8:]
}

// title gives each word a capital letter and leaves the others as they are.
func title(s string) string {
	start := true
	return strings.Map(func(r rune) rune {
		was := start
		start = unicode.IsSpace(r)
		if was {
			return unicode.ToTitle(r)
		}
		return r
	}, s)
}

var (
	escaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	unescaper = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
)

// escapeAll returns data with &, < and > escaped in its values; data itself when there are none.
func escapeAll(data map[string]string) map[string]string {
	var escaped map[string]string
	for k, v := range data {
		if !strings.ContainsAny(v, "&<>") {
			continue
		}
		if escaped == nil {
			escaped = maps.Clone(data)
		}
		escaped[k] = escaper.Replace(v)
	}
	if escaped == nil {
		return data
	}
	return escaped
}

// betweenTags changes the letters of HTML text, but neither its tags nor its entities.
func betweenTags(s string, change func(string) string) string {
	var b strings.Builder
	for s != "" {
		text, tag := s, ""
		if i := strings.IndexByte(s, '<'); i >= 0 {
			text, tag = s[:i], s[i:]
			if j := strings.IndexByte(tag, '>'); j >= 0 {
				tag = tag[:j+1]
			}
		}
		b.WriteString(escaper.Replace(change(unescaper.Replace(text))))
		b.WriteString(tag)
		s = s[len(text)+len(tag):]
	}
	return b.String()
}
