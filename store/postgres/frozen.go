package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// A process that is frozen (SIGSTOP, a paused machine) keeps its connection, and with it its locks: nobody takes over,
// and nothing in its own log can say so. Its heartbeat is the ping of its connection, which the server notes in
// pg_stat_activity: nothing has to be written for it. Where track_activities is off there is none, and no process
// counts as frozen.

// frozenAfter is how long a process's connection may be without a ping until its sessions are ended. It is longer than
// the server needs to notice that the other end is gone.
const frozenAfter = 30 * time.Second

// standing is SQL that finds the sessions of processes whose heartbeat stands still for longer than $2, except that of
// the process $1. Whose session it is, its lock says: one that comes back with a new session has the lock before its
// row names that.
const standing = `
	select p.id, a.pid, a.application_name, a.usesysid, clock_timestamp() - a.state_change as still
	from processes p join pg_locks l on ` + lockOf + ` join pg_stat_activity a on a.pid = l.pid
	where p.id <> $1 and a.state = 'idle' and a.state_change < clock_timestamp() - $2::interval`

// Frozen returns the other processes whose heartbeat stands still for half of FrozenAfter or longer; me is 0 for a
// caller that is none.
func (d *DB) Frozen(ctx context.Context, me int64) (list []store.FrozenProcess, err error) {
	err = d.asUser(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select id, still from (`+standing+`) s order by id`, me, d.FrozenAfter/2)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f store.FrozenProcess, err error) {
			return f, row.Scan(&f.Process, &f.Still)
		})
		return err
	})
	return list, failed("frozen", err)
}

// EndFrozen ends all sessions of the other processes whose heartbeat stands still for FrozenAfter, and names them. The
// sessions in its pool go too: a transaction under way there may hold locks. Who wakes up finds itself in the place of
// a process that lost its connection.
func (d *DB) EndFrozen(ctx context.Context, me int64) (ended []int64, err error) {
	err = d.asUser(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			select s.id from (`+standing+`) s join pg_stat_activity o
				on o.pid = s.pid or o.application_name = s.application_name and o.usesysid = s.usesysid and o.datname = current_database()
			group by s.id having bool_or(pg_terminate_backend(o.pid)) order by s.id`, me, d.FrozenAfter)
		if err != nil {
			return err
		}
		ended, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	return ended, failed("frozen", err)
}

// asUser runs a transaction with the rights of the user who connects. Sessions show themselves to their own user only,
// who may end them, and not to the role that connections step down to.
func (d *DB) asUser(ctx context.Context, do func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local role none`); err != nil {
			return fmt.Errorf("role: %w", err)
		}
		return do(tx)
	})
}
