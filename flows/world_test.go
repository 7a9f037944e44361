package flows_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/bot/telegram"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/join"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
	"pendamping/store/postgres"
	"pendamping/store/redis"
)

// sentences are read once for all tests: it takes a fifth of a second.
var sentences = sync.OnceValues(locales.Load)

// people of the transcripts, by the names they have there, with their Telegram accounts.
var people = map[string]int64{
	"Sri": 101, "Joko": 102, "Wati": 103, "Rina": 201, "Lina": 202, "SriBaru": 111, "Agus": 121, "RinaBaru": 211,
	"Budi": 301, "Ani": 401, "Dewi": 501, "Tono": 601, "Yosef": 701, "Sari": 302, "Hadi": 303, "Orang": 901,
	"Dina": 221, "DinaLain": 222, "Eka": 311,
}

// world is the whole house on real parts, with a roster and a clock that the transcript sets.
type world struct {
	t        *testing.T
	telegram *faketelegram.Server
	url      string
	db       *postgres.DB
	cache    *redis.DB
	redisURL string
	bot      *bot.Bot
	words    *locales.Locales
	clock    *clock
	drawn    bool // pictures of the transcript are worth a look
	probe    *prober
	log      lines
	stop     func()
}

// lines is what the bot logged.
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

// clock stands where it was set, so that nothing in a transcript depends on how long the machine takes. Each look at it
// is a microsecond later than the last, so that what happens in order has its order. settle moves it to what is due
// soon.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Microsecond)
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// reach moves it forward.
func (c *clock) reach(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.at) {
		c.at = t
	}
}

// monday is when transcripts begin, 09.00 WIB.
var monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

// settled makes the database that every transcript begins with.
func settled(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	db.UseInviteKey([]byte("transcript"))
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return roster(ctx, db.Begin(monday, 0))
}

// planOnce lets sessions plan each statement once, because planning costs more than running it on a few rows.
const planOnce = "&plan_cache_mode=force_generic_plan"

// worlds are the databases of all that lives in a world.
var worlds = testdb.Pool[*postgres.DB]{
	Migrate: settled,
	Open: func(ctx context.Context, url string) (*postgres.DB, error) {
		return postgres.Open(ctx, url+"&pool_max_conns=3"+planOnce)
	},
	Forget: (*postgres.DB).Forget,
}

const token = "4242:transcript"

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{t: t, telegram: faketelegram.New(token), clock: &clock{}, redisURL: testdb.Redis(t)}
	w.telegram.SetUsername("pendamping_bot")
	server := httptest.NewServer(w.telegram)
	t.Cleanup(server.Close)
	t.Cleanup(w.telegram.Close)
	w.url = server.URL
	var err error
	w.db, _ = worlds.Take(t)
	w.db.UseInviteKey([]byte("transcript"))
	if w.cache, err = redis.Open(ctx, w.redisURL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.cache.Close() })
	if w.words, err = sentences(); err != nil {
		t.Fatal(err)
	}
	w.clock.set(monday)
	w.probe = newProber(t, func(like store.Tx, update int64) trial { return w.db.Begin(like.Now(), update) })
	w.telegram.SetClock(w.clock.now)
	w.start()
	t.Cleanup(func() { w.stop() })
	return w
}

// start runs the bot as serve does: when the database takes it for gone, another one joins.
func (w *world) start() {
	w.t.Helper()
	self := w.join()
	run, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		for {
			err := w.bot.Run(run)
			self.Close()
			if !errors.Is(err, bot.ErrLost) {
				done <- err
				return
			}
			self = w.join()
		}
	}()
	w.stop = func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("the bot stopped with %v", err)
		}
	}
}

// join makes the bot a process of the database's.
func (w *world) join() *postgres.Process {
	self, err := w.db.Join(context.Background(), w.clock.now())
	if err != nil {
		w.t.Error(err)
		return nil
	}
	pictures, err := media.Open(w.t.TempDir())
	if err != nil {
		w.t.Error(err)
	}
	client := telegram.New(w.url, token)
	w.t.Cleanup(client.Close)
	zone, _ := time.LoadLocation("Asia/Jakarta")
	w.bot = bot.New(bot.Config{
		Telegram: client, Name: "pendamping_bot", Records: w.db,
		Begin:   func(at time.Time, update int64) bot.Tx { return w.db.Begin(at, update) },
		Process: self, Leases: w.cache, Limiter: w.cache, Media: pictures, Inspect: glance, Turn: w.probe.turn,
		Make: w.probe.paper, Locales: w.words, Zone: zone, Now: w.clock.now, ScheduleCheck: -1,
		Log: slog.New(slog.NewJSONHandler(&w.log, nil)),
	})
	return self
}

// settle waits until everything that was sent to the bot is handled and everything it has to say soon is said.
func (w *world) settle() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Minute)
	defer cancel()
	if err := w.telegram.Idle(ctx); err != nil {
		w.t.Fatalf("the bot does not take its updates: %v", err)
	}
	for pause := 2 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, 20*time.Millisecond) {
		time.Sleep(pause) // longer and longer: each look costs as much as a step of the bot
		updates, err := w.db.Waiting(ctx)
		if err != nil || updates > 0 {
			continue
		}
		announced, err := w.announced(ctx) // the end of an announcement is told: it comes before the backlog
		if err != nil || !announced {
			continue
		}
		backlog, err := w.db.Backlog(ctx, w.clock.now().Add(soon))
		if err == nil && backlog[store.Queued] > 0 {
			w.dueSoon(ctx)
		} else if err == nil && (!w.drawn || w.looked(ctx)) {
			return
		}
	}
	updates, _ := w.db.Waiting(w.t.Context())
	backlog, err := w.db.Backlog(w.t.Context(), w.clock.now().Add(soon))
	open, _ := w.db.Begin(w.clock.now(), 0).BroadcastsOpen(w.t.Context())
	w.t.Fatal("the bot does not come to rest: ", updates, " updates, backlog ", backlog, err, ", announcements ", open)
}

// soon is what settle waits for, and moves the clock to.
const soon = 5 * time.Second

// dueSoon moves the clock to the next message that is due soon and in nobody's hands.
func (w *world) dueSoon(ctx context.Context) {
	now := w.clock.now()
	for _, class := range []store.Class{store.Reply, store.Nudge, store.Paper} {
		due, err := w.db.NextDue(ctx, now, class)
		if err == nil && due.After(now) && !due.After(now.Add(soon)) {
			w.clock.reach(due)
			return
		}
	}
}

// announced tells whether nothing of an announcement is due soon or under way, and those that are over are kept as
// such.
func (w *world) announced(ctx context.Context) (bool, error) {
	now := w.clock.now()
	due, err := w.db.NextBulk(ctx, now)
	if err != nil || (!due.IsZero() && !due.After(now.Add(soon))) {
		w.clock.reach(due)
		return false, err
	}
	tx := w.db.Begin(now, 0)
	defer tx.Rollback(ctx)
	if list, err := tx.BroadcastsOutdated(ctx); err != nil || len(list) > 0 {
		return false, err
	}
	open, err := tx.BroadcastsOpen(ctx)
	for _, b := range open {
		waiting, underWay, e := tx.Unsent(ctx, b.ID)
		if err = errors.Join(err, e); underWay || (!waiting && b.State == store.BroadcastRunning) {
			return false, err
		}
	}
	return err == nil, err
}

// coordinator adds one of the whole country.
func (w *world) coordinator(name string) {
	w.t.Helper()
	ctx := w.t.Context()
	tx := w.db.Begin(w.clock.now(), 0)
	p := store.Person{Key: "id:" + name, Role: store.Coordinator, Code: "KOR-99", Name: name, Account: people[name]}
	err := tx.AddPerson(ctx, "person.added", &p)
	if err == nil {
		err = tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
		})
	}
	if err == nil {
		_, err = tx.Commit(ctx, 0, nil, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// invite invites somebody with a role above groups, by the code NAME-2345 in capitals; wa is their number in the
// roster, "" for none.
func (w *world) invite(name string, role store.Role, wa string) {
	w.t.Helper()
	ctx := w.t.Context()
	tx := w.db.Begin(w.clock.now(), 0)
	p := store.Person{Key: "id:" + name, Role: role, Code: "BARU-1", Name: name, Province: "Jawa Barat", WA: wa}
	err := tx.AddPerson(ctx, "person.added", &p)
	if err == nil {
		err = tx.AddInvite(ctx, "invite.made", &store.Invite{Person: p.ID, Token: "undangan-" + name,
			Code: (name + "XXXX")[:4] + "2345", Expires: tx.Now().AddDate(0, 0, 30)})
	}
	if err == nil {
		_, err = tx.Commit(ctx, 0, nil, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// limits are over how many chats an announcement's number is typed, and over how many a second coordinator looks at it.
func (w *world) limits(typed, second int) {
	w.t.Helper()
	ctx := w.t.Context()
	tx := w.db.Begin(w.clock.now(), 0)
	p, err := tx.NewestProgram(ctx)
	if err == nil {
		p.Edition++
		p.Rules.TypeOver, p.Rules.ApproveOver = typed, second
		err = tx.AddProgram(ctx, "program.added", &p)
	}
	if err == nil {
		_, err = tx.Commit(ctx, 0, nil, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// looked tells whether every picture is here and was looked at.
func (w *world) looked(ctx context.Context) bool {
	here, err := w.db.FilesToFetch(ctx, 0, 1)
	if err != nil || len(here) > 0 {
		return false
	}
	seen, err := w.db.FilesToLook(ctx, nil, 1)
	if err != nil || len(seen) > 0 {
		return false
	}
	backlog, err := w.db.Backlog(ctx, w.clock.now().Add(soon))
	return err == nil && backlog[store.Queued] == 0
}

// roster is who there is: a group with ketua, sekretaris, bendahara and anggota; one with a plan, whose second
// bendahara is sekretaris of the first; an owner; a new group in Papua without a mentor; a mentor of the others, and
// one without groups; two coordinators.
func roster(ctx context.Context, tx *postgres.Tx) (err error) {
	defer tx.Rollback(ctx)
	must := func(e error) {
		if err == nil {
			err = e
		}
	}
	program := store.Program{Code: "TKM-PEMULA", Edition: 1, Rules: store.DefaultRules()}
	must(tx.AddProgram(ctx, "program.added", &program))
	person := func(name string, role store.Role, code string, of store.ID, bound bool) store.Person {
		p := store.Person{Key: store.PersonKey("", role, code, name), Role: role, Code: code, Name: name, Recipient: of}
		if role == store.Coordinator {
			p.Province = map[string]string{"Budi": "Jawa Barat", "Sari": "Jawa Timur"}[name]
		}
		if name == "Lina" {
			p.Province = "Jawa Barat"
		}
		if bound {
			p.Account = people[name]
		}
		must(tx.AddPerson(ctx, "person.added", &p))
		if bound {
			must(tx.AddConsent(ctx, "consent.given", &store.Consent{
				Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
			}))
		} else {
			must(tx.AddInvite(ctx, "invite.made", &store.Invite{
				Person: p.ID, Token: fmt.Sprintf("undangan-%s-%s", name, code),
				Code:    fmt.Sprintf("%s2345", name)[:4] + "-" + (code + "2345")[len(code)-3:][:4],
				Expires: tx.Now().AddDate(0, 0, 30),
			}))
		}
		return p
	}
	rina := person("Rina", store.Mentor, "PDP-01", 0, true)
	person("Budi", store.Coordinator, "KOR-01", 0, true)
	person("Sari", store.Coordinator, "KOR-02", 0, true)
	group := func(code, name, regency string, single bool) store.Recipient {
		r := store.Recipient{
			Code: code, Name: name, Single: single, Program: program.ID, Province: "Jawa Barat", Regency: regency,
			Village: "Cibiru", Wave: "I",
			Zone: "Asia/Jakarta", Grant: 20_000_000, Disbursed: "2026-11-10", Mentor: rina.ID,
		}
		must(tx.AddRecipient(ctx, "recipient.added", &r))
		must(tx.AddEntry(ctx, "entry.added", &store.Entry{
			Recipient: r.ID, Kind: store.EntryGrant, State: store.EntryStands, Amount: r.Grant, Day: r.Disbursed,
			At: tx.Now(),
		}))
		return r
	}
	maju := group("KLP-001", "Maju Jaya", "Bandung", false)
	person("Sri", store.Treasurer, "KLP-001", maju.ID, true)
	person("Joko", store.Chair, "KLP-001", maju.ID, true)
	person("Wati", store.Member, "KLP-001", maju.ID, false)
	person("Dewi", store.Secretary, "KLP-001", maju.ID, true)
	subur := group("KLP-002", "Tani Subur", "Sumedang", false)
	person("Ani", store.Treasurer, "KLP-002", subur.ID, true)
	person("Dewi", store.Treasurer, "KLP-002", subur.ID, true)
	must(tx.AddPlan(ctx, "plan.added", &store.Plan{Recipient: subur.ID, Edition: 1, Lines: []store.PlanLine{
		{Item: "Mesin jahit", Pos: "ALAT", Volume: 2000, Unit: "unit", Price: 4_500_000},
		{Item: "Gunting kain", Pos: "ALAT", Volume: 6000, Unit: "buah", Price: 150_000},
		{Item: "Kain katun", Pos: "BAHAN", Volume: 100_000, Unit: "meter", Price: 45_000},
		{Item: "Benang", Pos: "BAHAN", Volume: 50_000, Unit: "rol", Price: 12_000},
	}}))
	tono := group("PRG-001", "Usaha Tono", "Garut", true)
	person("Tono", store.Owner, "PRG-001", tono.ID, true)
	bangkit := store.Recipient{
		Code: "KLP-091", Name: "Papua Bangkit", Program: program.ID, Province: "Papua", Regency: "Jayapura",
		Village: "Sentani", Wave: "I",
		Zone: "Asia/Jayapura", Grant: 20_000_000, Disbursed: "2026-11-20",
	}
	must(tx.AddRecipient(ctx, "recipient.added", &bangkit))
	person("Yosef", store.Treasurer, "KLP-091", bangkit.ID, true)
	person("Lina", store.Mentor, "PDP-02", 0, true)
	if err == nil {
		_, err = tx.Commit(ctx, 0, nil, nil)
	}
	return err
}

// revoke takes an invitation to Maju Jaya back.
func (w *world) revoke(name string) {
	w.t.Helper()
	ctx := w.t.Context()
	tx := w.db.Begin(w.clock.now(), 0)
	i, err := tx.InviteByCode(ctx, "undangan-"+name+"-KLP-001")
	if err == nil {
		i.Revoked = w.clock.now()
		err = tx.PutInvite(ctx, "invite.revoked", &i)
	}
	if err == nil {
		_, err = tx.Commit(ctx, 0, nil, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// refresh works the field's progress out.
func (w *world) refresh() {
	w.t.Helper()
	if err := w.db.RefreshProgress(w.t.Context(), w.clock.now()); err != nil {
		w.t.Fatal(err)
	}
}

// found adds so many groups of Rina's in a regency of Jawa Barat.
func (w *world) found(count, regency string) {
	w.t.Helper()
	ctx := w.t.Context()
	tx := w.db.Begin(w.clock.now(), 0)
	rina, err := tx.PersonByCode(ctx, store.Mentor, "PDP-01")
	if err != nil {
		w.t.Fatal(err)
	}
	program, err := tx.ProgramByCode(ctx, "TKM-PEMULA", 0)
	for i := range atoi(count) {
		r := store.Recipient{
			Code: fmt.Sprintf("%s-%02d", regency, i+1), Name: fmt.Sprintf("%s %d", regency, i+1), Program: program.ID,
			Province: "Jawa Barat", Regency: regency,
			Wave: "I", Zone: "Asia/Jakarta", Grant: 20_000_000, Disbursed: store.NewDay(2026, time.October, i+1),
			Mentor: rina.ID,
		}
		err = errors.Join(err, tx.AddRecipient(ctx, "recipient.added", &r), tx.AddEntry(ctx, "entry.added",
			&store.Entry{
				Recipient: r.ID, Kind: store.EntryGrant, State: store.EntryStands, Amount: r.Grant, Day: r.Disbursed,
				At: tx.Now(),
			}))
	}
	if err == nil {
		_, err = tx.Commit(ctx, 0, nil, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// rounds makes the rounds whose hour has come, as the bot does.
func (w *world) rounds() {
	w.t.Helper()
	w.refresh()
	ctx, now := w.t.Context(), w.clock.now()
	zone, _ := time.LoadLocation("Asia/Jakarta")
	zones, err := w.db.Begin(now, 0).Zones(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range flows.Rounds(now, zones, zone) {
		tx := w.db.Begin(now, 0)
		setting := dialog.Setting{Zone: zone}
		w.probe.probe(ctx, "round "+flows.String(r), tx, 0, func(tx store.Tx) (string, error) {
			list, err := flows.MakeRound(ctx, tx, r, setting)
			return text(list), err
		})
		var list []store.Message
		if list, err = flows.MakeRound(ctx, tx, r, setting); err == nil {
			var deliveries []store.Delivery
			for _, m := range list {
				deliveries = append(deliveries, store.Delivery{Message: m})
			}
			_, err = tx.Commit(ctx, 0, nil, deliveries)
		}
		if err != nil {
			w.t.Fatal(err)
		}
		for _, m := range list {
			if m.Need == "" {
				continue
			}
			w.probe.probe(ctx, "what is said of "+m.Need, tx, 0, func(tx store.Tx) (string, error) {
				m, due, err := flows.Needed(ctx, tx, setting, m)
				return text(m) + due.String(), err
			})
		}
	}
}
