package handover

import (
	"context"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/when"
	"pendamping/store"
)

// OpenChanges are the changes of people in a state that wait for one of the account's persons as somebody of the group.
func OpenChanges(ctx context.Context, t *dialog.Turn, state store.HandoverState) (open []store.Handover, err error) {
	for _, p := range t.Account.People {
		if p.Recipient == 0 || p.Consent == "" {
			continue
		}
		list, err := t.Tx.HandoversOf(ctx, p.Recipient)
		if err != nil {
			return nil, err
		}
		for _, h := range list {
			if h.State != state {
				continue
			}
			w, err := changeWait(ctx, t.Tx, h)
			if err != nil {
				return nil, err
			}
			if w.waitsFor(p) {
				open = append(open, h)
			}
		}
	}
	return open, nil
}

// ShowRequests shows what waits for the person's word: the message that asked for it may be far above.
func ShowRequests(ctx context.Context, t *dialog.Turn) error {
	if t.Again {
		return nil
	}
	open, err := OpenChanges(ctx, t, store.HandoverAsked)
	if err != nil {
		return err
	}
	stopped, err := OpenChanges(ctx, t, store.HandoverObjected)
	if err != nil {
		return err
	}
	for _, h := range append(open, stopped...) {
		who, is := change.MemberOf(t.Who, h.Recipient)
		if !is {
			continue
		}
		of, err := dialog.Recipient(ctx, t.Tx, &t.Account, h.Recipient)
		if err != nil {
			return err
		}
		card, err := agreeCard(ctx, t.Tx, when.At(who, t.Tx.Now(), of), h)
		if err != nil {
			return err
		}
		t.Show(card)
	}
	return nil
}
