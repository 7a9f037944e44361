package store

import "time"

// The rates at which people are answered, in all processes together and, while Redis is away, in each. Telegram takes
// about one message a second for a chat, twenty a minute for a group, and thirty a second in all (Bot FAQ, "My bot is
// hitting limits"). At exactly that a little jitter would break its window: a call that is late by up to three seconds
// still leaves at most twenty in any minute of a group.
const (
	ChatEvery      = time.Second      // between two messages to a chat
	GroupEvery     = time.Minute / 19 // between two messages to a group
	RepliesASecond = 28               // to all chats together

	// Strangers, whatever their number, share so many answers.
	StrangersEvery = time.Second / 3 // between two of them
	StrangersBurst = 3               // at once after a rest
)

// Yield says behind whose replies one goes when many are sent.
type Yield int

// The yields, from a reply that everybody has a right to.
const (
	InTurn    Yield = iota // nobody's
	Behind                 // those of conversations: it is of somebody who causes more replies than one has
	BehindAll              // those too: it is a stranger's, of whom there may be any number
)

// Share returns by what RepliesASecond is divided: a reply that yields waits while more than that part of it is used.
func (y Yield) Share() int { return []int{InTurn: 1, Behind: 4, BehindAll: 8}[y] }
