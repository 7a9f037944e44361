package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var approvals = record[store.Approval]{
	kind: "approval",
	from: `select id, version, recipient, book, notas, spent, remaining, by, at, nullif(sponsors, '{}'), paper, coalesce(review, '{}') from approvals`,
	scan: func(row pgx.CollectableRow) (a store.Approval, err error) {
		err = row.Scan(&a.ID, &a.Version, &a.Recipient, &a.Book, &a.Notas, &a.Spent, &a.Left, &a.By, &a.At, &a.Sponsors,
			(*zeronull.Int8)(&a.Paper), &a.Review)
		return a, err
	},
	key: func(a store.Approval) (store.ID, int) { return a.ID, a.Version },
}

// Approval returns the newest approval of a recipient's book.
func (t *Tx) Approval(ctx context.Context, recipient store.ID) (store.Approval, error) {
	return one(ctx, t, approvals, `where recipient = $1 order by id desc`, recipient)
}

// ApprovalByID returns the approval with that id.
func (t *Tx) ApprovalByID(ctx context.Context, id store.ID) (store.Approval, error) {
	return one(ctx, t, approvals, `where id = $1`, id)
}

// ApprovalsToReview returns the newest ones on paper that a reviewer is to look at, oldest first: another's of the same
// organisation, and those of the place for a coordinator.
func (t *Tx) ApprovalsToReview(ctx context.Context, reviewer store.Person, hands []store.ID) ([]store.Approval, error) {
	return list(ctx, t, approvals, `
		where paper is not null and review is null and by <> all (coalesce($6::bigint[], '{}'))
			and not exists (select from approvals n where n.recipient = approvals.recipient and n.id > approvals.id)
			and recipient in (
				select r.id from recipients r
				where case when $1 = 'koordinator'
					then ($3 = '' or lower(r.province) = lower($3)) and ($4 = '' or lower(r.regency) = lower($4))
					else r.mentor = $2 or ($5 <> '' and r.mentor in (
						select id from persons where role = 'pendamping' and organisation = $5)) end)
		order by id`, reviewer.Role, reviewer.ID, reviewer.Province, reviewer.Regency, reviewer.Organisation, hands)
}

// AddApproval keeps a new approval.
func (t *Tx) AddApproval(ctx context.Context, what string, a *store.Approval) error {
	c, err := t.chain(ctx, a.Recipient)
	if err != nil {
		return err
	}
	if a.ID, err = t.newID(ctx); err != nil {
		return err
	}
	a.Version = 1
	micros(&a.At, &a.Review.At)
	t.write(1, "approval", `
		insert into approvals (id, version, recipient, book, notas, spent, remaining, by, at, paper, review, sponsors)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, '{}'::bigint[]))`,
		a.ID, a.Recipient, a.Book, a.Notas, a.Spent, a.Left, a.By, a.At, null(a.Paper), decision(a.Review), a.Sponsors)
	return add(ctx, t, approvals, c, what, *a)
}

// PutApproval keeps what a reviewer says of an approval; the approval itself is for good.
func (t *Tx) PutApproval(ctx context.Context, what string, a *store.Approval) error {
	c, err := t.chain(ctx, a.Recipient)
	if err != nil {
		return err
	}
	micros(&a.At, &a.Review.At)
	return put(ctx, t, approvals, c, what, a, &a.Version, func() {
		t.write(1, "approval", `
			update approvals set version = version + 1, review = $9
			where id = $1 and version = $2 and recipient = $3 and book = $4 and notas = $5 and spent = $6 and remaining = $7
				and by = $8 and sponsors = coalesce($10, '{}'::bigint[])`,
			a.ID, a.Version, a.Recipient, a.Book, a.Notas, a.Spent, a.Left, a.By, decision(a.Review), a.Sponsors)
	})
}
