package faketelegram

import (
	"bytes"
	"reflect"
	"time"
)

// deletable is how long a message can be deleted, see deleteMessage in the Bot API.
const deletable = 48 * time.Hour

// messageArg finds the message that chat_id and message_id name; what is said when there is none.
func (c *call) messageArg(ch *chat, name, none string) (*entry, error) {
	id, err := c.integer(name)
	if err != nil {
		return nil, err
	}
	if id == 0 {
		return nil, bad("message identifier is not specified")
	}
	e := ch.find(int(id))
	if e == nil {
		return nil, bad(none)
	}
	return e, nil
}

// edit carries out a method that changes a message of the bot. change works on a copy.
func (c *call) edit(change func(*message) error) (any, error) {
	if c.args["inline_message_id"] != "" {
		return nil, bad("faketelegram: inline messages are not supported")
	}
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	e, err := c.messageArg(ch, "message_id", "message to edit not found")
	if err != nil {
		return nil, err
	}
	if e.M.From == nil || e.M.From.ID != c.s.bot.ID || e.M.ForwardOrigin != nil || e.Keyboard != nil {
		return nil, bad("message can't be edited")
	}
	inline, other, err := c.markup(ch)
	if err != nil {
		return nil, err
	}
	if other != nil {
		return nil, bad("inline keyboard expected")
	}
	m := e.M
	if err := change(&m); err != nil {
		return nil, err
	}
	m.ReplyMarkup = inline
	if sameContent(e.M, m) {
		return nil,
			bad(
				"message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	m.EditDate = max(c.s.now(), 1)
	e.M = m
	e.Edited++
	c.s.touch(ch.Ref.ID)
	return ch.wire(e), nil
}

func sameContent(a, b message) bool {
	same := bytes.Equal(a.ReplyMarkup, b.ReplyMarkup)
	a.ReplyMarkup, b.ReplyMarkup = nil, nil
	return same && reflect.DeepEqual(normal(a), normal(b))
}

// normal makes no entities and an empty list of them the same.
func normal(m message) message {
	if len(m.Entities) == 0 {
		m.Entities = nil
	}
	if len(m.CaptionEntities) == 0 {
		m.CaptionEntities = nil
	}
	return m
}

func editMessageText(c *call) (any, error) {
	return c.edit(func(m *message) error {
		if m.Text == "" {
			return bad("there is no text in the message to edit")
		}
		return c.text(m)
	})
}

func editMessageCaption(c *call) (any, error) {
	return c.edit(func(m *message) error {
		if m.Photo == nil && m.Document == nil && m.Voice == nil {
			return bad("there is no caption in the message to edit")
		}
		return c.caption(m)
	})
}

func editMessageMedia(c *call) (any, error) {
	return c.edit(func(m *message) error {
		var in inputMedia
		if _, err := c.decode("media", &in); err != nil {
			return err
		}
		if m.Voice != nil || m.Location != nil || m.Poll != nil {
			return bad("message can't be edited")
		}
		m.Text, m.Entities = "", nil
		return c.fill(m, in)
	})
}

func editMessageReplyMarkup(c *call) (any, error) {
	return c.edit(func(*message) error { return nil })
}

// mayDelete says why the bot may not delete a message.
func (c *call) mayDelete(ch *chat, e *entry) error {
	if c.s.clock().Sub(time.Unix(e.M.Date, 0)) > deletable {
		return bad("message can't be deleted for everyone")
	}
	own := e.M.From != nil && e.M.From.ID == c.s.bot.ID
	if !own && !ch.private() && !ch.BotAdmin {
		return bad("message can't be deleted")
	}
	return nil
}

func deleteMessage(c *call) (any, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	e, err := c.messageArg(ch, "message_id", "message to delete not found")
	if err != nil {
		return nil, err
	}
	if err := c.mayDelete(ch, e); err != nil {
		return nil, err
	}
	e.Deleted = true
	c.s.touch(ch.Ref.ID)
	return true, nil
}

// deleteMessages skips, as Telegram does, what is not there.
func deleteMessages(c *call) (any, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	var ids []int
	if _, err := c.decode("message_ids", &ids); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, bad("message identifiers are not specified")
	}
	if len(ids) > 100 {
		return nil, bad("too many message identifiers specified")
	}
	for _, id := range ids {
		if e := ch.find(id); e != nil && c.mayDelete(ch, e) == nil {
			e.Deleted = true
		}
	}
	c.s.touch(ch.Ref.ID)
	return true, nil
}

// source finds the message to copy or forward.
func (c *call) source(none string) (*chat, *entry, error) {
	from, err := c.chatArg("from_chat_id")
	if err != nil {
		return nil, nil, err
	}
	e, err := c.messageArg(from, "message_id", none)
	return from, e, err
}

func copyMessage(c *call) (any, error) {
	out, err := c.send(func(m *message) error {
		_, e, err := c.source("message to copy not found")
		if err != nil {
			return err
		}
		if e.M.service() || e.M.HasProtectedContent && e.M.From.ID != c.s.bot.ID {
			return bad("message can't be copied")
		}
		*m = e.M.content()
		if _, ok := c.args["caption"]; ok && m.Text == "" {
			return c.caption(m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return map[string]int{"message_id": out.(message).MessageID}, nil
}

func forwardMessage(c *call) (any, error) {
	return c.send(func(m *message) error {
		_, e, err := c.source("message to forward not found")
		if err != nil {
			return err
		}
		if e.M.service() || e.M.HasProtectedContent {
			return bad("message can't be forwarded")
		}
		*m = e.M.content()
		if o := e.M.ForwardOrigin; o != nil {
			m.ForwardOrigin, m.ForwardFrom, m.ForwardDate = o, e.M.ForwardFrom, e.M.ForwardDate
			return nil
		}
		m.ForwardOrigin = &origin{Type: "user", Date: e.M.Date, SenderUser: e.M.From}
		m.ForwardFrom, m.ForwardDate = e.M.From, e.M.Date
		return nil
	})
}

// content returns what a copy takes over.
func (m message) content() message {
	return message{
		Text: m.Text, Entities: m.Entities, Caption: m.Caption, CaptionEntities: m.CaptionEntities, Photo: m.Photo,
		Document: m.Document, Voice: m.Voice, Sticker: m.Sticker, Contact: m.Contact, Location: m.Location,
		Poll: m.Poll,
	}
}

// service says that nobody wrote the message: it tells of something that happened.
func (m message) service() bool { return reflect.DeepEqual(m.content(), message{}) }
