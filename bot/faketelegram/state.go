package faketelegram

import (
	"encoding/json"
	"slices"
	"strconv"
)

// state is all that Save keeps. Content holds file bytes by their hash and is stored beside the rest.
type state struct {
	Chats      map[int64]*chat
	Users      map[int64]*user
	Files      map[string]*file
	Content    map[string][]byte `json:"-"`
	Updates    []update          // not acknowledged
	Past       []update          // acknowledged, for Redeliver; the last thousand
	NextUpdate int64
	NextFile   int
	NextID     int64 // for callback queries, albums and polls
	Allowed    []string
	Menus      map[string][]Command
	Names      map[string]string
	Webhook    webhook
	Callbacks  map[string]*callback
	PrivacyOff bool
}

type webhook struct {
	URL            string
	Secret         string
	MaxConnections int
	IPAddress      string
	LastErrorDate  int64
	LastError      string
}

type callback struct {
	Chat int64
	Date int64
	Old  bool
}

type update struct {
	ID   int64
	Kind string
	Chat int64
	Body json.RawMessage
	Raw  json.RawMessage `json:",omitempty"` // the whole update, of one that was injected
}

// wire gives the form of getUpdates and of webhook calls.
func (u update) wire() json.RawMessage {
	if u.Raw != nil {
		return u.Raw
	}
	b := append([]byte(`{"update_id":`), strconv.FormatInt(u.ID, 10)...)
	b = append(b, `,"`+u.Kind+`":`...)
	b = append(b, u.Body...)
	return append(b, '}')
}

type chat struct {
	Ref      chatRef
	Started  bool // the person wrote at least once; always true for a group
	Blocked  bool
	Members  []int64
	Admins   []int64
	BotLeft  bool
	BotAdmin bool
	Migrated int64
	Closed   bool // the forum's General topic is closed
	Log      []*entry
	Pinned   []int
	Version  int64
	Typing   string // the last chat action
}

// entry is a message with what the wire does not show.
type entry struct {
	M        message
	ReplyTo  int
	Keyboard json.RawMessage `json:",omitempty"` // a reply keyboard, its removal or a forced reply, as sent
	Edited   int
	Deleted  bool
	Reaction map[int64][]string
	Silent   bool
}

func newState() state {
	return state{
		Chats: map[int64]*chat{}, Users: map[int64]*user{}, Files: map[string]*file{}, Content: map[string][]byte{},
		NextUpdate: 1000, Menus: map[string][]Command{}, Names: map[string]string{}, Callbacks: map[string]*callback{},
	}
}

// touch tells everybody who waits that the chat, or with 0 something else, has changed. It needs the lock.
func (s *Server) touch(chat int64) {
	if c := s.state.Chats[chat]; c != nil {
		c.Version++
	}
	close(s.changed)
	s.changed = make(chan struct{})
	s.post()
}

func (c *chat) find(id int) *entry {
	i, ok := slices.BinarySearchFunc(c.Log, id, func(e *entry, id int) int { return e.M.MessageID - id })
	if !ok || c.Log[i].Deleted {
		return nil
	}
	return c.Log[i]
}

func (c *chat) private() bool { return c.Ref.Type == "private" }

// add gives the message its id and date and puts it into the chat's log.
func (s *Server) add(c *chat, m message, replyTo int) *entry {
	m.MessageID = 1
	if n := len(c.Log); n > 0 {
		m.MessageID = c.Log[n-1].M.MessageID + 1
	}
	m.Chat = c.Ref
	m.Date = s.now()
	e := &entry{M: m, ReplyTo: replyTo}
	c.Log = append(c.Log, e)
	return e
}

// wire returns the message with the one it replies to, which Telegram nests one level deep.
func (c *chat) wire(e *entry) message {
	m := e.M
	if e.ReplyTo != 0 {
		if to := c.find(e.ReplyTo); to != nil {
			inner := to.M
			m.ReplyToMessage = &inner
		}
	}
	return m
}

func (s *Server) nextID() int64 {
	s.state.NextID++
	return s.state.NextID
}
