package privacy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/store"
	"pendamping/store/postgres"
)

// Hold keeps the records of the recipient with a code beyond the programme's years for a reason, or lets them go where
// release is set, and there is no reason then. It is an error when they are held already, or are not.
func Hold(
	ctx context.Context, s settings.Settings, code, reason string, release bool, now time.Time, out io.Writer,
) error {
	if code == "" || release == (reason != "") {
		return errors.New("name a recipient and why: " +
			`pendamping hold KM-01 --reason "audit by BPK", or pendamping hold KM-01 --release`)
	}
	return records.WithTx(ctx, s, now, func(tx *postgres.Tx) error { return hold(ctx, tx, code, reason, release, out) })
}

func hold(ctx context.Context, tx *postgres.Tx, code, reason string, release bool, out io.Writer) error {
	of, err := tx.RecipientByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no recipient %q: write its code as the roster has it", code)
	}
	if err != nil {
		return err
	}
	h, err := tx.LegalHold(ctx, of.ID)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	case release && err != nil:
		return fmt.Errorf("%s is under no hold", code)
	case release:
		h.Released = tx.Now()
		err = tx.PutLegalHold(ctx, "hold.released", &h)
	case err == nil:
		return fmt.Errorf("%s is under a hold already: %s", code, h.Reason)
	default:
		err = tx.AddLegalHold(ctx, "hold.set", &store.LegalHold{Recipient: of.ID, Reason: reason, At: tx.Now()})
	}
	if err != nil {
		return err
	}
	if err := records.Commit(ctx, tx); err != nil {
		return err
	}
	if release {
		fmt.Fprintf(out, "%s: the hold is released\n", code)
	} else {
		fmt.Fprintf(out, "%s: held, whatever the programme's years say\n", code)
	}
	return nil
}
