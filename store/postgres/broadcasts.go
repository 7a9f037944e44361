package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var broadcasts = record[store.Broadcast]{
	kind: "broadcast",
	from: `
		select id, version, by, state, words, english, files, question, nullif(options, '{}'), ack, ask, link,
			audience, count, urgent, due, until, approved, launched, nudged, recalled, card, edition, amended, why,
			unknown_left, at
		from broadcasts`,
	scan: func(row pgx.CollectableRow) (b store.Broadcast, err error) {
		var shown []string
		err = row.Scan(&b.ID, &b.Version, &b.By, &b.State, &b.Words, &b.English, &shown, &b.Question, &b.Options,
			&b.Ack, &b.Ask,
			&b.Link, &b.Audience, &b.Count, &b.Urgent, (*zeronull.Timestamptz)(&b.Due), &b.Until,
			(*zeronull.Int8)(&b.Approved),
			(*zeronull.Timestamptz)(&b.Launched), (*zeronull.Timestamptz)(&b.Nudged),
			(*zeronull.Timestamptz)(&b.Recalled),
			&b.Card, &b.Edition, &b.EditedTo, &b.Why, (*zeronull.Timestamptz)(&b.Left), &b.At)
		for _, s := range shown {
			kind, id, _ := strings.Cut(s, ":")
			b.Files = append(b.Files, store.Shown{ID: id, Kind: kind})
		}
		return b, err
	},
	key: func(b store.Broadcast) (store.ID, int) { return b.ID, b.Version },
}

// Broadcast returns the announcement with that id.
func (t *Tx) Broadcast(ctx context.Context, id store.ID) (store.Broadcast, error) {
	return one(ctx, t, broadcasts, `where id = $1`, id)
}

// BroadcastsBy returns a coordinator's announcements, newest first, at most limit.
func (t *Tx) BroadcastsBy(ctx context.Context, person store.ID, limit int) ([]store.Broadcast, error) {
	return list(ctx, t, broadcasts, `where by = $1 order by id desc limit $2`, person, limit)
}

// BroadcastsAsked returns those that wait for a second coordinator, oldest first.
func (t *Tx) BroadcastsAsked(ctx context.Context) ([]store.Broadcast, error) {
	return list(ctx, t, broadcasts, `where state = 'asked' order by id`)
}

// BroadcastsOpen returns those that are being sent, paused or waiting, oldest first.
func (t *Tx) BroadcastsOpen(ctx context.Context) ([]store.Broadcast, error) {
	return list(ctx, t, broadcasts, `where state in ('running', 'paused') order by id`)
}

// BroadcastsOutdated returns the launched ones whose last edition has not come to all that was sent, oldest first.
func (t *Tx) BroadcastsOutdated(ctx context.Context) ([]store.Broadcast, error) {
	return list(ctx, t, broadcasts, `where edition > amended and launched is not null order by id`)
}

// SentAlone returns to how many chats some persons announced without a second coordinator: what was launched since
// then, or is due in a span of time.
func (t *Tx) SentAlone(ctx context.Context, by []store.ID, since, dueFrom, dueTo time.Time) (n int, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return 0, err
	}
	err = q.QueryRow(ctx, `
		select coalesce(sum(count), 0) from broadcasts
		where by = any ($1) and approved is null and launched is not null and (launched > $2 or due > $3 and due < $4)`,
		by, since, dueFrom, dueTo).Scan(&n)
	return n, failed("announcements", err)
}

// asJSON returns a value as a column of JSON has it.
func asJSON(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return err // no column takes it
	}
	return string(b)
}

// shownAs returns files as their column has them.
func shownAs(files []store.Shown) []string {
	words := []string{}
	for _, f := range files {
		words = append(words, f.Kind+":"+f.ID)
	}
	return words
}

// AddBroadcast keeps a new announcement.
func (t *Tx) AddBroadcast(ctx context.Context, what string, b *store.Broadcast) error {
	c, err := t.fresh(ctx, 0, &b.ID, &b.Version)
	if err != nil {
		return err
	}
	micros(&b.Due, &b.Launched, &b.Nudged, &b.Recalled, &b.Left, &b.At)
	t.write(1, "broadcast", `
		insert into broadcasts (id, version, by, state, words, english, files, question, options, ack, ask, link, audience, count,
			urgent, due, until, approved, launched, nudged, recalled, card, at, edition, amended, why, unknown_left)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`,
		b.ID, b.By, b.State, b.Words, b.English, shownAs(b.Files), b.Question, someOf(b.Options), b.Ack, b.Ask, b.Link,
		asJSON(b.Audience), b.Count, b.Urgent, zeronull.Timestamptz(b.Due), b.Until, null(b.Approved),
		zeronull.Timestamptz(b.Launched), zeronull.Timestamptz(b.Nudged), zeronull.Timestamptz(b.Recalled), b.Card,
		b.At,
		b.Edition, b.EditedTo, b.Why, zeronull.Timestamptz(b.Left))
	return add(ctx, t, broadcasts, c, what, *b)
}

// PutBroadcast changes an announcement; whose it is and who it is for are for good.
func (t *Tx) PutBroadcast(ctx context.Context, what string, b *store.Broadcast) error {
	c, err := t.chain(ctx, 0)
	if err != nil {
		return err
	}
	micros(&b.Due, &b.Launched, &b.Nudged, &b.Recalled, &b.Left, &b.At)
	return put(ctx, t, broadcasts, c, what, b, &b.Version, func() {
		t.write(1, "broadcast", `
			update broadcasts
			set version = version + 1, state = $4, words = $5, english = $6, count = $7, urgent = $8, due = $9, until = $10,
				approved = $11, launched = $12, nudged = $13, recalled = $14, card = $15, edition = $16, amended = $17, why = $18, unknown_left = $19
			where id = $1 and version = $2 and by = $3`,
			b.ID, b.Version, b.By, b.State, b.Words, b.English, b.Count, b.Urgent, zeronull.Timestamptz(b.Due), b.Until,
			null(b.Approved), zeronull.Timestamptz(b.Launched), zeronull.Timestamptz(b.Nudged),
			zeronull.Timestamptz(b.Recalled), b.Card,
			b.Edition, b.EditedTo, b.Why, zeronull.Timestamptz(b.Left))
	})
}

// audience are the persons of an audience ($3) within a scope ($1, $2), each with the zone of their place. A mentor is
// in it by the place of a recipient of hers; coordinators announce, and are in none.
const audience = `
	with asked as (
		select $3::json ->> 'province' province, $3::json ->> 'regency' regency, $3::json ->> 'wave' wave,
			($3::json ->> 'mentor')::bigint mentor, $3::json ->> 'lpj' lpj, ($3::json ->> 'idle')::int idle,
			array(select json_array_elements_text(coalesce($3::json -> 'roles', '[]'))) roles
	), places as (
		select r.id, r.mentor, r.zone
		from recipients r, asked a
		where ($1 = '' or lower(r.province) = lower($1)) and ($2 = '' or lower(r.regency) = lower($2))
			and (a.province is null or lower(r.province) = lower(a.province))
			and (a.regency is null or lower(r.regency) = lower(a.regency))
			and (a.wave is null or r.wave = a.wave) and (a.mentor is null or r.mentor = a.mentor)
			and (a.idle is null or not exists (
				select from receipts n where n.recipient = r.id and coalesce(n.submitted, n.begun) > $4::timestamptz - a.idle * interval '1 day'))
			and case a.lpj
				when 'none' then not exists (select from receipts n where n.recipient = r.id and n.state <> 'cancelled')
				when 'part' then r.amount > (select coalesce(sum(n.total), 0) from receipts n
					where n.recipient = r.id and n.state in ('submitted', 'returned', 'verified'))
				when 'full' then r.amount <= (select coalesce(sum(n.total), 0) from receipts n
					where n.recipient = r.id and n.state in ('submitted', 'returned', 'verified'))
				else true end
	), persons_of as (
		select p.id, p.account, l.zone
		from persons p join places l on l.id = p.recipient, asked a
		where cardinality(a.roles) = 0 or p.role = any (a.roles)
		union all
		select p.id, p.account, l.zone
		from persons p join (select mentor, min(zone) zone from places group by mentor) l on l.mentor = p.id, asked a
		where cardinality(a.roles) = 0 or 'pendamping' = any (a.roles)
	)`

// SizeOf counts an audience within a coordinator's scope.
func (t *Tx) SizeOf(ctx context.Context, province, regency string, a store.Audience) (s store.Size, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return s, err
	}
	err = q.QueryRow(ctx, audience+`
		select count(distinct p.account) filter (where u.chat is null),
			count(distinct p.account) filter (where u.chat is not null),
			count(*) filter (where p.account is null)
		from persons_of p left join unreachable u on u.chat = p.account`,
		province, regency, asJSON(a), t.at).Scan(&s.Chats, &s.Blocked, &s.Absent)
	return s, failed("audience", err)
}

// Launch puts a row for each chat of the audience within the scope into the outbox, all at once, and returns how many;
// due tells for a zone's name from when its chats may be written to. A chat of several persons gets one.
func (t *Tx) Launch(
	ctx context.Context, b store.Broadcast, province, regency string, due func(zone string) time.Time,
) (int, error) {
	zones, err := t.Zones(ctx)
	if err != nil {
		return 0, err
	}
	size, err := t.SizeOf(ctx, province, regency, b.Audience)
	if err != nil {
		return 0, err
	}
	t.pending() // what follows is of the transaction, as its rows are
	if err := t.flush(ctx); err != nil {
		return 0, err
	}
	blocks, err := t.blocks(ctx, size.Chats+size.Blocked)
	if err != nil {
		return 0, err
	}
	names, at := timesOf(zones, due)
	tag, err := t.tx.Exec(ctx, audience+`, chats as (
			select account, min(zone) zone from persons_of where account is not null group by account
		), numbered as (
			select account, zone, row_number() over (order by account) - 1 n from chats -- in the order of the index that it fills
		)
		insert into outbox (id, chat, class, message, language, key, due, state, tries, reason, at, broadcast, marked_at)
		select ($5::bigint[])[1 + n / $6] + n % $6, c.account, 'bulk', null, coalesce(a.language, ''), '', z.due,
			case when u.chat is null then 'queued' else 'unreachable' end, 0, u.reason, $4, $7,
			case when u.chat is not null then $4::timestamptz end
		from numbered c
		join unnest($8::text[], $9::timestamptz[]) z (name, due) on z.name = c.zone
		left join accounts a on a.id = c.account
		left join unreachable u on u.chat = c.account`,
		province, regency, asJSON(b.Audience), t.at, blocks, block, b.ID, names, at)
	if err != nil {
		return 0, t.fail(failed("launch", err))
	}
	return int(tag.RowsAffected()), nil
}

// Drop withdraws what was not sent of an announcement, and returns how many rows.
func (t *Tx) Drop(ctx context.Context, b store.ID) (int, error) {
	return t.change(ctx, `
		update outbox set state = 'withdrawn', marked_at = $2 where broadcast = $1 and state = 'queued' and holder is null`, b, t.at)
}

// Acknowledge notes that a chat has understood an announcement. It returns false if the chat had before, or never got
// it.
func (t *Tx) Acknowledge(ctx context.Context, b store.ID, chat int64) (bool, error) {
	n, err := t.change(ctx, `
		update outbox set state = 'acknowledged', marked_at = $3
		where broadcast = $1 and chat = $2 and state <> 'acknowledged'`, b, chat, t.at)
	return n > 0, err
}

// change carries out a statement within the transaction, and returns how many rows it changed.
func (t *Tx) change(ctx context.Context, sql string, args ...any) (int, error) {
	t.pending()
	if err := t.flush(ctx); err != nil {
		return 0, err
	}
	tag, err := t.tx.Exec(ctx, sql, args...)
	if err != nil {
		return 0, t.fail(failed("outbox", err))
	}
	return int(tag.RowsAffected()), nil
}

// TallyOf counts what became of an announcement.
func (t *Tx) TallyOf(ctx context.Context, b store.ID) (store.Tally, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `select state, count(*) from outbox where broadcast = $1 group by state`, b)
	if err != nil {
		return nil, failed("tally", err)
	}
	tally := store.Tally{}
	var state store.DeliveryState
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error { tally[state] = n; return nil })
	return tally, failed("tally", err)
}

var audiences = record[store.SavedAudience]{
	kind: "audience",
	from: `select id, version, person, name, query from audiences`,
	scan: func(row pgx.CollectableRow) (a store.SavedAudience, err error) {
		return a, row.Scan(&a.ID, &a.Version, &a.Person, &a.Name, &a.Audience)
	},
	key: func(a store.SavedAudience) (store.ID, int) { return a.ID, a.Version },
}

// Audiences returns a coordinator's saved ones, by name.
func (t *Tx) Audiences(ctx context.Context, person store.ID) ([]store.SavedAudience, error) {
	return list(ctx, t, audiences, `where person = $1 order by name`, person)
}

// PutAudience keeps one in place of the one with that name. Its id and version are the store's own.
func (t *Tx) PutAudience(ctx context.Context, a store.SavedAudience) error {
	kept, err := one(ctx, t, audiences, `where person = $1 and name = $2`, a.Person, a.Name)
	isNew := errors.Is(err, store.ErrNotFound)
	if err != nil && !isNew {
		return err
	}
	c, err := t.chainOf(ctx, a.Person)
	if err != nil {
		return err
	}
	const what = "audience.saved"
	if a.ID, a.Version = kept.ID, kept.Version; !isNew {
		return put(ctx, t, audiences, c, what, &a, &a.Version, func() {
			t.write(1, "audience",
				`update audiences set version = version + 1, query = $3 where id = $1 and version = $2`, a.ID,
				a.Version, asJSON(a.Audience))
		})
	}
	if a.ID, err = t.newID(ctx); err != nil {
		return err
	}
	a.Version = 1
	t.write(1, "audience", `insert into audiences (id, version, person, name, query) values ($1, 1, $2, $3, $4)`, a.ID,
		a.Person, a.Name, asJSON(a.Audience))
	return add(ctx, t, audiences, c, what, a)
}
