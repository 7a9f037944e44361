package bot

import (
	"testing"

	"pendamping/flows/form"
)

func TestRead(t *testing.T) {
	const from, private = `"from":{"id":7},`, `"chat":{"id":7,"type":"private"}`
	type seen struct {
		kind     form.EventKind
		chat     int64
		private  bool
		text     string
		file     string
		callback string
		left     bool
		back     bool
	}
	for _, c := range []struct {
		name, raw string
		want      seen
	}{
		{"words", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"text":"halo"}}`,
			seen{kind: form.Words, chat: 7, private: true, text: "halo"}},
		{"edited", `{"update_id":1,"edited_message":{"message_id":5,` + from + private + `,"text":"halo"}}`,
			seen{kind: form.Words, chat: 7, private: true, text: "halo"}},
		{"the largest size, with its caption", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"caption":"semen","photo":[
			{"file_id":"s","width":90,"height":60},{"file_id":"l","width":900,"height":600},{"file_id":"m","width":300,"height":200}]}}`,
			seen{kind: form.Picture, chat: 7, private: true, text: "semen", file: "l"}},
		{"a picture as a document", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"document":{"file_id":"d","mime_type":"image/png"}}}`,
			seen{kind: form.Document, chat: 7, private: true, file: "d"}},
		{"a voice note", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"voice":{"file_id":"v"}}}`,
			seen{kind: form.Voice, chat: 7, private: true, file: "v"}},
		{"a place", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"location":{"latitude":-6.9,"longitude":107.6}}}`,
			seen{kind: form.Location, chat: 7, private: true}},
		{"a sticker", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"sticker":{"file_id":"x"}}}`,
			seen{kind: form.Sticker, chat: 7, private: true}},
		{"a contact", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"contact":{"phone_number":"1"}}}`,
			seen{kind: form.Contact, chat: 7, private: true}},
		{"something new", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"gift":{}}}`,
			seen{kind: form.Other, chat: 7, private: true}},
		{"a press", `{"update_id":1,"callback_query":{"id":"q1",` + from + `"data":"n:1","message":{"message_id":5,` + private + `}}}`,
			seen{kind: form.Press, chat: 7, private: true, callback: "q1"}},
		{"a press on a message that is gone", `{"update_id":1,"callback_query":{"id":"q1",` + from + `"data":"n:1"}}`,
			seen{kind: form.Press, callback: "q1"}},
		{"in a group", `{"update_id":1,"message":{"message_id":5,` + from + `"chat":{"id":-9,"type":"group"},"text":"halo"}}`,
			seen{kind: form.Words, chat: -9, text: "halo"}},
		{"without a sender", `{"update_id":1,"message":{"message_id":5,"chat":{"id":-9,"type":"supergroup"},"text":"halo"}}`,
			seen{kind: form.Words, chat: -9, text: "halo"}},
		{"blocked", `{"update_id":1,"my_chat_member":{` + from + private + `,"new_chat_member":{"status":"kicked"}}}`,
			seen{chat: 7, private: true, left: true}},
		{"unblocked", `{"update_id":1,"my_chat_member":{` + from + private + `,"new_chat_member":{"status":"member"}}}`,
			seen{chat: 7, private: true, back: true}},
		{"of no use", `{"update_id":1,"poll":{"id":"1"}}`, seen{}},
	} {
		u, err := read([]byte(c.raw), calls("fake_bot"))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := seen{kind: u.event.Kind, chat: u.chat, private: u.private, text: u.event.Text, callback: u.callback, left: u.left, back: u.back}
		if len(u.event.Files) > 0 {
			got.file = u.event.Files[0].FileID
		}
		if got != c.want || u.id != 1 {
			t.Errorf("%s: read as %+v, want %+v", c.name, got, c.want)
		}
	}
	poll := `{"update_id":1,"poll":{"id":"77","question":"?","total_voter_count":1,"options":[{"text":"a","voter_count":0},{"text":"b","voter_count":1}]}}`
	if u, err := read([]byte(poll), calls("fake_bot")); err != nil || u.poll != "77" || len(u.chosen) != 1 || u.chosen[0] != 1 || u.chat != 0 {
		t.Errorf("a poll's answer is read as %q, %v, %v", u.poll, u.chosen, err)
	}
	for _, raw := range []string{``, `[]`, `{"update_id":"one"}`, `{"update_id":1,"message":{"text":5}}`} {
		if _, err := read([]byte(raw), calls("fake_bot")); err == nil {
			t.Errorf("%q is read as an update", raw)
		}
	}
}
