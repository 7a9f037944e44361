package postgres_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
	"pendamping/store/postgres"
)

// exempt are the tables and columns that verify does not look at, and why.
var exempt = map[string]string{
	"accounts":         "preferences are no record and have no event",
	"invites.token":    "hash of a secret that is no part of the record; another one invites nobody but who knows it",
	"invites.code":     "the same",
	"goose_db_version": "of the migrations",
	"inbox":            "updates under way", "outbox": "messages under way", "unreachable": "of the outbox", "processes": "who is running",
}

// other is a value that differs from v, by type.
var other = map[string]string{
	"bigint":                   "coalesce(?, 0) + 1",
	"integer":                  "coalesce(?, 0) + 1",
	"text":                     "coalesce(?, '') || 'x'",
	"boolean":                  "not ?",
	"date":                     "coalesce(?, '2026-01-01') + 1",
	"timestamp with time zone": "coalesce(?, '2026-01-01') + interval '1 microsecond'",
	"bytea":                    "set_byte(coalesce(?, '\\x00'), 0, get_byte(coalesce(?, '\\x00'), 0) # 1)",
	"ARRAY":                    "array_append(?, 'x')",
	"json":                     `'{"name": "x"}'::json`,
}

type column struct{ table, name, kind string }

// columns are all columns of all tables that verify looks at.
func columns(t *testing.T, conn *pgx.Conn) []column {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		select c.table_name, c.column_name, c.data_type
		from information_schema.columns c
		join information_schema.tables t using (table_schema, table_name)
		where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
		order by 1, c.ordinal_position`)
	ok(t, err)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c column, err error) {
		return c, row.Scan(&c.table, &c.name, &c.kind)
	})
	ok(t, err)
	return slices.DeleteFunc(all, func(c column) bool { return exempt[c.table] != "" || strings.HasPrefix(c.table, "outbox") })
}

// unguard drops every constraint, as one with all rights could, and keeps a copy of every table.
func unguard(t *testing.T, conn *pgx.Conn, all []column) {
	t.Helper()
	_, err := conn.Exec(t.Context(), `
		do $$
		declare r record;
		begin
			for r in select conrelid::regclass t, conname from pg_constraint
				where connamespace = 'public'::regnamespace order by contype = 'p'
			loop
				execute format('alter table %s drop constraint if exists %I cascade', r.t, r.conname);
			end loop;
			drop index persons_key;
		end $$;
		create schema before`)
	ok(t, err)
	for table := range tables(all) {
		_, err := conn.Exec(t.Context(), fmt.Sprintf(`create table before.%[1]s as table %[1]s`, table))
		ok(t, err)
	}
}

func tables(all []column) map[string]bool {
	m := map[string]bool{}
	for _, c := range all {
		m[c.table] = true
	}
	return m
}

// tamper does something that verify must find, and takes it back.
func tamper(t *testing.T, db *postgres.DB, conn *pgx.Conn, kept []postgres.Root, what, table, sql string, args ...any) {
	t.Helper()
	tag, err := conn.Exec(t.Context(), sql, args...)
	ok(t, err)
	if tag.RowsAffected() == 0 {
		t.Errorf("%s: nothing was changed", what)
	}
	report, err := db.Verify(t.Context(), kept)
	if err != nil {
		t.Errorf("%s: %v", what, err)
	} else if report.Break == "" {
		t.Errorf("%s: verify finds nothing", what)
	}
	_, err = conn.Exec(t.Context(), fmt.Sprintf(`delete from %[1]s`, table))
	ok(t, err)
	_, err = conn.Exec(t.Context(), fmt.Sprintf(`insert into %[1]s select * from before.%[1]s`, table))
	ok(t, err)
}

// TestVerifyFindsEveryChange changes every column of every row, removes every row and adds a copy of every record.
func TestVerifyFindsEveryChange(t *testing.T) {
	db, conn := open(t)
	fill(t, db)
	first, err := db.Root(t.Context(), "2026-11-22")
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) { addGroup(t, tx, "B") })
	second, err := db.Root(t.Context(), "2026-11-23")
	ok(t, err)
	kept := []postgres.Root{first, {Day: second.Day, Hash: second.Hash}}
	all := columns(t, conn)
	unguard(t, conn, all)
	report := wantWhole(t, db, kept...)
	var records, events int
	ok(t, conn.QueryRow(t.Context(), `select count(distinct (kind, record)), count(*) from events`).Scan(&records, &events))
	wantSame(t, postgres.Report{Chains: 3, Events: events, Records: records}, report)

	cases := 0
	for table := range tables(all) {
		var rows int
		ok(t, conn.QueryRow(t.Context(), "select count(*) from "+table).Scan(&rows))
		if rows == 0 {
			t.Errorf("%s is empty, so nothing is shown about it", table)
		}
		for n := range rows {
			where := fmt.Sprintf(" where ctid = (select ctid from %[1]s order by %[1]s::text limit 1 offset %d)", table, n)
			tamper(t, db, conn, kept, fmt.Sprintf("%s row %d removed", table, n), table, "delete from "+table+where)
			for _, c := range all {
				if c.table != table || exempt[table+"."+c.name] != "" {
					continue
				}
				value, known := other[c.kind]
				if !known {
					t.Fatalf("%s.%s: no other value of type %s", table, c.name, c.kind)
				}
				cases++
				tamper(t, db, conn, kept, fmt.Sprintf("%s.%s row %d changed", table, c.name, n), table,
					fmt.Sprintf("update %s set %s = %s", table, c.name, strings.ReplaceAll(value, "?", c.name))+where)
			}
		}
	}
	for _, c := range all {
		if c.name != "id" {
			continue
		}
		names := []string{}
		for _, d := range all {
			if d.table == c.table && d.name != "id" {
				names = append(names, d.name)
			}
		}
		list := strings.Join(names, ", ")
		tamper(t, db, conn, kept, c.table+" forged", c.table,
			fmt.Sprintf("insert into %[1]s (id, %[2]s) select id + 100000, %[2]s from %[1]s limit 1", c.table, list))
	}
	tamper(t, db, conn, kept, "personal value forged", "personal",
		`insert into personal select kind, record, version, 'organisation', salt, value from personal limit 1`)
	tamper(t, db, conn, nil, "first root removed, none kept", "roots", `delete from roots where day = $1`, string(first.Day))
	for _, swap := range []string{"seq", "body", "hash", "body = b.body, hash"} {
		tamper(t, db, conn, kept, "events: "+swap+" swapped", "events", fmt.Sprintf(`
			update events a
			set %[1]s = b.%[2]s
			from events b
			where a.chain = 0 and b.chain = 0 and a.seq in (1, 2) and b.seq = 3 - a.seq`, swap, swap[strings.LastIndex(swap, " ")+1:]))
	}
	t.Logf("%d changes in %d tables", cases, len(tables(all)))
	wantWhole(t, db, kept...)
}

// rewrite changes a nota in the database and every hash after it, as one who knows how it is done could.
func rewrite(t *testing.T, conn *pgx.Conn, b book) {
	t.Helper()
	ctx := t.Context()
	_, err := conn.Exec(ctx, `update receipts set seller = 'Toko Lain' where id = $1`, b.receipt.ID)
	ok(t, err)
	_, err = conn.Exec(ctx, `update events set body = replace(body, 'Toko Jaya', 'Toko Lain') where chain = $1`, b.recipient.ID)
	ok(t, err)
	rows, err := conn.Query(ctx, `select seq, body from events where chain = $1 order by seq`, b.recipient.ID)
	ok(t, err)
	bodies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
		Seq  int64
		Body string
	}])
	ok(t, err)
	var head [sha256.Size]byte
	for _, e := range bodies {
		head = sha256.Sum256(append(head[:], e.Body...))
		_, err := conn.Exec(ctx, `update events set hash = $3 where chain = $1 and seq = $2`, b.recipient.ID, e.Seq, head[:])
		ok(t, err)
	}
	_, err = conn.Exec(ctx, `update chains set head = $2 where id = $1`, b.recipient.ID, head[:])
	ok(t, err)
}

func TestRootsFindARewrittenHistory(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	kept, err := db.Root(t.Context(), "2026-11-23")
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutRecipient(t.Context(), "recipient.changed", &b.recipient)) })
	wantWhole(t, db, kept) // what comes later is no break

	rewrite(t, conn, b)
	wantBreak(t, db, fmt.Sprintf("root of 2026-11-23: chain %d was another", b.recipient.ID))

	// A forged root makes it whole for those who kept none.
	_, err = conn.Exec(t.Context(), `delete from roots`)
	ok(t, err)
	forged, err := db.Root(t.Context(), "2026-11-23")
	ok(t, err)
	wantWhole(t, db)
	wantBreak(t, db, "the root of 2026-11-23 is not the one that was kept elsewhere", kept)
	wantBreak(t, db, "the root of 2026-11-23 is not the one that was kept elsewhere", postgres.Root{Day: kept.Day, Hash: kept.Hash})
	wantBreak(t, db, "does not have its own hash", postgres.Root{Day: kept.Day, Hash: forged.Hash, Body: kept.Body})
	wantBreak(t, db, "the root of 2026-11-21, kept elsewhere, is missing", postgres.Root{Day: "2026-11-21", Hash: kept.Hash})
}

func wantBreak(t *testing.T, db *postgres.DB, part string, kept ...postgres.Root) {
	t.Helper()
	report, err := db.Verify(t.Context(), kept)
	ok(t, err)
	if !strings.Contains(report.Break, part) {
		t.Errorf("verify says %q, want it to say %q", report.Break, part)
	}
}

func TestRoot(t *testing.T) {
	db, _ := open(t)
	b := fill(t, db)
	ctx := t.Context()
	first, err := db.Root(ctx, "2026-11-23")
	ok(t, err)
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutRecipient(ctx, "recipient.changed", &b.recipient)) })
	again, err := db.Root(ctx, "2026-11-23")
	ok(t, err)
	wantSame(t, first, again)
	next, err := db.Root(ctx, "2026-11-24")
	ok(t, err)
	if !strings.HasPrefix(next.Body, "pendamping 2026-11-24\nprevious "+first.Hash+"\n0 ") {
		t.Errorf("a root begins with %.120q", next.Body)
	}
	if sum := sha256.Sum256([]byte(next.Body)); next.Hash != hex.EncodeToString(sum[:]) {
		t.Error("a root's hash is not that of its body")
	}
	if _, err := db.Root(ctx, "2026-11-22"); err == nil {
		t.Error("a day before the last root got one")
	}
	wantWhole(t, db, first, next)
}

// TestErasing erases a person as the law lets them ask: the values go, the chain stays whole.
func TestErasing(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	erase := func(sql string) {
		t.Helper()
		_, err := conn.Exec(t.Context(), sql, b.chair.ID)
		ok(t, err)
	}
	erase(`delete from personal where kind = 'person' and record = $1`)
	wantBreak(t, db, "is missing and was not erased")
	erase(`update persons set key = '', name = '', wa = '', account = null where id = $1`)
	wantWhole(t, db)
	erase(`update persons set name = 'Somebody' where id = $1`)
	wantBreak(t, db, "is missing and was not erased")
	erase(`update persons set name = '', organisation = 'Dinas' where id = $1`)
	wantBreak(t, db, "organisation")
}

func TestEvents(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	type event struct {
		Chain, Seq, Update int64
		At, What           string
		Actor              store.Actor
		Record             struct {
			Kind        string
			ID, Version int
		}
		Before, After map[string]any
	}
	read := func(ctx context.Context, kind string, id store.ID, version int) (e event, raw string) {
		t.Helper()
		ok(t, conn.QueryRow(ctx, `select body from events where kind = $1 and record = $2 and version = $3`, kind, id, version).Scan(&raw))
		ok(t, json.Unmarshal([]byte(raw), &e))
		return e, raw
	}
	e, _ := read(t.Context(), "receipt", b.receipt.ID, 2)
	if e.What != "receipt.submitted" || e.At != "2026-11-23T05:00:00.123456Z" || e.Chain != int64(b.recipient.ID) {
		t.Errorf("event is %s at %s in chain %d", e.What, e.At, e.Chain)
	}
	wantSame(t, store.Actor{Person: b.mentor.ID, Role: store.Mentor, Behalf: b.chair.ID}, e.Actor)
	before := []string{}
	for name := range e.Before {
		before = append(before, name)
	}
	slices.Sort(before)
	wantSame(t, []string{"day", "draft", "flags", "items", "kind", "payment", "seller", "sources", "state", "submitted", "total"}, before)
	if e.Before["state"] != "unfinished" || e.Before["seller"] != nil || e.After["seller"] != "Toko Jaya" {
		t.Errorf("state was %v, seller was %v and is %v", e.Before["state"], e.Before["seller"], e.After["seller"])
	}

	old, raw := read(t.Context(), "person", b.chair.ID, 1)
	now, _ := read(t.Context(), "person", b.chair.ID, 2)
	for _, value := range []string{"Asep", "+62811", "4711", "ketua-A"} {
		if strings.Contains(raw, value) {
			t.Errorf("an event has a personal value in it: %s", raw)
		}
	}
	wantSame(t, map[string]any{"wa": old.After["wa"]}, now.Before)
	if now.After["name"] == old.After["name"] {
		t.Error("the same name has the same hash twice: it is not salted")
	}
}
