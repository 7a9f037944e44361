package telegram

import (
	"strings"
	"unicode"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// These bound what an update may carry. Where the Bot API states a limit, it is that one.
const (
	maxText    = 4096      // characters of a text; a caption has fewer
	maxStyles  = 100       // entities in a message
	maxLink    = 2048      // bytes of the URL of a text_link; the Bot API documents no limit
	maxData    = 64        // bytes of a button's data
	maxName    = 255       // characters of a file's name, and bytes of a MIME type
	maxKey     = 255       // bytes of a string id, such as a file_id; the longest that Telegram makes have about 100
	maxOptions = 100       // options of a poll
	maxNumber  = 1<<31 - 1 // message ids and sizes in pixels: 32 bits
	maxID      = 1<<52 - 1 // ids of users, chats and updates, sizes in bytes: "at most 52 significant bits"
)

// clean returns a text that every later step can take: PostgreSQL, HTML, PDF, a spreadsheet, a log. It keeps at most
// so many characters and removes control characters except line breaks and tabs, characters without meaning, and
// those that change the direction of the text after them, which would let a name or an amount pass for another.
func clean(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	n := 0
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			r = '\n'
		case r == '\n' || r == '\t':
		case unicode.IsControl(r), isBidi(r), unseen(r), r == '\ufeff', r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return -1
		}
		if n++; n > most {
			return -1
		}
		return r
	}, s)
}

// unseen reports whether a character shows nothing and only divides what a person reads as one word or number: a space
// of no width, a soft hyphen, a word joiner. What joins emoji stays.
func unseen(r rune) bool { return r == '\u200b' || r == '\u00ad' || r == '\u2060' || r == '\u180e' }

// isBidi reports whether a character embeds, overrides or isolates a text direction (Unicode Standard Annex 9, table
// of explicit formatting characters).
func isBidi(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// cleanLine cleans what has to stay on one line, such as a file's name.
func cleanLine(s string, most int) string {
	return strings.Join(strings.FieldsFunc(clean(s, most), func(r rune) bool { return r == '\n' || r == '\t' }), " ")
}

// stringID returns an id made of letters if it is valid, else "". It isn't cut or cleaned, because it would then be
// another's id.
func stringID(s string) string {
	if len(s) > maxKey || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return s
}

// callbackData returns a button's data if a button can have it, else "", which no button has.
func callbackData(s string) string {
	if len(s) > maxData || clean(s, maxData) != s {
		return ""
	}
	return s
}

// within reports whether a number is between 1 and most.
func within[T int | int64](n, most T) bool { return n >= 1 && n <= most }

// bounded returns a size, or 0, which stands for unknown, if it is negative or above most.
func bounded[T int | int64](n, most T) T {
	if n < 0 || n > most {
		return 0
	}
	return n
}

// textOf returns a message's text or caption, cleaned, as plain text and with its formatting as HTML.
func textOf(text string, entities []tgbotapi.MessageEntity) (plain, html string) {
	if r := []rune(text); len(r) > maxText {
		text = string(r[:maxText])
	}
	html = asHTML(text, entities[:min(len(entities), maxStyles)])
	if len(html) > maxHTML { // overlapping styles are closed and reopened at each boundary
		html = asHTML(text, nil)
	}
	return clean(text, maxText), clean(html, maxHTML)
}

// maxHTML leaves enough room for a text of maxText characters with ordinary formatting.
const maxHTML = 64 << 10
