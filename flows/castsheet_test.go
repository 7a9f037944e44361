package flows_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/store"
)

// castRows enters an announcement of coordinator 901 to so many chats, of which every tenth is in each other state.
func (f *field) castRows(t testing.TB, chats int) {
	t.Helper()
	f.sql(t, `
		insert into persons (id, version, key, role, code, name, organisation, province, regency, wa, account) values
			(901, 1, 'k', 'koordinator', 'K', 'Budi', '', 'Jawa Barat', '', '', 901), (902, 1, 'l', 'koordinator', 'L', 'Sari', '', '', '', '', 902)
		on conflict do nothing`)
	f.sql(t, `
		insert into broadcasts (id, version, by, state, words, english, files, question, options, ack, ask, link, audience, count, urgent, launched, card, at)
		values (777, 1, 901, 'done', '', '', '{}', 'Kapan rapatnya?', '{Senin,=Selasa}', false, false, '', '{}', 0, '', '2026-11-23', 0, '2026-11-23')`)
	f.sql(t, fmt.Sprintf(`
		insert into persons (id, version, key, role, code, name, recipient, organisation, province, regency, wa, account)
		select 5000000000 + n, 1, 'x' || n, 'anggota', 'G', '=Orang ' || n, %d + n %% %d, '', '', '', '', 5000000000 + n from generate_series(1, %d) n`, groupID, f.groups, chats))
	f.sql(t, fmt.Sprintf(`
		insert into outbox (id, chat, class, language, key, due, state, tries, at, broadcast, marked_at, reason)
		select 6000000000 + n, 5000000000 + n, 'bulk', '', '', '2026-11-23', (array['sent', 'sent', 'sent', 'acknowledged', 'unreachable', 'failed', 'unknown', 'withdrawn', 'sent', 'sent'])[n %% 10 + 1],
			1, '2026-11-23', 777, '2026-11-23 02:30', case when n %% 10 = 5 then 'Bad Request: <x>' end
		from generate_series(1, %d) n`, chats))
	f.sql(t, `insert into polls (id, broadcast, chosen) values ('a', 777, '{1}'), ('b', 777, '{1}'), ('c', 777, '{}')`)
}

func (f *field) shelf(t testing.TB) documents.Source {
	t.Helper()
	words, err := sentences()
	if err != nil {
		t.Fatal(err)
	}
	return documents.Source{
		Tx: f.db.Begin(time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC), 0),
		Setting: dialog.Setting{
			Zone: f.zone, Words: func(l string, s store.Text) string { return words.Text(l, s.ID, s.Data) },
		},
	}
}

// The report names everybody with what became of it, counts places, and is for who sent the announcement only.
func TestCastSheet(t *testing.T) {
	f := newField(t, 3)
	f.castRows(t, 100)
	var out bytes.Buffer
	name, err := flows.MakeDocument(t.Context(), &out, f.shelf(t), store.Message{Chat: 901, Paper: "cast:777"}, "id")
	if err != nil || name != "pengumuman-2026-11-23.xlsx" {
		t.Fatal(name, err)
	}
	book := unzipped(t, out.Bytes())
	if all := book["xl/sharedStrings.xml"] + book["xl/worksheets/sheet2.xml"]; strings.Contains(all, ">=Orang") ||
		!strings.Contains(all, "=Orang 7<") || !strings.Contains(all, "Bad Request: &lt;x&gt;") {
		t.Error("somebody's words are missing, or a formula")
	}
	sheets := map[string]int{}
	for i, sheet := range regexp.MustCompile(`<sheet [^>]*name="([^"]+)"`).FindAllStringSubmatch(book["xl/workbook.xml"], -1) {
		sheets[sheet[1]] = strings.Count(book[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)], "<row ")
	}
	if sheets["Penerima"] != 101 || sheets["Jawaban"] != 3 || sheets["Wilayah"] < 2 {
		t.Errorf("rows: %v", sheets)
	}
	for word, want := range map[string]int{"Terkirim": 50, "Sudah paham": 10, "Belum pasti": 10} {
		if got := strings.Count(book["xl/worksheets/sheet2.xml"], ">"+word+"<"); got != want {
			t.Errorf("%s: %d people, want %d", word, got, want)
		}
	}
	for _, m := range []store.Message{
		{Chat: 902, Paper: "cast:777"}, {Chat: 901, Paper: "cast:778"}, {Chat: 901, Paper: "cast:"},
	} {
		if _, err := flows.MakeDocument(t.Context(), &out, f.shelf(t), m, "id"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s for %d: %v", m.Paper, m.Chat, err)
		}
	}
}

// BenchmarkCastSheet makes the report of an announcement to 110,000.
func BenchmarkCastSheet(b *testing.B) {
	f := newField(b, 1100)
	f.castRows(b, 110_000)
	peak := heap(b)
	for b.Loop() {
		var out bytes.Buffer
		if _, err := flows.MakeDocument(b.Context(), &out, f.shelf(b), store.Message{Chat: 901, Paper: "cast:777"},
			"id"); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Len())/(1<<20), "MiB")
	}
	b.ReportMetric(float64(peak())/(1<<20), "MiB-heap")
}
