// Package privacy does what UU 27/2022 asks of who runs the bot: it erases people, keeps the register of breaches,
// and ends what is kept too long.
package privacy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/flows/dialog"
	"pendamping/store"
	"pendamping/store/postgres"
)

// Erase takes a person out of the records at their request (UU 27/2022). who is the ID of their line in the roster, or
// role, code and name as the roster has them. What they recorded stays, because the law wants it kept, and names
// nobody. It is an error when nobody is that.
func Erase(ctx context.Context, s settings.Settings, now time.Time, who []string, out io.Writer) error {
	var key string
	switch len(who) {
	case 1:
		key = store.PersonKey(who[0], "", "", "")
	case 3:
		key = store.PersonKey("", store.Role(who[0]), who[1], who[2])
	default:
		return errors.New("say whom to erase: `pendamping erase PERAN KODE NAMA`, " +
			"or `pendamping erase ID` where the roster has ids")
	}
	return records.WithTx(ctx, s, now, func(tx *postgres.Tx) error {
		p, err := tx.PersonByKey(ctx, key)
		if errors.Is(err, store.ErrNotFound) {
			return errors.New("nobody in the records is that: write role, code and name as the roster has them")
		}
		if err != nil {
			return err
		}
		if err := dialog.Erase(ctx, tx, p.ID); err != nil {
			return err
		}
		if err := records.Commit(ctx, tx); err != nil {
			return err
		}
		fmt.Fprintln(out, "erased: name, number, account and messages; what they recorded is kept without their name")
		return nil
	})
}
