package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// plans reads plans with their lines, which have the same names in JSON as in the store.
var plans = record[store.Plan]{
	kind: "plan",
	from: `
		select id, version, recipient, edition, state, reason, by, at, nullif(hands, '{}'), coalesce(review, '{}'),
			(
				select json_agg(json_build_object('id', l.id, 'item', l.item, 'pos', l.pos, 'volume', l.volume,
					'unit', l.unit, 'price', l.price) order by l.ord)
				from plan_lines l
				where l.plan = plans.id
			)
		from plans`,
	scan: func(row pgx.CollectableRow) (p store.Plan, err error) {
		err = row.Scan(&p.ID, &p.Version, &p.Recipient, &p.Edition, &p.State, &p.Reason, (*zeronull.Int8)(&p.By),
			(*zeronull.Timestamptz)(&p.At), &p.Hands, &p.Review, &p.Lines)
		return p, err
	},
	key: func(p store.Plan) (store.ID, int) { return p.ID, p.Version },
}

// Plan returns the edition of a recipient's RAB that holds. A recipient without one has an empty Plan.
func (t *Tx) Plan(ctx context.Context, recipient store.ID) (store.Plan, error) {
	return t.newestPlan(ctx, recipient, store.PlanAgreed)
}

// ProposedPlan returns the edition that waits for an agreement; an empty Plan when none does.
func (t *Tx) ProposedPlan(ctx context.Context, recipient store.ID) (store.Plan, error) {
	return t.newestPlan(ctx, recipient, store.PlanProposed)
}

func (t *Tx) newestPlan(ctx context.Context, recipient store.ID, state store.PlanState) (store.Plan, error) {
	p, err := one(ctx, t, plans, `where recipient = $1 and state = $2 order by edition desc`, recipient, state)
	if errors.Is(err, store.ErrNotFound) {
		return store.Plan{}, nil
	}
	return p, err
}

// PlanByID returns an edition in whatever state it is.
func (t *Tx) PlanByID(ctx context.Context, id store.ID) (store.Plan, error) {
	return one(ctx, t, plans, `where id = $1`, id)
}

// PlansToReview returns the proposed plans that a reviewer decides, oldest first: a mentor's groups', and in a
// coordinator's scope those that the mentor proposed, and those whose mentor can't be reached or is not there. Nobody's
// own are among them.
func (t *Tx) PlansToReview(ctx context.Context, reviewer store.Person, hands []store.ID) ([]store.Plan, error) {
	return list(ctx, t, plans, `
		where state = 'proposed' and not plans.hands && coalesce($6::bigint[], '{}') and exists (
			select from recipients r
			left join persons m on m.id = r.mentor
			left join persons b on b.id = plans.by
			where r.id = plans.recipient
				and (b.id is null or b.id <> $2 and (b.account is null or b.account <> $5))
				and case when $1 = 'koordinator'
					then (m.account is null or b.account = m.account or m.id = any (plans.hands))
						and ($3 = '' or lower(r.province) = lower($3)) and ($4 = '' or lower(r.regency) = lower($4))
					else m.id = $2 end)
		order by id`, reviewer.Role, reviewer.ID, reviewer.Province, reviewer.Regency, reviewer.Account, hands)
}

// AddPlan adds an edition of the RAB, the next one when it says none; lines without an id get one. Without a state it
// is agreed.
func (t *Tx) AddPlan(ctx context.Context, what string, p *store.Plan) error {
	c, err := t.book(ctx, p.Recipient)
	if err != nil {
		return err
	}
	if p.Edition == 0 {
		q, err := t.reads(ctx)
		if err != nil {
			return err
		}
		const next = `select coalesce(max(edition), 0) + 1 from plans where recipient = $1`
		if err := q.QueryRow(ctx, next, p.Recipient).Scan(&p.Edition); err != nil {
			return failed("plan", err)
		}
	}
	if p.ID, err = t.newID(ctx); err != nil {
		return err
	}
	p.Version = 1
	if p.State == "" {
		p.State = store.PlanAgreed
	}
	micros(&p.At, &p.Review.At)
	t.write(1, "plan", `
		insert into plans (id, version, recipient, edition, state, reason, by, at, review, hands)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, '{}'::bigint[]))`,
		p.ID, p.Recipient, p.Edition, p.State, p.Reason, null(p.By), zeronull.Timestamptz(p.At), decision(p.Review),
		p.Hands)
	if err := t.addLines(ctx, p); err != nil {
		return err
	}
	return add(ctx, t, plans, c, what, *p)
}

// PutPlan changes an edition; its recipient and edition are for good.
func (t *Tx) PutPlan(ctx context.Context, what string, p *store.Plan) error {
	c, err := t.book(ctx, p.Recipient)
	if err != nil {
		return err
	}
	micros(&p.At, &p.Review.At)
	var lines error
	err = put(ctx, t, plans, c, what, p, &p.Version, func() {
		t.write(1, "plan", `
			update plans
			set version = version + 1, state = $5, reason = $6, by = $7, at = $8, review = $9, hands = coalesce($10, '{}'::bigint[])
			where id = $1 and version = $2 and recipient = $3 and edition = $4`,
			p.ID, p.Version, p.Recipient, p.Edition, p.State, p.Reason, null(p.By), zeronull.Timestamptz(p.At),
			decision(p.Review), p.Hands)
		t.write(anyRows, "plan", `delete from plan_lines where plan = $1`, p.ID)
		lines = t.addLines(ctx, p)
	})
	return errors.Join(lines, err)
}

func (t *Tx) addLines(ctx context.Context, p *store.Plan) error {
	for i := range p.Lines {
		l := &p.Lines[i]
		if l.ID == 0 {
			var err error
			if l.ID, err = t.newID(ctx); err != nil {
				return err
			}
			t.write(1, "plan line", `insert into lines (id) values ($1)`, l.ID)
		}
		t.write(1, "plan line", `
			insert into plan_lines (id, plan, ord, item, pos, volume, unit, price)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			l.ID, p.ID, i+1, l.Item, l.Pos, l.Volume, l.Unit, l.Price)
	}
	return nil
}
