package app

import (
	"context"
	"io"
	"maps"
	"time"

	"pendamping/flows"
	"pendamping/flows/documents"
	"pendamping/flows/look"
	"pendamping/flows/paper"
	"pendamping/flows/receipt"
	"pendamping/flows/sandbox"
	"pendamping/store"
	"pendamping/store/postgres"
)

// reader reads pictures where that can be done and is wanted; it only ever proposes.
func reader(ctx context.Context, s Settings, box *sandbox.Box) func(context.Context, io.Reader) (string, error) {
	if !s.Read || !look.CanRead(ctx) {
		return nil
	}
	return look.Reads(box)
}

// Jobs are what children of this program do: what reads strangers' bytes.
func Jobs() sandbox.Jobs {
	jobs := sandbox.Jobs{}
	for _, some := range []sandbox.Jobs{look.Jobs(), paper.Jobs(), readFileJobs()} {
		maps.Copy(jobs, some)
	}
	return jobs
}

// inspect looks at pictures in children.
func inspect(box *sandbox.Box) func(context.Context, store.File, io.Reader, bool) (receipt.Seen, error) {
	at := look.In(box)
	return func(ctx context.Context, f store.File, r io.Reader, large bool) (receipt.Seen, error) {
		return receipt.Inspect(func(r io.Reader) (look.Look, error) { return at(ctx, r, large) }, f, r)
	}
}

// makes writes papers whose pictures children make ready.
func makes(
	box *sandbox.Box, db *postgres.DB, process int64,
) func(context.Context, io.Writer, documents.Source, store.Message, string) (string, error) {
	return func(ctx context.Context, w io.Writer, from documents.Source, m store.Message, language string) (string, error) {
		from.Ready = paper.In(box, attempts{db, process, from.Tx.Now()})
		return flows.Make(ctx, w, from, m, language)
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
