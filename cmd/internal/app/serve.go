package app

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"time"
	_ "time/tzdata" // the zones of Indonesia, also where the system has none

	"github.com/caarlos0/env/v11"
	"golang.org/x/net/netutil"

	"pendamping/bot"
	"pendamping/flows"
	"pendamping/flows/look"
	"pendamping/flows/paper"
	"pendamping/flows/sandbox"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/media"
	"pendamping/store/postgres"
	"pendamping/store/redis"
)

// Settings are read from the environment by main, and nowhere else.
type Settings struct {
	Token     string  `env:"TELEGRAM_TOKEN"`
	API       string  `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org"`
	Database  string  `env:"DATABASE_URL"`
	Migrate   string  `env:"MIGRATE_DATABASE_URL"`
	Redis     string  `env:"REDIS_URL"`
	Listen    string  `env:"LISTEN_ADDR" envDefault:"127.0.0.1:8080"`
	PublicURL string  `env:"PUBLIC_URL"`
	Media     string  `env:"MEDIA_URL" envDefault:"media"`
	Rate      float64 `env:"SEND_RATE" envDefault:"28"`
	Paid      bool    `env:"PAID_BROADCAST"`
	Zone      string  `env:"TZ_DEFAULT" envDefault:"Asia/Jakarta"`
	Read      bool    `env:"READ_PICTURES" envDefault:"true"`
}

// kinds is what a setting takes, in words.
var kinds = map[reflect.Kind]string{reflect.Float64: "a number", reflect.Bool: "true or false"}

// ReadSettings reads the environment.
func ReadSettings() (Settings, error) {
	s, err := env.ParseAs[Settings]()
	if err != nil {
		var one env.ParseError
		if errors.As(err, &one) {
			field, _ := reflect.TypeFor[Settings]().FieldByName(one.Name)
			return s, fmt.Errorf("%s can't be read: give it %s, or leave it unset", field.Tag.Get("env"), kinds[field.Type.Kind()])
		}
		return s, fmt.Errorf("settings: %w", err)
	}
	return s, nil
}

// freeRate is how many messages a second Telegram sends for a bot that does not pay (Bot API, "Broadcasting to users").
const freeRate = 30

// Need checks that the named settings are there and sound; the error is one line that says what to do.
func (s Settings) Need(names ...string) error {
	values := map[string]string{"TELEGRAM_TOKEN": s.Token, "DATABASE_URL": s.Database, "REDIS_URL": s.Redis}
	hints := map[string]string{
		"TELEGRAM_TOKEN": "the token that @BotFather gave you, like 123456:ABC…",
		"DATABASE_URL":   "a PostgreSQL 15 or later, like postgres://user:password@host:5432/pendamping",
		"REDIS_URL":      "a Redis 7 or later, like redis://host:6379/0",
	}
	for _, n := range names {
		if values[n] == "" {
			return fmt.Errorf("%s is not set: give it %s", n, hints[n])
		}
	}
	for _, n := range names {
		u, err := url.Parse(values[n])
		switch {
		case n == "TELEGRAM_TOKEN":
			if id, secret, ok := strings.Cut(s.Token, ":"); !ok || id == "" || secret == "" || strings.ContainsAny(s.Token, " /") {
				return fmt.Errorf("TELEGRAM_TOKEN does not look like a token: give it %s", hints[n])
			}
		case err != nil || u.Scheme == "" || u.Host == "" && u.RawQuery == "":
			return fmt.Errorf("%s is not an address: give it %s", n, hints[n])
		}
	}
	if u, err := url.Parse(s.Migrate); s.Migrate != "" && (err != nil || u.Scheme == "" || u.Host == "" && u.RawQuery == "") {
		return errors.New("MIGRATE_DATABASE_URL is not an address: give it the database of DATABASE_URL with the user who owns its tables, or leave it unset")
	}
	if u, err := url.Parse(s.API); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return errors.New("TELEGRAM_API_URL is not an address: give it a base like https://api.telegram.org, or leave it unset")
	}
	if s.Listen != "" {
		_, port, err := net.SplitHostPort(s.Listen)
		if err == nil {
			_, err = net.LookupPort("tcp", port)
		}
		if err != nil || port == "" {
			return errors.New("LISTEN_ADDR is not an address with a port: give it one like 127.0.0.1:8080, or leave it unset")
		}
	}
	if !(s.Rate >= 0) || math.IsInf(s.Rate, 1) { // NaN is neither
		return errors.New("SEND_RATE is not a number from 0: give it messages a second, or 0 for no limit")
	}
	if s.Rate > freeRate && !s.Paid {
		return fmt.Errorf("SEND_RATE is above %d, which is all that Telegram sends a second for nothing: "+
			"give it %d or less (28 meets no limit), 0 for load tests, or set PAID_BROADCAST=true, which costs Stars", freeRate, freeRate)
	}
	if _, err := time.LoadLocation(s.Zone); err != nil || strings.EqualFold(s.Zone, "local") { // local is another one on each machine
		return errors.New("TZ_DEFAULT is not a time zone: give it a name like Asia/Jakarta")
	}
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err == nil && (u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil) {
			return errors.New("PUBLIC_URL has more than an address in it: give it one like https://bot.example.id, " +
				"without a user, a query or a fragment")
		}
		if err != nil || u.Host == "" || (u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname()))) {
			return errors.New("PUBLIC_URL is not an https address (plain http is taken on loopback only): give it one like https://bot.example.id, or leave it unset")
		}
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// reader reads pictures where that can be done and is wanted; it only ever proposes.
func reader(ctx context.Context, s Settings, box *sandbox.Box) func(context.Context, io.Reader) (string, error) {
	if !s.Read || !look.CanRead(ctx) {
		return nil
	}
	return look.Reads(box)
}

// Jobs are what children of this program do: what reads strangers' bytes.
func Jobs() sandbox.Jobs {
	jobs := sandbox.Jobs{}
	for _, some := range []sandbox.Jobs{look.Jobs(), paper.Jobs(), readFileJobs()} {
		maps.Copy(jobs, some)
	}
	return jobs
}

// inspect looks at pictures in children.
func inspect(box *sandbox.Box) func(context.Context, store.File, io.Reader, bool) (flows.Seen, error) {
	at := look.In(box)
	return func(ctx context.Context, f store.File, r io.Reader, large bool) (flows.Seen, error) {
		return flows.Inspect(func(r io.Reader) (look.Look, error) { return at(ctx, r, large) }, f, r)
	}
}

// makes writes papers whose pictures children make ready.
func makes(box *sandbox.Box, db *postgres.DB, process int64) func(context.Context, io.Writer, flows.Shelf, store.Message, string) (string, error) {
	return func(ctx context.Context, w io.Writer, from flows.Shelf, m store.Message, language string) (string, error) {
		from.Ready = paper.In(box, attempts{db, process, from.Tx.Now()})
		return flows.Make(ctx, w, from, m, language)
	}
}

// attempts are those of a process at files for papers.
type attempts struct {
	db      *postgres.DB
	process int64
	now     time.Time
}

func (a attempts) Try(ctx context.Context, hashes []string) (map[string]int, error) {
	return a.db.TryDecode(ctx, a.now, a.process, "print", hashes)
}

func (a attempts) Done(ctx context.Context, hashes []string) error {
	return a.db.Decoded(ctx, "print", hashes)
}

func (a attempts) Undo(ctx context.Context, hashes []string) error {
	return a.db.UndoDecode(ctx, a.process, "print", hashes)
}

// Serve runs the bot until ctx ends, and then finishes what is in hand. box runs what reads strangers' bytes; now is the clock.
func Serve(ctx context.Context, s Settings, box *sandbox.Box, now func() time.Time, log *slog.Logger) error {
	if err := s.Need("TELEGRAM_TOKEN", "DATABASE_URL", "REDIS_URL"); err != nil {
		return err
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return err
	}
	words, err := locales.Load()
	if err != nil {
		return err
	}
	words.Missing = func(lang, id string) { log.Warn("a sentence is missing", "id", id, "language", lang) }
	db, err := OpenRecords(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Writable(ctx); err != nil {
		return fmt.Errorf("DATABASE_URL: %s: give it the server that takes changes, not a standby", inOneLine(err))
	}
	if err := checkBot(ctx, db, s.Token); err != nil {
		return fmt.Errorf("TELEGRAM_TOKEN: %s", inOneLine(err))
	}
	cache, err := redis.Open(ctx, s.Redis)
	if errors.Is(err, redis.ErrCluster) {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	if err != nil {
		return fmt.Errorf("REDIS_URL: Redis does not answer or can't be written; "+
			"see that it runs, has memory left and the address is right: %s", inOneLine(err))
	}
	defer cache.Close()
	pictures, err := media.Open(s.Media)
	if err != nil {
		return fmt.Errorf("MEDIA_URL: %w", err)
	}
	if err := markFolder(ctx, db, pictures); err != nil {
		return fmt.Errorf("MEDIA_URL: %s", inOneLine(err))
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	var front front
	server := newServer(&front, log)
	go server.Serve(netutil.LimitListener(listener, mostConnections))
	defer server.Close()
	front.await("telegram")
	telegram := bot.NewTelegram(s.API, s.Token)
	defer telegram.Close()
	me, err := meet(ctx, telegram, log)
	if ctx.Err() != nil {
		return nil // told to stop before Telegram answered
	}
	if err != nil {
		return err
	}
	front.await("postgres")
	if err := db.SetBot(ctx, botID(s.Token)); err != nil {
		log.Warn("which bot the database belongs to was not kept: the next start does", "err", inOneLine(err))
	}
	if err := box.Check(ctx); err != nil { // what it opens would all be set aside
		return fmt.Errorf("opening strangers' files in a child process does not work; run `pendamping doctor`: %s", inOneLine(err))
	}
	if !sandbox.Enforced {
		log.Warn("this system does not limit the memory and processor time of what opens strangers' files: run the bot on Linux")
	}
	log.Info("serving", "bot", me.Username, "listen", listener.Addr().String(), "webhook", s.PublicURL != "")
	defer log.Info("stopped")
	var next *postgres.Process
	for {
		self := next
		if next = nil; self == nil {
			if self, err = join(ctx, db, now, log); err != nil {
				return nil // told to stop before the database let it in
			}
		}
		b := bot.New(bot.Config{
			Telegram: telegram, Name: me.Username, PublicURL: s.PublicURL,
			Records: db, Begin: func(at time.Time, update int64) bot.Tx { return db.Begin(at, update) },
			Process: self, Join: func(ctx context.Context) (err error) { next, err = db.Join(ctx, now()); return err }, Lanes: cache, Gate: cache, Media: pictures, Inspect: inspect(box), Make: makes(box, db, self.Number()), Read: reader(ctx, s, box),
			Locales: words, Zone: zone, Rate: s.Rate, Paid: s.Paid, Now: now, Log: log,
		})
		front.set(b.Handler())
		err = b.Run(ctx)
		self.Close()
		if !errors.Is(err, bot.ErrLost) {
			if next != nil {
				next.Close()
			}
			return err
		}
	}
}

// mostConnections is how many HTTP connections are open at once. Telegram opens at most 100 (Bot API, setWebhook).
const mostConnections = 256

// newServer is an HTTP server that a slow client, or one that never ends its request, can't hold.
func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10,
	}
}

// join makes this process known to the others, as soon as the database lets it, and logs once that it does not; the error is that of ctx.
func join(ctx context.Context, db *postgres.DB, now func() time.Time, log *slog.Logger) (*postgres.Process, error) {
	for said := false; ; said = true {
		self, err := db.Join(ctx, now())
		if err == nil {
			if said {
				log.Info("the database takes this process in again")
			}
			return self, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !said {
			log.Warn("the database does not take this process in: it tries again until it does", "err", inOneLine(err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// front is the handler of the bot that runs now.
type front struct {
	now    atomic.Pointer[http.Handler]
	awaits atomic.Value // what the start waits for
}

func (f *front) set(h http.Handler) { f.now.Store(&h) }

// await says what the start waits for.
func (f *front) await(what string) { f.awaits.Store(what) }

// ServeHTTP hands a request on; before the first bot runs, it tells what the start waits for.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch h := f.now.Load(); {
	case h != nil:
		(*h).ServeHTTP(w, r)
	case r.URL.Path == "/healthz":
		fmt.Fprintln(w, "ok")
	default:
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "no: starting: waits for %s\n", f.awaits.Load())
	}
}

// meet asks Telegram who the bot is, patiently: a wrong token is said at once, an absent network is waited for and logged once.
func meet(ctx context.Context, t *bot.Telegram, log *slog.Logger) (bot.Me, error) {
	said := false
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		me, err := t.Me(ctx)
		if err == nil {
			if said {
				log.Info("telegram answers")
			}
			return me, nil
		}
		if bot.Denied(err) {
			return me, errors.New("TELEGRAM_TOKEN is not valid for this Bot API: copy it anew from @BotFather")
		}
		if !said && ctx.Err() == nil {
			log.Warn("telegram does not answer yet: the start waits for it", "err", err.Error())
			said = true
		}
		select {
		case <-ctx.Done():
			return me, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// OpenRecords opens the database and brings its schema up to date, as the user of MIGRATE_DATABASE_URL where there is one. Settings that are not sound are said first.
func OpenRecords(ctx context.Context, s Settings) (*postgres.DB, error) {
	if err := s.Need("DATABASE_URL"); err != nil {
		return nil, err
	}
	db, err := postgres.Open(ctx, s.Database)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: PostgreSQL can't be opened: %s", inOneLine(err))
	}
	if s.Token != "" {
		db.UseInviteKey(inviteKey(s.Token))
	}
	if err := db.Ping(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("DATABASE_URL: PostgreSQL does not answer; see that it runs and the address is right: %s", inOneLine(err))
	}
	if err := migrate(ctx, s, db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// migrate brings the schema of db up to date. Its error is one line that names the variable to look at.
func migrate(ctx context.Context, s Settings, db *postgres.DB) error {
	owner, variable := db, ""
	if s.Migrate != "" {
		var err error
		if owner, err = openOwner(ctx, s, db); err != nil {
			return err
		}
		defer owner.Close()
		variable = "MIGRATE_DATABASE_URL: "
	}
	err := owner.Migrate(ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, postgres.ErrNewer):
		return fmt.Errorf("%w: start the newer pendamping, or restore the backup that was made before it", err)
	case !errors.Is(err, postgres.ErrNotOwner):
		return fmt.Errorf("%sschema: %s", variable, inOneLine(err))
	case s.Migrate == "":
		return errors.New(inOneLine(err) + ": set MIGRATE_DATABASE_URL to the user who owns the tables, or run the newer pendamping with it once")
	}
	user, asked := db.Owner(ctx)
	if asked != nil || user == "" {
		return fmt.Errorf("%s%s: give it the user who owns the database", variable, inOneLine(err))
	}
	return fmt.Errorf("%sthe tables belong to %s, and this user may not change them: give it that user; or, to move to two users, "+
		"dump the database, run roles.sh on a new server, and restore there", variable, user)
}

// openOwner opens the database of db as the user of MIGRATE_DATABASE_URL. Its error is one line that names the variable.
func openOwner(ctx context.Context, s Settings, db *postgres.DB) (*postgres.DB, error) {
	owner, err := postgres.Open(ctx, s.Migrate)
	if err != nil {
		return nil, fmt.Errorf("MIGRATE_DATABASE_URL: PostgreSQL can't be opened: %s", inOneLine(err))
	}
	if err := owner.Ping(ctx); err != nil {
		owner.Close()
		return nil, fmt.Errorf("MIGRATE_DATABASE_URL: PostgreSQL does not answer; see that user, password and address are right: %s", inOneLine(err))
	}
	same, err := db.Same(ctx, owner)
	if err == nil && !same {
		err = errors.New("MIGRATE_DATABASE_URL is another database than DATABASE_URL: give both the same one, each with its own user")
	}
	if err != nil {
		owner.Close()
		return nil, err
	}
	return owner, nil
}

// inviteKey is the key with which invitations are kept. It follows from the bot's token, which every process that needs it has
// and which is never in the database; so an operator has no second secret to keep. A new token ends the open invitations.
func inviteKey(token string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(token), nil, "pendamping invitations", sha256.Size)
	if err != nil {
		panic(err) // only for a key that is longer than SHA-256 can make
	}
	return key
}

// inOneLine is an error whose words go over several lines, of which the last says it best.
func inOneLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// Logger writes JSON lines.
func Logger(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }
