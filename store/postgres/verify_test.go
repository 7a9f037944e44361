package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pendamping/store/postgres"
)

// exempt are the tables and columns that verify does not look at, and why.
var exempt = map[string]string{
	"lines": "ids, which the lines of plans have too", "looks": "worked out from pictures", "prints": "of looks", "likes": "of looks",
	"files.looked": "a mark of work done, no part of the record",
	"accounts":     "preferences are no record and have no event",
	"promises":     "what was said is no record", "polls": "answers to polls are nobody's", "holds": "preferences are no record", "audiences": "preferences are no record",
	"progress": "worked out from the records", "progress_read": "of progress", "progress_weeks": "of progress",
	"rooms":            "where groups chat is no record and has no event",
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
	"_text":                    "array_append(?, 'x')",
	"_int8":                    "array_append(?, 7)",
	"json":                     `'{"name": "x", "by": 7}'::json`,
}

type column struct{ table, name, kind string }

// columns are all columns of all tables that verify looks at.
func columns(t *testing.T, conn *pgx.Conn) []column {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		select c.table_name, c.column_name, case c.data_type when 'ARRAY' then c.udt_name else c.data_type end
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
			drop index persons_key, reports_open;
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
