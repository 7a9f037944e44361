package faketelegram

import (
	"slices"
	"strings"
)

func getChat(c *call) (any, error) {
	ch, err := c.chatArg("chat_id")
	if err != nil {
		return nil, err
	}
	if ch.Migrated != 0 || ch.BotLeft {
		_, err := c.writable()
		return nil, err
	}
	out := struct {
		chatRef
		AccentColorID    int      `json:"accent_color_id"`
		MaxReactionCount int      `json:"max_reaction_count"`
		PinnedMessage    *message `json:"pinned_message,omitempty"`
	}{chatRef: ch.Ref, MaxReactionCount: 11}
	if n := len(ch.Pinned); n > 0 {
		if e := ch.find(ch.Pinned[n-1]); e != nil {
			m := ch.wire(e)
			out.PinnedMessage = &m
		}
	}
	return out, nil
}

// membership returns a person's or the bot's place in a chat.
func (s *Server) membership(ch *chat, id int64) member {
	u := s.bot
	if p := s.state.Users[id]; p != nil {
		u = *p
	}
	status := "left"
	switch {
	case id == s.bot.ID && ch.Blocked, id == s.bot.ID && ch.BotLeft:
		status = "kicked"
	case id == s.bot.ID && ch.BotAdmin:
		status = "administrator"
	case id == s.bot.ID, ch.private() && id == ch.Ref.ID:
		status = "member"
	case len(ch.Admins) > 0 && ch.Admins[0] == id:
		status = "creator"
	case slices.Contains(ch.Admins, id):
		status = "administrator"
	case slices.Contains(ch.Members, id):
		status = "member"
	}
	m := member{Status: status, User: u}
	if status == "kicked" {
		m.UntilDate = new(int64)
	}
	return m
}

func getChatMember(c *call) (any, error) {
	ch, err := c.chatArg("chat_id")
	if err != nil {
		return nil, err
	}
	id, err := c.integer("user_id")
	if err != nil {
		return nil, err
	}
	if id <= 0 {
		return nil, bad("invalid user_id specified")
	}
	if id != c.s.bot.ID && c.s.state.Users[id] == nil {
		return nil, bad("PARTICIPANT_ID_INVALID")
	}
	if !ch.private() {
		if ch, err = c.writable(); err != nil {
			return nil, err
		}
	}
	return c.s.membership(ch, id), nil
}

func getChatAdministrators(c *call) (any, error) {
	ch, err := c.chatArg("chat_id")
	if err != nil {
		return nil, err
	}
	if ch.private() {
		return nil, bad("there are no administrators in the private chat")
	}
	if ch, err = c.writable(); err != nil {
		return nil, err
	}
	out := []member{}
	for _, id := range ch.Admins {
		out = append(out, c.s.membership(ch, id))
	}
	if ch.BotAdmin {
		out = append(out, c.s.membership(ch, c.s.bot.ID))
	}
	return out, nil
}

func pinChatMessage(c *call) (any, error) {
	ch, err := c.pinnable()
	if err != nil {
		return nil, err
	}
	e, err := c.messageArg(ch, "message_id", "message to pin not found")
	if err != nil {
		return nil, err
	}
	ch.Pinned = append(slices.DeleteFunc(ch.Pinned, func(id int) bool { return id == e.M.MessageID }), e.M.MessageID)
	pinned := ch.wire(e)
	note := c.deliver(ch, message{PinnedMessage: &pinned}, 0)
	c.s.emit("message", ch.Ref.ID, ch.wire(note))
	c.s.touch(ch.Ref.ID)
	return true, nil
}

func (c *call) pinnable() (*chat, error) {
	ch, err := c.writable()
	if err == nil && !ch.private() && !ch.BotAdmin {
		return nil, bad("not enough rights to manage pinned messages in the chat")
	}
	return ch, err
}

func unpinChatMessage(c *call) (any, error) {
	ch, err := c.pinnable()
	if err != nil {
		return nil, err
	}
	id, err := c.integer("message_id")
	if err != nil {
		return nil, err
	}
	if id == 0 && len(ch.Pinned) > 0 {
		id = int64(ch.Pinned[len(ch.Pinned)-1])
	}
	if !slices.Contains(ch.Pinned, int(id)) {
		return nil, bad("message to unpin not found")
	}
	ch.Pinned = slices.DeleteFunc(ch.Pinned, func(n int) bool { return n == int(id) })
	c.s.touch(ch.Ref.ID)
	return true, nil
}

// private returns a person's chat with the bot, new if need be. It needs the lock.
func (s *Server) private(id int64, firstName string) *chat {
	u := s.state.Users[id]
	if u == nil {
		u = &user{ID: id, FirstName: firstName, LanguageCode: "id"}
		s.state.Users[id] = u
	}
	if firstName != "" {
		u.FirstName = firstName
	}
	ch := s.state.Chats[id]
	if ch == nil {
		ch = &chat{}
		s.state.Chats[id] = ch
	}
	ch.Ref = chatRef{ID: id, Type: "private", FirstName: u.FirstName, Username: u.Username}
	return ch
}

// sees says whether the bot gets a person's message in this chat: in a group with privacy mode only commands not meant
// for another bot, mentions, replies to its own messages and service messages reach it.
func (s *Server) sees(ch *chat, m message) bool {
	if ch.private() || s.state.PrivacyOff || ch.BotAdmin || m.service() {
		return !ch.BotLeft
	}
	if ch.BotLeft {
		return false
	}
	if r := m.ReplyToMessage; r != nil && r.From != nil && r.From.ID == s.bot.ID {
		return true
	}
	text := m.Text + m.Caption
	me := "@" + strings.ToLower(s.bot.Username)
	for _, e := range slices.Concat(m.Entities, m.CaptionEntities) {
		part := strings.ToLower(slice(text, e.Offset, e.Length))
		switch e.Type {
		case "mention":
			if part == me {
				return true
			}
		case "bot_command":
			_, name, named := strings.Cut(part, "@")
			if (!named && e.Offset == 0) || "@"+name == me {
				return true
			}
		}
	}
	return false
}
