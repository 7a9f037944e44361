package review

import (
	"context"
	"errors"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/receipt"
	"pendamping/store"
)

func undoUntil(t *dialog.Turn) time.Time { return t.Tx.Now().Add(dialog.UndoFor) }

// tellVerified lets the group know, once the decision can't be taken back.
func tellVerified(ctx context.Context, t *dialog.Turn, r store.Receipt, of store.Recipient) error {
	to, err := receipt.Audience(ctx, t.Tx, t.Who, r, of)
	if err != nil {
		return err
	}
	for _, p := range to {
		numbers := []string{"#" + dialog.Number(r)}
		waiting, err := t.Tx.Queued(ctx, p.Account, receipt.VerifiedKey(r))
		if err == nil {
			numbers = append(receipt.NumbersIn(waiting), numbers...)
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		t.Tell([]store.Message{receipt.VerifiedNews(p.Account, r, of, numbers, undoUntil(t))})
	}
	return nil
}

// tellReturned sends a nota back to its people: the picture, the reason, and one button for exactly that fix.
func tellReturned(ctx context.Context, t *dialog.Turn, r store.Receipt, of store.Recipient, voice *store.File) error {
	to, err := receipt.Audience(ctx, t.Tx, t.Who, r, of)
	if err != nil {
		return err
	}
	files, err := t.Tx.Files(ctx, r.ID)
	if err != nil {
		return err
	}
	var picture []store.Shown
	if p := receipt.Pictures(files); len(p) > 0 {
		picture = []store.Shown{dialog.ShownAs(p[0])}
	}
	why := []store.Text{
		store.Say("verdict.returned", "Number", dialog.Number(r), "Group", of.Name, "Amount", r.Total.String(),
			"Seller", r.Seller), receipt.ReturnedFor(r),
	}
	for _, p := range to {
		for _, m := range dialog.ByVoice(p.Account, voice) {
			m.Key, m.Due = receipt.VerdictKey(r)+":voice", undoUntil(t)
			t.Tell([]store.Message{m})
		}
		t.Tell([]store.Message{{
			Chat: p.Account, Key: receipt.VerdictKey(r), Due: undoUntil(t), Body: why, Files: picture,
			Buttons: [][]store.Button{{receipt.FixOf(r)}},
		}})
	}
	return nil
}
