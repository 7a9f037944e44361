// Package bot receives updates from Telegram, hands each to flows.Turn once and in its chat's order, and sends what
// follows. An update is durable before it is acknowledged; everything that is said leaves by one way.
package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"pendamping/bot/files"
	"pendamping/bot/health"
	"pendamping/bot/ratelimit"
	"pendamping/bot/telegram"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/form"
	"pendamping/flows/receipt"
	"pendamping/locales"
	"pendamping/store"
)

// Config is what a bot is made of.
type Config struct {
	Telegram  *telegram.Client
	Name      string // the bot's username
	PublicURL string // where Telegram posts updates; "" means polling
	Records   Records
	Begin     func(at time.Time, update int64) Tx // begins a transaction on the records
	Process   Process
	// Join reserves the number under which the next run joins, before this run ends with ErrLost. If nil, the next
	// run joins by itself.
	Join    func(ctx context.Context) error
	Leases  Leases
	Limiter RateLimiter
	Media   Media
	// Turn decides what an update leads to; flows.Turn if nil.
	Turn func(context.Context, store.Tx, dialog.Setting, dialog.Session, form.Event) (flows.Result, error)
	// Inspect looks at a picture, like receipt.Inspect. If it returns receipt.ErrLarge it is called again with large,
	// for one picture at a time. If nil, pictures are not looked at.
	Inspect func(ctx context.Context, f store.File, r io.Reader, large bool) (receipt.Seen, error)
	// Make writes the document that a message of class store.Paper asks for, and returns its file name, like
	// flows.MakeDocument. If nil, no documents are made.
	Make func(
		ctx context.Context, w io.Writer, from documents.Source, m store.Message, language string,
	) (name string, err error)
	// Read reads the printed words of a picture. If nil, pictures are not read.
	Read    func(ctx context.Context, picture io.Reader) (string, error)
	Locales *locales.Locales
	Zone    *time.Location
	Rate    float64 // bulk messages a second; 0 for no limit on bulk or replies
	Paid    bool    // announcements may exceed Telegram's free rate, for a price
	Now     func() time.Time
	// WebhookCheck is how often the webhook is checked; each minute if 0.
	WebhookCheck time.Duration
	// TokenCheck is how often a rejected token is tried again; every half minute if 0.
	TokenCheck time.Duration
	// ScheduleCheck is how often the schedule is checked; every half minute if 0, never if negative.
	ScheduleCheck time.Duration
	Log           *slog.Logger
}

// Bot receives, handles and sends.
type Bot struct {
	Config
	owner     string
	setting   dialog.Setting
	convert   telegram.Converter
	metrics   *metrics
	work      context.Context
	stopping  chan struct{} // closed when the process is told to stop
	receiving atomic.Bool

	webhook    *webhookHandler
	files      *files.Files
	queues     chatQueues
	sessions   *sessions
	results    *results
	replies    replies
	groups     groupQueues
	strangers  strangers
	guesses    guesses
	uncertain  uncertainUpdates
	recovering sync.Mutex // held until what was taken over is in the queues

	backoff       ratelimit.Backoff
	localLimiter  *ratelimit.Local
	conversations ratelimit.Chats // whose allowance lets a chat's replies go before others'
	bulkTokens    sync.Mutex      // lets one goroutine at a time ask for a token for bulk

	due          chan time.Time // when a message that this process queued is due
	nudges       chan struct{}  // there is a nudge to send
	papers       chan struct{}  // there is a document to make
	rejoinNeeded chan struct{}  // this process may hold rows without knowing it

	toldToWait     sync.Map     // chats that were told to wait while the records are away
	reachable      sync.Map     // chats that wrote to this process since they were last unreachable
	reachableCount atomic.Int64 // at most so many chats are in reachable
	lastRefusal    atomic.Int64 // when updates could last not be made durable, in Unix seconds; 0 if they could since

	heartbeats health.Heartbeats
	episodes
}

// New returns a bot, which Run sets going.
func New(c Config) *Bot {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.ScheduleCheck == 0 {
		c.ScheduleCheck = 30 * time.Second
	}
	if c.Turn == nil {
		c.Turn = flows.Turn
	}
	if c.WebhookCheck == 0 {
		c.WebhookCheck = time.Minute
	}
	if c.TokenCheck == 0 {
		c.TokenCheck = 30 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	signal := func() chan struct{} { return make(chan struct{}, 1) }
	b := &Bot{
		Config: c, owner: fmt.Sprint(c.Process.Number()),
		due: make(chan time.Time, 64), nudges: signal(), papers: signal(), rejoinNeeded: signal(),
	}
	b.metrics = newMetrics(c.Records, &b.backoff, &b.replies)
	words := func(language string, t store.Text) string { return c.Locales.Text(language, t.ID, t.Data) }
	b.setting = dialog.Setting{Zone: c.Zone, Bot: c.Name, Rate: c.Rate, Words: words}
	b.episodes.logTo(c.Log)
	b.convert = telegram.NewConverter(c.Name)
	b.strangers.bot, b.strangers.crowd = b, health.Episode{Log: c.Log,
		Began: "strangers write more than they are answered: what is over is dropped",
		Ended: "strangers are answered again"}
	b.strangers.alone = ratelimit.Chats{Every: store.StrangersEvery, Burst: store.StrangersBurst}
	b.localLimiter = ratelimit.NewLocal()
	b.conversations = ratelimit.Chats{Every: conversationEvery, Burst: conversationBurst}
	b.stopping = make(chan struct{})
	b.queues.ended, b.queues.do, b.queues.more = make(chan struct{}), b.handle, b.fromBacklog
	if c.Rate > 0 {
		b.queues.limit = &ratelimit.Chats{Every: handleEvery, Burst: handleBurst}
	}
	b.queues.crowd = make(chan struct{}, maxCrowded)
	b.sessions = newSessions(c.Leases, b.owner, c.Records.Gone, c.Log)
	b.watchAway()
	b.results = newResults(b)
	b.webhook = newWebhookHandler(b)
	b.files = newFiles(b)
	return b
}

// A chat's updates are handled as they come, up to a burst, which an evening's photos may be. After that they are
// handled a little faster than they can be answered.
const (
	handleEvery = time.Second / 2
	handleBurst = 30
)

// A conversation has a few answers in a row, and then one in a while.
const (
	conversationEvery = 3 * time.Second
	conversationBurst = 6
)

// stopGrace is how long a stop waits for work in hand. A run that ends in order to rejoin waits until all its calls
// have an answer or have failed.
const stopGrace = 6 * time.Second

// ErrLost says that the other processes counted this one as dead, or that it doesn't know which rows it holds. It has
// to be started again under a new number.
var ErrLost = errors.New("this process joins the database anew")

// Run receives, handles and sends until ctx ends, and then finishes the work in hand. It returns nil after a clean
// stop.
func (b *Bot) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	b.work = work
	stopped := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	var background, receiving sync.WaitGroup
	for _, job := range []func(context.Context){b.results.run, b.watchSessions, b.watchPauses} {
		background.Go(func() { job(work) })
	}
	for _, job := range []func(context.Context){
		b.recover, b.watchUncertain, b.sendDue, b.sendNudges, b.sendPapers,
		b.files.FetchAll, b.files.LookAll, b.files.ReadAll,
		b.hourly, b.progress, b.watchFrozen, b.schedule, b.sendBulk, b.watchBroadcasts, b.editBroadcasts,
	} {
		receiving.Go(func() { job(ctx) }) // begins nothing new once ctx has ended
	}
	receiving.Go(func() {
		defer b.receiving.Store(false)
		b.receiving.Store(true)
		if err := b.receive(ctx); err != nil {
			cancel(err)
		}
	})
	inHand := stopGrace
	select {
	case <-ctx.Done():
	case <-b.Process.Lost():
		inHand = b.Telegram.SendTimeout + time.Second
		b.rejoin(ctx, cancel, "the database took this process for gone")
	case <-b.rejoinNeeded:
		inHand = b.Telegram.SendTimeout + time.Second
		b.rejoin(ctx, cancel,
			"an answer of the database was lost, and with it what this process may have taken in hand")
	}
	close(b.stopping)
	cut := time.AfterFunc(inHand, stop)
	defer cut.Stop()
	defer context.AfterFunc(stopped, func() { time.AfterFunc(stopGrace, stop) })() // a stop doesn't wait for a rejoin
	receiving.Wait()
	b.heartbeats.End()
	b.queues.wait(inHand)
	stop()
	background.Wait()
	b.queues.wait(time.Second)
	b.results.flush()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// rejoin ends this run so that another number takes over what it holds. Nobody else does so before the run has ended.
func (b *Bot) rejoin(ctx context.Context, cancel context.CancelCauseFunc, why string) {
	if b.checkPostgres(ctx) == nil && ctx.Err() == nil { // otherwise its return is logged
		b.Log.Warn("joining anew: " + why)
	}
	// While the records are away nobody can take over, and somebody has to tell people to wait.
	ready := func() bool { return b.checkPostgres(ctx) == nil && (b.Join == nil || b.Join(ctx) == nil) }
	for !ready() && sleep(ctx, 200*time.Millisecond) {
	}
	if ctx.Err() == nil { // the next run knows nothing of these episodes
		b.postgresAway.EndAfter(0)
		b.readOnly.EndAfter(0)
		if !b.sessions.away.Load() {
			b.sessions.outage.EndAfter(0)
		}
	}
	cancel(ErrLost)
}

// noteClaim notes that the answer to a claim of rows was lost. This process may hold the rows without knowing it, and
// then only another number can take them over. A read-only database is an answer.
func (b *Bot) noteClaim(ctx context.Context, err error) {
	if err != nil && !errors.Is(err, store.ErrReadOnly) && ctx.Err() == nil {
		wake(b.rejoinNeeded)
	}
}

// checkPostgres returns quickly whether PostgreSQL answers and accepts changes, and logs when that changes.
func (b *Bot) checkPostgres(ctx context.Context) error {
	call, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	err := b.Records.Writable(call)
	switch {
	case err == nil:
		b.postgresAnswered()
	case errors.Is(err, store.ErrReadOnly):
		b.postgresAway.End()
		b.readOnly.Begin(nil)
	case ctx.Err() == nil:
		b.postgresAway.Begin(err)
	}
	return err
}

// postgresAnswered notes that PostgreSQL answers and accepts changes.
func (b *Bot) postgresAnswered() {
	b.postgresAway.End()
	b.readOnly.End()
}

// warn logs what a loop could not do, unless the cause is PostgreSQL, whose outage is logged once.
func (b *Bot) warn(ctx context.Context, what string, err error, args ...any) {
	if ctx.Err() == nil && b.checkPostgres(ctx) == nil {
		b.Log.Warn(what, append(args, "err", err.Error())...)
	}
}

// sleep waits, and returns false if ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
