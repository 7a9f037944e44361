package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// KeepOutcomes records what became of deliveries, in one commit. What was sent stays sent, and acknowledged what was
// acknowledged, in whatever order the news come. store.Queued gives a message back, to wait for the next Claim, or
// until it is due.
func (d *DB) KeepOutcomes(ctx context.Context, at time.Time, outcomes []store.DeliveryOutcome) error {
	b := &pgx.Batch{}
	queueOutcomes(b, at, outcomes)
	return failed("outbox", d.pool.SendBatch(ctx, b).Close())
}

// queueOutcomes adds to a batch what KeepOutcomes records.
func queueOutcomes(b *pgx.Batch, at time.Time, outcomes []store.DeliveryOutcome) {
	last := map[store.ID]store.DeliveryOutcome{}
	for _, m := range outcomes {
		if old, ok := last[m.ID]; ok {
			m = later(old, m)
		}
		last[m.ID] = m
	}
	// In order, so that two batches with the same rows rarely meet crosswise.
	ids := slices.Sorted(maps.Keys(last))
	states, sent, reasons := make([]string, len(ids)), make([]int64, len(ids)), make([]string, len(ids))
	due, editions, albums := make([]zeronull.Timestamptz, len(ids)), make([]int, len(ids)), make([]string, len(ids))
	var polls []store.DeliveryOutcome
	for i, id := range ids {
		m := last[id]
		states[i], sent[i], reasons[i], due[i] = string(m.State), int64(m.SentID), m.Reason, zeronull.Timestamptz(m.Due)
		editions[i], albums[i] = m.Edition, array(m.Album)
		if m.Poll != "" {
			polls = append(polls, m)
		}
	}
	if len(ids) > fewOutcomes {
		b.Queue(outcomeAll, ids, states, sent, reasons, due, micro(at), editions, albums)
	} else {
		for i := range ids {
			b.Queue(outcomeOne, ids[i], states[i], sent[i], reasons[i], due[i], micro(at), editions[i], albums[i])
		}
	}
	for _, m := range polls {
		b.Queue(`
			insert into polls (id, broadcast) select $1, broadcast from outbox where id = $2
			on conflict (id) do update set broadcast = excluded.broadcast`, m.Poll, m.ID)
	}
}

// fewOutcomes is how many outcomes are still cheaper written one by one, as announcements have them. For a list, whose
// length it doesn't know, the server makes a new plan each time, which takes as long as three of them.
const fewOutcomes = 4

var (
	outcomeOne = fmt.Sprintf(outcomeEach, `(values ($1::bigint, $2, $3::bigint, $4, $5::timestamptz, $7::int, $8))`)
	outcomeAll = fmt.Sprintf(outcomeEach,
		`unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $7::int[], $8::text[])`)
)

const outcomeEach = `
	update outbox o set
		state = case when o.state = 'acknowledged' or (o.state = 'sent' and m.state <> 'acknowledged')
			then o.state else m.state end,
		sent_id = coalesce(nullif(m.sent, 0), o.sent_id),
		edition = coalesce(nullif(m.edition, 0), o.edition),
		album = coalesce(nullif(m.album, '{}')::bigint[], o.album),
		reason = nullif(m.reason, ''),
		holder = null,
		due = coalesce(m.due, o.due),
		marked_at = $6
	from %s m (id, state, sent, reason, due, edition, album)
	where o.id = m.id and (m.state <> 'queued' or o.state = 'queued')`

// array returns a list of numbers as PostgreSQL writes it.
func array(list []int) string {
	var words []string
	for _, n := range list {
		words = append(words, strconv.Itoa(n))
	}
	return "{" + strings.Join(words, ",") + "}"
}

// later joins two outcomes of one delivery as the table does.
func later(old, m store.DeliveryOutcome) store.DeliveryOutcome {
	if old.State == store.Acknowledged || (old.State == store.Sent && m.State != store.Acknowledged) {
		m.State = old.State
	}
	if m.SentID == 0 {
		m.SentID, m.Album, m.Edition, m.Poll = old.SentID, old.Album, old.Edition, old.Poll
	}
	return m
}

// Unreachable notes that a chat cannot be written to until it writes again, and settles what waits for it.
func (d *DB) Unreachable(ctx context.Context, at time.Time, chat int64, reason string) error {
	b := &pgx.Batch{}
	b.Queue(`
		insert into unreachable (chat, since, reason) values ($1, $2, $3)
		on conflict (chat) do nothing`, chat, micro(at), reason)
	b.Queue(`
		update outbox set state = 'unreachable', reason = $3, marked_at = $2
		where chat = $1 and state = 'queued' and holder is null`, chat, micro(at), reason)
	return failed("chat", d.pool.SendBatch(ctx, b).Close())
}

// Reachable notes that a chat wrote again, and reports whether it had been unreachable.
func (d *DB) Reachable(ctx context.Context, chat int64) (bool, error) {
	tag, err := d.pool.Exec(ctx, `delete from unreachable where chat = $1`, chat)
	return tag.RowsAffected() > 0, failed("chat", err)
}

// MoveChat follows a group that became a supergroup: what waits for the old id goes to the new one, and the room is
// there.
func (d *DB) MoveChat(ctx context.Context, from, to int64) error {
	b := &pgx.Batch{}
	b.Queue(`update outbox set chat = $2 where chat = $1 and state = 'queued'`, from, to)
	b.Queue(`delete from unreachable where chat = $1`, from)
	moveRoom(b, from, to)
	return failed("chat", d.pool.SendBatch(ctx, b).Close())
}
