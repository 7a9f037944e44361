// Package handover changes people: another mentor, officer or phone, who has to agree, who may object, and who settles
// it.
package handover

import (
	"context"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// direct tells whether somebody speaks for the programme when they change who stands for a recipient: a coordinator who
// is not its mentor.
func direct(w dialog.Who, of store.Recipient) bool {
	return w.May(dialog.DoHandover, dialog.None, of.Mentor, of.Regular)
}

// handed reads a recipient whose people somebody may change, or ask to.
func handed(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Recipient, error) {
	of, err := tx.Recipient(ctx, id)
	if err == nil && (!who.Theirs(of) || !who.May(dialog.AskHandover, dialog.None)) {
		err = store.ErrNotFound
	}
	return of, err
}

// unasked is why a change can't be asked for: another of its kind waits.
func unasked(ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, kind store.HandoverKind) error {
	list, err := tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return err
	}
	for _, h := range list {
		if h.State == store.HandoverAsked && h.Kind == kind {
			decides, err := mayDecide(ctx, tx, who, h)
			if err != nil {
				return err
			}
			w, err := wants(ctx, tx, of, h)
			if err != nil {
				return err
			}
			return form.Mend{Why: store.Say("handover.waits", "Group", of.Name,
				"Decides", dialog.Mark(decides && len(w.Group) == 0))}
		}
	}
	return nil
}

// handOver makes a change of some recipients' people at once where nobody else's word is wanted, and else asks for it:
// see wants.
func handOver(
	ctx context.Context, tx store.Tx, who dialog.Who, list []store.Recipient, h store.Handover,
) (form.Screen, error) {
	h.By, h.At, h.State, h.Ticket = who.ID, tx.Now(), store.HandoverAsked, newTicket()
	from, err := dialog.Author(ctx, tx, h.From)
	if err != nil {
		return form.Screen{}, err
	}
	h.Unbound = h.Kind == store.PhoneLost && from.Account == 0
	var w wanted
	for _, of := range list { // several only for another mentor, where the group is not asked
		h.Recipient = of.ID
		if why, err := contested(ctx, tx, h); why != nil || err != nil {
			if err != nil {
				return form.Screen{}, err
			}
			return form.Screen{}, form.Mend{Why: *why}
		}
		both, err := dialog.WouldBeBoth(ctx, tx, of, h)
		if err != nil {
			return form.Screen{}, err
		}
		if both {
			return form.Screen{}, form.Mend{Question: "to", Why: store.Say("handover.both", "Group", of.Name)}
		}
		one, err := wants(ctx, tx, of, h)
		if err != nil {
			return form.Screen{}, err
		}
		w.Group, w.Coordinator = one.Group, w.Coordinator || one.Coordinator
	}
	if w.nothing() {
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
		return askWord(ctx, tx, who, list[0], all[0], w)
	case h.State == store.HandoverAsked:
		return askHand(ctx, tx, who, all)
	}
	return carriedOut(ctx, tx, who, all)
}

// askHand shows a request to the coordinators of the places who may agree to it, to each as far as it is theirs.
func askHand(ctx context.Context, tx store.Tx, who dialog.Who, all []store.Handover) (form.Screen, error) {
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
		by, err := asker(ctx, tx, h)
		if err != nil {
			return s, err
		}
		known, err := parties(ctx, tx, h)
		if err != nil {
			return s, err
		}
		for _, p := range deciders(by, h, known, list) {
			if shown[p.Account] {
				continue
			}
			shown[p.Account] = true
			card, err := handCard(ctx, tx, who.Reader(p), h)
			if err != nil {
				return s, err
			}
			s.Tell = append(s.Tell, store.Message{
				Chat: p.Account, Body: card.Body, Buttons: card.Buttons, Key: handKey(h),
			})
		}
	}
	if len(s.Tell) == 0 {
		s.Body = append(s.Body, store.Say("handover.nobody"))
	}
	return s, nil
}

// sides are who goes and who comes by a change of people; each may be nobody.
func sides(ctx context.Context, tx store.Tx, h store.Handover) (from, to store.Person, err error) {
	if from, err = dialog.Author(ctx, tx, h.From); err != nil {
		return from, to, err
	}
	to, err = dialog.Author(ctx, tx, h.To)
	return from, to, err
}

// saidKind is a change's kind as sentences tell it: where no phone was registered, only the invitation is new.
func saidKind(h store.Handover) string {
	if h.Unbound {
		return "invite"
	}
	return string(h.Kind)
}

func handKey(h store.Handover) string { return "handover:" + dialog.IDText(h.ID) }

// together are the requests that were made with one: all groups of a mentor at once.
func together(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) ([]store.Handover, error) {
	if h.Kind == store.OfficerMoves || h.Kind == store.PhoneLost || h.State != store.HandoverAsked {
		return []store.Handover{h}, nil
	}
	list, err := tx.HandoversIn(ctx, store.HandoverAsked, who.Province, who.Regency)
	return slices.DeleteFunc(list, func(o store.Handover) bool {
		return o.Kind != h.Kind || o.From != h.From || o.To != h.To || o.By != h.By || !o.At.Equal(h.At)
	}), err
}

// outdated tells whether what is to change has changed since it was asked for.
func outdated(ctx context.Context, tx store.Tx, h store.Handover) (bool, error) {
	of, err := tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return true, err
	}
	from, to, err := sides(ctx, tx, h)
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
	said, err := handSaid(ctx, tx, all)
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
