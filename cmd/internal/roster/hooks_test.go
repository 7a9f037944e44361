package roster

import (
	"context"

	"pendamping/store"
)

// KnownSharers are the sharers as the import knows them, of what the records say now.
func KnownSharers(ctx context.Context, tx Tx) (func(store.Person) ([]store.Person, error), error) {
	k, err := load(ctx, tx, files{}, false)
	if err != nil {
		return nil, err
	}
	return k.everybody().Sharers, nil
}
