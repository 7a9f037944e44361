package bot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"math"
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

	committed []byte // the session of one whose records are committed, in the inbox: only that is left to do
	answered  bool   // its callback is being answered
}

// answers reports whether a message goes to where the update came from.
func (u update) answers(m store.Message) bool {
	return m.Chat == u.chat || u.event.Room != 0 && m.Chat == u.event.Room
}

// errNoUpdate says that an update has an id that Telegram does not give, or lacks one that it always has.
var errNoUpdate = errors.New("not an update of Telegram's")

// read turns an update's bytes into what happened. One without anything for us has no chat. by is how groups call the bot.
//
// This is the one place where what strangers send becomes ours: every text is clean, every number within its bounds, and every
// id one that Telegram can have given, or the update is errNoUpdate.
func read(raw []byte, by *regexp.Regexp) (update, error) {
	var u tgbotapi.Update
	if err := json.Unmarshal(raw, &u); err != nil {
		return update{}, err
	}
	is := update{id: int64(u.UpdateID), raw: raw}
	if !within(is.id, maxID) {
		return update{}, errNoUpdate
	}
	e := form.Event{Update: is.id}
	var err error
	switch {
	case u.CallbackQuery != nil:
		is.callback = key(u.CallbackQuery.ID)
		is.private, err = press(&e, u.CallbackQuery)
	case u.Message != nil:
		is.private, err = said(&e, u.Message)
	case u.EditedMessage != nil:
		is.private, err = said(&e, u.EditedMessage)
		e.Edited = true
	case u.MyChatMember != nil:
		is.chat = u.MyChatMember.Chat.ID
		is.private, err = private(&u.MyChatMember.Chat)
		status := u.MyChatMember.NewChatMember.Status
		is.left = status == "kicked" || status == "left"
		is.back = !is.left
		return is, err
	case u.Poll != nil:
		is.poll = key(u.Poll.ID)
		for i, o := range u.Poll.Options[:min(len(u.Poll.Options), maxAnswer)] {
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
		if m := u.Message; m != nil {
			if -m.MigrateToChatID > 0 && -m.MigrateToChatID <= maxID {
				is.moved = m.MigrateToChatID
			}
			is.file(m, by)
		}
	}
	return is, err
}

// private reports whether a chat is one with a person: its id is the person's then, and negative otherwise.
func private(c *tgbotapi.Chat) (bool, error) {
	switch {
	case c == nil:
		return false, errNoUpdate
	case c.IsPrivate() && within(c.ID, maxID):
		return true, nil
	case !c.IsPrivate() && within(-c.ID, maxID):
		return false, nil
	}
	return false, errNoUpdate
}

// press reads a button that was pressed. Without a message, as under one sent inline, it has no chat.
func press(e *form.Event, q *tgbotapi.CallbackQuery) (is bool, err error) {
	if q.From == nil || !within(q.From.ID, maxID) {
		return false, errNoUpdate
	}
	e.Kind, e.Press, e.Account = form.Press, pressed(q.Data), q.From.ID
	m := q.Message
	if m == nil {
		return false, nil
	}
	if is, err = private(m.Chat); err != nil || is && m.Chat.ID != q.From.ID {
		return false, errNoUpdate
	}
	e.Chat = m.Chat.ID
	// Of a message that is too old, Telegram tells the chat and the id only (InaccessibleMessage, date 0). It can't be
	// edited, and what it showed is not known.
	if m.Date != 0 && within(m.MessageID, maxNumber) {
		e.Message, e.Caption = m.MessageID, m.Text == ""
	}
	return is, nil
}

// said reads a message, or what it was changed to.
func said(e *form.Event, m *tgbotapi.Message) (is bool, err error) {
	is, err = private(m.Chat)
	if err != nil || !within(m.MessageID, maxNumber) {
		return false, errNoUpdate
	}
	e.Chat, e.Message, e.Album = m.Chat.ID, m.MessageID, key(m.MediaGroupID)
	if m.From != nil && within(m.From.ID, maxID) {
		e.Account = m.From.ID
	}
	if is && e.Account != e.Chat {
		return false, errNoUpdate // whoever writes in a private chat is the one whom it is with
	}
	e.Text, e.HTML = words(m.Text, m.Entities)
	if m.Text == "" {
		e.Text, e.HTML = words(m.Caption, m.CaptionEntities)
	}
	if r := m.ReplyToMessage; r != nil {
		e.Replied, e.Card = amount(r.MessageID, maxNumber), cardOf(r)
	}
	e.Kind = kindOf(m)
	if f, ok := fileOf(m); ok {
		f.Album = e.Album
		e.Files = []store.File{f}
	} else if l := m.Location; e.Kind == form.Location && onEarth(l) {
		e.Place = &form.Place{Latitude: l.Latitude, Longitude: l.Longitude}
	} else if e.Kind != form.Words && e.Kind != form.Sticker && e.Kind != form.Contact {
		e.Kind = form.Other // also a file without an id, and a place that is nowhere
	}
	return is, nil
}

// kindOf is what a message brings, by the field that Telegram sets.
func kindOf(m *tgbotapi.Message) form.EventKind {
	switch {
	case len(m.Photo) > 0:
		return form.Picture
	case m.Document != nil:
		return form.Document
	case m.Voice != nil:
		return form.Voice
	case m.Location != nil:
		return form.Location
	case m.Sticker != nil:
		return form.Sticker
	case m.Contact != nil:
		return form.Contact
	case m.Text != "":
		return form.Words
	}
	return form.Other
}

// fileOf is the file that a message brings: of a photo its largest size. Without an id it can't be fetched, and is none.
func fileOf(m *tgbotapi.Message) (f store.File, ok bool) {
	switch {
	case len(m.Photo) > 0:
		for _, p := range m.Photo {
			width, height := amount(p.Width, maxNumber), amount(p.Height, maxNumber)
			if id := key(p.FileID); id != "" && (f.FileID == "" || width*height > f.Width*f.Height) {
				f = store.File{Kind: "photo", FileID: id, UniqueID: key(p.FileUniqueID), Size: amount(int64(p.FileSize), maxID),
					Width: width, Height: height, MIME: "image/jpeg"}
			}
		}
	case m.Document != nil:
		d := m.Document
		f = store.File{Kind: "document", FileID: key(d.FileID), UniqueID: key(d.FileUniqueID), Size: amount(int64(d.FileSize), maxID),
			Name: cleanLine(d.FileName, maxName), MIME: cleanLine(d.MimeType, maxName)}
		if strings.HasPrefix(f.MIME, "image/") {
			f.Kind = "photo"
		}
	case m.Voice != nil:
		v := m.Voice
		f = store.File{Kind: "voice", FileID: key(v.FileID), UniqueID: key(v.FileUniqueID), Size: amount(int64(v.FileSize), maxID), MIME: cleanLine(v.MimeType, maxName)}
	}
	return f, f.FileID != ""
}

// cardOf is what the first button of a message means.
func cardOf(m *tgbotapi.Message) string {
	if m.ReplyMarkup == nil || len(m.ReplyMarkup.InlineKeyboard) == 0 {
		return ""
	}
	if row := m.ReplyMarkup.InlineKeyboard[0]; len(row) > 0 && row[0].CallbackData != nil {
		return pressed(*row[0].CallbackData)
	}
	return ""
}

// onEarth reports whether a place is one.
func onEarth(l *tgbotapi.Location) bool {
	return l != nil && math.Abs(l.Latitude) <= 90 && math.Abs(l.Longitude) <= 180
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
	asks  []fileAsk
}

// fileAsk asks who sent a file that can't be printed for it again.
type fileAsk struct {
	file    store.File
	message store.Message
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
