package roster

import (
	"context"
	"fmt"
	"io"
	"slices"

	"pendamping/store"
)

// empty tells whether nothing is to be written.
func (c *changes) empty() bool {
	return c.program == nil && len(c.plans) == 0 && len(c.ties) == 0 &&
		!slices.ContainsFunc(c.people, func(p *personChange) bool {
			return !p.known || p.changed ||
				p.consent != nil
		}) &&
		!slices.ContainsFunc(c.groups, func(g *groupChange) bool { return !g.known || g.changed || g.grant })
}

// write keeps the changes: what is pointed at before what points.
func (c *changes) write(ctx context.Context, tx store.Tx) error {
	isNew := func(g *groupChange) bool { return !g.known }
	if c.program == nil && c.pinned.ID == 0 && slices.ContainsFunc(c.groups, isNew) {
		c.program = c.pinned // the default rules, now that somebody is pinned to them
	}
	if c.program != nil {
		if err := tx.AddProgram(ctx, "program.added", c.program); err != nil {
			return err
		}
	}
	for _, p := range c.people {
		if p.group == nil {
			if err := p.write(ctx, tx); err != nil {
				return err
			}
		}
	}
	for i, g := range c.groups {
		if err := g.write(ctx, tx, c.pinned.ID); err != nil {
			return err
		}
		if err := relieve(ctx, tx, i); err != nil {
			return err
		}
	}
	for i, p := range c.people {
		if p.group != nil {
			if err := p.write(ctx, tx); err != nil {
				return err
			}
		}
		if err := relieve(ctx, tx, i); err != nil {
			return err
		}
	}
	if err := c.tie(ctx, tx); err != nil {
		return err
	}
	for i, p := range c.plans {
		if p.group != nil {
			p.plan.Recipient = p.group.recipient.ID
		}
		if err := tx.AddPlan(ctx, "plan.added", &p.plan); err != nil {
			return err
		}
		if err := relieve(ctx, tx, i); err != nil {
			return err
		}
	}
	return nil
}

// relieve makes the store send what it holds back, now and then: a read does. A national roster is too much for one
// batch.
func relieve(ctx context.Context, tx store.Tx, i int) error {
	if i%2000 != 1999 {
		return nil
	}
	_, err := tx.CountReceipts(ctx, 0, "")
	return err
}

func (p *personChange) write(ctx context.Context, tx store.Tx) error {
	if p.group != nil {
		p.person.Recipient = p.group.recipient.ID
	}
	var err error
	switch {
	case !p.known:
		err = tx.AddPerson(ctx, "person.added", &p.person)
	case p.changed:
		err = tx.PutPerson(ctx, "person.changed", &p.person)
	}
	if err != nil || p.consent == nil {
		return err
	}
	p.consent.Person = p.person.ID
	return tx.AddConsent(ctx, "consent.given", p.consent)
}

func (g *groupChange) write(ctx context.Context, tx store.Tx, program store.ID) error {
	r := &g.recipient
	if g.mentor != nil {
		r.Mentor = g.mentor.person.ID
	}
	var err error
	switch {
	case !g.known:
		r.Program = program
		err = tx.AddRecipient(ctx, "recipient.added", r)
	case g.changed:
		err = tx.PutRecipient(ctx, "recipient.changed", r)
	}
	if err != nil || !g.grant {
		return err
	}
	for _, e := range g.cancel {
		e.State = store.EntryCancelled
		if err := tx.PutEntry(ctx, "entry.cancelled", &e); err != nil {
			return err
		}
	}
	e := store.Entry{
		Recipient: r.ID, Kind: store.EntryGrant, State: store.EntryStands, Amount: r.Grant, Day: r.Disbursed,
		At: tx.Now(),
	}
	return tx.AddEntry(ctx, "entry.added", &e)
}

// report says what the import did.
func (c *changes) report(out io.Writer) {
	for _, n := range c.notes {
		fmt.Fprintln(out, "note:", n)
	}
	if p := c.program; p != nil {
		fmt.Fprintf(out, "programme %s version %d added\n", p.Code, p.Edition)
	}
	if f := c.files.roster.File; f != "" {
		people, groups := count{}, count{}
		for _, p := range c.people {
			people.add(p.known, p.changed || p.consent != nil)
		}
		for _, g := range c.groups {
			groups.add(g.known, g.changed)
		}
		fmt.Fprintf(out, "%s: people %v; recipients %v\n", f, people, groups)
	}
	if f := c.files.plansFile; f != "" {
		fmt.Fprintf(out, "%s: plans %d added or revised, %d unchanged\n",
			f, len(c.plans), len(c.files.plans)-len(c.plans))
	}
}

type count struct{ added, changed, same int }

func (n *count) add(known, changed bool) {
	switch {
	case !known:
		n.added++
	case changed:
		n.changed++
	default:
		n.same++
	}
}

// String is the count as a report has it.
func (n count) String() string {
	return fmt.Sprintf("%d added, %d changed, %d unchanged", n.added, n.changed, n.same)
}
