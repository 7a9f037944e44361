package bot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pendamping/flows/form"
	"pendamping/locales"
	"pendamping/store"
)

// update is one of Telegram's updates, as the rest of the house sees it.
type update struct {
	id       int64
	chat     int64
	raw      []byte
	private  bool
	callback string // to be answered at once
	left     bool   // the person blocked the bot
	back     bool   // the person unblocked it
	event    form.Event
	group    string // words said in a group, for one answer there
	moved    int64  // the group's id from now on
	poll     string // in which something was chosen
	chosen   []int  // by place; none: it was taken back
}

// read turns an update's bytes into what happened. One without anything for us has no chat. by is how groups call the bot.
func read(raw []byte, by *regexp.Regexp) (update, error) {
	var u tgbotapi.Update
	if err := json.Unmarshal(raw, &u); err != nil {
		return update{}, err
	}
	is := update{id: int64(u.UpdateID), raw: raw}
	e := form.Event{Update: is.id}
	switch {
	case u.CallbackQuery != nil:
		q := u.CallbackQuery
		is.callback = q.ID
		e.Kind, e.Press, e.Account = form.Press, q.Data, q.From.ID
		if q.Message != nil {
			e.Message, e.Chat, e.Caption = q.Message.MessageID, q.Message.Chat.ID, q.Message.Text == ""
			is.private = q.Message.Chat.IsPrivate()
		}
	case u.Message != nil:
		said(&e, u.Message)
		is.private = u.Message.Chat.IsPrivate()
	case u.EditedMessage != nil:
		said(&e, u.EditedMessage)
		e.Edited = true
		is.private = u.EditedMessage.Chat.IsPrivate()
	case u.MyChatMember != nil:
		is.chat, is.private = u.MyChatMember.Chat.ID, u.MyChatMember.Chat.IsPrivate()
		status := u.MyChatMember.NewChatMember.Status
		is.left = status == "kicked" || status == "left"
		is.back = !is.left
		return is, nil
	case u.Poll != nil:
		is.poll = u.Poll.ID
		for i, o := range u.Poll.Options {
			if o.VoterCount > 0 {
				is.chosen = append(is.chosen, i)
			}
		}
		return is, nil
	default:
		return is, nil
	}
	is.chat, is.event = e.Chat, e
	if !is.private {
		is.group = e.Text
		if u.Message != nil {
			is.moved = u.Message.MigrateToChatID
			is.file(u.Message, by)
		}
	}
	return is, nil
}

func said(e *form.Event, m *tgbotapi.Message) {
	e.Chat, e.Message, e.Text, e.Album = m.Chat.ID, m.MessageID, m.Text, m.MediaGroupID
	defer func() { e.Text = strings.ReplaceAll(e.Text, "\x00", "") }() // PostgreSQL can't keep it
	if m.From != nil {
		e.Account = m.From.ID
	}
	e.HTML = formatted(m.Text, m.Entities)
	if m.Text == "" {
		e.Text, e.HTML = m.Caption, formatted(m.Caption, m.CaptionEntities)
	}
	if m.ReplyToMessage != nil {
		e.Replied = m.ReplyToMessage.MessageID
	}
	if r := m.ReplyToMessage; r != nil && r.ReplyMarkup != nil && len(r.ReplyMarkup.InlineKeyboard) > 0 {
		if row := r.ReplyMarkup.InlineKeyboard[0]; len(row) > 0 && row[0].CallbackData != nil {
			e.Card = *row[0].CallbackData
		}
	}
	defer func() {
		for i := range e.Files {
			e.Files[i].Album = e.Album
		}
	}()
	switch {
	case len(m.Photo) > 0:
		p := m.Photo[0]
		for _, size := range m.Photo {
			if size.Width*size.Height > p.Width*p.Height {
				p = size
			}
		}
		e.Kind = form.Picture
		e.Files = []store.File{{Kind: "photo", FileID: p.FileID, UniqueID: p.FileUniqueID, Size: int64(p.FileSize), Width: p.Width, Height: p.Height, MIME: "image/jpeg"}}
	case m.Document != nil:
		d := m.Document
		e.Kind = form.Document
		kind := "document"
		if strings.HasPrefix(d.MimeType, "image/") {
			kind = "photo"
		}
		e.Files = []store.File{{Kind: kind, FileID: d.FileID, UniqueID: d.FileUniqueID, Size: int64(d.FileSize), Name: d.FileName, MIME: d.MimeType}}
	case m.Voice != nil:
		v := m.Voice
		e.Kind = form.Voice
		e.Files = []store.File{{Kind: "voice", FileID: v.FileID, UniqueID: v.FileUniqueID, Size: int64(v.FileSize), MIME: v.MimeType}}
	case m.Location != nil:
		e.Kind, e.Place = form.Location, &form.Place{Latitude: m.Location.Latitude, Longitude: m.Location.Longitude}
	case m.Sticker != nil:
		e.Kind = form.Sticker
	case m.Contact != nil:
		e.Kind = form.Contact
	case m.Text != "":
		e.Kind = form.Words
	default:
		e.Kind = form.Other
	}
}

// request is a message as the method and parameters that say it.
func request(l *locales.Locales, m store.Message, language string) (string, tgbotapi.Params) {
	language = cmp.Or(m.Language, language)
	if len(m.Poll) > 0 {
		return "sendPoll", poll(m)
	}
	var lines []string
	if m.HTML != "" {
		lines = append(lines, m.HTML, "")
	}
	for _, t := range m.Body {
		lines = append(lines, l.HTML(language, t.ID, t.Data))
	}
	words := strings.Join(lines, "\n")
	p := tgbotapi.Params{"chat_id": strconv.FormatInt(m.Chat, 10), "parse_mode": "HTML"}
	if markup := keyboard(l, m, language); markup != "" {
		p["reply_markup"] = markup
	}
	if m.Quiet && m.Edit == 0 {
		p["disable_notification"] = "true"
	}
	if m.ReplyTo != 0 {
		p["reply_to_message_id"] = strconv.Itoa(m.ReplyTo)
		p["allow_sending_without_reply"] = "true"
	}
	switch {
	case m.Edit != 0 && m.Caption:
		p["message_id"], p["caption"] = strconv.Itoa(m.Edit), words
		return "editMessageCaption", p
	case m.Edit != 0:
		p["message_id"], p["text"] = strconv.Itoa(m.Edit), words
		return "editMessageText", p
	case len(m.Files) > 1:
		p["media"] = album(m.Files, words)
		delete(p, "reply_markup")
		delete(p, "parse_mode")
		return "sendMediaGroup", p
	case len(m.Files) == 1:
		f := m.Files[0]
		p["caption"], p[f.Kind] = words, f.ID
		return map[string]string{"photo": "sendPhoto", "document": "sendDocument", "voice": "sendVoice"}[f.Kind], p
	}
	p["text"] = words
	return "sendMessage", p
}

// attached is a document that was made, to be sent with a message.
type attached struct {
	name  string
	bytes []byte
	more  []store.Message // papers that follow this one
}

func (a attached) file() []tgbotapi.RequestFile {
	return []tgbotapi.RequestFile{{Name: "document", Data: tgbotapi.FileReader{Name: a.name, Reader: bytes.NewReader(a.bytes)}}}
}

// document is a request to say words, as one that sends a document with them.
func document(p tgbotapi.Params) (string, tgbotapi.Params) {
	p["caption"] = p["text"]
	delete(p, "text")
	return "sendDocument", p
}

// poll is a question and what may be answered; nobody sees who answered what.
func poll(m store.Message) tgbotapi.Params {
	p := tgbotapi.Params{"chat_id": strconv.FormatInt(m.Chat, 10), "question": m.Poll[0]}
	if options, err := json.Marshal(m.Poll[1:]); err == nil {
		p["options"] = string(options)
	}
	if m.Quiet {
		p["disable_notification"] = "true"
	}
	return p
}

// album is the media of several files; the words stand under the first.
func album(files []store.Shown, words string) string {
	type media struct {
		Type    string `json:"type"`
		Media   string `json:"media"`
		Caption string `json:"caption,omitempty"`
		Mode    string `json:"parse_mode,omitempty"`
	}
	list := make([]media, len(files))
	for i, f := range files {
		list[i] = media{Type: f.Kind, Media: f.ID}
	}
	list[0].Caption, list[0].Mode = words, "HTML"
	b, err := json.Marshal(list)
	if err != nil {
		return ""
	}
	return string(b)
}

type inlineButton struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

func keyboard(l *locales.Locales, m store.Message, language string) string {
	var markup any
	switch {
	case len(m.Buttons) > 0:
		rows := make([][]inlineButton, len(m.Buttons))
		for i, row := range m.Buttons {
			for _, b := range row {
				rows[i] = append(rows[i], inlineButton{Text: l.Text(language, b.Text.ID, b.Text.Data), Data: b.Data, URL: b.URL})
			}
		}
		markup = map[string]any{"inline_keyboard": rows}
	case len(m.Home) > 0:
		var rows [][]inlineButton
		for i, t := range m.Home {
			if i%2 == 0 {
				rows = append(rows, nil)
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], inlineButton{Text: l.Text(language, t.ID, t.Data)})
		}
		markup = map[string]any{"keyboard": rows, "resize_keyboard": true, "is_persistent": true}
	default:
		return ""
	}
	b, err := json.Marshal(markup)
	if err != nil {
		return ""
	}
	return string(b)
}
