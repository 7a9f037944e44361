package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// another is a value that differs from ?, by type, and none an empty one.
var another = map[string]struct{ value, none string }{
	"bigint":                      {"coalesce(?, 0) + 1", "0"},
	"integer":                     {"coalesce(?, 0) + 1", "0"},
	"smallint":                    {"coalesce(?, 0) + 1", "0"},
	"text":                        {"coalesce(?, '') || 'x'", "''"},
	"boolean":                     {"not ?", "false"},
	"date":                        {"coalesce(?, '2026-01-01') + 1", "'2000-01-01'"},
	"timestamp with time zone":    {"coalesce(?, '2026-01-01') + interval '1 microsecond'", "'2000-01-01'"},
	"timestamp without time zone": {"coalesce(?, '2026-01-01') + interval '1 microsecond'", "'2000-01-01'"},
	"bytea": {
		"set_byte(coalesce(?, '\\x00'), 0, get_byte(coalesce(?, '\\x00'), 0) # 1)", "'\\x'",
	},
	"_text": {"array_append(?, 'x')", "'{}'"},
	"_int8": {"array_append(?, 7)", "'{}'"},
	"_int4": {"array_append(?, 7)", "'{}'"},
	"json":  {`'{"name": "x", "by": 7}'::json`, "'{}'"},
}

// column is one of the catalogue.
type column struct {
	table, name, kind string
	nullable          bool
}

// columns are all columns of all tables, whoever made them.
func columns(t *testing.T, tx pgx.Tx) []column {
	t.Helper()
	rows, err := tx.Query(t.Context(), `
		select c.table_name, c.column_name, case c.data_type when 'ARRAY' then c.udt_name else c.data_type end, c.is_nullable = 'YES'
		from information_schema.columns c
		join information_schema.tables t using (table_schema, table_name)
		where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
		order by 1, c.ordinal_position`)
	ok(t, err)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c column, err error) {
		return c, row.Scan(&c.table, &c.name, &c.kind, &c.nullable)
	})
	ok(t, err)
	return all
}

// unguard drops every constraint, as one with all rights could.
func unguard(t *testing.T, tx pgx.Tx) {
	t.Helper()
	_, err := tx.Exec(t.Context(), `
		do $$
		declare r record;
		begin
			for r in select conrelid::regclass t, conname from pg_constraint
				where connamespace = 'public'::regnamespace order by contype = 'p'
			loop
				execute format('alter table %s drop constraint if exists %I cascade', r.t, r.conname);
			end loop;
			for r in select indexrelid::regclass i from pg_index
				where indisunique and indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
			loop
				execute format('drop index %s', r.i);
			end loop;
			for r in select table_name, column_name from information_schema.columns
				where table_schema = 'public' and is_identity = 'YES'
			loop
				execute format('alter table %I alter column %I drop identity', r.table_name, r.column_name);
			end loop;
		end $$`)
	ok(t, err)
}

// tampering tries what somebody with all rights could do to a table, each time from the same state.
type tampering struct {
	*testing.T
	tx    pgx.Tx
	kept  []store.Root
	gaps  map[string]bool // TABLE, or TABLE.COLUMN
	width map[string]int  // how many columns a table has
	tried int
}

// do carries a statement out, wants verify to find it, and takes it back.
func (x *tampering) do(what, table, sql string, args ...any) {
	x.Helper()
	x.tried++
	undo, err := x.tx.Begin(x.Context())
	ok(x, err)
	defer undo.Rollback(context.WithoutCancel(x.Context()))
	tag, err := undo.Exec(x.Context(), sql, args...)
	if err != nil {
		x.Fatalf("%s: %v", what, err)
	}
	if tag.RowsAffected() == 0 {
		x.Errorf("%s: nothing was changed", what)
	}
	// What isn't found at a glance is looked at by all that verify does. An error ends the transaction, and is no
	// "whole" either.
	report, err := postgres.VerifyTable(x.Context(), undo, verifiedAt, x.kept, table)
	if err == nil && report.Break == "" {
		report, err = postgres.VerifyIn(x.Context(), undo, verifiedAt, x.kept)
	}
	switch found := err != nil || report.Break != ""; {
	case !found && !x.gap(what):
		x.Errorf("%s: verify finds nothing, and gaps.go does not say why", what)
	case found && x.gap(what):
		x.Errorf("%s is a gap by gaps.go, and verify finds it: %s %v", what, report.Break, err)
	}
}

// gap tells whether something that was done, which begins with TABLE or TABLE.COLUMN, is one that verify says nothing
// about.
func (x *tampering) gap(what string) bool {
	name, _, _ := strings.Cut(what, " ")
	table, _, _ := strings.Cut(name, ".")
	return x.gaps[name] || x.gaps[table]
}

// rows are the places of rows for which a condition holds: one of them, or all at full length.
func (x *tampering) rows(table, where string) []string {
	x.Helper()
	where += " order by ctid"
	if !testdb.Full() {
		where += " limit 1"
	}
	return x.all(table, where)
}

// all are the places of all rows for which a condition holds.
func (x *tampering) all(table, where string) []string {
	x.Helper()
	rows, err := x.tx.Query(x.Context(), "select ctid::text from "+table+" where "+where)
	ok(x, err)
	places, err := pgx.CollectRows(rows, pgx.RowTo[string])
	ok(x, err)
	return places
}

// change changes, empties and swaps values of columns of a table, together; turn chooses which of the last two it is
// when there is time for one only.
func (x *tampering) change(what string, turn int, list ...column) {
	x.Helper()
	table := list[0].table
	var others, nones, swaps, differ, full []string
	for _, c := range list {
		other, known := another[c.kind]
		if !known {
			x.Fatalf("%s.%s: no other value of type %s", table, c.name, c.kind)
		}
		none := other.none
		if c.nullable {
			none = "null"
		}
		others = append(others, c.name+" = "+strings.ReplaceAll(other.value, "?", c.name))
		nones = append(nones, c.name+" = "+none)
		swaps = append(swaps, c.name+" = y."+c.name)
		differ = append(differ, fmt.Sprintf("a.%[1]s::text is distinct from b.%[1]s::text", c.name))
		full = append(full, c.name+"::text is distinct from ("+none+")::text")
	}
	set := func(list []string) string {
		return "update " + table + " set " + strings.Join(list, ", ") + " where ctid = $1::tid"
	}
	for _, at := range x.rows(table, "true") {
		x.do(what+" changed at "+at, table, set(others), at)
	}
	if testdb.Full() || turn%2 == 0 {
		for _, at := range x.rows(table, strings.Join(full, " or ")) {
			x.do(what+" emptied at "+at, table, set(nones), at)
		}
	}
	if !testdb.Full() && turn%2 == 0 || x.width[table] == 1 {
		return
	}
	var a, b string
	err := x.tx.QueryRow(x.Context(), fmt.Sprintf(`
		select a.ctid::text, b.ctid::text from %[1]s a, %[1]s b where a.ctid < b.ctid and a::text <> b::text and (%[2]s)
		order by a.ctid, b.ctid limit 1`, table, strings.Join(differ, " or "))).Scan(&a, &b)
	if errors.Is(err, pgx.ErrNoRows) {
		return // all rows have the same
	}
	ok(x, err)
	x.do(what+" swapped between "+a+" and "+b, table, fmt.Sprintf(`
		update %[1]s x set %[2]s from %[1]s y
		where x.ctid in ($1::tid, $2::tid) and y.ctid in ($1::tid, $2::tid) and x.ctid <> y.ctid`, table, strings.Join(swaps, ", ")), a, b)
}

// TestVerifyFindsEveryChange changes, empties, swaps and removes what every column of every table has. Verify finds it,
// or gaps.go says why not; both must be so.
func TestVerifyFindsEveryChange(t *testing.T) {
	db, conn := open(t)
	b := fill(t, db)
	first, err := db.KeepRoot(t.Context(), noon.Add(-24*time.Hour))
	ok(t, err)
	furnish(t, conn, b, fillAs(t, db, "B", 2))
	for _, at := range []time.Time{noon.AddDate(0, 0, -7), noon} {
		ok(t, db.RefreshProgress(t.Context(), at))
	}
	second, err := db.KeepRoot(t.Context(), noon)
	ok(t, err)
	kept := []store.Root{first, {Name: second.Name, Hash: second.Hash}}
	report := wantWhole(t, db, kept...)
	var records, events int
	ok(t, conn.QueryRow(t.Context(), `select count(distinct (kind, record)), count(*) from events`).Scan(&records,
		&events))
	wantSame(t, postgres.Report{Chains: 3, Events: events, Records: records, Root: kept[1]}, report)

	tx, err := conn.Begin(t.Context())
	ok(t, err)
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	x := &tampering{T: t, tx: tx, kept: kept, gaps: map[string]bool{}}
	all := columns(t, tx)
	for _, g := range postgres.Gaps() {
		name := g.Table
		if g.Column != "" {
			name += "." + g.Column
		}
		x.gaps[name] = true
		if !slices.ContainsFunc(all, func(c column) bool {
			return c.table == g.Table &&
				(g.Column == "" || c.name == g.Column)
		}) {
			t.Errorf("gaps.go names %s, which is not there", name)
		}
		if g.Why == "" {
			t.Errorf("gaps.go does not say why %s is one", name)
		}
	}
	unguard(t, tx)
	tables := map[string][]column{}
	for _, c := range all {
		tables[c.table] = append(tables[c.table], c)
	}
	x.width = map[string]int{}
	for turn, table := range slices.Sorted(maps.Keys(tables)) {
		list := tables[table]
		x.width[table] = len(list)
		places := x.rows(table, "true")
		if len(places) == 0 {
			t.Errorf("%s is empty, so nothing is shown about it", table)
		}
		for _, at := range places {
			x.do(table+" removed at "+at, table, "delete from "+table+" where ctid = $1::tid", at)
		}
		if x.gaps[table] {
			x.change(table, turn, list...)
			continue
		}
		for i, c := range list {
			x.change(table+"."+c.name, i, c)
		}
	}
	for _, c := range all {
		if c.name != "id" || x.gaps[c.table] {
			continue
		}
		var names []string
		for _, d := range all {
			if d.table == c.table && d.name != "id" {
				names = append(names, ", "+d.name)
			}
		}
		x.do(c.table+" forged", c.table,
			fmt.Sprintf("insert into %[1]s (id%[2]s) select id + 100000%[2]s from %[1]s limit 1", c.table,
				strings.Join(names, "")))
	}
	x.do("personal value forged", "personal",
		`insert into personal select kind, record, version, 'organisation', salt, value from personal limit 1`)
	for _, at := range x.all("personal", "true") {
		x.do("personal value moved into its salt at "+at, "personal", `
			update personal set salt = salt || convert_to(left(value, 1), 'UTF8'), value = substr(value, 2) where ctid = $1::tid`, at)
	}
	for _, swap := range []string{"seq", "body", "hash", "body = b.body, hash"} {
		x.do("events: "+swap+" swapped", "events", fmt.Sprintf(`
			update events a
			set %[1]s = b.%[2]s
			from events b
			where a.chain = 0 and b.chain = 0 and a.seq in (1, 2) and b.seq = 3 - a.seq`, swap, swap[strings.LastIndex(swap, " ")+1:]))
	}
	x.kept = nil
	x.do("roots: the first removed, none kept", "roots", `delete from roots where name = $1`, first.Name)
	ok(t, tx.Rollback(t.Context()))
	t.Logf("%d times in %d columns", x.tried, len(all))
	wantWhole(t, db, kept...)
}

// furnish puts two rows into each table that no record fills.
func furnish(t *testing.T, conn *pgx.Conn, a, b book) {
	t.Helper()
	for _, sql := range []string{
		`insert into looks select id, '{dark}', '\x01', at from files where $1 > 0 and $2 > 0 order by id limit 2`,
		`insert into prints select file, n, n, '{1, 2, 3, 4}' from looks, generate_series($1::bigint - $1 + 1, $2::bigint - $2 + 2) n`,
		`insert into likes select a.file, b.file from looks a, looks b where a.file <> b.file and $1 > 0 and $2 > 0`,
		`insert into accounts values (77, 'en', $1), (78, 'id', $2)`,
		`insert into rooms select -persons.id, recipient from persons where persons.id in ($1, $2) and recipient is not null`,
		`insert into promises values ($1, 'card', '2026-11-23', '2026-11-23', '{}'), ($2, 'remind', '2026-11-24', '2026-11-24', '{notas}')`,
		`insert into complaint_reads
			select id, case when person = $1 then $2::bigint else $1 end, at from complaints where person in ($1, $2)`,
		`insert into polls select 'p' || n, (select min(id) from broadcasts), array[n] from generate_series($1::int - $1 + 1, $2::int - $2 + 2) n`,
		`insert into inbox (id, chat, at, payload) values ($1, 1, '2026-11-23', '\x01'), ($2, 2, '2026-11-24', '\x02')`,
		`insert into outbox (id, chat, class, message, language, key, due, state, tries, at)
			values ($1, 1, 'bulk', '{}', '', '', '2026-11-23', 'queued', 0, '2026-11-23'), ($2, 2, 'nudge', '{}', 'en', 'k', '2026-11-24', 'queued', 1, '2026-11-24')`,
		`insert into unreachable values ($1, '2026-11-23', 'a'), ($2, '2026-11-24', 'b')`,
		`insert into guesses values ($1, '2026-11-23'), ($2, '2026-11-24')`,
		`insert into decodes values ('a', 'look', $1, 1, '2026-11-23'), ('b', 'print', $2, 2, '2026-11-24')`,
		`insert into processes (started_at) select '2026-11-23' where $1 > 0 and $2 > 0`,
	} {
		_, err := conn.Exec(t.Context(), sql, int64(a.chair.ID), int64(b.chair.ID))
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}
