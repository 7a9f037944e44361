package store

import "time"

// The rates at which people are answered, in all processes together and, while Redis is away, in each. Telegram takes
// about one message a second for a chat, twenty a minute for a group, and thirty a second in all (Bot FAQ, "My bot is
// hitting limits"). At exactly that a little jitter would break its window: a call that is late by up to three seconds
// still leaves at most twenty in any minute of a group.
const (
	ChatEvery      = time.Second
	GroupEvery     = time.Minute / 19
	RepliesASecond = 28

	// Strangers, whatever their number, share so many answers.
	StrangersEvery = time.Second / 3
	StrangersBurst = 3
)

// Yield is behind whose replies one goes when many are sent.
type Yield int

// Yields, from a reply that everybody has a right to.
const (
	InTurn    Yield = iota // nobody's
	Behind                 // those of conversations: it is of somebody who causes more replies than one has
	BehindAll              // those too: it is a stranger's, of whom there may be any number
)

// Share is the part of the replies a second, as its divisor, beyond which one that yields waits.
func (y Yield) Share() int { return []int{InTurn: 1, Behind: 4, BehindAll: 8}[y] }
