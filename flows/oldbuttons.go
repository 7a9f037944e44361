package flows

import (
	"strings"

	"pendamping/flows/dialog"
)

// oldButtons are the shapes of buttons that earlier versions sent and this one does not, with today's in their place:
// they still stand in people's chats. A # stands for a number; both have the same ones in the same order.
var oldButtons = map[string]string{
	"visits:#":           "kunjungan:g#", // a task about a group
	"visit:#":            "kunjungan:v#", // a task about a visit
	"desk:handover:#":    "handover:#",
	"privasi:yes":        "privasi:", // it named no consent, so it withdraws none
	"requestdo:#:erase":  "request:#",
	"requestdo:#:gone":   "request:#",
	"requestdo:#:number": "request:#",
	"requestsay:#:yes":   "requestsay:y#",
	"requestsay:#:no":    "requestsay:n#",
}

// renewed is the data of a button as this version sends it.
func renewed(data string) string {
	words := strings.Split(data, ":")
	var numbers []string
	for i, w := range words {
		if dialog.IDOf(w) != 0 {
			numbers, words[i] = append(numbers, w), "#"
		}
	}
	now, old := oldButtons[strings.Join(words, ":")]
	if !old {
		return data
	}
	for _, n := range numbers {
		now = strings.Replace(now, "#", n, 1)
	}
	return now
}
