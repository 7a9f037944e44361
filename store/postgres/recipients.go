package postgres

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var recipients = record[store.Recipient]{
	kind: "recipient",
	from: `
		select id, version, code, name, single, program, province, regency, village, wave, zone, amount, disbursed, mentor,
			regular, back, exists (select from plans p where p.recipient = recipients.id and p.state = 'agreed'),
			exists (select from rooms o where o.recipient = recipients.id),
			exists (select from reports l where l.recipient = recipients.id and l.state in (` + closing + `))
		from recipients`,
	scan: func(row pgx.CollectableRow) (r store.Recipient, err error) {
		err = row.Scan(&r.ID, &r.Version, &r.Code, &r.Name, &r.Single, &r.Program, &r.Province, &r.Regency, &r.Village,
			&r.Wave, &r.Zone, &r.Grant, &r.Disbursed, (*zeronull.Int8)(&r.Mentor),
			(*zeronull.Int8)(&r.Regular), &r.Back, &r.Planned, &r.Roomed, &r.Closed)
		return r, err
	},
	key: func(r store.Recipient) (store.ID, int) { return r.ID, r.Version },
}

// Recipient returns the recipient with that id.
func (t *Tx) Recipient(ctx context.Context, id store.ID) (store.Recipient, error) {
	return one(ctx, t, recipients, `where id = $1`, id)
}

// RecipientByCode returns the recipient with that code.
func (t *Tx) RecipientByCode(ctx context.Context, code string) (store.Recipient, error) {
	return one(ctx, t, recipients, `where code = $1`, code)
}

// RecipientsOf returns a mentor's recipients, by name.
func (t *Tx) RecipientsOf(ctx context.Context, mentor store.ID) ([]store.Recipient, error) {
	return list(ctx, t, recipients, `where mentor = $1 order by name, id`, mentor)
}

// AddRecipient keeps a new recipient and starts its chain.
func (t *Tx) AddRecipient(ctx context.Context, what string, r *store.Recipient) (err error) {
	if err := day("recipient", r.Disbursed); err != nil {
		return err
	}
	if r.ID, err = t.newID(ctx); err != nil {
		return err
	}
	r.Version = 1
	t.write(1, "recipient", `
		insert into recipients
			(id, version, code, name, single, program, province, regency, village, wave, zone, amount, disbursed,
				mentor, regular, back)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		r.ID, r.Code, r.Name, r.Single, r.Program, r.Province, r.Regency, r.Village, r.Wave, r.Zone, r.Grant,
		r.Disbursed,
		null(r.Mentor), null(r.Regular), r.Back)
	return add(ctx, t, recipients, t.newChain(r.ID), what, *r)
}

// PutRecipient changes a recipient.
func (t *Tx) PutRecipient(ctx context.Context, what string, r *store.Recipient) error {
	if err := day("recipient", r.Disbursed); err != nil {
		return err
	}
	c, err := t.chain(ctx, r.ID)
	if err != nil {
		return err
	}
	return put(ctx, t, recipients, c, what, r, &r.Version, func() {
		t.write(1, "recipient", `
			update recipients
			set version = version + 1, code = $3, name = $4, single = $5, program = $6, province = $7, regency = $8,
				village = $9, wave = $10, zone = $11, amount = $12, disbursed = $13, mentor = $14, regular = $15, back = $16
			where id = $1 and version = $2`,
			r.ID, r.Version, r.Code, r.Name, r.Single, r.Program, r.Province, r.Regency,
			r.Village, r.Wave, r.Zone, r.Grant, r.Disbursed, null(r.Mentor), null(r.Regular), r.Back)
	})
}

var programs = record[store.Program]{
	kind: "program",
	from: `select id, code, edition, rules from programs`,
	scan: func(row pgx.CollectableRow) (p store.Program, err error) {
		err = row.Scan(&p.ID, &p.Code, &p.Edition, &p.Rules)
		return p, err
	},
	key: func(p store.Program) (store.ID, int) { return p.ID, 1 },
}

// Program returns the version of a programme's rules with that id. It never changes, so that it is read once.
func (t *Tx) Program(ctx context.Context, id store.ID) (store.Program, error) {
	if p, ok := t.db.programs.Load(id); ok {
		return p.(store.Program), nil
	}
	p, err := one(ctx, t, programs, `where id = $1`, id)
	if err == nil && !t.Written() { // else it may be this transaction's own, and not stay
		t.db.programs.Store(id, p)
	}
	return p, err
}

// ProgramByCode returns that version of a programme's rules, for version 0 the newest.
func (t *Tx) ProgramByCode(ctx context.Context, code string, version int) (store.Program, error) {
	return one(ctx, t, programs, `where code = $1 and $2 in (0, edition) order by edition desc`, code, version)
}

// NewestProgram returns the programme whose rules were added last.
func (t *Tx) NewestProgram(ctx context.Context) (store.Program, error) {
	return one(ctx, t, programs, `order by id desc`)
}

// AddProgram keeps a version of a programme's rules. It can't be changed.
func (t *Tx) AddProgram(ctx context.Context, what string, p *store.Program) error {
	c, err := t.chain(ctx, 0)
	if err != nil {
		return err
	}
	if p.ID, err = t.newID(ctx); err != nil {
		return err
	}
	rules, err := json.Marshal(p.Rules)
	if err != nil {
		return failed("program", err)
	}
	t.write(1, "program", `insert into programs (id, code, edition, rules) values ($1, $2, $3, $4)`,
		p.ID, p.Code, p.Edition, rules)
	return add(ctx, t, programs, c, what, *p)
}
