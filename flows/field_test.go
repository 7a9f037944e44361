package flows_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// field is a programme's whole roster in a database, written without its events, for what concerns everybody at once.
type field struct {
	db      *postgres.DB
	conn    *testdb.Conn
	mentors int
	groups  int
	zone    *time.Location
}

// Ids of what a field has: a mentor is mentorID+n, their groups groupID+n, with bendahara and ketua; accounts are like
// their ids.
const (
	programID   = 1
	mentorID    = 100_000_000
	groupID     = 200_000_000
	treasurerID = 300_000_000
	chairID     = 400_000_000
	notaID      = 500_000_000
)

// newField is a field of so many mentors with ten groups each, in three zones, whose money came day by day in a month.
// Every 41st group's bendahara has blocked the bot, and every 53rd has no bendahara who is bound. The settings, if any,
// are the sessions'.
func newField(tb testing.TB, mentors int, settings ...string) *field {
	tb.Helper()
	ctx := tb.Context()
	url := testdb.Database(tb, migrate) + strings.Join(settings, "")
	f := &field{mentors: mentors, groups: 10 * mentors}
	var err error
	if f.db, err = postgres.Open(ctx, url); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(f.db.Close)
	f.conn = testdb.Connect(tb, url)
	f.zone, _ = time.LoadLocation("Asia/Jakarta")
	tx := f.db.Begin(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), 0)
	program := store.Program{Code: "TKM", Edition: 1, Rules: store.DefaultRules()}
	if err := tx.AddProgram(ctx, "program.added", &program); err != nil {
		tb.Fatal(err)
	}
	if _, err := tx.Commit(ctx, 0, nil, nil); err != nil {
		tb.Fatal(err)
	}
	f.sql(tb, `
		insert into persons (id, version, key, role, code, name, organisation, province, regency, wa, account)
		select $1 + n, 1, 'm' || n, 'pendamping', 'P' || n, 'Bu ' || n, '', '', '', '', $1 + n from generate_series(0, $2::bigint - 1) n`, mentorID, mentors)
	f.sql(tb, `
		insert into recipients (id, version, code, name, single, program, province, regency, village, wave, zone, amount, disbursed, mentor)
		select $1 + n, 1, 'G' || n, 'Kelompok ' || n, false, $2, 'P', 'K' || n % 400, '', 'I',
			(array['Asia/Jakarta', 'Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'])[1 + n / 10 % 4], 20000000,
			date '2026-09-01' + (n % 30)::int, $3 + n / 10
		from generate_series(0, $4::bigint - 1) n`, groupID, int64(program.ID), mentorID, f.groups)
	f.sql(tb, `insert into chains select id, 0, decode(repeat('00', 32), 'hex'), 0, 0 from recipients`)
	for _, p := range []struct {
		id   int
		role string
	}{{treasurerID, "bendahara"}, {chairID, "ketua"}} {
		f.sql(tb, `
			insert into persons (id, version, key, role, code, name, recipient, organisation, province, regency, wa, account)
			select $1 + n, 1, $2 || n, $2, 'G' || n, 'Orang ' || n, $3 + n, '', '', '', '',
				case when $2 = 'ketua' or n % 53 > 0 then $1 + n end
			from generate_series(0, $4::bigint - 1) n`, p.id, p.role, groupID, f.groups)
	}
	f.sql(tb, `
		insert into consents (id, version, person, notice, given, source)
		select id, 1, id, 'x', '2026-08-01', 'paper' from persons`)
	f.sql(tb,
		`insert into unreachable select $1 + n, '2026-08-01', 'blocked' from generate_series(0, $2::bigint - 1) n where n % 41 = 7`, treasurerID, f.groups)
	f.sql(tb, `
		insert into entries (id, version, recipient, number, kind, state, amount, day, pos, note, at)
		select id, 1, id, 1, 'grant', 'stands', amount, disbursed, '', '', disbursed from recipients`)
	return f
}

func (f *field) sql(tb testing.TB, words string, args ...any) int {
	tb.Helper()
	tag, err := f.conn.Exec(tb.Context(), words, args...)
	if err != nil {
		tb.Fatal(err)
	}
	return int(tag.RowsAffected())
}

// spend gives every group so many notas, all over the states.
func (f *field) spend(tb testing.TB, notas int) {
	tb.Helper()
	f.sql(tb, `
		insert into receipts (id, version, recipient, number, state, kind, payment, seller, day, total, reason, flags, by, behalf, hands, begun, submitted, review)
		select $1::bigint + g * 1000 + n, 1, $2::bigint + g, n + 1,
			case when n = 0 then 'unfinished' when n = 1 then 'returned' when n < 6 then 'submitted' else 'verified' end,
			'nota', 'tunai', 'Toko', '2026-10-01', 100000, '', '{}', $3::bigint + g, false, '{}', timestamp '2026-10-01' + n * interval '1 hour',
			timestamp '2026-10-02' + n * interval '1 hour', '{"by": 1, "at": "2026-10-03T00:00:00Z", "version": 1}'
		from generate_series(0, $4::bigint - 1) g, generate_series(0, $5::bigint - 1) n`, notaID, groupID, treasurerID, f.groups, notas)
	f.sql(tb, `
		insert into visits (id, version, recipient, state, mode, by, start, minutes, place, spot, met, acts, progress, words, problem, follow_up, due, reason, at)
		select $1::bigint + g * 1000 + 900 + n, 1, $2::bigint + g, 'held', 'person', $3::bigint + g / 10, timestamp '2026-10-01' + n * interval '7 days', 60, '', '', '{}', '{}', 0,
			'', '', '', date '2026-11-01', '', timestamp '2026-10-01' + n * interval '7 days'
		from generate_series(0, $4::bigint - 1) g, generate_series(0, 3) n`, notaID, groupID, mentorID, f.groups)
	f.sql(tb, `analyze`)
}

// round makes the rounds of a kind whose hour has come at that time, and returns what they say.
func (f *field) round(t *testing.T, what string, at time.Time) (list []store.Message) {
	t.Helper()
	for _, r := range flows.Rounds(at, everywhere, f.zone) {
		if r.What != what {
			continue
		}
		tx := f.db.Begin(at, 0)
		more, err := flows.MakeRound(t.Context(), tx, r, dialog.Setting{Zone: f.zone})
		if err == nil {
			_, err = tx.Commit(t.Context(), 0, nil, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, more...)
	}
	return list
}

var everywhere = []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}

// BenchmarkDuties works out everyone's tasks and due reminders, and one mentor's /tugas, at two sizes; each group has
// 45 notas.
func BenchmarkDuties(b *testing.B) {
	for _, mentors := range []int{100, 1100} {
		f := newField(b, mentors)
		f.spend(b, 45)
		now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
		name := fmt.Sprintf("%d groups", f.groups)
		b.Run("everyone/"+name, func(b *testing.B) {
			peak := heap(b)
			for b.Loop() {
				tx := f.db.Begin(now, 0)
				n, err := flows.CountTasks(b.Context(), tx, everywhere, f.zone)
				if err != nil {
					b.Fatal(err)
				}
				list, err := flows.MakeRound(
					b.Context(), tx, dialog.Round{What: "remind", Zones: everywhere, Day: "2026-11-20"},
					dialog.Setting{Zone: f.zone},
				)
				if err != nil {
					b.Fatal(err)
				}
				tx.Rollback(b.Context())
				b.ReportMetric(float64(n), "tasks")
				b.ReportMetric(float64(len(list)), "reminders")
			}
			b.ReportMetric(float64(peak())/(1<<20), "MiB-heap")
		})
		b.Run("one/"+name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				begun := time.Now()
				if err := flows.TaskList(b.Context(), f.db.Begin(now, 0), store.ID(mentorID+len(took)*7%f.mentors),
					f.zone); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begun))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// BenchmarkCode is what a code of an LPJ costs whoever asks about it: its report as it is now is read, of a group with
// 45 notas and of one with 300, and its hash is taken. The time of the database is in ms, that of this process in
// cpu-ms.
func BenchmarkCode(b *testing.B) {
	for _, notas := range []int{45, 300} {
		f := newField(b, 1)
		f.spend(b, notas)
		f.sql(b,
			`update receipts set review = json_build_object('by', $1::bigint, 'at', '2026-10-03T00:00:00Z', 'version', 1), by = $1`, mentorID)
		b.Run(fmt.Sprint(notas, " notas"), func(b *testing.B) {
			tx := f.db.Begin(time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC), 0)
			of, err := tx.Recipient(b.Context(), groupID)
			if err != nil {
				b.Fatal(err)
			}
			var before, after syscall.Rusage
			syscall.Getrusage(syscall.RUSAGE_SELF, &before)
			for b.Loop() {
				r, err := flows.ReadReport(b.Context(), tx, dialog.Setting{
					Zone: f.zone, Words: func(string, store.Text) string { return "" },
				}, of)
				if err != nil || r.Hash() == "" {
					b.Fatal(err)
				}
			}
			syscall.Getrusage(syscall.RUSAGE_SELF, &after)
			used := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
			b.ReportMetric(float64(used)/1e6/float64(b.N), "cpu-ms/op")
		})
	}
}

// heap watches how large the heap becomes; what it returns tells the most it was.
func heap(tb testing.TB) (most func() uint64) {
	tb.Helper()
	runtime.GC()
	ctx, stop := context.WithCancel(context.Background())
	top := make(chan uint64)
	go func() {
		var m runtime.MemStats
		most := uint64(0)
		for tick := time.NewTicker(10 * time.Millisecond); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				top <- most
				return
			case <-tick.C:
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}
	}()
	return func() uint64 { stop(); return <-top }
}

// A reminder that could not be sent on its day is taken back, and comes with the next day's round.
func TestLateReminder(t *testing.T) {
	f := newField(t, 1)
	ctx := t.Context()
	make := func(at time.Time) (list []store.Message) {
		t.Helper()
		return f.round(t, "remind", at)
	}
	day := time.Date(2026, 9, 24, 3, 0, 0, 0, time.UTC)
	first := make(day)
	if len(first) == 0 || len(make(day)) != 0 {
		t.Fatalf("%d reminders, and more when the round is made again", len(first))
	}
	// after the hours, and on the next day
	for i, at := range []time.Time{day.Add(14 * time.Hour), day.AddDate(0, 0, 1)} {
		tx := f.db.Begin(at, 0)
		_, _, err := flows.Needed(ctx, tx, dialog.Setting{Zone: f.zone}, first[i])
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("at %s it is said: %v", at, err)
		}
		if _, err := tx.Commit(ctx, 0, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	again := map[int64]bool{}
	for _, m := range make(day.AddDate(0, 0, 1)) {
		again[m.Chat] = true
	}
	if !again[first[0].Chat] || !again[first[1].Chat] {
		t.Error("what was not said on its day is forgotten")
	}
	if again[first[3].Chat] {
		t.Error("what may have been said is said again")
	}
}
