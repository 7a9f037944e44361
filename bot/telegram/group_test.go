package telegram

import (
	"fmt"
	"testing"

	"pendamping/flows/form"
)

// A group message is for the bot if it asks for a photo to be filed. It then belongs to its sender's private chat.
func TestGroupMentions(t *testing.T) {
	const (
		photo = `"photo":[{"file_id":"p","file_unique_id":"u","width":9,"height":9}]`
		pdf   = `"document":{"file_id":"p","mime_type":"application/pdf"}`
		sheet = `"document":{"file_id":"p","mime_type":"application/vnd.ms-excel"}`
	)
	reply := func(text, of string) string {
		return fmt.Sprintf(
			`"text":%q,"reply_to_message":{"message_id":3,"from":{"id":8},"chat":{"id":-9,"type":"group"},%s}`, text,
			of)
	}
	captioned := func(caption string) string { return fmt.Sprintf(`%s,"caption":%q`, photo, caption) }
	const nobody = "\x00"
	for _, c := range []struct{ name, says, words string }{
		{"a command to a photo", reply("/nota", photo), ""},
		{"a command by name, with words", reply("/nota@Fake_Bot 50rb toko Jaya", photo), "50rb toko Jaya"},
		{"the name to a photo with a caption", reply("tolong @fake_bot", photo+`,"caption":"semen 195rb"`),
			"semen 195rb\ntolong"},
		{"the name to a PDF", reply("@fake_bot, ya", pdf), ", ya"},
		{"a photo with a command", captioned("/nota semen"), "semen"},
		{"a photo with the name at the end", captioned("semen @FAKE_BOT"), "semen"},
		{"an album's photo", captioned("@fake_bot") + `,"media_group_id":"a"`, ""},

		{"a photo alone", photo, nobody},
		{"a photo with other words", captioned("semen"), nobody},
		{"another bot's command", captioned("/nota@bot_lain"), nobody},
		{"another command", reply("/notaku", photo), nobody},
		{"a longer name", captioned("@fake_bot2"), nobody},
		{"an address", captioned("x@fake_bot"), nobody},
		{"a command in the middle", captioned("ini /nota"), nobody},
		{"to a table", reply("/nota", sheet), nobody},
		{"to words", reply("@fake_bot", `"text":"halo"`), nobody},
		{"to nothing", `"text":"/nota"`, nobody},
		{"a voice note with the name", `"voice":{"file_id":"v"},"caption":"@fake_bot"`, nobody},
		{"by a channel", captioned("@fake_bot") + `,"sender_chat":{"id":-9,"type":"channel"}`, nobody},
	} {
		for _, kind := range []string{"message", "edited_message"} {
			u,
				err := fake.Update(fmt.Appendf(nil,
				`{"update_id":1,%q:{"message_id":5,"from":{"id":7},"chat":{"id":-9,"type":"group"},%s}}`, kind, c.says))
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			e := u.Event
			if c.words == nobody || kind == "edited_message" {
				if u.Private || u.Chat != -9 || e.GroupChat != 0 || e.Chat != -9 {
					t.Errorf("%s (%s): files something: %+v", c.name, kind, e)
				}
				continue
			}
			if !u.Private || u.Chat != 7 || u.GroupText != "" || e.Chat != 7 || e.Account != 7 || e.GroupChat != -9 ||
				e.Message != 0 {
				t.Errorf("%s: read as %+v", c.name, u)
			}
			if len(e.Files) != 1 || e.Files[0].FileID != "p" || e.Text != c.words ||
				(e.Kind != form.Picture && e.Kind != form.Document) {
				t.Errorf("%s: files %+v with %q, want %q", c.name, e.Files, e.Text, c.words)
			}
		}
	}
}
