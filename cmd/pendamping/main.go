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
	"runtime/debug"
	"syscall"
	"time"

	"pendamping/bot"
	"pendamping/cmd/internal/app"
	"pendamping/flows"
	"pendamping/store"
)

const usage = `Pendamping helps TKM Pemula groups account for their grants, by Telegram.

  pendamping serve                          run the bot
  pendamping import [FILE] [--rab FILE] [--program FILE] [--invites OUT.csv]
                                            load the roster, plans, a programme's rules; write invitations
  pendamping doctor [--unpark]              look at everything the bot needs, and say what to do
  pendamping verify [--root FILE]           recompute the audit trail; status 0 only when it is whole
  pendamping root                           print the day's root of the audit trail, to be kept elsewhere

Settings come from the environment: see the README.
`

// errSilent ends with a status when everything was said already.
var errSilent = errors.New("")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, errSilent) {
			fmt.Fprintln(os.Stderr, "pendamping:", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		fmt.Fprint(out, usage)
		return errSilent
	}
	s, err := app.ReadSettings()
	if err != nil {
		return err
	}
	name, args := args[0], args[1:]
	switch name {
	case "serve":
		debug.SetGCPercent(200) // the heap is small: fewer collections save time, and cost some 20 MB
		return app.Serve(ctx, s, time.Now, app.Logger(out))
	case "import":
		return importFiles(ctx, s, args, out)
	case "doctor":
		flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
		unpark := flags.Bool("unpark", false, "try updates again that were set aside")
		if err := flags.Parse(args); err != nil {
			return errSilent
		}
		if *unpark {
			return app.Unpark(ctx, s, out)
		}
		if !app.Doctor(ctx, s, time.Now(), out) {
			return errSilent
		}
		return nil
	case "verify":
		flags := flag.NewFlagSet("verify", flag.ContinueOnError)
		root := flags.String("root", "", "file with roots kept elsewhere: a day and a hash a line")
		if err := flags.Parse(args); err != nil {
			return errSilent
		}
		whole, err := app.Verify(ctx, s, *root, out)
		if err == nil && !whole {
			return errSilent
		}
		return err
	case "root":
		return app.Root(ctx, s, store.DayOf(time.Now(), time.UTC), out)
	case "help", "-h", "--help":
		fmt.Fprint(out, usage)
		return nil
	}
	return fmt.Errorf("there is no command %q: run `pendamping help`", name)
}

func importFiles(ctx context.Context, s app.Settings, args []string, out io.Writer) error {
	in := app.Files{Notice: flows.Notice}
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		in.Roster, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.StringVar(&in.Plans, "rab", "", "spending plans: CSV or XLSX")
	flags.StringVar(&in.Program, "program", "", "a programme's rules: TOML")
	flags.StringVar(&in.Invites, "invites", "", "CSV to write: a start link and a code for everybody not yet bound")
	if err := flags.Parse(args); err != nil {
		return errSilent
	}
	if in.Roster == "" {
		in.Roster = flags.Arg(0)
	}
	if in.Roster == "" && in.Plans == "" && in.Program == "" && in.Invites == "" {
		return errors.New("nothing to import: name a file, like `pendamping import roster.csv`")
	}
	if err := s.Need("DATABASE_URL"); err != nil {
		return err
	}
	db, err := app.OpenRecords(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	if in.Invites != "" && s.Token != "" { // links need the bot's name; codes work without
		t := bot.NewTelegram(s.API, s.Token)
		defer t.Close()
		if me, err := t.Me(ctx); err == nil {
			in.Bot = me.Username
		}
	}
	return app.Import(ctx, db.Begin(time.Now(), 0), in, out)
}
