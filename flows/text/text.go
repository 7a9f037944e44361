// Package text makes names and codes comparable that people and programs write with look-alike signs.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plainSigns are the signs that phones and word processors put in place of those on a keyboard.
var plainSigns = strings.NewReplacer(
	"’", "'", "‘", "'", "ʼ", "'", "ʹ", "'", "′", "'", "´", "'", "`", "'",
	"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "−", "-", "⁄", "/",
)

// Tidy returns a name or a code as one would type it: letters composed and of ordinary width (Unicode's form NFKC),
// plain apostrophes and hyphens, single spaces, and nothing that can't be seen.
func Tidy(s string) string {
	s = plainSigns.Replace(s) // before NFKC, which makes two letters of an acute accent that stands alone
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	return strings.Join(strings.Fields(plainSigns.Replace(s)), " ")
}

// Fold returns a name or a code as it is compared: two that only case, spaces or look-alike signs tell apart are the
// same.
func Fold(s string) string { return strings.ToLower(Tidy(s)) }
