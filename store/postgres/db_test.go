package postgres_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// noon is when these tests take place.
var noon = time.Date(2026, time.November, 23, 5, 0, 0, 123456000, time.UTC)

// verifiedAt is when verify looks at what they did.
var verifiedAt = noon.AddDate(0, 0, 2)

// migrate is for testdb, which runs it once on a template.
func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

// databases are those of tests that open one.
var databases = testdb.Pool[*postgres.DB]{Migrate: migrate, Open: postgres.Open, Forget: (*postgres.DB).Forget}

func TestMain(m *testing.M) {
	code := m.Run()
	if err := databases.Close(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// open is a database of the test's own and, for looking behind its back, a connection to it.
func open(tb testing.TB) (*postgres.DB, *pgx.Conn) {
	tb.Helper()
	db, url := databases.Take(tb)
	db.UseInviteKey([]byte("test"))
	db.RejoinGrace = 0
	conn, err := pgx.Connect(tb.Context(), url)
	ok(tb, err)
	tb.Cleanup(func() { conn.Close(context.Background()) })
	return db, conn
}

func ok(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// do runs f in a transaction of its own and commits it.
func do(tb testing.TB, db *postgres.DB, f func(tx *postgres.Tx)) {
	tb.Helper()
	tx := db.Begin(noon, 0)
	defer tx.Rollback(tb.Context())
	f(tx)
	_, err := tx.Commit(tb.Context(), 0, nil, nil)
	ok(tb, err)
}

// group is a recipient with its programme, mentor and ketua.
type group struct {
	program   store.Program
	mentor    store.Person
	recipient store.Recipient
	chair     store.Person
}

// addGroup keeps a group whose code is given.
func addGroup(tb testing.TB, tx *postgres.Tx, code string) group {
	tb.Helper()
	ctx := tb.Context()
	g := group{program: store.Program{Code: "TKM-" + code, Edition: 1, Rules: store.DefaultRules()}}
	ok(tb, tx.AddProgram(ctx, "program.added", &g.program))
	g.mentor = store.Person{Key: "id:mentor-" + code, Role: store.Mentor, Code: "P-" + code, Name: "Bu Rina"}
	ok(tb, tx.AddPerson(ctx, "person.added", &g.mentor))
	g.recipient = store.Recipient{
		Code: code, Name: "Maju " + code, Program: g.program.ID, Province: "Jawa Barat", Regency: "Garut",
		Village: "Cikajang",
		Wave:    "1", Grant: 20_000_000, Disbursed: "2026-11-02", Mentor: g.mentor.ID,
	}
	ok(tb, tx.AddRecipient(ctx, "recipient.added", &g.recipient))
	g.chair = store.Person{
		Key: "id:ketua-" + code, Role: store.Chair, Code: code, Name: "Pak Asep", Recipient: g.recipient.ID,
		WA: "+62811", Account: 4711,
	}
	ok(tb, tx.AddPerson(ctx, "person.added", &g.chair))
	return g
}

// until waits for something that follows by itself.
func until(tb testing.TB, is func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			tb.Fatal("it never came")
		}
	}
}

func nameOf(tb testing.TB, conn *pgx.Conn, person store.ID) (name string) {
	tb.Helper()
	ok(tb, conn.QueryRow(tb.Context(), `select name from persons where id = $1`, person).Scan(&name))
	return name
}
