// Package handover asks for changes of people, another mentor, officer or phone, has them agreed to or declined, and
// carries them out.
package handover

import (
	"context"
	"slices"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// changeable reads a recipient whose people somebody may change, or ask to.
func changeable(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Recipient, error) {
	of, err := tx.Recipient(ctx, id)
	if err == nil && (!who.Theirs(of) || !who.May(dialog.AskHandover, dialog.None)) {
		err = store.ErrNotFound
	}
	return of, err
}

// alreadyAsked is why a change can't be asked for: another of its kind waits.
func alreadyAsked(ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, kind store.HandoverKind) error {
	list, err := tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return err
	}
	for _, h := range list {
		if h.State == store.HandoverAsked && h.Kind == kind {
			decides, err := change.MayDecide(ctx, tx, who, h)
			if err != nil {
				return err
			}
			w, err := change.Wants(ctx, tx, of, h)
			if err != nil {
				return err
			}
			return form.Fixable{Why: store.Say("handover.waits", "Group", of.Name,
				"Decides", dialog.Mark(decides && len(w.Group) == 0))}
		}
	}
	return nil
}

// makeOrAsk makes a change of some recipients' people at once where nobody else's word is wanted, and else asks for it:
// see Wants.
func makeOrAsk(
	ctx context.Context, tx store.Tx, who dialog.Who, list []store.Recipient, h store.Handover,
) (form.Screen, error) {
	h.By, h.At, h.State, h.Ticket = who.ID, tx.Now(), store.HandoverAsked, newTicket()
	from, err := dialog.Author(ctx, tx, h.From)
	if err != nil {
		return form.Screen{}, err
	}
	h.Unbound = h.Kind == store.PhoneLost && from.Account == 0
	var w change.Wanted
	for _, of := range list { // several only for another mentor, where the group is not asked
		h.Recipient = of.ID
		if why, err := change.Contested(ctx, tx, h); why != nil || err != nil {
			if err != nil {
				return form.Screen{}, err
			}
			return form.Screen{}, form.Fixable{Why: *why}
		}
		both, err := dialog.WouldBeBoth(ctx, tx, of, h)
		if err != nil {
			return form.Screen{}, err
		}
		if both {
			return form.Screen{}, form.Fixable{Question: "to", Why: store.Say("handover.both", "Group", of.Name)}
		}
		one, err := change.Wants(ctx, tx, of, h)
		if err != nil {
			return form.Screen{}, err
		}
		w.Group, w.Coordinator = one.Group, w.Coordinator || one.Coordinator
	}
	if w.Nothing() {
		h.State, h.Decided, h.DecidedAt = store.HandoverDone, who.ID, tx.Now()
	}
	tx.Act(who.Actor())
	var all []store.Handover
	for _, of := range list {
		h.ID, h.Version, h.Recipient = 0, 0, of.ID
		if err := tx.AddHandover(ctx, "handover."+string(h.State), &h); err != nil {
			return form.Screen{}, err
		}
		all = append(all, h)
	}
	switch {
	case len(w.Group) > 0:
		return askGroup(ctx, tx, who, list[0], all[0], w)
	case h.State == store.HandoverAsked:
		return askCoordinators(ctx, tx, who, all)
	}
	return carriedOut(ctx, tx, who, all)
}

// askCoordinators shows a request to the coordinators of the places who may agree to it, to each as far as it is
// theirs.
func askCoordinators(ctx context.Context, tx store.Tx, who dialog.Who, all []store.Handover) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("handover.asked", "Role", string(store.Coordinator))}}
	shown := map[int64]bool{who.Person.Account: true}
	for _, h := range all {
		of, err := tx.Recipient(ctx, h.Recipient)
		if err != nil {
			return s, err
		}
		list, err := tx.Coordinators(ctx, of.Province, of.Regency)
		if err != nil {
			return s, err
		}
		by, err := change.Asker(ctx, tx, h)
		if err != nil {
			return s, err
		}
		known, err := change.Parties(ctx, tx, h)
		if err != nil {
			return s, err
		}
		for _, p := range change.Deciders(by, h, known, list) {
			if shown[p.Account] {
				continue
			}
			shown[p.Account] = true
			card, err := change.Card(ctx, tx, who.Reader(p), h)
			if err != nil {
				return s, err
			}
			s.Tell = append(s.Tell, store.Message{
				Chat: p.Account, Body: card.Body, Buttons: card.Buttons, Key: change.Key(h),
			})
		}
	}
	if len(s.Tell) == 0 {
		s.Body = append(s.Body, store.Say("handover.nobody"))
	}
	return s, nil
}

// outdated tells whether what is to change has changed since it was asked for.
func outdated(ctx context.Context, tx store.Tx, h store.Handover) (bool, error) {
	of, err := tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return true, err
	}
	from, to, err := change.Sides(ctx, tx, h)
	if err != nil {
		return true, err
	}
	if both, err := dialog.WouldBeBoth(ctx, tx, of, h); both || err != nil {
		return true, err
	}
	switch h.Kind {
	case store.OfficerMoves:
		lost := h.From != 0 && (from.Recipient != of.ID || from.Role != h.Role)
		return lost || to.Recipient != of.ID || !follows(to, h.Role), nil
	case store.PhoneLost:
		return from.Recipient != of.ID && from.Role != store.Mentor, nil
	}
	return of.Mentor != h.From, nil
}

// follows tells whether one of a group's people may become that officer: ketua and bendahara are two persons, and
// neither leaves the other's place empty.
func follows(p store.Person, role store.Role) bool {
	return p.Role == store.Member || p.Role == store.Secretary && role != store.Secretary
}

// carriedOut is carryOut for the screen of who does it. That those who come and go know of it is said only when each
// was told.
func carriedOut(ctx context.Context, tx store.Tx, who dialog.Who, all []store.Handover) (form.Screen, error) {
	var accounts []int64 // before the change: a phone that is let go hears of it too
	for _, id := range []store.ID{all[0].From, all[0].To} {
		p, err := dialog.Author(ctx, tx, id)
		if err != nil {
			return form.Screen{}, err
		}
		if id != 0 {
			accounts = append(accounts, p.Account)
		}
	}
	tell, err := carryOut(ctx, tx, who, all)
	if err != nil {
		return form.Screen{}, err
	}
	said, err := batchSaid(ctx, tx, all)
	s := form.Screen{Body: []store.Text{said}, Tell: tell}
	unaware := func(account int64) bool {
		told := func(m store.Message) bool { return m.Chat == account }
		return account == 0 || account != who.Person.Account && !slices.ContainsFunc(tell, told)
	}
	if !slices.ContainsFunc(accounts, unaware) {
		s.Body = append(s.Body, store.Say("handover.told"))
	}
	return s, err
}

// carryOut makes changes that were agreed to, and tells those whom they concern.
func carryOut(ctx context.Context, tx store.Tx, who dialog.Who, all []store.Handover) ([]store.Message, error) {
	switch all[0].Kind {
	case store.OfficerMoves:
		return moveOfficer(ctx, tx, who, all[0])
	case store.PhoneLost:
		return dropPhone(ctx, tx, who, all[0])
	}
	var list []store.Recipient
	for _, h := range all {
		of, err := tx.Recipient(ctx, h.Recipient)
		if err != nil {
			return nil, err
		}
		if of, err = giveTo(ctx, tx, of, h); err != nil {
			return nil, err
		}
		list = append(list, of)
	}
	return tellMentors(ctx, tx, who, list, all[0])
}

// giveTo gives a recipient to another mentor, for good or for a time. What the mentor until then was to answer goes
// along.
func giveTo(ctx context.Context, tx store.Tx, of store.Recipient, h store.Handover) (store.Recipient, error) {
	from, what := of.Mentor, "recipient.moved"
	of.Mentor = h.To
	if h.Kind == store.MentorLeaves && h.To != of.Regular {
		what = "recipient.lent"
		if of.Regular == 0 {
			of.Regular = from
		}
		of.Back = h.Back
	} else {
		of.Regular, of.Back = 0, ""
	}
	if err := tx.PutRecipient(ctx, what, &of); err != nil {
		return of, err
	}
	return of, moveRemarks(ctx, tx, of, from)
}

// moveRemarks puts what somebody was to answer about a recipient's notas to its mentor.
func moveRemarks(ctx context.Context, tx store.Tx, of store.Recipient, from store.ID) error {
	list, err := tx.RemarksTo(ctx, from)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.Recipient != of.ID || m.By == of.Mentor {
			continue
		}
		m.To = of.Mentor
		if err := tx.PutRemark(ctx, "remark.moved", &m); err != nil {
			return err
		}
	}
	return nil
}
