package dialog

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"pendamping/store"
)

// Args reads what stands behind the name of a button or of a command: words between colons. Telegram does not vouch for
// it, since a client may press any data under any message. So every method accepts any bytes, takes one word off, and
// returns the zero value for a word that is not what the method reads; a record with id, number or version 0 does not
// exist.
type Args string

// Word is the next word, "" when none is left.
func (a *Args) Word() string {
	word, rest, _ := strings.Cut(string(*a), ":")
	*a = Args(rest)
	return word
}

// ID is the next word as a record's id.
func (a *Args) ID() store.ID { return IDOf(a.Word()) }

// Number is the next word as a number, a version or a page.
func (a *Args) Number() int { return NumberOf(a.Word()) }

// Page is the next word as a page of a list of so many rows, with the letter p or without. A page that the list does
// not have is its first or its last.
func (a *Args) Page(rows, perPage int) int {
	return PageOf(strings.TrimPrefix(a.Word(), "p"), rows, perPage)
}

// IsPage reports whether the next word is a page, and not the record or the words that it stands in place of.
func (a Args) IsPage() bool { return strings.HasPrefix(string(a), "p") }

// Lettered is the next word as an id behind a letter that says what it is of, or without one.
func (a *Args) Lettered() (letter string, id store.ID) {
	word := a.Word()
	if id := IDOf(word); id != 0 {
		return "", id
	}
	return Lettered(word)
}

// Record is an id with the version that was shown, in two words or dashed in one.
func (a *Args) Record() (id store.ID, version int) {
	word := a.Word()
	if id, version, dashed := strings.Cut(word, "-"); dashed {
		return IDOf(id), NumberOf(version)
	}
	return IDOf(word), a.Number()
}

// Rest is everything that was not read.
func (a Args) Rest() string { return string(a) }

// IDOf reads a record's id: 1 to 2^63-1, exactly as IDText writes it. Anything else is 0.
func IDOf(word string) store.ID {
	if strings.HasPrefix(word, "0") {
		return 0 // or a button made of it could exceed Telegram's 64 bytes
	}
	return store.ID(digits(word, math.MaxInt64))
}

// NumberOf reads a number that fits a column of type int: 0 to 2^31-1 in decimal digits. Anything else is 0.
func NumberOf(word string) int { return int(digits(word, math.MaxInt32)) }

// PageOf reads a page of a list of so many rows, from 0. A page that the list does not have is its first or its last.
func PageOf(word string, rows, perPage int) int {
	return min(NumberOf(word), max(0, rows-1)/perPage)
}

// Lettered reads a number behind a letter that says what it is, like g12 for a group. Other words have no letter.
func Lettered(word string) (letter string, id store.ID) {
	if len(word) < 2 || word[0] < 'a' || word[0] > 'z' {
		return "", 0
	}
	if id = IDOf(word[1:]); id == 0 && word[1:] != "0" {
		return "", 0
	}
	return word[:1], id
}

// digits reads a number of at most so much; a sign, a space or another character makes it 0.
func digits(word string, most uint64) uint64 {
	n, err := strconv.ParseUint(word, 10, 64)
	if err != nil || n > most {
		return 0
	}
	return n
}

// Parse takes the data of a button apart: the name of a flow, and what is behind it.
func Parse(data string) (name string, arg Args) {
	name, rest, _ := strings.Cut(data, ":")
	return name, Args(rest)
}

// Data is what a button carries: the name of a flow, and behind it between colons what Args reads again: ids, numbers
// and words. Data that Telegram would refuse is TooLong, since it would refuse the message too: a button that says that
// it is outdated is better.
func Data(name string, args ...any) string {
	words := make([]string, max(1, len(args)))
	for i, a := range args {
		words[i] = fmt.Sprint(a)
	}
	data := name + ":" + strings.Join(words, ":")
	if len(data) > mostData {
		return TooLong
	}
	return data
}

// mostData is how many bytes of data Telegram takes (Bot API, InlineKeyboardButton).
const mostData = 64

// TooLong belongs to no flow. That it is on a button is a fault of the program, which the tests look for.
const TooLong = "toolong:"

// Letter is the word that Lettered reads: an id behind the letter that says what it is of.
func Letter(letter string, id store.ID) string { return letter + IDText(id) }

// Dashed is an id with a version in one word. What a conversation is about is one word, because what it asks first may
// stand behind it.
func Dashed(id store.ID, version int) string { return fmt.Sprint(id, "-", version) }
