package faketelegram

import (
	"encoding/json"
	"slices"
	"strconv"
)

// chatArg finds the chat that a parameter names, whether or not the bot may write there.
func (c *call) chatArg(name string) (*chat, error) {
	text := c.args[name]
	if text == "" {
		return nil, bad(name + " is empty")
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, bad("chat not found")
	}
	ch := c.s.state.Chats[id]
	if ch == nil {
		return nil, bad("chat not found")
	}
	return ch, nil
}

// writable finds the chat of chat_id and says why the bot may not write there.
func (c *call) writable() (*chat, error) {
	ch, err := c.chatArg("chat_id")
	if err != nil {
		return nil, err
	}
	switch {
	case ch.Migrated != 0:
		e := bad("group chat was upgraded to a supergroup chat")
		e.MigrateTo = ch.Migrated
		return nil, e
	case ch.Blocked:
		return nil, fail(403, "Forbidden: bot was blocked by the user")
	case !ch.Started:
		return nil, fail(403, "Forbidden: bot can't initiate conversation with a user")
	case ch.BotLeft:
		return nil, fail(403, "Forbidden: bot was kicked from the "+ch.Ref.Type+" chat")
	}
	return ch, nil
}

type replyParameters struct {
	MessageID     int             `json:"message_id"`
	ChatID        json.RawMessage `json:"chat_id,omitempty"`
	Allow         bool            `json:"allow_sending_without_reply,omitempty"`
	Quote         string          `json:"quote,omitempty"`
	QuoteMode     string          `json:"quote_parse_mode,omitempty"`
	QuoteEntities json.RawMessage `json:"quote_entities,omitempty"`
	QuotePosition int             `json:"quote_position,omitempty"`
}

// replyTo reads which message this one answers, 0 for none.
func (c *call) replyTo(ch *chat) (int, error) {
	var p replyParameters
	if _, err := c.decode("reply_parameters", &p); err != nil {
		return 0, err
	}
	if p.MessageID == 0 {
		id, err := c.integer("reply_to_message_id")
		if err != nil {
			return 0, err
		}
		p.MessageID, p.Allow = int(id), c.flag("allow_sending_without_reply")
	}
	if len(p.ChatID) > 0 && string(p.ChatID) != strconv.FormatInt(ch.Ref.ID, 10) {
		return 0, bad("faketelegram: replies to another chat are not supported")
	}
	if p.MessageID == 0 || ch.find(p.MessageID) != nil {
		return p.MessageID, nil
	}
	if p.Allow {
		return 0, nil
	}
	return 0, bad("message to be replied not found")
}

// send carries out a method that sends one message, whose content fill puts in.
func (c *call) send(fill func(*message) error) (any, error) {
	var m message
	if err := fill(&m); err != nil {
		return nil, err
	}
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	inline, other, err := c.markup(ch)
	if err != nil {
		return nil, err
	}
	to, err := c.replyTo(ch)
	if err != nil {
		return nil, err
	}
	topic, err := c.topic(ch)
	if err != nil {
		return nil, err
	}
	m.ReplyMarkup, m.MessageThreadID, m.IsTopicMessage = inline, topic, topic != 0
	e := c.deliver(ch, m, to)
	e.Keyboard = other
	c.s.touch(ch.Ref.ID)
	return ch.wire(e), nil
}

// topic is that of a forum in which a message is put, 0 for General.
func (c *call) topic(ch *chat) (int, error) {
	n, err := c.integer("message_thread_id")
	switch {
	case err != nil:
		return 0, err
	case n != 0 && !slices.ContainsFunc(ch.Log, func(e *entry) bool { return e.M.MessageThreadID == int(n) }):
		return 0, bad("message thread not found")
	case n == 0 && ch.Closed:
		return 0, bad("TOPIC_CLOSED")
	}
	return int(n), nil
}

// deliver puts the bot's message into a chat.
func (c *call) deliver(ch *chat, m message, to int) *entry {
	bot := c.s.bot
	m.From = &bot
	m.HasProtectedContent = c.flag("protect_content")
	e := c.s.add(ch, m, to)
	e.Silent = c.flag("disable_notification")
	return e
}

func getMe(c *call) (any, error) {
	return struct {
		user
		CanJoinGroups           bool `json:"can_join_groups"`
		CanReadAllGroupMessages bool `json:"can_read_all_group_messages"`
		SupportsInlineQueries   bool `json:"supports_inline_queries"`
	}{c.s.bot, true, c.s.state.PrivacyOff, false}, nil
}

func sendMessage(c *call) (any, error) {
	return c.send(c.text)
}

func (c *call) sendFile(kind string) (any, error) {
	return c.send(func(m *message) error {
		if err := c.caption(m); err != nil {
			return err
		}
		if _, err := c.writable(); err != nil {
			return err
		}
		return c.put(m, kind, c.args[kind], kind)
	})
}

func sendPhoto(c *call) (any, error)    { return c.sendFile("photo") }
func sendDocument(c *call) (any, error) { return c.sendFile("document") }
func sendVoice(c *call) (any, error)    { return c.sendFile("voice") }

func sendLocation(c *call) (any, error) {
	return c.send(func(m *message) error {
		lat, err := c.number("latitude")
		if err != nil {
			return err
		}
		lon, err := c.number("longitude")
		if err != nil {
			return err
		}
		if lat < -90 || lat > 90 || lon < -180 || lon > 180 {
			return bad("wrong location specified")
		}
		m.Location = &location{lat, lon}
		return nil
	})
}

type inputMedia struct {
	Type      string   `json:"type"`
	Media     string   `json:"media"`
	Thumbnail string   `json:"thumbnail,omitempty"`
	Caption   string   `json:"caption,omitempty"`
	ParseMode string   `json:"parse_mode,omitempty"`
	Entities  []Entity `json:"caption_entities,omitempty"`
	Above     bool     `json:"show_caption_above_media,omitempty"`
	Spoiler   bool     `json:"has_spoiler,omitempty"`
	NoDetect  bool     `json:"disable_content_type_detection,omitempty"`
}

// fill puts the medium into the message in place of the one it had.
func (c *call) fill(m *message, in inputMedia) error {
	if in.Type != "photo" && in.Type != "document" {
		return bad("can't parse InputMedia: faketelegram: type " + strconv.Quote(in.Type) + " is not supported")
	}
	if in.Media == "" {
		return bad("can't parse InputMedia: media not found")
	}
	if err := c.setCaption(m, in.Caption, in.ParseMode, in.Entities); err != nil {
		return err
	}
	m.Photo, m.Document, m.Voice = nil, nil, nil
	return c.put(m, "", in.Media, in.Type)
}

func sendMediaGroup(c *call) (any, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	var media []inputMedia
	if _, err := c.decode("media", &media); err != nil {
		return nil, err
	}
	if len(media) < 2 {
		return nil, bad("faketelegram: an album has at least 2 items")
	}
	if len(media) > 10 {
		return nil, bad("too many messages to send as an album")
	}
	if c.args["reply_markup"] != "" {
		return nil, bad("faketelegram: sendMediaGroup takes no reply_markup")
	}
	to, err := c.replyTo(ch)
	if err != nil {
		return nil, err
	}
	topic, err := c.topic(ch)
	if err != nil {
		return nil, err
	}
	album := albumID(c.s.nextID())
	ms := make([]message, len(media))
	for i, in := range media {
		if in.Type != media[0].Type {
			return nil, bad(title(in.Type) + " can't be mixed with other media types")
		}
		if err := c.fill(&ms[i], in); err != nil {
			return nil, err
		}
		ms[i].MediaGroupID, ms[i].MessageThreadID, ms[i].IsTopicMessage = album, topic, topic != 0
	}
	out := []message{}
	for _, m := range ms {
		out = append(out, ch.wire(c.deliver(ch, m, to)))
	}
	c.s.touch(ch.Ref.ID)
	return out, nil
}

var actions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
	"choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func sendChatAction(c *call) (any, error) {
	ch, err := c.writable()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(actions, c.args["action"]) {
		return nil, bad("wrong parameter action in request")
	}
	ch.Typing = c.args["action"]
	c.s.touch(ch.Ref.ID)
	return true, nil
}

type inputPollOption struct {
	Text     string          `json:"text"`
	Mode     string          `json:"text_parse_mode,omitempty"`
	Entities json.RawMessage `json:"text_entities,omitempty"`
}

// UnmarshalJSON takes an option or, as before Bot API 7.3, its text.
func (o *inputPollOption) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &o.Text) == nil {
		return nil
	}
	type plain inputPollOption
	return strict(raw, (*plain)(o), "InputPollOption")
}

func sendPoll(c *call) (any, error) {
	return c.send(func(m *message) error {
		q := c.args["question"]
		if n := units(q); n < 1 || n > 300 {
			return bad("poll question must be 1 to 300 characters long")
		}
		var options []inputPollOption
		if _, err := c.decode("options", &options); err != nil {
			return err
		}
		if len(options) < 2 {
			return bad("poll must have at least 2 option")
		}
		if len(options) > 12 {
			return bad("poll can't have more than 12 options")
		}
		kind := c.args["type"]
		if kind == "" {
			kind = "regular"
		}
		p := &poll{
			ID: strconv.FormatInt(c.s.nextID(), 10), Question: q, Type: kind, IsClosed: c.flag("is_closed"),
			IsAnonymous:           c.args["is_anonymous"] == "" || c.flag("is_anonymous"),
			AllowsMultipleAnswers: c.flag("allows_multiple_answers"),
		}
		for _, o := range options {
			if n := units(o.Text); n < 1 || n > 100 {
				return bad("poll options length must not exceed 100")
			}
			p.Options = append(p.Options, pollOption{Text: o.Text})
		}
		m.Poll = p
		return nil
	})
}

func albumID(n int64) string { return strconv.FormatInt(13_000_000_000_000_000+n, 10) }
