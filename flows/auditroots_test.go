package flows_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
)

// A coordinator asks for the audit trail's roots, gets the newest one each morning, once, and none after asking for no
// more.
func TestRootsAreSentToWhoAsked(t *testing.T) {
	f := newField(t, 1)
	ctx := t.Context()
	f.sql(t, `update recipients set zone = 'Asia/Jakarta'`)
	f.sql(t, `
		insert into persons (id, version, key, role, code, name, organisation, province, regency, wa, account)
		select 900 + n, 1, 'k' || n, 'koordinator', 'K' || n, 'Kor ' || n, '', '', '', '', 900 + n from generate_series(1, 2) n`)
	f.sql(t, `insert into consents (id, version, person, notice, given, source) select id, 1, id, '`+join.Notice+
		`', '2026-08-01', 'paper' from persons where role = 'koordinator'`)
	f.sql(t, `
		insert into events (chain, seq, at, kind, record, version, body, hash) 
		select 0, 1000000 + id, '2026-08-01', 'person', id, 1, '{"after": {}}', decode(repeat('00', 32), 'hex') from persons where role = 'koordinator'`)
	press := func(at time.Time, button string) string {
		t.Helper()
		tx := f.db.Begin(at, 0)
		defer tx.Rollback(ctx)
		out, err := flows.Turn(ctx, tx, dialog.Setting{Zone: f.zone}, dialog.Session{Screen: 1}, form.Event{
			Account: 901, Chat: 901, Message: 1, Kind: form.Press, Press: button,
		})
		if err == nil {
			_, err = tx.Commit(ctx, 0, nil, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, m := range out.Messages {
			for _, b := range m.Body {
				said = append(said, b.ID+" "+b.Data["Name"]+b.Data["On"]+strings.TrimPrefix(b.Data["At"], "2026-11-23"))
			}
		}
		return strings.Join(said, ", ")
	}
	morning := func(at time.Time) (said []string) {
		t.Helper()
		for _, m := range f.round(t, "root", at) {
			tx := f.db.Begin(at, 0)
			m, _, err := flows.Needed(ctx, tx, dialog.Setting{Zone: f.zone}, m)
			tx.Rollback(ctx)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			said = append(said, m.Body[0].ID+" "+m.Body[0].Data["Name"]+strings.TrimPrefix(m.Body[0].Data["At"],
				"2026-11-23"))
		}
		return said
	}
	day := time.Date(2026, 11, 23, 1, 5, 0, 0, time.UTC) // 08.05 WIB
	want := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q is said, want %q", what, got, want)
		}
	}
	want("before the first root", press(day, "akar:"), "akar.head , akar.state ")
	if _, err := f.db.KeepRoot(ctx, day); err != nil {
		t.Fatal(err)
	}
	want("nobody asked", strings.Join(morning(day), ", "), "")
	want("asking", press(day, "akar:on"), "akar.head 2026-11-23T01T08:00:00+07:00, akar.state 1")
	want("too early", strings.Join(morning(day.Add(-time.Hour)), ", "), "")
	want("the morning", strings.Join(morning(day), ", "), "akar.day 2026-11-23T01T08:00:00+07:00")
	want("the same morning", strings.Join(morning(day.Add(time.Hour)), ", "), "")
	want("the next morning", strings.Join(morning(day.AddDate(0, 0, 1)), ", "), "akar.day 2026-11-23T01T08:00:00+07:00")
	want("asking for no more", press(day.AddDate(0, 0, 1), "akar:off"),
		"akar.head 2026-11-23T01T08:00:00+07:00, akar.state ")
	want("no morning", strings.Join(morning(day.AddDate(0, 0, 2)), ", "), "")
}
