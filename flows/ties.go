package flows

import (
	"context"
	"slices"
	"strings"

	"pendamping/store"
)

// The bot knows one human by the account: what one person of an account enters, no other person of it verifies. This file keeps
// that so when accounts and persons change hands, by whatever way: somebody joins, loses a phone, leaves the group, is
// erased and comes back, or an import says something else.

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

// Left are those of a list with whom a person who gets another account, or none, shared the one before.
func Left(p store.Person, account int64, list []store.Person) (shared []store.Person) {
	if p.Account == 0 || p.Account == account {
		return nil
	}
	for _, o := range list {
		if o.ID != p.ID && o.Account == p.Account {
			shared = append(shared, o)
		}
	}
	return shared
}

// rebind gives a person another account, 0 for none. With whom they shared the one before they stay tied: else one human would become
// two by another phone. The caller keeps the person.
func rebind(ctx context.Context, tx store.Tx, p *store.Person, account int64) error {
	if p.Account != 0 && p.Account != account {
		acc, err := tx.Account(ctx, p.Account)
		if err != nil {
			return err
		}
		for _, o := range Left(*p, account, acc.People) {
			if !Tie(p, &o) {
				continue
			}
			if err := tx.PutPerson(ctx, "person.tied", &o); err != nil {
				return err
			}
		}
	}
	p.Account = account
	return nil
}

// Erase takes a person's name, number, account and words away: see store.Tx.ErasePerson. Whoever verifies and shared the account stays
// tied to what the person entered.
func Erase(ctx context.Context, tx store.Tx, p store.Person) error {
	account := p.Account
	if err := rebind(ctx, tx, &p, 0); err != nil {
		return err
	}
	p.Account = account
	return tx.ErasePerson(ctx, p)
}

// Returns takes a person who is new in the records for those of the same code who were erased: nobody can tell any more whether they are
// the same human, so the new one has the ties of each. It reports whether there is such a one.
func Returns(p *store.Person, erased []store.Person) (any bool) {
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

// bothAfter is wouldBeBoth among the people of a recipient, its mentors and who comes. What is so already is not for the change to mend, and by
// another phone nobody gets an office: the door looks at who comes.
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
