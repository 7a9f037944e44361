package main

import (
	"bytes"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxColumns is how long a line of Go may be, where a tab is four columns.
const maxColumns = 120

// A line of Go has at most 120 columns. One with words in quotes may be longer: what is said is not cut.
func TestLinesAreShort(t *testing.T) {
	t.Chdir("../..")
	out, err := exec.Command("git", "ls-files", "*.go").Output()
	if err != nil {
		t.Skip("no repository to ask for its files")
	}
	for name := range strings.Lines(string(out)) {
		name = strings.TrimSpace(name)
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(src, []byte("// Code generated")) {
			continue
		}
		quoted := linesWithStrings(src)
		for i, line := range bytes.Split(src, []byte("\n")) {
			columns := utf8.RuneCount(bytes.ReplaceAll(line, []byte("\t"), []byte("    ")))
			if columns > maxColumns && !quoted[i+1] {
				t.Errorf("%s:%d has %d columns, at most %d are readable", name, i+1, columns, maxColumns)
			}
		}
	}
}

// linesWithStrings are the numbers of the lines that have a string, or a part of one.
func linesWithStrings(src []byte) map[int]bool {
	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, 0)
	quoted := map[int]bool{}
	for {
		at, kind, text := s.Scan()
		switch kind {
		case token.EOF:
			return quoted
		case token.STRING:
			for i := range 1 + strings.Count(text, "\n") {
				quoted[file.Line(at)+i] = true
			}
		}
	}
}
