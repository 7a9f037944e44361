package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var handovers = record[store.Handover]{
	kind: "handover",
	from: `
		select id, version, recipient, kind, state, giver, taker, role, leaves, back, reason, by, at, decided, answer, decided_at,
			agreed, agreed_at, ticket, objected, objected_at, unbound
		from handovers`,
	scan: func(row pgx.CollectableRow) (h store.Handover, err error) {
		err = row.Scan(&h.ID, &h.Version, &h.Recipient, &h.Kind, &h.State, (*zeronull.Int8)(&h.From),
			(*zeronull.Int8)(&h.To),
			&h.Role, &h.Leaves, &h.Back, &h.Reason, &h.By, &h.At, (*zeronull.Int8)(&h.Decided), &h.Answer,
			(*zeronull.Timestamptz)(&h.DecidedAt),
			(*zeronull.Int8)(&h.Agreed), (*zeronull.Timestamptz)(&h.AgreedAt), &h.Ticket, (*zeronull.Int8)(&h.Objected),
			(*zeronull.Timestamptz)(&h.ObjectedAt), &h.Unbound)
		return h, err
	},
	key: func(h store.Handover) (store.ID, int) { return h.ID, h.Version },
}

// Handover returns the handover with that id.
func (t *Tx) Handover(ctx context.Context, id store.ID) (store.Handover, error) {
	return one(ctx, t, handovers, `where id = $1`, id)
}

// HandoversIn returns those of a scope in a state, oldest first.
func (t *Tx) HandoversIn(
	ctx context.Context, state store.HandoverState, province, regency string,
) ([]store.Handover, error) {
	return list(ctx, t, handovers, `
		where state = $3 and recipient in (
			select id from recipients
			where ($1 = '' or lower(province) = lower($1)) and ($2 = '' or lower(regency) = lower($2)))
		order by id`, province, regency, state)
}

// HandoversOf returns a recipient's handovers, newest first.
func (t *Tx) HandoversOf(ctx context.Context, recipient store.ID) ([]store.Handover, error) {
	return list(ctx, t, handovers, `where recipient = $1 order by id desc`, recipient)
}

// AddHandover keeps a new handover.
func (t *Tx) AddHandover(ctx context.Context, what string, h *store.Handover) error {
	if err := day("handover", h.Back); err != nil {
		return err
	}
	c, err := t.fresh(ctx, h.Recipient, &h.ID, &h.Version)
	if err != nil {
		return err
	}
	micros(&h.At, &h.DecidedAt, &h.AgreedAt, &h.ObjectedAt)
	t.write(1, "handover", `
		insert into handovers
			(id, version, recipient, kind, state, giver, taker, role, leaves, back, reason, by, at, decided, answer, decided_at,
			agreed, agreed_at, ticket, objected, objected_at, unbound)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		h.ID, h.Recipient, h.Kind, h.State, null(h.From), null(h.To), h.Role, h.Leaves, h.Back, h.Reason, h.By, h.At,
		null(h.Decided), h.Answer, zeronull.Timestamptz(h.DecidedAt),
		null(h.Agreed), zeronull.Timestamptz(h.AgreedAt), h.Ticket, null(h.Objected),
		zeronull.Timestamptz(h.ObjectedAt), h.Unbound)
	return add(ctx, t, handovers, c, what, *h)
}

// PutHandover decides a handover; what was asked for is for good, but for who follows.
func (t *Tx) PutHandover(ctx context.Context, what string, h *store.Handover) error {
	c, err := t.chain(ctx, h.Recipient)
	if err != nil {
		return err
	}
	micros(&h.At, &h.DecidedAt, &h.AgreedAt, &h.ObjectedAt)
	return put(ctx, t, handovers, c, what, h, &h.Version, func() {
		t.write(1, "handover", `
			update handovers set version = version + 1, state = $6, taker = $7, decided = $8, decided_at = $9, answer = $10,
				agreed = $11, agreed_at = $12, ticket = $13, objected = $14, objected_at = $15
			where id = $1 and version = $2 and recipient = $3 and kind = $4 and by = $5`,
			h.ID, h.Version, h.Recipient, h.Kind, h.By, h.State, null(h.To), null(h.Decided),
			zeronull.Timestamptz(h.DecidedAt),
			h.Answer, null(h.Agreed), zeronull.Timestamptz(h.AgreedAt), h.Ticket, null(h.Objected),
			zeronull.Timestamptz(h.ObjectedAt))
	})
}

// MentorsNear returns the mentors of a place or organisation, by name: of the organisation, or there themselves or with
// a recipient.
func (t *Tx) MentorsNear(ctx context.Context, province, regency, organisation string) ([]store.Person, error) {
	return list(ctx, t, people, `
		where role = 'pendamping' and (($3 <> '' and organisation = $3) or (province <> ''
				and ($1 = '' or lower(province) = lower($1)) and ($2 = '' or regency = '' or lower(regency) = lower($2))) or exists (
			select from recipients r
			where (r.mentor = persons.id or r.regular = persons.id)
				and ($1 = '' or lower(r.province) = lower($1)) and ($2 = '' or lower(r.regency) = lower($2))))
		order by name, id`, province, regency, organisation)
}

// RecipientsNamed returns those of a scope with that code, or with those words in their name, by name, at most so many.
func (t *Tx) RecipientsNamed(
	ctx context.Context, province, regency, words string, limit int,
) ([]store.Recipient, error) {
	return list(ctx, t, recipients, `
		where ($1 = '' or lower(province) = lower($1)) and ($2 = '' or lower(regency) = lower($2))
			and (lower(code) = lower($3) or position(lower($3) in lower(name)) > 0)
		order by lower(code) = lower($3) desc, name, id limit $4`, province, regency, words, limit)
}

// OnLoan returns the recipients whose stand-in's last day is before that day.
func (t *Tx) OnLoan(ctx context.Context, before store.Day) ([]store.Recipient, error) {
	return list(ctx, t, recipients, `where regular is not null and back < $1 order by id`, before)
}
