package roster

import (
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/text"
	"pendamping/store"
)

// An office imports the file that it always has, and the chat has changed things since: a name was corrected, an
// office went to somebody else, a mentor was replaced. What such a file still says as it was before is older than the
// chat, so the line is named and the records stay, unless the operator overrules them. A name that fits nobody where
// somebody has that office may be the same human under a mended name: as a second person, with another phone, they
// would verify what they entered themselves. So it is refused.

// offices are the roles that one person of a code has.
var offices = map[store.Role]bool{
	store.Coordinator: true, store.Mentor: true, store.Chair: true, store.Secretary: true, store.Treasurer: true,
}

func (k *known) formerPerson(f store.Former) {
	if _, known := k.byID[f.Person]; !known {
		return
	}
	k.former[f.Person] = f
	for _, key := range f.Keys {
		if _, shared := k.formerly[key]; shared {
			k.formerly[key] = 0
		} else {
			k.formerly[key] = f.Person
		}
	}
}

// everybody is who shares what by the records. Who was erased is there too, because two persons may be one human by a
// tie to them alone.
func (k *known) everybody() *dialog.Everybody {
	var e dialog.Everybody
	for _, p := range k.gone {
		e.Add(p)
	}
	for id, p := range k.byID {
		for _, account := range k.former[id].Accounts {
			e.Add(store.Person{ID: id, Account: account})
		}
		for _, number := range k.former[id].Numbers {
			e.Add(store.Person{ID: id, WA: number})
		}
		e.Add(p)
	}
	return &e
}

// named are the known persons that the roster's rows mean.
func (k *known) named(roster Roster) map[store.ID]bool {
	named := map[store.ID]bool{}
	for _, row := range roster.People {
		if p, ok := k.match(row); ok {
			named[p.ID] = true
		}
	}
	return named
}

// unnamed are those of a list whom no row means.
func unnamed(list []store.Person, named map[store.ID]bool) []store.Person {
	return slices.DeleteFunc(slices.Clone(list), func(p store.Person) bool { return named[p.ID] })
}

// refusesSuccessor refuses a row that fits nobody where somebody whom the roster doesn't name has that office. Two
// ids tell two humans apart.
func (c *changes) refusesSuccessor(k *known, row Person, named map[store.ID]bool) bool {
	file, p := c.files.roster.File, row.Person
	if id, shared := k.formerly[row.Name]; shared && id == 0 && !c.overrule {
		c.fail(file, row.Line, "several known persons had this role and name before: "+
			"name them as the chat has them now")
		return true
	}
	if !offices[p.Role] {
		return false
	}
	hasID := func(o store.Person) bool { return p.Key != row.Name && strings.HasPrefix(o.Key, "id:") }
	list := slices.DeleteFunc(unnamed(k.holders[seat{role: p.Role, code: text.Fold(p.Code)}], named), hasID)
	others := slices.DeleteFunc(unnamed(k.groups[text.Fold(p.Code)+"|"+text.Fold(p.Name)], named), hasID)
	switch {
	case row.Group != nil && len(others) > 0 && !c.overrule:
		c.fail(file, row.Line, "this person is known as %s of %s: change the office in the chat. "+
			"If this is somebody else, give both an id, or --overrule", others[0].Role, p.Code)
		return true
	case len(list) == 0:
		return false
	case c.overrule:
		c.note("%s line %d: %s of %s was somebody else, who stays in the records: "+
			"neither verifies what the other enters",
			file, row.Line, p.Role, p.Code)
		return false
	}
	c.fail(file, row.Line, "the %s of %s is known by another name, which is nowhere in the file. If this is the same "+
		"human, write the name as it is known, give it an id, or correct it in the chat (/privasi). If somebody else "+
		"has the office now, change it in the chat, or --overrule", p.Role, p.Code)
	return true
}

// keepsPerson tells whether a row is older than what the chat did with the person's office: then everything stays.
func (c *changes) keepsPerson(k *known, row Person, before store.Person) bool {
	what := ""
	f := k.former[before.ID]
	switch {
	case row.Person.Role != before.Role &&
		(slices.Contains(f.Roles, row.Person.Role) || slices.Contains(f.Keys, row.Name)):
		what = "no longer " + string(row.Person.Role)
	case row.Group != nil && before.Recipient == 0:
		what = "no longer in " + before.Code
	}
	if what == "" || c.overrule {
		return false
	}
	c.note("%s line %d: kept as the chat has it: this person is %s; --overrule lets the roster have its way",
		c.files.roster.File, row.Line, what)
	return true
}

// keepsCorrected keeps the name and the number that were corrected in the chat, when a row says those of before.
func (c *changes) keepsCorrected(k *known, row Person, before store.Person, p *store.Person) {
	f, kept := k.former[before.ID], ""
	if c.overrule {
		return
	}
	if p.Name != before.Name &&
		(slices.Contains(f.Names, p.Name) || row.Person.Key == row.Name && slices.Contains(f.Keys, row.Name)) {
		p.Name, kept = before.Name, "name"
		if row.Person.Key == row.Name {
			p.Key = before.Key
		}
	}
	if p.WA != before.WA && before.WA != "" && slices.Contains(f.WAs, p.WA) {
		p.WA = before.WA
		kept = strings.TrimPrefix(kept+" and wa", " and ")
	}
	if kept != "" {
		c.note("%s line %d: kept: %s of this %s of %s corrected in the chat",
			c.files.roster.File, row.Line, kept, before.Role, before.Code)
	}
}

// sameMentor refuses a group's mentor who comes as somebody new with the name of the one whom the group has, under
// another code: it is the same human, whom the file doesn't name any more.
func (c *changes) sameMentor(k *known, of store.Recipient, mentor *personChange) bool {
	now, ok := k.byID[of.Mentor]
	if !ok || mentor == nil || mentor.known || text.Fold(now.Name) != text.Fold(mentor.person.Name) ||
		slices.ContainsFunc(c.people, func(p *personChange) bool { return p.person.ID == now.ID }) {
		return false
	}
	if c.overrule {
		c.note("%s line %d: %s has a pendamping of this name already, of %s: "+
			"they are taken for one human, and neither verifies what the other enters",
			c.files.roster.File, mentor.line, of.Code, now.Code)
		c.ties = append(c.ties, [2]twin{{change: mentor, person: mentor.person, line: mentor.line}, {person: now}})
		return false
	}
	c.fail(c.files.roster.File, mentor.line, "the pendamping of %s has this name and the kode %q: "+
		"write that one, or give the person an id under it first. If this is somebody else, --overrule", of.Code,
		now.Code)
	return true
}

// keepsMentor tells whether the file gives a group back to a mentor from whom the chat took it.
func (c *changes) keepsMentor(k *known, g *Group, of store.Recipient, mentor store.ID) bool {
	if c.overrule || mentor == 0 || mentor == of.Mentor || of.Mentor == 0 ||
		!slices.Contains(k.mentored[of.ID], mentor) {
		return false
	}
	c.note("%s line %d: kept as the chat has it: %s has another pendamping than %s; "+
		"--overrule lets the roster have its way",
		c.files.roster.File, g.MentorAt, of.Code, g.Mentor)
	return true
}
