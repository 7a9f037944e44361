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
	"strings"
	"syscall"
	"time"

	"pendamping/bot/telegram"
	"pendamping/cmd/internal/audit"
	"pendamping/cmd/internal/doctor"
	"pendamping/cmd/internal/privacy"
	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/roster"
	"pendamping/cmd/internal/serve"
	"pendamping/cmd/internal/settings"
	"pendamping/flows/join"
	"pendamping/flows/look"
	"pendamping/flows/paper"
	"pendamping/flows/sandbox"
)

const usage = `Pendamping helps TKM Pemula groups account for their grants, by Telegram.

  pendamping serve                          run the bot
  pendamping import [FILE] [--rab FILE] [--program FILE] [--invites OUT.csv [--renew]] [--overrule]
                                            load the roster, plans, a programme's rules; write invitations for
                                            who has none that is open; --renew: end open ones and make new ones
                                            what the chat changed (a corrected name or number, an office, a group's
                                            mentor) stays, and the line that says otherwise is named, as is a new
                                            name for an office that somebody has; --overrule: the file has its way
  pendamping health                         status 0 unless the bot at LISTEN_ADDR hangs: for who starts it again
  pendamping doctor [--unpark]              look at everything the bot needs, and say what to do
  pendamping verify [--root FILE] [--files] recompute the audit trail; status 0 only when it is whole
                                            --files: the kept pictures too, byte by byte
  pendamping verify --export FOLDER         check an exported folder by its manifest, anywhere
  pendamping export RECIPIENT --out FOLDER  all that an auditor takes away of a recipient, by its code
  pendamping erase PERAN KODE NAMA | ID     take a person's name, number and account out of the records, at their request
  pendamping breach [add|notice|notified]   the register of breaches of personal data, with its 3 × 24 hours
  pendamping hold RECIPIENT --reason WORDS  keep a recipient's records beyond the programme's years; --release lets them go
  pendamping retention [--erase]            whose years are over; --erase takes their names, words and files away for good
  pendamping root                           print the hour's root of the audit trail, to be kept elsewhere
  pendamping version                        print which commit this program was built from, and with which Go

Settings come from the environment: see cmd/README.md.
`

// errSilent ends with a status when everything was said already.
var errSilent = errors.New("")

func main() {
	box := sandbox.Start(look.Jobs(), paper.Jobs(), roster.Jobs())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, box, os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, errSilent) {
			fmt.Fprintln(os.Stderr, "pendamping:", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, box *sandbox.Box, args []string, out io.Writer) error {
	if len(args) == 0 {
		fmt.Fprint(out, usage)
		return errSilent
	}
	name, args := args[0], args[1:]
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // what is wrong is said in one line, like everything else
	var do func(s settings.Settings) error
	var words []string // what a command takes beside its flags, before or after them
	most := 0
	switch name {
	case "serve":
		do = func(s settings.Settings) error {
			debug.SetGCPercent(200)         // the heap is small: fewer collections save time, and cost some 20 MB
			debug.SetMemoryLimit(150 << 20) // near this they save memory again
			return serve.Run(ctx, s, box, time.Now, serve.Logger(out))
		}
	case "import":
		in := roster.Files{Box: box, Notice: join.Notice}
		most = 1
		flags.StringVar(&in.Plans, "rab", "", "")
		flags.StringVar(&in.Program, "program", "", "")
		flags.StringVar(&in.Invites, "invites", "", "")
		flags.BoolVar(&in.Renew, "renew", false, "")
		flags.BoolVar(&in.Overrule, "overrule", false, "")
		do = func(s settings.Settings) error {
			in.Roster = strings.Join(words, "")
			return importFiles(ctx, s, in, out)
		}
	case "doctor":
		unpark := flags.Bool("unpark", false, "")
		do = func(s settings.Settings) error {
			if *unpark {
				return doctor.Unpark(ctx, s, out)
			}
			if !doctor.Examine(ctx, s, box, time.Now(), out) {
				return errSilent
			}
			return nil
		}
	case "verify":
		root := flags.String("root", "", "")
		files := flags.Bool("files", false, "")
		folder := flags.String("export", "", "")
		do = func(s settings.Settings) error {
			check := func() (bool, error) { return audit.Verify(ctx, s, box, *root, *files, time.Now(), out) }
			if *folder != "" {
				check = func() (bool, error) { return audit.CheckExport(ctx, s, box, *folder, *root, out) }
			}
			whole, err := check()
			if err == nil && !whole {
				return errSilent
			}
			return err
		}
	case "export":
		most = 1
		folder := flags.String("out", "", "")
		do = func(s settings.Settings) error {
			if len(words) == 0 || *folder == "" {
				return errors.New("name a recipient and a new folder, like `pendamping export KM-01 --out audit`")
			}
			return audit.Export(ctx, s, box, words[0], *folder, time.Now(), out)
		}
	case "erase":
		most = 3
		do = func(s settings.Settings) error { return privacy.Erase(ctx, s, time.Now(), words, out) }
	case "breach":
		var b privacy.Breach
		most = 2
		flags.StringVar(&b.Found, "found", "", "")
		flags.StringVar(&b.What, "what", "", "")
		flags.StringVar(&b.Data, "data", "", "")
		flags.StringVar(&b.Done, "done", "", "")
		flags.IntVar(&b.People, "people", 0, "")
		do = func(s settings.Settings) error {
			words = append(words, "", "")
			b.Do, b.Number = words[0], words[1]
			return privacy.Breaches(ctx, s, b, time.Now(), out)
		}
	case "hold":
		most = 1
		reason := flags.String("reason", "", "")
		release := flags.Bool("release", false, "")
		do = func(s settings.Settings) error {
			return privacy.Hold(ctx, s, strings.Join(words, ""), *reason, *release, time.Now(), out)
		}
	case "retention":
		erase := flags.Bool("erase", false, "")
		do = func(s settings.Settings) error { return privacy.Retention(ctx, s, *erase, time.Now(), out) }
	case "health":
		do = func(s settings.Settings) error { return serve.Health(ctx, s) }
	case "root":
		do = func(s settings.Settings) error { return audit.Root(ctx, s, time.Now(), out) }
	case "version":
		fmt.Fprintln(out, version())
		return nil
	case "help", "-h", "--help":
		fmt.Fprint(out, usage)
		return nil
	default:
		return fmt.Errorf("there is no command %q: run `pendamping help`", name)
	}
	for len(words) < most && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		words, args = append(words, args[0]), args[1:]
	}
	err := flags.Parse(args)
	rest := flags.Args()
	n := min(most-len(words), len(rest))
	words, rest = append(words, rest[:n]...), rest[n:]
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, usage)
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w: run `pendamping help`", name, err)
	case len(rest) > 0:
		return fmt.Errorf("%s: nothing is to be done with %q: run `pendamping help`", name, rest[0])
	}
	s, err := settings.Read()
	if err != nil {
		return err
	}
	return do(s)
}

// release is the version of an image, in which the Go tool saw no repository: see Dockerfile.
var release string

// version names the module's version or commit as the Go tool noted it: "pendamping 1a2b3c4d5e6f (2026-11-30T08:00:00Z, changed) go1.26".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "pendamping"
	}
	of := map[string]string{}
	for _, s := range info.Settings {
		of[s.Key] = s.Value
	}
	name, when := info.Main.Version, of["vcs.time"]
	if commit := of["vcs.revision"]; len(commit) >= 12 {
		name = commit[:12]
	}
	if of["vcs.modified"] == "true" {
		when += ", changed"
	}
	if release != "" {
		name = release
	}
	if when != "" {
		when = " (" + strings.TrimPrefix(when, ", ") + ")"
	}
	return fmt.Sprintf("pendamping %s%s %s", name, when, info.GoVersion)
}

func importFiles(ctx context.Context, s settings.Settings, in roster.Files, out io.Writer) error {
	if in.Roster == "" && in.Plans == "" && in.Program == "" && in.Invites == "" {
		return errors.New("nothing to import: name a file, like `pendamping import roster.csv`")
	}
	if in.Invites != "" { // their key follows from the token
		if err := s.Need("TELEGRAM_TOKEN"); err != nil {
			return fmt.Errorf("invitations: %w", err)
		}
	}
	db, err := records.Open(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	if in.Invites != "" { // links need the bot's name; codes work without
		t := telegram.New(s.API, s.Token)
		defer t.Close()
		me, err := t.Me(ctx)
		if err != nil {
			fmt.Fprintf(os.Stderr, "pendamping: new invitations are without links, because Telegram did not answer (%v): "+
				"their codes are enough; only --renew makes links later, and it ends these codes\n", err)
		}
		in.Bot = me.Username
	}
	return roster.Import(ctx, db.Begin(time.Now(), 0), in, out)
}
