package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// TryDecode counts an attempt of a process at each file, by the hash of its bytes, and returns how many there were with
// this one. What other running processes try just now isn't counted. Call it before the work, and Decoded after it.
func (d *DB) TryDecode(
	ctx context.Context, at time.Time, process int64, job string, hashes []string,
) (map[string]int, error) {
	rows, err := d.pool.Query(ctx, `
		with mine as (
			insert into decodes as d (sha256, job, process, tries, at)
			select distinct unnest($4::text[]), $3, $2::bigint, 1, $1::timestamptz
			on conflict (sha256, job, process) do update set tries = least(d.tries + 1, 1000), at = $1
			returning sha256, tries
		)
		select sha256, tries + coalesce((
			select sum(o.tries) from decodes o
			where o.sha256 = mine.sha256 and o.job = $3 and o.process <> $2 and not exists (select from processes p where p.id = o.process)
		), 0) from mine`, micro(at), process, job, hashes)
	if err != nil {
		return nil, failed("decodes", err)
	}
	tries := map[string]int{}
	var hash string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&hash, &n}, func() error {
		tries[hash] = n
		return nil
	})
	return tries, failed("decodes", err)
}

// Decoded forgets the attempts at files: one ended well.
func (d *DB) Decoded(ctx context.Context, job string, hashes []string) error {
	_, err := d.pool.Exec(ctx, `delete from decodes where job = $1 and sha256 = any ($2)`, job, hashes)
	return failed("decodes", err)
}

// UndoDecode takes back the last attempt of a process at files: it was given up before it ended, and says nothing about
// them.
func (d *DB) UndoDecode(ctx context.Context, process int64, job string, hashes []string) error {
	_, err := d.pool.Exec(ctx, `
		with last as (delete from decodes where process = $1 and job = $2 and sha256 = any ($3) and tries = 1)
		update decodes set tries = tries - 1 where process = $1 and job = $2 and sha256 = any ($3) and tries > 1`, process, job, hashes)
	return failed("decodes", err)
}
