package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
	"pendamping/store/postgres"
)

// TestErasePerson asks for a person to be erased: nothing names them any more, and the trail is whole.
func TestErasePerson(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	account := b.chair.Account
	ok(t, db.Queue(t.Context(), noon, []store.Delivery{
		{Message: store.Message{Chat: account, Body: []store.Text{store.Say("hello", "Name", b.chair.Name)}}},
		{Message: store.Message{Chat: account + 1, Body: []store.Text{store.Say("hello")}}},
	}))
	request := store.DataRequest{
		Person: b.chair.ID, Recipient: b.recipient.ID, Kind: store.RequestErasure, Words: "semua", At: noon,
	}
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.AddDataRequest(t.Context(), "data.asked", &request)) })
	// one update of theirs was set aside, and one of somebody else
	for id, chat := range map[int64]int64{7001: account, 7002: account + 1} {
		_, err := db.Accept(t.Context(), 0, []store.Update{
			{ID: id, Chat: chat, At: noon, Payload: []byte(`{"text":"Pak Asep"}`)},
		})
		ok(t, err)
		ok(t, db.Quarantine(t.Context(), id, "test"))
	}
	do(t, db, func(tx *postgres.Tx) {
		p, err := tx.Person(t.Context(), b.chair.ID)
		ok(t, err)
		ok(t, tx.ErasePerson(t.Context(), p))
	})
	// The person's key and name were written three times, number and account as often as they were there; the words of
	// their complaint in each of its versions, those of their request once. The complaint is in no recipient's chain.
	report := wantWhole(t, db)
	var values []string
	for _, e := range report.Erased {
		values = append(values, fmt.Sprint(e.Chain == b.recipient.ID, " ", e.What, " ", e.Values))
	}
	if want := []string{
		"false complaint.erased 3", "true person.erased 8", "true data.erased 3", "true data.erased 1",
	}; !slices.Equal(values, want) {
		t.Errorf("verify says that %q were erased, want %q", values, want)
	}
	if n, err := db.CountQuarantined(t.Context()); n != 1 || err != nil {
		t.Errorf("%d updates are set aside, %v; want that of somebody else", n, err)
	}
	tx := db.Begin(noon, 0)
	p, err := tx.Person(t.Context(), b.chair.ID)
	ok(t, err)
	if p.Name+p.WA+p.Key != "" || p.Account != 0 || p.Role != b.chair.Role {
		t.Errorf("what is left is %+v", p)
	}
	if _, err := tx.PersonByKey(t.Context(), b.chair.Key); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("they are still found by their key: %v", err)
	}
	a, err := tx.Account(t.Context(), account)
	ok(t, err)
	if len(a.People) > 0 || a.Language != "" {
		t.Errorf("the account still speaks as %+v", a)
	}
	i, err := tx.InviteOf(t.Context(), b.chair.ID)
	ok(t, err)
	if i.Used.IsZero() && i.Revoked.IsZero() {
		t.Error("their invitation still opens a door")
	}
	c, err := tx.Complaint(t.Context(), b.complaint.ID)
	ok(t, err)
	asked, err := tx.DataRequest(t.Context(), request.ID)
	ok(t, err)
	if c.Words+c.Reply+asked.Words+asked.Reply != "" {
		t.Errorf("their words are left: %+v %+v", c, asked)
	}
	var secrets, said, others int
	ok(t, conn.QueryRow(t.Context(), `select count(*) from personal where record = any ($1)`,
		[]store.ID{b.chair.ID, b.complaint.ID, request.ID}).Scan(&secrets))
	ok(t, conn.QueryRow(t.Context(), `select count(*) filter (where chat = $1), count(*) filter (where chat <> $1)
		from outbox where message is not null`, account).Scan(&said, &others))
	if secrets > 0 || said > 0 || others != 1 {
		t.Errorf("%d values and %d messages are left, and %d of somebody else", secrets, said, others)
	}
}

// TestEmptied takes each personal value out of its record and of the trail together, as an erasure does, but without
// its event; and puts an erased one back.
func TestEmptied(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	_,
		err := conn.Exec(t.Context(),
		`create temporary table kept as select * from personal where kind = 'person' and record = $1 and field = 'name'`, b.mentor.ID)
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) {
		p, err := tx.Person(t.Context(), b.mentor.ID)
		ok(t, err)
		ok(t, tx.ErasePerson(t.Context(), p))
	})
	ctx := t.Context()
	tx, err := conn.Begin(ctx)
	ok(t, err)
	defer tx.Rollback(context.WithoutCancel(ctx))
	find := func(what string, statements ...string) {
		t.Helper()
		undo, err := tx.Begin(ctx)
		ok(t, err)
		defer undo.Rollback(context.WithoutCancel(ctx))
		for _, sql := range statements {
			tag, err := undo.Exec(ctx, sql)
			ok(t, err)
			if tag.RowsAffected() == 0 {
				t.Errorf("%s: nothing was changed", what)
			}
		}
		if report, err := postgres.VerifyIn(ctx, undo, verifiedAt, nil); err != nil || report.Break == "" {
			t.Errorf("%s: verify finds nothing (%v)", what, err)
		}
	}
	rows, err := tx.Query(ctx, `select distinct kind, field from personal order by 1, 2`)
	ok(t, err)
	fields, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Kind, Field string }])
	ok(t, err)
	for _, f := range fields {
		table, none := f.Kind+"s", "''"
		switch {
		case f.Kind == "data request":
			table = "data_requests"
		case f.Kind == "annex":
			table = "annexes"
		case f.Field == "account":
			none = "null"
		}
		find(f.Kind+"."+f.Field+" emptied everywhere",
			fmt.Sprintf(`delete from personal where kind = '%s' and field = '%s'`, f.Kind, f.Field),
			fmt.Sprintf(`update %s set %s = %s`, table, f.Field, none))
		find(f.Kind+"."+f.Field+" emptied in the trail",
			fmt.Sprintf(`delete from personal where kind = '%[1]s' and field = '%[2]s'
				and version = (select min(version) from personal where kind = '%[1]s' and field = '%[2]s')`, f.Kind, f.Field))
	}
	if len(fields) < 12 {
		t.Errorf("there are only %d personal fields: %v", len(fields), fields)
	}
	find("an erased value put back", `insert into personal select * from kept`)
}
