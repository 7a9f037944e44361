package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is what is wrong with one line of a file that somebody wants to import. It names codes, roles and days,
// never a person's name or number: it may end up in a log.
type Problem struct {
	File   string
	Line   int // from 1; 0 is the file as a whole
	Reason string
}

// Problems are all that is wrong with the files of one import, which then imports nothing.
type Problems []Problem

// Add adds a problem of a line, 0 for the file as a whole; the reason is made as fmt.Sprintf does.
func (p *Problems) Add(file string, line int, format string, args ...any) {
	*p = append(*p, Problem{file, line, fmt.Sprintf(format, args...)})
}

// Error lists the bad lines, each once with all its reasons, in the files' order, and ends with their count.
func (p Problems) Error() string {
	order := map[string]int{}
	for _, one := range p {
		if _, ok := order[one.File]; !ok {
			order[one.File] = len(order)
		}
	}
	sorted := slices.Clone(p)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line))
	})
	var s strings.Builder
	count := 0
	for i, one := range sorted {
		one.Reason = brief(one.Reason)
		switch {
		case i > 0 && one.Line > 0 && one.File == sorted[i-1].File && one.Line == sorted[i-1].Line:
			s.WriteString("; " + one.Reason)
			continue
		case one.Line == 0:
			fmt.Fprintf(&s, "\n%s: %s", one.File, one.Reason)
		default:
			fmt.Fprintf(&s, "\n%s line %d: %s", one.File, one.Line, one.Reason)
		}
		count++
	}
	noun := "problems"
	if count == 1 {
		noun = "problem"
	}
	return fmt.Sprintf("%s\n%d %s: nothing was imported", strings.TrimPrefix(s.String(), "\n"), count, noun)
}

// longestReason is the most letters of a reason: a cell of a megabyte is not said again.
const longestReason = 300

// brief is a reason in one line of bounded length.
func brief(reason string) string {
	letters := []rune(strings.Join(strings.Fields(reason), " "))
	if len(letters) > longestReason {
		letters = append(letters[:longestReason], '…')
	}
	return string(letters)
}

// OrNil returns the problems as an error, nil where there are none.
func (p Problems) OrNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
