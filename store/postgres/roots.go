package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// A root's body is text, a line each: "pendamping" and its name; "previous" and the hash of the root before, or "-";
// then the chains, each with its id, length and head, and with "withheld" and the numbers of those events that an
// export leaves out, as 3,7, if it has any. A day's first root has all chains. Those that follow on that day have the
// ones that have grown since; 11,000 groups would fill a megabyte an hour otherwise.

// rooting is the advisory lock of who makes a root.
const rooting = 0x70700005

// inTime is a condition on the names of roots that were made by a time. A root that is dated later was not made by the
// bot: it must neither hold up the roots of the hours nor be shown to anybody.
const inTime = `name <= $1`

// newestName returns the greatest name that a root can have by a time: the clock of another process may be a little
// ahead.
func newestName(at time.Time) string { return store.RootName(at.Add(time.Hour)) }

// RootAhead returns the name of the first root that is dated in the future, "" when there is none. Verify calls it a
// break.
func (d *DB) RootAhead(ctx context.Context, now time.Time) (name string, err error) {
	err = d.pool.QueryRow(ctx, `select coalesce(min(name), '') from roots where name > $1`, newestName(now)).Scan(&name)
	return name, failed("roots", err)
}

// KeepRoot makes the root of the hour of that time, or gives back the one that was made. An hour before the last one
// with a root can't get one any more.
func (d *DB) KeepRoot(ctx context.Context, at time.Time) (r store.Root, err error) {
	name := store.RootName(at)
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		// Two processes that make roots take turns; reading goes on. A lock on the table itself would need the right to
		// change it.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, rooting); err != nil {
			return err
		}
		last, err := lastRoot(ctx, tx, `where `+inTime+` order by name desc`, newestName(at))
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			last.Hash = "-"
		case err != nil:
			return err
		case last.Name == name:
			r = last
			return nil
		case last.Name > name:
			return fmt.Errorf("%s has one already", last.Name)
		}
		known := map[store.ID]rootLine{}
		if last.Day() == store.DayOf(at, time.UTC) {
			if known, err = rootedBy(ctx, tx, last); err != nil {
				return err
			}
		}
		if r, err = makeRoot(ctx, tx, name, last.Hash, known); err != nil {
			return err
		}
		hash, err := hex.DecodeString(r.Hash)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into roots (name, body, hash) values ($1, $2, $3)`, r.Name, r.Body, hash)
		return err
	})
	if err != nil {
		return store.Root{}, fmt.Errorf("postgres: root of %s: %w", name, err)
	}
	return r, nil
}

// rootedBy returns each chain as the roots of a day, up to one of them, have it last.
func rootedBy(ctx context.Context, q querier, r store.Root) (map[store.ID]rootLine, error) {
	list, err := rootsOf(ctx, q, r)
	if err != nil {
		return nil, err
	}
	known := map[store.ID]rootLine{}
	for _, r := range list {
		_, lines, err := rootLines(r)
		if err != nil {
			return nil, fmt.Errorf("root %s: %w", r.Name, err)
		}
		for _, l := range lines {
			known[l.chain] = l
		}
	}
	return known, nil
}

// rootsOf returns the roots of a day, up to one of them, in their order.
func rootsOf(ctx context.Context, q querier, r store.Root) ([]store.Root, error) {
	rows,
		err := q.Query(ctx,
		`select name, encode(hash, 'hex'), body from roots where name between $1 and $2 order by name`, string(r.Day()),
		r.Name)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[store.Root])
}

// makeRoot writes a root of the chains that are not known already as they are.
func makeRoot(ctx context.Context, q querier, name, previous string, known map[store.ID]rootLine) (store.Root, error) {
	var body strings.Builder
	fmt.Fprintf(&body, "pendamping %s\nprevious %s\n", name, previous)
	rows, err := q.Query(ctx, `
		select id, length, head, coalesce(list, '{}')
		from chains
		left join (
			select chain, array_agg(seq order by seq) from events where kind = 'complaint' and chain <> $1 group by chain
		) withheld (chain, list) on chain = id
		order by id`, told)
	if err != nil {
		return store.Root{}, err
	}
	var c rootLine
	_, err = pgx.ForEachRow(rows, []any{&c.chain, &c.length, &c.head, &c.withheld}, func() error {
		if k, ok := known[c.chain]; !ok || k.length != c.length || !bytes.Equal(k.head, c.head) ||
			!slices.Equal(k.withheld, c.withheld) {
			fmt.Fprintf(&body, "%d %d %x", c.chain, c.length, c.head)
			if len(c.withheld) > 0 {
				body.WriteString(" withheld " + strings.ReplaceAll(strings.Trim(fmt.Sprint(c.withheld), "[]"), " ",
					","))
			}
			body.WriteByte('\n')
		}
		return nil
	})
	if err != nil {
		return store.Root{}, err
	}
	return store.Root{Name: name, Body: body.String(), Hash: hashText(body.String())}, nil
}

func lastRoot(ctx context.Context, q querier, rest string, args ...any) (r store.Root, err error) {
	err = q.QueryRow(ctx, `select name, encode(hash, 'hex'), body from roots `+rest+` limit 1`, args...).Scan(&r.Name,
		&r.Hash, &r.Body)
	return r, err
}

// rootLine is a chain as a root has it.
type rootLine struct {
	chain  store.ID
	length int64
	head   []byte
	// withheld are the numbers of its events that are told to coordinators only. They bind what an export may leave
	// out.
	withheld []int64
}

// rootLines reads the body back: the hash of the root before, and the chains.
func rootLines(r store.Root) (previous string, chains []rootLine, err error) {
	head, rest, _ := strings.Cut(r.Body, "\nprevious ")
	if head != "pendamping "+r.Name {
		return "", nil, errors.New("its text is of another hour")
	}
	previous, rest, _ = strings.Cut(rest, "\n")
	for line := range strings.Lines(rest) {
		c, err := rootLineOf(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return "", nil, errors.New("its text is malformed")
		}
		chains = append(chains, c)
	}
	return previous, chains, nil
}

func rootLineOf(line string) (c rootLine, err error) {
	chain, list, any := strings.Cut(line, " withheld ")
	if _, err := fmt.Sscanf(chain+"\n", "%d %d %x\n", &c.chain, &c.length, &c.head); err != nil || !any {
		return c, err
	}
	for _, s := range strings.Split(list, ",") {
		seq, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return c, err
		}
		c.withheld = append(c.withheld, seq)
	}
	return c, nil
}

func hashText(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}
