package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Root covers every chain's length and head, and the root before it. Whoever keeps one elsewhere can prove later that
// nothing of what it covers has changed; its hash alone is enough for that, and short enough to print.
type Root struct {
	Day  store.Day
	Body string // lines: "pendamping" and the day; "previous" and a hash or "-"; then a chain each: id, length, head
	Hash string // SHA-256 of the body, in hex
}

// rooting is the advisory lock of who makes a root.
const rooting = 0x70700004

// Root makes the root of a day, or gives back the one that was made. A day before the last one with a root can't get one any more.
func (d *DB) Root(ctx context.Context, day store.Day) (r Root, err error) {
	if !day.Valid() {
		return Root{}, errors.New("postgres: root: malformed day")
	}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		// Two processes that make roots take turns; reading goes on. A lock on the table itself would need the right to change it.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, rooting); err != nil {
			return err
		}
		last, err := lastRoot(ctx, tx, `where day >= $1 order by day`, day)
		if err == nil && last.Day == day {
			r = last
			return nil
		}
		if err == nil {
			return fmt.Errorf("%s has one already", last.Day)
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if last, err = lastRoot(ctx, tx, `where day < $1 order by day desc`, day); errors.Is(err, pgx.ErrNoRows) {
			last.Hash = "-"
		} else if err != nil {
			return err
		}
		if r, err = makeRoot(ctx, tx, day, last.Hash); err != nil {
			return err
		}
		hash, err := hex.DecodeString(r.Hash)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into roots (day, body, hash) values ($1, $2, $3)`, r.Day, r.Body, hash)
		return err
	})
	if err != nil {
		return Root{}, fmt.Errorf("postgres: root of %s: %w", day, err)
	}
	return r, nil
}

func makeRoot(ctx context.Context, q querier, day store.Day, previous string) (Root, error) {
	var body strings.Builder
	fmt.Fprintf(&body, "pendamping %s\nprevious %s\n", day, previous)
	rows, err := q.Query(ctx, `select id, length, head from chains order by id`)
	if err != nil {
		return Root{}, err
	}
	var c rootLine
	_, err = pgx.ForEachRow(rows, []any{&c.chain, &c.length, &c.head}, func() error {
		fmt.Fprintf(&body, "%d %d %x\n", c.chain, c.length, c.head)
		return nil
	})
	if err != nil {
		return Root{}, err
	}
	return Root{Day: day, Body: body.String(), Hash: hashText(body.String())}, nil
}

func lastRoot(ctx context.Context, q querier, rest string, args ...any) (r Root, err error) {
	var hash []byte
	err = q.QueryRow(ctx, `select day, body, hash from roots `+rest+` limit 1`, args...).Scan(&r.Day, &r.Body, &hash)
	r.Hash = hex.EncodeToString(hash)
	return r, err
}

// rootLine is a chain as a root has it.
type rootLine struct {
	chain  store.ID
	length int64
	head   []byte
}

// lines reads the body back: the hash of the root before, and the chains.
func (r Root) lines() (previous string, chains []rootLine, err error) {
	var day store.Day
	head, rest, _ := strings.Cut(r.Body, "\nprevious ")
	if _, err := fmt.Sscanf(head, "pendamping %s", &day); err != nil || day != r.Day {
		return "", nil, errors.New("its text is of another day")
	}
	previous, rest, _ = strings.Cut(rest, "\n")
	for line := range strings.Lines(rest) {
		var c rootLine
		if _, err := fmt.Sscanf(line, "%d %d %x\n", &c.chain, &c.length, &c.head); err != nil {
			return "", nil, errors.New("its text is malformed")
		}
		chains = append(chains, c)
	}
	return previous, chains, nil
}

func hashText(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// KeepRoot makes the root of a day, or finds the one that was made, and returns its hash.
func (d *DB) KeepRoot(ctx context.Context, day store.Day) (hash string, err error) {
	r, err := d.Root(ctx, day)
	return r.Hash, err
}
