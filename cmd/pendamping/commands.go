package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
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
	"pendamping/flows/sandbox"
)

// command is one that operators run, or another way to call the one before it.
type command struct {
	name  string // "" is another way to call the command before
	usage string // what follows the name
	does  string // what the help says of it, line by line
	words int    // how many words it takes at most, beside its flags
	// prepare defines the flags, and returns what runs once they are read.
	prepare func(flags *flag.FlagSet) task
	// says is the whole answer of a command that looks at neither flags nor settings.
	says func() string
}

// task does what a command is for. Its error is one line for the operator, or errSilent.
type task func(ctx context.Context, c call) error

// call is how a command was called.
type call struct {
	settings settings.Settings
	words    []string // beside the flags
	box      *sandbox.Box
	out      io.Writer
}

// commands are all that there are, in the order of the help.
var commands = []command{
	{name: "serve", does: "run the bot", prepare: prepareServe},
	{
		name: "import", usage: "[FILE] [--rab FILE] [--program FILE] [--invites OUT.csv [--renew]] [--overrule]",
		words: 1,
		does: `load the roster, plans, a programme's rules; write invitations for
who has none that is open; --renew: end open ones and make new ones
what the chat changed (a corrected name or number, an office, a group's
mentor) stays, and the line that says otherwise is named, as is a new
name for an office that somebody has; --overrule: the file has its way`,
		prepare: prepareImport,
	},
	{name: "health", does: "status 0 unless the bot at LISTEN_ADDR hangs: for who starts it again",
		prepare: prepareHealth},
	{name: "doctor", usage: "[--unpark]", does: "look at everything the bot needs, and say what to do",
		prepare: prepareDoctor},
	{
		name: "verify", usage: "[--root FILE] [--files]",
		does: `recompute the audit trail; status 0 only when it is whole
--files: the kept pictures too, byte by byte`,
		prepare: prepareVerify,
	},
	{usage: "--export FOLDER", does: "check an exported folder by its manifest, anywhere"},
	{
		name: "export", usage: "RECIPIENT --out FOLDER", words: 1,
		does: "all that an auditor takes away of a recipient, by its code", prepare: prepareExport,
	},
	{
		name: "erase", usage: "PERAN KODE NAMA | ID", words: 3,
		does: "take a person's name, number and account out of the records, at their request", prepare: prepareErase,
	},
	{
		name: "breach", usage: "[add|notice|notified]", words: 2,
		does: "the register of breaches of personal data, with its 3 × 24 hours", prepare: prepareBreach,
	},
	{
		name: "hold", usage: "RECIPIENT --reason WORDS", words: 1,
		does: "keep a recipient's records beyond the programme's years; --release lets them go", prepare: prepareHold,
	},
	{
		name: "retention", usage: "[--erase]",
		does:    "whose years are over; --erase takes their names, words and files away for good",
		prepare: prepareRetention,
	},
	{name: "root", does: "print the hour's root of the audit trail, to be kept elsewhere", prepare: prepareRoot},
	{name: "version", does: "print which commit this program was built from, and with which Go", says: version},
}

// usage is the help: every command with how it is called and what it does.
func usage() string {
	const margin = 44 // where it is said what a command does
	var s strings.Builder
	s.WriteString("Pendamping helps TKM Pemula groups account for their grants, by Telegram.\n\n")
	name := ""
	for _, c := range commands {
		if c.name != "" {
			name = c.name
		}
		called := strings.TrimSpace("pendamping " + name + " " + c.usage)
		lines := strings.Split(c.does, "\n")
		if len(called)+2 < margin {
			fmt.Fprintf(&s, "  %-*s%s\n", margin-2, called, lines[0])
			lines = lines[1:]
		} else {
			fmt.Fprintf(&s, "  %s\n", called)
		}
		for _, line := range lines {
			fmt.Fprintf(&s, "%*s%s\n", margin, "", line)
		}
	}
	s.WriteString("\nSettings come from the environment: see cmd/README.md.\n")
	return s.String()
}

func prepareServe(*flag.FlagSet) task {
	return func(ctx context.Context, c call) error {
		debug.SetGCPercent(200)         // the heap is small: fewer collections save time, and cost some 20 MB
		debug.SetMemoryLimit(150 << 20) // near this they save memory again
		return serve.Run(ctx, c.settings, c.box, time.Now, serve.Logger(c.out))
	}
}

func prepareHealth(*flag.FlagSet) task {
	return func(ctx context.Context, c call) error { return serve.Health(ctx, c.settings) }
}

func prepareDoctor(flags *flag.FlagSet) task {
	unpark := flags.Bool("unpark", false, "")
	return func(ctx context.Context, c call) error {
		if *unpark {
			return doctor.RetryQuarantined(ctx, c.settings, c.out)
		}
		return silentUnless(doctor.Examine(ctx, c.settings, c.box, time.Now(), c.out), nil)
	}
}

func prepareVerify(flags *flag.FlagSet) task {
	root := flags.String("root", "", "")
	files := flags.Bool("files", false, "")
	folder := flags.String("export", "", "")
	return func(ctx context.Context, c call) error {
		if *folder != "" {
			return silentUnless(audit.CheckExport(ctx, c.settings, c.box, *folder, *root, c.out))
		}
		return silentUnless(audit.Verify(ctx, c.settings, c.box, *root, *files, time.Now(), c.out))
	}
}

// silentUnless is the error of a command that has said itself what is not well.
func silentUnless(well bool, err error) error {
	if err == nil && !well {
		return errSilent
	}
	return err
}

func prepareExport(flags *flag.FlagSet) task {
	folder := flags.String("out", "", "")
	return func(ctx context.Context, c call) error {
		if len(c.words) == 0 || *folder == "" {
			return errors.New("name a recipient and a new folder, like `pendamping export KM-01 --out audit`")
		}
		return audit.Export(ctx, c.settings, c.box, c.words[0], *folder, time.Now(), c.out)
	}
}

func prepareRoot(*flag.FlagSet) task {
	return func(ctx context.Context, c call) error { return audit.Root(ctx, c.settings, time.Now(), c.out) }
}

func prepareErase(*flag.FlagSet) task {
	return func(ctx context.Context, c call) error {
		return privacy.Erase(ctx, c.settings, time.Now(), c.words, c.out)
	}
}

func prepareBreach(flags *flag.FlagSet) task {
	var b privacy.Breach
	flags.StringVar(&b.Found, "found", "", "")
	flags.StringVar(&b.What, "what", "", "")
	flags.StringVar(&b.Data, "data", "", "")
	flags.StringVar(&b.Done, "done", "", "")
	flags.IntVar(&b.People, "people", 0, "")
	return func(ctx context.Context, c call) error {
		words := append(c.words, "", "")
		b.Do, b.Number = words[0], words[1]
		return privacy.Breaches(ctx, c.settings, b, time.Now(), c.out)
	}
}

func prepareHold(flags *flag.FlagSet) task {
	reason := flags.String("reason", "", "")
	release := flags.Bool("release", false, "")
	return func(ctx context.Context, c call) error {
		return privacy.Hold(ctx, c.settings, strings.Join(c.words, ""), *reason, *release, time.Now(), c.out)
	}
}

func prepareRetention(flags *flag.FlagSet) task {
	erase := flags.Bool("erase", false, "")
	return func(ctx context.Context, c call) error {
		return privacy.Retention(ctx, c.settings, *erase, time.Now(), c.out)
	}
}

func prepareImport(flags *flag.FlagSet) task {
	in := roster.Files{Notice: join.Notice}
	flags.StringVar(&in.Plans, "rab", "", "")
	flags.StringVar(&in.Program, "program", "", "")
	flags.StringVar(&in.Invites, "invites", "", "")
	flags.BoolVar(&in.Renew, "renew", false, "")
	flags.BoolVar(&in.Overrule, "overrule", false, "")
	return func(ctx context.Context, c call) error {
		in.Roster, in.Box = strings.Join(c.words, ""), c.box
		return importFiles(ctx, c.settings, in, c.out)
	}
}

// importFiles opens what an import needs. Telegram is asked for the bot's name only where invitations are made.
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
			fmt.Fprintf(os.Stderr, "pendamping: new invitations are without links, "+
				"because Telegram did not answer (%v): their codes are enough; only --renew makes links later, "+
				"and it ends these codes\n", err)
		}
		in.Bot = me.Username
	}
	return roster.Import(ctx, db.Begin(time.Now(), 0), in, out)
}
