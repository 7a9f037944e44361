package app

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"pendamping/store"
)

// A person who stands in the roster twice, once to enter and once to verify, would be their own witness: the bot knows one human by the
// account, and two accounts of one human look like two humans. Persons with the same telegram_id or the same wa are therefore named.
//
// Refused is only a mentor who is also officer or owner in a group that she herself mentors, because she would verify her own group.
// Everybody else may be several persons, as a mentor who is also a coordinator: these are named as a note and tied, so that neither
// verifies what the other entered, also when they use two accounts (see store.Person.Sponsors).

// twin is one of the persons that share a number or an account.
type twin struct {
	change *personChange // of the roster; nil for one who is only known
	person store.Person
	line   int
}

// name says who it is, without a name or number.
func (t twin) name() string {
	if t.line != 0 {
		return fmt.Sprintf("%s of %s (line %d)", t.person.Role, t.person.Code, t.line)
	}
	return fmt.Sprintf("%s of %s", t.person.Role, t.person.Code)
}

// verifies tells whether the person's role looks at what others enter.
func (t twin) verifies() bool {
	return t.person.Role == store.Mentor || t.person.Role == store.Coordinator
}

// compareTwins finds who stands in the roster or the records twice.
func (c *changes) compareTwins(k *known) {
	byNumber, order := map[string][]twin{}, []string{}
	add := func(t twin) {
		keys := []string{"wa " + t.person.WA, fmt.Sprintf("telegram_id %d", t.person.Account)}
		for i, known := range []bool{t.person.WA != "", t.person.Account != 0} {
			if !known {
				continue
			}
			if byNumber[keys[i]] == nil {
				order = append(order, keys[i])
			}
			byNumber[keys[i]] = append(byNumber[keys[i]], t)
		}
	}
	seen := map[store.ID]bool{}
	for _, p := range c.people {
		seen[p.person.ID] = true
		add(twin{p, p.person, p.line})
	}
	for _, id := range slices.Sorted(maps.Keys(k.byID)) {
		if !seen[id] {
			add(twin{person: k.byID[id]})
		}
	}
	for _, key := range order {
		list := byNumber[key]
		for i, a := range list {
			for _, b := range list[i+1:] {
				c.twins(a, b, key[:2] == "wa")
			}
		}
	}
}

// twins names two persons who are one human by their number, and refuses a mentor who would verify herself.
func (c *changes) twins(a, b twin, number bool) {
	if !a.verifies() && !b.verifies() || a.person.ID != 0 && a.person.ID == b.person.ID || a.change == nil && b.change == nil {
		return
	}
	what := "telegram_id"
	if number {
		what = "wa"
	}
	for _, pair := range [][2]twin{{a, b}, {b, a}} {
		mentor, other := pair[0], pair[1]
		if mentor.person.Role == store.Mentor && enters(other.person.Role) && c.mentors(mentor, other) {
			c.fail(c.files.roster.File, max(a.line, b.line),
				"%s and %s have the same %s: nobody verifies a group that they are officer of; give the group another mentor", a.name(), b.name(), what)
			return
		}
	}
	if a.person.ID != 0 && slices.Contains(b.person.Sponsors, a.person.ID) {
		return // named when they were tied
	}
	c.note("%s and %s have the same %s: they are taken for one human, and neither verifies what the other enters", a.name(), b.name(), what)
	c.ties = append(c.ties, [2]twin{a, b})
}

// enters tells whether the role enters records of a group.
func enters(r store.Role) bool {
	return r == store.Chair || r == store.Secretary || r == store.Treasurer || r == store.Owner
}

// mentors tells whether a mentor is the one of a person's group once the import is kept.
func (c *changes) mentors(mentor, of twin) bool {
	if of.change != nil && of.change.group != nil {
		g := of.change.group
		return g.mentor != nil && g.mentor == mentor.change || g.recipient.Mentor != 0 && g.recipient.Mentor == mentor.person.ID
	}
	for _, g := range c.groups {
		if g.recipient.ID == of.person.Recipient {
			return g.mentor != nil && g.mentor == mentor.change || g.recipient.Mentor != 0 && g.recipient.Mentor == mentor.person.ID
		}
	}
	return false
}

// tie keeps who is taken for one human. It comes after the people are written, when all have an id.
func (c *changes) tie(ctx context.Context, tx store.Tx) error {
	for _, t := range c.ties {
		for _, pair := range [][2]twin{{t[0], t[1]}, {t[1], t[0]}} {
			p, err := tx.Person(ctx, pair[0].id())
			if err != nil {
				return err
			}
			if id := pair[1].id(); !slices.Contains(p.Sponsors, id) {
				p.Sponsors = append(slices.Clone(p.Sponsors), id)
				if err := tx.PutPerson(ctx, "person.tied", &p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (t twin) id() store.ID {
	if t.change != nil {
		return t.change.person.ID
	}
	return t.person.ID
}
