package serve

import (
	"context"
	"io"
	"time"

	"pendamping/cmd/internal/settings"
	"pendamping/flows"
	"pendamping/flows/documents"
	"pendamping/flows/layout"
	"pendamping/flows/look"
	"pendamping/flows/sandbox"
	"pendamping/store"
	"pendamping/store/postgres"
)

// reader reads pictures where that can be done and is wanted; it only ever proposes.
func reader(
	ctx context.Context, s settings.Settings, box *sandbox.Box,
) func(context.Context, io.Reader) (string, error) {
	if !s.Read || !look.CanRead(ctx) {
		return nil
	}
	return look.Reads(box)
}

// makes writes papers whose pictures children make ready.
func makes(
	box *sandbox.Box, db *postgres.DB, process int64,
) func(context.Context, io.Writer, documents.Source, store.Message, string) (string, error) {
	return func(
		ctx context.Context, w io.Writer, from documents.Source, m store.Message, language string,
	) (string, error) {
		from.Ready = layout.In(box, attempts{db, process, from.Tx.Now()})
		return flows.MakeDocument(ctx, w, from, m, language)
	}
}

// attempts are those of a process at files for papers.
type attempts struct {
	db      *postgres.DB
	process int64
	now     time.Time
}

func (a attempts) Try(ctx context.Context, hashes []string) (map[string]int, error) {
	return a.db.TryDecode(ctx, a.now, a.process, "print", hashes)
}

func (a attempts) Done(ctx context.Context, hashes []string) error {
	return a.db.Decoded(ctx, "print", hashes)
}

func (a attempts) Undo(ctx context.Context, hashes []string) error {
	return a.db.UndoDecode(ctx, a.process, "print", hashes)
}
