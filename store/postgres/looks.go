package postgres

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// looked is a condition on files: pictures of notas whose bytes are here, all of which are looked at.
const looked = `sha256 is not null and receipt is not null and kind = 'photo'`

// FilesToLook returns pictures of notas that are here and were not looked at, without some, in the order of their ids.
// Each sender's oldest comes before anybody's second, so that one who sends many fills no list alone.
func (d *DB) FilesToLook(ctx context.Context, without []store.ID, limit int) ([]store.File, error) {
	return list(ctx, d.Begin(time.Time{}, 0), files, `
		where id in (
			select id from (
				select id, row_number() over (partition by by order by id) as turn from files
				where not looked and `+looked+` and id <> all (coalesce($1, '{}'::bigint[]))
			) waiting
			order by turn, id limit $2
		) order by id`, without, limit)
}

// looking is the advisory lock of who searches for pictures that are alike.
const looking = 0x70700004

// LockLooks waits until nobody else searches for pictures that are alike, and keeps others from it until the
// transaction ends.
func (t *Tx) LockLooks(ctx context.Context) error {
	t.write(anyRows, "look", `select pg_advisory_xact_lock($1)`, looking)
	return t.flush(ctx)
}

// KeepLook keeps what was seen in a picture, and which other pictures it resembles, both ways round. Kept twice it is
// kept once.
func (t *Tx) KeepLook(_ context.Context, l store.Look) error {
	t.write(anyRows, "look", `
		insert into looks (file, flaws, fine, at) values ($1, coalesce($2, '{}'::text[]), $3, $4)
		on conflict do nothing`, l.File, l.Flaws, some(l.Fine), t.at)
	t.write(anyRows, "look", `update files set looked = true where id = $1`, l.File)
	for i, p := range l.Prints {
		t.write(anyRows, "look",
			`insert into prints (file, ord, print, shape) values ($1, $2, $3, $4) on conflict do nothing`,
			l.File, i, int64(p.Hash), signed(p.Shape))
	}
	for _, other := range l.Alike {
		t.write(anyRows, "look", `insert into likes (file, other) values ($1, $2), ($2, $1) on conflict do nothing`,
			l.File, other)
	}
	return t.err
}

// MostOfABand bounds what one band finds: papers of one printed form share many. Which ones are found then is left to
// the database.
const MostOfABand = 2000

func signed(shape [4]uint64) (list []int64) {
	for _, v := range shape {
		list = append(list, int64(v))
	}
	return list
}

// Resembling returns looks at other pictures of which a print shares one of its four bands of 16 bits with a probe; of
// each, the prints that do.
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
		order by file, ord`, file, bands[0], bands[1], bands[2], bands[3], MostOfABand)
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
		l.Prints = append(l.Prints, store.Print{
			Hash: uint64(v[0]), Shape: [4]uint64{uint64(v[1]), uint64(v[2]), uint64(v[3]), uint64(v[4])},
		})
		return nil
	})
	return list, failed("looks", err)
}

// Fines returns the signatures of pictures, by their files.
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

// KeptLook is what is kept of a picture that was looked at, as it stands in the tables.
type KeptLook struct {
	File   store.ID
	SHA256 string // "": the bytes are not here
	Alike  []store.ID
	Wrong  string // why the rows can't be what KeepLook wrote, "" when they can
	Unseen bool   // nothing is kept of it, and it should have been looked at long ago

	flaws  []string
	fine   []byte
	prints []keptPrint
}

type keptPrint struct {
	ord   int
	print int64
	shape []int64
}

// mostUnseen is how long a picture may wait for its look while the bot runs.
const mostUnseen = 6 * time.Hour

// SeenUntil returns until when the bytes of a picture came here that must have been looked at by now. The newest root
// tells until when a bot ran; the zero time is when there is none.
func (d *DB) SeenUntil(ctx context.Context, now time.Time) (time.Time, error) {
	newest, err := d.Begin(now, 0).NewestRoot(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	ran, err := newest.Start()
	return ran.Add(-mostUnseen), failed("root", err)
}

// KeptLooks returns pictures of which anything is kept, and those of which nothing is though their bytes came before a
// time, in the order of their files, after one of them.
func (d *DB) KeptLooks(ctx context.Context, until time.Time, after store.ID, limit int) (list []KeptLook, err error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, d.pool, options, func(tx pgx.Tx) error {
		list, err = keptLooks(ctx, tx, until, after, limit)
		return err
	})
	return list, failed("looks", err)
}

func keptLooks(ctx context.Context, q querier, until time.Time, after store.ID, limit int) ([]KeptLook, error) {
	rows, err := q.Query(ctx, `
		with kept as (
			(select id from files where looked and id > $1 order by id limit $2)
			union (select file from looks where file > $1 order by file limit $2)
			union (select distinct file from prints where file > $1 order by file limit $2)
			union (select distinct file from likes where file > $1 order by file limit $2)
			union (
				select id from files f where `+looked+` and not looked and id > $1
				and (select max(at) from events e where e.kind = 'file' and e.record = f.id) < $3
				order by id limit $2
			)
			order by 1 limit $2
		), every as (
			select kept.id, l.file is null and not exists (select from prints where file = kept.id) and not exists (select from likes where file = kept.id) as none
			from kept left join looks l on l.file = kept.id
		)
		select kept.id, coalesce(f.sha256, ''), l.flaws, l.fine, kept.none and f.id is not null and not f.looked, case
				when kept.none and not f.looked then ''
				when f.id is null then 'there is no such picture'
				when l.file is null then 'what was seen in it is missing'
				when not f.looked then 'it counts as not looked at, and what was seen in it is kept'
				when exists (select from likes a where a.file = kept.id and not exists (
					select from likes b where b.file = a.other and b.other = a.file)) then 'it is marked as like another, and that one is not like it'
				else ''
			end
		from every kept
		left join files f on f.id = kept.id
		left join looks l on l.file = kept.id
		order by kept.id`, after, limit, until)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k KeptLook, err error) {
		return k, row.Scan(&k.File, &k.SHA256, &k.flaws, &k.fine, &k.Unseen, &k.Wrong)
	})
	if err != nil {
		return nil, err
	}
	ids, place := make([]store.ID, len(list)), map[store.ID]*KeptLook{}
	for i := range list {
		ids[i], place[list[i].File] = list[i].File, &list[i]
	}
	if rows, err = q.Query(ctx, `select file, ord, print, shape from prints where file = any ($1) order by file, ord`,
		ids); err != nil {
		return nil, err
	}
	var file, other store.ID
	var p keptPrint
	if _, err := pgx.ForEachRow(rows, []any{&file, &p.ord, &p.print, &p.shape}, func() error {
		p.shape = slices.Clone(p.shape)
		place[file].prints = append(place[file].prints, p)
		return nil
	}); err != nil {
		return nil, err
	}
	if rows, err = q.Query(ctx, `select file, other from likes where file = any ($1) order by file, other`,
		ids); err != nil {
		return nil, err
	}
	_, err = pgx.ForEachRow(rows, []any{&file, &other}, func() error {
		place[file].Alike = append(place[file].Alike, other)
		return nil
	})
	return list, err
}

// Is compares what is kept with what was seen, without Alike. Else it says what is another.
func (k KeptLook) Is(l store.Look) (same bool, another string) {
	switch {
	case !slices.Equal(k.flaws, l.Flaws):
		return false, "its flaws are"
	case !bytes.Equal(k.fine, l.Fine):
		return false, "its signature is"
	}
	same = slices.EqualFunc(k.prints, l.Prints, func(a keptPrint, b store.Print) bool {
		return a.print == int64(b.Hash) && slices.Equal(a.shape, signed(b.Shape))
	})
	for i, p := range k.prints {
		same = same && p.ord == i
	}
	return same, "its prints are"
}
