package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/bot/telegram"
	"pendamping/flows"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
	"pendamping/store/postgres"
	"pendamping/store/redis"
)

// sentences are loaded once for all tests, because that takes a fifth of a second.
var sentences = sync.OnceValues(locales.Load)

const token = "4242:kunci-rahasia"

// inviteKey is the key of invitations in all processes of a test.
var inviteKey = []byte("kunci undangan")

// patient is how long a test waits for something that must happen.
const patient = 5 * time.Minute

// house is what the processes of one test share: Telegram, the records, sessions, pictures, and the log.
type house struct {
	t        testing.TB
	telegram *faketelegram.Server
	addresses
	db    *postgres.DB // the test's own view
	words *locales.Locales
	log   *lines
	seen  func(method string, params map[string]string) // sees each call of the Bot API before it is carried out
}

// addresses are all that a process needs to know.
type addresses struct {
	Telegram, Postgres, Redis, Media string

	warm   *sessions     // of earlier tests, to open Postgres with; nil opens new ones
	grace  time.Duration // for processes to come back; 0 for the default
	Frozen time.Duration // until a frozen process is taken over from; 0 for the default
}

// few limits a process's connections in tests, because opening one costs more than all its queries. Each plans a
// statement once, because planning costs more than running it on a few rows.
const few = "&pool_max_conns=4&plan_cache_mode=force_generic_plan"

func newHouse(t testing.TB) *house {
	t.Helper()
	warm, url := houses.Take(t)
	return newHouseAt(t, addresses{Postgres: url, Redis: testdb.Redis(t), warm: warm})
}

func newHouseOn(t testing.TB, postgresURL, redisURL string) *house {
	t.Helper()
	return newHouseAt(t, addresses{Postgres: postgresURL, Redis: redisURL})
}

func newHouseAt(t testing.TB, a addresses) *house {
	t.Helper()
	h := &house{t: t, telegram: faketelegram.New(token), log: &lines{}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.seen != nil {
			_ = r.ParseForm()
			params := map[string]string{}
			for name := range r.Form {
				params[name] = r.Form.Get(name)
			}
			r.Body = http.NoBody
			if len(r.PostForm) > 0 {
				r.Body = readCloser{strings.NewReader(r.PostForm.Encode())}
			}
			h.seen(path.Base(r.URL.Path), params)
		}
		h.telegram.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	t.Cleanup(h.telegram.Close)
	h.addresses = a
	h.Telegram, h.Media = front.URL, t.TempDir()
	var err error
	h.db, err = h.records(t.Context())
	h.ok(err)
	t.Cleanup(func() { h.leave(h.db) })
	h.words, err = sentences()
	h.ok(err)
	t.Cleanup(h.quiet)
	return h
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

func (h *house) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// until waits for something that no event announces.
func (h *house) until(what string, is func() bool) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			h.t.Fatalf("%s: not so after %v\n%s", what, patient, h.log)
		}
	}
}

// settle waits until everything sent to the bot is handled and everything it has to say is said.
func (h *house) settle() {
	h.t.Helper()
	h.until("the bot comes to rest", func() bool {
		ctx := context.Background()
		if h.telegram.Pending() > 0 {
			return false
		}
		if n, err := h.db.Waiting(ctx); err != nil || n > 0 {
			return false
		}
		backlog, err := h.db.Backlog(ctx, time.Now().Add(5*time.Second))
		return err == nil && backlog[store.Queued] == 0
	})
}

// process is a running bot. Like a service it is restarted when it lost its place among the others.
type process struct {
	house  *house
	cancel context.CancelFunc
	done   chan struct{}
	err    error
	once   sync.Once

	mu   sync.Mutex
	bot  *bot.Bot
	self *postgres.Process
}

// start runs a bot as a process of its own, and stops it when the test ends.
func (h *house) start(change ...func(*bot.Config)) *process {
	h.t.Helper()
	p := &process{house: h, done: make(chan struct{})}
	var ctx context.Context
	ctx, p.cancel = context.WithCancel(context.Background())
	parts, err := h.addresses.open(ctx)
	h.ok(err)
	var next *postgres.Process
	join := func() (err error) {
		self := next
		if next = nil; self == nil {
			if self, err = parts.db.Join(ctx, time.Now()); err != nil {
				return err
			}
		}
		c := parts.config(h.words, slog.New(slog.NewJSONHandler(h.log, nil)), self)
		c.Join = func(ctx context.Context) (err error) { next, err = parts.db.Join(ctx, time.Now()); return err }
		for _, f := range change {
			f(&c)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.bot, p.self = bot.New(c), self
		return nil
	}
	h.ok(join())
	go func() {
		defer close(p.done)
		defer parts.close()
		for {
			p.err = p.bot.Run(ctx)
			p.self.Close()
			if !errors.Is(p.err, bot.ErrLost) {
				if next != nil {
					next.Close()
				}
				return
			}
			for join() != nil {
				if p.err = nil; ctx.Err() != nil {
					return
				}
			}
		}
	}()
	h.t.Cleanup(p.stop)
	return p
}

// handler returns what the process serves over HTTP.
func (p *process) handler() http.Handler {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bot.Handler()
}

// stop ends the process as SIGTERM does.
func (p *process) stop() {
	p.once.Do(func() {
		p.cancel()
		select {
		case <-p.done:
		case <-time.After(patient):
			var stacks strings.Builder
			_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
			p.house.t.Fatalf("the bot does not stop:\n%s", &stacks)
		}
		if p.err != nil {
			p.house.t.Errorf("the bot stopped with %v", p.err)
		}
	})
}

// parts are one process's connections.
type parts struct {
	addresses
	db       *postgres.DB
	cache    *redis.DB
	pictures *media.Dir
	telegram *telegram.Client
}

// records opens the records, with the sessions of a test before where there are any; they go to leave.
func (a addresses) records(ctx context.Context) (db *postgres.DB, err error) {
	if db = a.warm.take(); db == nil {
		db, err = postgres.Open(ctx, a.Postgres+few)
	}
	if err == nil {
		db.UseInviteKey(inviteKey)
	}
	return db, err
}

// leave closes the records, or keeps their sessions for whoever opens them next.
func (a addresses) leave(db *postgres.DB) {
	if a.warm == nil {
		db.Close()
		return
	}
	a.warm.leave(db)
}

func (a addresses) open(ctx context.Context) (parts, error) {
	p := parts{addresses: a, telegram: telegram.New(a.Telegram, token)}
	var err error
	if p.db, err = a.records(ctx); err != nil {
		return p, err
	}
	if a.grace > 0 {
		p.db.RejoinGrace = a.grace
	}
	if a.Frozen > 0 {
		p.db.FrozenAfter = a.Frozen
	}
	if p.cache, err = redis.Open(ctx, a.Redis); err != nil {
		return p, err
	}
	p.pictures, err = media.Open(a.Media)
	return p, err
}

func (p parts) close() {
	p.telegram.Close()
	p.cache.Close()
	p.leave(p.db)
}

func (p parts) config(words *locales.Locales, log *slog.Logger, self bot.Process) bot.Config {
	return bot.Config{
		Telegram: p.telegram, Name: "fake_bot", Records: p.db,
		Begin:   func(at time.Time, update int64) bot.Tx { return p.db.Begin(at, update) },
		Process: self, Leases: p.cache, Limiter: p.cache, Media: p.pictures, Make: flows.MakeDocument, Locales: words,
		Zone: time.UTC, Log: log, ScheduleCheck: -1,
	}
}

// lines is what was logged.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// quiet checks that the log names nobody, repeats nobody's words and doesn't contain the token.
func (h *house) quiet() {
	said := h.log.String()
	for line := range strings.Lines(said) {
		if !json.Valid([]byte(line)) {
			h.t.Errorf("logged something else than JSON: %s", line)
		}
	}
	for _, s := range h.secrets() {
		if strings.Contains(said, s) {
			h.t.Errorf("the log contains %q", s)
		}
	}
}

// secrets returns the token, people's names and their words.
func (h *house) secrets() []string {
	secrets := []string{token, "kunci-rahasia"}
	for _, chat := range h.telegram.Chats() {
		secrets = append(secrets, chat.Title)
		for _, m := range h.telegram.Messages(chat.ID) {
			if !m.FromBot && len(m.Text+m.Caption) > 3 {
				secrets = append(secrets, m.Text+m.Caption)
			}
		}
	}
	return secrets
}
