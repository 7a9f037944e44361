package objection

import (
	"context"
	"errors"
	"slices"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Released is for an account of nobody that a change of people let go: until its days are over, or the objection to it
// is settled, it has the button again by which somebody says that it is wrong, and who can help. ok is false for any
// other.
func Released(ctx context.Context, t *dialog.Turn) (s form.Screen, ok bool, err error) {
	had, err := t.Tx.Sharers(ctx, store.Person{Account: t.Account.ID})
	if err != nil {
		return s, false, err
	}
	for _, p := range had {
		if p.Name == "" { // erased
			continue
		}
		groups, err := groupsOf(ctx, t.Tx, p)
		if err != nil {
			return s, false, err
		}
		for _, of := range groups {
			if s, ok, err = released(ctx, t, p, of); ok || err != nil {
				return s, ok, err
			}
		}
	}
	return s, false, nil
}

// groupsOf are the recipients among whose changes one of a person's stands: also of who has left, by the code that they
// keep.
func groupsOf(ctx context.Context, tx store.Tx, p store.Person) ([]store.Recipient, error) {
	switch {
	case p.Role == store.Mentor:
		return tx.RecipientsOf(ctx, p.ID)
	case p.Recipient != 0:
		of, err := tx.Recipient(ctx, p.Recipient)
		return []store.Recipient{of}, err
	case p.Code == "" || p.Role == store.Coordinator:
		return nil, nil
	}
	return tx.RecipientsNamed(ctx, "", "", p.Code, 1)
}

// released is Released by the newest change of a recipient's people that concerns a person.
func released(
	ctx context.Context, t *dialog.Turn, p store.Person, of store.Recipient,
) (s form.Screen, ok bool, err error) {
	changes, err := t.Tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return s, false, err
	}
	i := slices.IndexFunc(changes, func(h store.Handover) bool {
		waits := h.State == store.HandoverObjected && !dialog.Overtaken(changes, h)
		fresh := h.State == store.HandoverDone && t.Tx.Now().Sub(h.DecidedAt) <= notUsFor
		return h.From == p.ID && h.Ticket != "" && !h.Unbound && (waits || fresh)
	})
	if i < 0 {
		return s, false, nil
	}
	h := changes[i]
	accounts, err := t.Tx.Had(ctx, p.ID)
	if err != nil {
		return s, false, err
	}
	invited, err := t.Tx.InviteOf(ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return s, false, err
	}
	// the newest account is of the change
	came := h.Kind == store.PhoneLost && err == nil && !invited.Used.Before(h.DecidedAt)
	place := slices.Index(accounts, t.Account.ID)
	newcomer := came && place == 0
	if place < 0 || place > 1 || !newcomer && (place == 1) != came {
		return s, false, nil // a phone of long before
	}
	if newcomer && h.State != store.HandoverObjected {
		return s, false, nil
	}
	waiting := h
	waiting.State = store.HandoverObjected
	list, err := change.Settlers(ctx, t.Tx, of, waiting)
	if err != nil {
		return s, false, err
	}
	who := change.WhoSettles(list)
	s.Body = []store.Text{store.Say("join.released", "Name", p.Name, "Kind", string(h.Kind), "State", string(h.State),
		"Came", dialog.Mark(newcomer), "Who", who.ID, "Chair", who.Data["Chair"], "Names", who.Data["Names"])}
	if !newcomer {
		s.Buttons = [][]store.Button{{change.NotUsButton(h, h.Ticket)}}
	}
	return s, true, nil
}
