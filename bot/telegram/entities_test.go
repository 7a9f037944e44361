package telegram

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pendamping/bot/faketelegram"
)

func TestFormatted(t *testing.T) {
	style := func(kind string, offset, length int) tgbotapi.MessageEntity {
		return tgbotapi.MessageEntity{Type: kind, Offset: offset, Length: length}
	}
	link := func(offset, length int, url string) tgbotapi.MessageEntity {
		return tgbotapi.MessageEntity{Type: "text_link", Offset: offset, Length: length, URL: url}
	}
	type list = []tgbotapi.MessageEntity
	for _, tt := range []struct {
		text     string
		entities list
		want     string
	}{
		{"Halo", nil, "Halo"},
		{"1 < 2 & 3 > 2", nil, "1 &lt; 2 &amp; 3 &gt; 2"},
		{"tebal miring", list{style("bold", 0, 5), style("italic", 6, 6)}, "<b>tebal</b> <i>miring</i>"},
		{"abcdef", list{style("bold", 0, 4), style("italic", 2, 4)}, "<b>ab<i>cd</i></b><i>ef</i>"},
		{"abc", list{style("bold", 0, 3), style("underline", 0, 3)}, "<b><u>abc</u></b>"},
		{"🙏 ya", list{style("strikethrough", 3, 2)}, "🙏 <s>ya</s>"},
		{"🙏 ya", list{style("spoiler", 0, 2)}, "<tg-spoiler>🙏</tg-spoiler> ya"},
		{"buka", list{link(0, 4, `https://a.id/?x=1&y="2"`)},
			`<a href="https://a.id/?x=1&amp;y=&quot;2&quot;">buka</a>`},
		{"a<b", list{style("code", 0, 3), style("bold", 1, 2)}, "<code>a&lt;b</code>"},
		{"kutip", list{style("expandable_blockquote", 0, 5)}, "<blockquote expandable>kutip</blockquote>"},
		{"@nama /nota #x", list{style("mention", 0, 5), style("bot_command", 6, 5), style("hashtag", 12, 2)},
			"@nama /nota #x"},
		{"pendek", list{style("bold", 3, 50)}, "pen<b>dek</b>"},
	} {
		if got := asHTML(tt.text, tt.entities); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Telegram accepts the result, which says what was typed.
func FuzzFormatted(f *testing.F) {
	f.Add("Halo <b>Bapak</b> & Ibu 🙏", uint64(0x0102030405060708))
	f.Add("abcdefgh", uint64(0x1102250406370208))
	server := faketelegram.New("1:format")
	http := httptest.NewServer(server)
	f.Cleanup(http.Close)
	f.Cleanup(server.Close)
	person := server.User(7, "Sri")
	person.Started()
	client := New(http.URL, "1:format")
	f.Cleanup(client.Close)
	kinds := []string{
		"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "blockquote", "hashtag",
	}
	say := func(t *testing.T, html string) string {
		p := params{"chat_id": "7", "parse_mode": "HTML", "text": html}
		err := client.call(context.Background(), 5*time.Second, Request{Method: "sendMessage", params: p}, nil)
		if err != nil {
			t.Fatalf("%q: %v", html, err)
		}
		return person.Last().Text
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		text = "x" + strings.ReplaceAll(text, "\x00", "") + "x" // Telegram trims spaces at the ends
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 500 {
			t.Skip()
		}
		var entities []tgbotapi.MessageEntity
		for seed > 0 {
			e := tgbotapi.MessageEntity{
				Type: kinds[int(seed&0xff)%len(kinds)], Offset: int(seed >> 8 & 0xf), Length: int(seed>>12&0xf) + 1,
			}
			e.URL = fmt.Sprintf(`https://a.id/?q="<%s>&`, strings.ReplaceAll(text, "\n", " "))
			entities = append(entities, e)
			seed >>= 16
		}
		if got, want := say(t, asHTML(text, entities)), say(t, asHTML(text, nil)); got != want {
			t.Errorf("%q becomes %q", want, got)
		}
	})
}
