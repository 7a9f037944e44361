package dialog

import (
	"context"
	"errors"

	"pendamping/store"
)

// LastDayOf is the LPJ's last day, with the extensions that were granted.
func LastDayOf(rules store.Rules, of store.Recipient, annexes []store.Annex) store.Day {
	due := rules.Due(of.Disbursed)
	for _, a := range annexes {
		if a.Kind == store.AnnexExtension {
			due = max(due, a.Until)
		}
	}
	return due
}

// DueOf returns LastDayOf a recipient whose annexes it reads first.
func DueOf(ctx context.Context, tx store.Tx, rules store.Rules, of store.Recipient) (store.Day, error) {
	annexes, err := tx.Annexes(ctx, of.ID)
	return LastDayOf(rules, of, annexes), err
}

// Newest is a recipient's newest report, the zero Report when there is none.
func Newest(ctx context.Context, tx store.Tx, of store.ID) (store.Report, error) {
	r, err := tx.Report(ctx, of)
	if errors.Is(err, store.ErrNotFound) {
		return store.Report{}, nil
	}
	return r, err
}
