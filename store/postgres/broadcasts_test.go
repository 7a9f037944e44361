package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
	"pendamping/store/postgres"
)

// field is a small part of the programme that announcements go to: two places with a mentor, one of them with two
// groups, and a group without one; each of its people has an account but the last.
type field struct {
	db       *postgres.DB
	conn     *pgx.Conn
	program  store.Program
	boss     store.Person // a coordinator of everywhere
	garut    store.Person // a mentor of two groups
	sumedang store.Person
	groups   []store.Recipient
	members  []store.Person
}

// Accounts of the people of a field.
const (
	ketuaA, anggotaA, ketuaB, ketuaC, ketuaD = 101, 102, 201, 301, 401
	rina, lina                               = 501, 502
)

func newField(t *testing.T) *field {
	t.Helper()
	ctx := t.Context()
	f := &field{}
	f.db, f.conn = open(t)
	do(t, f.db, func(tx *postgres.Tx) {
		f.program = store.Program{Code: "TKM", Edition: 1, Rules: store.DefaultRules()}
		ok(t, tx.AddProgram(ctx, "program.added", &f.program))
		person := func(role store.Role, code string, account int64, of store.ID) store.Person {
			p := store.Person{
				Key: code + string(role), Role: role, Code: code, Name: "Nama " + code, Account: account, Recipient: of,
			}
			ok(t, tx.AddPerson(ctx, "person.added", &p))
			return p
		}
		f.boss = person(store.Coordinator, "K", 900, 0)
		f.garut, f.sumedang = person(store.Mentor, "P1", rina, 0), person(store.Mentor, "P2", lina, 0)
		for _, g := range []struct {
			code, province, regency, wave, zone string
			mentor                              store.ID
		}{
			{
				"A", "Jawa Barat", "Garut", "1", "Asia/Jakarta", f.garut.ID,
			}, {"B", "Jawa Barat", "Garut", "2", "Asia/Jakarta", f.garut.ID},
			{
				"C", "Jawa Barat", "Sumedang", "1", "Asia/Jakarta", f.sumedang.ID,
			}, {"D", "Papua", "Jayapura", "1", "Asia/Jayapura", 0},
		} {
			r := store.Recipient{Code: g.code, Name: "Kelompok " + g.code, Program: f.program.ID, Province: g.province,
				Regency: g.regency,
				Wave:    g.wave, Zone: g.zone, Mentor: g.mentor, Grant: 10_000_000}
			ok(t, tx.AddRecipient(ctx, "recipient.added", &r))
			f.groups = append(f.groups, r)
		}
		for i, account := range []int64{ketuaA, ketuaB, ketuaC, ketuaD} {
			f.members = append(f.members, person(store.Chair, f.groups[i].Code, account, f.groups[i].ID))
		}
		f.members = append(f.members, person(store.Member, "A", anggotaA, f.groups[0].ID),
			person(store.Secretary, "A", 0, f.groups[0].ID))
	})
	return f
}

// launch sends an announcement on its way to an audience.
func (f *field) launch(t *testing.T, b store.Broadcast) store.Broadcast {
	t.Helper()
	ctx := t.Context()
	do(t, f.db, func(tx *postgres.Tx) {
		b.By, b.State, b.At, b.Launched = f.boss.ID, store.BroadcastRunning, noon, noon
		ok(t, tx.AddBroadcast(ctx, "broadcast.composed", &b))
		n, err := tx.Launch(ctx, b, "", "", func(string) time.Time { return noon })
		ok(t, err)
		b.Count = n
		ok(t, tx.PutBroadcast(ctx, "broadcast.launched", &b))
	})
	return b
}

// rows are the outbox's ids of an announcement by chat.
func (f *field) rows(t *testing.T, b store.ID) map[int64]store.ID {
	t.Helper()
	rows, err := f.conn.Query(t.Context(), `select chat, id from outbox where broadcast = $1`, b)
	ok(t, err)
	found := map[int64]store.ID{}
	var chat int64
	var id store.ID
	_, err = pgx.ForEachRow(rows, []any{&chat, &id}, func() error { found[chat] = id; return nil })
	ok(t, err)
	return found
}

// outcome says what became of an announcement in some chats; their message ids are the chats' own.
func (f *field) outcome(t *testing.T, b store.ID, state store.DeliveryState, chats ...int64) {
	t.Helper()
	rows := f.rows(t, b)
	var outcomes []store.DeliveryOutcome
	for _, c := range chats {
		m := store.DeliveryOutcome{ID: rows[c], State: state}
		if state == store.Sent {
			m.SentID = int(c)
		}
		outcomes = append(outcomes, m)
	}
	ok(t, f.db.KeepOutcomes(t.Context(), noon, outcomes))
}

// Nobody looks for something to send while nothing waits.
func TestNextBulk(t *testing.T) {
	f := newField(t)
	next := func(want time.Time) {
		t.Helper()
		got, err := f.db.NextBulk(t.Context(), noon)
		ok(t, err)
		if !got.Equal(want) {
			t.Errorf("next at %v, want %v", got, want)
		}
	}
	next(time.Time{})
	b := f.launch(t, store.Broadcast{Words: "Halo"})
	next(noon)
	_, err := f.conn.Exec(t.Context(), `update outbox set due = $1 where broadcast = $2`, noon.Add(time.Hour), b.ID)
	ok(t, err)
	next(noon.Add(time.Hour))
	list, err := f.db.ClaimBulk(t.Context(), 1, noon.Add(time.Hour), 100, nil)
	ok(t, err)
	if len(list) != 7 {
		t.Errorf("%d claimed, want 7", len(list))
	}
	next(time.Time{}) // all are under way
}
