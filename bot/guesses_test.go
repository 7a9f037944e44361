package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pendamping/store/embedded/testdb"
)

// Wrong codes of many accounts are counted, and the log says once an episode that there are unusually many.
func TestManyWrongCodesAreLogged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.start()
	conn := testdb.Connect(t, h.Postgres)
	guessed := func(n int) {
		t.Helper()
		_,
			err := conn.Exec(t.Context(),
			`insert into guesses (account, at) select 5000 + n, $2 from generate_series(1, $1::int) n`, n, time.Now())
		h.ok(err)
	}
	sent := 0
	wrong := func(what string, warned int) {
		t.Helper()
		sent++
		h.telegram.User(int64(3000+sent), "Orang-Rahasia-Penebak").Send(fmt.Sprintf("/start tebakan-%d", sent))
		counted := fmt.Sprintf("pendamping_invite_guesses_total %d\n", sent)
		h.until(what+" is counted", func() bool {
			_, body := a.get("/metrics")
			return strings.Contains(body,
				counted)
		})
		h.settle()
		if n := h.logged("unusually many wrong invitation codes"); n != warned {
			t.Errorf("%s: %d warnings, want %d", what, n, warned)
		}
	}
	guessed(98)
	wrong("the 99th of an hour", 0)
	wrong("the 100th", 1)
	wrong("the 101st", 1)
	_, err := conn.Exec(t.Context(), `delete from guesses`)
	h.ok(err)
	wrong("the first of another hour", 1)
	guessed(100)
	wrong("a second episode", 2)
}
