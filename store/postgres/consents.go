package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var consents = record[store.Consent]{
	kind: "consent",
	from: `select id, version, person, notice, given, source, withdrawn from consents`,
	scan: func(row pgx.CollectableRow) (c store.Consent, err error) {
		err = row.Scan(&c.ID, &c.Version, &c.Person, &c.Notice, &c.Given, &c.Source,
			(*zeronull.Timestamptz)(&c.Withdrawn))
		return c, err
	},
	key: func(c store.Consent) (store.ID, int) { return c.ID, c.Version },
}

// ConsentOf returns the consent that a person gave last.
func (t *Tx) ConsentOf(ctx context.Context, person store.ID) (store.Consent, error) {
	return one(ctx, t, consents, `where person = $1 order by given desc, id desc`, person)
}

// AddConsent keeps a new consent.
func (t *Tx) AddConsent(ctx context.Context, what string, c *store.Consent) error {
	chain, err := t.chainOf(ctx, c.Person)
	if err != nil {
		return err
	}
	if c.ID, err = t.newID(ctx); err != nil {
		return err
	}
	c.Version = 1
	micros(&c.Given, &c.Withdrawn)
	t.write(1, "consent", `
		insert into consents (id, version, person, notice, given, source, withdrawn)
		values ($1, 1, $2, $3, $4, $5, $6)`,
		c.ID, c.Person, c.Notice, c.Given, c.Source, zeronull.Timestamptz(c.Withdrawn))
	return add(ctx, t, consents, chain, what, *c)
}

// PutConsent changes a consent: it is withdrawn.
func (t *Tx) PutConsent(ctx context.Context, what string, c *store.Consent) error {
	chain, err := t.chainOf(ctx, c.Person)
	if err != nil {
		return err
	}
	micros(&c.Given, &c.Withdrawn)
	return put(ctx, t, consents, chain, what, c, &c.Version, func() {
		t.write(1, "consent", `
			update consents
			set version = version + 1, notice = $4, given = $5, source = $6, withdrawn = $7
			where id = $1 and version = $2 and person = $3`,
			c.ID, c.Version, c.Person, c.Notice, c.Given, c.Source, zeronull.Timestamptz(c.Withdrawn))
	})
}
