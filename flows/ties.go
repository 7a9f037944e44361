package flows

import (
	"context"
	"slices"
	"strings"

	"pendamping/store"
)

// The bot knows one human by the account: what one person of an account enters, no other person of it verifies. This file keeps
// that so when accounts and persons change hands, by whatever way: somebody joins, loses a phone, leaves the group, is
// erased and comes back, or an import says something else. Whoever ever shared an account counts as one human for good.

// verifies tells whether a role looks at what others enter.
func verifies(r store.Role) bool { return slices.Contains(roles(mentors, field), r) }

// Tie makes two persons sponsors of each other, as one human, where one of them verifies what others enter. It reports whether that
// changed anything.
func Tie(a, b *store.Person) bool {
	if !verifies(a.Role) && !verifies(b.Role) || a.ID == b.ID || slices.Contains(a.Sponsors, b.ID) && slices.Contains(b.Sponsors, a.ID) {
		return false
	}
	a.Sponsors, b.Sponsors = withHands(a.Sponsors, b.ID), withHands(b.Sponsors, a.ID)
	return true
}

// OneHuman are all other persons who are known to be one human with somebody who has an account, or gets it: who shares an account with
// them or ever did, who is tied to them, and so on from each to the next. sharers are those of one person: see store.People.Sharers.
func OneHuman(person store.ID, account int64, sharers func(person store.ID, account int64) ([]store.Person, error)) (list []store.Person, err error) {
	for ask := []store.ID{person}; len(ask) > 0; ask, account = ask[1:], 0 {
		found, err := sharers(ask[0], account)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			if o.ID != person && !slices.ContainsFunc(list, func(p store.Person) bool { return p.ID == o.ID }) {
				list, ask = append(list, o), append(ask, o.ID)
			}
		}
	}
	return list, nil
}

// TieAll ties a person and the others who are known to be the same human, each to each, and returns those of the others whom that
// changed. Whoever was erased stays as they are.
func TieAll(p *store.Person, others []store.Person) (changed []store.Person) {
	others = slices.Clone(others)
	was := make([]bool, len(others))
	for i := range others {
		was[i] = Tie(p, &others[i])
		for j := range i {
			if Tie(&others[i], &others[j]) {
				was[i], was[j] = true, true
			}
		}
	}
	for i, o := range others {
		if was[i] && !erased(o) {
			changed = append(changed, o)
		}
	}
	return changed
}

// erased tells whether nothing is known of a person any more.
func erased(p store.Person) bool { return p.ID != 0 && p.Key == "" && p.Name == "" }

// sameHuman is OneHuman by the records.
func sameHuman(ctx context.Context, tx store.Tx, person store.ID, account int64) ([]store.Person, error) {
	return OneHuman(person, account, func(person store.ID, account int64) ([]store.Person, error) { return tx.Sharers(ctx, person, account) })
}

// rebind gives a person another account, 0 for none. All who are the same human by the account of before or by the new one stay tied from
// then on: else one human would become two by another phone. The caller keeps the person.
func rebind(ctx context.Context, tx store.Tx, p *store.Person, account int64) error {
	if p.Account == account {
		return nil
	}
	if err := tieHuman(ctx, tx, p, account); err != nil {
		return err
	}
	p.Account = account
	return nil
}

// tieHuman ties a person and all who are the same human. The caller keeps the person.
func tieHuman(ctx context.Context, tx store.Tx, p *store.Person, account int64) error {
	human, err := sameHuman(ctx, tx, p.ID, account)
	if err != nil {
		return err
	}
	for _, o := range TieAll(p, human) {
		if err := tx.PutPerson(ctx, "person.tied", &o); err != nil {
			return err
		}
	}
	return nil
}

// Erase takes a person's name, number, account and words away: see store.Tx.ErasePerson. Whoever is the same human stays tied to what the
// person entered.
func Erase(ctx context.Context, tx store.Tx, p store.Person) error {
	if err := tieHuman(ctx, tx, &p, p.Account); err != nil {
		return err
	}
	return tx.ErasePerson(ctx, p)
}

// InheritTies gives a person who is new in the records the ties of those of the same code who were erased: nobody can tell any more
// whether they are the same human, so the new one has the ties of each. It reports whether there is such a one.
func InheritTies(p *store.Person, erased []store.Person) (any bool) {
	for _, e := range erased {
		if e.Code == "" || !strings.EqualFold(e.Code, p.Code) || verifies(e.Role) != verifies(p.Role) {
			continue
		}
		any = true
		if len(e.Sponsors) > 0 || verifies(e.Role) {
			p.Sponsors = withHands(withHands(p.Sponsors, e.ID), e.Sponsors...)
		}
	}
	return any
}

// same tells whether two persons are one human by their account or number.
func same(a, b store.Person) bool {
	return a.ID != 0 && a.ID == b.ID || a.Account != 0 && a.Account == b.Account || a.WA != "" && a.WA == b.WA
}

// OwnGroup tells whether one of two persons, who are one human, looks after the group of which the other one is an officer: nobody is
// both. looksAfter tells whether a mentor is the one of a person's group.
func OwnGroup(a, b store.Person, looksAfter func(mentor, of store.Person) bool) bool {
	for _, pair := range [][2]store.Person{{a, b}, {b, a}} {
		if m, o := pair[0], pair[1]; m.Role == store.Mentor && slices.Contains(officers, o.Role) && looksAfter(m, o) {
			return true
		}
	}
	return false
}

// mentored is looksAfter of OwnGroup where the recipient is known; a mentor who is away counts too.
func mentored(of store.Recipient) func(mentor, of store.Person) bool {
	return func(m, o store.Person) bool {
		return of.ID != 0 && o.Recipient == of.ID && m.ID != 0 && (m.ID == of.Mentor || m.ID == of.Regular)
	}
}

// wouldBeBoth tells whether a change of a recipient's people would let somebody look after the group of which they are an officer.
func wouldBeBoth(ctx context.Context, tx store.Tx, of store.Recipient, h store.Handover) (bool, error) {
	people, err := tx.Members(ctx, of.ID)
	if err != nil {
		return false, err
	}
	for _, id := range []store.ID{of.Mentor, of.Regular, h.To} {
		p, err := author(ctx, tx, id)
		if err != nil {
			return false, err
		}
		people = append(people, p)
	}
	return bothAfter(of, h, people), nil
}

// bothAfter is wouldBeBoth among the people of a recipient, its mentors and who comes. A conflict from before does not
// block a change, and another phone gives no office: joining looks at who comes.
func bothAfter(of store.Recipient, h store.Handover, people []store.Person) bool {
	if h.Kind == store.PhoneLost {
		return false
	}
	if h.Kind != store.OfficerMoves {
		of.Mentor, of.Regular = h.To, 0
	}
	people = slices.Clone(people)
	for i := range people {
		if h.Kind == store.OfficerMoves && people[i].ID == h.To {
			people[i].Role = h.Role
		}
	}
	for _, m := range people {
		for _, p := range people {
			if (m.ID == h.To || p.ID == h.To) && same(m, p) && OwnGroup(m, p, mentored(of)) {
				return true
			}
		}
	}
	return false
}
