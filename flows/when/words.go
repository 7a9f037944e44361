package when

import (
	"slices"
	"strings"

	"pendamping/flows/dialog"
)

// SaysAny tells whether text has one of some phrases, as whole words and whatever its case.
func SaysAny(text string, phrases []string) bool {
	bare := " " + dialog.BareWords(text) + " "
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(bare, " "+p+" ") })
}
