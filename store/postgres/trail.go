package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Snapshot returns a view of everything as it is now, whatever is written meanwhile. Nothing can be written through it,
// and it must end with Rollback.
func (d *DB) Snapshot(ctx context.Context, at time.Time) (*Tx, error) {
	tx, err := d.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, failed("snapshot", err)
	}
	t := d.Begin(at, 0)
	t.tx = tx
	return t, nil
}

// Trail returns the audit trail of a recipient.
func (t *Tx) Trail(ctx context.Context, recipient store.ID) (store.Trail, error) {
	trail := store.Trail{Chain: recipient}
	q, err := t.reads(ctx)
	if err != nil {
		return trail, err
	}
	rows, err := q.Query(ctx, `
		select seq, encode(hash, 'hex'), case when kind = 'complaint' then '' else body end
		from events where chain = $1 order by seq`, recipient)
	if err != nil {
		return trail, failed("events", err)
	}
	if trail.Events, err = pgx.CollectRows(rows, pgx.RowToStructByPos[store.Event]); err != nil {
		return trail, failed("events", err)
	}
	rows, err = q.Query(ctx, `
		select p.kind, p.record, p.version, p.field, encode(p.salt, 'hex'), p.value
		from personal p
		join events e on e.kind = p.kind and e.record = p.record and e.version = p.version
		where e.chain = $1 and e.kind <> 'complaint'
		order by e.seq, p.field collate "C"`, recipient)
	if err != nil {
		return trail, failed("personal values", err)
	}
	if trail.Secrets, err = pgx.CollectRows(rows, pgx.RowToStructByPos[store.Secret]); err != nil {
		return trail, failed("personal values", err)
	}
	rows, err = q.Query(ctx, `
		select e.seq, encode(e.hash, 'hex'), e.body
		from (select record, min(version) as version from events where chain = $1 and kind = $2 group by record) was
		join events e on e.kind = $2 and e.record = was.record and e.version > was.version
		where e.chain <> $1 and e.body::jsonb->>'what' = any($3)
		order by e.chain, e.seq`, recipient, people.kind, PersonErasing)
	if err != nil {
		return trail, failed("erasures", err)
	}
	if trail.Elsewhere, err = pgx.CollectRows(rows, pgx.RowToStructByPos[store.Event]); err != nil {
		return trail, failed("erasures", err)
	}
	r, err := lastRoot(ctx, q, `where `+inTime+` order by name desc`, newestName(t.at))
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	if err != nil {
		return trail, failed("root", err)
	}
	if r.Name != "" {
		trail.Roots, err = rootsOf(ctx, q, r)
	}
	return trail, failed("roots", err)
}

// NewestRoot returns the newest root of the audit trail, without its text.
func (t *Tx) NewestRoot(ctx context.Context) (store.Root, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return store.Root{}, err
	}
	var r store.Root
	err = q.QueryRow(ctx, `select name, encode(hash, 'hex') from roots where `+inTime+` order by name desc limit 1`,
		newestName(t.at)).
		Scan(&r.Name, &r.Hash)
	return r, failed("root", err)
}

// Broken returns the first link of a trail that does not follow from the one before it, or what its root has otherwise;
// "" when all is whole. Of an event without text its hash is taken as given, if a root says that it is one of a
// complaint: nothing else is left out.
func Broken(trail store.Trail) string { return BrokenUnder(trail, trail.Roots) }

// Covered returns how many events of a chain the roots of a day cover, up to the last of them.
func Covered(chain store.ID, roots []store.Root) (n int64) {
	for _, r := range roots {
		_, chains, _ := rootLines(r) // Broken says what can't be read
		for _, c := range chains {
			if c.chain == chain {
				n = max(n, c.length)
			}
		}
	}
	return n
}

// BrokenUnder is Broken where only those roots are taken at their word about what was told in confidence: whoever
// writes a folder anew can add roots to it.
func BrokenUnder(trail store.Trail, trusted []store.Root) string {
	var head [32]byte
	withheld := map[int64]bool{}
	for _, r := range trusted {
		_, chains, _ := rootLines(r) // what can't be read is said below
		for _, c := range chains {
			for _, seq := range c.withheld {
				withheld[seq] = withheld[seq] || c.chain == trail.Chain
			}
		}
	}
	for i, e := range trail.Events {
		hash, err := hex.DecodeString(e.Hash)
		switch {
		case e.Seq != int64(i+1):
			return broken("event %d is missing", i+1).Error()
		case err != nil || len(hash) != len(head) || hex.EncodeToString(hash) != e.Hash:
			return broken("event %d has no hash", e.Seq).Error()
		case e.Body == "" && !withheld[e.Seq] && len(trusted) < len(trail.Roots):
			return broken(
				"event %d has no text, and no root that was kept elsewhere says that it was told in confidence",
				e.Seq).Error()
		case e.Body == "" && !withheld[e.Seq]:
			return broken("event %d has no text, and no root says that it was told in confidence", e.Seq).Error()
		case e.Body != "" && link(head, []byte(e.Body)) != [32]byte(hash):
			return broken("event %d: its hash does not follow from its text and the event before", e.Seq).Error()
		}
		head = [32]byte(hash)
	}
	for i, r := range trail.Roots {
		if hashText(r.Body) != r.Hash {
			return broken("root of %s: its hash is not that of its text", r.Name).Error()
		}
		previous, chains, err := rootLines(r)
		if err != nil {
			return broken("root of %s: %s", r.Name, err).Error()
		}
		if i > 0 && previous != trail.Roots[i-1].Hash {
			return broken("root of %s: it does not follow the root before it", r.Name).Error()
		}
		covered := i > 0 || begunAfter(trail, r) // a day's first root has all chains that there were
		for _, c := range chains {
			if c.chain != trail.Chain {
				continue
			}
			covered = true
			if c.length > int64(len(trail.Events)) || c.length > 0 &&
				trail.Events[c.length-1].Hash != hex.EncodeToString(c.head) {
				return broken("root of %s: the chain was another up to event %d", r.Name, c.length).Error()
			}
		}
		if !covered && trail.Chain != 0 {
			return broken("root of %s: it does not have the chain", r.Name).Error()
		}
	}
	return ""
}

// writing is how long an event may take from the time that it says to its commit: an import keeps thousands of
// recipients in one transaction.
const writing = 10 * time.Minute

// begunAfter reports whether a chain can have begun after a root was made: its first event is not older than the root's
// hour.
func begunAfter(trail store.Trail, r store.Root) bool {
	start, err := r.Start()
	if err != nil || len(trail.Events) == 0 {
		return false
	}
	var first struct {
		At time.Time `json:"at"`
	}
	if err := json.Unmarshal([]byte(trail.Events[0].Body), &first); err != nil {
		return false
	}
	return !first.At.Before(start.Add(-writing))
}
