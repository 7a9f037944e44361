package dialog

import (
	"context"
	"slices"
	"strings"

	"pendamping/store"
)

// Sponsored are persons and their sponsors.
func Sponsored(ctx context.Context, tx store.Tx, list []store.ID) ([]store.ID, error) {
	all := list
	for _, id := range list {
		p, err := tx.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		all = WithHands(all, p.Sponsors...)
	}
	return all, nil
}

// The bot knows one human by the account: what one person of an account enters, no other person of it verifies. This
// file keeps that so when accounts and persons change hands, by whatever way: somebody joins, loses a phone, leaves the
// group, is erased and comes back, or an import says something else. Whoever ever shared an account or a number counts
// as one human for good.

// Verifies tells whether a role looks at what others enter.
func Verifies(r store.Role) bool { return slices.Contains(Roles(Mentors, Field), r) }

// Tie makes two persons sponsors of each other, as one human, where one of them verifies what others enter. It reports
// whether that changed anything.
func Tie(a, b *store.Person) bool {
	if !Verifies(a.Role) && !Verifies(b.Role) || a.ID == b.ID || slices.Contains(a.Sponsors, b.ID) &&
		slices.Contains(b.Sponsors, a.ID) {
		return false
	}
	a.Sponsors, b.Sponsors = WithHands(a.Sponsors, b.ID), WithHands(b.Sponsors, a.ID)
	return true
}

// OneHuman are all other persons who are known to be one human with somebody as they are, or are about to be: who
// shares an account or a number with them or ever did, who is tied to them, and so on from each to the next. sharers
// are those of one person: see store.People.Sharers.
func OneHuman(p store.Person, sharers func(store.Person) ([]store.Person, error)) (list []store.Person, err error) {
	known := map[store.ID]bool{p.ID: true}
	for ask := []store.Person{p}; len(ask) > 0; ask = ask[1:] {
		found, err := sharers(ask[0])
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			if !known[o.ID] {
				known[o.ID] = true
				list, ask = append(list, o), append(ask, o)
			}
		}
	}
	return list, nil
}

// Everybody tells who shares what where all are known at once, as an import knows them: what store.People.Sharers tells
// from the records.
type Everybody struct {
	people   map[store.ID]store.Person
	contacts map[store.ID][]contact
	holders  map[contact][]store.ID
	same     map[store.ID][]store.ID // by store.Person.Same, either way
}

// contact is an account or a WhatsApp number.
type contact struct {
	account int64
	wa      string
}

// Add makes a person known, or known as they are now: what they had before stays theirs.
func (e *Everybody) Add(p store.Person) {
	if e.people == nil {
		e.people, e.contacts, e.holders = map[store.ID]store.Person{}, map[store.ID][]contact{},
			map[contact][]store.ID{}
		e.same = map[store.ID][]store.ID{}
	}
	e.people[p.ID] = p
	for _, n := range contactsOf(p) {
		if !slices.Contains(e.contacts[p.ID], n) {
			e.contacts[p.ID], e.holders[n] = append(e.contacts[p.ID], n), append(e.holders[n], p.ID)
		}
	}
	for _, id := range p.Same {
		e.same[p.ID], e.same[id] = WithHands(e.same[p.ID], id), WithHands(e.same[id], p.ID)
	}
}

func contactsOf(p store.Person) (list []contact) {
	if p.Account != 0 {
		list = append(list, contact{account: p.Account})
	}
	if p.WA != "" {
		list = append(list, contact{wa: p.WA})
	}
	return list
}

// Person is the known person with an id.
func (e *Everybody) Person(id store.ID) store.Person { return e.people[id] }

// Sharers are those of a person: see store.People.Sharers.
func (e *Everybody) Sharers(p store.Person) (list []store.Person, never error) {
	for _, n := range append(contactsOf(p), e.contacts[p.ID]...) {
		for _, id := range e.holders[n] {
			if id != p.ID {
				list = append(list, e.people[id])
			}
		}
	}
	for _, id := range e.people[p.ID].Sponsors {
		if o := e.people[id]; slices.Contains(o.Sponsors, p.ID) {
			list = append(list, o)
		}
	}
	for _, id := range e.same[p.ID] {
		list = append(list, e.people[id])
	}
	return list, nil
}

// Common says what two persons have in common: "have the same wa" and the like.
func (e *Everybody) Common(a, b store.Person) string {
	had := func(of func(contact) bool) bool {
		return slices.ContainsFunc(e.contacts[a.ID], func(n contact) bool {
			return of(n) &&
				slices.Contains(e.contacts[b.ID], n)
		})
	}
	switch {
	case a.WA != "" && a.WA == b.WA:
		return "have the same wa"
	case a.Account != 0 && a.Account == b.Account:
		return "have the same telegram_id"
	case had(func(n contact) bool { return n.account != 0 }):
		return "had the same telegram_id"
	case had(func(n contact) bool { return n.wa != "" }):
		return "had the same wa"
	}
	return "each share a telegram_id or wa with somebody else, or did"
}

// TieAll ties a person and the others who are known to be the same human, each to each, and returns those of the others
// whom that changed. Whoever was erased stays as they are.
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
		if was[i] && !Erased(o) {
			changed = append(changed, o)
		}
	}
	return changed
}

// Erased tells whether nothing is known of a person any more.
func Erased(p store.Person) bool { return p.ID != 0 && p.Key == "" && p.Name == "" }

// SameHuman is OneHuman by the records.
func SameHuman(ctx context.Context, tx store.Tx, p store.Person) ([]store.Person, error) {
	return OneHuman(p, func(p store.Person) ([]store.Person, error) { return tx.Sharers(ctx, p) })
}

// Rebind gives a person another account, 0 for none. All who are the same human by the account of before or by the new
// one stay tied from then on: else one human would become two by another phone. The caller keeps the person.
func Rebind(ctx context.Context, tx store.Tx, p *store.Person, account int64) error {
	if p.Account == account {
		return nil
	}
	p.Account = account
	return TieHuman(ctx, tx, p)
}

// TieHuman ties a person, as they are about to be kept, and all who are the same human by what is kept or will be. The
// caller keeps the person.
func TieHuman(ctx context.Context, tx store.Tx, p *store.Person) error {
	human, err := SameHuman(ctx, tx, *p)
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

// EraseWA takes a person's number away. Whoever is the same human by it stays so.
func EraseWA(ctx context.Context, tx store.Tx, id store.ID) error {
	p, err := remember(ctx, tx, id)
	if err != nil {
		return err
	}
	return tx.EraseNumber(ctx, p)
}

// Erase takes a person's name, number, account and words away: see store.Tx.ErasePerson. Whoever is the same human
// stays so.
func Erase(ctx context.Context, tx store.Tx, id store.ID) error {
	p, err := remember(ctx, tx, id)
	if err != nil {
		return err
	}
	return tx.ErasePerson(ctx, p)
}

// remember reads a person as they are to be kept before something of them is erased: tied to all who are the same
// human, and with all of these as Same. Two who verify nothing are not tied, but one of them may come to verify when
// nothing else tells of the other any more.
func remember(ctx context.Context, tx store.Tx, id store.ID) (store.Person, error) {
	p, err := tx.Person(ctx, id)
	if err != nil {
		return p, err
	}
	human, err := SameHuman(ctx, tx, p)
	if err != nil {
		return p, err
	}
	Remember(&p, human)
	return p, TieHuman(ctx, tx, &p)
}

// Remember keeps with a person of whom something is erased who is the same human.
func Remember(p *store.Person, human []store.Person) {
	for _, o := range human {
		p.Same = WithHands(p.Same, o.ID)
	}
}

// InheritTies gives a person who is new in the records the ties of those of the same code who were erased: nobody can
// tell any more whether they are the same human, so the new one has the ties of each. It reports whether there is such
// a one.
func InheritTies(p *store.Person, erased []store.Person) (any bool) {
	for _, e := range erased {
		if e.Code == "" || !strings.EqualFold(e.Code, p.Code) || Verifies(e.Role) != Verifies(p.Role) {
			continue
		}
		any = true
		if len(e.Sponsors) > 0 || len(e.Same) > 0 || Verifies(e.Role) {
			p.Sponsors = WithHands(WithHands(p.Sponsors, e.ID), e.Sponsors...)
		}
	}
	return any
}

// Same tells whether two persons are one human by their account or number.
func SharesContact(a, b store.Person) bool {
	return a.ID != 0 && a.ID == b.ID || a.Account != 0 && a.Account == b.Account || a.WA != "" && a.WA == b.WA
}

// OwnGroup tells whether one of two persons, who are one human, looks after the group of which the other one is an
// officer: nobody is both. looksAfter tells whether a mentor is the one of a person's group.
func OwnGroup(a, b store.Person, looksAfter func(mentor, of store.Person) bool) bool {
	for _, pair := range [][2]store.Person{{a, b}, {b, a}} {
		if m, o := pair[0], pair[1]; m.Role == store.Mentor && slices.Contains(Officers, o.Role) && looksAfter(m, o) {
			return true
		}
	}
	return false
}

// Mentored is looksAfter of OwnGroup where the recipient is known; a mentor who is away counts too.
func Mentored(of store.Recipient) func(mentor, of store.Person) bool {
	return func(m, o store.Person) bool {
		return of.ID != 0 && o.Recipient == of.ID && m.ID != 0 && (m.ID == of.Mentor || m.ID == of.Regular)
	}
}

// WouldBeBoth tells whether a change of a recipient's people would let somebody look after the group of which they are
// an officer.
func WouldBeBoth(ctx context.Context, tx store.Tx, of store.Recipient, h store.Handover) (bool, error) {
	to, err := Author(ctx, tx, h.To)
	if err != nil || to.ID == 0 {
		return false, err
	}
	human, err := SameHuman(ctx, tx, to)
	return BothAfter(of, h, to, human), err
}

// BothAfter reports whether a change would make who comes, or anybody who is the same human, both verify and enter for
// a group. A conflict from before does not block a change, and another phone gives no office: joining looks at who
// comes.
func BothAfter(of store.Recipient, h store.Handover, to store.Person, human []store.Person) bool {
	switch h.Kind {
	case store.PhoneLost:
		return false
	case store.OfficerMoves:
		to.Role = h.Role
	default:
		of.Mentor, of.Regular = h.To, 0
	}
	return slices.ContainsFunc(human, func(o store.Person) bool { return !Erased(o) && OwnGroup(to, o, Mentored(of)) })
}
