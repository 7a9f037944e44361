package flows_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
)

// What SQL works out for every recipient is what is worked out for one.
func TestProgressIsThatOfStandings(t *testing.T) {
	f := newField(t, 10)
	f.spend(t, 12)
	f.sql(t, `update receipts set state = 'verified' where recipient % 3 = 0 and state <> 'unfinished'`)
	f.sql(t, `update receipts set total = 20000000 / 11 where recipient % 2 = 0`)
	f.sql(t, `update receipts set total = 3000000 where recipient % 7 = 0`)
	f.sql(t, `delete from receipts where recipient % 5 = 0`)
	f.sql(t, `delete from entries where recipient % 11 = 0`)
	f.sql(t, `
		insert into entries (id, version, recipient, number, kind, state, amount, day, pos, note, at)
		select recipient + number * 1000000000::bigint, 1, recipient, number, k, case when recipient % 4 = 0 then 'cancelled' else 'stands' end, recipient % 5000000 + 1, '2026-10-01', '', '', '2026-10-01'
		from (select id recipient from recipients) g, (values (2, 'fee'), (3, 'refund'), (4, 'deposit'), (5, 'withdraw')) e (number, k) where recipient % 4 < 2`)
	at := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	if err := f.db.RefreshProgress(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	tx := f.db.Begin(at, 0)
	field, err := tx.Field(t.Context(), store.Area{}, store.ByGroup)
	if err != nil {
		t.Fatal(err)
	}
	list, err := tx.EveryStanding(t.Context(), everywhere, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[store.ID]store.Progress{}
	for _, p := range field.Parts {
		byID[p.Of.ID] = p
	}
	if len(list) != f.groups || len(byID) != f.groups || field.All.Groups != f.groups || !field.At.Equal(at) {
		t.Fatalf("%d standings, %d groups of %d, at %s", len(list), len(byID), field.All.Groups, field.At)
	}
	complete := 0
	for _, s := range list {
		p, percent := byID[s.ID], flows.ProgressOf(s)
		if percent == 100 {
			complete++
		}
		if p.Percent != percent || p.Received != s.Received || p.Accounted != max(s.Received-s.Left, 0) ||
			p.Counted != s.Counted || p.Checked != s.Checked ||
			p.Unfinished != s.Unfinished.Count || p.Submitted != s.Submitted.Count || p.Returned != s.Returned.Count ||
			!p.LastNota.Equal(s.LastNota) || !p.LastVisit.Equal(s.LastVisit) ||
			p.Due != store.DefaultRules().Due(s.Disbursed) {
			t.Errorf("%d percent, %+v:\n%+v", percent, s, p)
		}
	}
	if field.All.Complete != complete || complete == 0 {
		t.Errorf("%d complete, not %d", field.All.Complete, complete)
	}
}

// TestFieldScope presses what other coordinators were shown: only what lies in one's own scope is there.
func TestFieldScope(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	tx := c.g.db.Begin(walkStart, 0)
	rina, err := tx.PersonByCode(ctx, store.Mentor, "PDP-1")
	here, err2 := tx.RecipientByCode(ctx, "A") // in Bandung, Jawa Barat
	there := store.Recipient{Code: "C", Name: "C", Program: c.g.program, Province: "Jawa Barat", Regency: "Garut",
		Zone: "Asia/Jakarta", Mentor: rina.ID}
	err = errors.Join(err, err2, tx.AddRecipient(ctx, "recipient.added", &there))
	for _, p := range []store.Person{
		{Name: "Lia", Province: "Jawa Barat", Regency: "Bandung"}, {Name: "Pusat"},
	} {
		c.acts[p.Name] = int64(200 + len(c.acts))
		p.Key, p.Role, p.Account = p.Name, store.Coordinator, c.acts[p.Name]
		err = errors.Join(err, tx.AddPerson(ctx, "person.added", &p),
			tx.AddConsent(ctx, "consent.given", &store.Consent{
				Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
			}))
	}
	if err == nil {
		_, err = tx.Commit(ctx, 0, nil, nil)
	}
	if err = errors.Join(err, c.g.db.RefreshProgress(ctx, walkStart)); err != nil {
		t.Fatal(err)
	}
	for _, d := range []struct{ who, may, not string }{
		{"Pusat", " a{A} p{A} k{A} m{A}.{R} g{A} k{C} g{C} xa{A}~1 xk{A}", "g1 k1"},
		{"Budi", " p{A} k{A} m{A}.{R} g{A} p{C} k{C} g{C} xp{C}", "a{A} a{A}~1 xa{A} g1"},
		{"Lia", " k{A} m{A}.{R} g{A} xk{A}", "a{A} p{A} p{A}~1 xp{A} p{C} k{C} m{C}.{R} g{C} xk{C}"},
		{"Sari", "", "a{A} p{A} k{A} m{A}.{R} g{A} xp{A} xk{A} xm{A}.{R}"},
		{"Rina", "-", " p{A} k{A} m{A}.{R} g{A}"},
		{"Sri", "-", " p{A} g{A}"},
	} {
		ids := strings.NewReplacer("{A}", fmt.Sprint(here.ID), "{C}", fmt.Sprint(there.ID), "{R}", fmt.Sprint(rina.ID))
		press := func(what string) string {
			said, _, wrote := c.does(d.who, form.Event{Kind: form.Press, Press: "progres:" + ids.Replace(what)})
			if wrote {
				t.Errorf("%s presses %s, and something is written", d.who, what)
			}
			return said
		}
		for _, what := range strings.Split(d.may, " ") {
			if said := press(what); what != "-" && (said == "stale" || !strings.HasPrefix(said, "progres.")) {
				t.Errorf("%s presses %s: %q is said", d.who, what, said)
			}
		}
		for _, what := range strings.Split(d.not, " ") {
			if said := press(what); said != "stale" {
				t.Errorf("%s presses %s: %q is said", d.who, what, said)
			}
		}
	}
}

// A digest is promised once a Monday, to those whose Monday has begun, and says what has changed since the last one.
func TestDigest(t *testing.T) {
	f := newField(t, 8) // 80 groups, in three zones
	ctx := t.Context()
	f.sql(t, `update recipients set province = zone`)
	f.sql(t, `
		insert into persons (id, version, key, role, code, name, organisation, province, regency, wa, account)
		select 900 + n, 1, 'k' || n, 'koordinator', 'K' || n, 'Kor ' || n, '', p, '', '', 900 + n
		from unnest(array['', 'Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura', 'Bali']) with ordinality u (p, n)`)
	f.sql(t,
		`insert into consents (id, version, person, notice, given, source) select id, 1, id, 'x', '2026-08-01', 'paper' from persons where role = 'koordinator'`)
	refresh := func(at time.Time) {
		t.Helper()
		if err := f.db.RefreshProgress(ctx, at); err != nil {
			t.Fatal(err)
		}
	}
	made := func(at time.Time) (to []int64, list []store.Message) {
		t.Helper()
		list = f.round(t, "digest", at)
		for _, m := range list {
			to = append(to, m.Chat)
		}
		slices.Sort(to)
		return to, list
	}
	monday := time.Date(2026, 11, 23, 0, 5, 0, 0, time.UTC) // 07.05 WIB, 08.05 WITA, 09.05 WIT
	refresh(monday)
	var list []store.Message
	for _, d := range []struct {
		at time.Time
		to []int64
	}{
		{monday.Add(-3 * time.Hour), nil},          // 06.05 WIT
		{monday.Add(-2 * time.Hour), []int64{904}}, // 07.05 WIT, 06.05 WITA
		{monday.Add(-2 * time.Hour), nil},
		{monday, []int64{901, 902, 903}}, // and nobody in Bali, where there is no group
		{monday.Add(time.Hour), nil},
		{monday.AddDate(0, 0, 1), nil},
		{monday.AddDate(0, 0, 7), []int64{901, 902, 903, 904}},
	} {
		var to []int64
		if to, list = made(d.at); !slices.Equal(to, d.to) {
			t.Errorf("at %s it goes to %d, not %d", d.at, to, d.to)
		}
	}
	f.spend(t, 5)
	f.sql(t, `update receipts set state = 'verified', total = 4000000 where recipient % 2 = 0`)
	monday = monday.AddDate(0, 0, 7)
	refresh(monday)
	tx := f.db.Begin(monday, 0)
	m, due, err := flows.Needed(ctx, tx, dialog.Setting{Zone: f.zone},
		list[slices.IndexFunc(list, func(m store.Message) bool { return m.Chat == 901 })])
	if err != nil || !due.IsZero() || len(m.Body) == 0 {
		t.Fatal(m.Body, due, err)
	}
	said := m.Body[0].Data
	if said["Groups"] != "80" || said["Complete"] != "40" || said["CompleteBy"] != "+40" || said["Share"] != "50" ||
		said["ShareBy"] != "+50" || said["SilentBy"] != "-40" {
		t.Errorf("what is said: %v", said)
	}
	if _, _, err := flows.Needed(ctx, f.db.Begin(monday.Add(15*time.Hour), 0), dialog.Setting{Zone: f.zone},
		list[0]); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("at night it is said: %v", err)
	}
}

// The sheet of a coordinator's field has each level of it, and no more than is hers.
func TestFieldSheet(t *testing.T) {
	f := newField(t, 8)
	ctx := t.Context()
	f.spend(t, 5)
	f.sql(t,
		`update recipients set province = case when id % 2 = 0 then 'Jawa Barat' else 'Bali' end, name = '=' || name`)
	f.sql(t, `
		insert into persons (id, version, key, role, code, name, organisation, province, regency, wa, account)
		values (901, 1, 'k', 'koordinator', 'K', 'Budi', '', 'Jawa Barat', '', '', 901)`)
	at := time.Date(2026, 11, 23, 0, 5, 0, 0, time.UTC)
	if err := f.db.RefreshProgress(ctx, at); err != nil {
		t.Fatal(err)
	}
	words, err := sentences()
	if err != nil {
		t.Fatal(err)
	}
	shelf := documents.Source{Tx: f.db.Begin(at, 0), Setting: dialog.Setting{
		Zone: f.zone, Words: func(l string, s store.Text) string { return words.Text(l, s.ID, s.Data) },
	}}
	var out bytes.Buffer
	name, err := flows.MakeDocument(ctx, &out, shelf, store.Message{Chat: 901, Paper: "progress::901"}, "id")
	if err != nil || name != "progres-2026-11-23.xlsx" {
		t.Fatal(name, err)
	}
	book := unzipped(t, out.Bytes())
	all := strings.Join(slices.Collect(maps.Values(book)), "")
	if !strings.Contains(all, "Jawa Barat") || strings.Contains(all, "Bali") || strings.Contains(all, "<f>") {
		t.Error("the sheet shows another province, or has a formula of somebody's name")
	}
	for i, sheet := range regexp.MustCompile(`<sheet [^>]*name="([^"]+)"`).FindAllStringSubmatch(book["xl/workbook.xml"], -1) {
		rows := strings.Count(book[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)], "<row ")
		if want, known := map[string]int{"Kabupaten": 41, "Pendamping": 41, "Kelompok": 41}[sheet[1]]; known &&
			rows != want {
			t.Errorf("%s has %d rows", sheet[1], rows)
		}
	}
	for _, m := range []store.Message{
		{Chat: 902, Paper: "progress::901"}, {Chat: 901, Paper: fmt.Sprintf("progress:k%d:901", groupID+1)},
		{Chat: mentorID, Paper: fmt.Sprintf("progress::%d", mentorID)},
	} {
		if _, err := flows.MakeDocument(ctx, &out, shelf, m, "id"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s for %d: %v", m.Paper, m.Chat, err)
		}
	}
}

// unzipped are the files of an XLSX by their names.
func unzipped(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// BenchmarkProgress shows each level of /progres to a coordinator of everywhere, and works all figures out, for 11,000
// groups with 45 notas each in 38 provinces.
func BenchmarkProgress(b *testing.B) {
	f := newField(b, 1100)
	ctx := b.Context()
	f.sql(b, `update recipients set province = 'Provinsi ' || id / 10 % 38, regency = 'Kabupaten ' || id / 10 % 400`)
	f.spend(b, 45)
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	b.Run("refresh/first", func(b *testing.B) {
		for b.Loop() {
			if err := f.db.RefreshProgress(ctx, now); err != nil {
				b.Fatal(err)
			}
		}
	})
	if err := f.db.RefreshProgress(ctx, now); err != nil { // where only levels are measured
		b.Fatal(err)
	}
	f.sql(b, `analyze progress`)
	b.Run("refresh/again", func(b *testing.B) {
		for b.Loop() {
			if err := f.db.RefreshProgress(ctx, now); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, level := range []struct{ name, scope, view string }{
		{"everywhere", "", ""}, {"everywhere, page 5", "", "a%d~4"}, {"province", "", "p%d"},
		{"province of hers", "Provinsi 7", ""},
		{"regency", "", "k%d"}, {"mentor", "", "m%d.%d"}, {"group", "", "g%d"},
	} {
		b.Run(level.name, func(b *testing.B) {
			var took []time.Duration
			i := 0
			for b.Loop() {
				i += 7
				group := groupID + i%f.groups
				args := []any{group, mentorID + (group-groupID)/10}[:strings.Count(level.view, "%d")]
				begun := time.Now()
				if err := flows.FieldScreen(ctx, f.db.Begin(now, 0), level.scope, fmt.Sprintf(level.view, args...),
					f.zone); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begun))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "slowest-ms")
		})
	}
	b.Run("sheet", func(b *testing.B) {
		f.sql(b, `
			insert into persons (id, version, key, role, code, name, organisation, province, regency, wa, account)
			values (901, 1, 'k', 'koordinator', 'K', 'Budi', '', '', '', '', 901) on conflict do nothing`)
		words, err := sentences()
		if err != nil {
			b.Fatal(err)
		}
		peak := heap(b)
		for b.Loop() {
			shelf := documents.Source{Tx: f.db.Begin(now, 0), Setting: dialog.Setting{
				Zone: f.zone, Words: func(l string, s store.Text) string { return words.Text(l, s.ID, s.Data) },
			}}
			var out bytes.Buffer
			if _, err := flows.MakeDocument(ctx, &out, shelf, store.Message{Chat: 901, Paper: "progress::901"},
				"id"); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(out.Len())/(1<<20), "MiB")
		}
		b.ReportMetric(float64(peak())/(1<<20), "MiB-heap")
	})
}
