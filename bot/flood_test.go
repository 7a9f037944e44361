package bot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// limited gives a process the rate limits of a real one.
func limited(c *bot.Config) { c.Rate = 28 }

// metric returns a process's metric without labels.
func (p *process) metric(name string) float64 {
	p.house.t.Helper()
	w := httptest.NewRecorder()
	p.handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			p.house.ok(err)
			return n
		}
	}
	p.house.t.Fatalf("no metric %s", name)
	return 0
}

// People who send two hundred messages each at once, while Telegram answers 429 for their chats, delay only
// themselves: the others' conversations are over while the flood still waits, and lose nothing.
func TestFloodDelaysItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(10)
	flooders, users := people[:4], people[4:]
	for _, p := range flooders[:2] {
		h.telegram.Fail(faketelegram.Fault{
			Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 30, Method: "sendMessage", Chat: p.ID(),
		})
	}
	a, other := h.start(limited), h.other()
	begun := time.Now()
	for i := range 200 { // they take more than a minute on any machine
		for _, p := range flooders {
			p.Send(fmt.Sprint("banjir ", i))
		}
	}
	var group sync.WaitGroup
	for _, p := range users {
		group.Go(func() {
			p.SendPhoto(picture(1), "")
			p.hears("photo.saved")
			p.Send("195rb")
			p.hears("receipt.seller")
			p.Send("TB Jaya")
			p.hears("receipt.day")
		})
	}
	group.Wait()
	waiting, err := h.db.Waiting(t.Context())
	h.ok(err)
	if pause, err := other.Paused(t.Context()); waiting < 100 || err != nil || pause.All > 0 {
		t.Errorf("the users are answered, and of the flood %d wait; everybody pauses for %v, %v", waiting, pause.All,
			err)
	}
	for _, p := range users {
		p.inOrder(1)
		if n := len(p.answers()); n != 3 {
			t.Errorf("%d has %d answers, want 3", p.ID(), n)
		}
	}
	for i, p := range flooders {
		most := 5 + 1 + int(time.Since(begun)/time.Second)
		if i < 2 {
			most = 0
		}
		if n := len(p.answers()); n > most {
			t.Errorf("%d has %d answers to a flood, want at most %d", p.ID(), n, most)
		}
	}
	if n := a.metric("pendamping_replies_merged_total"); n == 0 {
		t.Error("no answer was merged")
	}
}

// A reply about a record is kept, in order, however much else is to be said to that chat.
func TestRepliesAboutRecordsAreKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	h.start(limited)
	const n = 8
	var rows []store.Delivery
	for i := range n {
		rows = append(rows, store.Delivery{Message: store.Message{
			Chat: p.ID(), Body: []store.Text{store.Say("photo.saved", "Number", strconv.Itoa(i+1))},
		}})
	}
	for i := range 20 {
		p.Send(fmt.Sprint("banjir ", i))
	}
	h.ok(h.db.Queue(t.Context(), time.Now(), rows))
	h.until("they are told", func() bool { return h.backlog(store.Queued) == 0 })
	var told []int
	for _, m := range p.answers() {
		var number int
		if _, about, ok := strings.Cut(m.Text, "#"); ok {
			_, err := fmt.Sscanf(about, "%d", &number)
			h.ok(err)
			told = append(told, number)
		}
	}
	if want := []int{1, 2, 3, 4, 5, 6, 7, 8}; !slices.Equal(told, want) {
		t.Errorf("told of %v, want %v", told, want)
	}
}

// clock is a clock that tests move.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time       { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }
func (c *clock) set(to *bot.Config)   { to.Now = c.now }
func (h *house) kept(chat int64) (n int) { // updates of a chat that were kept
	h.t.Helper()
	h.ok(testdb.Connect(h.t, h.Postgres).QueryRow(context.Background(), `select count(*) from inbox where chat = $1`,
		chat).Scan(&n))
	return n
}

// A stranger who sends sixty messages while Telegram answers 429 for that chat, and a foreign group with forty
// commands, get a few answers. After that their updates aren't even kept, and nobody else notices. Once let in they
// are answered again.
func TestStrangersAreAnsweredAFewTimes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var c clock
	// without the limit of all strangers together, which TestManyStrangersAtOnce tests
	a, other := h.start(c.set), h.other()
	user := h.owners(1)[0]
	stranger, invited := h.telegram.User(5001, "Orang-Asing-5001"), h.telegram.User(5002, "Orang-Asing-5002")
	group := h.telegram.Group(-55, "Grup-Asing", stranger)
	refused := h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 600, Method: "sendMessage", Chat: stranger.ID(),
	})
	seen := func(floods ...func(int)) {
		t.Helper()
		for i := range 60 {
			for _, flood := range floods {
				flood(i)
			}
			h.until("Telegram has handed it over", func() bool { return h.telegram.Pending() == 0 })
		}
	}
	seen(
		func(i int) { stranger.Send(fmt.Sprint("asing ", i)) },
		func(i int) { invited.Send(fmt.Sprint("asing ", i)) },
		func(i int) {
			if i < 40 {
				group.As(stranger).Send(fmt.Sprint("/x", i))
			}
		},
	)
	user.Send("anu")
	user.hears("unknown.words")
	if pause, err := other.Paused(t.Context()); err != nil || pause.All > 0 {
		t.Errorf("everybody pauses for %v, %v", pause.All, err)
	}
	told := func(chat int64, id string) (n int) {
		words, _, _ := strings.Cut(h.sentence(id), "@")
		for _, m := range h.telegram.Messages(chat) {
			if m.FromBot && strings.Contains(m.Text, words) {
				n++
			}
		}
		return n
	}
	h.until("what is said is said", func() bool {
		return told(invited.ID(), "join.stranger") == 3 &&
			told(-55, "group.private") > 0
	})
	// so that silence is explained
	for chat, id := range map[int64]string{invited.ID(): "join.last", -55: "group.last"} {
		h.until("the last answer says that it is", func() bool { return told(chat, id) == 1 })
	}
	if n := told(-55, "group.private"); n > 3 {
		t.Errorf("the group was answered %d times", n)
	}
	for _, chat := range []int64{stranger.ID(), invited.ID(), -55} {
		if n := h.kept(chat); n > 20 { // some arrive before the third answer is counted
			t.Errorf("%d updates of the stranger %d were kept", n, chat)
		}
	}
	if n := refused.Hits(); n > 3 {
		t.Errorf("the refused stranger was called %d times", n)
	}
	if n := a.metric("pendamping_strangers_ignored_total"); n < 100 {
		t.Errorf("%v updates are told to be ignored", n)
	}

	c.pass(time.Hour)
	invited.Send("lagi")
	h.until("the next hour they are answered again", func() bool { return told(invited.ID(), "join.stranger") == 4 })
	seen(func(i int) { invited.Send(fmt.Sprint("asing lagi ", i)) })
	tx := h.db.Begin(c.now(), 0)
	defer tx.Rollback(context.Background())
	p := store.Person{Key: "baru", Role: store.Mentor, Code: "PDP-9", Name: "Nama PDP-9"}
	h.ok(tx.AddPerson(t.Context(), "person.added", &p))
	h.ok(tx.AddInvite(t.Context(), "invite.made", &store.Invite{
		Person: p.ID, Token: "tautan-undangan-baru", Code: "AB12CD34", Expires: c.now().Add(time.Hour),
	}))
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	h.ok(err)
	invited.Send("/start tautan-undangan-baru")
	h.until("the invitation is answered", func() bool {
		return !strings.Contains(invited.Last().Text, h.sentence("join.stranger")) && invited.Last().FromBot
	})
}

// Whoever tried too many wrong codes is told when to try again, even after a stranger's answers: once a minute, so
// that no code meets silence.
func TestLockedStrangerIsAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var c clock
	// the whole test runs within one hour
	c.pass(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour + 5*time.Minute)))
	h.start(c.set)
	p := h.telegram.User(5001, "Orang-Asing-5001")
	told := func(words string) (n int) {
		for _, m := range h.telegram.Messages(p.ID()) {
			if m.FromBot && strings.Contains(m.Text, words) {
				n++
			}
		}
		return n
	}
	const waits = "baru bisa dicoba lagi pukul"
	for i := range 5 {
		p.Send(fmt.Sprint("7QQB-7J7", i+2))
		h.until("a wrong code is answered", func() bool { return told(h.sentence("join.unknown")) == i+1 })
	}
	for i := range 3 {
		p.Send("anu")
		h.until("a stranger is answered", func() bool { return told(h.sentence("join.stranger")) == i+1 })
	}
	h.until("the last answer says that it is", func() bool { return told(h.sentence("join.last")) == 1 })
	before := told(waits)
	p.Send("7QQB-7J7K")
	h.until("a code is answered", func() bool { return told(waits) == before+1 })
	for range 10 {
		p.Send("kode saya 7QQB-7J7K")
	}
	p.Send("kode 7QQB-7J7K atau 8RRC-8K8M")
	c.pass(time.Minute)
	p.Send("7QQB-7J7K")
	h.until("a minute later a code is answered again", func() bool { return told(waits) == before+2 })
	c.pass(time.Hour)
	p.Send("7QQB-7J7K")
	h.until("the next hour a code is looked at", func() bool { return told(h.sentence("join.unknown")) == 6 })
	if n := told(waits) - before; n > 3 { // the minute's pass may come between
		t.Errorf("codes were answered %d times in two minutes", n)
	}
}

// Hundreds of strangers and foreign groups write at once, to a Telegram that takes thirty messages a second. They
// share a few answers a second, the rest is dropped and counted, and people in the roster are answered as usual.
func TestManyStrangersAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.start(limited)
	users := h.owners(6)
	telegramLimit := h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultStatus, Status: 429, RetryAfter: 3, Method: "sendMessage", Above: 30,
	})
	known := map[string]bool{}
	for _, p := range users {
		known[strconv.FormatInt(p.ID(), 10)] = true
	}
	var strangers, guessers atomic.Int64
	h.seen = func(method string, params map[string]string) {
		switch chat, _ := strconv.ParseInt(params["chat_id"], 10, 64); {
		case method != "sendMessage" || known[params["chat_id"]]:
		case chat >= 6000:
			guessers.Add(1)
		default:
			strangers.Add(1)
		}
	}
	const many, guessing = 400, 20
	begun := time.Now()
	host := h.telegram.User(4999, "Tuan-Rumah-4999")
	for i := range int64(many) {
		h.telegram.User(5000+i, fmt.Sprint("Orang-Asing-", i)).Send("asing")
		if i < guessing {
			h.telegram.User(6000+i, fmt.Sprint("Orang-Penebak-", i)).Send("/start tebakan-undangan")
		}
		h.telegram.Group(-1000-i, fmt.Sprint("Grup-Asing-", i), host).As(host).Send("/xyz")
	}
	var group sync.WaitGroup
	for _, p := range users {
		group.Go(func() {
			p.SendPhoto(picture(1), "")
			p.hears("photo.saved")
			p.Send("195rb")
			p.hears("receipt.seller")
			p.Send("TB Jaya")
			p.hears("receipt.day")
		})
	}
	group.Wait()
	h.settle()
	answered, most := strangers.Load(), 3*(1+int64(time.Since(begun)/time.Second))+3
	t.Logf("%d answers to %d strangers in %v; %d calls met a 429", answered, 2*many, time.Since(begun),
		telegramLimit.Hits())
	if answered == 0 || answered > most {
		t.Errorf("%d answers to strangers in %v, want 1 to %d", answered, time.Since(begun), most)
	}
	if dropped := a.metric("pendamping_strangers_dropped_total"); int64(dropped) != 2*many-answered {
		t.Errorf("%v answers are told to be dropped, want %d", dropped, 2*many-answered)
	}
	if n := guessers.Load(); n != guessing { // each has used one of five tries
		t.Errorf("%d of %d hear that their code is unknown", n, guessing)
	}
	if n := h.logged("telegram asks everybody to wait"); n > 0 {
		t.Errorf("everybody was told to wait %d times", n)
	}
	if n := h.logged("strangers write"); n != 1 {
		t.Errorf("one storm of strangers is logged %d times", n)
	}
	for _, p := range users {
		if n := len(p.answers()); n != 3 {
			t.Errorf("%d has %d answers, want 3", p.ID(), n)
		}
	}
}

// Whoever is put into the roster with an account is answered, even if they were a stranger a moment ago.
func TestStrangerIsEnrolled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var c clock
	h.start(limited, c.set)
	p := h.telegram.User(1001, "Orang-Rahasia-1001") // the account of the first owner
	for i := range 20 {
		p.Send(fmt.Sprint("asing ", i))
		h.until("Telegram has handed it over", func() bool { return h.telegram.Pending() == 0 })
	}
	owner := h.owners(1)[0]
	c.pass(11 * time.Second)
	p.Send("anu")
	owner.hears("unknown.words")
	before := len(owner.answers())
	p.Send("anu juga")
	h.until("the next one is answered too", func() bool { return len(owner.answers()) > before })
}

// Whoever has an invitation that fits is heard at once, even after a stranger's answers: with a code that suffices,
// on a coordinator's word, and where another process let them in.
func TestLetInIsHeard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		role      store.Role
		admitted  bool // a coordinator confirms the person
		elsewhere bool // by another process
	}{
		"by the code": {role: store.Member}, "by a coordinator": {role: store.Mentor, admitted: true},
		"by another process": {role: store.Member, elsewhere: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			owner := h.owners(1)[0]
			ctx := t.Context()
			var clock clock
			// the whole test runs within one hour
			clock.pass(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour + 5*time.Minute)))
			tx := h.db.Begin(clock.now(), 0)
			defer tx.Rollback(context.Background())
			invited := store.Person{Key: "baru", Role: c.role, Code: "PDP-9", Name: "Nama Baru"}
			if c.role == store.Member {
				invited.Recipient = owner.recipient
			}
			h.ok(tx.AddPerson(ctx, "person.added", &invited))
			invite := store.Invite{Person: invited.ID, Token: "tautan-undangan-baru", Code: "AB12CD34",
				Expires: clock.now().Add(time.Hour)}
			h.ok(tx.AddInvite(ctx, "invite.made", &invite))
			boss := store.Person{
				Key: "pusat", Role: store.Coordinator, Code: "KOR-9", Name: "Nama Pusat", Account: 3001,
			}
			h.ok(tx.AddPerson(ctx, "person.added", &boss))
			h.ok(tx.AddConsent(ctx, "consent.given", &store.Consent{
				Person: boss.ID, Notice: join.Notice, Given: clock.now(), Source: "paper",
			}))
			_, err := tx.Commit(ctx, 0, nil, nil)
			h.ok(err)
			h.start(clock.set)
			coordinator, p := h.telegram.User(3001, "Pusat-3001"), h.telegram.User(5001, "Orang-Asing-5001")
			coordinator.Send("/start")
			said := func(id string) bool { return strings.Contains(p.Last().Text, h.sentence(id)) }
			for range 3 {
				p.Send("anu")
				h.settle()
			}
			h.until("the last answer says that it is", func() bool { return said("join.last") })
			if c.elsewhere {
				h.ok(h.other().LetIn(ctx, p.ID(), time.Hour))
				tx := h.db.Begin(clock.now(), 0)
				defer tx.Rollback(context.Background())
				invited.Account = p.ID()
				h.ok(tx.PutPerson(ctx, "person.joined", &invited))
				_, err := tx.Commit(ctx, 0, nil, nil)
				h.ok(err)
				p.Send("anu")
			} else {
				p.Send("AB12CD34")
			}
			h.settle()
			if c.admitted {
				for range 3 { // whoever waits for the confirmation asks about it
					p.Send("anu")
					h.settle()
				}
				h.until("the coordinator is asked", func() bool { return len(coordinator.Last().Buttons) > 0 })
				h.press(coordinator, h.sentence("admit.yes"))
			}
			h.until("the consent is asked for", func() bool { return len(p.Last().Buttons) > 0 })
			h.press(p, h.sentence("consent.yes"))
			h.until("the consent is heard", func() bool {
				tx := h.db.Begin(clock.now(), 0)
				defer tx.Rollback(context.Background())
				now, err := tx.Person(ctx, invited.ID)
				h.ok(err)
				return now.Consent != ""
			})
		})
	}
}

// A phone that was let go is a stranger's. However much its owner wrote before, "bukan kami" is heard at once, and
// any other button of hers stops spinning.
func TestStrangerMayObject(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var c clock
	h.start(limited, c.set)
	p := h.owners(1)[0]
	ctx := t.Context()
	tx := h.db.Begin(c.now(), 0)
	defer tx.Rollback(context.Background())
	person, err := tx.Person(ctx, p.person)
	h.ok(err)
	person.Account = 0
	h.ok(tx.PutPerson(ctx, "person.unbound", &person))
	lost := store.Handover{
		Recipient: p.recipient, Kind: store.PhoneLost, State: store.HandoverDone, From: p.person, Reason: "hilang",
		By: p.person, At: c.now(),
		Decided: p.person, DecidedAt: c.now(), Ticket: "0123456789abcdef",
	}
	h.ok(tx.AddHandover(ctx, "handover.done", &lost))
	_, err = tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	for i := range 20 {
		p.Send(fmt.Sprint("kenapa ", i))
		h.until("Telegram has handed it over", func() bool { return h.telegram.Pending() == 0 })
	}
	h.until("she is answered", func() bool { return len(p.answers()) > 0 })
	wait, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	if _, err := p.PressOld(1, "bantuan:").Wait(wait); err != nil {
		t.Errorf("a button spins on: %v", err)
	}
	p.PressOld(1, fmt.Sprintf("notus:%d:%s:y", lost.ID, lost.Ticket)) // the yes to a question that was not asked
	h.until("it is asked whether she is sure", func() bool {
		list := p.answers()
		last := list[len(list)-1]
		return len(last.Buttons) > 0 && strings.HasSuffix(last.Buttons[0][0].Data, ":y")
	})
}

// A flood of presses doesn't cause a flood of answers to them.
func TestFloodOfPresses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	var answered atomic.Int64
	h.seen = func(method string, _ map[string]string) {
		if method == "answerCallbackQuery" {
			answered.Add(1)
		}
	}
	a := h.start(limited)
	p.SendPhoto(picture(1), "195rb TB Jaya kemarin")
	h.until("there is a button", func() bool {
		list := p.answers()
		return len(list) > 0 &&
			len(list[len(list)-1].Buttons) > 0
	})
	last := p.answers()[len(p.answers())-1]
	for range 200 {
		p.PressOld(last.ID, last.Buttons[0][0].Data)
	}
	h.until("Telegram has handed them over", func() bool { return h.telegram.Pending() == 0 })
	a.stop()
	if n := answered.Load(); n > 80 {
		t.Errorf("%d answers to 200 presses", n)
	}
}

// The drill: ten people send twenty messages a second each while a hundred others talk to the bot at their ease. The
// others notice nothing: no answer is missing, and the slowest hundredth of their answers is at most a fifth slower
// than without the flood.
func TestFloodDrill(t *testing.T) {
	if !testdb.Full() {
		t.Skip("takes four minutes: PENDAMPING_FULL=1 runs it")
	}
	h := newHouse(t)
	people := h.owners(110)
	flooders, users := people[:10], people[10:]
	m := measure(h, users)
	a := h.start(limited)
	m.talk(15 * time.Second) // warms up
	var calm, flooded []time.Duration
	for range 3 {
		before := m.talk(30 * time.Second)
		ctx, stop := context.WithCancel(t.Context())
		var flood sync.WaitGroup
		for _, p := range flooders {
			flood.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					p.Send(fmt.Sprint("banjir ", i))
					time.Sleep(50 * time.Millisecond)
				}
			})
		}
		during := m.talk(30 * time.Second)
		stop()
		flood.Wait()
		t.Logf("p99 without %v, with %v", p99(before), p99(during))
		calm, flooded = append(calm, before...), append(flooded, during...)
	}
	without, with := p99(calm), p99(flooded)
	t.Logf("p99 without a flood %v of %d answers, with one %v of %d; %v merged", without, len(calm), with, len(flooded),
		a.metric("pendamping_replies_merged_total"))
	if with > without*6/5+5*time.Millisecond { // Go's own scheduler may be the cause of so much
		t.Errorf("with a flood the p99 is %v, without %v", with, without)
	}
	if m.lost.Load() > 0 {
		t.Errorf("%d answers are missing", m.lost.Load())
	}
}

// talks measures how long users wait for answers.
type talks struct {
	users []*owner
	heard map[string]chan time.Time // by chat
	lost  atomic.Int64
}

func measure(h *house, users []*owner) *talks {
	m := &talks{users: users, heard: map[string]chan time.Time{}}
	for _, p := range users {
		m.heard[strconv.FormatInt(p.ID(), 10)] = make(chan time.Time, 16)
	}
	h.seen = func(method string, params map[string]string) {
		if c := m.heard[params["chat_id"]]; c != nil && method == "sendMessage" {
			c <- time.Now()
		}
	}
	return m
}

// talk lets each user say something about every eight seconds, which is half of what Telegram lets the bot answer,
// and returns how long each of them waited for the answer.
func (m *talks) talk(d time.Duration) (waits []time.Duration) {
	end := time.Now().Add(d)
	var mu sync.Mutex
	var group sync.WaitGroup
	for i, p := range m.users {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		heard := m.heard[strconv.FormatInt(p.ID(), 10)]
		group.Go(func() {
			for n := 0; ; n++ {
				time.Sleep(2*time.Second + time.Duration(random.Int64N(int64(12*time.Second))))
				if time.Now().After(end) {
					return
				}
				sent := time.Now()
				p.Send(fmt.Sprint("halo ", n))
				select {
				case at := <-heard:
					mu.Lock()
					waits = append(waits, at.Sub(sent))
					mu.Unlock()
				case <-time.After(20 * time.Second):
					m.lost.Add(1)
				}
			}
		})
	}
	group.Wait()
	return waits
}

func p99(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)*99/100]
}

// A few strangers who ask about LPJ codes without end leave the strangers' answers to others. Each of them hears a
// few times an hour that it was too often.
func TestCodesWithoutEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := h.start()            // without the limit of all strangers together
	const codes, often = 6, 3 // that many are checked in an hour, and that often they hear that it was too often
	var answers atomic.Int64
	h.seen = func(method string, params map[string]string) {
		if method == "sendMessage" && params["chat_id"] == "7001" {
			answers.Add(1)
		}
	}
	asker := h.telegram.User(7001, "Orang-Asing-7001")
	for i := range 30 {
		asker.Send(fmt.Sprintf("/lpj LPJ-AAAA-BBBB-C%03d", i))
		h.settle()
	}
	if n := answers.Load(); n == 0 || n > codes+often {
		t.Errorf("%d answers about 30 codes, want at most %d and %d that it was too often", n, codes, often)
	}
	if n := a.metric("pendamping_strangers_ignored_total") +
		a.metric("pendamping_strangers_dropped_total"); n < 30-codes-often {
		t.Errorf("%v updates are told to be left without an answer", n)
	}
}

// Codes that were used, withdrawn or have expired let nobody in. Whoever sends them without end gets a stranger's few
// answers and then one a minute, so that a few such people leave the strangers' answers to others.
func TestSpentCodesWithoutEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var c clock
	// the whole test runs within one hour
	c.pass(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour + 5*time.Minute)))
	// without the limit of all strangers together
	h.start(c.set)
	tx := h.db.Begin(c.now(), 0)
	defer tx.Rollback(context.Background())
	invited := store.Person{Key: "baru", Role: store.Mentor, Code: "PDP-9", Name: "Nama PDP-9"}
	h.ok(tx.AddPerson(t.Context(), "person.added", &invited))
	spent := []store.Invite{{Used: c.now()}, {Revoked: c.now()}, {}}
	for i := range spent {
		spent[i].Person, spent[i].Token, spent[i].Code = invited.ID, fmt.Sprint("tautan-lama-", i),
			fmt.Sprint("7QQB7J7", i+2)
		spent[i].Expires = c.now().Add(time.Duration(1-i) * time.Hour) // the last one's time is over
		h.ok(tx.AddInvite(t.Context(), "invite.made", &spent[i]))
	}
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	h.ok(err)
	for i, id := range []string{"join.used", "join.revoked", "join.expired"} {
		p := h.telegram.User(int64(7001+i), fmt.Sprint("Orang-Asing-", i))
		for range 30 {
			p.Send("kode " + spent[i].Code)
			h.settle()
		}
		n := 0
		for _, m := range p.Messages() {
			if m.FromBot && strings.Contains(m.Text, h.sentence(id)) {
				n++
			}
		}
		if n < 3 || n > 6 { // the test takes a minute or two
			t.Errorf("%s was said %d times to 30 codes", id, n)
		}
	}
}

// gate holds up the updates of one account.
type gate struct {
	account int64
	open    chan struct{}
}

func (g gate) set(c *bot.Config) {
	c.Turn = func(ctx context.Context, tx store.Tx, set dialog.Setting, s dialog.Session, e form.Event) (flows.Result,
		error) {
		if e.Account == g.account && e.Text != "anu" {
			<-g.open
		}
		return flows.Turn(ctx, tx, set, s, e)
	}
}

// A stranger's updates are not kept while others of theirs wait, whatever they say, and they are told once. Their
// good code is heard when they send it again.
func TestStrangersFloodIsNotKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := gate{7001, make(chan struct{})}
	a := h.start(g.set)
	p := h.telegram.User(g.account, "Orang-Asing-7001")
	tx := h.db.Begin(time.Now(), 0)
	defer tx.Rollback(context.Background())
	invited := store.Person{Key: "baru", Role: store.Mentor, Code: "PDP-9", Name: "Nama PDP-9", WA: "081234567890"}
	h.ok(tx.AddPerson(t.Context(), "person.added", &invited))
	h.ok(tx.AddInvite(t.Context(), "invite.made", &store.Invite{
		Person: invited.ID, Token: "tautan-undangan-baru", Code: "8RRC8K8M", Expires: time.Now().Add(time.Hour),
	}))
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	h.ok(err)
	heard := func(id string) func() bool {
		return func() bool {
			for _, m := range p.Messages() {
				if m.FromBot && strings.Contains(m.Text, h.sentence(id)) {
					return true
				}
			}
			return false
		}
	}
	p.Send("anu")
	h.until("a stranger is answered", heard("join.stranger"))
	for i := range 300 {
		p.Send(fmt.Sprintf("kode 7QQB-%04d atau 8RRC-8K8M", i))
		h.until("Telegram has handed it over", func() bool { return h.telegram.Pending() == 0 })
	}
	p.Send("kode 8RRC-8K8M")
	h.until("it is said that they are too fast", heard("join.late"))
	if n := h.kept(g.account); n > 20 {
		t.Errorf("%d of 300 updates were kept", n)
	}
	if n := a.metric("pendamping_strangers_ignored_total"); n < 280 {
		t.Errorf("%v updates are told to be ignored", n)
	}
	close(g.open)
	h.settle()
	if heard("join.digits")() {
		t.Error("a code was kept that was said to be lost")
	}
	p.Send("kode 8RRC-8K8M")
	h.until("the code is looked at", heard("join.digits"))
}

// Of thousands of messages that somebody sends at once, as many are kept as are handled within the hour. They are
// told once that the others are not kept.
func TestFloodIsBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	g := gate{p.ID(), make(chan struct{})}
	a := h.start(g.set)
	const most, more = 5000 + 32 + 1, 500 // in the inbox, in memory, in hand
	for i := range most + more {
		p.Send(fmt.Sprint("banjir ", i))
	}
	h.until("Telegram has handed them over", func() bool { return h.telegram.Pending() == 0 })
	n := h.kept(p.ID())
	if n < most || n > most+100 { // those that came together with the last one
		t.Errorf("%d were kept, want %d", n, most)
	}
	if lost := int(a.metric("pendamping_updates_overflowed_total")); lost != most+more-n {
		t.Errorf("%d are told to be lost, want %d", lost, most+more-n)
	}
	p.hears("busy.full")
	close(g.open)
	h.until("the next one is kept", func() bool { p.Send("anu"); return h.kept(p.ID()) > n })
	if n := p.heard("busy.full"); n != 1 {
		t.Errorf("it is said %d times", n)
	}
}
