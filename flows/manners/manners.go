// Package manners knows what people say that answers nothing, such as greetings, questions and complaints about the
// bot, and where each of it leads on.
package manners

import (
	"strings"

	"pendamping/flows/dialog"
)

// Topic is what somebody means. Its sentence is "manners." and the name.
type Topic struct {
	Name string
	// Open is the command that answers it, for those who have one; the sentence is for the others.
	Open string
	// Leads are the commands that its buttons offer, of those that the role has; none for the usual ones.
	Leads []string
	// Amid is set where it can be said while a question is open without being its answer.
	Amid bool

	said  [][]string      // what is said for it: all words of one of these, in any order
	words map[string]bool // which other words may stand beside
}

// Meant finds the topic of a message that is about nothing else: each of its words is known to belong to it. A word of
// a place, a thing or a sum makes it something else, and so does a message of more than maxWords.
func Meant(text string) (Topic, bool) {
	list := wordsOf(text)
	if len(list) == 0 || len(list) > maxWords {
		return Topic{}, false
	}
	there := map[string]bool{}
	for _, w := range list {
		there[w] = true
	}
	for _, t := range topics {
		for _, said := range t.said {
			if t.covers(said, list, there) {
				return t, true
			}
		}
	}
	return Topic{}, false
}

// maxWords is the most words of a message that is taken for a topic.
const maxWords = 10

// covers reports whether all the words of said are there, and every other word may stand beside them.
func (t Topic) covers(said, list []string, there map[string]bool) bool {
	needs := map[string]bool{}
	for _, w := range said {
		if !there[w] {
			return false
		}
		needs[w] = true
	}
	for _, w := range list {
		if !needs[w] && !t.words[w] && !beside[w] {
			return false
		}
	}
	return true
}

// Number is the number of a nota in words like "nota #1" and "notanya no 3"; "" where they say something else.
func Number(text string) string {
	number, named := "", false
	for _, w := range wordsOf(text) {
		switch {
		case w == "nota":
			named = true
		case strings.Trim(w, "0123456789") == "" && len(w) < 6 && number == "":
			number = w
		case w != "nomor" && w != "ke" && w != "lihat" && !beside[w]:
			return ""
		}
	}
	if !named {
		return ""
	}
	return number
}

// wordsOf are the words of a text, each in the spelling that the topics have.
func wordsOf(text string) []string {
	list := strings.Fields(dialog.BareWords(text))
	for i, w := range list {
		list[i] = plain(w)
	}
	return list
}

// plain is a word in the spelling that the topics have, without the "-nya" or, of a word that is known, the Javanese
// "-e" and "-ne" that people put behind any.
func plain(w string) string {
	if one, ok := spelled[w]; ok {
		return one
	}
	for _, ending := range []string{"nya", "ne", "e"} {
		bare, ok := strings.CutSuffix(w, ending)
		if !ok || len(bare) < 3 {
			continue
		}
		if one, ok := spelled[bare]; ok {
			return one
		}
		if ending == "nya" {
			return bare
		}
	}
	return w
}
