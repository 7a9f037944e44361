package app_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/internal/app"
	"pendamping/store"
	"pendamping/store/embedded"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// Each bad setting is one line that names it and says what to do.
func TestSettings(t *testing.T) {
	good := app.Settings{
		Token: "1:a", API: "https://api.example", Database: "postgres://u@h/d", Redis: "redis://h:6379/0", Zone: "Asia/Jakarta", Rate: 28,
	}
	all := []string{"TELEGRAM_TOKEN", "DATABASE_URL", "REDIS_URL"}
	if err := good.Need(all...); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*app.Settings){
		"TELEGRAM_TOKEN is not set":              func(s *app.Settings) { s.Token = "" },
		"TELEGRAM_TOKEN does not look":           func(s *app.Settings) { s.Token = "abc" },
		"DATABASE_URL is not set":                func(s *app.Settings) { s.Database = "" },
		"DATABASE_URL is not an address":         func(s *app.Settings) { s.Database = "x" },
		"REDIS_URL is not set":                   func(s *app.Settings) { s.Redis = "" },
		"TELEGRAM_API_URL is not an https":       func(s *app.Settings) { s.API = "api" },
		"TELEGRAM_API_URL is not an https addre": func(s *app.Settings) { s.API = "http://192.0.2.1" },
		"TELEGRAM_API_URL is not an https a":     func(s *app.Settings) { s.API = "http://localhost.example.id:8081" },
		"SEND_RATE is not a number from 0":       func(s *app.Settings) { s.Rate = -1 },
		"SEND_RATE is not a number":              func(s *app.Settings) { s.Rate = math.NaN() },
		"SEND_RATE is above 30":                  func(s *app.Settings) { s.Rate = 30.5 },
		"TZ_DEFAULT is not a time zone":          func(s *app.Settings) { s.Zone = "WIB" },
		"TZ_DEFAULT is not a time zone: give":    func(s *app.Settings) { s.Zone = "Local" },
		"LISTEN_ADDR is not an address":          func(s *app.Settings) { s.Listen = "nonsense" },
		"LISTEN_ADDR is not an address with a p": func(s *app.Settings) { s.Listen = "127.0.0.1:http!" },
		"PUBLIC_URL has more than an address":    func(s *app.Settings) { s.PublicURL = "https://bot.example.id/?a=1" },
		"PUBLIC_URL has more than an address in": func(s *app.Settings) { s.PublicURL = "https://bot.example.id/#a" },
		"PUBLIC_URL is not an https address (p":  func(s *app.Settings) { s.PublicURL = "http://bot.example.id" },
	} {
		s := good
		spoil(&s)
		err := s.Need(all...)
		if err == nil || !strings.HasPrefix(err.Error(), name) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want one line that begins with %q, got %v", name, err)
		}
	}
	for _, rate := range []float64{0, 30} {
		s := good
		if s.Rate = rate; s.Need(all...) != nil {
			t.Errorf("SEND_RATE=%v: %v", rate, s.Need(all...))
		}
	}
	paid := good
	paid.Rate, paid.Paid = 560, true
	if err := paid.Need(all...); err != nil {
		t.Errorf("paid: %v", err)
	}
	good.PublicURL, good.API = "http://127.0.0.1:8080", "http://[::1]:8081"
	if err := good.Need(all...); err != nil {
		t.Errorf("plain http on loopback: %v", err)
	}
}

// The operator's commands on real servers: all is well, then one row is changed behind the bot's back.
func TestDoctorAndVerify(t *testing.T) {
	tg := faketelegram.New("1:a")
	server := httptest.NewServer(tg)
	t.Cleanup(server.Close)
	s := app.Settings{
		Token: "1:a", API: server.URL, Database: testdb.Database(t, migrate), Redis: testdb.Redis(t), Zone: "Asia/Jakarta", Media: t.TempDir(),
	}
	db, err := app.OpenRecords(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	var out strings.Builder
	in := app.Files{Box: box, Roster: "testdata/roster-good.csv", Notice: "2026-11"}
	if err := app.Import(t.Context(), db.Begin(noon, 0), in, &out); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if !app.Doctor(t.Context(), s, box, time.Now(), &out) {
		t.Errorf("the doctor finds:\n%s", out.String())
	}
	bad := s
	bad.Token, bad.Redis = "2:b", "redis://127.0.0.1:1/0"
	out.Reset()
	if app.Doctor(t.Context(), bad, box, time.Now(), &out) || !strings.Contains(out.String(), "fail  token") || !strings.Contains(out.String(), "fail  redis") {
		t.Errorf("the doctor overlooks:\n%s", out.String())
	}

	who := []string{"koordinator", "KOOR-1", "Dewi Lestari"}
	if err := app.Erase(t.Context(), s, noon, who, &out); err != nil {
		t.Fatal(err)
	}
	for _, nobody := range [][]string{who, {"x", "y", "z"}, {"x"}, nil} {
		if err := app.Erase(t.Context(), s, noon, nobody, &out); err == nil {
			t.Errorf("%q was erased", nobody)
		}
	}

	out.Reset()
	if err := app.Root(t.Context(), s, noon, &out); err != nil {
		t.Fatal(err)
	}
	roots := filepath.Join(t.TempDir(), "roots.txt")
	write := func(text string) {
		if err := os.WriteFile(roots, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# kept elsewhere\n" + out.String())
	verify := func() (bool, string) {
		var out strings.Builder
		whole, err := app.Verify(t.Context(), s, box, roots, false, verifiedAt, &out)
		if err != nil {
			t.Fatal(err)
		}
		return whole, out.String()
	}
	if whole, said := verify(); !whole || !strings.Contains(said, "values were erased:\n") || !strings.Contains(said, "(person.erased, 2026-") {
		t.Errorf("whole is %v, and verify says: %s", whole, said)
	}
	kept := strings.Fields(out.String())
	write(kept[0] + " " + strings.Repeat("0", 64) + "\n")
	if whole, said := verify(); whole || !strings.Contains(said, "BROKEN") {
		t.Errorf("another root was not noticed: %s", said)
	}
	write("yesterday\n")
	if _, err := app.Verify(t.Context(), s, box, roots, false, verifiedAt, &out); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a line that is no root: %v", err)
	}
	if _, err := testdb.Connect(t, s.Database).Exec(t.Context(), `insert into roots values ('9999-12-31T23', '', sha256(''))`); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if app.Doctor(t.Context(), s, box, time.Now(), &out) || !strings.Contains(out.String(), "fail  roots: the root of 9999-12-31T23 is dated in the future") {
		t.Errorf("the doctor overlooks a root of the year 9999:\n%s", out.String())
	}
}

// A schema that a newer program made is left alone, and so is its data.
func TestNewerSchemaIsRefused(t *testing.T) {
	s := app.Settings{Token: "1:a", API: "http://127.0.0.1:1", Redis: "redis://h", Database: testdb.Database(t, migrate), Zone: "Asia/Jakarta"}
	conn := testdb.Connect(t, s.Database)
	if _, err := conn.Exec(t.Context(), `insert into goose_db_version (version_id, is_applied) values (9999, true)`); err != nil {
		t.Fatal(err)
	}
	_, err := app.OpenRecords(t.Context(), s)
	if err == nil || !strings.Contains(err.Error(), "newer") || strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line that says the schema is newer, got %v", err)
	}
	var out strings.Builder
	if app.Doctor(t.Context(), s, box, time.Now(), &out) || !strings.Contains(out.String(), "fail  schema") {
		t.Errorf("the doctor overlooks it:\n%s", out.String())
	}
}

// Every check says that a Redis Cluster is well, and every conversation would fail on it.
func TestRedisClusterIsRefused(t *testing.T) {
	cluster, err := embedded.StartRedis(t.Context(), embedded.Options{Throwaway: true, Cluster: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Stop)
	server := httptest.NewServer(faketelegram.New("2:b")) // the wrong token ends Serve where the cluster does not
	t.Cleanup(server.Close)
	s := app.Settings{Token: "1:a", API: server.URL, Redis: cluster.URL, Database: testdb.Database(t, migrate), Zone: "Asia/Jakarta"}
	err = app.Serve(t.Context(), s, box, time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.HasPrefix(err.Error(), "REDIS_URL: it is a Redis Cluster") || strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line that names the cluster, got %v", err)
	}
	var out strings.Builder
	if app.Doctor(t.Context(), s, box, time.Now(), &out) || !strings.Contains(out.String(), "fail  redis: it is a Redis Cluster") {
		t.Errorf("the doctor overlooks it:\n%s", out.String())
	}
}

// A Redis that answers and takes nothing, as a replica does, is not well.
func TestReadOnlyRedisIsRefused(t *testing.T) {
	replica, err := embedded.StartRedis(t.Context(), embedded.Options{Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(replica.Stop)
	u, err := url.Parse(replica.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "REPLICAOF 127.0.0.1 1\r\n")
	if said, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(said, "+OK") {
		t.Fatalf("it is no replica: %q, %v", said, err)
	}
	s := app.Settings{Token: "1:a", API: "http://127.0.0.1:1", Redis: replica.URL, Database: testdb.Database(t, migrate), Zone: "Asia/Jakarta"}
	err = app.Serve(t.Context(), s, box, time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.HasPrefix(err.Error(), "REDIS_URL: ") ||
		!strings.Contains(err.Error(), "read only replica") || strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line that names the replica, got %v", err)
	}
	var out strings.Builder
	if app.Doctor(t.Context(), s, box, time.Now(), &out) || !strings.Contains(out.String(), "fail  redis: ") {
		t.Errorf("the doctor overlooks it:\n%s", out.String())
	}
}

// cmd/README.md's table of a programme's rules has the keys that are read, each once, and what each part of a list is made of.
func TestRulesAreInTheReadme(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(b), "| key of the rules |")
	section, _, _ = strings.Cut(section, "\n\n")
	rows := map[string]string{"code": "", "version": ""}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[store.Rules]()) {
		key := f.Tag.Get("toml")
		rows[key] = ""
		if f.Type.Kind() != reflect.Slice || f.Type.Elem().Kind() != reflect.Struct {
			continue
		}
		for _, part := range reflect.VisibleFields(f.Type.Elem()) {
			rows[key] += " `" + part.Tag.Get("toml") + "`"
		}
	}
	for key, parts := range rows {
		_, row, found := strings.Cut(section, "\n| `"+key+"` | ")
		row, _, _ = strings.Cut(row, "\n")
		if !found {
			t.Errorf("cmd/README.md lacks the key %s", key)
		}
		for _, part := range strings.Fields(parts) {
			if !strings.Contains(row, part) {
				t.Errorf("cmd/README.md does not say what %s has: %s", key, part)
			}
		}
	}
	if got := strings.Count(section, "\n| `"); got != len(rows) {
		t.Errorf("cmd/README.md has %d keys, want %d", got, len(rows))
	}
}

// store/README.md's table of what verify says nothing about is that of the code.
func TestGapsAreInTheReadme(t *testing.T) {
	b, err := os.ReadFile("../../../store/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range postgres.Gaps() {
		name := g.Table
		if g.Column != "" {
			name += "." + g.Column
		}
		if line := "| `" + name + "` | " + g.Why; !strings.Contains(string(b), line) {
			t.Errorf("store/README.md lacks the line %q", line)
		}
	}
	if got, want := strings.Count(string(b), "\n| `"), len(postgres.Gaps()); got < want {
		t.Errorf("store/README.md has %d lines for %d gaps", got, want)
	}
}
