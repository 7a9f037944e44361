package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// settle adds to a commit's batch: the deliveries, and last, where there is an update, that it is committed, with the
// session to keep. That last statement changes no row when the update was committed before.
//
// A reply that is due at that time is in the holder's hands, to be sent right after the commit; what is due later, and
// what is no reply, waits for Claim. A message with a key takes the place of one that waits with the same chat and key.
func settle(b *pgx.Batch, at time.Time, holder, update int64, session []byte, list []store.Delivery) {
	for _, d := range list {
		by := holder
		if d.Message.Due.After(at) || (d.Message.Class != "" && d.Message.Class != store.Reply) {
			by = 0
		}
		enqueue(b, at, by, update, d)
	}
	if update != 0 {
		b.Queue(`update inbox set state = 1, session = $2 where id = $1 and state = 0`, update, some(session))
	}
}

// enqueue adds one delivery to a batch. For a chat that is known to be unreachable it is kept as such at once, unless
// it is a reply: then that chat has just written. Without a language it has the account's.
func enqueue(b *pgx.Batch, at time.Time, holder, update int64, d store.Delivery) {
	m := d.Message
	if m.Key != "" {
		withdraw(b, at, m.Chat, m.Key)
	}
	class, due := m.Class, m.Due
	if class == "" {
		class = store.Reply
	}
	if due.IsZero() {
		due = at
	}
	var words any // null where it cannot be written, which the table refuses for a queued row
	if s, err := json.Marshal(m); err == nil {
		words = string(s)
	}
	b.Queue(`
		insert into outbox (id, chat, class, message, language, key, due, state, holder, tries, reason, update_id, at, secret)
		select $1, $2, $3, $4, coalesce(nullif($5, ''), (select language from accounts where id = $2), ''), $6, $7,
			case when u.chat is null then 'queued' else 'unreachable' end,
			case when u.chat is null then $8::bigint end,
			case when $8::bigint is null then 0 else 1 end,
			u.reason, $9, $10, $11
		from (values (1)) one left join unreachable u on u.chat = $2 and $3 <> 'reply'`,
		d.ID, m.Chat, string(class), words, d.Language, m.Key, micro(due), null(holder), null(update), micro(at),
		m.Secret)
}

func withdraw(b *pgx.Batch, at time.Time, chat int64, key string) *pgx.QueuedQuery {
	return b.Queue(`
		update outbox set state = 'withdrawn', marked_at = $3
		where chat = $1 and key = $2 and key <> '' and state = 'queued' and holder is null`, chat, key, micro(at))
}

// Queue puts deliveries into the outbox, in nobody's hands. Those without an id get one.
func (d *DB) Queue(ctx context.Context, at time.Time, list []store.Delivery) error {
	b := &pgx.Batch{} // sent as one transaction
	for i := range list {
		if list[i].ID == 0 {
			id, err := d.ids.take(ctx, d.pool)
			if err != nil {
				return err
			}
			list[i].ID = id
		}
		enqueue(b, at, 0, 0, list[i])
	}
	return failed("outbox", d.pool.SendBatch(ctx, b).Close())
}

// Queued returns the message that waits with that chat and key.
func (t *Tx) Queued(ctx context.Context, chat int64, key string) (store.Message, error) {
	var m store.Message
	q, err := t.reads(ctx)
	if err != nil {
		return m, err
	}
	var words string
	err = q.QueryRow(ctx, `
		select message from outbox
		where chat = $1 and key = $2 and key <> '' and state = 'queued' and holder is null
		order by id desc limit 1`, chat, key).Scan(&words)
	if err == nil {
		err = json.Unmarshal([]byte(words), &m)
	}
	return m, failed("message", err)
}

// Withdraw takes back what waits with that chat and key, if there is any, together with what else is committed.
func (t *Tx) Withdraw(_ context.Context, chat int64, key string) error {
	if key != "" { // messages without a key have nothing in common
		withdraw(t.pending(), t.at, chat, key)
	}
	return t.err
}

// LastSent returns Telegram's id of the newest message that was sent with that chat and key; 0 when there is none.
func (t *Tx) LastSent(ctx context.Context, chat int64, key string) (id int, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return 0, err
	}
	err = q.QueryRow(ctx, `
		select coalesce(max(sent_id), 0) from outbox
		where chat = $1 and key = $2 and key <> '' and state in ('sent', 'acknowledged')`, chat, key).Scan(&id)
	return id, failed("message", err)
}

// LastTold returns what was sent last to a chat with a key, or of one of the newest 20 announcements, and when.
func (t *Tx) LastTold(ctx context.Context, chat int64) (d store.Delivery, at time.Time, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return d, at, err
	}
	var words *string
	err = q.QueryRow(ctx, `
		(
			select message, 0::bigint, state, coalesce(marked_at, at) told from outbox
			where chat = $1 and key <> '' and state in ('sent', 'acknowledged') and message is not null
			order by id desc limit 1
		) union all (
			select null, b.id, o.state, o.told
			from (select id from broadcasts where launched is not null order by id desc limit 20) b
			cross join lateral (
				select state, coalesce(marked_at, at) told from outbox
				where broadcast = b.id and chat = $1 and state in ('sent', 'acknowledged')
			) o
		) order by told desc limit 1`, chat).Scan(&words, &d.Broadcast, &d.State, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		return d, at, store.ErrNotFound
	}
	if err == nil && words != nil {
		err = json.Unmarshal([]byte(*words), &d.Message)
	}
	return d, at, failed("message", err)
}

// Claim gives a process up to limit messages of a class that are due, oldest first, into its hands. Nobody else gets
// them; it must call KeepOutcomes for each, also with store.Queued to give it back.
func (d *DB) Claim(
	ctx context.Context, holder int64, at time.Time, class store.Class, limit int,
) ([]store.Delivery, error) {
	return deliveries(d.pool.Query(ctx, `
		with next as (
			select id from outbox
			where state = 'queued' and holder is null and broadcast is null and class = $3 and due <= $2
			order by due, id limit $4 for update skip locked
		), claimed as (
			update outbox o set holder = $1, tries = tries + 1 from next where o.id = next.id
			returning `+deliveryColumns+`, o.due
		)
		select id, chat, class, message, language, state, sent_id, reason, tries from claimed order by due, id`,
		holder, at, string(class), limit))
}

// OwedFor returns the replies that an update's commit queued and that are not known to be sent.
func (d *DB) OwedFor(ctx context.Context, update int64) ([]store.Delivery, error) {
	return deliveries(d.pool.Query(ctx, `
		select `+deliveryColumns+` from outbox o
		where o.update_id = $1 and o.state = 'queued' and o.class = 'reply' and o.holder is not null order by o.id`, update))
}

// NextDue returns when Claim has the next message of a class: the given time when it has one now, the zero time when
// none waits.
func (d *DB) NextDue(ctx context.Context, at time.Time, class store.Class) (time.Time, error) {
	var next *time.Time
	err := d.pool.QueryRow(ctx, `
		select greatest(min(due), $1) from outbox
		where class = $2 and state = 'queued' and holder is null and broadcast is null having min(due) is not null`, micro(at), string(class)).Scan(&next)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, failed("outbox", err)
	}
	return *next, nil
}

// Backlog counts the deliveries, without those of announcements, that have not arrived, by state: queued and due by
// that time, failed, unreachable and unknown.
func (d *DB) Backlog(ctx context.Context, due time.Time) (map[store.DeliveryState]int, error) {
	rows, err := d.pool.Query(ctx, `
		select state, count(*) from outbox
		where state in ('queued', 'failed', 'unreachable', 'unknown') and broadcast is null and (state <> 'queued' or due <= $1)
		group by state`, due)
	if err != nil {
		return nil, failed("outbox", err)
	}
	counts := map[store.DeliveryState]int{}
	var state store.DeliveryState
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error { counts[state] = n; return nil })
	return counts, failed("outbox", err)
}

// Redact forgets the words of messages that were queued before that time and wait no longer, and returns how many. That
// they were sent, when and to whom, stays.
func (d *DB) Redact(ctx context.Context, before time.Time) (int, error) {
	tag, err := d.pool.Exec(ctx, `
		update outbox set message = null where at < $1 and message is not null and state <> 'queued'`, before)
	return int(tag.RowsAffected()), failed("outbox", err)
}

// deliveryColumns are what deliveries reads, of an outbox named o.
const deliveryColumns = `o.id, o.chat, o.class, o.message, o.language, o.state, o.sent_id, o.reason, o.tries`

func deliveries(rows pgx.Rows, err error) ([]store.Delivery, error) {
	if err != nil {
		return nil, failed("outbox", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.Delivery, error) {
		var d store.Delivery
		var chat int64
		var class store.Class
		var words, reason *string
		var sent *int
		if err := row.Scan(&d.ID, &chat, &class, &words, &d.Language, &d.State, &sent, &reason, &d.Tries); err != nil {
			return d, err
		}
		if words != nil {
			if err := json.Unmarshal([]byte(*words), &d.Message); err != nil {
				return d, err
			}
		}
		d.Message.Chat, d.Message.Class = chat, class // a chat may have moved since
		if sent != nil {
			d.SentID = *sent
		}
		if reason != nil {
			d.Reason = *reason
		}
		return d, nil
	})
	return list, failed("outbox", err)
}
