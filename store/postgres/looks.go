package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// FilesToLook are pictures of notas that are here and were not looked at, without some, in the order of their ids. Each sender's oldest
// comes before anybody's second, so that one who sends many fills no list alone.
func (d *DB) FilesToLook(ctx context.Context, without []store.ID, limit int) ([]store.File, error) {
	return list(ctx, d.Begin(time.Time{}, 0), files, `
		where id in (
			select id from (
				select id, row_number() over (partition by by order by id) as turn from files
				where not looked and sha256 is not null and receipt is not null and kind = 'photo' and id <> all (coalesce($1, '{}'::bigint[]))
			) waiting
			order by turn, id limit $2
		) order by id`, without, limit)
}

// KeepLook keeps what was seen in a picture, and which other pictures it resembles, both ways round. Kept twice it is kept once.
func (t *Tx) KeepLook(_ context.Context, l store.Look) error {
	t.write(anyRows, "look", `
		insert into looks (file, flaws, fine, at) values ($1, coalesce($2, '{}'::text[]), $3, $4)
		on conflict do nothing`, l.File, l.Flaws, some(l.Fine), t.at)
	t.write(anyRows, "look", `update files set looked = true where id = $1`, l.File)
	for i, p := range l.Prints {
		t.write(anyRows, "look", `insert into prints (file, ord, print, shape) values ($1, $2, $3, $4) on conflict do nothing`,
			l.File, i, int64(p.Hash), signed(p.Shape))
	}
	for _, other := range l.Alike {
		t.write(anyRows, "look", `insert into likes (file, other) values ($1, $2), ($2, $1) on conflict do nothing`, l.File, other)
	}
	return t.err
}

// mostOfABand bounds what one band finds: papers of one printed form share many.
const mostOfABand = 2000

func signed(shape [4]uint64) (list []int64) {
	for _, v := range shape {
		list = append(list, int64(v))
	}
	return list
}

// Resembling are looks at other pictures of which a print shares one of its four bands of 16 bits with a probe; of each, the
// prints that do.
func (d *DB) Resembling(ctx context.Context, file store.ID, probes []uint64) ([]store.Look, error) {
	bands := [4][]int64{}
	for i := range bands {
		for _, p := range probes {
			bands[i] = append(bands[i], int64(p>>(16*i)&0xffff))
		}
	}
	rows, err := d.pool.Query(ctx, `
		select file, print, shape[1], shape[2], shape[3], shape[4] from (
			(select * from prints where (print & 65535) = any ($2) limit $6)
			union
			(select * from prints where (print >> 16 & 65535) = any ($3) limit $6)
			union
			(select * from prints where (print >> 32 & 65535) = any ($4) limit $6)
			union
			(select * from prints where (print >> 48 & 65535) = any ($5) limit $6)
		) found
		where file <> $1
		order by file, ord`, file, bands[0], bands[1], bands[2], bands[3], mostOfABand)
	if err != nil {
		return nil, failed("looks", err)
	}
	var list []store.Look
	var of store.ID
	var v [5]int64
	_, err = pgx.ForEachRow(rows, []any{&of, &v[0], &v[1], &v[2], &v[3], &v[4]}, func() error {
		if len(list) == 0 || list[len(list)-1].File != of {
			list = append(list, store.Look{File: of})
		}
		l := &list[len(list)-1]
		l.Prints = append(l.Prints, store.Print{Hash: uint64(v[0]), Shape: [4]uint64{uint64(v[1]), uint64(v[2]), uint64(v[3]), uint64(v[4])}})
		return nil
	})
	return list, failed("looks", err)
}

// Fines are the signatures of pictures, by their files.
func (d *DB) Fines(ctx context.Context, of []store.ID) (map[store.ID][]byte, error) {
	rows, err := d.pool.Query(ctx, `select file, fine from looks where file = any ($1)`, of)
	if err != nil {
		return nil, failed("looks", err)
	}
	fines := map[store.ID][]byte{}
	var file store.ID
	var fine []byte
	_, err = pgx.ForEachRow(rows, []any{&file, &fine}, func() error {
		fines[file] = append([]byte(nil), fine...)
		return nil
	})
	return fines, failed("looks", err)
}
