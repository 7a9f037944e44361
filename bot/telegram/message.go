package telegram

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pendamping/locales"
	"pendamping/store"
)

type params = tgbotapi.Params

// Request is a call of the Bot API that is ready to be made.
type Request struct {
	Method   string
	params   params
	document *document
}

// document is a file that is uploaded with a request.
type document struct {
	name  string
	bytes []byte
}

func (d document) files() []tgbotapi.RequestFile {
	file := tgbotapi.FileReader{Name: d.name, Reader: bytes.NewReader(d.bytes)}
	return []tgbotapi.RequestFile{{Name: "document", Data: file}}
}

// To returns the request for another chat. A paid one may exceed Telegram's rate limit and costs the bot's Stars.
func (r Request) To(chat int64, paid bool) Request {
	r.params = maps.Clone(r.params)
	r.params["chat_id"] = strconv.FormatInt(chat, 10)
	if paid {
		r.params["allow_paid_broadcast"] = "true"
	}
	return r
}

// WithDocument returns the request for a message as one that uploads a document, with the message's words as its
// caption.
func (r Request) WithDocument(name string, contents []byte) Request {
	p := maps.Clone(r.params)
	p["caption"] = p["text"]
	delete(p, "text")
	return Request{Method: "sendDocument", params: p, document: &document{name, contents}}
}

// Shows returns what the message says and its buttons, to compare it with what a chat shows already.
func (r Request) Shows() string { return r.params["text"] + r.params["reply_markup"] }

// Delete returns a request that deletes a message.
func Delete(chat int64, message int) Request {
	return Request{Method: "deleteMessage", params: params{
		"chat_id": strconv.FormatInt(chat, 10), "message_id": strconv.Itoa(message),
	}}
}

// NewRequest returns the request that says a message in its own language or, if it has none, in the given one.
func NewRequest(l *locales.Locales, m store.Message, language string) Request {
	r := requestOf(l, m, cmp.Or(m.Language, language))
	if m.Topic != 0 && m.Edit == 0 {
		r.params["message_thread_id"] = strconv.Itoa(m.Topic)
	}
	return r
}

// requestOf is NewRequest, in that language and without the topic.
func requestOf(l *locales.Locales, m store.Message, language string) Request {
	if len(m.Poll) > 0 {
		return Request{Method: "sendPoll", params: poll(m)}
	}
	var lines []string
	if m.HTML != "" {
		lines = append(lines, m.HTML, "")
	}
	for _, t := range m.Body {
		lines = append(lines, l.HTML(language, t.ID, t.Data))
	}
	words := strings.Join(lines, "\n")
	p := params{"chat_id": strconv.FormatInt(m.Chat, 10), "parse_mode": "HTML"}
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
		return Request{Method: "editMessageCaption", params: p}
	case m.Edit != 0:
		p["message_id"], p["text"] = strconv.Itoa(m.Edit), words
		return Request{Method: "editMessageText", params: p}
	case len(m.Files) > 1:
		p["media"] = album(m.Files, words)
		delete(p, "reply_markup")
		delete(p, "parse_mode")
		return Request{Method: "sendMediaGroup", params: p}
	case len(m.Files) == 1:
		f := m.Files[0]
		p["caption"], p[f.Kind] = words, f.ID
		methods := map[string]string{"photo": "sendPhoto", "document": "sendDocument", "voice": "sendVoice"}
		return Request{Method: methods[f.Kind], params: p}
	}
	p["text"] = words
	return Request{Method: "sendMessage", params: p}
}

// poll returns the parameters of a question with options to choose from. Telegram shows nobody who chose what.
func poll(m store.Message) params {
	p := params{"chat_id": strconv.FormatInt(m.Chat, 10), "question": m.Poll[0]}
	if options, err := json.Marshal(m.Poll[1:]); err == nil {
		p["options"] = string(options)
	}
	if m.Quiet {
		p["disable_notification"] = "true"
	}
	return p
}

// album returns the media of several files as JSON. The words are the caption of the first.
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

// button is a button under a message or, with only its text, one of the reply keyboard.
type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// keyboard returns the buttons of a message as JSON, or "".
func keyboard(l *locales.Locales, m store.Message, language string) string {
	var markup any
	switch {
	case len(m.Buttons) > 0:
		rows := make([][]button, len(m.Buttons))
		for i, row := range m.Buttons {
			for _, b := range row {
				text := l.Text(language, b.Text.ID, b.Text.Data)
				rows[i] = append(rows[i], button{Text: text, Data: b.Data, URL: b.URL})
			}
		}
		markup = map[string]any{"inline_keyboard": rows}
	case len(m.Home) > 0:
		var rows [][]button
		for i, t := range m.Home {
			if i%2 == 0 {
				rows = append(rows, nil)
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], button{Text: l.Text(language, t.ID, t.Data)})
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
