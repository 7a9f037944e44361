package store

import (
	"context"
	"time"
)

// Outbox is what waits to be said.
type Outbox interface {
	// Queued returns the message that waits with that chat and key.
	Queued(ctx context.Context, chat int64, key string) (Message, error)
	// Withdraw takes back what waits with that chat and key, if there is any.
	Withdraw(ctx context.Context, chat int64, key string) error
	// LastSent returns Telegram's id of the newest message that was sent with that chat and key; 0 when there is none.
	LastSent(ctx context.Context, chat int64, key string) (int, error)
	// LastTold returns what was sent last to a chat with a key, or of an announcement, and when. Of an announcement it
	// has the id and no words, and only the newest are looked through.
	LastTold(ctx context.Context, chat int64) (Delivery, time.Time, error)
}

// Update is one update of Telegram's, kept before it is acknowledged.
type Update struct {
	ID      int64
	Chat    int64 // the chat in whose turn it is handled; 0 for none
	Payload []byte
	At      time.Time
}

// Class orders what is sent: replies first, then nudges, then bulk.
type Class string

// The classes of messages.
const (
	Reply Class = "reply" // an answer to a person
	Nudge Class = "nudge" // a reminder, a card, or what others are told
	Bulk  Class = "bulk"  // a row of an announcement
	// Paper is a document that is made when its turn comes, beside everything else; after a kill it is made again.
	Paper Class = "paper"
)

// StrangerAnswer says whether a stranger is answered.
type StrangerAnswer int

// Whether a stranger is answered.
const (
	AnswerStranger   StrangerAnswer = iota // it is
	HadItsAnswers                          // no: it has had its few answers
	TooManyStrangers                       // no: many others write too
	LastAnswer                             // it is, for the last time
)

// LeftBehind is what ended processes left to do.
type LeftBehind struct {
	Updates []Pending  // in order
	Replies []Delivery // to be sent, perhaps a second time
	Absent  bool       // a process is without its connection and may still come back: there may be more
}

// Installation names the bot and the folder of photographs that a database belongs with.
type Installation struct {
	Media string // the mark of the folder of photographs; "": not known yet
	Bot   int64  // the bot's id; 0: not known yet
}

// FrozenProcess is a running process whose heartbeat stands still.
type FrozenProcess struct {
	Process int64
	Still   time.Duration
}

// Token is an answer of the rate limiter in front of Telegram: a call may be made after that time or, without a
// number, a token may be asked for again.
type Token struct {
	Number int64
	After  time.Duration
	Chat   bool // the chat's own rate doesn't allow it, and no other chat has to wait
}

// Pause says how much is left of the pauses that concern more than one chat. Cuts counts those that were cut because
// the clock was set back under them.
type Pause struct {
	All  time.Duration // nobody sends
	Bulk time.Duration // only replies are sent
	Cuts int64
}

// Message is something to say to a chat, in ids and data; it becomes words in the reader's language when it is sent.
type Message struct {
	Chat  int64  `json:"chat"`
	Class Class  `json:"class,omitempty"`
	Body  []Text `json:"body"` // joined by line breaks
	// a person's own words above them, in the tags that Telegram knows, made and escaped by bot/telegram
	HTML string `json:"html,omitempty"`
	// a question and the answers to choose from: a poll, with nothing else
	Poll     []string   `json:"poll,omitempty"`
	Language string     `json:"language,omitempty"` // in this one, whoever reads it
	Buttons  [][]Button `json:"buttons,omitempty"`  // inline, in rows
	Home     []Text     `json:"home,omitempty"`     // the reply keyboard of the home menu, two to a row
	Edit     int        `json:"edit,omitempty"`     // message to change instead of sending a new one
	ReplyTo  int        `json:"reply_to,omitempty"`
	Topic    int        `json:"topic,omitempty"` // of the forum in which the chat was written to; 0 is General
	// to show above the words; several make an album, which can have no buttons
	Files   []Shown `json:"files,omitempty"`
	Caption bool    `json:"caption,omitempty"` // the message to Edit shows a file
	Quiet   bool    `json:"quiet,omitempty"`   // without a sound
	// a later message with the same chat and key takes the place of a waiting one
	Key string    `json:"key,omitempty"`
	Due time.Time `json:"due,omitzero"` // not before
	// what it is about: looked at again when it is sent, see flows.Needed
	Need   string `json:"need,omitempty"`
	Paper  string `json:"paper,omitempty"`  // the document to make, KIND:ARGUMENTS
	Menu   Role   `json:"menu,omitempty"`   // also set the chat's command menu to this role's
	Yields Yield  `json:"yields,omitempty"` // a reply: behind whose it goes when many are sent
	Secret bool   `json:"secret,omitempty"` // its words are forgotten as soon as it waits no longer
}

// Shown is a file in a message: Telegram's file id, and whether it is a photo, document or voice.
type Shown struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
}

// Button is a choice under a message: words, and what pressing it means (at most 64 bytes) or where it leads.
type Button struct {
	Text Text   `json:"text"`
	Data string `json:"data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// DeliveryState is what is known of the outcome of a delivery.
type DeliveryState string

// The states of a delivery.
const (
	Queued       DeliveryState = "queued"
	Sent         DeliveryState = "sent"
	Failed       DeliveryState = "failed"
	Unreachable  DeliveryState = "unreachable" // blocked, deactivated, or never wrote
	Unknown      DeliveryState = "unknown"     // stopped between the call and its answer
	Acknowledged DeliveryState = "acknowledged"
	Withdrawn    DeliveryState = "withdrawn" // replaced or taken back before it was sent
)

// Delivery is a message with its row in the outbox.
type Delivery struct {
	ID        ID
	Message   Message
	Broadcast ID     // the announcement that it is a row of: that has its words
	Language  string // "" is id
	State     DeliveryState
	SentID    int   // Telegram's message id
	Album     []int // of an announcement: ids of what was sent before that
	Edition   int   // of an announcement: the one to say, or the one that was said
	Reason    string
	Tries     int
}

// Lease is a chat's lease, with what is remembered of the chat.
type Lease struct {
	Session  []byte        // nil when there is none
	Revision int64         // raised by one at each write, to be given back on release
	Busy     time.Duration // above zero if another owner has the lease: ask again after this
	Owner    string        // who has it, when it is busy
	Stale    bool          // the last owner's lease ran out: look for what it left undone
}

// Pending is an update that a stopped process left behind. With a Session its records were committed and only what
// follows is missing: the session to keep. Without one it is handled anew.
type Pending struct {
	Update
	Tries   int
	Session []byte
}

// DeliveryOutcome records what became of a delivery.
type DeliveryOutcome struct {
	ID     ID
	State  DeliveryState
	SentID int
	Reason string
	Due    time.Time // of one that is given back: not before

	Album   []int  // as in Delivery
	Edition int    // as in Delivery
	Poll    string // Telegram's id of the poll that was sent
}

// Mode is how a process receives updates.
type Mode string

// The modes of receiving.
const (
	ByPolling Mode = "poll"    // it asks Telegram for updates
	ByWebhook Mode = "webhook" // Telegram posts updates to it
)
