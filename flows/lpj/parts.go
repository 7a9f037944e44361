package lpj

import (
	"slices"

	"pendamping/flows/report"
)

// section is a part of an LPJ's narrative. Its words are part.CODE, its question part.CODE.ask and an example
// part.CODE.example.
type section struct {
	number int // in its template, from 1
	code   string
}

// sections are those of a template, in the order in which they are printed.
func sections(template string) []section {
	var list []section
	for i, code := range report.Outline(template) {
		list = append(list, section{i + 1, code})
	}
	return list
}

// sectionOf is the part with that code.
func sectionOf(template, code string) (section, bool) {
	list := sections(template)
	i := slices.IndexFunc(list, func(s section) bool { return s.code == code })
	if i < 0 {
		return section{}, false
	}
	return list[i], true
}

// Suggested is what the records know for a part, by its code: a name in quotes.
var Suggested = map[string]string{
	"latar": "group", "tujuan": "plan", "manfaat": "growth", "rencana": "plan", "hasil": "spent", "masalah": "problems",
	"strategi": "solutions",
	"penutup":  "growth",
}
