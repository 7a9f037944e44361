package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// Outdated returns up to limit rows of an announcement whose chats were shown an earlier edition than that, by chat,
// after one. Nobody claims them: to change or delete a message twice does what once does.
func (d *DB) Outdated(ctx context.Context, b store.ID, edition int, after int64, limit int) ([]store.Delivery, error) {
	rows, err := d.pool.Query(ctx, `
		select id, chat, language, state, sent_id, coalesce(album, '{}'), coalesce(edition, 0)
		from outbox
		where broadcast = $1 and chat > $2 and state in ('sent', 'acknowledged') and sent_id is not null and coalesce(edition, 0) < $3
		order by chat limit $4`, b, after, edition, limit)
	if err != nil {
		return nil, failed("outbox", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o store.Delivery, err error) {
		o.Broadcast = b
		return o, row.Scan(&o.ID, &o.Message.Chat, &o.Language, &o.State, &o.SentID, &o.Album, &o.Edition)
	})
	return list, failed("outbox", err)
}

// KeepEdits records that chats were brought to an edition, or with a Reason why not. What else is known of them stays.
func (d *DB) KeepEdits(ctx context.Context, outcomes []store.DeliveryOutcome) error {
	b := &pgx.Batch{}
	for _, m := range outcomes {
		b.Queue(
			`update outbox set edition = $2, reason = nullif($3, '') where id = $1 and state in ('sent', 'acknowledged')`, m.ID, m.Edition, m.Reason)
	}
	return failed("outbox", d.pool.SendBatch(ctx, b).Close())
}

// EditTallyOf counts what became of an announcement's last edition. A message whose id was never told can't be changed.
func (t *Tx) EditTallyOf(ctx context.Context, b store.ID) (a store.EditTally, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return a, err
	}
	err = q.QueryRow(ctx, `
		select count(*) filter (where holder is null and reason is null and sent_id is not null),
			count(*) filter (where holder is null and (reason is not null or sent_id is null)),
			count(*) filter (where holder is not null and coalesce(o.edition, 0) < b.edition)
		from outbox o join broadcasts b on b.id = o.broadcast
		where b.id = $1 and (o.state in ('sent', 'acknowledged') or o.holder is not null)`, b).Scan(&a.Done, &a.Refused, &a.UnderWay)
	return a, failed("outbox", err)
}

// Voted keeps what was chosen in a poll by now, by place; none after it was taken back.
func (d *DB) Voted(ctx context.Context, poll string, chosen []int) error {
	if chosen == nil {
		chosen = []int{}
	}
	_, err := d.pool.Exec(ctx, `
		insert into polls (id, chosen) values ($1, $2)
		on conflict (id) do update set chosen = excluded.chosen`, poll, chosen)
	return failed("poll", err)
}

// VotesOf counts the answers to an announcement's poll by their place, from 0.
func (t *Tx) VotesOf(ctx context.Context, b store.ID) (map[int]int, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx,
		`select place, count(*) from polls, unnest(chosen) place where broadcast = $1 group by place`, b)
	if err != nil {
		return nil, failed("poll", err)
	}
	votes := map[int]int{}
	var place, n int
	_, err = pgx.ForEachRow(rows, []any{&place, &n}, func() error { votes[place] = n; return nil })
	return votes, failed("poll", err)
}

// DeliveredOf returns an announcement's chats by place, group and name.
func (t *Tx) DeliveredOf(ctx context.Context, b store.ID) ([]store.Delivered, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		with firsts as (
			select distinct on (account) id, account, name, role, recipient, province, regency
			from persons where account is not null order by account, id
		)
		select coalesce(p.name, ''), coalesce(r.name, ''), coalesce(r.province, g.province, p.province, '') province,
			coalesce(r.regency, g.regency, p.regency, '') regency, coalesce(p.role, ''), o.state, o.marked_at, coalesce(o.reason, '')
		from outbox o
		left join firsts p on p.account = o.chat
		left join recipients r on r.id = p.recipient
		left join (select mentor, min(province) province, min(regency) regency from recipients group by mentor) g on g.mentor = p.id
		where o.broadcast = $1
		order by province, regency, 2, 1, o.id`, b)
	if err != nil {
		return nil, failed("outbox", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v store.Delivered, err error) {
		return v, row.Scan(&v.Name, &v.Group, &v.Province, &v.Regency, &v.Role, &v.State,
			(*zeronull.Timestamptz)(&v.At), &v.Reason)
	})
	return found, failed("outbox", err)
}
