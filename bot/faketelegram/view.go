package faketelegram

import (
	"slices"
	"time"
)

// Message is a message of a chat as it is now shown.
type Message struct {
	ID       int
	Chat     int64
	From     int64  // 0 when nobody in particular wrote it
	Name     string // the sender's first name
	FromBot  bool
	Date     time.Time
	Text     string // of a text message, without tags
	Caption  string // of a picture or file, without tags
	HTML     string // text or caption with its styles and links as HTML tags, everything else escaped
	Entities []Entity

	Photo    *File // the largest size
	Document *File
	Voice    *File
	Sticker  *File
	Album    string // the same for all pictures of an album
	Location *Location
	Contact  *Contact
	Poll     *Poll
	Service  string // what happened, of a service message: "created", "joined", "left", "migrated", "pinned"

	ReplyTo      int        // the message id that this answers
	Topic        int        // of a forum; 0 is General
	Forwarded    bool       // sent on from elsewhere
	Buttons      [][]Button // the inline keyboard
	Keyboard     [][]Button // the reply keyboard that this message brings up
	KeyboardGone bool       // this message takes the reply keyboard away
	ForceReply   bool       // the app offers to answer this message
	Placeholder  string     // what the empty input line says
	Edited       int        // how many times it was changed
	Deleted      bool
	Pinned       bool
	Silent       bool     // sent without a sound
	Reactions    []string // emoji
	Protected    bool     // it may not be forwarded or saved
}

// File is a picture, document, voice message or sticker; Server.File returns its bytes.
type File struct {
	ID, UniqueID  string
	Name, MIME    string
	Size          int // bytes
	Width, Height int // pixels, of a picture
}

// Location is a place in degrees.
type Location struct{ Latitude, Longitude float64 }

// Contact is a shared contact.
type Contact struct{ Name, Phone string }

// Poll is a poll's question and answers.
type Poll struct {
	Question string
	Options  []string
}

// Button is a button of an inline keyboard (Data, URL or Copy) or of a reply keyboard.
type Button struct {
	Text            string
	Data            string // callback data
	URL             string
	Copy            string // text that the app copies
	RequestContact  bool
	RequestLocation bool
}

// Messages returns all messages of the chat in order, deleted ones too.
func (u *User) Messages() []Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.messages(u.in())
}

// Messages returns all messages of a chat in order, deleted ones too; none of a chat that is not there.
func (s *Server) Messages(chatID int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.messages(s.state.Chats[chatID])
}

func (s *Server) messages(c *chat) []Message {
	if c == nil {
		return nil
	}
	out := make([]Message, len(c.Log))
	for i, e := range c.Log {
		out[i] = s.show(c, e)
	}
	return out
}

// Last returns the newest message that is not deleted, the zero Message if there is none.
func (u *User) Last() Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c := u.in()
	for _, e := range slices.Backward(c.Log) {
		if !e.Deleted {
			return u.s.show(c, e)
		}
	}
	return Message{}
}

func (s *Server) show(c *chat, e *entry) Message {
	m := &e.M
	out := Message{
		ID: m.MessageID, Chat: c.Ref.ID, Date: time.Unix(m.Date, 0), Text: m.Text, Caption: m.Caption,
		Album:    m.MediaGroupID,
		Entities: slices.Concat(m.Entities, m.CaptionEntities), Service: m.event(), ReplyTo: e.ReplyTo,
		Topic:     m.MessageThreadID,
		Forwarded: m.ForwardOrigin != nil,
		Edited:    e.Edited, Deleted: e.Deleted, Pinned: slices.Contains(c.Pinned, m.MessageID), Silent: e.Silent,
		Protected: m.HasProtectedContent,
	}
	out.HTML = renderHTML(m.Text+m.Caption, out.Entities)
	if m.From != nil {
		out.From, out.Name, out.FromBot = m.From.ID, m.From.FirstName, m.From.ID == s.bot.ID
	}
	if n := len(m.Photo); n > 0 {
		p := m.Photo[n-1]
		out.Photo = &File{ID: p.FileID, UniqueID: p.FileUniqueID, MIME: "image/jpeg", Size: p.FileSize, Width: p.Width,
			Height: p.Height}
	}
	if d := m.Document; d != nil {
		out.Document = &File{
			ID: d.FileID, UniqueID: d.FileUniqueID, Name: d.FileName, MIME: d.MIMEType, Size: d.FileSize,
		}
	}
	if v := m.Voice; v != nil {
		out.Voice = &File{ID: v.FileID, UniqueID: v.FileUniqueID, MIME: v.MIMEType, Size: v.FileSize}
	}
	if v := m.Sticker; v != nil {
		out.Sticker = &File{
			ID: v.FileID, UniqueID: v.FileUniqueID, MIME: "image/webp", Width: v.Width, Height: v.Height,
		}
	}
	if l := m.Location; l != nil {
		out.Location = &Location{l.Latitude, l.Longitude}
	}
	if v := m.Contact; v != nil {
		out.Contact = &Contact{v.FirstName, v.PhoneNumber}
	}
	if p := m.Poll; p != nil {
		out.Poll = &Poll{Question: p.Question}
		for _, o := range p.Options {
			out.Poll.Options = append(out.Poll.Options, o.Text)
		}
	}
	for _, r := range e.Reaction {
		out.Reactions = append(out.Reactions, r...)
	}
	out.keyboards(m.ReplyMarkup, e.Keyboard)
	return out
}

// event names what a service message tells.
func (m *message) event() string {
	switch {
	case m.GroupChatCreated:
		return "created"
	case m.NewChatMembers != nil:
		return "joined"
	case m.LeftChatMember != nil:
		return "left"
	case m.MigrateToChatID != 0, m.MigrateFromChatID != 0:
		return "migrated"
	case m.PinnedMessage != nil:
		return "pinned"
	}
	return ""
}
