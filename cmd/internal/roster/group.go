package roster

import (
	"fmt"
	"strings"

	"pendamping/cmd/internal/roster/table"
	"pendamping/flows/text"
	"pendamping/store"
)

// group adds what a row says about its group, and refuses what contradicts an earlier row.
func (r *reader) group(row table.Row, p store.Person) *Group {
	single := p.Role == store.Owner
	g, ok := r.groups[text.Fold(p.Code)]
	if !ok {
		g = &Group{Line: row.Line, Recipient: store.Recipient{Code: p.Code, Single: single}, said: map[string]int{}}
		r.groups[text.Fold(p.Code)] = g
		r.roster.Groups = append(r.roster.Groups, g)
	} else {
		switch {
		case single && g.Recipient.Single:
			r.fail(row.Line, "%s is the penerima of line %d", p.Code, g.Line)
		case single:
			r.fail(row.Line, "%s is a group on line %d, not a penerima", p.Code, g.Line)
		case g.Recipient.Single:
			r.fail(row.Line, "%s is a penerima on line %d, not a group", p.Code, g.Line)
		}
	}
	to := &g.Recipient
	r.say(row, g, "kelompok", &to.Name, r.Cell(row, "kelompok"))
	name, zone := province(r.Cell(row, "provinsi"))
	r.say(row, g, "provinsi", &to.Province, name)
	if to.Province == name && name != "" {
		to.Zone = zone
	}
	r.say(row, g, "kabupaten", &to.Regency, r.Cell(row, "kabupaten"))
	r.say(row, g, "desa", &to.Village, r.Cell(row, "desa"))
	r.say(row, g, "tahap", &to.Wave, r.Cell(row, "tahap"))
	r.say(row, g, "pendamping", &g.Mentor, r.Cell(row, "pendamping"))
	g.MentorAt = g.said["pendamping"]
	if s := r.Cell(row, "dana"); s != "" {
		if amount, err := rupiah(s); err != nil {
			r.fail(row.Line, "dana %v", err)
		} else {
			say(r, row, g, "dana", &to.Grant, amount)
		}
	}
	if s := r.Cell(row, "tanggal_cair"); s != "" {
		if d, err := day(s); err != nil {
			r.fail(row.Line, "tanggal_cair %v", err)
		} else {
			say(r, row, g, "tanggal_cair", &to.Disbursed, d)
		}
	}
	return g
}

// say keeps a text that a row says about its group; spellings that differ in case only are the same.
func (r *reader) say(row table.Row, g *Group, column string, to *string, value string) {
	if value == "" || *to != "" && strings.EqualFold(*to, value) {
		return
	}
	say(r, row, g, column, to, value)
}

// say keeps a value that a row says about its group, unless an earlier row said another.
func say[T comparable](r *reader, row table.Row, g *Group, column string, to *T, value T) {
	var nothing T
	switch *to {
	case value:
	case nothing:
		*to, g.said[column] = value, row.Line
	default:
		r.fail(row.Line, "%s %q of %s contradicts line %d (%q)",
			column, fmt.Sprint(value), g.Recipient.Code, g.said[column], fmt.Sprint(*to))
	}
}
