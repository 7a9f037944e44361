package parse

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind byte

const (
	symbol kind = iota // one rune of punctuation
	number             // digits, with single points and commas between them
	word               // letters
)

// token is a piece of the text. Its place is kept so that people's own spelling can be handed back.
type token struct {
	kind    kind
	text    string // lower case
	at, end int    // bytes in the text
	gap     bool   // white space or the text's start comes before it
	line    bool   // a new line comes before it
}

func (t token) is(s string) bool { return t.text == s }

// tokens is a text in pieces. Reading past either end gives an empty token.
type tokens []token

func (ts tokens) at(i int) token {
	if i < 0 || i >= len(ts) {
		return token{gap: true}
	}
	return ts[i]
}

// attached tells whether token i follows the one before it without a space.
func (ts tokens) attached(i int) bool { return i > 0 && i < len(ts) && !ts[i].gap }

// plain writes figures and signs of other scripts as those of a keyboard, as long as the text stays the same to a
// reader: "Rp１５０．０００", and "25.ooo" for 25.000.
func plain(text string) string {
	strange := func(c rune) bool { return c > 127 && (0xff01 <= c && c <= 0xff5e || unicode.Is(unicode.Nd, c)) }
	if !strings.ContainsFunc(text, strange) && !strings.Contains(text, "oo") && !strings.Contains(text, "OO") {
		return text
	}
	text = strings.Map(func(c rune) rune {
		switch {
		case 0xff01 <= c && c <= 0xff5e:
			return c - 0xff01 + '!'
		case c > 127 && unicode.Is(unicode.Nd, c):
			return '0' + decimal(c)
		}
		return c
	}, text)
	return noughts.ReplaceAllStringFunc(text, func(s string) string {
		return strings.NewReplacer("o", "0", "O", "0").Replace(s)
	})
}

// noughts are groups of thousands typed with the letter.
var noughts = regexp.MustCompile(`\d(?:[.,](?:\d{3}|[oO]{3}))+\b`)

// decimal is the value of a figure: each script has its ten in a row.
func decimal(c rune) rune {
	if c >= 0x1d7ce && c <= 0x1d7ff { // five sets in one row
		return (c - 0x1d7ce) % 10
	}
	n := rune(0)
	for ; n < 9 && unicode.Is(unicode.Nd, c-1); n++ {
		c--
	}
	return n
}

func scan(text string) tokens {
	text = plain(text)
	ts := make(tokens, 0, 24)
	gap, line := true, true
	add := func(k kind, s string, at, end int) {
		ts = append(ts, token{k, s, at, end, gap, line})
		gap, line = false, false
	}
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(c):
			gap = true
			line = line || c == '\n'
			i += size
		case invisible(c):
			i += size
		case isDigit(c):
			end := numberEnd(text, i)
			add(number, text[i:end], i, end)
			i = end
		case unicode.IsLetter(c):
			end := wordEnd(text, i)
			w := strings.ToLower(text[i:end])
			at := i
			for _, part := range splitWord(w, len(w) == end-i, end < len(text) && isDigit(rune(text[end]))) {
				if part == "" {
					continue
				}
				if len(w) == end-i {
					add(word, part, at, at+len(part))
					at += len(part)
				} else {
					add(word, part, i, end)
				}
			}
			i = end
		default:
			add(symbol, text[i:i+size], i, i+size)
			i += size
		}
	}
	return ts
}

func isDigit(c rune) bool { return '0' <= c && c <= '9' }

// invisible runes come with emoji and with text copied from elsewhere.
func invisible(c rune) bool {
	return c == '\u200b' || c == '\u200d' || c == '\u2060' || c == '\ufeff' || '\ufe00' <= c && c <= '\ufe0f'
}

func numberEnd(text string, i int) int {
	for i < len(text) {
		c := rune(text[i])
		inside := (c == '.' || c == ',') && i+1 < len(text) && isDigit(rune(text[i+1]))
		if !isDigit(c) && !inside {
			break
		}
		i++
	}
	return i
}

func wordEnd(text string, i int) int {
	for i < len(text) {
		c, size := utf8.DecodeRuneInString(text[i:])
		quote := c == '\'' || c == '’' || c == '`'
		if quote {
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			if !unicode.IsLetter(next) {
				break
			}
		} else if !unicode.IsLetter(c) && !unicode.Is(unicode.M, c) {
			break
		}
		i += size
	}
	return i
}

// splitWord takes apart what people write together: "duaratus", "limapuluh", and the "rbx" of "15rbx3".
func splitWord(w string, sameLength, beforeDigit bool) [2]string {
	if !sameLength {
		return [2]string{w}
	}
	if beforeDigit && len(w) > 1 && w[len(w)-1] == 'x' {
		if _, ok := scales[w[:len(w)-1]]; ok {
			return [2]string{w[:len(w)-1], "x"}
		}
	}
	if len(w) < 7 {
		return [2]string{w}
	}
	for _, end := range [...]string{"ratus", "puluh", "belas", "ribu", "juta"} {
		head, found := strings.CutSuffix(w, end)
		if !found {
			continue
		}
		if _, unit := units[head]; unit || head == "seratus" || head == "sepuluh" || head == "sebelas" {
			return [2]string{head, end}
		}
	}
	return [2]string{w}
}
