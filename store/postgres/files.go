package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

var files = record[store.File]{
	kind: "file",
	from: `
		select id, version, recipient, receipt, entry, visit, kind, file_id, unique_id, name, words, mime, size, width, height,
			sha256, by, album, message, at
		from files`,
	scan: func(row pgx.CollectableRow) (f store.File, err error) {
		err = row.Scan(&f.ID, &f.Version, (*zeronull.Int8)(&f.Recipient), (*zeronull.Int8)(&f.Receipt),
			(*zeronull.Int8)(&f.Entry), (*zeronull.Int8)(&f.Visit), &f.Kind, &f.FileID, &f.UniqueID, &f.Name, &f.Words,
			&f.MIME, &f.Size, &f.Width,
			&f.Height, (*zeronull.Text)(&f.SHA256), (*zeronull.Int8)(&f.By), &f.Album, &f.Message, &f.At)
		return f, err
	},
	key: func(f store.File) (store.ID, int) { return f.ID, f.Version },
}

// Files returns the pictures, documents and voice notes of a nota, in the order in which they came.
func (t *Tx) Files(ctx context.Context, receipt store.ID) ([]store.File, error) {
	return list(ctx, t, files, `where receipt = $1 order by at, id`, receipt)
}

// File returns the file with that id.
func (t *Tx) File(ctx context.Context, id store.ID) (store.File, error) {
	return one(ctx, t, files, `where id = $1`, id)
}

// FilesOf returns a recipient's files that belong to its notas, entries and LPJ, in the order in which they came.
func (t *Tx) FilesOf(ctx context.Context, recipient store.ID) ([]store.File, error) {
	return list(ctx, t, files, `where recipient = $1 and visit is null order by at, id`, recipient)
}

// FilesOfAlbum returns what a person sent in one media group, in the order in which it came.
func (t *Tx) FilesOfAlbum(ctx context.Context, by store.ID, album string) ([]store.File, error) {
	return list(ctx, t, files, `where by = $1 and album = $2 and album <> '' order by at, id`, by, album)
}

// FilesOfMessage returns what a message of an account's private chat brought, in the order in which it came: several if
// its picture was exchanged.
func (t *Tx) FilesOfMessage(ctx context.Context, account int64, message int) ([]store.File, error) {
	return list(ctx, t, files, `
		where by in (select id from persons where account = $1) and message = $2 and message <> 0
		order by at, id`, account, message)
}

// FileAgain returns the newest file with the same unique id as f that its recipient has, or that its very message
// brought.
func (t *Tx) FileAgain(ctx context.Context, f store.File) (store.File, error) {
	return one(ctx, t, files,
		`where unique_id = $1 and (recipient = $2 or by = $3 and message = $4) order by message = $4 desc, id desc`,
		f.UniqueID, f.Recipient, f.By, f.Message)
}

// HeldFiles returns a person's files that wait for the answer to whose they are, oldest first.
func (t *Tx) HeldFiles(ctx context.Context, by store.ID) ([]store.File, error) {
	return list(ctx, t, files, `where by = $1 and recipient is null order by at, id`, by)
}

// AddFile keeps what is known of a new file.
func (t *Tx) AddFile(ctx context.Context, what string, f *store.File) error {
	c, err := t.chain(ctx, f.Recipient)
	if err != nil {
		return err
	}
	if f.ID, err = t.newID(ctx); err != nil {
		return err
	}
	f.Version = 1
	micros(&f.At)
	t.write(1, "file", `
		insert into files
			(id, version, recipient, receipt, entry, visit, kind, file_id, unique_id, name, words, mime, size, width, height,
			sha256, by, album, message, at)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		f.ID, null(f.Recipient), null(f.Receipt), null(f.Entry), null(f.Visit), f.Kind, f.FileID, f.UniqueID, f.Name,
		f.Words, f.MIME,
		f.Size, f.Width, f.Height, zeronull.Text(f.SHA256), null(f.By), f.Album, f.Message, f.At)
	return add(ctx, t, files, c, what, *f)
}

// PutFile changes what is known of a file; once it has a recipient, that is for good.
func (t *Tx) PutFile(ctx context.Context, what string, f *store.File) error {
	c, err := t.chain(ctx, f.Recipient)
	if err != nil {
		return err
	}
	micros(&f.At)
	return put(ctx, t, files, c, what, f, &f.Version, func() {
		t.write(1, "file", `
			update files
			set version = version + 1, recipient = $3, receipt = $4, entry = $5, visit = $6, kind = $7, file_id = $8,
				unique_id = $9, name = $10, words = $11, mime = $12, size = $13, width = $14, height = $15, sha256 = $16, by = $17,
				album = $18, message = $19, at = $20
			where id = $1 and version = $2 and (recipient is null or recipient = $3)`,
			f.ID, f.Version, null(f.Recipient), null(f.Receipt), null(f.Entry), null(f.Visit), f.Kind, f.FileID,
			f.UniqueID, f.Name,
			f.Words, f.MIME, f.Size, f.Width, f.Height, zeronull.Text(f.SHA256), null(f.By), f.Album, f.Message, f.At)
	})
}

// PutFiles changes what is known of several files. All is read before anything is locked: people wait for these locks.
func (t *Tx) PutFiles(ctx context.Context, what func(store.File) string, changed []store.File) error {
	var ids, recipients []store.ID
	for _, f := range changed {
		ids, recipients = append(ids, f.ID), append(recipients, f.Recipient)
	}
	if _, err := list(ctx, t, files, `where id = any ($1)`, ids); err != nil {
		return err
	}
	if err := t.lock(ctx, recipients); err != nil {
		return err
	}
	for i := range changed {
		if err := t.PutFile(ctx, what(changed[i]), &changed[i]); err != nil {
			return err
		}
	}
	return nil
}

// Hashes returns those of the bytes that are here, each once, in their order, after one of them.
func (d *DB) Hashes(ctx context.Context, after string, limit int) ([]string, error) {
	rows, err := d.pool.Query(ctx, `select distinct sha256 from files where sha256 > $1 order by sha256 limit $2`,
		after, limit)
	if err != nil {
		return nil, failed("files", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return list, failed("files", err)
}

// missing are files whose bytes are to be here and are not.
const missing = `sha256 is null and size <= 20971520 and file_id <> ''`

// FilesToFetch returns files whose bytes are not here, in the order of their ids, after one of them; without those over
// 20 MB, which Telegram gives to no bot (Bot API, getFile), and without those that are kept no longer.
func (d *DB) FilesToFetch(ctx context.Context, after store.ID, limit int) ([]store.File, error) {
	return list(ctx, d.Begin(time.Time{}, 0), files, `
		where `+missing+` and id > $1 order by id limit $2`, int64(after), limit)
}

// FilesMissing returns how many files came before a time and have no bytes here yet, and when the oldest of them came.
func (d *DB) FilesMissing(ctx context.Context, before time.Time) (n int, oldest time.Time, err error) {
	err = d.pool.QueryRow(ctx, `select count(*), coalesce(min(at), $1) from files where `+missing+` and at < $1`,
		before).Scan(&n, &oldest)
	return n, oldest, failed("files", err)
}

// FilesToAsk returns the pictures of notas that came before a time, whose bytes never came here and whose sender was
// not yet asked for them: not those of cancelled notas, and not those that were followed by another that is here.
func (d *DB) FilesToAsk(ctx context.Context, before time.Time, limit int) ([]store.File, error) {
	return list(ctx, d.Begin(time.Time{}, 0), files, `
		where `+missing+` and at < $1 and asked is null
		and exists (select from receipts r where r.id = files.receipt and r.state <> 'cancelled')
		and not exists (select from files g where g.receipt = files.receipt and g.id > files.id and g.sha256 is not null)
		order by id limit $2`, before, limit)
}

// WasAsked reports whether it was noted that the sender of a file was asked for it once more.
func (t *Tx) WasAsked(ctx context.Context, f store.File) (asked bool, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return false, err
	}
	err = q.QueryRow(ctx, `select asked is not null from files where id = $1`, f.ID).Scan(&asked)
	return asked, failed("file", err)
}

// Asked notes that the sender of a file was asked for it once more.
func (t *Tx) Asked(f store.File) {
	t.write(1, "file", `update files set asked = $2 where id = $1 and asked is null`, f.ID, t.at)
}
