package postgres

import (
	"cmp"
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var letters = record[store.Letter]{
	kind: "letter",
	from: `
		select id, version, recipient, batch, template, by, addressee, words, voice, answers, at, due, cancelled
		from letters`,
	scan: func(row pgx.CollectableRow) (l store.Letter, err error) {
		err = row.Scan(fieldsOfLetter(&l)...)
		return l, err
	},
	key: func(l store.Letter) (store.ID, int) { return l.ID, l.Version },
}

func fieldsOfLetter(l *store.Letter) []any {
	return []any{
		&l.ID, &l.Version, &l.Recipient, (*zeronull.Int8)(&l.Batch), &l.Template, &l.By, &l.To, &l.Words,
		(*zeronull.Int8)(&l.Voice), (*zeronull.Int8)(&l.Answers), &l.At, (*zeronull.Timestamptz)(&l.Due),
		(*zeronull.Timestamptz)(&l.Cancelled),
	}
}

// Letter returns the letter with that id.
func (t *Tx) Letter(ctx context.Context, id store.ID) (store.Letter, error) {
	return one(ctx, t, letters, `where id = $1`, id)
}

// Thread returns a letter with the answers to it, oldest first.
func (t *Tx) Thread(ctx context.Context, first store.ID) ([]store.Letter, error) {
	return list(ctx, t, letters, `where id = $1 or answers = $1 order by id`, first)
}

// Posted returns the letters that a person began since that time, newest first, with what became of each.
func (t *Tx) Posted(ctx context.Context, by store.ID, since time.Time) ([]store.Posted, error) {
	return t.posted(ctx, `l.by = $1`, by, since)
}

// A letter's message has its id as key. Who was never bound, or blocked the bot, is unreachable.
func (t *Tx) posted(ctx context.Context, of string, id store.ID, since time.Time) ([]store.Posted, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		select l.id, l.version, l.recipient, l.batch, l.template, l.by, l.addressee, l.words, l.voice, l.answers, l.at, l.due,
			l.cancelled, case when l.cancelled is not null then 'withdrawn' else coalesce(o.state, 'unreachable') end,
			exists (select from letters a where a.answers = l.id and a.by = l.addressee)
		from letters l
		join persons p on p.id = l.addressee
		left join lateral (
			select state from outbox where chat = p.account and key = 'letter:' || l.id order by id desc limit 1
		) o on true
		where l.answers is null and `+of+` and l.at >= $2
		order by l.id desc`, id, since)
	if err != nil {
		return nil, failed("letters", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p store.Posted, err error) {
		return p, row.Scan(append(fieldsOfLetter(&p.Letter), &p.State, &p.Answered)...)
	})
	return found, failed("letters", err)
}

// AddLetter keeps a new letter. The first of a batch, which names none, gives its id to it.
func (t *Tx) AddLetter(ctx context.Context, what string, l *store.Letter) error {
	c, err := t.fresh(ctx, l.Recipient, &l.ID, &l.Version)
	if err != nil {
		return err
	}
	if l.Answers == 0 {
		l.Batch = cmp.Or(l.Batch, l.ID)
	}
	micros(&l.At, &l.Due, &l.Cancelled)
	t.write(1, "letter", `
		insert into letters
			(id, version, recipient, batch, template, by, addressee, words, voice, answers, at, due, cancelled)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		l.ID, l.Recipient, null(l.Batch), l.Template, l.By, l.To, l.Words, null(l.Voice), null(l.Answers), l.At,
		zeronull.Timestamptz(l.Due), zeronull.Timestamptz(l.Cancelled))
	return add(ctx, t, letters, c, what, *l)
}

// PutLetter changes when a letter is sent, or cancels it; what it says, by whom and to whom are for good.
func (t *Tx) PutLetter(ctx context.Context, what string, l *store.Letter) error {
	c, err := t.chain(ctx, l.Recipient)
	if err != nil {
		return err
	}
	micros(&l.At, &l.Due, &l.Cancelled)
	return put(ctx, t, letters, c, what, l, &l.Version, func() {
		t.write(1, "letter", `
			update letters set version = version + 1, due = $6, cancelled = $7
			where id = $1 and version = $2 and recipient = $3 and by = $4 and addressee = $5`,
			l.ID, l.Version, l.Recipient, l.By, l.To, zeronull.Timestamptz(l.Due), zeronull.Timestamptz(l.Cancelled))
	})
}
