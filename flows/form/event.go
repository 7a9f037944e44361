package form

import "pendamping/store"

// Event is something a person did in a chat.
type Event struct {
	Update    int64
	Account   int64 // who
	Chat      int64 // where; the account's own id in private
	GroupChat int64 // the group chat where they asked for a photo to be filed; what is said goes to Chat
	Topic     int   // of the group chat, if it is a forum: what is said there goes to it
	Message   int   // theirs, or the one whose button was pressed
	Caption   bool  // the words of the pressed message stand under a file
	Kind      EventKind
	Text      string // words, caption, or a command with its arguments
	HTML      string // the words with their formatting as Telegram's tags, everything else escaped
	Press     string // what the button means
	Files     []store.File
	Album     string
	Edited    bool   // their message was changed after it was sent
	Replied   int    // the message that it replies to
	Card      string // of the message it replies to: what the first of its buttons means
	Place     *Place
}

// Place is a point on the map, in degrees.
type Place struct{ Latitude, Longitude float64 }

// EventKind tells what sort of message it was.
type EventKind string

// The kinds of events.
const (
	Words        EventKind = "text"
	Press        EventKind = "press"
	Picture      EventKind = "photo"
	Document     EventKind = "document"
	Voice        EventKind = "voice"
	Location     EventKind = "location"
	Sticker      EventKind = "sticker"
	Contact      EventKind = "contact"
	PrintedWords EventKind = "reading" // not a message: the words of a picture that came, which was read meanwhile
	Caption      EventKind = "caption" // not a message: the words of a picture that came, which were changed
	Other        EventKind = "other"
)
