package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// TestRunningRole has the role that runs the bot try whatever would forge the trail or stop the bot, as a user that has
// stepped down and as a user of its own. The bot's own work and the erasure still pass.
func TestRunningRole(t *testing.T) {
	address := testdb.Database(t, migrate)
	owner := testdb.Connect(t, address)
	for name, address := range map[string]string{
		"one user": address, "a user of its own": testdb.Login(t, address, "pendamping_run"),
	} {
		db, err := postgres.Open(t.Context(), address)
		ok(t, err)
		t.Cleanup(db.Close)
		ok(t, db.Migrate(t.Context())) // nothing to do, so that who may not migrate starts too
		code := "A"
		if name != "one user" {
			code = "B"
		}
		var g group
		do(t, db, func(tx *postgres.Tx) { g = addGroup(t, tx, code) })
		do(t, db, func(tx *postgres.Tx) { ok(t, tx.ErasePerson(t.Context(), g.chair)) })
		_, err = db.KeepRoot(t.Context(), noon)
		ok(t, err)
		_, err = db.Prune(t.Context(), noon)
		ok(t, err)
		_, err = db.Redact(t.Context(), noon)
		ok(t, err)
		process := join(t, db)
		_, err = db.Recover(t.Context(), process.ID, 1000)
		ok(t, err)
		wantWhole(t, db)
		var left int
		ok(t, owner.QueryRow(t.Context(), `select count(*) from personal where record = $1`, g.chair.ID).Scan(&left))
		if left > 0 {
			t.Errorf("%s: the erasure left %d values", name, left)
		}

		p, err := db.Powers(t.Context())
		ok(t, err)
		if own := name != "one user"; p.Safe() != own || p.Superuser == own || len(p.RoleTrail) > 0 ||
			(p.User == p.Role) {
			t.Errorf("%s: powers %+v", name, p)
		}
		for _, sql := range forbidden {
			err := db.Try(t.Context(), sql)
			if refused := (*pgconn.PgError)(nil); !errors.As(err, &refused) || refused.Code != "42501" {
				t.Errorf("%s: %s: %v, want it refused", name, sql, err)
			}
		}
	}
}

// forbidden is what the running role may not do. The tables' own list is in TestRunningRoleOfEachTable.
var forbidden = []string{
	`update events set body = body`, `delete from events`, `truncate events cascade`,
	`update personal set value = value`, `delete from personal`, `truncate personal`,
	`update roots set body = body`, `delete from roots`, `truncate roots`,
	`alter table events disable trigger all`, `alter table events add column x int`, `drop table roots`,
	`drop view accepted_photos`,
	`create table evil (x int)`, `create function evil() returns int language sql as 'select 1'`,
	`create or replace function erase_personal(of_kind text, of_record bigint, up_to int, of_fields text[]) returns void language sql as ''`,
	`alter function erase_personal reset all`, `update goose_db_version set version_id = 0`,
	`insert into goose_db_version (version_id, is_applied) values (9999, true)`,
	`create role evil superuser`, `set session_replication_role = replica`,
}

// TestRunningRoleOfEachTable takes every table from the catalogue, so that a new one is in it.
func TestRunningRoleOfEachTable(t *testing.T) {
	_, conn := open(t)
	rows, err := conn.Query(t.Context(), `
		select c.relname, array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
			where has_table_privilege('pendamping_run', c.oid, p))
		from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'`)
	ok(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
		Name   string
		Powers []string
	}])
	ok(t, err)
	want := map[string][]string{
		"goose_db_version": {"SELECT"},
		"events":           {"SELECT", "INSERT"}, "personal": {"SELECT", "INSERT"}, "roots": {"SELECT", "INSERT"},
	}
	for _, table := range tables {
		powers, listed := want[table.Name]
		if !listed {
			powers = []string{"SELECT", "INSERT", "UPDATE", "DELETE"}
		}
		if !slices.Equal(table.Powers, powers) {
			t.Errorf("%s: %v, want %v", table.Name, table.Powers, powers)
		}
	}
	if len(tables) < 40 {
		t.Errorf("%d tables", len(tables))
	}
}

// TestOldSchemaNeedsItsOwner starts a newer program as the user that runs the bot.
func TestOldSchemaNeedsItsOwner(t *testing.T) {
	address := testdb.Database(t, migrate)
	owner := testdb.Connect(t, address)
	_,
		err := owner.Exec(t.Context(),
		`delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)`)
	ok(t, err)
	db, err := postgres.Open(t.Context(), testdb.Login(t, address, "pendamping_run"))
	ok(t, err)
	t.Cleanup(db.Close)
	if err := db.Migrate(t.Context()); !errors.Is(err, postgres.ErrNotOwner) {
		t.Errorf("Migrate = %v, want ErrNotOwner", err)
	}
}

// TestRestoredWithoutGrants takes away what pg_restore --no-acl leaves out: the bot still starts, and the next
// migration grants it.
func TestRestoredWithoutGrants(t *testing.T) {
	address := testdb.Database(t, migrate)
	owner := testdb.Connect(t, address)
	_, err := owner.Exec(t.Context(), `
		revoke all on all tables in schema public from pendamping_run;
		revoke all on all sequences in schema public from pendamping_run;
		revoke all on all functions in schema public from pendamping_run`)
	ok(t, err)
	db, err := postgres.Open(t.Context(), address)
	ok(t, err)
	t.Cleanup(db.Close)
	if p, err := db.Powers(t.Context()); err != nil || p.Role != p.User {
		t.Errorf("without grants it runs as %+v, %v", p, err)
	}
	ok(t, db.Migrate(t.Context()))
	if p, err := db.Powers(t.Context()); err != nil || p.Role != "pendamping_run" {
		t.Errorf("with grants it runs as %+v, %v", p, err)
	}
	do(t, db, func(tx *postgres.Tx) {
		g := addGroup(t, tx, "A")
		r := store.Receipt{Recipient: g.recipient.ID, State: store.Unfinished, By: g.chair.ID, Begun: noon}
		ok(t, tx.AddReceipt(t.Context(), "receipt.begun", &r))
	})
}
