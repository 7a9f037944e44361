package roster

import (
	"fmt"
	"slices"
	"strings"

	"pendamping/flows/text"
	"pendamping/store"
)

// doubts notes what an office may have meant otherwise: it is kept as written, since each may be right.
func (c *changes) doubts(k *known) {
	c.doubtGrants(k)
	c.doubtRegencies(k)
	c.doubtNumbers()
}

// doubtGrants names grants of which a digit may be missing or too many: the programme's is five times as much, or a
// fifth.
func (c *changes) doubtGrants(k *known) {
	for _, g := range c.groups {
		program := c.pinned
		if known, ok := k.programs[g.recipient.Program]; ok {
			program = &known
		}
		usual, grant := program.Rules.Amount, g.recipient.Grant
		if g.grant && usual > 0 && (grant <= usual/5 || grant >= usual*5) {
			c.note("%s: dana %d where %s gives %d: is a zero missing or too many?",
				g.recipient.Code, grant, program.Code, usual)
		}
	}
}

// doubtRegencies names regencies that are written in two ways: coordinators find their groups by it, and progress is
// counted by it.
func (c *changes) doubtRegencies(k *known) {
	spelled := map[string]string{} // as first written, by province and plain name
	written := func(r store.Recipient) (plain string) {
		return text.Fold(r.Province) + "|" + plainRegency(r.Regency)
	}
	for _, r := range k.recipients {
		if first, ok := spelled[written(r)]; !ok || r.Regency < first {
			spelled[written(r)] = r.Regency // the same at each import
		}
	}
	var said []string
	for _, g := range c.groups {
		r := g.recipient
		first, ok := spelled[written(r)]
		if !ok {
			spelled[written(r)] = r.Regency
			continue
		}
		pair := text.Fold(r.Regency) + "|" + text.Fold(first)
		if text.Fold(first) != text.Fold(r.Regency) && !slices.Contains(said, pair) {
			said = append(said, pair)
			c.note("%s: kabupaten %q stands beside %q and counts as another: write it the same everywhere",
				r.Code, r.Regency, first)
		}
	}
}

// plainRegency is a regency without the word for it. A town (kota) is another than the regency of that name.
func plainRegency(written string) string {
	plain := strings.ReplaceAll(text.Fold(written), ".", " ")
	for _, word := range []string{"kabupaten ", "kab "} {
		plain = strings.TrimPrefix(plain, word)
	}
	return strings.Join(strings.Fields(plain), " ")
}

// doubtNumbers names rows of different people with the same number. Those of whom one verifies are named as one human
// already.
func (c *changes) doubtNumbers() {
	var numbers []string
	rows := map[string][]*personChange{}
	for _, p := range c.people {
		number := p.person.WA
		if number == "" || p.person.Role == store.Mentor || p.person.Role == store.Coordinator {
			continue
		}
		if rows[number] == nil {
			numbers = append(numbers, number)
		}
		rows[number] = append(rows[number], p)
	}
	for _, number := range numbers {
		list := rows[number]
		first := text.Fold(list[0].person.Name)
		others := func(p *personChange) bool { return text.Fold(p.person.Name) != first }
		news := func(p *personChange) bool { return !p.known || p.changed }
		if !slices.ContainsFunc(list, others) || !slices.ContainsFunc(list, news) {
			continue
		}
		lines := make([]string, len(list))
		for i, p := range list {
			lines[i] = fmt.Sprint(p.line)
		}
		c.note("%s lines %s: different people with the same wa", c.files.roster.File, strings.Join(lines, ", "))
	}
}
