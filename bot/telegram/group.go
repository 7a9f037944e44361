package telegram

import (
	"encoding/json"
	"regexp"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pendamping/flows/form"
	"pendamping/store"
)

// mentionOf matches how a bot is addressed in a group: by its name anywhere, or by a leading /nota that isn't for
// another bot.
func mentionOf(bot string) *regexp.Regexp {
	name := "@" + regexp.QuoteMeta(bot) + `\b`
	return regexp.MustCompile(`(?i)^\s*/nota(?:` + name + `|\s|$)|\B` + name)
}

// addressed reports whether words address the bot, and returns what else they say. tgbotapi finds commands only in
// texts, not in captions.
func (c Converter) addressed(words string) (rest string, ok bool) {
	rest = c.mention.ReplaceAllString(words, " ")
	return strings.TrimSpace(rest), rest != words
}

// file turns a group message that asks for a photo to be filed into an event of its sender's private chat. The photo
// is in the message itself or in the one that it replies to.
func (c Converter) file(u *Update, m *tgbotapi.Message) {
	words, ok := c.addressed(u.Event.Text)
	switch {
	case !ok:
		return
	case m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID:
		u.Unfiled = "group.anonymous" // an administrator, whom nobody can ask anything
		return
	case u.Event.Account == 0 || m.From.IsBot || m.SenderChat != nil:
		return // a channel
	}
	e := form.Event{
		Update: u.ID, Account: m.From.ID, Chat: m.From.ID, GroupChat: m.Chat.ID, Topic: u.Event.Topic,
		Kind: u.Event.Kind, Files: u.Event.Files, Album: u.Event.Album, Text: words,
	}
	if !shows(e.Files) && u.Event.Kind == form.Words && m.ReplyToMessage != nil {
		var of form.Event
		if _, err := fromMessage(&of, m.ReplyToMessage); err != nil {
			return
		}
		caption, _ := c.addressed(of.Text)
		e.Kind, e.Files, e.Album = of.Kind, of.Files, "" // of an album only this one
		for i := range e.Files {
			e.Files[i].Album = ""
		}
		e.Text = strings.TrimSpace(caption + "\n" + words)
	}
	if shows(e.Files) {
		u.Event, u.Chat, u.Private, u.GroupText = e, e.Chat, true, ""
	} else if elsewhere(u.Raw) {
		u.Unfiled = "group.elsewhere"
	}
}

// topicOf returns the topic of a forum in which a group's message was written, 0 for General. Outside forums a thread
// is only a row of replies.
func topicOf(raw []byte) int {
	var of struct {
		Message struct {
			Thread int  `json:"message_thread_id"`
			Topic  bool `json:"is_topic_message"`
		} `json:"message"`
	}
	if json.Unmarshal(raw, &of) != nil || !of.Message.Topic {
		return 0
	}
	return bounded(of.Message.Thread, maxNumber)
}

// elsewhere reports whether a message replies to one of another chat, whose files a bot can't have.
func elsewhere(raw []byte) bool {
	var of struct {
		Message struct {
			Reply json.RawMessage `json:"external_reply"`
		} `json:"message"`
	}
	return json.Unmarshal(raw, &of) == nil && len(of.Message.Reply) > 0
}

// shows reports whether files may show a paper: a photo, also one sent as a document, or a PDF.
func shows(files []store.File) bool {
	return len(files) > 0 && files[0].Kind != "voice" && files[0].Hint() != store.HintUnfit
}
