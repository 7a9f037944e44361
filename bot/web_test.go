package bot_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pendamping/bot/faketelegram"
	"pendamping/store/embedded/testdb"
)

// get requests a page of the process.
func (p *process) get(path string) (int, string) {
	w := httptest.NewRecorder()
	p.handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	body, _ := io.ReadAll(w.Body)
	return w.Code, string(body)
}

func TestReady(t *testing.T) {
	t.Parallel()
	records, cache := newRelay(t), newRelay(t)
	database, sessions := testdb.Database(t, migrate), testdb.Redis(t)
	h := newHouseOn(t, records.up(database), cache.up(sessions))
	a := h.start()
	people := h.owners(1)
	var fault *faketelegram.ActiveFault
	for _, c := range []struct {
		change func()
		away   []string
	}{
		{func() {}, nil},
		{cache.down, []string{"redis"}},
		{func() {
			fault = h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultHTML, Method: "*"})
			people[0].Send("anu") // ends the long poll
		}, []string{"redis", "telegram"}},
		{records.down, []string{"postgres", "redis", "telegram"}},
		{func() { cache.up(sessions); fault.Stop() }, []string{"postgres"}},
		{func() { records.up(database) }, nil},
	} {
		c.change()
		want := 200
		// no update can be made durable; without the others replies go on or wait
		if slices.Contains(c.away, "postgres") {
			want = 503
		}
		var code int
		var body string
		h.until("ready or not", func() bool {
			code, body = a.get("/readyz")
			for _, name := range []string{"postgres", "redis", "telegram"} {
				named := false
				for _, away := range c.away {
					named = named || away == name
				}
				if named != strings.Contains(body, name) {
					return false
				}
			}
			return code == want // a refused update counts for some seconds
		})
		if code, _ := a.get("/healthz"); code != 200 {
			t.Errorf("%v away: the process is said to be ill", c.away)
		}
	}
	for _, line := range []string{
		"redis is away", "redis is back", "postgres is away", "postgres is back", "telegram does not answer",
		"telegram answers again",
	} {
		h.until("it is logged: "+line, func() bool { return h.logged(line) > 0 }) // back is logged once it is steady
		if n := h.logged(line); n != 1 {
			t.Errorf("%q is logged %d times, want once", line, n)
		}
	}
}

// A loop that hangs makes the process unhealthy; an outage doesn't.
func TestHealth(t *testing.T) {
	t.Parallel()
	records, database := newRelay(t), testdb.Database(t, migrate)
	h := newHouseOn(t, records.up(database), testdb.Redis(t))
	a := h.start()
	h.until("it runs", func() bool { code, _ := a.get("/readyz"); return code == 200 })
	if code, body := a.get("/healthz"); code != 200 {
		t.Errorf("a process that is well: %d %s", code, body)
	}
	a.bot.Beat("stuck", -1)
	if code, body := a.get("/healthz"); code != 503 || body != "no: hangs: stuck\n" {
		t.Errorf("a loop that hangs: %d %s", code, body)
	}
	records.down()
	if code, body := a.get("/healthz"); code != 200 {
		t.Errorf("while postgres is away: %d %s", code, body)
	}
	records.up(database)
}

func TestMetricsNameNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.start()
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "rahasia-ini")
	p.Send("TB-Rahasia")
	h.settle()
	code, body := a.get("/metrics")
	if code != 200 || !strings.Contains(body, "pendamping_updates_received_total 2\n") {
		t.Errorf("%d: two updates are not counted in\n%s", code, body)
	}
	for line := range strings.Lines(body) {
		series := line[:max(0, strings.LastIndexByte(line, ' '))] // a value may be any number
		for _, s := range []string{"1001", "ahasia", "PRG-001", token} {
			if strings.Contains(series, s) {
				t.Errorf("the metrics contain %q: %s", s, line)
			}
		}
	}
	if code, _ := a.get("/telegram"); code != 404 && code != 405 {
		t.Errorf("without a webhook /telegram answers %d", code)
	}
}
