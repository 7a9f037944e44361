package flows_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/join"
	"pendamping/locales"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// TestWalk leads 20,000 conversations (a twentieth of them without PENDAMPING_FULL) of groups whose people act partly
// on purpose and partly at random, on a real database. The test plays the bot: it loses sessions, stops between any two
// steps, has updates delivered again, and keeps what each person was told. In the end the records must be what people
// were told: nothing incomplete, nothing twice, nothing lost.
//
// PENDAMPING_SEED chooses another walk; PENDAMPING_CREW repeats one group's alone.
func TestWalk(t *testing.T) {
	crews := 500 / perCrew
	if os.Getenv("PENDAMPING_FULL") != "" {
		crews = 20_000 / perCrew
	}
	seed, first := uint64(1), 0
	if n, err := strconv.ParseUint(os.Getenv("PENDAMPING_SEED"), 10, 64); err == nil {
		seed = n
	}
	if n, err := strconv.Atoi(os.Getenv("PENDAMPING_CREW")); err == nil {
		first, crews = n, n+1
	}
	g := newGround(t)
	var next atomic.Int64
	next.Store(int64(first))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < crews && !t.Failed(); n = int(next.Add(1)) - 1 {
				c := newCrew(g, seed, n)
				c.work()
				g.add(c.tally)
			}
		})
	}
	all.Wait()
	t.Logf("seed %d: %+v", seed, g.sum)
	if t.Failed() {
		return
	}
	report, err := g.db.Verify(t.Context(), time.Now(), nil)
	if err != nil || report.Break != "" {
		t.Errorf("the records are not whole: %v %s", err, report.Break)
	}
	if s := g.sum; first == 0 && (s.Sent < s.Conversations/2 || s.Losses == 0 || s.Crashes == 0 || s.Adopted == 0 ||
		s.Deploys == 0 || s.Redelivered == 0) {
		t.Errorf("too little happened: %+v", s)
	}
}

// perCrew is how many conversations a crew has before its records are compared for the last time.
const perCrew = 50

// tally counts what happened.
type tally struct {
	Conversations, Updates, Restarts, Adopted, Redelivered, Crashes, Losses, Deploys int
	Sent, Changed, Cancelled, Parked, Reversed, Entries, Complaints, Pictures        int
}

// ground is what all crews share.
type ground struct {
	t       *testing.T
	db      *postgres.DB
	words   *locales.Locales
	program store.ID
	setting dialog.Setting

	mu      sync.Mutex
	sum     tally
	restart sync.Mutex // what a stopped process left is recovered by the one that follows it
}

func newGround(t *testing.T) *ground {
	t.Helper()
	g := &ground{t: t}
	var err error
	if g.db, err = postgres.Open(t.Context(), testdb.Database(t, migrate)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.db.Close)
	g.db.UseInviteKey([]byte("walk"))
	if g.words, err = sentences(); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	g.setting = dialog.Setting{Zone: zone, Bot: "pendamping_bot", Words: func(language string, text store.Text) string {
		return g.words.Text(language, text.ID, text.Data)
	}}
	tx := g.db.Begin(walkStart, 0)
	program := store.Program{Code: "TKM-PEMULA", Edition: 1, Rules: store.DefaultRules()}
	if err := tx.AddProgram(t.Context(), "program.added", &program); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Commit(t.Context(), 0, nil, nil); err != nil {
		t.Fatal(err)
	}
	g.program = program.ID
	return g
}

func (g *ground) add(a tally) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := &g.sum
	for _, p := range []struct {
		to *int
		n  int
	}{
		{&s.Conversations, a.Conversations}, {&s.Updates, a.Updates}, {&s.Restarts, a.Restarts},
		{&s.Adopted, a.Adopted},
		{&s.Redelivered, a.Redelivered}, {&s.Crashes, a.Crashes}, {&s.Losses, a.Losses}, {&s.Deploys, a.Deploys},
		{&s.Sent, a.Sent}, {&s.Changed, a.Changed},
		{&s.Cancelled, a.Cancelled}, {&s.Parked, a.Parked}, {&s.Reversed, a.Reversed}, {&s.Entries, a.Entries},
		{&s.Complaints, a.Complaints}, {&s.Pictures, a.Pictures},
	} {
		*p.to += p.n
	}
}

// walkStart is a Monday, 09.00 WIB.
var walkStart = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// crew is two groups and their mentor: treasurer and chair of the first, somebody who is secretary of it and treasurer
// of the second.
type crew struct {
	*ground
	*rand.Rand
	tally
	ctx     context.Context
	n       int
	now     time.Time
	process *postgres.Process
	groups  []store.Recipient
	phones  []*phone
	updates int64
	steps   []string
	failed  bool

	province string
	fates    map[store.ID]*fate
	entries  map[string]int  // told as kept
	pictures map[string]bool // told as kept
	pages    map[string]bool // answered a question: kept with what that conversation becomes, or not at all
}

func newCrew(g *ground, seed uint64, n int) *crew {
	return &crew{
		ground: g, Rand: rand.New(rand.NewPCG(seed, uint64(n))), ctx: context.WithoutCancel(g.t.Context()), n: n,
		now:     walkStart,
		updates: int64(n) * 1_000_000, province: fmt.Sprintf("Provinsi %d", n),
		fates: map[store.ID]*fate{}, entries: map[string]int{}, pictures: map[string]bool{}, pages: map[string]bool{},
	}
}

func (c *crew) logf(format string, args ...any) {
	c.steps = append(c.steps, fmt.Sprintf(format, args...))
}

// failf ends the crew's walk; what happened before is shown once.
func (c *crew) failf(format string, args ...any) {
	if !c.failed {
		c.t.Logf("crew %d:\n%s", c.n, strings.Join(c.steps[max(0, len(c.steps)-100):], "\n"))
	}
	c.failed = true
	c.t.Errorf("crew %d: %s", c.n, fmt.Sprintf(format, args...))
}

func (c *crew) chance(percent int) bool { return c.IntN(100) < percent }

// must ends the walk on an error that no person could have caused.
func (c *crew) must(err error) {
	if err != nil {
		c.failf("%v", err)
	}
}

func (c *crew) work() {
	c.join()
	defer c.leave()
	c.found()
	for checked := 0; c.Conversations < perCrew && !c.failed && len(c.steps) < 400*perCrew; {
		p := c.phones[c.IntN(len(c.phones))]
		c.act(p)
		if c.IntN(150) == 0 {
			c.restartProcess()
		}
		if c.Conversations > checked+20 {
			checked = c.Conversations
			c.compare()
		}
	}
	if c.Conversations < perCrew && !c.failed {
		c.failf("only %d conversations came to an end in %d steps", c.Conversations, len(c.steps))
	}
	if !c.failed {
		c.compare()
	}
}

// found brings the groups and their people into being.
func (c *crew) found() {
	tx := c.db.Begin(c.now, 0)
	person := func(name string, role store.Role, code string, of store.ID, account int64) store.Person {
		p := store.Person{Key: store.PersonKey("", role, code, name), Role: role, Code: code, Name: name, Recipient: of,
			Account: account}
		c.must(tx.AddPerson(c.ctx, "person.added", &p))
		c.must(tx.AddConsent(c.ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
		}))
		return p
	}
	account := int64(c.n+1) * 100
	mentor := person("Rina", store.Mentor, fmt.Sprintf("PDP-%d", c.n), 0, account+1)
	for i := range 2 {
		r := store.Recipient{
			Code: fmt.Sprintf("KLP-%d-%d", c.n, i), Name: fmt.Sprintf("Kelompok %d", i+1), Program: c.program,
			Province: c.province,
			Regency:  "Bandung", Zone: "Asia/Jakarta", Grant: 20_000_000, Disbursed: "2026-11-10", Mentor: mentor.ID,
		}
		c.must(tx.AddRecipient(c.ctx, "recipient.added", &r))
		c.must(tx.AddEntry(c.ctx, "entry.added", &store.Entry{
			Recipient: r.ID, Kind: store.EntryGrant, State: store.EntryStands, Amount: r.Grant, Day: r.Disbursed,
			At: tx.Now(),
		}))
		c.entries[entryKey(1, store.EntryGrant, r.Grant.String())]++
		c.groups = append(c.groups, r)
	}
	c.must(tx.AddPlan(c.ctx, "plan.added", &store.Plan{Recipient: c.groups[1].ID, Edition: 1, Lines: []store.PlanLine{
		{Item: "Mesin jahit", Pos: "ALAT", Volume: 2000, Unit: "unit", Price: 4_500_000},
		{Item: "Benang", Pos: "BAHAN", Volume: 50_000, Unit: "rol", Price: 12_000},
	}}))
	first, second := c.groups[0], c.groups[1]
	person("Sri", store.Treasurer, first.Code, first.ID, account+2)
	person("Joko", store.Chair, first.Code, first.ID, account+3)
	person("Dewi", store.Secretary, first.Code, first.ID, account+4)
	person("Dewi", store.Treasurer, second.Code, second.ID, account+4)
	_, err := tx.Commit(c.ctx, 0, nil, nil)
	c.must(err)
	for i, name := range []string{"Rina", "Sri", "Joko", "Dewi"} {
		c.phones = append(c.phones, &phone{
			name: name, account: account + int64(i) + 1, next: 10, heard: map[string]bool{},
		})
	}
	c.phones = append(c.phones, c.phones[1], c.phones[2]) // treasurer and chair write most
}

func entryKey(number int, kind store.EntryKind, amount string) string {
	return fmt.Sprintf("#%d %s %s", number, kind, amount)
}
