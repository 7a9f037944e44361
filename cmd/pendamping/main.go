// Command pendamping runs the bot, and what is done around it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"pendamping/cmd/internal/roster"
	"pendamping/cmd/internal/settings"
	"pendamping/flows/layout"
	"pendamping/flows/look"
	"pendamping/flows/sandbox"
)

// errSilent ends with a status when everything was said already.
var errSilent = errors.New("")

func main() {
	box := sandbox.Start(look.Jobs(), layout.Jobs(), roster.Jobs())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, box, os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, errSilent) {
			fmt.Fprintln(os.Stderr, "pendamping:", err)
		}
		os.Exit(1)
	}
}

// run finds the command that args name, and runs it with their flags and with the settings.
func run(ctx context.Context, box *sandbox.Box, args []string, out io.Writer) error {
	if len(args) == 0 {
		fmt.Fprint(out, usage())
		return errSilent
	}
	name, args := args[0], args[1:]
	if slices.Contains([]string{"help", "-h", "--help"}, name) {
		fmt.Fprint(out, usage())
		return nil
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == name && name != "" })
	if i < 0 {
		return fmt.Errorf("there is no command %q: run `pendamping help`", name)
	}
	if commands[i].says != nil {
		fmt.Fprintln(out, commands[i].says())
		return nil
	}
	do, words, err := commands[i].parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, usage())
		return nil
	case err != nil:
		return err
	}
	s, err := settings.Read()
	if err != nil {
		return err
	}
	return do(ctx, call{settings: s, words: words, box: box, out: out})
}

// parse takes the arguments of a command apart: its words stand before its flags or after them. The error is
// flag.ErrHelp where help is asked for, and else one line.
func (c command) parse(args []string) (do task, words []string, err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // what is wrong is said in one line, like everything else
	do = c.prepare(flags)
	for len(words) < c.words && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		words, args = append(words, args[0]), args[1:]
	}
	err = flags.Parse(args)
	rest := flags.Args()
	n := min(c.words-len(words), len(rest))
	words, rest = append(words, rest[:n]...), rest[n:]
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil, nil, err
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w: run `pendamping help`", c.name, err)
	case len(rest) > 0:
		return nil, nil, fmt.Errorf("%s: nothing is to be done with %q: run `pendamping help`", c.name, rest[0])
	}
	return do, words, nil
}
