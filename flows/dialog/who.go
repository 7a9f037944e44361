package dialog

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pendamping/store"
)

// EveryRole is a person with all others of the account.
func EveryRole(ctx context.Context, tx store.Tx, p store.Person) (Who, error) {
	if p.Account == 0 {
		return Who{Person: p, Account: &store.Account{People: []store.Person{p}}}, nil
	}
	acc, err := tx.Account(ctx, p.Account)
	return Who{Person: p, Account: &acc}, err
}

// Placed is a zone by its name, or the default where there is none.
func Placed(name string, zone *time.Location) *time.Location {
	if l, err := time.LoadLocation(name); err == nil && name != "" {
		return l
	}
	return zone
}

// Author is who did something; the zero Person where it came with the roster.
func Author(ctx context.Context, tx store.Tx, id store.ID) (store.Person, error) {
	if id == 0 {
		return store.Person{}, nil
	}
	return tx.Person(ctx, id)
}

// Hands are the person, in all roles of the account, and their sponsors: none of these may have had a hand in what they
// judge.
func (w Who) Hands() []store.ID {
	ids := []store.ID{w.ID}
	for _, p := range w.Account.People {
		ids = append(ids, p.ID)
	}
	return WithHands(ids, w.EverySponsor()...)
}

// Who is the person a message came from, in the role they speak in, and the recipient they speak for.
type Who struct {
	store.Person
	Account *store.Account  // changed in place, so that a new language holds at once
	For     store.Recipient // the zero Recipient when a mentor or coordinator speaks for none
	Zone    *time.Location
	Today   store.Day                     // at the recipient's place
	Bot     string                        // the bot's username, without @
	Rate    float64                       // of announcements, messages a second; 0: no limit
	Home    func(store.Role) []store.Text // the words on a role's home keyboard
	Read    Read                          // what was read in a picture of the nota in hand
	Words   func(store.Text) string       // what is written down for them, in the language of the papers
}

// DocumentLanguage is the language of what is printed and kept for the ministry.
const DocumentLanguage = "id"

// Behalf tells that a mentor acts for a group.
func (w Who) Behalf() bool { return w.Role == store.Mentor && w.For.ID != 0 }

// Know completes who: the recipient they speak for, and what day it is there.
func Know(
	ctx context.Context, tx store.Tx, acc *store.Account, p store.Person, speaksFor store.ID, set Setting,
) (Who, error) {
	w := Who{Person: p, Account: acc, Zone: set.Zone, Bot: set.Bot, Rate: set.Rate, Home: set.Home}
	w.Words = func(t store.Text) string { return set.Words(DocumentLanguage, t) }
	id := p.Recipient
	if p.Role == store.Mentor {
		id = speaksFor
	}
	if id != 0 {
		r, err := Recipient(ctx, tx, acc, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return w, err
		}
		if p.Role != store.Mentor || r.Mentor == p.ID {
			w.For = r
		}
	}
	w.Zone = Placed(w.For.Zone, w.Zone)
	w.Today = store.DayOf(tx.Now(), w.Zone)
	actor := w.Actor()
	if w.Behalf() {
		actor.Behalf = w.For.ID
	}
	tx.Act(actor)
	return w, nil
}

// ActorOf is a person as events name who acts: in their role, with those on whose proposal they have it.
func ActorOf(p store.Person) store.Actor {
	return store.Actor{Person: p.ID, Role: p.Role, Sponsors: p.Sponsors}
}

// Actor is the person as events name who acts.
func (w Who) Actor() store.Actor { return ActorOf(w.Person) }

// EverySponsor are those of all persons of the account, because whoever proposed one of them may hold the phone.
func (w Who) EverySponsor() []store.ID {
	list := w.Sponsors
	if w.Account != nil {
		for _, p := range w.Account.People {
			list = WithHands(list, p.Sponsors...)
		}
	}
	return list
}

// Proposers are the sponsors of the account's persons who are not one of these themselves.
func (w Who) Proposers() []store.ID { return slices.DeleteFunc(slices.Clone(w.EverySponsor()), w.Is) }

// SelfAndProposers are the person and the proposers: all who have a hand in what the person enters. Its other persons
// have the account, or are tied.
func (w Who) SelfAndProposers() []store.ID { return WithHands([]store.ID{w.ID}, w.Proposers()...) }

// ActsFor lets what a mentor does to a recipient's record stand in the trail as done for that recipient, whomever she
// spoke for last.
func (w Who) ActsFor(tx store.Tx, of store.Recipient) {
	if w.Role == store.Mentor {
		a := w.Actor()
		a.Behalf = of.ID
		tx.Act(a)
	}
}

// Recipient is one that was read with the account, or is read now.
func Recipient(ctx context.Context, tx store.Tx, acc *store.Account, id store.ID) (store.Recipient, error) {
	for _, r := range acc.Recipients {
		if r.ID == id {
			return r, nil
		}
	}
	return tx.Recipient(ctx, id)
}

// Theirs is the one place that decides whose records a person may touch; what isn't theirs doesn't exist.
func (w Who) Theirs(recipient store.Recipient) bool {
	switch w.Role {
	case store.Mentor:
		return recipient.Mentor == w.ID
	case store.Coordinator:
		return w.Covers(recipient.Province, recipient.Regency)
	}
	return recipient.ID != 0 && recipient.ID == w.Recipient
}

// Covers reports whether a place lies in a coordinator's: a province or a regency that is empty covers all, and case
// makes no difference, as in the database.
func (w Who) Covers(province, regency string) bool {
	return (w.Province == "" || strings.EqualFold(w.Province, province)) &&
		(w.Regency == "" || strings.EqualFold(w.Regency, regency))
}

// OwnReceipt reads a nota that the person may see, with its recipient.
func OwnReceipt(ctx context.Context, tx store.Tx, w Who, id store.ID) (store.Receipt, store.Recipient, error) {
	r, err := tx.Receipt(ctx, id)
	if err != nil {
		return r, store.Recipient{}, err
	}
	of := w.For
	if of.ID != r.Recipient {
		if of, err = tx.Recipient(ctx, r.Recipient); err != nil {
			return r, of, err
		}
	}
	if !w.Theirs(of) {
		return store.Receipt{}, store.Recipient{}, store.ErrNotFound
	}
	return r, of, nil
}

// Records tells whether the role may enter notas.
func Records(r store.Role) bool { return slices.Contains(Roles(Officers, Mentors), r) }
