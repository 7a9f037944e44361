package roster

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pendamping/flows/invite"
	"pendamping/store"
)

// invitations are new ones, with the secrets that only their file tells.
type invitations struct {
	bot       string
	renew     bool
	expires   time.Time
	kept      int // open ones, which were handed out before
	ended     int // that were expired, or are renewed
	rows      [][]string
	temporary string
	codes     map[string]bool
	groups    map[store.ID]store.Recipient // of those who are invited
	mentors   map[store.ID]string          // their codes
}

// make invites everybody who is not bound and has no open invitation, in the order of codes and roles. Open ones may
// have been handed out, so they are only ended where all are renewed.
func (l *invitations) make(ctx context.Context, tx store.Tx, k *known, c *changes) error {
	var unbound []store.Person
	seen := map[store.ID]bool{}
	for _, p := range c.people {
		seen[p.person.ID] = true
		if p.person.Account == 0 {
			unbound = append(unbound, p.person)
		}
	}
	for id, p := range k.byID {
		if !seen[id] && p.Account == 0 {
			unbound = append(unbound, p)
		}
	}
	slices.SortFunc(unbound, func(a, b store.Person) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(slices.Index(roles, a.Role),
			slices.Index(roles, b.Role)),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	l.codes = map[string]bool{}
	l.groups, l.mentors = groupsAfter(k, c)
	for i, p := range unbound {
		if err := l.invite(ctx, tx, p, k.invites[p.ID]); err != nil {
			return err
		}
		if err := relieve(ctx, tx, i); err != nil {
			return err
		}
	}
	return nil
}

func (l *invitations) invite(ctx context.Context, tx store.Tx, p store.Person, open []store.Invite) error {
	if !l.renew && slices.ContainsFunc(open, func(i store.Invite) bool { return !tx.Now().After(i.Expires) }) {
		l.kept++
		return nil
	}
	for _, old := range open {
		l.ended++
		old.Revoked = tx.Now()
		if err := tx.PutInvite(ctx, "invite.revoked", &old); err != nil {
			return err
		}
	}
	i := invite.NewInvite(p.ID, l.expires)
	for l.codes[i.Code] {
		i = invite.NewInvite(p.ID, l.expires)
	}
	l.codes[i.Code] = true
	if err := tx.AddInvite(ctx, "invite.added", &i); err != nil {
		return err
	}
	link := ""
	if l.bot != "" {
		link = invite.InviteLink(strings.TrimPrefix(l.bot, "@"), i.Token)
	}
	g := l.groups[p.Recipient]
	l.rows = append(l.rows, []string{
		string(p.Role), p.Code, p.Name, link, invite.InviteCode(i.Code), l.expires.Format(time.DateOnly),
		g.Name, g.Village, l.mentors[g.Mentor], p.WA,
	})
	return nil
}

// groupsAfter returns the recipients and the mentors' codes as they are once the import is kept.
func groupsAfter(k *known, c *changes) (groups map[store.ID]store.Recipient, mentors map[store.ID]string) {
	groups, mentors = map[store.ID]store.Recipient{}, map[store.ID]string{}
	for _, r := range k.recipients {
		groups[r.ID] = r
	}
	for _, g := range c.groups {
		groups[g.recipient.ID] = g.recipient
	}
	for id, p := range k.byID {
		mentors[id] = p.Code
	}
	for _, p := range c.people {
		mentors[p.person.ID] = p.person.Code
	}
	return groups, mentors
}

// report puts the file in its place and says what there is. The codes are in the database as hashes only: without the
// file nobody can tell them any more.
func (l *invitations) report(path string, out io.Writer) error {
	if len(l.rows) > 0 {
		if err := l.keep(path); err != nil {
			return err
		}
		fmt.Fprintf(out, "%d invitations written to %s, good until %s\n",
			len(l.rows), path, l.expires.Format(time.DateOnly))
	} else {
		fmt.Fprintf(out, "no new invitations, so %s was not written\n", path)
	}
	if l.ended > 0 {
		fmt.Fprintf(out, "%d invitations ended, because they had expired or are renewed\n", l.ended)
	}
	if l.kept > 0 {
		fmt.Fprintf(out, "%d invitations of before stay good; --renew ends them and makes new ones\n", l.kept)
	}
	return nil
}

// write puts the invitations beside where they are to stand, for their owner's eyes only.
func (l *invitations) write(path string) error {
	if _, err := os.Stat(path); err == nil && l.kept > 0 {
		return fmt.Errorf("invitations: %s is there and may hold the codes of %d that stay good: name another file",
			path, l.kept)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".invites-*.csv") // mode 0600
	if err != nil {
		return fmt.Errorf("invitations: %w", err)
	}
	l.temporary = f.Name()
	w := csv.NewWriter(f)
	err = w.Write([]string{"peran", "kode", "nama", "tautan", "kode_undangan", "berlaku_sampai",
		"kelompok", "desa", "pendamping", "wa"})
	for _, row := range l.rows {
		for i, cell := range row {
			row[i] = harmless(cell)
		}
		err = cmp.Or(err, w.Write(row))
	}
	w.Flush()
	if err = cmp.Or(err, w.Error(), f.Sync(), f.Close()); err != nil {
		l.discard()
		return fmt.Errorf("invitations: %w", err)
	}
	return nil
}

// keep moves the file to its place. From here on it stays, wherever it is.
func (l *invitations) keep(path string) error {
	written := l.temporary
	l.temporary = ""
	if err := os.Rename(written, path); err != nil {
		return fmt.Errorf("the import is kept, but its invitations stand in %s: %w", written, err)
	}
	return nil
}

// discard removes what was written for an import that was not kept.
func (l *invitations) discard() {
	if l.temporary != "" {
		os.Remove(l.temporary)
	}
}

// harmless keeps a spreadsheet from taking a cell for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
