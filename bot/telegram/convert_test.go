package telegram

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pendamping/flows/form"
	"pendamping/store"
)

// fake is the converter of the tests' bot.
var fake = NewConverter("fake_bot")

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
		{"a picture as a document", `{"update_id":1,"message":{"message_id":5,` + from + private +
			`,"document":{"file_id":"d","mime_type":"image/png"}}}`,
			seen{kind: form.Document, chat: 7, private: true, file: "d"}},
		{"a voice note", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"voice":{"file_id":"v"}}}`,
			seen{kind: form.Voice, chat: 7, private: true, file: "v"}},
		{"a place", `{"update_id":1,"message":{"message_id":5,` + from + private +
			`,"location":{"latitude":-6.9,"longitude":107.6}}}`,
			seen{kind: form.Location, chat: 7, private: true}},
		{"a sticker", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"sticker":{"file_id":"x"}}}`,
			seen{kind: form.Sticker, chat: 7, private: true}},
		{"a contact", `{"update_id":1,"message":{"message_id":5,` + from + private +
			`,"contact":{"phone_number":"1"}}}`,
			seen{kind: form.Contact, chat: 7, private: true}},
		{"something new", `{"update_id":1,"message":{"message_id":5,` + from + private + `,"hologram":{}}}`,
			seen{kind: form.Other, chat: 7, private: true}},
		{"a press", `{"update_id":1,"callback_query":{"id":"q1",` + from + `"data":"n:1","message":{"message_id":5,` +
			private + `}}}`,
			seen{kind: form.Press, chat: 7, private: true, callback: "q1"}},
		{"a press on a message that is gone", `{"update_id":1,"callback_query":{"id":"q1",` + from + `"data":"n:1"}}`,
			seen{kind: form.Press, callback: "q1"}},
		{"in a group", `{"update_id":1,"message":{"message_id":5,` + from +
			`"chat":{"id":-9,"type":"group"},"text":"halo"}}`,
			seen{kind: form.Words, chat: -9, text: "halo"}},
		{"without a sender",
			`{"update_id":1,"message":{"message_id":5,"chat":{"id":-9,"type":"supergroup"},"text":"halo"}}`,
			seen{kind: form.Words, chat: -9, text: "halo"}},
		{"blocked", `{"update_id":1,"my_chat_member":{` + from + private + `,"new_chat_member":{"status":"kicked"}}}`,
			seen{chat: 7, private: true, left: true}},
		{"unblocked", `{"update_id":1,"my_chat_member":{` + from + private + `,"new_chat_member":{"status":"member"}}}`,
			seen{chat: 7, private: true, back: true}},
		{"of no use", `{"update_id":1,"poll":{"id":"1"}}`, seen{}},
	} {
		u, err := fake.Update([]byte(c.raw))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := seen{kind: u.Event.Kind, chat: u.Chat, private: u.Private, text: u.Event.Text, callback: u.Callback,
			left: u.Blocked, back: u.Unblocked}
		if len(u.Event.Files) > 0 {
			got.file = u.Event.Files[0].FileID
		}
		if got != c.want || u.ID != 1 {
			t.Errorf("%s: read as %+v, want %+v", c.name, got, c.want)
		}
	}
	poll := `{"update_id":1,"poll":{"id":"77","question":"?","total_voter_count":1,"options":[{"text":"a","voter_count":0},{"text":"b","voter_count":1}]}}`
	if u, err := fake.Update([]byte(poll)); err != nil || u.Poll != "77" || len(u.Chosen) != 1 || u.Chosen[0] != 1 ||
		u.Chat != 0 {
		t.Errorf("a poll's answer is read as %q, %v, %v", u.Poll, u.Chosen, err)
	}
	for _, raw := range []string{
		``, `[]`, `null`, `{}`, `{"update_id":"one"}`, `{"update_id":0}`, `{"update_id":-5}`,
		`{"update_id":9223372036854775807}`,
		`{"update_id":1,"message":{"text":5}}`, `{"update_id":1,"message":{}}`,
		`{"update_id":1,"message":{"message_id":5,` + from + `"chat":null,"text":"halo"}}`,
		`{"update_id":1,"message":{"message_id":5,` + private + `,"text":"halo"}}`,
		`{"update_id":1,"message":{"message_id":5,"from":null,` + private + `,"text":"halo"}}`,
		`{"update_id":1,"message":{"message_id":5,"from":{"id":8},` + private + `,"text":"halo"}}`,
		`{"update_id":1,"message":{"message_id":5,"from":{"id":-7},"chat":{"id":-7,"type":"private"},"text":"halo"}}`,
		`{"update_id":1,"message":{"message_id":5,` + from + `"chat":{"id":9,"type":"group"},"text":"halo"}}`,
		`{"update_id":1,"message":{"message_id":5,` + from +
			`"chat":{"id":-9223372036854775808,"type":"group"},"text":"halo"}}`,
		`{"update_id":1,"message":{"message_id":0,` + from + private + `,"text":"halo"}}`,
		`{"update_id":1,"message":{"message_id":2147483648,` + from + private + `,"text":"halo"}}`,
		`{"update_id":1,"edited_message":{"message_id":-1,` + from + private + `,"text":"halo"}}`,
		`{"update_id":1,"callback_query":{"id":"q1"}}`,
		`{"update_id":1,"callback_query":{"id":"q1","from":null,"message":null}}`,
		`{"update_id":1,"callback_query":{"id":"q1",` + from + `"data":"n:1","message":{"message_id":5}}}`,
		`{"update_id":1,"callback_query":{"id":"q1",` + from +
			`"data":"n:1","message":{"message_id":5,"chat":{"id":8,"type":"private"}}}}`,
		`{"update_id":1,"my_chat_member":{}}`, `{"update_id":1,"my_chat_member":{` + from +
			`"chat":{"id":0,"type":"private"},"new_chat_member":{"status":"kicked"}}}`,
		`{"update_id":1,"message":{"message_id":5,` + from + private + `,"photo":[{"file_id":"a","file_size":1e30}]}}`,
		`{"update_id":1,"message":{"message_id":5,` + from + private + `,"location":{"latitude":1e999,"longitude":0}}}`,
	} {
		if u, err := fake.Update([]byte(raw)); err == nil {
			t.Errorf("%q is read as %+v", raw, u)
		}
	}
}

// What an update carries is made fit where it is read: texts are clean, numbers within bounds, and ids possible.
func TestReadMakesFit(t *testing.T) {
	const from, private = `"from":{"id":7},`, `"chat":{"id":7,"type":"private"}`
	message := func(fields string) string {
		return `{"update_id":1,"message":{"message_id":5,` + from + private + `,` + fields + `}}`
	}
	pressing := func(fields string) string {
		return `{"update_id":1,"callback_query":{"id":"q1",` + from + fields + `}}`
	}
	long := strings.Repeat("ab", 3000)
	for _, c := range []struct {
		name, raw string
		got       func(form.Event) any
		want      any
	}{
		{"words", message(`"text":"a\u0000b\u202ec\u2066d\u0085\u001b[1m\r\ne\u2028f\ufeff\uffff\ud800"`),
			func(e form.Event) any { return e.Text }, "abcd[1m\ne\nf\ufffd"},
		{"their formatting", message(`"text":"a\u0000b<","entities":[{"type":"bold","offset":2,"length":1}]`),
			func(e form.Event) any { return e.HTML }, "a<b>b</b>&lt;"},
		{"a style over more than all",
			message(
				`"text":"ab","entities":[{"type":"bold","offset":1,"length":9223372036854775807},{"type":"bold","offset":-9223372036854775808,"length":1}]`),
			func(e form.Event) any { return e.HTML }, "a<b>b</b>"},
		{"a long text", message(`"text":"` + long + `"`), func(e form.Event) any { return len(e.Text) }, 4096},
		{"emoji stay", message(`"text":"👩‍🌾 nota ❤️"`), func(e form.Event) any { return e.Text }, "👩‍🌾 nota ❤️"},
		{"a caption", message(`"caption":"a\u0000b","photo":[{"file_id":"p"}]`),
			func(e form.Event) any { return e.Text }, "ab"},
		{"a file's name",
			message(
				`"document":{"file_id":"d","file_name":"a\u0000\u202e\nfdp.exe","mime_type":"image/\u0000png","file_size":-5}`),
			func(e form.Event) any { return e.Files[0] }, store.File{
				Kind: "photo", FileID: "d", Name: "a fdp.exe", MIME: "image/png",
			}},
		{"a file without an id that can be one", message(`"document":{"file_id":"d\u0000","file_name":"a.pdf"}`),
			func(e form.Event) any { return [2]any{e.Kind, len(e.Files)} },
			[2]any{form.Other, 0}},
		{"sizes",
			message(
				`"photo":[{"file_id":"s","width":90,"height":60},{"file_id":"l","width":9223372036854775807,"height":9223372036854775807,"file_size":-1}]`),
			func(e form.Event) any { return e.Files[0].FileID }, "s"},
		{"an album", message(`"media_group_id":"1\u00002","photo":[{"file_id":"s"}]`),
			func(e form.Event) any { return e.Album }, ""},
		{"a reply", message(`"text":"a","reply_to_message":{"message_id":3000000000}`),
			func(e form.Event) any { return e.Replied }, 0},
		{"a card replied to",
			message(
				`"text":"a","reply_to_message":{"message_id":3,"reply_markup":{"inline_keyboard":[[{"callback_data":"n:\u0000"}]]}}`),
			func(e form.Event) any { return e.Card }, ""},
		{"no buttons in it",
			message(`"text":"a","reply_to_message":{"message_id":3,"reply_markup":{"inline_keyboard":[[]]}}`),
			func(e form.Event) any { return e.Card }, ""},
		{"a place", message(`"location":{"latitude":-6.9,"longitude":107.6}`),
			func(e form.Event) any { return *e.Place }, form.Place{Latitude: -6.9, Longitude: 107.6}},
		{"a place that is nowhere", message(`"location":{"latitude":91,"longitude":0}`),
			func(e form.Event) any { return [2]any{e.Kind, e.Place == nil} }, [2]any{form.Other, true}},
		{"a button", pressing(`"data":"n:1","message":{"message_id":5,"date":1,"text":"a",` + private + `}`),
			func(e form.Event) any { return [3]any{e.Press, e.Message, e.Caption} },
			[3]any{"n:1", 5, false}},
		{"a button under a picture", pressing(`"data":"n:1","message":{"message_id":5,"date":1,` + private + `}`),
			func(e form.Event) any { return [3]any{e.Press, e.Message, e.Caption} },
			[3]any{"n:1", 5, true}},
		{"a button of a message that is too old",
			pressing(`"data":"n:1","message":{"message_id":5,"date":0,` + private + `}`),
			func(e form.Event) any { return [3]any{e.Press, e.Message, e.Caption} }, [3]any{"n:1", 0, false}},
		{"a button that nobody made", pressing(`"data":"n:1\u0000","message":{"message_id":5,"date":1,"text":"a",` +
			private + `}`), func(e form.Event) any { return e.Press }, ""},
		{"a button's data that is too long",
			pressing(`"data":"` + long + `","message":{"message_id":5,"date":1,"text":"a",` + private + `}`),
			func(e form.Event) any { return e.Press }, ""},
	} {
		u, err := fake.Update([]byte(c.raw))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := c.got(u.Event); got != c.want {
			t.Errorf("%s: read as %q, want %q", c.name, got, c.want)
		}
	}
	if u, err := fake.Update([]byte(`{"update_id":1,"poll":{"id":"a\u0000"}}`)); err != nil || u.Poll != "" {
		t.Errorf("a poll's id with NUL is read as %q, %v", u.Poll, err)
	}
	if u,
		err := fake.Update([]byte(`{"update_id":1,"callback_query":{"id":"a\u0000",` + from +
		`"data":"n:1"}}`)); err != nil || u.Callback != "" {
		t.Errorf("a query's id with NUL is read as %q, %v", u.Callback, err)
	}
}

// What a chat reports of itself, and where a live location goes on to, is nothing that somebody says to the bot. What
// only a newer Telegram knows is.
func TestNothingSaid(t *testing.T) {
	const head = `"message_id":5,"from":{"id":7},"date":1,"chat":{"id":7,"type":"private"},`
	for raw, handled := range map[string]bool{
		`{"update_id":1,"message":{` + head + `"pinned_message":{"message_id":4,"date":1,"text":"x",` +
			`"chat":{"id":7,"type":"private"}}}}`: false,
		`{"update_id":1,"message":{` + head + `"message_auto_delete_timer_changed":{"message_auto_delete_time":9}}}`:      false,
		`{"update_id":1,"message":{` + head + `"chat_background_set":{"type":{"type":"fill"}}}}`:                          false,
		`{"update_id":1,"message":{` + head + `"gift":{"gift":{}}}}`:                                                      false,
		`{"update_id":1,"message":{` + head + `"location":{"latitude":-6.9,"longitude":107.6,"live_period":900}}}`:        true,
		`{"update_id":1,"edited_message":{` + head + `"location":{"latitude":-6.8,"longitude":107.6,"live_period":900}}}`: false,
		`{"update_id":1,"edited_message":{` + head + `"location":{"latitude":-6.8,"longitude":107.6}}}`:                   false,
		`{"update_id":1,"message":{` + head + `"dice":{"emoji":"🎲","value":3}}}`:                                          true,
		`{"update_id":1,"message":{` + head + `"hologram":{"id":"x"}}}`:                                                   true,
		`{"update_id":1,"message":{"message_id":5,"date":1,"chat":{"id":-9,"type":"group"},` +
			`"migrate_to_chat_id":-1009}}`: true,
	} {
		u, err := fake.Update([]byte(raw))
		if err != nil || u.Chat != 0 != handled || u.ID != 1 {
			t.Errorf("%s: %+v, %v", raw, u, err)
		}
	}
}

// Any bytes are read without a panic, and what is read fits the columns in which it may be kept.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		`{"update_id":1,"message":{"message_id":5,"from":{"id":7},"chat":{"id":7,"type":"private"},"text":"halo","entities":[{"type":"bold","offset":0,"length":2}]}}`,
		`{"update_id":1,"message":{"message_id":5,"from":{"id":7},"chat":{"id":-9,"type":"group"},"text":"/nota","reply_to_message":{"message_id":4,"chat":{"id":-9,"type":"group"},"photo":[{"file_id":"p"}]}}}`,
		`{"update_id":1,"callback_query":{"id":"q","from":{"id":7},"data":"n:1","message":{"message_id":5,"date":0,"chat":{"id":7,"type":"private"}}}}`,
		`{"update_id":1,"my_chat_member":{"chat":{"id":7,"type":"private"},"new_chat_member":{"status":"kicked"}}}`,
		`{"update_id":1,"poll":{"id":"1","options":[{"voter_count":1}]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := fake.Update(raw)
		if err != nil {
			return
		}
		e := u.Event
		texts := []string{u.Callback, u.Poll, u.GroupText, e.Text, e.HTML, e.Press, e.Album, e.Card}
		for _, file := range e.Files {
			texts = append(texts, file.Kind, file.FileID, file.UniqueID, file.Name, file.MIME, file.Album)
			if file.Size < 0 || file.Width < 0 || file.Width > maxNumber || file.Height < 0 ||
				file.Height > maxNumber || file.FileID == "" {
				t.Errorf("a file: %+v", file)
			}
		}
		for _, s := range texts {
			if strings.ContainsRune(s, 0) || strings.ContainsRune(s, '\u202e') || !utf8.ValidString(s) ||
				len(s) > maxHTML {
				t.Errorf("%q is not clean", s)
			}
		}
		if !within(u.ID, maxID) || u.Chat > maxID || -u.Chat > maxID || u.MovedTo > 0 || e.Account < 0 ||
			e.Account > maxID || len(e.Press) > maxData ||
			e.Message < 0 || e.Message > maxNumber || e.Replied < 0 || e.Replied > maxNumber ||
			u.Private != (u.Chat > 0) || len(u.Chosen) > maxOptions {
			t.Errorf("read as %+v", u)
		}
	})
}

// What can't be seen divides no word and no number; what joins emoji stays.
func TestUnseen(t *testing.T) {
	raw := `{"update_id":1,"message":{"message_id":5,"from":{"id":7},"chat":{"id":7,"type":"private"},` +
		`"text":"Rp150\u200b.0\u00ad00 Maju\u2060Jaya 👩\u200d🌾"}}`
	u, err := fake.Update([]byte(raw))
	if want := "Rp150.000 MajuJaya 👩\u200d🌾"; err != nil || u.Event.Text != want {
		t.Errorf("read as %+q, %v, want %+q", u.Event.Text, err, want)
	}
}
