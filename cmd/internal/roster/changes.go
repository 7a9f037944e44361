package roster

import (
	"fmt"
	"reflect"
	"slices"

	"pendamping/cmd/internal/roster/table"
	"pendamping/flows/text"
	"pendamping/store"
)

// changes is the difference between the files and the records.
type changes struct {
	program  *store.Program // to add
	pinned   *store.Program // what new recipients are pinned to: known, or program
	groups   []*groupChange
	people   []*personChange
	plans    []*planChange
	ties     [][2]twin // persons who are taken for one human
	notes    []string
	problems table.Problems
	files    files
	overrule bool // the roster has the last word against the chat
}

type personChange struct {
	person         store.Person
	group          *groupChange // of a group's people and owners
	line           int          // in the roster
	known, changed bool
	consent        *store.Consent // to add
}

type groupChange struct {
	recipient      store.Recipient
	mentor         *personChange // when the file has the mentor too
	known, changed bool
	cancel         []store.Entry // of the book: what the roster said before
	grant          bool          // to add to the book
}

type planChange struct {
	plan  store.Plan
	code  string
	group *groupChange // when the file has the recipient too
}

// compare works out what the files change. It writes nothing.
func compare(k *known, f files, notice string, overrule bool) *changes {
	c := &changes{files: f, problems: f.problems, overrule: overrule}
	c.compareProgram(k, f)
	groups := map[string]*groupChange{}
	for _, g := range f.roster.Groups {
		groups[text.Fold(g.Recipient.Code)] = c.compareGroup(k, g)
	}
	c.comparePeople(k, f.roster, groups, notice)
	mentors := map[string]*personChange{}
	for _, p := range c.people {
		if p.person.Role == store.Mentor {
			mentors[text.Fold(p.person.Code)] = p
		}
	}
	for _, g := range f.roster.Groups {
		c.compareMentor(k, g, groups[text.Fold(g.Recipient.Code)], mentors[text.Fold(g.Mentor)])
	}
	c.compareTwins(k)
	c.doubts(k)
	for _, plan := range f.plans {
		c.comparePlan(k, f.plansFile, plan, groups[text.Fold(plan.Code)])
	}
	return c
}

func (c *changes) fail(file string, line int, format string, args ...any) {
	c.problems.Add(file, line, format, args...)
}

func (c *changes) note(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

func (c *changes) compareProgram(k *known, f files) {
	if p := f.program; p != nil {
		last := k.latest(p.Code)
		same, ok := k.editions[p.Code][p.Edition]
		switch {
		case ok && !reflect.DeepEqual(same.Rules, p.Rules):
			c.fail(f.programFile, 0, "version %d of %s is known with other rules, and a version never changes: "+
				"give it version %d", p.Edition, p.Code, last.Edition+1)
			return
		case ok:
			c.pinned = &same
		case p.Edition == 0 && last.Edition > 0 && reflect.DeepEqual(last.Rules, p.Rules):
			c.pinned = &last
		default:
			if p.Edition == 0 {
				p.Edition = last.Edition + 1
			}
			c.program, c.pinned = p, p
		}
		return
	}
	if c.pinned = k.newest; c.pinned == nil {
		c.pinned = &store.Program{Code: DefaultProgram, Edition: 1, Rules: store.DefaultRules()}
	}
}

// merged is the known recipient with what the file says of it; what the file leaves empty stays.
func (g *Group) merged(r store.Recipient) store.Recipient {
	said := g.Recipient
	for _, f := range []struct{ to, value *string }{
		{&r.Name, &said.Name}, {&r.Regency, &said.Regency}, {&r.Village, &said.Village}, {&r.Wave, &said.Wave},
	} {
		if *f.value != "" {
			*f.to = *f.value
		}
	}
	if said.Province != "" {
		r.Province, r.Zone = said.Province, said.Zone
	}
	if said.Grant != 0 {
		r.Grant = said.Grant
	}
	if said.Disbursed != "" {
		r.Disbursed = said.Disbursed
	}
	return r
}

// grantChanges tells whether the book has to say something else about the money that came in.
func grantChanges(before, after store.Recipient) bool {
	return after.Grant > 0 && after.Disbursed != "" && (before.Grant != after.Grant ||
		before.Disbursed != after.Disbursed)
}

func (c *changes) compareGroup(k *known, g *Group) *groupChange {
	before, ok := k.recipients[text.Fold(g.Recipient.Code)]
	change := &groupChange{known: ok}
	file := c.files.roster.File
	if ok {
		if before.Single != g.Recipient.Single {
			c.fail(file, g.Line, "%s is known as a %s",
				before.Code, map[bool]string{
					true: "penerima, not a group", false: "group, not a penerima",
				}[before.Single])
		}
		change.recipient = g.merged(before)
		change.changed = change.recipient != before
	} else {
		change.recipient = g.Recipient
		if g.Recipient.Name == "" {
			c.fail(file, g.Line, "kelompok is empty on every line of %s", g.Recipient.Code)
		}
	}
	if p := g.Recipient.Province; p != "" && g.Recipient.Zone == "" {
		c.note("%s: provinsi %q is none of the 38%s, so no coordinator of a province sees this group, "+
			"unless theirs is written the same, and its clock is the default one", g.Recipient.Code, p, meant(p))
	}
	if grantChanges(before, change.recipient) {
		if change.recipient.Disbursed > c.files.today {
			c.note("%s: tanggal_cair %s is in the future", change.recipient.Code, change.recipient.Disbursed)
		}
		standing := slices.DeleteFunc(slices.Clone(k.entries[before.ID]), func(e store.Entry) bool {
			return e.Kind != store.EntryGrant || e.State != store.EntryStands
		})
		if slices.ContainsFunc(standing, func(e store.Entry) bool { return e.By != 0 }) {
			c.note("%s: somebody entered dana masuk in the chat, so its book stays as it is", before.Code)
		} else {
			change.cancel, change.grant = standing, true
		}
	}
	c.groups = append(c.groups, change)
	return change
}

func (c *changes) compareMentor(k *known, g *Group, change *groupChange, mentor *personChange) {
	if g.Mentor == "" {
		return
	}
	id := k.mentors[text.Fold(g.Mentor)]
	if now, ok := k.byID[change.recipient.Mentor]; ok && text.Fold(now.Code) == text.Fold(g.Mentor) {
		id = now.ID // of several with that code
	}
	switch {
	case mentor != nil:
		change.mentor, id = mentor, mentor.person.ID
	case id == 0:
		c.fail(c.files.roster.File, g.MentorAt, "pendamping %q is neither in the file nor known", g.Mentor)
		return
	}
	if c.sameMentor(k, change.recipient, mentor) {
		return
	}
	if c.keepsMentor(k, g, change.recipient, id) {
		change.mentor = nil
		return
	}
	if change.known && (id == 0 || id != change.recipient.Mentor) {
		change.changed = true
	}
	change.recipient.Mentor = id
}
