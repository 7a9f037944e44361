package phones_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pendamping/bot/faketelegram"
)

const token = "42:secret"

// echo is a bot that says what it hears, with a keyboard under pictures. It talks to the fake as to Telegram.
type echo struct {
	t    *testing.T
	base string
	ctx  context.Context
}

type object = map[string]any

// startEcho runs the bot until the test ends.
func startEcho(t *testing.T, tg *faketelegram.Server) {
	server := httptest.NewServer(tg)
	ctx, stop := context.WithCancel(context.Background())
	e := echo{t, server.URL + "/bot" + token + "/", ctx}
	e.call("setMyCommands", object{"commands": []object{{"command": "nota", "description": "Catat nota"}}}, nil)
	e.call("setMyDescription", object{"description": "Bot gema."}, nil)
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.run()
	}()
	t.Cleanup(func() {
		stop()
		<-done
		tg.Close()
		server.Close()
	})
}

func (e echo) call(method string, args object, into any) bool {
	body, err := json.Marshal(args)
	if err != nil {
		panic(err)
	}
	req, err := http.NewRequestWithContext(e.ctx, "POST", e.base+method, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	var reply struct {
		OK          bool
		Result      json.RawMessage
		Description string
	}
	if err := json.NewDecoder(resp.Body).Decode(&reply); err != nil {
		return false
	}
	if !reply.OK {
		e.t.Errorf("%s: %s", method, reply.Description)
	}
	return reply.OK && (into == nil || json.Unmarshal(reply.Result, into) == nil)
}

type heard struct {
	ID   int `json:"message_id"`
	Chat struct {
		ID int64
	}
	Text, Caption string
	Photo         []any
	MediaGroupID  string `json:"media_group_id"`
	Document      *struct {
		FileName string `json:"file_name"`
	}
}

func (e echo) run() {
	for offset := int64(0); e.ctx.Err() == nil; {
		var updates []struct {
			ID      int64  `json:"update_id"`
			Message *heard `json:"message"`
			Edited  *heard `json:"edited_message"`
			Press   *struct {
				ID, Data string
				Message  heard
			} `json:"callback_query"`
		}
		e.call("getUpdates", object{"offset": offset, "timeout": 50}, &updates)
		for _, u := range updates {
			offset = u.ID + 1
			switch {
			case u.Message != nil:
				e.answer(u.Message)
			case u.Edited != nil:
				e.say(u.Edited, object{"text": "diubah: " + u.Edited.Text + u.Edited.Caption})
			case u.Press != nil:
				e.call("answerCallbackQuery", object{"callback_query_id": u.Press.ID, "text": "Jawaban " + u.Press.Data,
					"show_alert": u.Press.Data == "b"}, nil)
				e.call("editMessageText", object{"chat_id": u.Press.Message.Chat.ID, "message_id": u.Press.Message.ID,
					"text": "Ditekan " + u.Press.Data}, nil)
			}
		}
	}
}

func (e echo) answer(m *heard) {
	switch {
	case strings.HasPrefix(m.Text, "/start"):
		e.say(m, object{
			"text": "Halo <b>Anda</b> &lt;img src=x onerror=alert(1)&gt;: " + m.Text +
				" https://t.me/fake_bot?start=dua", "parse_mode": "HTML",
			"reply_markup": object{"keyboard": [][]string{{"Bantuan"}}},
		})
	case m.Photo != nil:
		e.say(m, object{"text": "Foto: " + m.Caption, "reply_markup": object{"inline_keyboard": [][]object{
			{{"text": "Ya", "callback_data": "a"}, {"text": "Tidak", "callback_data": "b"}},
		}}})
	case m.Document != nil:
		e.say(m, object{"text": "Berkas: " + m.Document.FileName})
	default:
		e.say(m, object{"text": "Gema: " + m.Text})
	}
}

func (e echo) say(m *heard, args object) {
	args["chat_id"] = m.Chat.ID
	e.call("sendMessage", args, nil)
}
