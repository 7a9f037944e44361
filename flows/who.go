package flows

import (
	"context"
	"errors"
	"slices"
	"time"

	"pendamping/store"
)

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
	Read    read                          // what was read in a picture of the nota in hand
	Words   func(store.Text) string       // what is written down for them, in the language of the papers
}

// papers is the language of what is printed and kept for the ministry.
const papers = "id"

// Behalf tells that a mentor acts for a group.
func (w Who) Behalf() bool { return w.Role == store.Mentor && w.For.ID != 0 }

// know completes who: the recipient they speak for, and what day it is there.
func know(ctx context.Context, tx store.Tx, acc *store.Account, p store.Person, speaksFor store.ID, set Setting) (Who, error) {
	w := Who{Person: p, Account: acc, Zone: set.Zone, Bot: set.Bot, Rate: set.Rate, Home: set.Home}
	w.Words = func(t store.Text) string { return set.Words(papers, t) }
	id := p.Recipient
	if p.Role == store.Mentor {
		id = speaksFor
	}
	if id != 0 {
		r, err := recipient(ctx, tx, acc, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return w, err
		}
		if p.Role != store.Mentor || r.Mentor == p.ID {
			w.For = r
		}
	}
	w.Zone = placed(w.For.Zone, w.Zone)
	w.Today = store.DayOf(tx.Now(), w.Zone)
	actor := w.actor()
	if w.Behalf() {
		actor.Behalf = w.For.ID
	}
	tx.Act(actor)
	return w, nil
}

// actorOf is a person as events name who acts: in their role, with those on whose proposal they have it.
func actorOf(p store.Person) store.Actor {
	return store.Actor{Person: p.ID, Role: p.Role, Sponsors: p.Sponsors}
}

func (w Who) actor() store.Actor { return actorOf(w.Person) }

// sponsors are those of all persons of the account, because whoever proposed one of them may hold the phone.
func (w Who) sponsors() []store.ID {
	list := w.Sponsors
	if w.Account != nil {
		for _, p := range w.Account.People {
			list = withHands(list, p.Sponsors...)
		}
	}
	return list
}

// proposers are the sponsors of the account's persons who are not one of these themselves.
func (w Who) proposers() []store.ID { return slices.DeleteFunc(slices.Clone(w.sponsors()), w.is) }

// marks are the person and the proposers: all who have a hand in what the person enters. Its other persons have the account, or are tied.
func (w Who) marks() []store.ID { return withHands([]store.ID{w.ID}, w.proposers()...) }

// actsFor lets what a mentor does to a recipient's record stand in the trail as done for that recipient, whomever she spoke for
// last.
func (w Who) actsFor(tx store.Tx, of store.Recipient) {
	if w.Role == store.Mentor {
		a := w.actor()
		a.Behalf = of.ID
		tx.Act(a)
	}
}

// recipient is one that was read with the account, or is read now.
func recipient(ctx context.Context, tx store.Tx, acc *store.Account, id store.ID) (store.Recipient, error) {
	for _, r := range acc.Recipients {
		if r.ID == id {
			return r, nil
		}
	}
	return tx.Recipient(ctx, id)
}

// theirs is the one place that decides whose records a person may touch; what isn't theirs doesn't exist.
func (w Who) theirs(recipient store.Recipient) bool {
	switch w.Role {
	case store.Mentor:
		return recipient.Mentor == w.ID
	case store.Coordinator:
		return (w.Province == "" || w.Province == recipient.Province) && (w.Regency == "" || w.Regency == recipient.Regency)
	}
	return recipient.ID != 0 && recipient.ID == w.Recipient
}

// ownReceipt reads a nota that the person may see, with its recipient.
func ownReceipt(ctx context.Context, tx store.Tx, w Who, id store.ID) (store.Receipt, store.Recipient, error) {
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
	if !w.theirs(of) {
		return store.Receipt{}, store.Recipient{}, store.ErrNotFound
	}
	return r, of, nil
}

// records tells whether the role may enter notas.
func records(r store.Role) bool { return slices.Contains(roles(officers, mentors), r) }
