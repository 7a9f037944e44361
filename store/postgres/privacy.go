package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var dataRequests = record[store.DataRequest]{
	kind: "data request",
	from: `
		select id, version, person, recipient, province, regency, kind, part, words, at, outcome, reason, reply, by, answered
		from data_requests`,
	scan: func(row pgx.CollectableRow) (r store.DataRequest, err error) {
		err = row.Scan(&r.ID, &r.Version, &r.Person, (*zeronull.Int8)(&r.Recipient), &r.Province, &r.Regency, &r.Kind,
			&r.Part, &r.Words,
			&r.At, &r.Outcome, &r.Reason, &r.Reply, (*zeronull.Int8)(&r.By), (*zeronull.Timestamptz)(&r.Answered))
		return r, err
	},
	key: func(r store.DataRequest) (store.ID, int) { return r.ID, r.Version },
}

// DataRequest returns the request with that id.
func (t *Tx) DataRequest(ctx context.Context, id store.ID) (store.DataRequest, error) {
	return one(ctx, t, dataRequests, `where id = $1`, id)
}

// DataRequestsIn returns those of a scope ("" is everywhere), open ones first and those due first before the others, at
// most so many. Upper and lower case are the same.
func (t *Tx) DataRequestsIn(ctx context.Context, province, regency string, limit int) ([]store.DataRequest, error) {
	return list(ctx, t, dataRequests, `
		where ($1 = '' or lower(province) = lower($1)) and ($2 = '' or lower(regency) = lower($2))
		order by outcome <> '', case when outcome = '' then at end, answered desc, id desc
		limit $3`, province, regency, limit)
}

// DataRequestsOf returns a person's requests, newest first.
func (t *Tx) DataRequestsOf(ctx context.Context, person store.ID) ([]store.DataRequest, error) {
	return list(ctx, t, dataRequests, `where person = $1 order by id desc`, person)
}

// AddDataRequest keeps a new request.
func (t *Tx) AddDataRequest(ctx context.Context, what string, r *store.DataRequest) error {
	c, err := t.fresh(ctx, r.Recipient, &r.ID, &r.Version)
	if err != nil {
		return err
	}
	micros(&r.At, &r.Answered)
	t.write(1, "data request", `
		insert into data_requests
			(id, version, person, recipient, province, regency, kind, part, words, at, outcome, reason, reply, by, answered)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.ID, r.Person, null(r.Recipient), r.Province, r.Regency, r.Kind, r.Part, r.Words, r.At, r.Outcome, r.Reason,
		r.Reply,
		null(r.By), zeronull.Timestamptz(r.Answered))
	return add(ctx, t, dataRequests, c, what, *r)
}

// PutDataRequest changes a request; whose it is, and when it was made, are for good.
func (t *Tx) PutDataRequest(ctx context.Context, what string, r *store.DataRequest) error {
	c, err := t.chain(ctx, r.Recipient)
	if err != nil {
		return err
	}
	micros(&r.At, &r.Answered)
	return put(ctx, t, dataRequests, c, what, r, &r.Version, func() {
		t.write(1, "data request", `
			update data_requests
			set version = version + 1, province = $6, regency = $7, kind = $8, part = $9, words = $10, outcome = $11, reason = $12,
				reply = $13, by = $14, answered = $15
			where id = $1 and version = $2 and person = $3 and recipient is not distinct from $4 and at = $5`,
			r.ID, r.Version, r.Person, null(r.Recipient), r.At, r.Province, r.Regency, r.Kind, r.Part, r.Words,
			r.Outcome, r.Reason,
			r.Reply, null(r.By), zeronull.Timestamptz(r.Answered))
	})
}

var breaches = record[store.Breach]{
	kind: "breach",
	from: `select id, version, found, what, data, people, done, notified from breaches`,
	scan: func(row pgx.CollectableRow) (b store.Breach, err error) {
		err = row.Scan(&b.ID, &b.Version, &b.Found, &b.What, &b.Data, &b.People, &b.Done,
			(*zeronull.Timestamptz)(&b.Notified))
		return b, err
	},
	key: func(b store.Breach) (store.ID, int) { return b.ID, b.Version },
}

// Breach returns the breach with that id.
func (t *Tx) Breach(ctx context.Context, id store.ID) (store.Breach, error) {
	return one(ctx, t, breaches, `where id = $1`, id)
}

// Breaches returns the register of breaches, newest first.
func (t *Tx) Breaches(ctx context.Context) ([]store.Breach, error) {
	return list(ctx, t, breaches, `order by found desc, id desc`)
}

// AddBreach enters a breach in the register.
func (t *Tx) AddBreach(ctx context.Context, what string, b *store.Breach) error {
	c, err := t.fresh(ctx, 0, &b.ID, &b.Version)
	if err != nil {
		return err
	}
	micros(&b.Found, &b.Notified)
	t.write(1, "breach", `
		insert into breaches (id, version, found, what, data, people, done, notified)
		values ($1, 1, $2, $3, $4, $5, $6, $7)`,
		b.ID, b.Found, b.What, b.Data, b.People, b.Done, zeronull.Timestamptz(b.Notified))
	return add(ctx, t, breaches, c, what, *b)
}

// PutBreach changes what is known of a breach.
func (t *Tx) PutBreach(ctx context.Context, what string, b *store.Breach) error {
	c, err := t.chain(ctx, 0)
	if err != nil {
		return err
	}
	micros(&b.Found, &b.Notified)
	return put(ctx, t, breaches, c, what, b, &b.Version, func() {
		t.write(1, "breach", `
			update breaches
			set version = version + 1, found = $3, what = $4, data = $5, people = $6, done = $7, notified = $8
			where id = $1 and version = $2`,
			b.ID, b.Version, b.Found, b.What, b.Data, b.People, b.Done, zeronull.Timestamptz(b.Notified))
	})
}

var legalHolds = record[store.LegalHold]{
	kind: "legal hold",
	from: `select id, version, recipient, reason, at, released from legal_holds`,
	scan: func(row pgx.CollectableRow) (h store.LegalHold, err error) {
		err = row.Scan(&h.ID, &h.Version, &h.Recipient, &h.Reason, &h.At, (*zeronull.Timestamptz)(&h.Released))
		return h, err
	},
	key: func(h store.LegalHold) (store.ID, int) { return h.ID, h.Version },
}

// LegalHold returns the hold on a recipient's records that was not released; store.ErrNotFound when there is none.
func (t *Tx) LegalHold(ctx context.Context, recipient store.ID) (store.LegalHold, error) {
	return one(ctx, t, legalHolds, `where recipient = $1 and released is null`, recipient)
}

// AddLegalHold keeps a hold; ErrConflict when the recipient has one.
func (t *Tx) AddLegalHold(ctx context.Context, what string, h *store.LegalHold) error {
	c, err := t.fresh(ctx, h.Recipient, &h.ID, &h.Version)
	if err != nil {
		return err
	}
	micros(&h.At, &h.Released)
	t.write(1, "legal hold", `
		insert into legal_holds (id, version, recipient, reason, at, released) values ($1, 1, $2, $3, $4, $5)`,
		h.ID, h.Recipient, h.Reason, h.At, zeronull.Timestamptz(h.Released))
	return add(ctx, t, legalHolds, c, what, *h)
}

// PutLegalHold releases a hold, or changes its reason.
func (t *Tx) PutLegalHold(ctx context.Context, what string, h *store.LegalHold) error {
	c, err := t.chain(ctx, h.Recipient)
	if err != nil {
		return err
	}
	micros(&h.At, &h.Released)
	return put(ctx, t, legalHolds, c, what, h, &h.Version, func() {
		t.write(1, "legal hold", `
			update legal_holds set version = version + 1, reason = $4, at = $5, released = $6
			where id = $1 and version = $2 and recipient = $3`,
			h.ID, h.Version, h.Recipient, h.Reason, h.At, zeronull.Timestamptz(h.Released))
	})
}

// Expired returns a programme version's recipients whose money was disbursed before that day and of whom a person's
// name or a file is still kept, by code, without those under a legal hold.
func (t *Tx) Expired(ctx context.Context, program store.ID, before store.Day) ([]store.Recipient, error) {
	return list(ctx, t, recipients, `
		where program = $1 and disbursed < $2
			and (exists (select from persons p where p.recipient = recipients.id and (p.name <> '' or p.key <> '' or p.wa <> ''))
				or exists (select from files f where f.recipient = recipients.id and f.file_id <> ''))
			and not exists (select from legal_holds h where h.recipient = recipients.id and h.released is null)
		order by code`, program, before)
}

// ExpireFiles forgets a recipient's files and what they were called, and returns the hashes of those bytes that no
// other recipient has.
func (t *Tx) ExpireFiles(ctx context.Context, recipient store.ID) ([]string, error) {
	kept, err := list(ctx, t, files, `where recipient = $1 and file_id <> '' order by id`, recipient)
	if err != nil {
		return nil, err
	}
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `
		select distinct sha256 from files f
		where recipient = $1 and sha256 is not null
			and not exists (select from files o where o.sha256 = f.sha256 and o.recipient is distinct from f.recipient)
		order by 1`, recipient)
	if err != nil {
		return nil, failed("files", err)
	}
	hashes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, failed("files", err)
	}
	for _, f := range kept {
		f.FileID, f.UniqueID, f.Name, f.Words, f.SHA256, f.Size = "", "", "", "", "", 0
		if err := t.PutFile(ctx, "file.expired", &f); err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

// Programs returns all versions of all programmes' rules.
func (t *Tx) Programs(ctx context.Context) ([]store.Program, error) {
	return list(ctx, t, programs, `order by code, edition`)
}

// PersonalData returns a copy of what is kept about a person. People of a recipient are looked up among its records;
// for a mentor, who may have had any recipient, whole tables are read, so nothing that people wait for asks for it.
func (t *Tx) PersonalData(ctx context.Context, person store.ID) (d store.PersonalData, err error) {
	if d.Person, err = t.Person(ctx, person); err != nil {
		return d, err
	}
	if d.Requests, err = t.DataRequestsOf(ctx, person); err != nil {
		return d, err
	}
	if d.Consents, err = list(ctx, t, consents, `where person = $1 order by given desc, id desc`, person); err != nil {
		return d, err
	}
	const by = `where by = $1 and ($2::bigint is null or recipient = $2) order by id desc`
	of := null(d.Person.Recipient)
	if d.Complaints, err = list(ctx, t, complaints, `
		where person = $1 and recipient is not distinct from $2 order by id desc`, person, of); err != nil {
		return d, err
	}
	newest, err := t.InviteOf(ctx, person)
	if err != nil && !errors.Is(err, store.ErrNotFound) { // the roster may have bound the phone
		return d, err
	}
	all := len(d.Complaints)
	d.Complaints = slices.DeleteFunc(d.Complaints, func(c store.Complaint) bool { return c.At.Before(newest.Used) })
	d.Earlier = all - len(d.Complaints)
	if d.Letters, err = list(ctx, t, letters, by, person, of); err != nil {
		return d, err
	}
	if d.Receipts, err = list(ctx, t, receipts, by, person, of); err != nil {
		return d, err
	}
	if d.Files, err = list(ctx, t, files, by, person, of); err != nil {
		return d, err
	}
	if d.Person.Role == store.Mentor {
		if d.Visits, err = list(ctx, t, visits, `where by = $1 order by start desc, id desc`, person); err != nil {
			return d, err
		}
	}
	return d, nil
}

// PruneQuarantined takes what was said out of updates that were set aside and came before that time, and returns how
// many.
func (d *DB) PruneQuarantined(ctx context.Context, before time.Time) (int, error) {
	tag, err := d.pool.Exec(ctx, `
		update inbox set state = 2, payload = null, session = null, reason = null
		where state = 3 and at < $1`, before)
	return int(tag.RowsAffected()), failed("inbox", err)
}
