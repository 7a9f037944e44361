package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// Tx is one update's view of the records; it implements store.Tx and belongs to one goroutine.
//
// Nothing is sent for a write but what it has to know at once: the lock on its chain, whose numbers are then known
// without asking. All else waits in one batch until a read or the commit.
type Tx struct {
	db     *DB
	at     time.Time
	update int64
	actor  store.Actor

	tx    pgx.Tx     // nil until something was sent
	batch *pgx.Batch // written, not sent
	err   error      // what ended the transaction

	roster bool      // the commit changes what an account is made of
	erased []erasure // for the next event to name
	chains map[store.ID]*chain
	homes  map[store.ID]store.ID // the recipients of persons seen
	seen   map[ref]snapshot
	raised []*int // the versions that Puts have raised, for as long as nothing is committed
}

var _ store.Tx = (*Tx)(nil)

// Begin returns a view of the records at that time for one of Telegram's updates, or for none when update is 0. It
// costs nothing until it is used, and must end with Commit or Rollback.
func (d *DB) Begin(at time.Time, update int64) *Tx {
	return &Tx{
		db: d, at: micro(at), update: update,
		chains: map[store.ID]*chain{}, homes: map[store.ID]store.ID{}, seen: map[ref]snapshot{},
	}
}

// Act sets who acts in what follows.
func (t *Tx) Act(a store.Actor) { t.actor = a }

// Now returns the time of the update.
func (t *Tx) Now() time.Time { return t.at }

// Written reports whether there is something to commit.
func (t *Tx) Written() bool { return t.tx != nil || t.batch != nil }

// Commit keeps what was written, puts the deliveries into the outbox and, where there is an update, marks it done with
// the session that resulted. It gives the deliveries back with their ids. ErrConflict says that a record has changed
// since it was read, or that the update is done already; then nothing is kept.
func (t *Tx) Commit(
	ctx context.Context, holder int64, session []byte, deliveries []store.Delivery,
) ([]store.Delivery, error) {
	defer t.Rollback(ctx)
	if t.err != nil {
		return nil, t.err
	}
	if !t.Written() && t.update == 0 && len(deliveries) == 0 {
		return deliveries, nil
	}
	ids := make([]store.ID, len(deliveries))
	for i := range ids {
		var err error
		if ids[i], err = t.newID(ctx); err != nil {
			return nil, err
		}
	}
	slices.Sort(ids) // they may come from two blocks, and whoever recovers the deliveries says them in this order
	for i := range deliveries {
		deliveries[i].ID = ids[i]
	}
	t.keepChains()
	b := t.pending()
	if t.roster {
		b.Queue(`select pg_notify('roster', '')`)
		defer t.db.roster.forget() // at once here; elsewhere when the notice comes
	}
	settle(b, t.at, holder, t.update, session, deliveries)
	if t.update != 0 {
		last := b.QueuedQueries[b.Len()-1]
		last.Fn = t.exactly(1, "update")
	}
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	if err := t.tx.Commit(ctx); err != nil {
		return nil, failed("commit", err)
	}
	t.raised = nil
	return deliveries, nil
}

// Rollback drops what was not committed, and the records that were Put carry the version again in which they were read:
// tried anew with a raised one, they would overwrite what somebody else has changed meanwhile. It may be called at any
// time and more than once.
func (t *Tx) Rollback(ctx context.Context) {
	for _, version := range t.raised {
		*version--
	}
	t.raised = nil
	if t.tx != nil {
		// An error is the connection's: it is broken then, and the pool throws it away.
		_ = t.tx.Rollback(context.WithoutCancel(ctx))
	}
	t.tx, t.batch = nil, nil
	if t.err == nil {
		t.err = errors.New("postgres: the transaction has ended")
	}
}

// pending returns the batch that the next read or the commit sends.
func (t *Tx) pending() *pgx.Batch {
	if t.batch == nil {
		t.batch = &pgx.Batch{}
		if t.tx == nil {
			t.batch.BeginTx(pgx.TxOptions{})
		}
	}
	return t.batch
}

// write queues a statement that must change exactly so many rows; fewer is a conflict. The noun is for its error.
func (t *Tx) write(rows int64, noun, sql string, args ...any) {
	t.pending().Queue(sql, args...).Fn = t.exactly(rows, noun)
}

// any number of rows, for write.
const anyRows = -1

func (t *Tx) exactly(rows int64, noun string) func(pgx.BatchResults) error {
	return func(br pgx.BatchResults) error {
		tag, err := br.Exec()
		if err == nil && rows != anyRows && tag.RowsAffected() != rows {
			err = store.ErrConflict
		}
		return t.fail(failed(noun, err))
	}
}

// fail ends the transaction with its first error.
func (t *Tx) fail(err error) error {
	if t.err == nil {
		t.err = err
	}
	return err
}

// flush sends what is pending. After an error the transaction is over.
func (t *Tx) flush(ctx context.Context) error {
	if t.err != nil || t.batch == nil {
		return t.err
	}
	var br pgx.BatchResults
	if t.tx == nil {
		br = t.db.pool.SendBatch(ctx, t.batch)
		t.tx = br.Tx()
	} else {
		br = t.tx.SendBatch(ctx, t.batch)
	}
	t.batch = nil
	if err := br.Close(); err != nil && t.err == nil {
		t.err = failed("batch", err)
	}
	return t.err
}

// reads returns where reads go: to the transaction once there is one, after what was written.
func (t *Tx) reads(ctx context.Context) (querier, error) {
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	if t.tx != nil {
		return t.tx, nil
	}
	return t.db.pool, nil
}

// readBatch sends several reads in one round trip; their callbacks take the rows.
func (t *Tx) readBatch(ctx context.Context, b *pgx.Batch) error {
	q, err := t.reads(ctx)
	if err != nil {
		return err
	}
	return q.SendBatch(ctx, b).Close()
}

// newID asks over the transaction's own connection when it has one, so that it never waits for a second.
func (t *Tx) newID(ctx context.Context) (store.ID, error) {
	if t.tx != nil {
		return t.db.ids.take(ctx, t.tx)
	}
	return t.db.ids.take(ctx, t.db.pool)
}

// failed names what could not be read or kept. What a race can cause is a conflict: the work is done anew and meets the
// facts.
func failed(noun string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		err = store.ErrNotFound
	}
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("%s: %w", noun, err)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "23505", "40001", "40P01": // unique violation, serialization failure, deadlock
			return fmt.Errorf("%s: %w (%s)", noun, store.ErrConflict, e.ConstraintName)
		case "25006": // read-only transaction
			return fmt.Errorf("%s: %w", noun, store.ErrReadOnly)
		}
	}
	return fmt.Errorf("postgres: %s: %w", noun, err)
}

// micro returns the time as the database keeps it: UTC, whole microseconds.
func micro(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

// micros makes the times of a record what the database gives back, or their events would differ from them.
func micros(at ...*time.Time) {
	for _, p := range at {
		*p = micro(*p)
	}
}

// day refuses what no calendar has, before the database refuses it with the value in its error.
func day(noun string, d store.Day) error {
	if d != "" && !d.Valid() {
		return fmt.Errorf("postgres: %s: malformed day", noun)
	}
	return nil
}

// null returns a reference or a number as its column wants it: null for none.
func null[T ~int64](v T) zeronull.Int8 { return zeronull.Int8(v) }
