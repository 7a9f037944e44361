package faketelegram

import (
	"bytes"
	"fmt"
	"image"
	"regexp"
	"slices"
	"strconv"
)

// User is a person in one chat: their private chat with the bot, or a group they are in. What they do reaches the bot
// as updates. A call that Telegram's apps would not allow, such as an empty text, panics.
type User struct {
	s     *Server
	id    int64
	chat  int64
	topic int  // of a forum; 0 is General
	anon  bool // an administrator who writes as the group
}

// User returns the person with this id in their private chat with the bot. The bot cannot write to them before they
// wrote, pressed Start, or shared something. An empty name leaves the known one.
func (s *Server) User(id int64, firstName string) *User {
	if id <= 0 {
		panic("faketelegram: a person's id is above zero")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.private(id, firstName)
	return &User{s: s, id: id, chat: id}
}

// ID returns the person's id.
func (u *User) ID() int64 { return u.id }

// ChatID returns the id of the chat this User acts in; that of a group changes when it migrates.
func (u *User) ChatID() int64 {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.in().Ref.ID
}

// SetLanguage sets the language of the person's app, an IETF tag; it is "id" at first.
func (u *User) SetLanguage(tag string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.s.state.Users[u.id].LanguageCode = tag
}

// SetUsername sets the person's public name, without the "@".
func (u *User) SetUsername(name string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.s.state.Users[u.id].Username = name
	if c := u.in(); c.private() {
		c.Ref.Username = name
	}
}

// in returns the chat, following a migrated group. It needs the lock.
func (u *User) in() *chat {
	c := u.s.state.Chats[u.chat]
	for c.Migrated != 0 {
		c = u.s.state.Chats[c.Migrated]
	}
	return c
}

// act puts messages of the person into the chat and tells the bot. It returns the id of the first.
func (u *User) act(replyTo int, fill func(*chat) []message) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c := u.in()
	u.awake(c)
	first := 0
	for _, m := range fill(c) {
		from := *u.s.state.Users[u.id]
		m.From = &from
		m.MessageThreadID, m.IsTopicMessage = u.topic, u.topic != 0
		if u.anon {
			m.From, m.SenderChat = &user{ID: 1087968824, IsBot: true, FirstName: "Group"}, &c.Ref
		}
		e := u.s.add(c, m, replyTo)
		if w := c.wire(e); u.s.sees(c, w) {
			u.s.emit("message", c.Ref.ID, w)
		}
		if first == 0 {
			first = e.M.MessageID
		}
	}
	u.s.touch(c.Ref.ID)
	return first
}

// awake starts a private chat, and unblocks the bot as the apps make one do before writing.
func (u *User) awake(c *chat) {
	if c.Blocked {
		u.block(c, false)
	}
	c.Started = true
}

// Started says that the person pressed Start long ago: the bot may write first, and hears nothing of it.
func (u *User) Started() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.in().Started = true
}

func (u *User) one(m message) int {
	return u.act(0, func(*chat) []message { return []message{m} })
}

func mustFit(text string, least, most int) {
	if n := units(text); n < least || n > most {
		panic(fmt.Sprintf("faketelegram: a text of %d characters, must be %d to %d", n, least, most))
	}
}

// Send sends a text and returns its message id.
func (u *User) Send(text string) int { return u.Reply(0, text) }

// Reply sends a text in answer to a message.
func (u *User) Reply(messageID int, text string) int {
	text, _ = trim(text, nil)
	mustFit(text, 1, maxText)
	return u.act(messageID, func(*chat) []message {
		return []message{{Text: text, Entities: automatic(text, nil)}}
	})
}

var startPayload = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

// Start opens the bot by a link with a payload (up to 64 of A-Z, a-z, 0-9, _ and -) or, with an empty one, presses
// Start.
func (u *User) Start(payload string) int {
	if !startPayload.MatchString(payload) {
		panic("faketelegram: not a start payload: " + strconv.Quote(payload))
	}
	if payload == "" {
		return u.Send("/start")
	}
	return u.Send("/start " + payload)
}

// Photo is a picture to send.
type Photo struct {
	Data    []byte
	Caption string
}

func (u *User) photo(p Photo) message {
	mustFit(p.Caption, 0, maxCaption)
	w, h := 1280, 960 // of bytes that are no picture; a test may send such
	if c, _, err := image.DecodeConfig(bytes.NewReader(p.Data)); err == nil {
		w, h = c.Width, c.Height
	}
	return message{Photo: u.s.storePhoto(p.Data, w, h), Caption: p.Caption, CaptionEntities: automatic(p.Caption, nil)}
}

// SendPhoto sends a picture with a caption, which may be empty.
func (u *User) SendPhoto(img []byte, caption string) int { return u.ReplyPhoto(0, img, caption) }

// ReplyPhoto sends a picture in answer to a message.
func (u *User) ReplyPhoto(messageID int, img []byte, caption string) int {
	return u.act(messageID, func(*chat) []message { return []message{u.photo(Photo{img, caption})} })
}

// SendAlbum sends two to ten pictures as one album and returns the id of the first; the others follow it.
func (u *User) SendAlbum(photos ...Photo) int {
	if len(photos) < 2 || len(photos) > 10 {
		panic("faketelegram: an album has 2 to 10 pictures")
	}
	return u.act(0, func(*chat) []message {
		album := albumID(u.s.nextID())
		var ms []message
		for _, p := range photos {
			m := u.photo(p)
			m.MediaGroupID = album
			ms = append(ms, m)
		}
		return ms
	})
}

// SendDocument sends a file; with an empty MIME type it is told from the name.
func (u *User) SendDocument(name, mime string, data []byte, caption string) int {
	mustFit(caption, 0, maxCaption)
	if mime == "" {
		mime = mimeOf(name)
	}
	return u.act(0, func(*chat) []message {
		m := message{Caption: caption, CaptionEntities: automatic(caption, nil)}
		u.s.attach(&m, u.s.store("document", name, mime, data))
		return []message{m}
	})
}

// SendVoice sends a voice message.
func (u *User) SendVoice(data []byte) int { return u.ReplyVoice(0, data) }

// ReplyElsewhere sends words in reply to a picture of another chat.
func (u *User) ReplyElsewhere(text string) int {
	return u.act(0, func(*chat) []message {
		of := externalReply{Origin: origin{Type: "hidden_user"}, Photo: u.photo(Photo{Data: []byte("elsewhere")}).Photo}
		return []message{{Text: text, Entities: automatic(text, nil), ExternalReply: &of}}
	})
}

// ReplyVoice sends a voice message in reply to one; to none if its id is 0.
func (u *User) ReplyVoice(messageID int, data []byte) int {
	return u.act(messageID, func(*chat) []message {
		var m message
		u.s.attach(&m, u.s.store("voice", "", "audio/ogg", data))
		return []message{m}
	})
}

// SendLocation sends a place in degrees.
func (u *User) SendLocation(latitude, longitude float64) int {
	return u.one(message{Location: &location{latitude, longitude}})
}

// SendSticker sends a sticker.
func (u *User) SendSticker() int {
	return u.act(0, func(*chat) []message {
		f := u.s.store("sticker", "", "image/webp", []byte("RIFF sticker"))
		return []message{{Sticker: &sticker{
			FileID: f.ID, FileUniqueID: f.Unique, Type: "regular", Width: 512, Height: 512, Emoji: "👍",
		}}}
	})
}

// SendContact shares a contact; one with the person's own first name is taken for theirs and carries their id.
func (u *User) SendContact(name, phone string) int {
	u.s.mu.Lock()
	own := u.s.state.Users[u.id].FirstName == name
	u.s.mu.Unlock()
	c := &contact{PhoneNumber: phone, FirstName: name}
	if own {
		c.UserID = u.id
	}
	return u.one(message{Contact: c})
}

// Edit changes a text that the person sent.
func (u *User) Edit(messageID int, text string) {
	text, _ = trim(text, nil)
	mustFit(text, 1, maxText)
	u.edit(messageID, func(m *message) { m.Text, m.Entities = text, automatic(text, nil) })
}

// EditCaption changes the caption of a picture or file that the person sent.
func (u *User) EditCaption(messageID int, caption string) {
	mustFit(caption, 0, maxCaption)
	u.edit(messageID, func(m *message) { m.Caption, m.CaptionEntities = caption, automatic(caption, nil) })
}

// EditPhoto puts another picture, with a caption, in the place of one that the person sent.
func (u *User) EditPhoto(messageID int, img []byte, caption string) {
	mustFit(caption, 0, maxCaption)
	u.edit(messageID, func(m *message) {
		p := u.photo(Photo{img, caption})
		m.Text, m.Entities, m.Document = "", nil, nil
		m.Photo, m.Caption, m.CaptionEntities = p.Photo, p.Caption, p.CaptionEntities
	})
}

func (u *User) edit(messageID int, change func(*message)) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c := u.in()
	e := c.find(messageID)
	if e == nil || e.M.From == nil || e.M.From.ID != u.id {
		panic(fmt.Sprintf("faketelegram: message %d is not this person's to edit", messageID))
	}
	change(&e.M)
	e.M.EditDate = max(u.s.now(), 1)
	e.Edited++
	if w := c.wire(e); u.s.sees(c, w) {
		u.s.emit("edited_message", c.Ref.ID, w)
	}
	u.s.touch(c.Ref.ID)
}

// Vote chooses an answer of a poll in place of what the person chose before; none takes it back.
func (u *User) Vote(messageID int, answers ...int) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c := u.in()
	e := c.find(messageID)
	if e == nil || e.M.Poll == nil || !c.private() {
		panic(fmt.Sprintf("faketelegram: message %d is no poll that only this person sees", messageID))
	}
	p := *e.M.Poll
	p.Options, p.TotalVoterCount = slices.Clone(p.Options), min(len(answers), 1)
	for i := range p.Options {
		p.Options[i].VoterCount = 0
		if slices.Contains(answers, i) {
			p.Options[i].VoterCount = 1
		}
	}
	e.M.Poll = &p
	u.s.emit("poll", c.Ref.ID, p)
	u.s.touch(c.Ref.ID)
}

// Delete removes a message; the bot is not told, as on Telegram.
func (u *User) Delete(messageID int) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c := u.in()
	if e := c.find(messageID); e != nil {
		e.Deleted = true
		u.s.touch(c.Ref.ID)
	}
}

// Block blocks the bot in the private chat, or with false unblocks it.
func (u *User) Block(blocked bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c := u.s.state.Chats[u.id]
	if c.Blocked != blocked {
		u.block(c, blocked)
		u.s.touch(u.id)
	}
}

func (u *User) block(c *chat, blocked bool) {
	u.s.changeMember(c, u.id, func() { c.Blocked = blocked })
}

// changeMember tells the bot of a change to its own place in a chat.
func (s *Server) changeMember(c *chat, by int64, change func()) {
	before := s.membership(c, s.bot.ID)
	change()
	s.emit("my_chat_member", c.Ref.ID, memberChange{
		Chat: c.Ref, From: *s.state.Users[by], Date: s.now(), Old: before, New: s.membership(c, s.bot.ID),
	})
}
