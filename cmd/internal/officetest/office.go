package officetest

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/roster"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// Noon is when these tests take place.
var Noon = time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)

// VerifiedAt is when verify looks at what they did.
var VerifiedAt = Noon.AddDate(0, 0, 1)

// Office is where an operator imports: a database and a folder of files.
type Office struct {
	*testing.T
	DB      *postgres.DB
	Dir     string
	Commits int // of Try and Run
}

// Open returns an office whose database has the schema and nothing else.
func Open(t *testing.T) *Office {
	t.Helper()
	db, err := postgres.Open(t.Context(), testdb.Database(t, Migrate))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	db.UseInviteKey([]byte("office"))
	return In(t, db)
}

// In returns an office of a database that is open already.
func In(t *testing.T, db *postgres.DB) *Office {
	return &Office{T: t, DB: db, Dir: t.TempDir()}
}

// watched counts the commits: without one, no event can have been kept.
type watched struct {
	*postgres.Tx
	commits *int
}

func (w watched) Commit(
	ctx context.Context, holder int64, session []byte, out []store.Delivery,
) ([]store.Delivery, error) {
	*w.commits++
	return w.Tx.Commit(ctx, holder, session, out)
}

// Try imports at Noon, and returns what the operator reads.
func (o *Office) Try(in roster.Files) (string, error) {
	o.Helper()
	in.Notice = "2026-11"
	tx := watched{o.DB.Begin(Noon, 0), &o.Commits}
	var out strings.Builder
	in.Box = Box
	err := roster.Import(o.Context(), tx, in, &out)
	return out.String(), err
}

// Run imports what must go well, and returns what the operator reads.
func (o *Office) Run(in roster.Files) string {
	o.Helper()
	out, err := o.Try(in)
	if err != nil {
		o.Fatal(err)
	}
	return out
}

// File writes a file of the operator's, and returns its path.
func (o *Office) File(name, text string) string {
	o.Helper()
	path := filepath.Join(o.Dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		o.Fatal(err)
	}
	return path
}

const header = "peran,kode,nama,kelompok,provinsi,kabupaten,desa,tahap,dana,tanggal_cair,pendamping," +
	"telegram_id,persetujuan,id,wa\n"

// Rows of a group with its mentor, for Roster. The chair is unbound, and the member has not consented.
const (
	MentorRow = "pendamping,PD-1,Bambang,,,,,,,,,1008,2026-11-01,,"
	ChairRow  = "ketua,KM-01,Sri Wahyuni,Melati Jaya,Jawa Tengah,Sukoharjo,Bulakan,II,20000000,20/11/2026,PD-1,,,,"
	BankerRow = "bendahara,KM-01,Utami,,,,,,,,,1001,02/11/2026,,"
	MemberRow = "anggota,KM-01,Joko,,,,,,,,,1004,,,"
)

// Roster writes a roster with these rows, and returns its path.
func (o *Office) Roster(rows ...string) string {
	o.Helper()
	return o.File("roster.csv", header+strings.Join(rows, "\n")+"\n")
}

// Look returns a transaction that reads records until the test ends.
func (o *Office) Look() *postgres.Tx {
	o.Helper()
	tx := o.DB.Begin(Noon, 0)
	o.Cleanup(func() { tx.Rollback(context.Background()) })
	return tx
}

// Group returns the recipient with a code.
func (o *Office) Group(code string) store.Recipient {
	o.Helper()
	return Must(o.Look().RecipientByCode(o.Context(), code))(o)
}

// Person returns the one with a key, like "bendahara|km-01|utami".
func (o *Office) Person(key string) store.Person {
	o.Helper()
	return Must(o.Look().PersonByKey(o.Context(), key))(o)
}

// Must ends the test that is given to its result where there is an error, and else returns the value.
func Must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Want compares two values, and names them where they differ.
func (o *Office) Want(what string, got, want any) {
	o.Helper()
	if !reflect.DeepEqual(got, want) {
		o.Errorf("%s: %v, want %v", what, got, want)
	}
}
