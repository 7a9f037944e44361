package store

import (
	"context"
	"time"
)

// Broadcasts are announcements and who they are for.
type Broadcasts interface {
	// Broadcast returns the announcement with that id.
	Broadcast(ctx context.Context, id ID) (Broadcast, error)
	// BroadcastsBy returns a coordinator's announcements, newest first, at most limit.
	BroadcastsBy(ctx context.Context, person ID, limit int) ([]Broadcast, error)
	// BroadcastsAsked returns those that wait for a second coordinator, oldest first.
	BroadcastsAsked(ctx context.Context) ([]Broadcast, error)
	// BroadcastsOpen returns those that are running or paused, oldest first.
	BroadcastsOpen(ctx context.Context) ([]Broadcast, error)
	// BroadcastsOutdated returns the launched ones whose last edition has not come to all that was sent, oldest first.
	BroadcastsOutdated(ctx context.Context) ([]Broadcast, error)
	// SentAlone returns to how many chats some persons announced without a second coordinator: what was launched since
	// then, or is due in a span of time.
	SentAlone(ctx context.Context, by []ID, since, dueFrom, dueTo time.Time) (int, error)
	// AddBroadcast adds an announcement.
	AddBroadcast(ctx context.Context, what string, b *Broadcast) error
	// PutBroadcast changes an announcement.
	PutBroadcast(ctx context.Context, what string, b *Broadcast) error

	// SizeOf counts an audience within a coordinator's scope.
	SizeOf(ctx context.Context, province, regency string, a Audience) (Size, error)
	// PartsOf counts an audience within a scope by "province", "regency", "wave", "role" or "mentor" (its id), by
	// value.
	PartsOf(ctx context.Context, province, regency string, a Audience, by string) ([]Part, error)
	// Audiences returns a coordinator's saved ones, by name.
	Audiences(ctx context.Context, person ID) ([]SavedAudience, error)
	// PutAudience keeps one in place of the one with that name. Its id and version are the store's own.
	PutAudience(ctx context.Context, a SavedAudience) error

	// Launch puts a row for each chat of the audience within the scope into the outbox, all at once, and returns how
	// many; due tells for a zone's name from when its chats may be written to.
	Launch(ctx context.Context, b Broadcast, province, regency string, due func(zone string) time.Time) (int, error)
	// LaunchTo puts one row more into the outbox, unless the chat has one, and reports whether it did.
	LaunchTo(ctx context.Context, b ID, chat int64, language string, due time.Time) (bool, error)
	// Missed returns the launched announcements that hold that day, whose audience a person is in by now, and that
	// their chat has no row of.
	Missed(ctx context.Context, person Person, today Day) ([]Broadcast, error)
	// Drop withdraws what was not sent of an announcement, and returns how many rows.
	Drop(ctx context.Context, b ID) (int, error)
	// Retry puts what became unknown back into the queue, and returns how many rows.
	Retry(ctx context.Context, b ID) (int, error)
	// Remind puts a nudge to each chat that got an announcement and did not acknowledge it into the outbox, as an
	// answer to its message, and returns how many; due is as for Launch.
	Remind(ctx context.Context, b ID, m Message, due func(zone string) time.Time) (int, error)
	// Acknowledge notes that a chat has understood an announcement. It returns false if the chat had before, or never
	// got it.
	Acknowledge(ctx context.Context, b ID, chat int64) (bool, error)
	// SaidTo returns the announcement that a message in a chat was.
	SaidTo(ctx context.Context, chat int64, message int) (ID, error)

	// Unsent reports whether something of an announcement waits or is under way.
	Unsent(ctx context.Context, b ID) (waiting, underWay bool, err error)
	// TallyOf counts what became of an announcement.
	TallyOf(ctx context.Context, b ID) (Tally, error)
	// EditTallyOf counts what became of an announcement's last edition.
	EditTallyOf(ctx context.Context, b ID) (EditTally, error)
	// VotesOf counts the answers to an announcement's poll by their place, from 0.
	VotesOf(ctx context.Context, b ID) (map[int]int, error)
	// DeliveredOf returns an announcement's chats by place, group and name.
	DeliveredOf(ctx context.Context, b ID) ([]Delivered, error)
	// UnderstoodIn counts who got and acknowledged an announcement by place, the fewest first.
	UnderstoodIn(ctx context.Context, b ID) ([]Understood, error)
	// UnreachedOf returns the groups of an announcement's audience within a scope of which nobody got it, by mentor and
	// name.
	UnreachedOf(ctx context.Context, b Broadcast, province, regency string) ([]Unreached, error)
}

// Broadcast is a coordinator's announcement. Its rows in the outbox have no words of their own: they are said from
// here.
type Broadcast struct {
	ID      ID             `json:"id"`
	Version int            `json:"version"`
	By      ID             `json:"by"`
	State   BroadcastState `json:"state"`
	// in the coordinator's own formatting: the tags that Telegram knows
	Words    string    `json:"words,omitempty"`
	English  string    `json:"english,omitempty"`  // an optional second text, for those who read English
	Files    []Shown   `json:"files,omitempty"`    // several make an album
	Question string    `json:"question,omitempty"` // of a poll
	Options  []string  `json:"options,omitempty"`
	Ack      bool      `json:"ack,omitempty"`  // with "Sudah paham"
	Ask      bool      `json:"ask,omitempty"`  // with "Ada pertanyaan"
	Link     string    `json:"link,omitempty"` // a button that leads there
	Audience Audience  `json:"audience"`
	Count    int       `json:"count"`              // chats, fixed at confirmation
	Urgent   string    `json:"urgent,omitempty"`   // why quiet hours are not kept; "": they are
	Due      time.Time `json:"due,omitzero"`       // not before
	Until    Day       `json:"until,omitempty"`    // who joins until then gets it too
	Approved ID        `json:"approved,omitempty"` // the second coordinator
	Launched time.Time `json:"launched,omitzero"`  // its rows are in the outbox
	Nudged   time.Time `json:"nudged,omitzero"`    // those who did not acknowledge were asked once more
	Recalled time.Time `json:"recalled,omitzero"`  // what was sent is deleted
	Edition  int       `json:"edition,omitempty"`  // how often it was corrected or recalled
	EditedTo int       `json:"amended,omitempty"`  // the edition to which all that was sent has been brought
	Why      string    `json:"why,omitempty"`      // the second coordinator declined it
	Left     time.Time `json:"left,omitzero"`      // those who may not have got it are left in peace
	Card     int       `json:"card,omitempty"`     // Telegram's id of the message that shows its progress
	At       time.Time `json:"at"`
}

// BroadcastState is how far an announcement has come.
type BroadcastState string

// The states of an announcement.
const (
	BroadcastAsked     BroadcastState = "asked"    // waits for the second coordinator
	BroadcastDeclined  BroadcastState = "declined" // by the second coordinator
	BroadcastRunning   BroadcastState = "running"  // from its time on it is sent
	BroadcastPaused    BroadcastState = "paused"
	BroadcastCancelled BroadcastState = "cancelled"
	BroadcastDone      BroadcastState = "done" // nothing waits any more
)

// Audience is who an announcement is for: a query, not a list. An empty field sets no limit.
type Audience struct {
	Province string `json:"province,omitempty"`
	Regency  string `json:"regency,omitempty"`
	Wave     string `json:"wave,omitempty"`
	Roles    []Role `json:"roles,omitempty"`
	Mentor   ID     `json:"mentor,omitempty"`
	// "none": no nota yet, "part": money without a nota, "full": all of it has one
	LPJ  string `json:"lpj,omitempty"`
	Idle int    `json:"idle,omitempty"` // no nota for so many days
}

// Size is how many an audience has: chats that can be written to, those that blocked the bot, and persons who never
// joined.
type Size struct {
	Chats   int
	Blocked int
	Absent  int
}

// Tally counts the chats of an announcement by what became of each.
type Tally map[DeliveryState]int

// EditTally counts the chats that have an announcement by what became of its last edition there; UnderWay are those
// that an earlier one is being sent to.
type EditTally struct {
	Done, Refused, UnderWay int
}

// Delivered is a chat of an announcement for its report: who it is, and what became of it. A chat may be several
// persons; it is told of by the first.
type Delivered struct {
	Name, Group, Province, Regency string
	Role                           Role
	State                          DeliveryState
	At                             time.Time // of the state; zero while it waits
	Reason                         string
}

// Part is how many chats of an audience share a value.
type Part struct {
	Value string
	Chats int
}

// Understood is how many chats of a place got an announcement, and how many acknowledged it.
type Understood struct {
	Province, Regency string
	Got, Acknowledged int
}

// Unreached is a group of an announcement's audience of which nobody got it, with its mentor.
type Unreached struct {
	Mentor ID
	Group  string
}

// SavedAudience is an audience with a name, of one coordinator's.
type SavedAudience struct {
	ID       ID     `json:"id"`
	Version  int    `json:"version"`
	Person   ID     `json:"person"`
	Name     string `json:"name"`
	Audience `json:"audience"`
}
