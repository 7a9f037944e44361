package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Report is what Verify found.
type Report struct {
	Chains, Events, Records int       // how many were looked at
	Erased                  []Erasure // the events that took personal values, by chain and number
	// Root is the newest of the roots that were kept elsewhere, or of all where none was given; After is how many
	// events came later, so that it does not cover them. The zero Root when there is none.
	Root  store.Root
	After int64
	Break string // the first thing that is not as it was written, in a sentence; "" when all is whole
}

// Erasure is an event that took personal values out of the trail.
type Erasure struct {
	Chain  store.ID
	Seq    int64
	At     time.Time
	What   string
	Values int // how many values it took
}

// breach is a break in the trail, as opposed to a failure to look.
type breach string

func (b breach) Error() string { return string(b) }

func broken(format string, args ...any) error { return breach(fmt.Sprintf(format, args...)) }

// verifier looks at everything in one snapshot of the database, so that it may be used meanwhile.
type verifier struct {
	tx     querier
	now    time.Time
	erased map[ref][]erased // by the record whose values they are
	report Report
}

// erased is an erasure with its event, an index of Report.Erased.
type erased struct {
	erasure
	by int
}

// Verify computes the audit trail anew and compares it with the records, with the roots in the database, and with roots
// that were kept elsewhere, of which name and hash are enough. It stops at the first break. The error is a failure
// to look, not a break.
func (d *DB) Verify(ctx context.Context, now time.Time, kept []store.Root) (Report, error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	tx, err := d.pool.BeginTx(ctx, options)
	if err != nil {
		return Report{}, failed("verify", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	return VerifyIn(ctx, tx, now, kept)
}

// VerifyIn is Verify within a transaction, of which it sees what is not committed too. The transaction should be one of
// repeatable reads, or what is written meanwhile looks like a break.
func VerifyIn(ctx context.Context, tx pgx.Tx, now time.Time, kept []store.Root) (Report, error) {
	v := &verifier{tx: tx, now: now, erased: map[ref][]erased{}}
	return v.run(ctx, v.chains, v.strays, v.numbers, v.records,
		func(ctx context.Context) error { return v.roots(ctx, kept) })
}

// run takes steps until one finds a break.
func (v *verifier) run(ctx context.Context, steps ...func(context.Context) error) (Report, error) {
	for _, step := range steps {
		err := step(ctx)
		if b, ok := errors.AsType[breach](err); ok {
			v.report.Break = string(b)
			return v.report, nil
		}
		if err != nil {
			return v.report, failed("verify", err)
		}
	}
	return v.report, nil
}

// row is an event with its chain beside it; all but chain is null in a chain without events.
type row struct {
	chain     store.ID
	length    int64
	chainHead []byte
	seq       *int64
	at        *time.Time
	kind      *string
	record    *store.ID
	version   *int
	body      []byte
	hash      []byte
}

// chains follows every chain from its first event to its head.
func (v *verifier) chains(ctx context.Context) error {
	rows, err := v.tx.Query(ctx, `
		select c.id, c.length, c.head, e.seq, e.at, e.kind, e.record, e.version, e.body, e.hash
		from chains c
		left join events e on e.chain = c.id
		order by c.id, e.seq`)
	if err != nil {
		return err
	}
	var r row
	var head [sha256.Size]byte // of the chain so far
	var last *row              // the chain that is being followed
	seq := int64(0)
	end := func() error {
		switch {
		case last == nil:
			return nil
		case last.length != seq:
			return broken("chain %d has %d events and should have %d", last.chain, seq, last.length)
		case !bytes.Equal(last.chainHead, head[:]):
			return broken("chain %d does not end with the hash of its last event, %d", last.chain, seq)
		}
		v.report.Chains++
		return nil
	}
	_, err = pgx.ForEachRow(rows, []any{
		&r.chain, &r.length, &r.chainHead, &r.seq, &r.at, &r.kind, &r.record, &r.version, &r.body, &r.hash,
	}, func() error {
		if last == nil || r.chain != last.chain {
			if err := end(); err != nil {
				return err
			}
			last = &row{chain: r.chain, length: r.length, chainHead: bytes.Clone(r.chainHead)}
			head, seq = [sha256.Size]byte{}, 0
		}
		if r.seq == nil {
			return nil
		}
		if seq++; *r.seq != seq {
			return broken("chain %d: event %d is missing", r.chain, seq)
		}
		v.report.Events++
		head = link(head, r.body)
		e, err := r.check(head)
		if err == nil {
			v.excuse(e)
		}
		return err
	})
	if err != nil {
		return err
	}
	return end()
}

// excuse remembers which values the event erased.
func (v *verifier) excuse(e event) {
	list := e.erasures()
	if len(list) == 0 {
		return
	}
	for _, x := range list {
		of := ref{x.Kind, x.Record}
		v.erased[of] = append(v.erased[of], erased{x, len(v.report.Erased)})
	}
	v.report.Erased = append(v.report.Erased, Erasure{Chain: e.Chain, Seq: e.Seq, At: e.At, What: e.What})
}

// check compares an event with its hash and its columns with its body.
func (r row) check(head [sha256.Size]byte) (e event, err error) {
	if !bytes.Equal(r.hash, head[:]) {
		return e, broken("chain %d, event %d (%s %d): its hash does not follow from its text and the event before",
			r.chain, *r.seq, *r.kind, *r.record)
	}
	if err := json.Unmarshal(r.body, &e); err != nil {
		return e, broken("chain %d, event %d: its text can't be read", r.chain, *r.seq)
	}
	columns := event{Chain: r.chain, Seq: *r.seq, At: *r.at, Record: version{ref{*r.kind, *r.record}, *r.version}}
	if e.Chain != columns.Chain || e.Seq != columns.Seq || !e.At.Equal(columns.At) || e.Record != columns.Record {
		return e, broken("chain %d, event %d (%s %d): its row says something else than its text", r.chain, *r.seq,
			e.Record.Kind, e.Record.ID)
	}
	return e, nil
}

// gapped says that a group of rows isn't numbered from 1 on, each once.
const gapped = `having min(ord) <> 1 or max(ord) <> count(*) or count(distinct ord) <> count(*)`

// strays looks for rows that belong to nothing.
func (v *verifier) strays(ctx context.Context) error {
	for _, look := range []struct{ sql, found string }{
		{`select e.chain, e.seq from events e where not exists (select from chains c where c.id = e.chain)`,
			"chain %d is missing, and it has an event %d"},
		{`select receipt, max(ord) from receipt_items group by receipt ` + gapped,
			"receipt %d: of its items up to %d one is missing"},
		{`select receipt, max(ord) from receipt_sources group by receipt ` + gapped,
			"receipt %d: of its sources up to %d one is missing"},
		{`select plan, max(ord) from plan_lines group by plan ` + gapped,
			"plan %d: of its lines up to %d one is missing"},
		{`select p.id, p.plan from plan_lines p where not exists (select from lines l where l.id = p.id)`,
			"line %d of plan %d is missing in the list of lines"},
		{`select l.id, 0 from lines l where not exists (select from plan_lines p where p.id = l.id)`,
			"line %[1]d is of no plan"},
	} {
		if err := v.none(ctx, look.found, look.sql); err != nil {
			return err
		}
	}
	return nil
}

// numbers looks for gaps in the numbers of notas and entries.
func (v *verifier) numbers(ctx context.Context) error {
	for _, of := range []struct{ table, last, found string }{
		{"receipts", "last_receipt", "chain %d: the numbers of its notas have a gap or do not end at %d"},
		{"entries", "last_entry", "chain %d: the numbers of its entries have a gap or do not end at %d"},
	} {
		err := v.none(ctx, of.found, `
			select c.id, c.`+of.last+`
			from chains c
			left join `+of.table+` r on r.recipient = c.id
			group by c.id, c.`+of.last+`
			having count(r.number) <> c.`+of.last+` or coalesce(max(r.number), 0) <> c.`+of.last)
		if err != nil {
			return err
		}
	}
	return nil
}

// none is broken when the query finds a row, whose two numbers go into the sentence.
func (v *verifier) none(ctx context.Context, found, sql string, args ...any) error {
	var a, b int64
	err := v.tx.QueryRow(ctx, sql+" limit 1", args...).Scan(&a, &b)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return broken(found, a, b)
}

// roots compares the history with the roots, and those with the roots kept elsewhere.
func (v *verifier) roots(ctx context.Context, kept []store.Root) error {
	rows, err := v.tx.Query(ctx, `select name from roots order by name`)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	var all []store.Root // without their texts
	before := store.Root{Hash: "-"}
	covered := map[store.ID]int64{} // how much of each chain
	for _, name := range names {
		if name > newestName(v.now) {
			return broken("the root of %s is dated in the future", name)
		}
		r, err := lastRoot(ctx, v.tx, `where name = $1`, name)
		if err != nil {
			return err
		}
		if r.Day() != before.Day() { // it has all chains
			covered = map[store.ID]int64{}
		}
		if err := v.root(ctx, r, before.Hash, covered); err != nil {
			return err
		}
		before = store.Root{Name: r.Name, Hash: r.Hash}
		all = append(all, before)
		if len(kept) == 0 ||
			slices.ContainsFunc(kept, func(k store.Root) bool { _, is := Compare(k, all[len(all)-1:]); return is }) {
			v.report.Root, v.report.After = before, int64(v.report.Events)
			for _, n := range covered {
				v.report.After -= n
			}
		}
	}
	for _, k := range kept {
		on, is := Compare(k, all)
		switch {
		case k.Body != "" && hashText(k.Body) != k.Hash:
			return broken("the root of %s that was kept elsewhere does not have its own hash", k.Name)
		case !on:
			return broken("the root of %s, kept elsewhere, is missing here", k.Name)
		case !is:
			return broken("the root of %s is not the one that was kept elsewhere", k.Name)
		}
	}
	return nil
}

// Compare looks for a root that was kept elsewhere: on tells whether there is one of its name, is whether that has its
// hash too. A name that is a day stands for each root of that day.
func Compare(kept store.Root, with []store.Root) (on, is bool) {
	for _, r := range with {
		if r.Name == kept.Name || string(r.Day()) == kept.Name {
			on, is = true, is || r.Hash == kept.Hash
		}
	}
	return on, is
}

// root compares every chain with what it was when the root was made, and notes how much of it that covers. The events'
// hashes have been computed anew by then.
func (v *verifier) root(ctx context.Context, r store.Root, before string, covered map[store.ID]int64) error {
	if hashText(r.Body) != r.Hash {
		return broken("root of %s: its hash is not that of its text", r.Name)
	}
	previous, chains, err := rootLines(r)
	if err != nil {
		return broken("root of %s: %s", r.Name, err)
	}
	if previous != before {
		return broken("root of %s: it does not follow the root before it", r.Name)
	}
	var ids, lengths, of, withheld []int64
	var heads [][]byte
	for _, c := range chains {
		covered[c.chain] = c.length
		if c.length > 0 {
			ids, lengths, heads = append(ids, int64(c.chain)), append(lengths, c.length), append(heads, c.head)
		}
		for _, seq := range c.withheld {
			of, withheld = append(of, int64(c.chain)), append(withheld, seq)
		}
	}
	if err := v.none(ctx, "root of "+r.Name+": chain %d, event %d is none that was told in confidence", `
		select w.chain, w.seq
		from unnest($1::bigint[], $2::bigint[]) w (chain, seq)
		where not exists (select from events e where e.chain = w.chain and e.seq = w.seq and e.kind = 'complaint')
		order by 1, 2`, of, withheld); err != nil {
		return err
	}
	return v.none(ctx, "root of "+r.Name+": chain %d was another up to event %d", `
		select r.chain, r.length
		from unnest($1::bigint[], $2::bigint[], $3::bytea[]) r (chain, length, head)
		left join events e on e.chain = r.chain and e.seq = r.length
		where e.hash is distinct from r.head
		order by r.chain`, ids, lengths, heads)
}
