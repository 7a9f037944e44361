package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

var weeks = record[store.Week]{
	kind: "week",
	from: `select id, version, week, province, regency, groups, complete, late, silent, received, evidenced from progress_weeks`,
	scan: func(row pgx.CollectableRow) (w store.Week, err error) {
		err = row.Scan(&w.ID, &w.Version, &w.Week, &w.Province, &w.Regency, &w.Groups, &w.Complete, &w.Late, &w.Silent,
			&w.Received, &w.Evidenced)
		return w, err
	},
	key: func(w store.Week) (store.ID, int) { return w.ID, w.Version },
}

// keepWeek keeps the figures of a week that has begun, once: a record for each regency.
func (d *DB) keepWeek(ctx context.Context, at time.Time) error {
	monday := store.DayOf(at.UTC().AddDate(0, 0, -(int(at.UTC().Weekday())+6)%7), time.UTC)
	tx := d.Begin(at, 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := one(ctx, tx, weeks, `where week = $1`, monday); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	c, err := tx.chain(ctx, 0)
	if err != nil {
		return err
	}
	// another process was first
	if _, err := one(ctx, tx, weeks, `where week = $1`, monday); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	q, err := tx.reads(ctx)
	if err != nil {
		return err
	}
	rows, err := q.Query(ctx, `
		select 0, 1, $1::date, province, regency, `+figures+`
		from recipients g join progress p on p.recipient = g.id
		group by 4, 5
		order by 4, 5`, monday, micro(at), store.DayOf(at, time.UTC))
	if err != nil {
		return failed("week", err)
	}
	list, err := pgx.CollectRows(rows, weeks.scan)
	if err != nil {
		return failed("week", err)
	}
	for _, w := range list {
		if w.ID, err = tx.newID(ctx); err != nil {
			return err
		}
		tx.write(1, "week", `
			insert into progress_weeks (id, version, week, province, regency, groups, complete, late, silent, received, evidenced)
			values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			w.ID, w.Week, w.Province, w.Regency, w.Groups, w.Complete, w.Late, w.Silent, w.Received, w.Evidenced)
		if err := add(ctx, tx, weeks, c, "week.kept", w); err != nil {
			return err
		}
	}
	_, err = tx.Commit(ctx, 0, nil, nil)
	return err
}
