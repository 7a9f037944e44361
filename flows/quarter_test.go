package flows_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/store"
	"pendamping/store/postgres"
)

// TestQuarter lives through a quarter, hour by hour: 1,100 mentors and 11,000 groups (six mentors and 60 groups without
// PENDAMPING_FULL) in three zones, holidays, groups that do their work or don't, processes that are killed between any
// two steps, an outage of 26 hours, a clock that is set back, and people who put reminders off. Nobody is reminded of
// what is done, in quiet hours, over the caps or twice; and nothing that is due is forgotten.
func TestQuarter(t *testing.T) {
	mentors, settings := 6, planOnce // 60 groups are enough for each zone, and for some who can't be reached
	if os.Getenv("PENDAMPING_FULL") != "" {
		mentors, settings = 1100, ""
	}
	q := &quarter{
		field: newField(t, mentors, settings), t: t, dice: rand.New(rand.NewPCG(1, 2)), made: map[string]bool{},
		reminded: map[int64][]time.Time{}, said: map[string]store.Day{}, cards: map[string]int{},
		count: map[string]int{}, held: map[int64]store.Day{},
	}
	q.join()
	start := time.Date(2026, 10, 1, 0, 30, 0, 0, time.UTC)
	back := false
	for q.now = start; q.now.Before(start.AddDate(0, 0, 92)); q.now = q.now.Add(time.Hour) {
		day := int(q.now.Sub(start).Hours() / 24)
		if q.now.Hour() == 2 && day%7 == 0 { // as autovacuum, which the tests' server goes without
			q.sql(t, "vacuum analyze")
		}
		if q.now.Hour() == 20 { // between midnight and five in Indonesia
			q.work(day)
		}
		if day == 40 && q.now.Hour() == 6 && !back {
			back, q.now = true, q.now.Add(-5*time.Hour)
		}
		if from := start.AddDate(0, 0, 60); q.now.After(from) && q.now.Before(from.Add(26*time.Hour)) {
			continue // everything is down
		}
		if q.dice.IntN(24) == 0 {
			q.restart()
		}
		q.hour()
		if q.now.Hour() == 14 { // evening everywhere
			q.nothingLost()
		}
	}
	for _, k := range slices.Sorted(maps.Keys(q.count)) {
		t.Logf("%9d %s", q.count[k], k)
	}
	if q.count["reminders sent"] == 0 || q.count["morning cards sent"] == 0 ||
		q.count["work that ended a need before it was said"] == 0 || q.count["put off by a person"] == 0 {
		t.Error("the quarter shows nothing")
	}
}

// quarter is the simulation, with what it knows for itself of what was said.
type quarter struct {
	*field
	t        *testing.T
	dice     *rand.Rand
	now      time.Time
	self     *postgres.Process
	made     map[string]bool
	reminded map[int64][]time.Time // by account
	said     map[string]store.Day  // by kind and group, the last day
	cards    map[string]int        // by account and day
	held     map[int64]store.Day   // accounts that put reminders off
	count    map[string]int
}

func (q *quarter) ok(err error) {
	q.t.Helper()
	if err != nil {
		q.t.Fatal(err)
	}
}

func (q *quarter) join() {
	self, err := q.db.Join(q.t.Context(), q.now)
	q.ok(err)
	q.self = self
}

// restart is a process that goes without a word, and the next one.
func (q *quarter) restart() {
	q.count["restarts"]++
	q.self.Close()
	q.join()
	q.made = map[string]bool{}
	_, err := q.db.Recover(q.t.Context(), q.self.Number(), 1000)
	q.ok(err)
}

// calls are the sends under way at once.
const calls = 8

// hour makes the rounds whose hour has come and sends what is due.
func (q *quarter) hour() {
	ctx := q.t.Context()
	for _, r := range flows.Rounds(q.now, everywhere, q.zone) {
		if q.made[flows.String(r)] {
			continue
		}
		tx := q.db.Begin(q.now, 0)
		list, err := flows.MakeRound(ctx, tx, r, dialog.Setting{Zone: q.zone})
		q.ok(err)
		if q.dice.IntN(40) == 0 { // killed before the commit
			tx.Rollback(ctx)
			q.restart()
			continue
		}
		var out []store.Delivery
		for _, m := range list {
			out = append(out, store.Delivery{Message: m})
		}
		_, err = tx.Commit(ctx, q.self.Number(), nil, out)
		q.ok(err)
		if q.dice.IntN(40) > 0 { // else killed after it
			q.made[flows.String(r)] = true
		}
		q.count["rounds"]++
	}
	if q.dice.IntN(10) == 0 {
		q.work(-1) // while messages wait
	}
	if q.dice.IntN(6) == 0 {
		return // Telegram is away
	}
	for {
		list, err := q.db.Claim(ctx, q.self.Number(), q.now, store.Nudge, calls)
		q.ok(err)
		if len(list) == 0 {
			return
		}
		var marks []store.DeliveryOutcome
		for _, d := range list {
			marks = append(marks, q.send(d))
		}
		if q.dice.IntN(2000/calls) == 0 { // killed before these are marked
			q.count["unknown after a kill"] += len(marks)
			q.restart()
			continue
		}
		q.ok(q.db.KeepOutcomes(ctx, q.now, marks))
	}
}

// send is what the bot does with a message that has a need.
func (q *quarter) send(d store.Delivery) store.DeliveryOutcome {
	ctx := q.t.Context()
	tx := q.db.Begin(q.now, 0)
	defer tx.Rollback(ctx)
	m, due, err := flows.Needed(ctx, tx, dialog.Setting{Zone: q.zone}, d.Message)
	if errors.Is(err, store.ErrNotFound) {
		_, err = tx.Commit(ctx, q.self.Number(), nil, nil)
		q.ok(err)
		q.count["work that ended a need before it was said"]++
		return store.DeliveryOutcome{ID: d.ID, State: store.Withdrawn}
	}
	q.ok(err)
	if due.After(q.now) {
		q.count["put off by Friday's prayer"]++
		return store.DeliveryOutcome{ID: d.ID, State: store.Queued, Due: due}
	}
	what, _, _ := strings.Cut(m.Need, ":")
	if what == "card" {
		q.card(m)
	} else {
		q.remind(m)
	}
	return store.DeliveryOutcome{ID: d.ID, State: store.Sent, SentID: 1}
}

func (q *quarter) card(m store.Message) {
	q.count["morning cards sent"]++
	at := q.place(int(m.Chat-mentorID) * 10)
	key := fmt.Sprint(m.Chat, " ", at.Format(time.DateOnly))
	if q.cards[key]++; q.cards[key] > 1 {
		q.t.Errorf("%s: a second morning card", key)
	}
	if at.Hour() < 7 || at.Hour() >= 20 {
		q.t.Errorf("a morning card at %s", at)
	}
}

// place is the time at a group's place.
func (q *quarter) place(group int) time.Time {
	zone, _ := time.LoadLocation([]string{"Asia/Jakarta", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}[group/10%4])
	return q.now.In(zone)
}

func groupOf(account int64) int { return int(account % 100_000_000) }

// remind checks a reminder against the facts, by questions of its own.
func (q *quarter) remind(m store.Message) {
	q.count["reminders sent"]++
	g := groupOf(m.Chat)
	at := q.place(g)
	minute := at.Hour()*60 + at.Minute()
	if minute < 8*60 || minute >= 20*60 || at.Weekday() == time.Friday && minute >= 11*60+30 && minute < 13*60 {
		q.t.Errorf("a reminder at %s", at)
	}
	if d := at.Format("01-02"); d == "12-25" {
		q.t.Errorf("a reminder on a holiday, %s", at)
	}
	today := store.Day(at.Format(time.DateOnly))
	if today <= q.held[m.Chat] {
		q.t.Errorf("a reminder on %s to somebody who put them off until %s", today, q.held[m.Chat])
	}
	week := 0
	for _, was := range q.reminded[m.Chat] {
		if was.In(at.Location()).Format(time.DateOnly) == string(today) {
			q.t.Errorf("two reminders to %d on %s", m.Chat, today)
		}
		if at.Sub(was) < 6*24*time.Hour { // three of a week count by days
			week++
		}
	}
	if week >= 3 {
		q.t.Errorf("a fourth reminder in a week to %d at %s", m.Chat, at)
	}
	q.reminded[m.Chat] = append(q.reminded[m.Chat], q.now)
	f := q.facts(g)
	for _, line := range m.Body {
		name := strings.TrimPrefix(line.Data["What"], "remind.")
		if name == "" || line.ID != "remind.line" {
			continue
		}
		q.count["reminded: "+name]++
		q.said[fmt.Sprint(name, g)] = today
		if !f[name] {
			q.t.Errorf("%d is reminded of %s, which is done, at %s", m.Chat, name, at)
		}
	}
	if len(m.Body) < 2 {
		q.t.Errorf("an empty reminder to %d", m.Chat)
	}
}

// facts tells which needs a group has.
func (q *quarter) facts(g int) map[string]bool {
	var unfinished, returned, counted int
	var left int64
	var report string
	q.ok(q.conn.QueryRow(q.t.Context(), `
		select count(*) filter (where state = 'unfinished'), count(*) filter (where state = 'returned'), count(*) filter (where state <> 'cancelled'),
			20000000 - coalesce(sum(total) filter (where state in ('submitted', 'returned', 'verified')), 0),
			coalesce((select state from reports where recipient = $1), '')
		from receipts where recipient = $1`, groupID+g).Scan(&unfinished, &returned, &counted, &left, &report))
	return map[string]bool{
		"unfinished": unfinished > 0, "returned": returned > 0, "empty": counted == 0, "money": left > 0,
		"lpj":  report == "" || report == "returned",
		"mend": report == "returned", "sign": report == "verified", "upload": report == "signed",
		"result": report == "uploaded",
	}
}

// work is what groups and mentors do on a day: some begin notas, complete, mend, and check them; some put reminders
// off.
func (q *quarter) work(day int) {
	now := q.now
	few := func(percent int) string {
		return fmt.Sprintf("hashint8(id + %d) %% 1000 between 0 and %d", q.dice.IntN(1<<30), percent*10)
	}
	q.count["notas begun"] += q.sql(q.t, `
		insert into receipts (id, version, recipient, number, state, kind, payment, seller, day, total, reason, flags, by, behalf, hands, begun)
		select $1::bigint + g.id % 1000000 * 1000 + n, 1, g.id, n, 'unfinished', '', '', '', null, 0, '', '{}', g.id - $2::bigint + $3::bigint, false, '{}', $4
		from (select *, 1 + (select count(*) from receipts r where r.recipient = recipients.id) n from recipients where `+few(4)+` and disbursed < $4::date) g`,
		notaID, groupID, treasurerID, now)
	q.count["notas completed"] += q.sql(q.t, `
		update receipts set state = 'submitted', total = 2500000, day = $1, submitted = $2 where state = 'unfinished' and begun < $2 and `+few(20),
		now.Format(time.DateOnly), now)
	q.count["notas returned"] += q.sql(q.t, `
		update receipts set state = 'returned', review = json_build_object('by', 1, 'at', $1::timestamptz, 'version', 1) where state = 'submitted' and `+few(8), now)
	q.count["notas mended"] += q.sql(q.t,
		`update receipts set state = 'submitted', submitted = $1 where state = 'returned' and `+few(15), now)
	q.count["notas verified"] += q.sql(q.t, `
		update receipts set state = 'verified', review = json_build_object('by', 1, 'at', $1::timestamptz, 'version', 1) where state = 'submitted' and `+few(30), now)
	q.count["LPJ sent"] += q.sql(q.t, `
		insert into reports (id, version, recipient, edition, state, at, by, hands, wrong, late, reopened)
		select g.id, 1, g.id, 1, 'sent', $1, g.id - $2::bigint + $3::bigint, '{}', '{}', false, 0
		from (select * from recipients where `+few(1)+` and disbursed < $1::date and not exists (select from reports where recipient = recipients.id)) g`,
		now, groupID, treasurerID)
	for _, step := range []struct {
		from, to, set string
		percent       int
	}{
		{"sent", "returned", "review", 5}, {"returned", "sent", "", 15}, {"sent", "verified", "review", 15},
		{"verified", "signed", "", 15}, {"signed", "uploaded", "upload", 15}, {"uploaded", "accepted", "", 3},
	} {
		set := ""
		if step.set != "" {
			set = ", " + step.set + " = json_build_object('by', 1, 'at', $1::timestamptz)"
		}
		if step.to == "signed" {
			q.sql(q.t, `
				insert into approvals (id, version, recipient, book, notas, spent, remaining, by, at)
				select recipient, 1, recipient, '', 0, 0, 0, recipient - $1::bigint + $2::bigint, $3::timestamptz from reports where state = 'verified'
				on conflict (id) do update set at = excluded.at`, groupID, chairID, now)
			set = ", approval = recipient"
		}
		q.count["LPJ "+step.to] += q.sql(q.t, `update reports set state = '`+step.to+`'`+set+
			` where ($1::timestamptz is null or state = '`+step.from+`') and `+few(step.percent), now)
	}
	if day < 0 {
		return
	}
	for range 3 { // as the buttons do
		g := q.dice.IntN(q.groups)
		until := store.Day(q.place(g).Format(time.DateOnly)).Add(q.dice.IntN(7))
		tx := q.db.Begin(now, 0)
		q.ok(tx.PutHold(q.t.Context(), store.Hold{Person: store.ID(treasurerID + g), Kind: "remind", Until: until}))
		_, err := tx.Commit(q.t.Context(), 0, nil, nil)
		q.ok(err)
		q.held[int64(treasurerID+g)] = until
		q.count["put off by a person"]++
	}
}

// slack is how many days a reminder may come after its step: the caps, a holiday, the outage.
const slack = 9

// nothingLost looks for a step of some need that came and was not said, though the need has been there all the time.
func (q *quarter) nothingLost() {
	rows, err := q.conn.Query(context.Background(), `
		select g.id - $1::bigint, g.disbursed, min(r.begun) filter (where r.state = 'unfinished'),
			min((r.review ->> 'at')::timestamptz) filter (where r.state = 'returned'),
			20000000 > coalesce(sum(r.total) filter (where r.state in ('submitted', 'returned', 'verified')), 0)
		from recipients g left join receipts r on r.recipient = g.id
		group by g.id`, groupID)
	q.ok(err)
	defer rows.Close()
	for rows.Next() {
		var g int
		var disbursed store.Day
		var begun, returned *time.Time
		var left bool
		q.ok(rows.Scan(&g, &disbursed, &begun, &returned, &left))
		today := store.Day(q.place(g).Format(time.DateOnly))
		if g%41 == 7 && g%53 != 0 || today < "2026-10-12" {
			continue // unreachable, or before the quarter is under way
		}
		local := func(at time.Time) store.Day { return store.DayOf(at, q.place(g).Location()) }
		if begun != nil {
			q.step(g, "unfinished", today, local(*begun), 1, 3, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91)
		}
		if returned != nil {
			q.step(g, "returned", today, local(*returned), 1, 3, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91)
		}
		if left {
			q.step(g, "money", today, disbursed.Add(30), -14, -7, -3, -1, 1, 8, 15, 22, 29, 36, 43, 50, 57, 64, 71, 78)
		}
	}
	q.ok(rows.Err())
}

func (q *quarter) step(g int, name string, today, since store.Day, steps ...int) {
	var last store.Day
	var held store.Day
	if g%53 != 0 { // else the ketua hears it
		held = q.held[int64(treasurerID+g)]
	}
	for _, n := range steps {
		if d := since.Add(n); d <= today.Add(-slack) && d >= "2026-10-02" && d > held {
			last = d
		}
	}
	if held != "" && held.Add(1) <= today.Add(-slack) && since.Add(steps[0]) <= held {
		last = max(last, held.Add(1)) // the day for which they put it off
		q.count["days checked for which something was put off"]++
	}
	if last == "" {
		return
	}
	q.count["steps checked"]++
	if q.said[fmt.Sprint(name, g)] < last {
		q.t.Fatalf("group %d has not heard of %s since %s: the step of %s was lost (last said %q, today %s)", g, name,
			since, last, q.said[fmt.Sprint(name, g)], today)
	}
}
