package main

import (
	"errors"
	"flag"
	"strings"
	"testing"
)

// TestCommands holds that each row of the table can be called, that no two have one name, and that the help fits a
// terminal.
func TestCommands(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands {
		if c.name != "" && (c.prepare == nil) == (c.says == nil) || c.name == "" &&
			(c.prepare != nil || c.says != nil) {
			t.Errorf("%q %s: it runs nothing, or two things", c.name, c.usage)
		}
		if c.name != "" && seen[c.name] {
			t.Errorf("two commands are called %s", c.name)
		}
		seen[c.name] = true
		if c.does == "" || !strings.Contains(usage(), c.does[:strings.IndexAny(c.does+"\n", "\n")]) {
			t.Errorf("the help does not say what %s %s does", c.name, c.usage)
		}
		if c.prepare != nil {
			c.prepare(flag.NewFlagSet(c.name, flag.ContinueOnError))
		}
	}
	for line := range strings.Lines(usage()) {
		if len(line) > 130 || strings.TrimRight(line, " \n") != strings.TrimRight(line, "\n") {
			t.Errorf("a line of the help is %d bytes long, or ends with a space: %s", len(line), line)
		}
	}
}

// TestAnswers holds what is said where nothing is run: the help, and what is wrong in one line.
func TestAnswers(t *testing.T) {
	help := usage()
	for _, c := range []struct {
		args      []string
		out, fail string
	}{
		{nil, help, ""},
		{[]string{"help"}, help, "<nil>"},
		{[]string{"-h"}, help, "<nil>"},
		{[]string{"--help", "serve"}, help, "<nil>"},
		{[]string{"export", "KM-01", "-h"}, help, "<nil>"},
		{[]string{"version", "x"}, version() + "\n", "<nil>"},
		{[]string{"srve"}, "", "there is no command \"srve\": run `pendamping help`"},
		{[]string{""}, "", "there is no command \"\": run `pendamping help`"},
		{[]string{"serve", "x"}, "", "serve: nothing is to be done with \"x\": run `pendamping help`"},
		{[]string{"import", "a", "--rab", "b", "c"}, "",
			"import: nothing is to be done with \"c\": run `pendamping help`"},
		{[]string{"doctor", "--x"}, "", "doctor: flag provided but not defined: -x: run `pendamping help`"},
	} {
		var out strings.Builder
		said := "<nil>"
		err := run(t.Context(), nil, c.args, &out)
		if err != nil {
			said = err.Error()
		}
		if said != c.fail || out.String() != c.out || (c.args == nil) != errors.Is(err, errSilent) {
			t.Errorf("%q: it says %q and ends with %s; want %q and %s", c.args, out.String(), said, c.out, c.fail)
		}
	}
}
