package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// Installation returns what this database belongs with, as far as it is known yet.
func (d *DB) Installation(ctx context.Context) (i store.Installation, err error) {
	err = d.pool.QueryRow(ctx, `select media, bot from installation`).Scan(&i.Media, &i.Bot)
	return i, failed("installation", err)
}

// SetMedia keeps the mark of the folder of photographs.
func (d *DB) SetMedia(ctx context.Context, mark string) error {
	_, err := d.pool.Exec(ctx, `update installation set media = $1`, mark)
	return failed("installation", err)
}

// SetBot keeps the id of the bot.
func (d *DB) SetBot(ctx context.Context, id int64) error {
	_, err := d.pool.Exec(ctx, `update installation set bot = $1`, id)
	return failed("installation", err)
}

// SampleFiles returns the hashes of some files whose bytes were kept: of the oldest ones and of the newest ones, so
// many of each.
func (d *DB) SampleFiles(ctx context.Context, n int) ([]string, error) {
	rows, err := d.pool.Query(ctx, `
		(select sha256 from files where sha256 is not null order by id limit $1) union
		(select sha256 from files where sha256 is not null order by id desc limit $1)`, n)
	if err != nil {
		return nil, failed("files", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return list, failed("files", err)
}
