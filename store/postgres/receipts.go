package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// receipts reads notas with their items and sources, which have the same names in JSON as in the store.
var receipts = record[store.Receipt]{
	kind: "receipt",
	from: `
		select id, version, recipient, number, state, kind, payment, seller, day, total, reason, nullif(flags, '{}'),
			by, behalf, nullif(hands, '{}'), nullif(sponsors, '{}'), coalesce(review, '{}'), begun, submitted, draft,
			(
				select json_agg(json_build_object('item', i.item, 'volume', i.volume, 'unit', i.unit, 'price', i.price,
					'amount', i.amount, 'line', coalesce(i.line, 0), 'pos', i.pos) order by i.ord)
				from receipt_items i
				where i.receipt = receipts.id
			),
			(
				select json_agg(json_build_object('person', s.person, 'message', s.message, 'name', s.name) order by s.ord)
				from receipt_sources s
				where s.receipt = receipts.id
			),
			exists (select from reports l where l.recipient = receipts.recipient and l.state in (` + closing + `))
		from receipts`,
	scan: func(row pgx.CollectableRow) (r store.Receipt, err error) {
		err = row.Scan(&r.ID, &r.Version, &r.Recipient, &r.Number, &r.State, &r.Kind, &r.Payment, &r.Seller, &r.Day,
			&r.Total,
			&r.Reason, &r.Flags, &r.By, &r.Behalf, &r.Hands, &r.Sponsors, &r.Review, &r.Begun,
			(*zeronull.Timestamptz)(&r.Submitted), (*[]byte)(&r.Draft),
			&r.Items, &r.Sources, &r.Locked)
		return r, err
	},
	key: func(r store.Receipt) (store.ID, int) { return r.ID, r.Version },
}

// Receipt returns the nota with that id.
func (t *Tx) Receipt(ctx context.Context, id store.ID) (store.Receipt, error) {
	return one(ctx, t, receipts, `where id = $1`, id)
}

// ReceiptByNumber returns a recipient's nota of that number.
func (t *Tx) ReceiptByNumber(ctx context.Context, recipient store.ID, number int) (store.Receipt, error) {
	return one(ctx, t, receipts, `where recipient = $1 and number = $2`, recipient, number)
}

// Receipts returns a recipient's notas in a state, newest number first; limit and offset page them. "" means every
// state.
func (t *Tx) Receipts(
	ctx context.Context, recipient store.ID, state store.ReceiptState, limit, offset int,
) ([]store.Receipt, error) {
	if state == "" {
		return list(ctx, t, receipts, `where recipient = $1 order by number desc limit $2 offset $3`, recipient, limit,
			offset)
	}
	return list(ctx, t, receipts, `where recipient = $1 and state = $2 order by number desc limit $3 offset $4`,
		recipient, state, limit, offset)
}

// CountReceipts returns how many notas a recipient has in a state; "" means every state.
func (t *Tx) CountReceipts(ctx context.Context, recipient store.ID, state store.ReceiptState) (n int, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return 0, err
	}
	err = q.QueryRow(ctx, `select count(*) from receipts where recipient = $1 and $2 in ('', state)`, recipient,
		state).Scan(&n)
	return n, failed("count of receipts", err)
}

// UnfinishedOf returns the unfinished notas that a person began, newest first.
func (t *Tx) UnfinishedOf(ctx context.Context, person store.ID) ([]store.Receipt, error) {
	return list(ctx, t, receipts, `where by = $1 and state = 'unfinished' order by begun desc, id desc`, person)
}

// ReceiptBySource returns the nota that one of an account's messages answered; name says which question.
func (t *Tx) ReceiptBySource(ctx context.Context, account int64, message int) (store.Receipt, string, error) {
	r, err := one(ctx, t, receipts, `
		where id in (
			select s.receipt from receipt_sources s join persons p on p.id = s.person
			where p.account = $1 and s.message = $2)
		order by begun desc, id desc`, account, message)
	for _, s := range r.Sources {
		if s.Message == message { // two persons of a nota seldom have a message of that number
			return r, s.Name, err
		}
	}
	return r, "", err
}

// AddReceipt takes the recipient's next number and keeps the nota. Without a state it is unfinished.
func (t *Tx) AddReceipt(ctx context.Context, what string, r *store.Receipt) error {
	if err := day("receipt", r.Day); err != nil {
		return err
	}
	c, err := t.book(ctx, r.Recipient)
	if err != nil {
		return err
	}
	if r.ID, err = t.newID(ctx); err != nil {
		return err
	}
	c.receipts++
	r.Version, r.Number = 1, c.receipts
	if r.State == "" {
		r.State = store.Unfinished
	}
	micros(&r.Begun, &r.Submitted, &r.Review.At)
	t.write(1, "receipt", `
		insert into receipts
			(id, version, recipient, number, state, kind, payment, seller, day, total, reason, flags, by, behalf, begun,
			submitted, draft, hands, review, sponsors)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, '{}'::text[]), $12, $13, $14, $15, $16,
			coalesce($17, '{}'::bigint[]), $18, coalesce($19, '{}'::bigint[]))`,
		r.ID, r.Recipient, r.Number, r.State, r.Kind, r.Payment, r.Seller, r.Day, r.Total, r.Reason, r.Flags, r.By,
		r.Behalf,
		r.Begun, zeronull.Timestamptz(r.Submitted), []byte(r.Draft), r.Hands, decision(r.Review), r.Sponsors)
	t.addItems(r)
	t.addSources(r)
	return add(ctx, t, receipts, c, what, *r)
}

// PutReceipt changes a nota; its recipient and number are for good.
func (t *Tx) PutReceipt(ctx context.Context, what string, r *store.Receipt) error {
	if err := day("receipt", r.Day); err != nil {
		return err
	}
	c, err := t.book(ctx, r.Recipient)
	if err != nil {
		return err
	}
	micros(&r.Begun, &r.Submitted, &r.Review.At)
	return put(ctx, t, receipts, c, what, r, &r.Version, func() {
		t.write(1, "receipt", `
			update receipts
			set version = version + 1, state = $5, kind = $6, payment = $7, seller = $8, day = $9, total = $10, reason = $11,
				flags = coalesce($12, '{}'::text[]), by = $13, behalf = $14, begun = $15, submitted = $16, draft = $17,
				hands = coalesce($18, '{}'::bigint[]), review = $19, sponsors = coalesce($20, '{}'::bigint[])
			where id = $1 and version = $2 and recipient = $3 and number = $4`,
			r.ID, r.Version, r.Recipient, r.Number, r.State, r.Kind, r.Payment, r.Seller, r.Day, r.Total, r.Reason,
			r.Flags, r.By, r.Behalf, r.Begun, zeronull.Timestamptz(r.Submitted), []byte(r.Draft), r.Hands,
			decision(r.Review), r.Sponsors)
		t.write(anyRows, "receipt", `delete from receipt_items where receipt = $1`, r.ID)
		t.write(anyRows, "receipt", `delete from receipt_sources where receipt = $1`, r.ID)
		t.addItems(r)
		t.addSources(r)
	})
}

func (t *Tx) addItems(r *store.Receipt) {
	for i, v := range r.Items {
		t.write(1, "receipt item", `
			insert into receipt_items (receipt, ord, item, volume, unit, price, amount, line, pos)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			r.ID, i+1, v.Item, v.Volume, v.Unit, v.Price, v.Amount, null(v.Line), v.Pos)
	}
}

func (t *Tx) addSources(r *store.Receipt) {
	for i, s := range r.Sources {
		t.write(1, "receipt source", `
			insert into receipt_sources (receipt, ord, person, message, name)
			values ($1, $2, $3, $4, $5)`, r.ID, i+1, s.Person, s.Message, s.Name)
	}
}
