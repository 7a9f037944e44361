package roster

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/text"
	"pendamping/store"
)

// A person who stands in the roster twice, once to enter and once to verify, would be their own witness: the bot
// knows one human by the account, and two accounts of one human look like two humans. Persons with the same
// telegram_id or the same wa are therefore named.
//
// Refused is only a mentor who is also officer or owner in a group that she herself mentors, because she would verify
// her own group. Everybody else may be several persons, as a mentor who is also a coordinator: these are named as a
// note and tied, so that neither verifies what the other entered, also when they use two accounts (see
// store.Person.Sponsors). So are persons who ever shared an account or a wa, by way of whomever, as soon as one of
// them verifies, and somebody who is new where somebody was erased (see dialog.OneHuman and dialog.InheritTies).

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

// compareTwins finds who stands in the roster or the records twice, by what they share with each other and by way of
// others: as everybody is once the import is kept.
func (c *changes) compareTwins(k *known) {
	after := k.everybody()
	var order []store.ID
	twins := map[store.ID]twin{}
	for i, p := range c.people {
		known := p.person
		if known.ID == 0 {
			known.ID = store.ID(-1 - i) // as long as it has none
		}
		after.Add(known)
		order, twins[known.ID] = append(order, known.ID), twin{p, p.person, p.line}
	}
	for _, id := range slices.Sorted(maps.Keys(k.byID)) {
		if _, named := twins[id]; !named {
			order, twins[id] = append(order, id), twin{person: k.byID[id]}
		}
	}
	place := map[store.ID]int{}
	for i, id := range order {
		place[id] = i
	}
	done := map[store.ID]bool{}
	for _, id := range order {
		if done[id] {
			continue
		}
		others, _ := dialog.OneHuman(after.Person(id), after.Sharers)
		human := []store.ID{id}
		for _, o := range others {
			if _, there := twins[o.ID]; there { // not erased
				human, done[o.ID] = append(human, o.ID), true
			}
		}
		slices.SortFunc(human, func(a, b store.ID) int { return place[a] - place[b] })
		for i, a := range human {
			for _, b := range human[i+1:] {
				c.twins(k, twins[a], twins[b], after.Common(after.Person(a), after.Person(b)))
			}
			for _, o := range others {
				if _, there := twins[o.ID]; !there {
					c.twinOfErased(twins[a], o)
				}
			}
		}
	}
}

// twins names two persons who are one human, by why they are, and refuses what would make a mentor verify herself.
// What was so before the file is named and no reason to refuse it: else one such pair would keep everybody's import
// back.
func (c *changes) twins(k *known, a, b twin, why string) {
	if !a.verifies() && !b.verifies() || a.person.ID != 0 && a.person.ID == b.person.ID {
		return
	}
	file := c.files.roster.File
	mentors := a.mentorFirst(b, func(mentor, of twin) bool { return c.mentors(k, mentor, of) })
	if dialog.OwnGroup(a.person, b.person, mentors) {
		if !k.ownGroup(a, b) {
			c.fail(file, max(a.line, b.line),
				"%s and %s %s: nobody verifies a group that they are officer of; give the group another mentor",
				a.name(), b.name(), why)
			return
		}
		c.note("%s and %s %s, as they did before: she looks after a group that she is officer of, "+
			"so give it another mentor",
			a.name(), b.name(), why)
	}
	tied := a.person.ID != 0 && b.person.ID != 0 &&
		slices.Contains(b.person.Sponsors, a.person.ID) && slices.Contains(a.person.Sponsors, b.person.ID)
	onePhone := a.person.Account != 0 && a.person.Account == b.person.Account
	if tied || onePhone && a.change == nil && b.change == nil {
		return // named when they were tied, or the account says it
	}
	c.note("%s and %s %s: they are taken for one human, and neither verifies what the other enters",
		a.name(), b.name(), why)
	c.ties = append(c.ties, [2]twin{a, b})
}

// twinOfErased ties a person to one who was erased and is known to be the same human.
func (c *changes) twinOfErased(a twin, erased store.Person) {
	gone := twin{person: erased}
	if !a.verifies() && !gone.verifies() || slices.Contains(a.person.Sponsors, erased.ID) {
		return
	}
	c.note("%s is one human with a %s of %s who was erased: neither verifies what the other entered",
		a.name(), erased.Role, erased.Code)
	c.ties = append(c.ties, [2]twin{a, gone})
}

// mentorFirst is looksAfter of dialog.OwnGroup for two twins, of whom one is a mentor: it asks about the twins, that
// one first.
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
	r := k.recipients[text.Fold(of.person.Code)]
	return r.ID != 0 && r.ID == of.person.Recipient && is(r)
}

// ownGroup tells whether the records had two persons as one human, one the mentor of the group of which the other is
// an officer.
func (k *known) ownGroup(a, b twin) bool {
	a.person, b.person = k.byID[a.person.ID], k.byID[b.person.ID]
	human, _ := dialog.OneHuman(a.person, k.everybody().Sharers)
	if !slices.ContainsFunc(human, func(p store.Person) bool { return p.ID == b.person.ID }) {
		return false
	}
	return dialog.OwnGroup(a.person, b.person, a.mentorFirst(b, func(mentor, of twin) bool {
		r := k.recipients[text.Fold(of.person.Code)]
		return r.ID != 0 && r.ID == of.person.Recipient && (r.Mentor == mentor.person.ID ||
			r.Regular == mentor.person.ID)
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
		if !dialog.Tie(&a, &b) {
			continue
		}
		for _, p := range []*store.Person{&a, &b} {
			if dialog.Erased(*p) {
				continue // who was erased stays as they are
			}
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
