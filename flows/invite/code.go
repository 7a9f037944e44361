package invite

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
)

// Written is what a message has of an invitation: how its one code may be spelled, likeliest first. Nobody is let in by
// one of several codes, because each message is one try.
type Written struct {
	Spellings []string
	Several   bool // there is more than one thing that looks like a code
	Doubtful  bool // letters or digits stand in it that no code has
	Alone     bool // the message has nothing else
	Named     bool // it comes with a start link, or with a word such as "kode"
	// Beside is the code that stands beside a start link, "" for none. An invitation as it is passed on has both.
	Beside string
}

// Any reports whether the message may hold a code at all.
func (w Written) Any() bool { return len(w.Spellings) > 0 || w.Several }

// mostSpellings is how many ways to read one code a single try may take.
const mostSpellings = 8

// inLink is the start token in the address of an invitation that was copied as text.
var inLink = regexp.MustCompile(`\S*[?&](?i:start)=([A-Za-z0-9_-]{1,64})\S*`)

// startToken is how a start token looks, which Telegram sends behind the command; a code that was typed there is
// shorter or a sentence.
var startToken = regexp.MustCompile(`^[A-Za-z0-9_-]{10,64}$`)

// cue finds the words by which a sentence says that it has a code.
var cue = regexp.MustCompile(`(?i)\b(kode|code|undang|invit)`)

// lookAlikes are how those letters and digits are taken to be meant that no code has.
var lookAlikes = map[byte]string{'0': "QD", 'O': "QD", '1': "JT", 'I': "JT", 'L': "JT", 'U': "WY", 'V': "WY"}

// FindCode finds the code of an invitation in a message: in a start link, or the one word that is shaped like a code,
// "7QQB-7J7K", "7qqb 7j7k" or "7QQB7J7K", in whatever sentence it stands.
func FindCode(text string) Written {
	text = dialog.Unaccented(text)
	if links := inLink.FindAllStringSubmatch(text, -1); len(links) > 0 {
		w := Written{Named: true}
		for _, l := range links {
			if !slices.Contains(w.Spellings, l[1]) {
				w.Spellings = append(w.Spellings, l[1])
			}
		}
		beside := FindCode(inLink.ReplaceAllString(text, "."))
		if beside.Several || len(w.Spellings) > 1 {
			w.Spellings, w.Several = nil, true
		} else if beside.Any() && !beside.Doubtful {
			w.Beside = beside.Spellings[0]
		}
		return w
	}
	words := codeWords(text)
	spelled := len(words) == 8 && !slices.ContainsFunc(words, func(w codeWord) bool { return len(w.text) != 1 })
	whole := spelled || len(words) == 1 || len(words) == 2 && len(words[0].text) == 4
	w := Written{Alone: whole, Named: cue.MatchString(text)}
	var found []shaped
	for i := range words {
		found = append(found, shapesAt(words, i, whole, w.Named)...)
	}
	best := shaped{}
	for _, s := range found {
		if s.sure > best.sure {
			best = s
		}
	}
	for _, s := range found {
		if s.code != best.code && (s.sure == best.sure || s.rivals(best)) {
			return Written{Several: true, Alone: w.Alone, Named: w.Named}
		}
	}
	if best.sure > 0 {
		w.Spellings = []string{best.code}
	}
	for _, code := range slices.Clone(w.Spellings) {
		w.Doubtful = w.Doubtful || oddLetters(code) > 0
		w.Spellings = append(w.Spellings, respelled(code)...)
	}
	w.Spellings = w.Spellings[:min(len(w.Spellings), mostSpellings)]
	return w
}

// SpeaksOfCode reports whether somebody wrote of a code, and perhaps one that can't be told from other words.
func SpeaksOfCode(t *dialog.Turn) bool {
	return t.Event.Kind == form.Words && cue.MatchString(dialog.Unaccented(t.Event.Text))
}

// FindStart is the invitation behind a start command: a token as a whole, since pieces of a random one may look like
// codes, or a typed code.
func FindStart(payload string) Written {
	w := Written{Spellings: []string{payload}, Named: true}
	if startToken.MatchString(payload) {
		return w
	}
	typed := FindCode("kode " + payload)
	if !typed.Several {
		typed.Spellings = append(w.Spellings, typed.Spellings...)
	}
	return typed
}

// codeWord is a word of a text in capitals, with what stands between it and the word before.
type codeWord struct {
	text string
	gap  gap
}

type gap int

const (
	elsewhere gap = iota // another sentence, or part of one
	spaced
	dashed // by a dash
)

// codeWords splits a text into its words. What has letters other than A to Z or is longer than a code is a word that is
// none.
func codeWords(text string) (list []codeWord) {
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for text != "" {
		begin := strings.IndexFunc(text, isWord)
		if begin < 0 {
			return list
		}
		between := text[:begin]
		text = text[begin:]
		end := strings.IndexFunc(text, func(r rune) bool { return !isWord(r) })
		if end < 0 {
			end = len(text)
		}
		w := codeWord{text: strings.ToUpper(text[:end])}
		text = text[end:]
		switch strings.TrimSpace(between) {
		case "":
			w.gap = spaced
		case "-", "‐", "‑", "–", "—", "−", "_":
			w.gap = dashed
		case ".", "/", "·":
			if between == strings.TrimSpace(between) {
				w.gap = dashed
			}
		}
		list = append(list, w)
	}
	return list
}

// shaped is what looks like a code in a text, how surely, and which words it is made of.
type shaped struct {
	code     string
	sure     int
	from, to int
}

// rivals reports whether what looks less like a code than another may still be one: it shares no word with the other,
// and has only letters that codes have. What looks as much like one is a rival also where they share words, because one
// try would test many.
func (s shaped) rivals(other shaped) bool {
	return s.sure > 1 && oddLetters(s.code) == 0 && (s.to <= other.from || other.to <= s.from)
}

// shapesAt are the ways in which a code may begin with a word.
func shapesAt(words []codeWord, i int, whole, named bool) (list []shaped) {
	add := func(n int, sure int) {
		if sure == 0 {
			return
		}
		code := ""
		for _, w := range words[i : i+n] {
			code += w.text
		}
		if named || whole || oddLetters(code) <= 2 {
			list = append(list, shaped{code, sure, i, i + n})
		}
	}
	one := words[i].text
	switch letters, digits := LetterCount(one); {
	case letters+digits != len(one): // no word of A to Z and digits
	case len(one) == 8 && letters > 0 && digits > 0:
		add(1, 2)
	case len(one) == 8 && digits == 0 && (whole || named) && UnlikeWord(one):
		add(1, 1)
	case len(one) == 4 && i+1 < len(words) && len(words[i+1].text) == 4 && words[i+1].gap != elsewhere:
		add(2, pairSure(one, words[i+1].text, words[i+1].gap == dashed, whole, named))
	case len(one) == 1 && (whole || named) && i+8 <= len(words) && !slices.ContainsFunc(words[i:i+8],
		func(w codeWord) bool { return len(w.text) != 1 }):
		add(8, 1) // spelled letter by letter
	}
	return list
}

// pairSure says how surely two words of four are one code; 0: they are none.
func pairSure(a, b string, dash, whole, named bool) int {
	la, da := LetterCount(a)
	lb, db := LetterCount(b)
	both := a + b
	mixed := la > 0 && da > 0 || lb > 0 && db > 0
	switch {
	case la+da+lb+db != 8 || la+lb == 0:
		return 0
	case dash && mixed, mixed && da > 0 && db > 0:
		return 3
	case mixed, da+db > 0: // "QQBD 7J7K" and "QQBD 2345", but not "saya 25kg" nor "juni 2026"
		word := a
		if da > 0 {
			word = b
		}
		if whole || named && (dash || mixed) || dash && oddLetters(both) == 0 || vowels(word) <= 1 && (named || mixed) {
			return 2
		}
	case dash && whole, (dash || named) && UnlikeWord(both): // "sama-sama" is none
		return 1
	}
	return 0
}

// LetterCount counts A to Z and 0 to 9.
func LetterCount(s string) (letters, digits int) {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			letters++
		case c >= '0' && c <= '9':
			digits++
		}
	}
	return letters, digits
}

func vowels(s string) (n int) {
	for _, v := range "AEIOU" {
		n += strings.Count(s, string(v))
	}
	return n
}

// UnlikeWord reports whether letters can be a code and are hardly a word: those have more vowels.
func UnlikeWord(s string) bool { return oddLetters(s) == 0 && vowels(s) <= 2 }

// oddLetters counts the letters and digits that no code has.
func oddLetters(code string) (n int) {
	for i := range len(code) {
		if strings.IndexByte(codeLetters, code[i]) < 0 {
			n++
		}
	}
	return n
}

// respelled are the codes that may be meant by one with letters that no code has.
func respelled(code string) []string {
	if n := oddLetters(code); n == 0 || n > 3 {
		return nil
	}
	list := []string{""}
	for i := range len(code) {
		as, odd := lookAlikes[code[i]]
		if !odd {
			as = code[i : i+1]
		}
		var longer []string
		for _, c := range list {
			for _, r := range as {
				longer = append(longer, c+string(r))
			}
		}
		list = longer
	}
	return list
}
