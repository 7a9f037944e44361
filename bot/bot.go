// Package bot receives updates from Telegram, hands each to flows.Turn once and in its chat's order, and sends what follows.
// An update is durable before it is acknowledged; everything that is said leaves by one way.
package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/form"
	"pendamping/flows/receipt"
	"pendamping/locales"
	"pendamping/store"
)

// Tx is one update's transaction.
type Tx interface {
	store.Tx
	// Written tells whether anything was written, so that there is something to commit.
	Written() bool
	// LockLooks waits until nobody else searches for pictures that are alike, and keeps others from it until the transaction ends.
	LockLooks(ctx context.Context) error
	// Asked notes that the sender of a file was asked for it once more.
	Asked(f store.File)
	// WasAsked tells whether that was noted before.
	WasAsked(ctx context.Context, f store.File) (bool, error)
	// Commit keeps the records, their events, the deliveries and the session beside the update, all at once.
	Commit(ctx context.Context, holder int64, session []byte, deliveries []store.Delivery) ([]store.Delivery, error)
	Rollback(ctx context.Context)
}

// Records are what the bot remembers for good.
type Records interface {
	// Writable tells whether the records answer and take changes: store.ErrReadOnly when they only answer.
	Writable(ctx context.Context) error

	Accept(ctx context.Context, holder int64, updates []store.Update) (fresh []int64, err error)
	HeldUpdates(ctx context.Context, holder int64, ids []int64) ([]int64, error)
	Done(ctx context.Context, ids []int64) error
	Fail(ctx context.Context, id int64, reason string) (tries int, err error)
	Park(ctx context.Context, id int64, reason string) error
	CountGuesses(ctx context.Context, since time.Time, most int) (int, error)
	PendingIn(ctx context.Context, chat, before int64) ([]store.Pending, error)
	Held(ctx context.Context, holder, chat, after int64, limit int) ([]store.Pending, error)
	Adopt(ctx context.Context, holder int64, limit int) (store.LeftBehind, error)
	Gone(ctx context.Context, process int64) (bool, error)
	// Frozen are the other processes whose heartbeat stands still; EndFrozen lets others take over from those that do so for too long.
	Frozen(ctx context.Context, me int64) ([]store.FrozenProcess, error)
	EndFrozen(ctx context.Context, me int64) (ended []int64, err error)
	// Webhook is the newest living process that receives by webhook; 0: there is none.
	Webhook(ctx context.Context) (newest int64, err error)
	OwedFor(ctx context.Context, update int64) ([]store.Delivery, error)

	Mark(ctx context.Context, at time.Time, marks []store.Mark) error
	Claim(ctx context.Context, holder int64, at time.Time, class store.Class, limit int) ([]store.Delivery, error)
	ClaimBulk(ctx context.Context, holder int64, at time.Time, limit int, marks []store.Mark) ([]store.Delivery, error)
	NextBulk(ctx context.Context, at time.Time) (time.Time, error)
	Outdated(ctx context.Context, broadcast store.ID, edition int, after int64, limit int) ([]store.Delivery, error)
	Amended(ctx context.Context, marks []store.Mark) error
	Voted(ctx context.Context, poll string, chosen []int) error
	NextDue(ctx context.Context, at time.Time, class store.Class) (time.Time, error)
	Unreachable(ctx context.Context, at time.Time, chat int64, reason string) error
	Reachable(ctx context.Context, chat int64) (was bool, err error)
	MoveChat(ctx context.Context, from, to int64) error
	KeepRoot(ctx context.Context, at time.Time) (store.Root, error)
	RootAhead(ctx context.Context, now time.Time) (name string, err error)
	ProgressAt(ctx context.Context) (time.Time, error)
	RefreshProgress(ctx context.Context, at time.Time) error
	Prune(ctx context.Context, before time.Time) (int, error)
	PruneParked(ctx context.Context, before time.Time) (int, error)
	Redact(ctx context.Context, before time.Time) (int, error)
	Backlog(ctx context.Context, due time.Time) (map[store.DeliveryState]int, error)
	Waiting(ctx context.Context) (updates int, err error)
	SetAside(ctx context.Context) (updates int, err error)

	// FilesMissing is how many files came before a time and have no bytes here yet, and when the oldest of them came.
	FilesMissing(ctx context.Context, before time.Time) (n int, oldest time.Time, err error)
	FilesToAsk(ctx context.Context, before time.Time, limit int) ([]store.File, error)
	FilesToFetch(ctx context.Context, after store.ID, limit int) ([]store.File, error)
	FilesToLook(ctx context.Context, without []store.ID, limit int) ([]store.File, error)
	// TryDecode counts an attempt at files before it is made; Decoded forgets the attempts, UndoDecode takes the last one back.
	TryDecode(ctx context.Context, at time.Time, process int64, job string, hashes []string) (map[string]int, error)
	Decoded(ctx context.Context, job string, hashes []string) error
	UndoDecode(ctx context.Context, process int64, job string, hashes []string) error
	receipt.Gallery
}

// Process is this process among those that share the records.
type Process interface {
	Number() int64
	// Enter tells the others how this process takes updates in.
	Enter(ctx context.Context, mode store.Mode) error
	// Lead takes a part that one process plays at a time; it keeps it until it ends.
	Lead(ctx context.Context, part string) (bool, error)
	// Here waits until this process is among the others, after its connection was lost. False: it is gone for them.
	Here(ctx context.Context) bool
	// Lost is closed when the others may believe that this process is gone.
	Lost() <-chan struct{}
}

// Lanes keep sessions, and each chat to one owner at a time.
type Lanes interface {
	Enter(ctx context.Context, chat int64, owner string) (store.Lane, error)
	Leave(ctx context.Context, chat int64, owner string, revision int64, session []byte) error
	Evict(ctx context.Context, chat int64, owner string) error
	Restore(ctx context.Context, chat int64, session []byte, revision int64) (bool, error)
	Ping(ctx context.Context) error
}

// Gate is the pace at which all processes together send.
type Gate interface {
	Take(ctx context.Context, class store.Class, chat int64, rate float64) (store.Place, error)
	Landed(place int64)
	Reply(ctx context.Context, chat int64, yields store.Yield) (place bool, after time.Duration, err error)
	Spent(chats ...int64)
	Pause(ctx context.Context, length time.Duration) error
	PauseBulk(ctx context.Context, length time.Duration) error
	PauseChat(ctx context.Context, chat int64, length time.Duration) error
	Paused(ctx context.Context) (store.Pause, error)
	Stranger(ctx context.Context, key string, most int, forget time.Duration, shared bool) (store.StrangerAnswer, error)
	LetIn(ctx context.Context, chat int64, forget time.Duration) error
	PutOut(ctx context.Context, chat int64) error
	AreLetIn(ctx context.Context, chats []int64) ([]bool, error)
}

// Media keeps the bytes of files by their hash.
type Media interface {
	Put(ctx context.Context, r io.Reader) (sha256 string, size int64, err error)
	Open(sha256 string) (*os.File, error)
	// Sweep removes what killed processes left unfinished before that time.
	Sweep(ctx context.Context, before time.Time) (int, error)
}

// Config is what a bot is made of.
type Config struct {
	Telegram  *telegram.Client
	Name      string // the bot's username
	PublicURL string // set: webhook mode
	Records   Records
	Begin     func(at time.Time, update int64) Tx // of the records
	Process   Process
	// Join makes the number ready under which the next run joins, before this one ends with ErrLost; nil: it joins then.
	Join  func(ctx context.Context) error
	Lanes Lanes
	Gate  Gate
	Media Media
	// Turn decides what an update leads to; nil: flows.Turn.
	Turn func(context.Context, store.Tx, dialog.Setting, dialog.Session, form.Event) (flows.Result, error)
	// Inspect looks at a picture: receipt.Inspect; nil: pictures are not looked at. receipt.ErrLarge asks for a large look at it, of which
	// one goes on at a time.
	Inspect func(ctx context.Context, f store.File, r io.Reader, large bool) (receipt.Seen, error)
	// Make writes the document that a message of class store.Paper asks for, and tells its file's name: flows.Make; nil: none is made.
	Make func(ctx context.Context, w io.Writer, from documents.Source, m store.Message, language string) (name string, err error)
	// Read reads the printed words of a picture; nil: pictures are not read.
	Read    func(ctx context.Context, picture io.Reader) (string, error)
	Locales *locales.Locales
	Zone    *time.Location
	Rate    float64 // bulk messages a second; 0: no limit, and no pace of replies either
	Paid    bool    // announcements may go faster than Telegram allows for nothing, for its price
	Now     func() time.Time
	// WebhookCheck is how often it is looked whether the webhook is still set; 0: each minute.
	WebhookCheck time.Duration
	// TokenCheck is how often Telegram is asked whether it takes the token again; 0: every half minute.
	TokenCheck time.Duration
	Round      time.Duration // how often it is looked whether a round's hour has come; 0: half a minute, below: never
	Log        *slog.Logger
}

// Bot receives, handles and sends.
type Bot struct {
	Config
	owner   string
	setting dialog.Setting
	lanes   lanes
	memory  *memory
	marks   *marks
	backoff backoff
	local   *localPace
	talks   limiter // of a chat's updates whose replies go before others'
	// bulkTurn orders this process's bulk where it asks for its places.
	bulkTurn sync.Mutex
	replies  replies
	hook     *hook
	due      chan time.Time // when a message that this process queued is due
	files    chan struct{}  // there is something to fetch
	looks    chan struct{}  // there is something to look at
	reads    *readQueue     // pictures to read
	paced    chan struct{}  // something waits behind replies
	papers   chan struct{}  // there is something to make
	renew    chan struct{}  // rows may be in the hands of this process without its knowing
	metrics  *metrics
	convert  telegram.Converter
	rooms    rooms
	guesses  guesses
	doubts   doubts
	work     context.Context
	told     sync.Map     // chats told to wait while records were away
	wrote    sync.Map     // chats that wrote to this process since they were last unreachable
	writers  atomic.Int64 // of them, at most

	beats     beats
	receiving atomic.Bool
	refusedAt atomic.Int64 // when updates could last not be made durable, in Unix seconds; 0: they could since
	// What many calls may notice at once is logged once when it begins and once when it is over.
	readOnly, denied, frozen                                                                   episode
	postgres, silent, unkept, standsDown, otherPolls, otherHook, hookFails, pauses, longPauses episode
	strangers                                                                                  strangers
	stopping                                                                                   chan struct{} // closed when the process is told to stop

	adopting sync.Mutex // until what was taken over is in the lanes
}

// New makes a bot; Run sets it going.
func New(c Config) *Bot {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Round == 0 {
		c.Round = 30 * time.Second
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
	b := &Bot{
		Config: c, owner: fmt.Sprint(c.Process.Number()),
		due: make(chan time.Time, 64), files: make(chan struct{}, 1), looks: make(chan struct{}, 1), reads: newReadQueue(), paced: make(chan struct{}, 1), papers: make(chan struct{}, 1), renew: make(chan struct{}, 1),
	}
	b.metrics = newMetrics(c.Records, &b.backoff, &b.replies)
	b.setting = dialog.Setting{Zone: c.Zone, Bot: c.Name, Rate: c.Rate, Words: func(language string, t store.Text) string {
		return c.Locales.Text(language, t.ID, t.Data)
	}}
	b.standsDown = episode{log: c.Log, began: "stands down from polling: another process receives by webhook", ended: "no process receives by webhook any more: polls again"}
	b.otherPolls = episode{log: c.Log, began: "another program polls with this token: some updates go there until it stops", ended: "nobody else polls any more"}
	b.otherHook = episode{log: c.Log, began: "another program sets a webhook for this token: no updates come here until it stops", ended: "no webhook is set any more"}
	b.hookFails = episode{log: c.Log, began: "telegram can't deliver to the webhook", ended: "telegram delivers to the webhook again"}
	b.postgres = episode{log: c.Log, began: "postgres is away: updates wait", ended: "postgres is back", steady: serverSteady}
	b.readOnly = episode{log: c.Log, began: "PostgreSQL is read-only: updates wait", ended: "PostgreSQL takes changes again", steady: serverSteady}
	b.frozen = episode{log: c.Log,
		began: "another process stands still, as when it is frozen or its machine is paused; soon others take over from it",
		ended: "no other process stands still"}
	b.silent = episode{log: c.Log, began: "telegram does not answer: messages wait", ended: "telegram answers again"}
	b.denied = episode{log: c.Log, began: "telegram does not accept TELEGRAM_TOKEN: nothing is sent, and messages wait. If the token was revoked, " +
		"copy the new one from @BotFather and start again", ended: "telegram accepts TELEGRAM_TOKEN again", steady: serverSteady}
	b.unkept = episode{log: c.Log, began: "media: the bytes of files can't be kept; they are fetched again until they can", ended: "media: bytes of files are kept again"}
	b.convert = telegram.NewConverter(c.Name)
	b.pauses = episode{log: c.Log, began: "telegram asks everybody to wait", ended: "telegram asks nobody to wait any more"}
	b.longPauses = episode{log: c.Log, began: "telegram asks for a very long pause, which is cut", ended: "telegram asks for no very long pauses any more"}
	b.strangers.bot, b.strangers.crowd = b, episode{log: c.Log,
		began: "strangers write more than they are answered: what is over is dropped", ended: "strangers are answered again"}
	b.strangers.alone = limiter{every: store.StrangersEvery, burst: store.StrangersBurst}
	b.local = newLocalPace()
	b.talks = limiter{every: talkEvery, burst: talkBurst}
	b.stopping = make(chan struct{})
	b.lanes.ended, b.lanes.do, b.lanes.more = make(chan struct{}), b.handle, b.waiting
	if c.Rate > 0 {
		b.lanes.limit = &limiter{every: handleEvery, burst: handleBurst}
	}
	b.lanes.crowd = make(chan struct{}, mostCrowded)
	b.memory = newMemory(c.Lanes, b.owner, c.Records.Gone, c.Log)
	b.watchAway()
	b.marks = newMarks(b)
	b.hook = newHook(b)
	return b
}

// A chat's updates are handled as they come, and after a burst of them, which an evening's photos may be, a little faster than it can
// be answered.
const (
	handleEvery = time.Second / 2
	handleBurst = 30
)

// A conversation has a few answers in a row, and then one in a while.
const (
	talkEvery = 3 * time.Second
	talkBurst = 6
)

// grace is how long a stop waits for what is in hand. Whoever joins anew has the time until all its messages have an answer or failed.
const grace = 6 * time.Second

// ErrLost says that the others took this process for dead, or that it does not know what it holds; it stops, to be started again.
var ErrLost = errors.New("this process joins the database anew")

// Run receives, handles and sends until ctx ends; then it finishes what is in hand. It returns nil after a clean stop.
func (b *Bot) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	b.work = work
	stopped := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	var background, receiving sync.WaitGroup
	for _, job := range []func(context.Context){b.marks.run, b.watchMemory, b.watchPause} {
		background.Go(func() { job(work) })
	}
	for _, job := range []func(context.Context){b.adopt, b.watchDoubts, b.sendDue, b.sendPaced, b.sendPapers, b.fetchAll, b.lookAll, b.readAll, b.hourly, b.progress, b.watchOthers,
		b.rounds, b.sendBulk, b.watchBulk, b.amendAll} {
		receiving.Go(func() { job(ctx) }) // nothing new is begun once ctx has ended
	}
	receiving.Go(func() {
		defer b.receiving.Store(false)
		b.receiving.Store(true)
		if err := b.receive(ctx); err != nil {
			cancel(err)
		}
	})
	inHand := grace
	select {
	case <-ctx.Done():
	case <-b.Process.Lost():
		inHand = b.Telegram.SendTimeout + time.Second
		b.joinAnew(ctx, cancel, "the database took this process for gone")
	case <-b.renew:
		inHand = b.Telegram.SendTimeout + time.Second
		b.joinAnew(ctx, cancel, "an answer of the database was lost, and with it what this process may have taken in hand")
	}
	close(b.stopping)
	cut := time.AfterFunc(inHand, stop)
	defer cut.Stop()
	defer context.AfterFunc(stopped, func() { time.AfterFunc(grace, stop) })() // a stop does not wait for a joining anew
	receiving.Wait()
	b.beats.end()
	b.lanes.wait(inHand)
	stop()
	background.Wait()
	b.lanes.wait(time.Second)
	b.marks.flush()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// joinAnew ends this run, so that another number takes over what this one holds. Until the run has ended nobody else does.
func (b *Bot) joinAnew(ctx context.Context, cancel context.CancelCauseFunc, why string) {
	if b.answers(ctx) == nil && ctx.Err() == nil { // else its coming back is logged
		b.Log.Warn("joining anew: " + why)
	}
	// While the records are away nobody can take over, and somebody must tell people to wait.
	ready := func() bool { return b.answers(ctx) == nil && (b.Join == nil || b.Join(ctx) == nil) }
	for !ready() && sleep(ctx, 200*time.Millisecond) {
	}
	if ctx.Err() == nil { // who goes on knows nothing of these episodes
		b.postgres.endAfter(0)
		b.readOnly.endAfter(0)
		if !b.memory.away.Load() {
			b.memory.log.endAfter(0)
		}
	}
	cancel(ErrLost)
}

// claimed notes that a claim of rows had no answer. The rows may be in this process's hands without its knowing, and then only another
// number takes them over. That the database is read-only is an answer.
func (b *Bot) claimed(ctx context.Context, err error) {
	if err != nil && !errors.Is(err, store.ErrReadOnly) && ctx.Err() == nil {
		wake(b.renew)
	}
}

// answers tells soon whether PostgreSQL does and takes changes, and logs when that changes.
func (b *Bot) answers(ctx context.Context) error {
	call, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	err := b.Records.Writable(call)
	switch {
	case err == nil:
		b.answered()
	case errors.Is(err, store.ErrReadOnly):
		b.postgres.end()
		b.readOnly.begin(nil)
	case ctx.Err() == nil:
		b.postgres.begin(err)
	}
	return err
}

// answered notes that PostgreSQL answers and takes changes.
func (b *Bot) answered() {
	b.postgres.end()
	b.readOnly.end()
}

// warn logs what a loop could not do, unless that is because PostgreSQL is away, which is logged once.
func (b *Bot) warn(ctx context.Context, what string, err error, args ...any) {
	if ctx.Err() == nil && b.answers(ctx) == nil {
		b.Log.Warn(what, append(args, "err", err.Error())...)
	}
}

// sleep waits, and tells whether there is still work to do.
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
