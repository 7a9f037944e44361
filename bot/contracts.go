package bot

import (
	"context"
	"time"

	"pendamping/bot/files"
	"pendamping/store"
)

// Tx is the transaction of one update.
type Tx interface {
	store.Tx
	// Written reports whether anything was written, so that there is something to commit.
	Written() bool
	// LockLooks waits until nobody else searches for similar pictures, and keeps others from it until the transaction
	// ends.
	LockLooks(ctx context.Context) error
	// Asked notes that the sender of a file was asked to send it again.
	Asked(f store.File)
	// WasAsked reports whether that was noted before.
	WasAsked(ctx context.Context, f store.File) (bool, error)
	// Commit keeps the records, their events, the deliveries and the session beside the update, all at once, and
	// returns the deliveries with their ids. The holder is the process that sends the replies among them. It returns
	// store.ErrConflict if a record or the update was changed meanwhile; then nothing is kept.
	Commit(ctx context.Context, holder int64, session []byte, deliveries []store.Delivery) ([]store.Delivery, error)
	// Rollback ends the transaction and keeps nothing. After Commit it does nothing.
	Rollback(ctx context.Context)
}

// Records is what the bot remembers for good. A holder is the number of a process that has rows in hand.
type Records interface {
	// Writable returns nil if the records answer and accept changes, and store.ErrReadOnly if they only answer.
	Writable(ctx context.Context) error
	Inbox
	Processes
	Outbox
	BulkOutbox
	Upkeep
	files.Records
	// FilesMissing returns how many files came before a time and have no bytes here yet, and when the oldest of them
	// came.
	FilesMissing(ctx context.Context, before time.Time) (n int, oldest time.Time, err error)
	// CountGuesses returns how many wrong invitation codes were given since a time, over all accounts. It counts no
	// further than most.
	CountGuesses(ctx context.Context, since time.Time, most int) (int, error)
}

// Inbox is the updates that were received, until they are done.
type Inbox interface {
	// Accept keeps updates for a holder and returns the ids of those that were not known yet, in order. After an error
	// it is not known whether they are durable.
	Accept(ctx context.Context, holder int64, updates []store.Update) (fresh []int64, err error)
	// HeldUpdates returns those of the ids whose updates are durable, not done, and in the holder's hands, in order.
	HeldUpdates(ctx context.Context, holder int64, ids []int64) ([]int64, error)
	// Held returns the next updates of a chat that a holder has, in order, at most limit, beginning after an id.
	Held(ctx context.Context, holder, chat, after int64, limit int) ([]store.Pending, error)
	// PendingIn returns the updates of a chat that are not done and came before an id, in order, whoever has them.
	PendingIn(ctx context.Context, chat, before int64) ([]store.Pending, error)
	// Done forgets what the updates said and keeps that they came.
	Done(ctx context.Context, ids []int64) error
	// Fail counts a failure of an update and returns how many there are; store.ErrNotFound if it is not open any more.
	Fail(ctx context.Context, id int64, reason string) (tries int, err error)
	// Quarantine quarantines an update; store.ErrNotFound if it is not open any more.
	Quarantine(ctx context.Context, id int64, reason string) error
	// Waiting returns how many updates are durable and neither done nor quarantined.
	Waiting(ctx context.Context) (updates int, err error)
	// CountQuarantined returns how many updates are quarantined.
	CountQuarantined(ctx context.Context) (updates int, err error)
}

// Processes are those that share the records, as the others see them.
type Processes interface {
	// Recover puts what ended processes left into a holder's hands: their replies, and at most limit of their updates,
	// the oldest first.
	Recover(ctx context.Context, holder int64, limit int) (store.LeftBehind, error)
	// Gone reports whether a process has ended and was taken over from.
	Gone(ctx context.Context, process int64) (bool, error)
	// Frozen returns the other processes whose heartbeat has stopped.
	Frozen(ctx context.Context, me int64) ([]store.FrozenProcess, error)
	// EndFrozen ends the database sessions of those that have been frozen for too long, so that others take over from
	// them, and returns their numbers.
	EndFrozen(ctx context.Context, me int64) (ended []int64, err error)
	// Webhook returns the newest living process that receives by webhook, or 0.
	Webhook(ctx context.Context) (newest int64, err error)
}

// Outbox is the messages that are to be sent, and what became of those that were.
type Outbox interface {
	// Claim puts at most limit messages of a class that are due into a holder's hands, oldest first. The holder has to
	// KeepOutcomes each, with store.Queued if it is not sent.
	Claim(ctx context.Context, holder int64, at time.Time, class store.Class, limit int) ([]store.Delivery, error)
	// NextDue returns when Claim has the next message of a class: at if it has one now, the zero time if none waits.
	NextDue(ctx context.Context, at time.Time, class store.Class) (time.Time, error)
	// OwedFor returns the replies of an update's commit that are not known to be sent.
	OwedFor(ctx context.Context, update int64) ([]store.Delivery, error)
	// KeepOutcomes records what became of deliveries, in one commit.
	KeepOutcomes(ctx context.Context, at time.Time, outcomes []store.DeliveryOutcome) error
	// Unreachable records that a chat can't be written to until it writes again, and why.
	Unreachable(ctx context.Context, at time.Time, chat int64, reason string) error
	// Reachable records that a chat wrote, and reports whether it was unreachable.
	Reachable(ctx context.Context, chat int64) (was bool, err error)
	// MoveChat moves what is known of a group, and what waits for it, to its new id.
	MoveChat(ctx context.Context, from, to int64) error
	// Backlog counts the messages that were due and have not arrived, by state.
	Backlog(ctx context.Context, due time.Time) (map[store.DeliveryState]int, error)
}

// BulkOutbox is the rows of announcements.
type BulkOutbox interface {
	// ClaimBulk puts at most limit rows that are due into a holder's hands, those of the oldest announcement first, and
	// records outcomes in the same commit.
	ClaimBulk(ctx context.Context, holder int64, at time.Time, limit int,
		outcomes []store.DeliveryOutcome) ([]store.Delivery, error)
	// NextBulk returns when ClaimBulk has the next row: at if it has one now, the zero time if none waits.
	NextBulk(ctx context.Context, at time.Time) (time.Time, error)
	// Outdated returns at most limit rows of an announcement whose chats show an earlier edition, in the order of their
	// chats, beginning after one.
	Outdated(ctx context.Context, broadcast store.ID, edition int, after int64, limit int) ([]store.Delivery, error)
	// KeepEdits records which edition chats show now or, with a reason, why they can't show it.
	KeepEdits(ctx context.Context, outcomes []store.DeliveryOutcome) error
	// Voted records which options of a poll are chosen now, counted from 0; none after the choice was taken back.
	Voted(ctx context.Context, poll string, chosen []int) error
}

// Upkeep is what is done once for all processes every few minutes or hours.
type Upkeep interface {
	// KeepRoot returns the root of the audit trail for an hour, and makes it if there is none.
	KeepRoot(ctx context.Context, at time.Time) (store.Root, error)
	// RootAhead returns the name of the first root that is dated in the future, or "".
	RootAhead(ctx context.Context, now time.Time) (name string, err error)
	// ProgressAt returns when the field's progress was worked out last; the zero time if never.
	ProgressAt(ctx context.Context) (time.Time, error)
	// RefreshProgress works out the field's progress.
	RefreshProgress(ctx context.Context, at time.Time) error
	// Prune deletes updates that are done and came before a time, and returns how many.
	Prune(ctx context.Context, before time.Time) (int, error)
	// PruneQuarantined deletes what updates say that were quarantined before a time, and returns how many.
	PruneQuarantined(ctx context.Context, before time.Time) (int, error)
	// Redact deletes the words of messages that were queued before a time and are settled, and returns how many.
	Redact(ctx context.Context, before time.Time) (int, error)
}

// Process is this process among those that share the records.
type Process interface {
	// Number returns the number that tells this process from the others.
	Number() int64
	// Enter tells the other processes how this one receives updates.
	Enter(ctx context.Context, mode store.Mode) error
	// Lead takes a part that only one process plays at a time, and keeps it until the process ends. It reports whether
	// this process has the part.
	Lead(ctx context.Context, part string) (bool, error)
	// Here waits until this process is among the others again after it lost its connection. It returns false if they
	// count it as gone.
	Here(ctx context.Context) bool
	// Lost returns a channel that is closed when the others may count this process as gone.
	Lost() <-chan struct{}
}

// Leases keep sessions, and let one owner at a time hold a chat.
type Leases interface {
	// Acquire takes a chat's lease and returns it with the chat's session. If another owner holds it, Busy says for how
	// long to wait before it is asked for again.
	Acquire(ctx context.Context, chat int64, owner string) (store.Lease, error)
	// Release writes the session, unless it is nil, and ends the lease. The revision is the one that Acquire returned.
	// It returns store.ErrConflict, and writes nothing, if another owner has the lease or wrote the session meanwhile.
	Release(ctx context.Context, chat int64, owner string, revision int64, session []byte) error
	// Expire ends the lease of an owner that is known to be gone.
	Expire(ctx context.Context, chat int64, owner string) error
	// Restore writes a session that was kept elsewhere, unless there is one with that revision or a later one, and
	// reports whether it did.
	Restore(ctx context.Context, chat int64, session []byte, revision int64) (bool, error)
	// Ping returns nil if leases can be acquired and sessions written.
	Ping(ctx context.Context) error
}

// RateLimiter limits the rate at which all processes together send.
type RateLimiter interface {
	// Take takes a token for a nudge or bulk to a chat, at rate tokens a second in all; 0 for no limit. Once the call
	// has its answer, its token is given to Answered.
	Take(ctx context.Context, class store.Class, chat int64, rate float64) (store.Token, error)
	// Answered notes, without waiting, that the call of a token has its answer.
	Answered(token int64)
	// TakeReply takes a token for a reply to a chat, which may be sent after that time. Without a token it is asked for
	// again after that time.
	TakeReply(ctx context.Context, chat int64, yields store.Yield) (token bool, after time.Duration, err error)
	// Spent notes, without waiting, replies that were sent without a token, one for each chat given.
	Spent(chats ...int64)
	// Pause keeps all processes from sending anything. No pause shortens an earlier one.
	Pause(ctx context.Context, length time.Duration) error
	// PauseBulk keeps all processes from sending anything but replies.
	PauseBulk(ctx context.Context, length time.Duration) error
	// PauseChat keeps all processes from sending anything to a chat.
	PauseChat(ctx context.Context, chat int64, length time.Duration) error
	// Paused returns how much is left of the pauses of all chats.
	Paused(ctx context.Context) (store.Pause, error)
	// Stranger decides whether a stranger is answered. The stranger has at most that many answers by its key, which are
	// forgotten after a time; 0 if they are not counted. With shared, the rate of all strangers together counts too.
	Stranger(ctx context.Context, key string, most int, forget time.Duration, shared bool) (store.StrangerAnswer, error)
	// LetIn notes for a while that a stranger's chat has an invitation that fits.
	LetIn(ctx context.Context, chat int64, forget time.Duration) error
	// PutOut forgets what LetIn noted.
	PutOut(ctx context.Context, chat int64) error
	// AreLetIn reports for each of some chats, at least one, whether LetIn was noted.
	AreLetIn(ctx context.Context, chats []int64) ([]bool, error)
}

// Media keeps the bytes of files by their hash.
type Media interface {
	files.Media
	// Sweep removes unfinished files that killed processes left before a time, and returns how many.
	Sweep(ctx context.Context, before time.Time) (int, error)
}
