package dialog

import (
	"math"
	"strconv"
	"strings"

	"pendamping/store"
)

// Args reads what stands behind the name of a button or of a command: words between colons. Telegram does not vouch for it,
// since a client may press any data under any message. So every method accepts any bytes, takes one word off, and returns
// the zero value for a word that is not what the method reads; a record with id, number or version 0 does not exist.
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

// Rest is everything that was not read.
func (a Args) Rest() string { return string(a) }

// IDOf reads a record's id: 1 to 2^63-1, exactly as idText writes it. Anything else is 0.
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
