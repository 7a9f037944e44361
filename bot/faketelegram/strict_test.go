package faketelegram_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func keyboard(buttons ...obj) obj { return obj{"inline_keyboard": [][]obj{buttons}} }

func TestRefusals(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	mine := u.Send("halo")
	s.User(2, "Diam")
	blocked := s.User(3, "Blok")
	blocked.Send("halo")
	blocked.Block(true)
	g := s.Group(-5, "Desa", u)
	sent := must[msg](t, url, "sendMessage", obj{"chat_id": 1, "text": "satu"}).MessageID
	withKeys := must[msg](t, url, "sendMessage", obj{
		"chat_id": 1, "text": "x", "reply_markup": obj{"keyboard": [][]string{{"A"}}},
	}).MessageID
	photo := u.SendPhoto(picture(10, 10), "")
	fileID := u.Messages()[photo-1].Photo.ID
	big := u.SendDocument("b.bin", "", make([]byte, 20<<20+1), "")
	bigID := u.Messages()[big-1].Document.ID
	press := u.PressOld(sent, "x")
	press.Expire()

	for _, tt := range []struct {
		method string
		args   obj
		code   int
		want   string
	}{
		{"sendMessage", obj{"chat_id": 1, "text": ""}, 400, "Bad Request: message text is empty"},
		{"sendMessage", obj{"chat_id": 1, "text": " \n "}, 400, "Bad Request: text must be non-empty"},
		{"sendMessage", obj{"chat_id": 1, "text": strings.Repeat("x", 4097)}, 400, "Bad Request: message is too long"},
		{"sendMessage", obj{"chat_id": 1, "text": strings.Repeat("😀", 2049)}, 400, "Bad Request: message is too long"},
		{"sendMessage", obj{"chat_id": 1, "text": strings.Repeat("😀", 2048)}, 0, ""},
		{"sendMessage", obj{"chat_id": 1, "text": "<b>" + strings.Repeat("x", 4096) + "</b>", "parse_mode": "HTML"}, 0,
			""},
		{"sendMessage", obj{"text": "x"}, 400, "Bad Request: chat_id is empty"},
		{"sendMessage", obj{"chat_id": 99, "text": "x"}, 400, "Bad Request: chat not found"},
		{"sendMessage", obj{"chat_id": 2, "text": "x"}, 403, "Forbidden: bot can't initiate conversation with a user"},
		{"sendMessage", obj{"chat_id": 3, "text": "x"}, 403, "Forbidden: bot was blocked by the user"},
		{"sendMessage", obj{
			"chat_id": 1, "text": "x", "colour": 1, "txt": 2,
		}, 400, "Bad Request: faketelegram: sendMessage has no parameter colour, txt"},
		{"sendMessage", obj{
			"chat_id": 1, "text": "x", "parse_mode": "BBCode",
		}, 400, "Bad Request: unsupported parse_mode"},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_parameters": obj{"message_id": 77}}, 400,
			"Bad Request: message to be replied not found"},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_to_message_id": 77, "allow_sending_without_reply": true},
			0, ""},
		{"sendMessage", obj{
			"chat_id": 1, "text": "x", "reply_parameters": obj{"id": 1},
		}, 400, `Bad Request: faketelegram: reply_parameters has no field "id"`},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_markup": keyboard(obj{
			"text": "a", "callback_data": strings.Repeat("x", 64),
		})}, 0, ""},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_markup": keyboard(obj{
			"text": "a", "callback_data": strings.Repeat("x", 65),
		})}, 400, "Bad Request: BUTTON_DATA_INVALID"},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_markup": keyboard(obj{"text": "a", "callback_data": ""})},
			400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_markup": keyboard(obj{"text": "", "callback_data": "a"})},
			400, "Bad Request: inline keyboard button text must be non-empty"},
		{"sendMessage", obj{
			"chat_id": 1, "text": "x", "reply_markup": keyboard(obj{"text": "a", "url": "x", "callback_data": "a"}),
		}, 400, "Bad Request: faketelegram: an inline keyboard button has exactly one action"},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_markup": keyboard(obj{"text": "a", "data": "a"})}, 400,
			`Bad Request: faketelegram: reply_markup has no field "data"`},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_markup": obj{"inline_keyboard": []obj{}}}, 0, ""},
		{"sendMessage", obj{"chat_id": 1, "text": "x", "reply_markup": obj{"keyboard": [][]obj{{{"text": " "}}}}}, 400,
			"Bad Request: keyboard button text must be non-empty"},
		{"sendMessage", obj{
			"chat_id": 1, "text": "x", "reply_markup": obj{},
		}, 400, "Bad Request: object expected as reply markup"},
		{"sendMessage", obj{"chat_id": g.ID(), "text": "x", "reply_markup": obj{
			"keyboard": [][]obj{{{"text": "a", "request_contact": true}}},
		}}, 400, "Bad Request: phone number can be requested in private chats only"},
		{"sendMessage", obj{"chat_id": "1", "text": "x", "entities": []obj{{"type": "bold", "offset": 0, "length": 2}}},
			400, "Bad Request: can't parse entities: entity beyond the end of the text"},
		{"sendPhoto", obj{
			"chat_id": 1, "photo": fileID, "caption": strings.Repeat("x", 1025),
		}, 400, "Bad Request: message caption is too long"},
		{"sendPhoto", obj{"chat_id": 1, "photo": fileID, "caption": strings.Repeat("x", 1024)}, 0, ""},
		{"sendPhoto", obj{"chat_id": 1}, 400, "Bad Request: there is no photo in the request"},
		{"sendDocument", obj{"chat_id": 1, "document": fileID}, 400,
			"Bad Request: can't use file of type Photo as Document"},
		{"sendMediaGroup", obj{
			"chat_id": 1, "media": []obj{{"type": "photo", "media": fileID}},
		}, 400, "Bad Request: faketelegram: an album has at least 2 items"},
		{"sendMediaGroup", obj{"chat_id": 1, "media": make11(fileID)}, 400,
			"Bad Request: too many messages to send as an album"},
		{"sendMediaGroup", obj{"chat_id": 1, "media": make11(fileID)[:10]}, 0, ""},
		{"sendLocation", obj{"chat_id": 1, "latitude": 1}, 400, "Bad Request: longitude is empty"},
		{"sendPoll", obj{
			"chat_id": 1, "question": "?", "options": []string{"a"},
		}, 400, "Bad Request: poll must have at least 2 option"},
		{"sendPoll", obj{"chat_id": 1, "question": "?", "options": []any{"a", obj{"text": "b"}}}, 0, ""},
		{"sendChatAction", obj{"chat_id": 1, "action": "dance"}, 400, "Bad Request: wrong parameter action in request"},
		{"sendChatAction", obj{"chat_id": 1, "action": "typing"}, 0, ""},
		{"editMessageText", obj{
			"chat_id": 1, "message_id": 77, "text": "x",
		}, 400, "Bad Request: message to edit not found"},
		{"editMessageText", obj{
			"chat_id": 1, "message_id": mine, "text": "x",
		}, 400, "Bad Request: message can't be edited"},
		{"editMessageText", obj{
			"chat_id": 1, "message_id": withKeys, "text": "y",
		}, 400, "Bad Request: message can't be edited"},
		{"editMessageText", obj{
			"chat_id": 1, "message_id": sent, "text": " satu ",
		}, 400,
			"Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"editMessageText", obj{
			"chat_id": 1, "message_id": sent, "text": "satu", "reply_markup": obj{"remove_keyboard": true},
		}, 400, "Bad Request: inline keyboard expected"},
		{"editMessageCaption", obj{
			"chat_id": 1, "message_id": sent, "caption": "x",
		}, 400, "Bad Request: there is no caption in the message to edit"},
		{"editMessageReplyMarkup", obj{
			"chat_id": 1, "message_id": sent, "reply_markup": keyboard(obj{"text": "a", "callback_data": "b"}),
		}, 0, ""},
		{"editMessageMedia", obj{"chat_id": 1, "message_id": sent, "media": obj{"type": "photo", "media": fileID}}, 0,
			""},
		{"editMessageText", obj{
			"chat_id": 1, "message_id": sent, "text": "x",
		}, 400, "Bad Request: there is no text in the message to edit"},
		{"editMessageCaption", obj{"chat_id": 1, "message_id": sent, "caption": "x"}, 0, ""},
		{"deleteMessage", obj{"chat_id": 1, "message_id": 77}, 400, "Bad Request: message to delete not found"},
		{"copyMessage", obj{
			"chat_id": 1, "from_chat_id": 1, "message_id": 77,
		}, 400, "Bad Request: message to copy not found"},
		{"forwardMessage", obj{
			"chat_id": 1, "from_chat_id": 1, "message_id": 77,
		}, 400, "Bad Request: message to forward not found"},
		{"answerCallbackQuery", obj{"callback_query_id": "1"}, 400,
			"Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"answerCallbackQuery", obj{"callback_query_id": press.ID()}, 400,
			"Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"getFile", obj{"file_id": "x"}, 400, "Bad Request: wrong file_id or the file is temporarily unavailable"},
		{"getFile", obj{"file_id": bigID}, 400, "Bad Request: file is too big"},
		{"setMessageReaction", obj{
			"chat_id": 1, "message_id": mine, "reaction": []obj{{"type": "emoji", "emoji": "🍎"}},
		}, 400, "Bad Request: REACTION_INVALID"},
		{"setMessageReaction", obj{
			"chat_id": 1, "message_id": mine, "reaction": []obj{{"type": "emoji", "emoji": "👍"}},
		}, 0, ""},
		{"pinChatMessage", obj{"chat_id": g.ID(), "message_id": 1}, 400,
			"Bad Request: not enough rights to manage pinned messages in the chat"},
		{"getChatAdministrators", obj{"chat_id": 1}, 400,
			"Bad Request: there are no administrators in the private chat"},
		{"setMyCommands", obj{
			"commands": []obj{{"command": "Nota", "description": "x"}},
		}, 400, "Bad Request: BOT_COMMAND_INVALID"},
		{"setMyCommands", obj{
			"commands": []obj{{"command": "nota", "description": "x"}}, "scope": obj{"type": "chat", "chat_id": 77},
		}, 400, "Bad Request: chat not found"},
		{"setWebhook", obj{"url": "http://example.org/"}, 400,
			"Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"setWebhook", obj{"url": "https://example.org:9000/"}, 400,
			"Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
		{"setWebhook", obj{
			"url": "https://example.org/", "secret_token": "a b",
		}, 400, "Bad Request: secret token contains unallowed characters"},
		{"getUpdates", obj{"allowed_updates": []string{"mesage"}}, 400,
			"Bad Request: faketelegram: no update is called mesage"},
		{"logOut", obj{}, 404, "Not Found: method not found"},
		{"GETME", obj{}, 0, ""},
	} {
		a := call(t, url, tt.method, tt.args)
		if a.ErrorCode != tt.code || a.Description != tt.want {
			t.Errorf("%s %.120v:\n got %d %s\nwant %d %s", tt.method, tt.args, a.ErrorCode, a.Description, tt.code,
				tt.want)
		}
	}
	if resp, err := http.Get(url + "/botwrong/getMe"); err != nil || resp.StatusCode != 401 {
		t.Errorf("a wrong token: %v %v", resp.Status, err)
	}
}

func make11(fileID string) []obj {
	var media []obj
	for range 11 {
		media = append(media, obj{"type": "photo", "media": fileID})
	}
	return media
}

func TestDeleteAfterTwoDays(t *testing.T) {
	s, url := serve(t)
	now := time.Unix(1_800_000_000, 0)
	s.SetClock(func() time.Time { return now })
	s.User(1, "Ani").Send("halo")
	id := must[msg](t, url, "sendMessage", obj{"chat_id": 1, "text": "x"}).MessageID
	now = now.Add(48*time.Hour + time.Second)
	if a := call(t, url, "deleteMessage",
		obj{"chat_id": 1, "message_id": id}); a.Description != "Bad Request: message can't be deleted for everyone" {
		t.Error(a.Description)
	}
	now = now.Add(-time.Minute)
	must[bool](t, url, "deleteMessage", obj{"chat_id": 1, "message_id": id})
	if ms := s.Messages(1); !ms[1].Deleted || ms[0].Deleted {
		t.Errorf("%+v", ms)
	}
}

func TestHTML(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	u.Send("halo")
	long := strings.Repeat("&amp;", 4096)
	for _, tt := range []struct{ in, text, html, err string }{
		{"<b>a</b> <strong>b</strong>", "a b", "<b>a</b> <b>b</b>", ""},
		{"<i>a</i><em>b</em><u>c</u><ins>d</ins>", "abcd", "<i>a</i><i>b</i><u>c</u><u>d</u>", ""},
		{"<s>a</s><strike>b</strike><del>c</del>", "abc", "<s>a</s><s>b</s><s>c</s>", ""},
		{"<tg-spoiler>a</tg-spoiler><span class=\"tg-spoiler\">b</span>", "ab",
			"<tg-spoiler>a</tg-spoiler><tg-spoiler>b</tg-spoiler>", ""},
		{`<a href="https://a.id/?x=1&amp;y=2">a</a>`, "a", `<a href="https://a.id/?x=1&amp;y=2">a</a>`, ""},
		{"<code>a</code>", "a", "<code>a</code>", ""},
		{`<pre><code class="language-go">a</code></pre>`, "a", "<pre>a</pre>", ""},
		{"<blockquote>a</blockquote>\n<blockquote expandable>b</blockquote>", "a\nb",
			"<blockquote>a</blockquote>\n<blockquote expandable>b</blockquote>", ""},
		{"<b>a<i>b</i></b>", "ab", "<b>a<i>b</i></b>", ""},
		{"<b><i>a</i></b>", "a", "<b><i>a</i></b>", ""},
		{"&lt;x&gt; &amp; &quot;&#39; &#x41; &copy;", "<x> & \"' A &copy;", "&lt;x&gt; &amp; \"' A &amp;copy;", ""},
		{"😀 <b>é😀</b>!", "😀 é😀!", "😀 <b>é😀</b>!", ""},
		{"  <b> a </b>  ", "a", "<b>a</b>", ""},
		{long, strings.Repeat("&", 4096), long, ""},
		{"<b>a", "", "", `Can't find end tag corresponding to start tag "b"`},
		{"<b>a</i>", "", "", `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{"a</b>", "", "", "Unexpected end tag at byte offset 1"},
		{"a < b", "", "", `Unsupported start tag "" at byte offset 2`},
		{"a <br> b", "", "", `Unsupported start tag "br" at byte offset 2`},
		{"<1.000>", "", "", `Unsupported start tag "1.000" at byte offset 0`},
		{"<p>a</p>", "", "", `Unsupported start tag "p" at byte offset 0`},
		{"<b", "", "", "Unclosed start tag at byte offset 0"},
		{"<b>a</b", "", "", "Unclosed end tag at byte offset 4"},
		{`<span class="x">a</span>`, "", "", `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{"<a =x>a</a>", "", "", `Empty attribute name in the tag "a" at byte offset 0`},
		{"<a href=x/y>a</a>", "", "", "Unexpected end of name token at byte offset 8"},
	} {
		a := call(t, url, "sendMessage", obj{"chat_id": 1, "text": tt.in, "parse_mode": "HTML"})
		if tt.err != "" {
			if want := "Bad Request: can't parse entities: " + tt.err; a.Description != want {
				t.Errorf("%q:\n got %s\nwant %s", tt.in, a.Description, want)
			}
			continue
		}
		if m := u.Last(); !a.OK || m.Text != tt.text || m.HTML != tt.html {
			t.Errorf("%.80q: %s got %.80q, %.80q", tt.in, a.Description, m.Text, m.HTML)
		}
	}
}

func TestEntities(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	for _, tt := range []struct{ text, want string }{
		{"/nota 5000", "bot_command:/nota"},
		{"lihat /nota@fake_bot ya", "bot_command:/nota@fake_bot"},
		{"1/2 dan a/b", ""},
		{"😀 https://a.id/b, #tag @someone", "url:https://a.id/b hashtag:#tag mention:@someone"},
		{"surat ke a.b@c.co.id.", "email:a.b@c.co.id"},
	} {
		u.Send(tt.text)
		us := updates(t, url, -1)
		m := us[len(us)-1].Message
		u16 := []rune(strings.ReplaceAll(m.Text, "😀", "xx"))
		var got []string
		for _, e := range m.Entities {
			got = append(got, e.Type+":"+string(u16[e.Offset:e.Offset+e.Length]))
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%q: got %s, want %s", tt.text, g, tt.want)
		}
	}
}
