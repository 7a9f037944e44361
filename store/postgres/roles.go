package postgres

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// roles grants the role that runs the bot what it needs and no more. It is no migration, because a restored database, a
// new server and each new table need it again.
//
//go:embed roles.sql
var roles string

// granting is the advisory lock on roles: two grants on the same table at once would fail.
const granting = 0x70700003

func grant(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		var owner bool
		err := tx.QueryRow(ctx, `
			select pg_has_role(relowner, 'usage'), pg_advisory_xact_lock($1) from pg_class where oid = 'events'::regclass`, granting).Scan(&owner, nil)
		if err != nil || !owner {
			return err
		}
		_, err = tx.Exec(ctx, roles)
		return err
	})
}

// stepDown gives up the rights of the user who connects, where this database has granted the role that runs the bot its
// own. With one user for everything this is a defence in depth: SQL that somebody smuggles in can't change the trail,
// unless it takes the user's rights back first. A user of its own, with MIGRATE_DATABASE_URL for the other, has nothing
// to take back.
func stepDown(ctx context.Context, conn *pgconn.PgConn) error {
	err := conn.Exec(ctx, `
		select set_config('role', 'pendamping_run', false) from pg_roles
		where rolname = 'pendamping_run' and pg_has_role(oid, 'member')
		and coalesce(has_table_privilege(oid, to_regclass('events'), 'insert'), false)`).Close()
	// a member that may not become it
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) && refused.Code == "42501" {
		return nil
	}
	return err
}

// Powers are what the user who connects may do to the trail, and the role that he runs the bot as.
type Powers struct {
	User, Role string // the same: nothing is stepped down to
	Superuser  bool
	Owner      bool     // of the tables: may alter and drop them
	Create     bool     // tables in the schema
	Trail      []string // what the user may do to the trail beside reading and adding, like "delete from events"
	RoleTrail  []string // the same of the role
}

// Safe reports whether the trail is out of the user's reach.
func (p Powers) Safe() bool { return !p.Superuser && !p.Owner && !p.Create && len(p.Trail) == 0 }

// Powers asks the database what its user may do.
func (d *DB) Powers(ctx context.Context) (p Powers, err error) {
	const trail = `array(
		select lower(power) || ' ' || relname from pg_class, unnest(array['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) power
		where relnamespace = current_schema()::regnamespace and relname in ('events', 'personal', 'roots')
		and has_table_privilege(%s, pg_class.oid, power) order by relname, power)`
	err = d.pool.QueryRow(ctx, `
		select session_user, current_user, rolsuper,
			exists (select from pg_class c where c.oid = to_regclass('events') and pg_has_role(session_user, c.relowner, 'usage')),
			has_schema_privilege(session_user, current_schema(), 'create'),
			`+fmt.Sprintf(trail, "session_user")+`, `+fmt.Sprintf(trail, "current_user")+`
		from pg_roles where rolname = session_user`).Scan(&p.User, &p.Role, &p.Superuser, &p.Owner, &p.Create, &p.Trail, &p.RoleTrail)
	return p, failed("powers", err)
}
