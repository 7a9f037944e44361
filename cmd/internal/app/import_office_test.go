package app_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/app"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// noon is when these tests take place.
var noon = time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)

// verifiedAt is when verify looks at what they did.
var verifiedAt = noon.AddDate(0, 0, 1)

// migrate is for testdb, which runs it once on a template.
func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

// office is where an operator imports: a database and a folder of files.
type office struct {
	*testing.T
	db      *postgres.DB
	dir     string
	commits int
}

func openOffice(t *testing.T) *office {
	t.Helper()
	db, err := postgres.Open(t.Context(), testdb.Database(t, migrate))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	db.UseInviteKey([]byte("office"))
	return &office{T: t, db: db, dir: t.TempDir()}
}

// watched counts the commits: without one, no event can have been kept.
type watched struct {
	*postgres.Tx
	commits *int
}

func (w watched) Commit(ctx context.Context, holder int64, session []byte, out []store.Delivery) ([]store.Delivery, error) {
	*w.commits++
	return w.Tx.Commit(ctx, holder, session, out)
}

// try imports and says what the operator reads.
func (o *office) try(in app.Files) (string, error) {
	o.Helper()
	in.Notice = "2026-11"
	tx := watched{o.db.Begin(noon, 0), &o.commits}
	var out strings.Builder
	in.Box = box
	err := app.Import(o.Context(), tx, in, &out)
	return out.String(), err
}

// run imports what must go well.
func (o *office) run(in app.Files) string {
	o.Helper()
	out, err := o.try(in)
	if err != nil {
		o.Fatal(err)
	}
	return out
}

// file writes a file of the operator's.
func (o *office) file(name, text string) string {
	o.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		o.Fatal(err)
	}
	return path
}

const header = "peran,kode,nama,kelompok,provinsi,kabupaten,desa,tahap,dana,tanggal_cair,pendamping,telegram_id,persetujuan,id,wa\n"

// roster writes a roster with these rows.
func (o *office) roster(rows ...string) string {
	o.Helper()
	return o.file("roster.csv", header+strings.Join(rows, "\n")+"\n")
}

// look reads records.
func (o *office) look() *postgres.Tx {
	o.Helper()
	tx := o.db.Begin(noon, 0)
	o.Cleanup(func() { tx.Rollback(context.Background()) })
	return tx
}

func (o *office) group(code string) store.Recipient {
	o.Helper()
	return must(o.look().RecipientByCode(o.Context(), code))(o)
}

func (o *office) person(key string) store.Person {
	o.Helper()
	return must(o.look().PersonByKey(o.Context(), key))(o)
}

// must is a value that came without an error.
func must[T any](v T, err error) func(*office) T {
	return func(o *office) T {
		o.Helper()
		if err != nil {
			o.Fatal(err)
		}
		return v
	}
}

func (o *office) want(what string, got, want any) {
	o.Helper()
	if !reflect.DeepEqual(got, want) {
		o.Errorf("%s: %v, want %v", what, got, want)
	}
}
