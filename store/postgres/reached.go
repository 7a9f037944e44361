package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// partBy are the values by which an audience can be counted.
var partBy = map[string]string{
	"province": "r.province", "regency": "r.regency", "wave": "r.wave", "role": "p.role",
	"mentor": "coalesce(r.mentor, 0)::text",
}

// PartsOf counts an audience within a scope by one of partBy, by value. A mentor counts where their groups are.
func (t *Tx) PartsOf(ctx context.Context, province, regency string, a store.Audience, by string) ([]store.Part, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, audience+`
		select `+partBy[by]+` part, count(distinct p.account)
		from persons_of o
		join persons p on p.id = o.id
		join places l on l.id = p.recipient or l.mentor = p.id
		join recipients r on r.id = l.id
		where p.account is not null and `+partBy[by]+` <> ''
		group by part order by part`, province, regency, asJSON(a), t.at)
	if err != nil {
		return nil, failed("audience", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p store.Part, err error) {
		return p, row.Scan(&p.Value, &p.Chats)
	})
	return found, failed("audience", err)
}

// SaidTo returns the announcement that a message in a chat was, among the newest 200.
func (t *Tx) SaidTo(ctx context.Context, chat int64, message int) (id store.ID, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return 0, err
	}
	err = q.QueryRow(ctx, `
		select b.id
		from (select id from broadcasts where launched is not null order by id desc limit 200) b
		cross join lateral (select from outbox where broadcast = b.id and chat = $1 and sent_id = $2) o
		limit 1`, chat, message).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, store.ErrNotFound
	}
	return id, failed("announcement", err)
}

// Missed returns the launched announcements that hold that day, whose audience a person is in by now, and that their
// chat has no row of.
func (t *Tx) Missed(ctx context.Context, person store.Person, today store.Day) ([]store.Broadcast, error) {
	open, err := list(ctx, t, broadcasts, `
		where until >= $1 and launched is not null and recalled is null and state in ('running', 'paused', 'done')
			and not exists (select from outbox o where o.broadcast = broadcasts.id and o.chat = $2)
		order by id`, today, person.Account)
	if err != nil {
		return nil, err
	}
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	var missed []store.Broadcast
	for _, b := range open {
		by, err := t.Person(ctx, b.By)
		if err != nil {
			return nil, err
		}
		var in bool
		err = q.QueryRow(ctx, audience+`
			select exists (select from persons_of where id = $5)`,
			by.Province, by.Regency, asJSON(b.Audience), t.at, person.ID).Scan(&in)
		if err != nil {
			return nil, failed("audience", err)
		}
		if in {
			missed = append(missed, b)
		}
	}
	return missed, nil
}

// LaunchTo puts one row more into the outbox, unless the chat has one, and reports whether it did.
func (t *Tx) LaunchTo(ctx context.Context, b store.ID, chat int64, language string, due time.Time) (bool, error) {
	id, err := t.newID(ctx)
	if err != nil {
		return false, err
	}
	n, err := t.change(ctx, `
		insert into outbox (id, chat, class, message, language, key, due, state, tries, at, broadcast)
		select $1, $2, 'bulk', null, $3, '', $4, 'queued', 0, $5, $6
		where not exists (select from outbox where broadcast = $6 and chat = $2)`, id, chat, language, micro(due), t.at, b)
	return n > 0, err
}

// Unsent reports whether something of an announcement waits or is under way. It costs the same for few as for many.
func (t *Tx) Unsent(ctx context.Context, b store.ID) (waiting, underWay bool, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return false, false, err
	}
	err = q.QueryRow(ctx, `
		select exists (select from outbox where broadcast = $1 and state = 'queued' and holder is null),
			exists (select from outbox where holder is not null and broadcast = $1)`, b).Scan(&waiting, &underWay)
	return waiting, underWay, failed("outbox", err)
}

// Retry puts what became unknown back into the queue, and returns how many rows.
func (t *Tx) Retry(ctx context.Context, b store.ID) (int, error) {
	return t.change(ctx, `
		update outbox set state = 'queued', holder = null, due = $2, reason = null, marked_at = null
		where broadcast = $1 and state = 'unknown'`, b, t.at)
}

// UnderstoodIn counts who got and acknowledged an announcement by place, the fewest first.
func (t *Tx) UnderstoodIn(ctx context.Context, b store.ID) ([]store.Understood, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		with placed as (
			select distinct on (o.id) o.state, coalesce(r.province, m.province, '') province, coalesce(r.regency, m.regency, '') regency
			from outbox o
			join persons p on p.account = o.chat
			left join recipients r on r.id = p.recipient
			left join lateral (select province, regency from recipients where mentor = p.id order by id limit 1) m on true
			where o.broadcast = $1 and o.state in ('sent', 'acknowledged')
			order by o.id, r.id nulls last
		)
		select province, regency, count(*), count(*) filter (where state = 'acknowledged') understood
		from placed
		group by province, regency
		order by count(*) filter (where state = 'acknowledged')::float / count(*), count(*) desc, province, regency`, b)
	if err != nil {
		return nil, failed("announcement", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u store.Understood, err error) {
		return u, row.Scan(&u.Province, &u.Regency, &u.Got, &u.Acknowledged)
	})
	return found, failed("announcement", err)
}

// Remind puts a nudge to each chat that got an announcement and did not acknowledge it into the outbox, as an answer to
// its message, and returns how many; due is as for Launch.
func (t *Tx) Remind(ctx context.Context, b store.ID, m store.Message, due func(zone string) time.Time) (int, error) {
	zones, err := t.Zones(ctx)
	if err != nil {
		return 0, err
	}
	tally, err := t.TallyOf(ctx, b)
	if err != nil {
		return 0, err
	}
	t.pending()
	if err := t.flush(ctx); err != nil {
		return 0, err
	}
	blocks, err := t.blocks(ctx, tally[store.Sent])
	if err != nil {
		return 0, err
	}
	names, at := timesOf(zones, due)
	words, err := json.Marshal(m)
	if err != nil {
		return 0, t.fail(failed("message", err))
	}
	return t.change(ctx, `
		with late as (
			select o.chat, o.sent_id, o.language, row_number() over (order by o.id) - 1 n,
				(select coalesce(min(r.zone), min(g.zone))
					from persons p
					left join recipients r on r.id = p.recipient
					left join recipients g on g.mentor = p.id
					where p.account = o.chat) zone
			from outbox o
			where o.broadcast = $1 and o.state = 'sent'
		)
		insert into outbox (id, chat, class, message, language, key, due, state, tries, at)
		select ($2::bigint[])[1 + n / $3] + n % $3, l.chat, 'nudge',
			($4::jsonb || jsonb_build_object('chat', l.chat, 'reply_to', coalesce(l.sent_id, 0)))::text,
			l.language, $5, coalesce(z.due, $6), 'queued', 0, $6
		from late l
		left join unnest($7::text[], $8::timestamptz[]) z (name, due) on z.name = l.zone
		where not exists (select from unreachable u where u.chat = l.chat)`,
		b, blocks, block, string(words), m.Key, t.at, names, at)
}

// UnreachedOf returns the groups of an announcement's audience within a scope of which nobody got it, by mentor and
// name.
func (t *Tx) UnreachedOf(ctx context.Context, b store.Broadcast, province, regency string) ([]store.Unreached, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, audience+`
		select r.mentor, r.name
		from places l join recipients r on r.id = l.id
		where r.mentor is not null
			and exists (select from persons_of o join persons p on p.id = o.id where p.recipient = l.id)
			and not exists (
				select from persons p join outbox o on o.chat = p.account
				where p.recipient = l.id and o.broadcast = $5 and o.state in ('queued', 'sent', 'acknowledged')
			)
		order by r.mentor, r.name`, province, regency, asJSON(b.Audience), t.at, b.ID)
	if err != nil {
		return nil, failed("audience", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u store.Unreached, err error) {
		return u, row.Scan(&u.Mentor, &u.Group)
	})
	return found, failed("audience", err)
}

// blocks returns the first ids of enough blocks for so many ids, wherever in a block they begin.
func (t *Tx) blocks(ctx context.Context, ids int) (list []store.ID, err error) {
	rows, err := t.tx.Query(ctx, `select nextval('ids') from generate_series(1, $1)`, ids/block+2)
	if err == nil {
		list, err = pgx.CollectRows(rows, pgx.RowTo[store.ID])
	}
	if err != nil {
		return nil, t.fail(failed("ids", err))
	}
	return list, nil
}

// timesOf returns zones' names with the time that due tells for each.
func timesOf(zones []string, due func(string) time.Time) (names []string, at []time.Time) {
	times := map[string]time.Time{}
	for _, z := range zones {
		times[z] = micro(due(z))
	}
	names = slices.Sorted(maps.Keys(times))
	for _, z := range names {
		at = append(at, times[z])
	}
	return names, at
}
