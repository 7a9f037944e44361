package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var complaints = record[store.Complaint]{
	kind: "complaint",
	from: `
		select id, version, person, recipient, province, regency, topic, words, state, reply, at, closer, closed
		from complaints`,
	scan: func(row pgx.CollectableRow) (c store.Complaint, err error) {
		err = row.Scan(&c.ID, &c.Version, &c.Person, (*zeronull.Int8)(&c.Recipient), &c.Province, &c.Regency, &c.Topic,
			&c.Words, &c.State, &c.Reply, &c.At, (*zeronull.Int8)(&c.Closer), (*zeronull.Timestamptz)(&c.Closed))
		return c, err
	},
	key: func(c store.Complaint) (store.ID, int) { return c.ID, c.Version },
}

// told is the chain of complaints: the one of what belongs to no recipient. What somebody told of their group in
// confidence is no part of the group's trail, which its auditors read. Complaints of before have events in the chain of
// their recipient: see Trail.
const told store.ID = 0

// Complaint returns the complaint with that id.
func (t *Tx) Complaint(ctx context.Context, id store.ID) (store.Complaint, error) {
	return one(ctx, t, complaints, `where id = $1`, id)
}

// heardIn returns a condition on complaints: that the coordinators of a scope hear of it. They are those of the place
// where it was written and of where its group is now, or all where it names no place.
func heardIn(province, regency string) string {
	of := func(table string) string {
		return `(` + province + ` = '' or lower(` + table + `.province) = lower(` + province + `))
			and (` + regency + ` = '' or lower(` + table + `.regency) = lower(` + regency + `))`
	}
	return `(` + of("complaints") + ` or complaints.recipient is null and complaints.province = ''
		or complaints.recipient in (select id from recipients where ` + of("recipients") + `))`
}

// ComplaintsIn returns those of a scope ("" is everywhere), open ones first, newest first. Upper and lower case are the
// same.
func (t *Tx) ComplaintsIn(ctx context.Context, province, regency string) ([]store.Complaint, error) {
	return list(ctx, t, complaints, `
		where `+heardIn("$1", "$2")+`
		order by state = 'closed', at desc, id desc`, province, regency)
}

// UnreadComplaints returns those of a coordinator's scope that they neither sent nor opened, newest first: all that are
// open, and of the closed ones those that were closed since a time. One that was closed after they opened it counts as
// not opened.
func (t *Tx) UnreadComplaints(ctx context.Context, p store.Person, since time.Time) ([]store.Complaint, error) {
	return list(ctx, t, complaints, `
		where `+heardIn("$2", "$3")+`
			and not exists (
				select from persons own join persons me on me.id = own.id or me.account = own.account
				where own.id = complaints.person and me.id = $1)
			and (state <> 'closed' or coalesce(closed, at) > $4)
			and not exists (
				select from complaint_reads r
				where r.complaint = complaints.id and r.person = $1 and (closed is null or r.at >= closed))
		order by at desc, id desc`, p.ID, p.Province, p.Regency, since)
}

// ReadComplaint notes that a coordinator has opened a complaint now, if they had not. It is no record and has no event.
func (t *Tx) ReadComplaint(_ context.Context, complaint, coordinator store.ID) error {
	t.write(anyRows, "complaint", `
		insert into complaint_reads (complaint, person, at) values ($1, $2, $3)
		on conflict (complaint, person) do update set at = greatest(complaint_reads.at, excluded.at)`,
		complaint, coordinator, t.at)
	return t.err
}

// ComplaintsOf returns those of persons since a time, newest first.
func (t *Tx) ComplaintsOf(ctx context.Context, persons []store.ID, since time.Time) ([]store.Complaint, error) {
	return list(ctx, t, complaints, `where person = any ($1) and at > $2 order by at desc, id desc`, persons, since)
}

// AddComplaint keeps a new complaint. Without a state it is sent.
func (t *Tx) AddComplaint(ctx context.Context, what string, c *store.Complaint) error {
	chain, err := t.chain(ctx, told)
	if err != nil {
		return err
	}
	if c.ID, err = t.newID(ctx); err != nil {
		return err
	}
	c.Version = 1
	if c.State == "" {
		c.State = store.ComplaintSent
	}
	micros(&c.At, &c.Closed)
	t.write(1, "complaint", `
		insert into complaints
			(id, version, person, recipient, province, regency, topic, words, state, reply, at, closer, closed)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		c.ID, c.Person, null(c.Recipient), c.Province, c.Regency, c.Topic, c.Words, c.State, c.Reply, c.At,
		null(c.Closer), zeronull.Timestamptz(c.Closed))
	return add(ctx, t, complaints, chain, what, *c)
}

// PutComplaint changes a complaint; its person and recipient are for good.
func (t *Tx) PutComplaint(ctx context.Context, what string, c *store.Complaint) error {
	chain, err := t.chain(ctx, told)
	if err != nil {
		return err
	}
	micros(&c.At, &c.Closed)
	return put(ctx, t, complaints, chain, what, c, &c.Version, func() {
		t.write(1, "complaint", `
			update complaints
			set version = version + 1, province = $5, regency = $6, topic = $7, words = $8, state = $9, reply = $10, at = $11,
				closer = $12, closed = $13
			where id = $1 and version = $2 and person = $3 and recipient is not distinct from $4`,
			c.ID, c.Version, c.Person, null(c.Recipient), c.Province, c.Regency, c.Topic, c.Words, c.State, c.Reply,
			c.At,
			null(c.Closer), zeronull.Timestamptz(c.Closed))
	})
}
