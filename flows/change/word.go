package change

import (
	"context"
	"slices"
	"time"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// groupSilent is how long a request waits for the group's word. Whoever lost a phone can't wait longer for somebody who
// doesn't look; after it a coordinator who had no hand in the request decides in their stead.
const groupSilent = 3 * 24 * time.Hour

// Wanted is whose word a change of a recipient's people still wants. Who verifies what a group enters never decides
// alone who enters it.
type Wanted struct {
	Group       []store.Person // one of these, of the group
	Coordinator bool           // then a coordinator who did not ask for it
}

// Nothing tells whether everybody has said their word.
func (w Wanted) Nothing() bool { return len(w.Group) == 0 && !w.Coordinator }

// Wants works out whose word a change still wants:
//   - the group's, where anybody of it is bound who neither asked nor gains or loses by it: see witnesses;
//   - a coordinator's, for another mentor, for ketua and bendahara, for the ketua's phone, and where the group
//     can't say it; a coordinator who asked has said theirs, unless the group was asked and stayed silent.
//
// Another phone for a mentor wants a second coordinator, where there is one.
func Wants(ctx context.Context, tx store.Tx, of store.Recipient, h store.Handover) (Wanted, error) {
	by, err := Asker(ctx, tx, h)
	if err != nil {
		return Wanted{}, err
	}
	from, err := dialog.Author(ctx, tx, h.From)
	if err != nil {
		return Wanted{}, err
	}
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return Wanted{}, err
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	return Weigh(by, of, h, from, members, list, tx.Now()), err
}

// Weigh is Wants of what was read.
func Weigh(
	by dialog.Who, of store.Recipient, h store.Handover, from store.Person, members, coordinators []store.Person,
	now time.Time,
) (w Wanted) {
	if h.Kind == store.MentorMoves || h.Kind == store.MentorLeaves {
		return Wanted{Coordinator: !ForProgramme(by, of) || by.Is(h.From) || by.Is(h.To)}
	}
	if from.Role == store.Mentor {
		return Wanted{
			Coordinator: by.Role != store.Coordinator || len(Deciders(by, h, append(members, from), coordinators)) > 0,
		}
	}
	able := witnesses(members, by, h)
	silent := h.Agreed == 0 && len(able) > 0 && now.Sub(h.At) >= groupSilent
	if h.Agreed == 0 && !silent {
		w.Group = able
	}
	serious := h.Role == store.Chair || h.Role == store.Treasurer ||
		h.Kind == store.PhoneLost && (from.Role == store.Chair || from.Role == store.Owner)
	unsaid := h.Agreed == 0 && len(w.Group) == 0
	if ForProgramme(by, of) {
		w.Coordinator = silent
	} else {
		w.Coordinator = serious || unsaid
	}
	return w
}

// witnesses are those of a group of whom one agrees to a change: the ketua, else the other officers, else the members.
// None is the one who asked, who comes or who goes, shares a phone or number with one of them, or has the office on the
// asker's proposal.
func witnesses(members []store.Person, by dialog.Who, h store.Handover) []store.Person {
	fit := uninvolved(members, members, by, h)
	for _, rank := range [][]store.Role{{store.Chair}, Offices} {
		of := slices.DeleteFunc(slices.Clone(fit), func(p store.Person) bool { return !slices.Contains(rank, p.Role) })
		if len(of) > 0 {
			return of
		}
	}
	return fit
}

// Deciders are the coordinators who may decide a request and can be reached.
func Deciders(by dialog.Who, h store.Handover, known, coordinators []store.Person) []store.Person {
	return uninvolved(coordinators, known, by, h)
}

// uninvolved are those of a list who can be reached and have no part in a change: see witnesses. known are the people
// among whom those who have one are looked up: their phones and numbers count too.
func uninvolved(list, known []store.Person, by dialog.Who, h store.Handover) []store.Person {
	not := by.Account.People
	parties := InvolvedWithObjector(by.Person, h)
	for _, p := range known {
		if slices.Contains(parties, p.ID) {
			not = append(slices.Clone(not), p)
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(p store.Person) bool {
		is := func(o store.Person) bool { return dialog.SharesContact(o, p) }
		tied := func(id store.ID) bool { return id == p.ID || slices.Contains(p.Sponsors, id) }
		return !dialog.Reachable(p) || slices.ContainsFunc(not, is) || slices.ContainsFunc(by.Hands(), tied)
	})
}

// Involved are all who have a hand in a request: who asked, agreed, comes or goes, and those on whose proposal the
// asker has the office.
func Involved(by store.Person, h store.Handover) []store.ID {
	return dialog.WithHands(dialog.WithHands(nil, h.By, h.From, h.To, h.Agreed), by.Sponsors...)
}

// MayDecide tells whether a coordinator may decide a request.
func MayDecide(ctx context.Context, tx store.Tx, w dialog.Who, h store.Handover) (bool, error) {
	by, err := dialog.Author(ctx, tx, h.By)
	return w.May(dialog.DecideHandover, string(h.State), Involved(by, h)...), err
}

// AskedRole is the role of those who are asked, as far as one word says it.
func AskedRole(list []store.Person) string {
	if len(list) == 1 || list[0].Role == store.Member {
		return string(list[0].Role)
	}
	return "pengurus"
}
