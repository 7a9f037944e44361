package faketelegram

import (
	"context"
	"encoding/json"
	"slices"
	"time"
	"unicode/utf16"
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

// slice cuts a text by UTF-16 units.
func slice(text string, offset, length int) string {
	u := utf16.Encode([]rune(text))
	offset = min(offset, len(u))
	return string(utf16.Decode(u[offset:min(offset+length, len(u))]))
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
		ID: m.MessageID, Chat: c.Ref.ID, Date: time.Unix(m.Date, 0), Text: m.Text, Caption: m.Caption, Album: m.MediaGroupID,
		Entities: slices.Concat(m.Entities, m.CaptionEntities), Service: m.event(), ReplyTo: e.ReplyTo, Forwarded: m.ForwardOrigin != nil,
		Edited: e.Edited, Deleted: e.Deleted, Pinned: slices.Contains(c.Pinned, m.MessageID), Silent: e.Silent,
		Protected: m.HasProtectedContent,
	}
	out.HTML = renderHTML(m.Text+m.Caption, out.Entities)
	if m.From != nil {
		out.From, out.Name, out.FromBot = m.From.ID, m.From.FirstName, m.From.IsBot
	}
	if n := len(m.Photo); n > 0 {
		p := m.Photo[n-1]
		out.Photo = &File{ID: p.FileID, UniqueID: p.FileUniqueID, MIME: "image/jpeg", Size: p.FileSize, Width: p.Width, Height: p.Height}
	}
	if d := m.Document; d != nil {
		out.Document = &File{ID: d.FileID, UniqueID: d.FileUniqueID, Name: d.FileName, MIME: d.MIMEType, Size: d.FileSize}
	}
	if v := m.Voice; v != nil {
		out.Voice = &File{ID: v.FileID, UniqueID: v.FileUniqueID, MIME: v.MIMEType, Size: v.FileSize}
	}
	if v := m.Sticker; v != nil {
		out.Sticker = &File{ID: v.FileID, UniqueID: v.FileUniqueID, MIME: "image/webp", Width: v.Width, Height: v.Height}
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

// keyboards shows the buttons of a message.
func (m *Message) keyboards(inline, other json.RawMessage) {
	m.Buttons = buttons(inline)
	if other == nil {
		return
	}
	var k markup
	json.Unmarshal(other, &k)
	m.KeyboardGone, m.ForceReply, m.Placeholder = k.Remove, k.ForceReply, k.Placeholder
	if k.Keyboard == nil {
		return
	}
	for _, row := range *k.Keyboard {
		var out []Button
		for _, b := range row {
			out = append(out, Button{Text: b.Text, RequestContact: b.RequestContact, RequestLocation: b.RequestLocation})
		}
		m.Keyboard = append(m.Keyboard, out)
	}
}

func buttons(inline json.RawMessage) [][]Button {
	if inline == nil {
		return nil
	}
	var k markup
	json.Unmarshal(inline, &k)
	var rows [][]Button
	for _, row := range *k.Inline {
		var out []Button
		for _, b := range row {
			v := Button{Text: b.Text, URL: b.URL}
			if b.CallbackData != nil {
				v.Data = *b.CallbackData
			}
			if b.CopyText != nil {
				v.Copy = b.CopyText.Text
			}
			out = append(out, v)
		}
		rows = append(rows, out)
	}
	return rows
}

func hasButton(inline json.RawMessage, data string) bool {
	for _, row := range buttons(inline) {
		if slices.ContainsFunc(row, func(b Button) bool { return b.Data == data && data != "" }) {
			return true
		}
	}
	return false
}

// Wait waits until ok says yes to the messages of the chat. It looks after every change.
func (u *User) Wait(ctx context.Context, ok func([]Message) bool) error {
	return u.s.until(ctx, func() bool { return ok(u.s.messages(u.in())) })
}

// ChatInfo is a chat in a list of chats.
type ChatInfo struct {
	ID      int64
	Type    string // "private", "group" or "supergroup"
	Title   string // the person's name or the group's title
	Started bool   // the bot may write here
	Blocked bool
	Action  string // what the bot last said it is doing, such as "typing"
}

// Chats returns all chats, by id.
func (s *Server) Chats() []ChatInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []ChatInfo
	for _, c := range s.state.Chats {
		if c.Migrated == 0 {
			out = append(out, ChatInfo{c.Ref.ID, c.Ref.Type, c.Ref.Title + c.Ref.FirstName, c.Started, c.Blocked, c.Typing})
		}
	}
	slices.SortFunc(out, func(a, b ChatInfo) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	return out
}

// Watch returns a channel of the ids of chats that changed, until ctx ends or the server is closed; then it is closed.
// A slow reader gets one id for several changes and never holds the server up.
func (s *Server) Watch(ctx context.Context) <-chan int64 {
	out := make(chan int64)
	seen := map[int64]int64{}
	s.mu.Lock()
	for id, c := range s.state.Chats {
		seen[id] = c.Version
	}
	changed := s.changed
	s.mu.Unlock()
	go func() {
		defer close(out)
		for {
			select {
			case <-changed:
			case <-ctx.Done():
				return
			case <-s.done:
				return
			}
			var news []int64
			s.mu.Lock()
			changed = s.changed
			for id, c := range s.state.Chats {
				if seen[id] != c.Version {
					seen[id] = c.Version
					news = append(news, id)
				}
			}
			s.mu.Unlock()
			for _, id := range news {
				select {
				case out <- id:
				case <-ctx.Done():
					return
				case <-s.done:
					return
				}
			}
		}
	}()
	return out
}
