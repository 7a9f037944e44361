package faketelegram_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pendamping/bot/faketelegram"
)

func TestGroup(t *testing.T) {
	s, url := serve(t)
	ani, budi := s.User(1, "Ani"), s.User(2, "Budi")
	g := s.Group(-5, "Desa", ani, budi)
	a := g.As(ani)
	if us := updates(t, url, 0); len(us) != 2 || us[0].MyChatMember.New.Status != "member" {
		t.Fatalf("got %+v", us)
	}
	hello := must[msg](t, url, "sendMessage", obj{"chat_id": -5, "text": "halo"}).MessageID
	heard := func(act func()) bool {
		t.Helper()
		before := s.LastUpdate()
		act()
		return s.LastUpdate() > before
	}
	for _, tt := range []struct {
		name string
		act  func()
		want bool
	}{
		{"talk", func() { a.Send("apa kabar") }, false},
		{"command", func() { a.Send("/nota 5") }, true},
		{"command for us", func() { a.Send("/nota@Fake_Bot") }, true},
		{"command for another", func() { a.Send("/nota@other_bot") }, false},
		{"mention", func() { a.Send("tolong @fake_bot") }, true},
		{"reply", func() { a.Reply(hello, "ya") }, true},
		{"reply to a person", func() { a.Reply(1, "ya") }, false},
		{"photo", func() { a.SendPhoto(picture(9, 9), "nota") }, false},
		{"join", func() { g.As(s.User(3, "Cici")) }, true},
		{"leave", func() { g.Leave(s.User(3, "Cici")) }, true},
		{"privacy off", func() { s.SetPrivacy(false); a.Send("dengar") }, true},
		{"privacy on", func() { s.SetPrivacy(true); a.Send("rahasia") }, false},
		{"administrator", func() { g.PromoteBot(true); a.Send("dengar") }, true},
	} {
		if got := heard(tt.act); got != tt.want {
			t.Errorf("%s: heard %v", tt.name, got)
		}
	}
	type member struct{ Status string }
	for id, want := range map[int64]string{1: "creator", 2: "member", 3: "left", 123456: "administrator"} {
		if got := must[member](t, url, "getChatMember", obj{"chat_id": -5, "user_id": id}).Status; got != want {
			t.Errorf("member %d is %s", id, got)
		}
	}
	if got := must[[]member](t, url, "getChatAdministrators", obj{"chat_id": -5}); len(got) != 2 {
		t.Errorf("administrators %v", got)
	}
	must[bool](t, url, "pinChatMessage", obj{"chat_id": -5, "message_id": hello})
	if ms := a.Messages(); !ms[hello-1].Pinned || ms[len(ms)-1].Service != "pinned" {
		t.Errorf("got %+v", ms[hello-1])
	}
	if got := must[struct {
		Title  string
		Pinned msg `json:"pinned_message"`
	}](t, url, "getChat", obj{"chat_id": -5}); got.Title != "Desa" || got.Pinned.Text != "halo" {
		t.Errorf("got %+v", got)
	}
	g.RemoveBot()
	if a := call(t, url, "sendMessage",
		obj{"chat_id": -5, "text": "x"}); a.Description != "Forbidden: bot was kicked from the group chat" {
		t.Errorf("got %+v", a)
	}
}

func TestMigration(t *testing.T) {
	s, url := serve(t)
	ani := s.User(1, "Ani")
	g := s.Group(-5, "Desa", ani)
	a := g.As(ani)
	a.Send("/mulai")
	updates(t, url, s.LastUpdate()+1)
	id := g.Migrate()
	us := updates(t, url, 0)
	if len(us) != 2 || us[0].Message.MigrateToChatID != id || us[1].Message.MigrateFromChatID != -5 ||
		us[1].Message.Chat.ID != id {
		t.Fatalf("got %+v", us)
	}
	old := call(t, url, "sendMessage", obj{"chat_id": -5, "text": "x"})
	if old.ErrorCode != 400 || old.Parameters.MigrateTo != id ||
		old.Description != "Bad Request: group chat was upgraded to a supergroup chat" {
		t.Errorf("got %+v", old)
	}
	must[msg](t, url, "sendMessage", obj{"chat_id": id, "text": "pindah"})
	a.Send("/lanjut")
	if a.ChatID() != id || g.ID() != id || a.Last().Text != "/lanjut" || s.Chats()[0].Type != "supergroup" {
		t.Errorf("the person stayed behind: %+v", a.Last())
	}
}

func TestPrivateChat(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	u.Start("kode_1")
	u.Block(true)
	if a := call(t, url, "sendMessage", obj{"chat_id": 1, "text": "x"}); a.ErrorCode != 403 {
		t.Errorf("got %+v", a)
	}
	id := u.Send("kembali")
	us := updates(t, url, 0)
	if len(us) != 4 || us[1].MyChatMember.New.Status != "kicked" || us[2].MyChatMember.New.Status != "member" {
		t.Fatalf("got %+v", us)
	}
	if us[0].Message.Text != "/start kode_1" || us[0].Message.Entities[0].Length != 6 {
		t.Errorf("got %+v", us[0].Message)
	}
	bot := must[msg](t, url, "sendMessage", obj{"chat_id": 1, "text": "pilih",
		"reply_parameters": obj{"message_id": id},
		"reply_markup":     keyboard(obj{"text": "A", "callback_data": "a"})})
	if bot.ReplyToMessage.Text != "kembali" {
		t.Errorf("got %+v", bot.ReplyToMessage)
	}
	u.Reply(bot.MessageID, "ini")
	u.SendVoice([]byte("ogg"))
	u.SendLocation(-6.2, 106.8)
	u.SendSticker()
	u.SendContact("Ani", "+62811")
	us = updates(t, url, us[3].UpdateID+1)
	if r := us[0].Message.ReplyToMessage; len(us) != 5 || r.Text != "pilih" || !strings.Contains(string(r.ReplyMarkup),
		`"callback_data":"a"`) {
		t.Errorf("got %+v", us)
	}
	album := u.SendAlbum(faketelegram.Photo{Data: picture(9, 9), Caption: "1"},
		faketelegram.Photo{Data: []byte("rusak")})
	ms := u.Messages()
	if a, b := ms[album-1], ms[album]; a.Album == "" || a.Album != b.Album || a.Caption != "1" || b.Photo == nil ||
		a.Photo.UniqueID == b.Photo.UniqueID {
		t.Errorf("got %+v", ms[album-1:])
	}
	u.EditCaption(album, "satu")
	us = updates(t, url, -1)
	if us[0].EditedMessage.Caption != "satu" {
		t.Errorf("got %+v", us[0])
	}
	must[bool](t, url, "setMessageReaction", obj{
		"chat_id": 1, "message_id": album, "reaction": []obj{{"type": "emoji", "emoji": "🙏"}},
	})
	if got := u.Messages()[album-1].Reactions; !slices.Equal(got, []string{"🙏"}) {
		t.Errorf("got %v", got)
	}
	must[bool](t, url, "deleteMessage", obj{"chat_id": 1, "message_id": bot.MessageID})
	u.PressOld(bot.MessageID, "a")
	us = updates(t, url, -1)
	if q := us[0].CallbackQuery; q.Message.Text != "" || q.Message.MessageID != bot.MessageID {
		t.Errorf("a gone message: %+v", q.Message)
	}
}

func TestCopyAndForward(t *testing.T) {
	s, url := serve(t)
	u, v := s.User(1, "Ani"), s.User(2, "Budi")
	from := u.SendPhoto(picture(9, 9), "asal")
	v.Send("halo")
	must[msg](t, url, "copyMessage", obj{"chat_id": 2, "from_chat_id": 1, "message_id": from, "caption": "<b>baru</b>",
		"parse_mode":   "HTML",
		"reply_markup": keyboard(obj{"text": "A", "callback_data": "a"})})
	if m := v.Last(); m.HTML != "<b>baru</b>" || m.Photo.UniqueID != u.Last().Photo.UniqueID || !m.FromBot ||
		m.Forwarded || len(m.Buttons) != 1 {
		t.Errorf("copied %+v", m)
	}
	f := must[msg](t, url, "forwardMessage", obj{"chat_id": 2, "from_chat_id": 1, "message_id": from})
	if m := v.Last(); m.Caption != "asal" || !m.Forwarded || f.ForwardFrom.ID != 1 {
		t.Errorf("forwarded %+v, %+v", m, f)
	}
}

func TestMenus(t *testing.T) {
	s, url := serve(t)
	ani := s.User(1, "Ani")
	g := s.Group(-5, "Desa", ani, s.User(2, "Budi"))
	set := func(command string, scope obj, language string) {
		t.Helper()
		args := obj{"commands": []obj{{"command": command, "description": "x"}}, "language_code": language}
		if scope != nil {
			args["scope"] = scope
		}
		must[bool](t, url, "setMyCommands", args)
	}
	shown := func(chat, user int64) string {
		if m := s.Commands(chat, user, "id"); len(m) > 0 {
			return m[0].Command
		}
		return ""
	}
	for _, step := range []struct {
		set             func()
		one, two, group string
	}{
		{func() { set("a", nil, "") }, "a", "a", "a"},
		{func() { set("b", nil, "id") }, "b", "b", "b"},
		{func() { set("c", obj{"type": "all_private_chats"}, "") }, "c", "c", "b"},
		{func() { set("d", obj{"type": "chat", "chat_id": 1}, "") }, "d", "c", "b"},
		{func() { set("e", obj{"type": "all_chat_administrators"}, "") }, "d", "c", "e"},
		{func() {
			must[bool](t, url, "deleteMyCommands", obj{"scope": obj{"type": "chat", "chat_id": 1}})
		}, "c", "c", "e"},
	} {
		step.set()
		if one, two, group := shown(1, 1), shown(2, 2), shown(g.ID(), 1); one != step.one || two != step.two ||
			group != step.group {
			t.Errorf("got %s %s %s, want %+v", one, two, group, step)
		}
	}
	must[bool](t, url, "setMyDescription", obj{"description": "Halo"})
	if s.Description("id") != "Halo" {
		t.Error(s.Description("id"))
	}
	if got := must[[]faketelegram.Command](t, url, "getMyCommands", obj{"language_code": "id"}); len(got) != 1 ||
		got[0].Command != "b" {
		t.Errorf("got %v", got)
	}
}

func TestSaveLoad(t *testing.T) {
	s, url := serve(t)
	u := s.User(1, "Ani")
	img := picture(30, 20)
	u.SendPhoto(img, "nota")
	sent := must[msg](t, url, "sendMessage", obj{"chat_id": 1, "text": "<b>a</b>", "parse_mode": "HTML",
		"reply_markup": keyboard(obj{"text": "A", "callback_data": "a"})})
	must[msg](t, url, "sendMessage", obj{
		"chat_id": 1, "text": "b", "reply_markup": obj{"keyboard": [][]string{{"Ya"}}},
	})
	set := obj{"commands": []obj{{"command": "nota", "description": "x"}}}
	must[bool](t, url, "setMyCommands", set)
	press := u.PressOld(sent.MessageID, "a")
	var saved bytes.Buffer
	if err := s.Save(&saved); err != nil {
		t.Fatal(err)
	}

	s2, url2 := serve(t)
	if err := s2.Load(bytes.NewReader(saved.Bytes())); err != nil {
		t.Fatal(err)
	}
	v := s2.User(1, "")
	if a, b := u.Messages(), v.Messages(); len(a) != len(b) || a[1].HTML != b[1].HTML ||
		b[1].Buttons[0][0].Data != "a" || b[2].Keyboard[0][0].Text != "Ya" || b[0].Name != "Ani" {
		t.Errorf("got %+v", b)
	}
	if data, mime, ok := s2.File(v.Messages()[0].Photo.ID); !ok || mime != "image/jpeg" || !bytes.Equal(data, img) {
		t.Error("the photo is not there")
	}
	if us := updates(t, url2, 0); len(us) != 2 || us[1].CallbackQuery.ID != press.ID() {
		t.Errorf("got %+v", us)
	}
	must[bool](t, url2, "answerCallbackQuery", obj{"callback_query_id": press.ID()})
	must[msg](t, url2, "editMessageText", obj{"chat_id": 1, "message_id": sent.MessageID, "text": "c"})
	if len(s2.Commands(1, 1, "")) != 1 {
		t.Error("the menu is gone")
	}
	before := s.LastUpdate()
	if v.Send("lagi"); s2.LastUpdate() != before+1 {
		t.Errorf("update %d after %d", s2.LastUpdate(), before)
	}
	if err := s2.Load(strings.NewReader("bukan tar")); err == nil || len(v.Messages()) != 4 {
		t.Errorf("a broken file: %v, %d messages", err, len(v.Messages()))
	}
}
