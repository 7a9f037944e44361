// Package roster imports what an operator's files say of people, groups, plans and a programme's rules: it reads them
// in a child process, compares them with the records, and keeps the difference, or names every line that is wrong.
package roster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"pendamping/cmd/internal/roster/table"
	"pendamping/flows/sandbox"
	"pendamping/store"
)

// Files names what one import reads and writes. Every path may be empty, and each works alone.
type Files struct {
	Roster  string // people and groups: CSV or XLSX
	Plans   string // their RABs: CSV or XLSX
	Program string // a programme's rules: TOML
	// Invites is a CSV to write: a personal start link and a short code for everybody who is not yet bound and has no
	// open invitation.
	Invites string
	Renew   bool // end open invitations and make new ones
	// Overrule lets the roster have the last word against what the chat changed, and brings another human into an
	// office that somebody has.
	Overrule bool

	Box *sandbox.Box // runs what reads the files

	Bot        string // the bot's user name for the links; without it there are only codes
	InviteDays int    // how many days an invitation holds; 0 is 30
	Notice     string // version of the privacy notice that consent on paper is for
}

// Tx is a transaction of the records that Import ends itself. It lists everything at once: whom a row concerns may
// stand in no file.
type Tx interface {
	store.Tx
	// AllPeople returns every person, also those who were erased.
	AllPeople(ctx context.Context) ([]store.Person, error)
	// AllRecipients returns every recipient.
	AllRecipients(ctx context.Context) ([]store.Recipient, error)
	// AllPrograms returns every version of every programme's rules.
	AllPrograms(ctx context.Context) ([]store.Program, error)
	// FormerPeople returns what the records said of persons before the chat changed it.
	FormerPeople(ctx context.Context) ([]store.Former, error)
	// FormerMentors returns the mentors from whom the chat took a recipient, by recipient.
	FormerMentors(ctx context.Context) (map[store.ID][]store.ID, error)
	// OpenInvites returns the invitations that are neither used nor revoked.
	OpenInvites(ctx context.Context) ([]store.Invite, error)
	// Commit keeps what was written and its events; store.ErrConflict when a record changed meanwhile. An import has
	// no holder, session and deliveries.
	Commit(ctx context.Context, holder int64, session []byte, deliveries []store.Delivery) ([]store.Delivery, error)
	// Rollback ends the transaction and keeps nothing. After Commit it does nothing.
	Rollback(ctx context.Context)
}

// Import reads the files, compares them with the records and keeps the difference in one transaction: all of it, or
// nothing. It tells out what it did, and ends tx. What is wrong with the files is an error of type table.Problems,
// which names every bad line. Others say that a file can't be read or written, or that records changed meanwhile.
func Import(ctx context.Context, tx Tx, in Files, out io.Writer) error {
	defer tx.Rollback(ctx)
	read, err := readFiles(ctx, in, tx.Now())
	if err != nil {
		return err
	}
	k, err := load(ctx, tx, read, in.Invites != "")
	if err != nil {
		return err
	}
	c := compare(k, read, in.Notice, in.Overrule)
	if err := c.problems.OrNil(); err != nil {
		return err
	}
	if err := c.write(ctx, tx); err != nil {
		return again(err)
	}
	letters := invitations{bot: in.Bot, renew: in.Renew, expires: tx.Now().AddDate(0, 0, cmp.Or(in.InviteDays, 30))}
	if in.Invites != "" {
		if err := letters.make(ctx, tx, k, c); err != nil {
			return again(err)
		}
		if len(letters.rows) > 0 {
			if err := letters.write(in.Invites); err != nil {
				return err
			}
			defer letters.discard()
		}
	}
	if c.empty() && len(letters.rows) == 0 {
		tx.Rollback(ctx)
	} else if _, err := tx.Commit(ctx, 0, nil, nil); err != nil {
		return again(err)
	}
	c.report(out)
	if in.Invites == "" {
		if c.empty() {
			fmt.Fprintln(out, "nothing has changed")
		}
		return nil
	}
	return letters.report(in.Invites, out)
}

// again tells an operator what to do when people wrote to the bot while the import ran.
func again(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("nothing was imported, because records changed meanwhile: run it again (%w)", err)
	}
	return err
}

// files is what was read.
type files struct {
	today       store.Day
	roster      Roster
	plansFile   string
	plans       []*Plan
	programFile string
	program     *store.Program
	problems    table.Problems
}

// readFiles reads everything before it judges: problems in one file do not hide those of another.
func readFiles(ctx context.Context, in Files, now time.Time) (files, error) {
	f := files{today: store.DayOf(now, time.FixedZone("WIT", 9*60*60))} // the day begins in the east of Indonesia
	if in.Roster != "" {
		t, bad, err := readTable(ctx, in.Box, in.Roster, "roster")
		if err != nil {
			return f, err
		}
		f.roster, f.problems = rosterOf(t, bad, f.today)
	}
	if in.Plans != "" {
		t, bad, err := readTable(ctx, in.Box, in.Plans, "plans")
		if err != nil {
			return f, err
		}
		f.plansFile = t.File
		f.plans, bad = plansOf(t, bad)
		f.problems = append(f.problems, bad...)
	}
	if in.Program != "" {
		var read programRead
		if err := readIn(ctx, in.Box, in.Program, "program", nil, &read); err != nil {
			return f, err
		}
		f.programFile = filepath.Base(in.Program)
		if f.problems = append(f.problems, read.Problems...); len(read.Problems) == 0 {
			f.program = &read.Program
		}
	}
	return f, nil
}
