package app_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/internal/app"
	"pendamping/store/embedded/testdb"
)

// settings are whole but for the database; telegram answers.
func settings(t *testing.T, database string) app.Settings {
	server := httptest.NewServer(faketelegram.New("1:a"))
	t.Cleanup(server.Close)
	return app.Settings{
		Token: "1:a", API: server.URL, Database: database, Redis: testdb.Redis(t), Zone: "Asia/Jakarta", Media: t.TempDir(),
	}
}

func isEmpty(t *testing.T, database string) bool {
	var empty bool
	err := testdb.Connect(t, database).QueryRow(t.Context(), `select not exists (
		select from pg_class where relnamespace = 'public'::regnamespace)`).Scan(&empty)
	if err != nil {
		t.Fatal(err)
	}
	return empty
}

func doctor(t *testing.T, s app.Settings) (bool, string) {
	var out strings.Builder
	well := app.Doctor(t.Context(), s, box, time.Now(), &out)
	return well, out.String()
}

// What MIGRATE_DATABASE_URL says is looked at before anything is migrated, by the commands in one line and by the doctor.
func TestMigrateURLIsChecked(t *testing.T) {
	database, other := testdb.Database(t, nil), testdb.Database(t, nil)
	s := settings(t, database)
	for migrate, want := range map[string]string{
		other: "MIGRATE_DATABASE_URL is another database than DATABASE_URL",
		strings.Replace(database, "/test_", "/none_", 1): "MIGRATE_DATABASE_URL: PostgreSQL does not answer",
	} {
		s.Migrate = migrate
		db, err := app.OpenRecords(t.Context(), s)
		if err == nil {
			db.Close()
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want one line that begins with %q, got %v", want, err)
		}
		if !isEmpty(t, database) || !isEmpty(t, other) {
			t.Errorf("%q: a database was migrated", want)
		}
		if well, said := doctor(t, s); well || !strings.Contains(said, "fail  migrating user") {
			t.Errorf("the doctor overlooks that %q:\n%s", want, said)
		}
	}
	s.Migrate = database
	db, err := app.OpenRecords(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if well, said := doctor(t, s); !well || !strings.Contains(said, "ok    migrating user") {
		t.Errorf("the doctor finds:\n%s", said)
	}
}

// TestDoctorOnEmptyDatabase runs it as README.md has it: before anything has made the schema.
func TestDoctorOnEmptyDatabase(t *testing.T) {
	database := testdb.Database(t, nil)
	s := settings(t, database)
	stranger := testdb.Login(t, database)
	for name, two := range map[string][2]string{"one user": {database, ""}, "two users": {stranger, database}} {
		s.Database, s.Migrate = two[0], two[1]
		if well, said := doctor(t, s); !well || !strings.Contains(said, "ok    schema: empty; import or serve makes it\n") {
			t.Errorf("%s: the doctor finds:\n%s", name, said)
		}
		if !isEmpty(t, database) {
			t.Fatalf("%s: the doctor made tables", name)
		}
	}
	s.Database, s.Migrate = stranger, ""
	well, said := doctor(t, s)
	if well || !strings.Contains(said, "fail  schema: empty") || !strings.Contains(said, "Set MIGRATE_DATABASE_URL") {
		t.Errorf("nobody can make the schema, and the doctor says:\n%s", said)
	}
}

// TestDoctorOnOlderSchema runs it with a newer program than the one that migrated the database.
func TestDoctorOnOlderSchema(t *testing.T) {
	database := testdb.Database(t, migrate)
	s := settings(t, database)
	_, err := testdb.Connect(t, database).Exec(t.Context(), `
		delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)`)
	if err != nil {
		t.Fatal(err)
	}
	well, said := doctor(t, s)
	want := "ok    schema: older than this program; serve brings it up to date (back the database up before)\n"
	if !well || !strings.Contains(said, want) {
		t.Errorf("want %q, the doctor finds:\n%s", want, said)
	}
	s.Database, s.Migrate = testdb.Login(t, database), ""
	if _, err := testdb.Connect(t, database).Exec(t.Context(), `grant select on goose_db_version to public`); err != nil {
		t.Fatal(err)
	}
	well, said = doctor(t, s)
	if well || !strings.Contains(said, "fail  schema: older than this program, and ") || !strings.Contains(said, "Set MIGRATE_DATABASE_URL") {
		t.Errorf("nobody can bring the schema up to date, and the doctor says:\n%s", said)
	}
}

// TestTablesOfAnotherUser is a database that one user made, with new users in the settings.
func TestTablesOfAnotherUser(t *testing.T) {
	database := testdb.Database(t, migrate)
	s := settings(t, database)
	s.Migrate = testdb.Login(t, database)
	var owner string
	if err := testdb.Connect(t, database).QueryRow(t.Context(), `select current_user`).Scan(&owner); err != nil {
		t.Fatal(err)
	}
	_, err := app.OpenRecords(t.Context(), s)
	if err == nil {
		err = errors.New("it is opened")
	}
	want := "MIGRATE_DATABASE_URL: the tables belong to " + owner + ", and this user may not change them"
	if !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "restore") || strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line that begins with %q and says what to do, got %v", want, err)
	}
	if well, said := doctor(t, s); well || !strings.Contains(said, "does not own the tables") {
		t.Errorf("the doctor overlooks it:\n%s", said)
	}
}

// The doctor compares the webhook's address with PUBLIC_URL, and its advice can be followed.
func TestDoctorComparesWebhook(t *testing.T) {
	s := settings(t, testdb.Database(t, migrate))
	answer, err := http.PostForm(s.API+"/bot1:a/setWebhook", url.Values{"url": {"https://bot.example.id/telegram"}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	for _, c := range []struct{ public, says string }{
		{"", "PUBLIC_URL is not set here"},
		{"https://lain.example.id", "https://bot.example.id/telegram is set at Telegram, but PUBLIC_URL wants https://lain.example.id/telegram"},
		{"https://bot.example.id/", "ok    webhook"},
	} {
		s.PublicURL = c.public
		if _, said := doctor(t, s); !strings.Contains(said, c.says) || strings.Contains(said, "Start `pendamping serve` again") {
			t.Errorf("PUBLIC_URL=%s: want %q, and the doctor says:\n%s", c.public, c.says, said)
		}
	}
}
