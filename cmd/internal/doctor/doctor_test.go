package doctor_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/doctor"
	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/privacy"
	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/roster"
	"pendamping/cmd/internal/settings"
	"pendamping/store/embedded/testdb"
)

// The operator's commands on real servers: all is well, then one row is changed behind the bot's back.
func TestDoctorAndVerify(t *testing.T) {
	s := officetest.Settings(t, testdb.Database(t, officetest.Migrate))
	db, err := records.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	var out strings.Builder
	in := roster.Files{Box: officetest.Box, Roster: "../roster/testdata/roster-good.csv", Notice: "2026-11"}
	if err := roster.Import(t.Context(), db.Begin(officetest.Noon, 0), in, &out); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if !doctor.Examine(t.Context(), s, officetest.Box, time.Now(), &out) {
		t.Errorf("the doctor finds:\n%s", out.String())
	}
	bad := s
	bad.Token, bad.Redis = "2:b", "redis://127.0.0.1:1/0"
	out.Reset()
	if doctor.Examine(t.Context(), bad, officetest.Box, time.Now(), &out) ||
		!strings.Contains(out.String(), "fail  token") || !strings.Contains(out.String(), "fail  redis") {
		t.Errorf("the doctor overlooks:\n%s", out.String())
	}

	who := []string{"koordinator", "KOOR-1", "Dewi Lestari"}
	if err := privacy.Erase(t.Context(), s, officetest.Noon, who, &out); err != nil {
		t.Fatal(err)
	}
	for _, nobody := range [][]string{who, {"x", "y", "z"}, {"x"}, nil} {
		if err := privacy.Erase(t.Context(), s, officetest.Noon, nobody, &out); err == nil {
			t.Errorf("%q was erased", nobody)
		}
	}

	out.Reset()
	if err := audit.Root(t.Context(), s, officetest.Noon, &out); err != nil {
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
		whole, err := audit.Verify(t.Context(), s, officetest.Box, roots, false, officetest.VerifiedAt, &out)
		if err != nil {
			t.Fatal(err)
		}
		return whole, out.String()
	}
	if whole, said := verify(); !whole || !strings.Contains(said, "values were erased:\n") ||
		!strings.Contains(said, "(person.erased, 2026-") {
		t.Errorf("whole is %v, and verify says: %s", whole, said)
	}
	kept := strings.Fields(out.String())
	write(kept[0] + " " + strings.Repeat("0", 64) + "\n")
	if whole, said := verify(); whole || !strings.Contains(said, "BROKEN") {
		t.Errorf("another root was not noticed: %s", said)
	}
	write("yesterday\n")
	if _, err := audit.Verify(t.Context(), s, officetest.Box, roots, false, officetest.VerifiedAt, &out); err == nil ||
		!strings.Contains(err.Error(), "line 1") {
		t.Errorf("a line that is no root: %v", err)
	}
	if _, err := testdb.Connect(t, s.Database).Exec(t.Context(),
		`insert into roots values ('9999-12-31T23', '', sha256(''))`); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if doctor.Examine(t.Context(), s, officetest.Box, time.Now(), &out) ||
		!strings.Contains(out.String(), "fail  roots: the root of 9999-12-31T23 is dated in the future") {
		t.Errorf("the doctor overlooks a root of the year 9999:\n%s", out.String())
	}
}

// TestDoctorNamesEverySetting holds that all settings that are missing or wrong are named in one run, each in a line
// of its own, and that what is not set is asked nothing.
func TestDoctorNamesEverySetting(t *testing.T) {
	s := settings.Settings{API: "http://127.0.0.1:1", Zone: "WIB", Rate: 99, Media: t.TempDir()}
	well, said := officetest.Doctor(t, s)
	for _, want := range []string{
		"TELEGRAM_TOKEN is not set", "DATABASE_URL is not set", "REDIS_URL is not set",
		"SEND_RATE is above 30", "TZ_DEFAULT is not a time zone",
	} {
		if well || strings.Count(said, "fail  settings: "+want) != 1 {
			t.Errorf("well is %v, and %q is not said once:\n%s", well, want, said)
		}
	}
	for _, line := range []string{"fail  token", "fail  postgres", "fail  redis", "ok    settings"} {
		if strings.Contains(said, line) {
			t.Errorf("%q is said of what is not set:\n%s", line, said)
		}
	}
}

// TestDoctorOnEmptyDatabase runs it as README.md has it: before anything has made the schema.
func TestDoctorOnEmptyDatabase(t *testing.T) {
	database := testdb.Database(t, nil)
	s := officetest.Settings(t, database)
	stranger := testdb.Login(t, database)
	for name, two := range map[string][2]string{"one user": {database, ""}, "two users": {stranger, database}} {
		s.Database, s.Migrate = two[0], two[1]
		if well, said := officetest.Doctor(t, s); !well ||
			!strings.Contains(said, "ok    schema: empty; import or serve makes it\n") {
			t.Errorf("%s: the doctor finds:\n%s", name, said)
		}
		if !officetest.Empty(t, database) {
			t.Fatalf("%s: the doctor made tables", name)
		}
	}
	s.Database, s.Migrate = stranger, ""
	well, said := officetest.Doctor(t, s)
	if well || !strings.Contains(said, "fail  schema: empty") || !strings.Contains(said, "Set MIGRATE_DATABASE_URL") {
		t.Errorf("nobody can make the schema, and the doctor says:\n%s", said)
	}
}

// TestDoctorOnOlderSchema runs it with a newer program than the one that migrated the database, which may know one more
// migration with a lower number than the newest.
func TestDoctorOnOlderSchema(t *testing.T) {
	for _, below := range []int{0, 1} {
		t.Run(strconv.Itoa(below), func(t *testing.T) { doctorOnOlderSchema(t, below) })
	}
}

func doctorOnOlderSchema(t *testing.T, below int) {
	database := testdb.Database(t, officetest.Migrate)
	s := officetest.Settings(t, database)
	_, err := testdb.Connect(t, database).Exec(t.Context(), `
		delete from goose_db_version where version_id = (
			select version_id from goose_db_version order by version_id desc limit 1 offset $1)`, below)
	if err != nil {
		t.Fatal(err)
	}
	well, said := officetest.Doctor(t, s)
	want := "ok    schema: older than this program; serve brings it up to date (back the database up before)\n"
	if !well || !strings.Contains(said, want) {
		t.Errorf("want %q, the doctor finds:\n%s", want, said)
	}
	s.Database, s.Migrate = testdb.Login(t, database), ""
	if _, err := testdb.Connect(t, database).Exec(t.Context(),
		`grant select on goose_db_version to public`); err != nil {
		t.Fatal(err)
	}
	well, said = officetest.Doctor(t, s)
	if well || !strings.Contains(said, "fail  schema: older than this program, and ") ||
		!strings.Contains(said, "Set MIGRATE_DATABASE_URL") {
		t.Errorf("nobody can bring the schema up to date, and the doctor says:\n%s", said)
	}
}

// The doctor compares the webhook's address with PUBLIC_URL, and its advice can be followed.
func TestDoctorComparesWebhook(t *testing.T) {
	s := officetest.Settings(t, testdb.Database(t, officetest.Migrate))
	answer, err := http.PostForm(s.API+"/bot1:a/setWebhook", url.Values{"url": {"https://bot.example.id/telegram"}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	for _, c := range []struct{ public, says string }{
		{"", "PUBLIC_URL is not set here"},
		{"https://lain.example.id",
			"https://bot.example.id/telegram is set at Telegram, but PUBLIC_URL wants https://lain.example.id/telegram"},
		{"https://bot.example.id/", "ok    webhook"},
	} {
		s.PublicURL = c.public
		if _, said := officetest.Doctor(t, s); !strings.Contains(said, c.says) ||
			strings.Contains(said, "Start `pendamping serve` again") {
			t.Errorf("PUBLIC_URL=%s: want %q, and the doctor says:\n%s", c.public, c.says, said)
		}
	}
}
