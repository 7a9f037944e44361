package parse_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// vector is a line of a table: what is typed and what is understood.
type vector struct {
	group, input, want string
	line               int
}

// table reads "input | result" lines under "# group" headings. A blank line separates groups.
func table(t testing.TB, file string, least int) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	group := ""
	for i, l := range strings.Split(string(text), "\n") {
		if heading, ok := strings.CutPrefix(l, "# "); ok {
			group = heading
			continue
		}
		if l == "" {
			continue
		}
		input, want, ok := strings.Cut(l, " |")
		if !ok {
			t.Fatalf("%s:%d: no result", file, i+1)
		}
		vs = append(vs, vector{group, input, strings.TrimSpace(want), i + 1})
	}
	if len(vs) < least {
		t.Fatalf("%s has %d lines, less than %d", file, len(vs), least)
	}
	return vs
}

// list prints results as the tables write them.
func list[T any](vs []T) string {
	return strings.Trim(fmt.Sprint(vs), "[]")
}

func checkTable[T any](t *testing.T, file string, least int, parse func(string) []T) {
	for _, v := range table(t, file, least) {
		if got := list(parse(v.input)); got != v.want {
			t.Errorf("%s:%d (%s): %q is %q, want %q", file, v.line, v.group, v.input, got, v.want)
		}
	}
}
