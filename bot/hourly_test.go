package bot_test

import (
	"context"
	"testing"

	"pendamping/store/embedded/testdb"
)

// A root dated in the future that somebody put into the database holds up no hour's root, and the log reports it.
func TestRootAheadIsLogged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := testdb.Connect(t, h.Postgres).Exec(context.Background(),
		`insert into roots (name, body, hash) values ('9999-12-31T23', '', sha256(''))`)
	h.ok(err)
	h.start()
	h.until("the root and the warning are logged", func() bool {
		return h.logged(`"root of the audit trail"`) == 1 && h.logged(`"hour":"9999-12-31T23"`) == 1
	})
}
