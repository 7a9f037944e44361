package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"pendamping/flows/parse"
)

// clocks prints times of day as the tables write them.
func clocks(list []int) string {
	var out []string
	for _, n := range list {
		out = append(out, fmt.Sprintf("%02d.%02d", n/60, n%60))
	}
	return strings.Join(out, " ")
}

// visit prints when a visit was, on Monday 23 November 2026: its days, times and length.
func visit(text string) string {
	v := parse.ReadVisit("2026-11-23", text)
	out := []string{list(v.Days), clocks(v.Clocks)}
	for _, n := range v.Minutes {
		out = append(out, fmt.Sprint(n, "m"))
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " ")
}

func TestClock(t *testing.T) {
	checkTable(t, "clocks.txt", 50, func(text string) []string { return some(clocks(parse.Clock(text))) })
}

func TestMinutes(t *testing.T) { checkTable(t, "minutes.txt", 30, parse.Minutes) }

func TestReadVisit(t *testing.T) {
	checkTable(t, "visits.txt", 50, func(text string) []string { return some(visit(text)) })
}

func some(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
