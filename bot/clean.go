package bot

import (
	"strconv"
	"strings"
	"unicode"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Bounds of what an update may carry. Where the Bot API names a limit, it is that one.
const (
	maxText   = 4096      // characters of a text; a caption has fewer
	maxStyles = 100       // entities of a message
	maxLink   = 2048      // bytes of the address of a text_link; no limit is documented
	maxData   = 64        // bytes of a button's data
	maxName   = 255       // characters of a file's name, and bytes of a MIME type
	maxKey    = 255       // bytes of an id in letters, such as a file_id; the longest that Telegram makes have about 100
	maxAnswer = 100       // answers of a poll
	maxNumber = 1<<31 - 1 // message ids and sizes in pixels: 32 bits
	maxID     = 1<<52 - 1 // ids of users, chats and updates, sizes in bytes: "at most 52 significant bits"
)

// clean returns a text that every later step can take: PostgreSQL, HTML, PDF, a spreadsheet, a log. It removes control
// characters but line breaks and tabs, characters that change the direction of what follows them, which would let a name or
// an amount look like another, and those that stand for nothing. It keeps at most so many characters.
func clean(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	n := 0
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			r = '\n'
		case r == '\n' || r == '\t':
		case unicode.IsControl(r), turns(r), r == '\ufeff', r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return -1
		}
		if n++; n > most {
			return -1
		}
		return r
	}, s)
}

// turns reports whether a character embeds, overrides or isolates a direction (Unicode Standard Annex 9, table of explicit
// formatting characters).
func turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// cleanLine is clean for what stands in one line, like a file's name.
func cleanLine(s string, most int) string {
	return strings.Join(strings.FieldsFunc(clean(s, most), func(r rune) bool { return r == '\n' || r == '\t' }), " ")
}

// key returns an id made of letters if it can be one, else "": an id that is cut or cleaned would be another's.
func key(s string) string {
	if len(s) > maxKey || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return s
}

// pressed returns a button's data if a button can have it, else "", which no button has.
func pressed(s string) string {
	if len(s) > maxData || clean(s, maxData) != s {
		return ""
	}
	return s
}

// within reports whether a number is from 1 to most.
func within[T int | int64](n, most T) bool { return n >= 1 && n <= most }

// amount is a size: what is below 0 or above most is not known, which is 0.
func amount[T int | int64](n, most T) T {
	if n < 0 || n > most {
		return 0
	}
	return n
}

// words are a message's text, or its caption, clean and with its formatting as HTML.
func words(text string, entities []tgbotapi.MessageEntity) (plain, html string) {
	if r := []rune(text); len(r) > maxText {
		text = string(r[:maxText])
	}
	html = formatted(text, entities[:min(len(entities), maxStyles)])
	if len(html) > maxHTML { // styles that overlap are closed and opened again at each boundary
		html = formatted(text, nil)
	}
	return clean(text, maxText), clean(html, maxHTML)
}

// maxHTML is enough for a text of maxText characters with ordinary formatting.
const maxHTML = 64 << 10

// updateID is the id of an update that can't be read otherwise; 0 when that can't be read either.
func updateID(n string) int64 {
	id, err := strconv.ParseInt(n, 10, 64)
	if err != nil || !within(id, maxID) {
		return 0
	}
	return id
}
