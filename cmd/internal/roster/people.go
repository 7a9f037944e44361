package roster

import (
	"cmp"
	"reflect"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/text"
	"pendamping/store"
)

// comparePeople goes through the rows; one known person is meant by one row at most.
func (c *changes) comparePeople(k *known, roster Roster, groups map[string]*groupChange, notice string) {
	taken := map[store.ID]int{}
	bound := map[seat]store.ID{}
	for id, p := range k.byID {
		bound[seat{p.Account, p.Role, text.Fold(p.Code)}] = id
	}
	named := k.named(roster)
	waiting := 0
	for _, row := range roster.People {
		before, ok := k.match(row)
		if line := taken[before.ID]; ok && line != 0 {
			c.fail(roster.File, row.Line, "the same known person as line %d: give both an id", line)
			continue
		}
		taken[before.ID] = row.Line
		if !ok && c.refusesSuccessor(k, row, named) {
			continue
		}
		change := &personChange{person: mergedPerson(before, row.Person), known: ok, line: row.Line}
		if ok && c.keepsPerson(k, row, before) {
			change.person = before
			c.people = append(c.people, change)
			continue
		}
		if row.Group != nil {
			change.group = groups[text.Fold(row.Person.Code)]
			change.person.Recipient, change.person.Code = change.group.recipient.ID, change.group.recipient.Code
		}
		if row.Person.Key == row.Name && ok && strings.HasPrefix(before.Key, "id:") {
			change.person.Key = before.Key // the row has no id, the person has
		}
		if ok {
			c.keepsCorrected(k, row, before, &change.person)
		}
		switch {
		case row.Person.Account == 0:
		case row.Consent == "":
			if before.Account == 0 {
				waiting++
			}
		default:
			c.bind(k, row, before, change, notice)
		}
		if holders := k.holders[seat{role: row.Person.Role, code: text.Fold(row.Person.Code)}]; !ok && c.overrule {
			dialog.InheritTies(&change.person, unnamed(holders, named))
		}
		if !ok && dialog.InheritTies(&change.person, k.erased[text.Fold(change.person.Code)]) {
			c.note("%s line %d: somebody of %s was erased before, and this new %s is taken for the same human: "+
				"who was tied to that one verifies nothing that this one enters",
				roster.File, row.Line, change.person.Code, change.person.Role)
		}
		now := change.person
		if _, zone := province(now.Province); now.Role == store.Coordinator && now.Province != "" && zone == "" {
			c.note("%s line %d: provinsi %q is none of the 38%s, so this koordinator sees only groups whose province "+
				"is written the same", roster.File, row.Line, now.Province, meant(now.Province))
		}
		other := bound[seat{now.Account, now.Role, text.Fold(now.Code)}]
		if now.Account != 0 && other != 0 && other != before.ID {
			c.note("%s line %d: this account is already a %s of %s under another name, who stays: to rename people, "+
				"give them an id first",
				roster.File, row.Line, now.Role, now.Code)
		}
		change.changed = ok && (!reflect.DeepEqual(change.person, before) || change.group != nil && !change.group.known)
		c.people = append(c.people, change)
	}
	if waiting > 0 {
		c.note("%d with a telegram_id but no persetujuan stay unbound until they accept an invitation", waiting)
	}
}

// mergedPerson is the known person with what the row says; organisation and phone stay where the row is silent, and
// so does the place, except a coordinator's: there empty means everything below.
func mergedPerson(before, row store.Person) store.Person {
	p := before
	p.Key, p.Role, p.Code, p.Name, p.Recipient = row.Key, row.Role, row.Code, row.Name, 0
	p.Organisation, p.WA = cmp.Or(row.Organisation, before.Organisation), cmp.Or(row.WA, before.WA)
	if row.Role == store.Coordinator {
		p.Province, p.Regency = row.Province, row.Regency
	} else {
		p.Province, p.Regency = cmp.Or(row.Province, before.Province), cmp.Or(row.Regency, before.Regency)
	}
	return p
}

// bind ties the person to the account for which consent was given on paper. A paper never overturns a later withdrawal.
func (c *changes) bind(k *known, row Person, before store.Person, change *personChange, notice string) {
	given := row.Consent.Time()
	if before.Consent == "" {
		if last, ok := k.consents[before.ID]; ok && !last.Withdrawn.IsZero() && !given.After(last.Withdrawn) {
			c.note("%s line %d: consent was withdrawn after %s, so this person stays as they are",
				c.files.roster.File, row.Line, row.Consent)
			return
		}
		change.consent = &store.Consent{Person: before.ID, Notice: notice, Given: given, Source: "paper"}
	}
	change.person.Account = row.Person.Account
}

// seat is one account in one role; two persons in it can't be told apart in the chat.
type seat struct {
	account int64
	role    store.Role
	code    string
}
