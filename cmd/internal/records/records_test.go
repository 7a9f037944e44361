package records_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/doctor"
	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/records"
	"pendamping/store/embedded/testdb"
)

// What MIGRATE_DATABASE_URL says is looked at before anything is migrated, by the commands in one line and by the
// doctor.
func TestMigrateURLIsChecked(t *testing.T) {
	database, other := testdb.Database(t, nil), testdb.Database(t, nil)
	s := officetest.Settings(t, database)
	for migrate, want := range map[string]string{
		other: "MIGRATE_DATABASE_URL is another database than DATABASE_URL",
		strings.Replace(database, "/test_", "/none_", 1): "MIGRATE_DATABASE_URL: PostgreSQL does not answer",
	} {
		s.Migrate = migrate
		db, err := records.Open(t.Context(), s)
		if err == nil {
			db.Close()
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want one line that begins with %q, got %v", want, err)
		}
		if !officetest.Empty(t, database) || !officetest.Empty(t, other) {
			t.Errorf("%q: a database was migrated", want)
		}
		if well, said := officetest.Doctor(t, s); well || !strings.Contains(said, "fail  migrating user") {
			t.Errorf("the doctor overlooks that %q:\n%s", want, said)
		}
	}
	s.Migrate = database
	db, err := records.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if well, said := officetest.Doctor(t, s); !well || !strings.Contains(said, "ok    migrating user") {
		t.Errorf("the doctor finds:\n%s", said)
	}
}

// TestTablesOfAnotherUser is a database that one user made, with new users in the settings.
func TestTablesOfAnotherUser(t *testing.T) {
	database := testdb.Database(t, officetest.Migrate)
	s := officetest.Settings(t, database)
	s.Migrate = testdb.Login(t, database)
	var owner string
	if err := testdb.Connect(t, database).QueryRow(t.Context(), `select current_user`).Scan(&owner); err != nil {
		t.Fatal(err)
	}
	_, err := records.Open(t.Context(), s)
	if err == nil {
		err = errors.New("it is opened")
	}
	want := "MIGRATE_DATABASE_URL: the tables belong to " + owner + ", and this user may not change them"
	if !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "restore") ||
		strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line that begins with %q and says what to do, got %v", want, err)
	}
	if well, said := officetest.Doctor(t, s); well || !strings.Contains(said, "does not own the tables") {
		t.Errorf("the doctor overlooks it:\n%s", said)
	}
}

// A schema that a newer program made is left alone, and so is its data.
func TestNewerSchemaIsRefused(t *testing.T) {
	s := officetest.Settings(t, testdb.Database(t, officetest.Migrate))
	conn := testdb.Connect(t, s.Database)
	if _,
		err := conn.Exec(t.Context(),
		`insert into goose_db_version (version_id, is_applied) values (9999, true)`); err != nil {
		t.Fatal(err)
	}
	_, err := records.Open(t.Context(), s)
	if err == nil || !strings.Contains(err.Error(), "newer") || strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line that says the schema is newer, got %v", err)
	}
	var out strings.Builder
	if doctor.Examine(t.Context(), s, officetest.Box, time.Now(), &out) ||
		!strings.Contains(out.String(), "fail  schema") {
		t.Errorf("the doctor overlooks it:\n%s", out.String())
	}
}
