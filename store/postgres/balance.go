package postgres

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Balance adds up a recipient's book: notas that were sent and not cancelled, and entries that stand. A recipient that
// is not there has an empty one.
func (t *Tx) Balance(ctx context.Context, recipient store.ID) (store.Balance, error) {
	b := store.Balance{}
	pos := map[string]store.Rupiah{}
	batch := &pgx.Batch{}
	batch.Queue(`
		select i.pos, coalesce(i.line, 0), sum(i.amount)::bigint
		from receipts r
		join receipt_items i on i.receipt = r.id
		where r.recipient = $1 and r.state in ('submitted', 'returned', 'verified')
		group by 1, 2`, recipient).Query(func(rows pgx.Rows) error {
		var name string
		var line store.ID
		var sum store.Rupiah
		_, err := pgx.ForEachRow(rows, []any{&name, &line, &sum}, func() error {
			b.Spent += sum
			pos[name] += sum
			if line != 0 {
				if b.ByLine == nil {
					b.ByLine = map[store.ID]store.Rupiah{}
				}
				b.ByLine[line] += sum
			}
			return nil
		})
		return err
	})
	batch.Queue(`
		select kind, pos, sum(amount)::bigint
		from entries
		where recipient = $1 and state = 'stands'
		group by 1, 2`, recipient).Query(func(rows pgx.Rows) error {
		var kind store.EntryKind
		var name string
		var sum store.Rupiah
		_, err := pgx.ForEachRow(rows, []any{&kind, &name, &sum}, func() error {
			switch kind {
			case store.EntryGrant:
				b.Received += sum
			case store.EntryDeposit:
				b.Deposited += sum
			case store.EntryFee:
				b.Fees += sum
			case store.EntryRefund:
				b.Refunds += sum
				pos[name] -= sum
			}
			return nil
		})
		return err
	})
	batch.Queue(`
		select count(*) filter (where state in ('submitted', 'returned', 'verified')), count(*) filter (where state = 'returned'),
			count(*) filter (where state = 'verified'), count(*) filter (where state = 'unfinished')
		from receipts
		where recipient = $1`, recipient).QueryRow(func(row pgx.Row) error {
		return row.Scan(&b.Submitted, &b.Returned, &b.Verified, &b.Unfinished)
	})
	if err := t.readBatch(ctx, batch); err != nil {
		return store.Balance{}, failed("balance", err)
	}
	b.Spent += b.Fees - b.Refunds
	b.Left = b.Received - b.Spent - b.Deposited
	for name, sum := range pos {
		b.ByPos = append(b.ByPos, store.PosSum{Pos: name, Spent: sum})
	}
	slices.SortFunc(b.ByPos, func(x, y store.PosSum) int { return cmp.Compare(x.Pos, y.Pos) })
	return b, nil
}
