package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pendamping/flows"
	"pendamping/store"
)

// A person who stands in the roster twice, once to enter and once to verify, would be their own witness: the bot knows one human by the
// account, and two accounts of one human look like two humans. Persons with the same telegram_id or the same wa are therefore named.
//
// Refused is only a mentor who is also officer or owner in a group that she herself mentors, because she would verify her own group.
// Everybody else may be several persons, as a mentor who is also a coordinator: these are named as a note and tied, so that neither
// verifies what the other entered, also when they use two accounts (see store.Person.Sponsors). So are persons who shared an account until
// the file gave one of them another, who get an account that was another's, and somebody who is new where somebody was erased (see
// flows.OneHuman and flows.InheritTies).

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
	changed := map[store.ID]*personChange{}
	now := func(id store.ID) twin {
		if p := changed[id]; p != nil {
			return twin{p, p.person, p.line}
		}
		return twin{person: k.byID[id]}
	}
	for _, p := range c.people {
		add(twin{p, p.person, p.line})
		if p.person.ID != 0 {
			changed[p.person.ID] = p
		}
	}
	for _, id := range slices.Sorted(maps.Keys(k.byID)) {
		if changed[id] == nil {
			add(now(id))
		}
	}
	for _, key := range order {
		list := byNumber[key]
		for i, a := range list {
			for _, b := range list[i+1:] {
				c.twins(k, a, b, "have the same "+strings.Fields(key)[0])
			}
		}
	}
	named := map[[2]store.ID]bool{}
	for _, p := range c.people {
		if p.person.Account == k.byID[p.person.ID].Account {
			continue
		}
		human, _ := flows.OneHuman(p.person.ID, p.person.Account, k.sharers)
		for _, o := range human {
			if o.Key == "" {
				continue // erased
			}
			a, b := twin{p, p.person, p.line}, now(o.ID)
			if pair := [2]store.ID{b.person.ID, a.person.ID}; !named[pair] && (a.person.Account == 0 || a.person.Account != b.person.Account) {
				named[[2]store.ID{a.person.ID, b.person.ID}] = true
				c.twins(k, a, b, "had the same telegram_id")
			}
		}
	}
}

// twins names two persons who are one human, by what they have in common, and refuses what would make a mentor verify herself. What was
// so before the file is named and no reason to refuse it: else one such pair would keep everybody's import back.
func (c *changes) twins(k *known, a, b twin, have string) {
	if !a.verifies() && !b.verifies() || a.person.ID != 0 && a.person.ID == b.person.ID {
		return
	}
	file := c.files.roster.File
	if flows.OwnGroup(a.person, b.person, a.mentorFirst(b, func(mentor, of twin) bool { return c.mentors(k, mentor, of) })) {
		if !k.ownGroup(a, b) {
			c.fail(file, max(a.line, b.line),
				"%s and %s %s: nobody verifies a group that they are officer of; give the group another mentor", a.name(), b.name(), have)
			return
		}
		c.note("%s and %s %s, as they did before: she looks after a group that she is officer of, so give it another mentor",
			a.name(), b.name(), have)
	}
	if a.change == nil && b.change == nil || a.person.ID != 0 && slices.Contains(b.person.Sponsors, a.person.ID) {
		return // named when they were tied
	}
	c.note("%s and %s %s: they are taken for one human, and neither verifies what the other enters", a.name(), b.name(), have)
	c.ties = append(c.ties, [2]twin{a, b})
}

// mentorFirst is looksAfter of flows.OwnGroup for two twins, of whom one is a mentor: it asks about the twins, that one first.
func (t twin) mentorFirst(o twin, is func(mentor, of twin) bool) func(_, _ store.Person) bool {
	if t.person.Role != store.Mentor {
		t, o = o, t
	}
	return func(_, _ store.Person) bool { return is(t, o) }
}

// mentors tells whether a mentor is the one of a person's group once the import is kept; one who is away counts too.
func (c *changes) mentors(k *known, mentor, of twin) bool {
	is := func(r store.Recipient) bool {
		return mentor.person.ID != 0 && (r.Mentor == mentor.person.ID || r.Regular == mentor.person.ID)
	}
	for _, g := range c.groups {
		if of.change != nil && of.change.group == g || g.recipient.ID != 0 && g.recipient.ID == of.person.Recipient {
			return g.mentor != nil && g.mentor == mentor.change || is(g.recipient)
		}
	}
	r := k.recipients[fold(of.person.Code)]
	return r.ID != 0 && r.ID == of.person.Recipient && is(r)
}

// ownGroup tells whether the records had two persons as one human, one the mentor of the group of which the other is an officer.
func (k *known) ownGroup(a, b twin) bool {
	a.person, b.person = k.byID[a.person.ID], k.byID[b.person.ID]
	human, _ := flows.OneHuman(a.person.ID, 0, k.sharers)
	shared := slices.ContainsFunc(human, func(p store.Person) bool { return p.ID == b.person.ID })
	if !shared && (a.person.WA == "" || a.person.WA != b.person.WA) {
		return false
	}
	return flows.OwnGroup(a.person, b.person, a.mentorFirst(b, func(mentor, of twin) bool {
		r := k.recipients[fold(of.person.Code)]
		return r.ID != 0 && r.ID == of.person.Recipient && (r.Mentor == mentor.person.ID || r.Regular == mentor.person.ID)
	}))
}

// tie keeps who is taken for one human. It comes after the people are written, when all have an id.
func (c *changes) tie(ctx context.Context, tx store.Tx) error {
	for _, t := range c.ties {
		a, err := tx.Person(ctx, t[0].id())
		if err != nil {
			return err
		}
		b, err := tx.Person(ctx, t[1].id())
		if err != nil {
			return err
		}
		if !flows.Tie(&a, &b) {
			continue
		}
		for _, p := range []*store.Person{&a, &b} {
			if err := tx.PutPerson(ctx, "person.tied", p); err != nil {
				return err
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
