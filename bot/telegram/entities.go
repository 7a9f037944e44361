package telegram

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// plainTags maps entities to the tag that means the same. Links and quotes need attributes as well.
var plainTags = map[string]string{
	"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler",
	"code": "code", "pre": "pre", "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}

var (
	escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	escapeLink = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)

// asHTML returns a text with its entities as Telegram's HTML, and escapes the rest. Offsets count UTF-16 units. What
// Telegram finds by itself, such as a bare URL, needs no tag.
func asHTML(text string, entities []tgbotapi.MessageEntity) string {
	var styles []tgbotapi.MessageEntity
	for _, e := range entities {
		if e.Offset < 0 || e.Length <= 0 {
			continue
		}
		if plainTags[e.Type] != "" || (e.Type == "text_link" && e.URL != "" && len(e.URL) <= maxLink) {
			styles = append(styles, e)
		}
	}
	slices.SortStableFunc(styles, func(a, b tgbotapi.MessageEntity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
	var out strings.Builder
	var open []int // indices of entities, the outermost first
	turn := func(want []int) {
		same := 0
		for same < len(open) && same < len(want) && open[same] == want[same] {
			same++
		}
		for _, i := range slices.Backward(open[same:]) {
			out.WriteString("</" + tagOf(styles[i]) + ">")
		}
		for _, i := range want[same:] {
			out.WriteString("<" + startOf(styles[i]) + ">")
		}
		open = want
	}
	at := 0
	for _, r := range text {
		var want []int
		for i, e := range styles {
			if e.Offset <= at && at-e.Offset < e.Length {
				want = append(want, i)
			}
		}
		turn(codeAlone(styles, want))
		out.WriteString(escapeText.Replace(string(r)))
		at += utf16.RuneLen(r)
	}
	turn(nil)
	return out.String()
}

// codeAlone drops the styles that can't be combined with code.
func codeAlone(styles []tgbotapi.MessageEntity, open []int) []int {
	for _, i := range open {
		if t := styles[i].Type; t == "code" || t == "pre" {
			return []int{i}
		}
	}
	return open
}

func tagOf(e tgbotapi.MessageEntity) string {
	if e.Type == "text_link" {
		return "a"
	}
	return plainTags[e.Type]
}

func startOf(e tgbotapi.MessageEntity) string {
	switch e.Type {
	case "text_link":
		return `a href="` + escapeLink.Replace(e.URL) + `"`
	case "expandable_blockquote":
		return "blockquote expandable"
	}
	return plainTags[e.Type]
}
