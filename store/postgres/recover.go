package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Recover gives a process what ended ones left: their open updates, in order, and the replies that they had not
// marked as sent, to be sent perhaps a second time. Papers that they held wait again, to be made once more; nudges
// and bulk become store.Unknown. Each goes to one process only, however many recover at once. It gives at most limit
// updates, the oldest of them. A process that ended without a word has ended when it was without its connection for
// RejoinGrace; until then Absent says that there may be more.
func (d *DB) Recover(ctx context.Context, me int64, limit int) (left store.LeftBehind, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		// Whose lock can be taken has no connection. The locks are kept until the rows are ours.
		rows, err := tx.Query(ctx, `
			select id, coalesce(backend, 0)::bigint from processes where id <> $1 and pg_try_advisory_xact_lock($2::int, id::int)`, me, alive)
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c connection, err error) {
			return c, row.Scan(&c.process, &c.backend)
		})
		if err != nil {
			return err
		}
		dead := d.absent.gone(list, d.RejoinGrace, time.Now())
		left.Absent = len(dead) < len(list)
		if len(dead) > 0 {
			if _, err := tx.Exec(ctx, `delete from processes where id = any($1)`, dead); err != nil {
				return err
			}
		}
		if left.Updates, err = recoverUpdates(ctx, tx, me, limit); err != nil {
			return err
		}
		left.Replies, err = recoverReplies(ctx, tx, me)
		return err
	})
	if err != nil {
		return store.LeftBehind{}, failed("recover", err)
	}
	return left, nil
}

// A holder that is no process has ended, even if it wrote its rows after it was given up. Rows that a last
// transaction of its has locked are left for the next time.
func recoverUpdates(ctx context.Context, tx pgx.Tx, me int64, limit int) ([]store.Pending, error) {
	return pendings(tx.Query(ctx, `
		with left_behind as (
			select id from inbox
			where state in (0, 1) and holder is distinct from $1
			and not exists (select from processes p where p.id = inbox.holder)
			order by id limit $2 for update skip locked
		), taken as (
			update inbox i set holder = $1 from left_behind l where i.id = l.id
			returning i.id, i.chat, i.at, i.payload, i.tries, i.state, i.session
		)
		select id, chat, at, payload, tries, state, session from taken order by id`, me, limit))
}

func recoverReplies(ctx context.Context, tx pgx.Tx, me int64) ([]store.Delivery, error) {
	return deliveries(tx.Query(ctx, `
		with held as ( -- two ranges, so that the dead entries of this process's own rows are not walked
			select id from outbox where holder < $1
			union all
			select id from outbox where holder > $1
		), left_behind as (
			select id from outbox
			where id in (select id from held) and holder <> $1
			and not exists (select from processes p where p.id = outbox.holder)
			order by id for update skip locked
		), taken as (
			update outbox o set
				holder = case when class = 'reply' then $1::bigint end,
				tries = case when class = 'reply' then tries + 1 else tries end,
				state = case when class in ('reply', 'paper') then state else 'unknown' end,
				reason = case when class in ('reply', 'paper') then reason else 'its process ended before it was marked' end
			from left_behind l where o.id = l.id
			returning `+deliveryColumns+`
		)
		select * from taken where class = 'reply' order by id`, me))
}
