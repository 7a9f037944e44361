package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// plans reads plans with their lines, which have the same names in JSON as in the store.
var plans = record[store.Plan]{
	kind: "plan",
	from: `
		select id, recipient, edition, reason,
			(
				select json_agg(json_build_object('id', l.id, 'item', l.item, 'pos', l.pos, 'volume', l.volume,
					'unit', l.unit, 'price', l.price) order by l.ord)
				from plan_lines l
				where l.plan = plans.id
			)
		from plans`,
	scan: func(row pgx.CollectableRow) (p store.Plan, err error) {
		err = row.Scan(&p.ID, &p.Recipient, &p.Edition, &p.Reason, &p.Lines)
		return p, err
	},
	key: func(p store.Plan) (store.ID, int) { return p.ID, 1 },
}

// Plan is the newest version of a recipient's RAB; a recipient without one has an empty Plan.
func (t *Tx) Plan(ctx context.Context, recipient store.ID) (store.Plan, error) {
	p, err := one(ctx, t, plans, `where recipient = $1 order by edition desc`, recipient)
	if errors.Is(err, store.ErrNotFound) {
		return store.Plan{}, nil
	}
	return p, err
}

// AddPlan adds a version of the RAB, the next one when it says none; lines get their ids.
func (t *Tx) AddPlan(ctx context.Context, what string, p *store.Plan) error {
	c, err := t.chain(ctx, p.Recipient)
	if err != nil {
		return err
	}
	if p.Edition == 0 {
		newest, err := t.Plan(ctx, p.Recipient)
		if err != nil {
			return err
		}
		p.Edition = newest.Edition + 1
	}
	if p.ID, err = t.newID(ctx); err != nil {
		return err
	}
	t.write(1, "plan", `insert into plans (id, recipient, edition, reason) values ($1, $2, $3, $4)`,
		p.ID, p.Recipient, p.Edition, p.Reason)
	for i := range p.Lines {
		l := &p.Lines[i]
		if l.ID, err = t.newID(ctx); err != nil {
			return err
		}
		t.write(1, "plan line", `
			insert into plan_lines (id, plan, ord, item, pos, volume, unit, price)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			l.ID, p.ID, i+1, l.Item, l.Pos, l.Volume, l.Unit, l.Price)
	}
	return add(ctx, t, plans, c, what, *p)
}
