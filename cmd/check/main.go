// Check runs every test of this repository on a real PostgreSQL and a real Redis.
//
//	go run ./cmd/check                     all tests
//	go run ./cmd/check -run Nota ./flows   whatever go test takes
//	go run ./cmd/check licences            the texts of the licences of what is linked, to ship with it
//	go run ./cmd/check help                these lines
//
// It finds or fetches both servers, looks at the code with go vet and gofmt, runs go test with DATABASE_URL and
// REDIS_URL set, and ends what it started. With all tests it also runs staticcheck and lists the licences of what is
// linked. A line for each package says how long it took, failures are shown whole, and the last lines count. Its exit
// code is that of go test.
package main

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"pendamping/store/embedded"
	"pendamping/store/embedded/testdb"
)

//go:embed main.go
var source string

// usage is the comment at the head of this file.
func usage() string {
	head, _, _ := strings.Cut(source, "\npackage ")
	var lines strings.Builder
	for line := range strings.Lines(head + "\n") {
		lines.WriteString(strings.TrimPrefix(strings.TrimPrefix(line, "//"), " "))
	}
	return lines.String()
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	err := check(ctx, os.Args[1:])
	interrupted := ctx.Err() != nil
	stop()
	var ended *exec.ExitError
	switch {
	case err == nil:
	case interrupted:
		say("stopped")
		os.Exit(130)
	case errors.As(err, &ended) && ended.ExitCode() > 0:
		say("failed")
		os.Exit(ended.ExitCode())
	default:
		say("%v", err)
		os.Exit(1)
	}
}

// check runs everything with the arguments for go test and returns the first failure.
func check(ctx context.Context, args []string) error {
	if slices.Equal(args, []string{"licences"}) {
		return licenceTexts(ctx, os.Stdout)
	}
	flags, packages, own, err := sorted(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage())
		return nil
	}
	if err != nil {
		return err
	}
	// What is built does not name this folder, so that a clone beside it finds it in the cache. It has nothing for
	// debuggers, which is a third of a linker's work.
	if err := os.Setenv("GOFLAGS", strings.TrimSpace("-trimpath -ldflags=-w "+os.Getenv("GOFLAGS"))); err != nil {
		return err
	}
	if slices.Contains(packages, everything) {
		if err := browser(ctx, os.Getenv("CI") == "true"); err != nil {
			return err
		}
		if err := readers(ctx); err != nil {
			return err
		}
	}
	if err := code(ctx, packages); err != nil {
		return err
	}
	if slices.Contains(packages, everything) {
		if err := errors.Join(static(ctx), licences(ctx)); err != nil {
			return err
		}
	}
	env, end, err := servers(ctx)
	if err != nil {
		return err
	}
	env = append(env, lazily(flags)...)
	r, began := newReport(os.Stdout, flags), time.Now()
	err = tests(ctx, r, env, flags, packages, own)
	ours := spent()
	end() // their time counts too
	all := spent()
	say("%d packages in %v, %.1f CPU-minutes with all that ran for them, %.1f of these the servers'",
		r.packages, time.Since(began).Round(time.Second), all.Minutes(), (all - ours).Minutes())
	fmt.Printf("%d passed, %d failed, %d skipped\n", r.sum.passed, r.sum.failed, r.sum.skipped)
	return err
}

// tests runs go test, where possible with the race detector in those of the packages where things run side by side.
func tests(ctx context.Context, r *report, env, flags, packages, own []string) error {
	done := make(chan struct{})
	defer close(done)
	go r.follow(done)
	run := func(packages []string, ours ...string) error {
		if len(packages) == 0 {
			return nil
		}
		return test(ctx, r, env, slices.Concat(ours, flags, packages, own))
	}
	if !racy(ctx) {
		say("no C compiler: the race detector stays off")
		return run(packages)
	}
	busy, still, err := split(ctx, packages)
	if err != nil {
		return err
	}
	// Both at once, each a package at a time: the one mostly waits for servers, the other computes.
	raced := make(chan error)
	go func() { raced <- run(busy, "-race", "-p=1", "-parallel=4") }()
	err = run(still, "-p=1", "-parallel=8")
	return errors.Join(err, <-raced)
}

// lazily is the setting by which Go collects garbage seldom, since the tests' heaps are small: it saves a tenth of
// their processor time. Benchmarks go without, for what they measure has the usual setting.
func lazily(flags []string) []string {
	bench := func(flag string) bool {
		return strings.HasPrefix(strings.TrimPrefix(strings.TrimLeft(flag, "-"), "test."), "bench")
	}
	if os.Getenv("GOGC") != "" || slices.ContainsFunc(flags, bench) {
		return nil
	}
	return []string{"GOGC=400"}
}

// test runs go test. go vet has run; the caller's flags come later and win.
func test(ctx context.Context, r *report, env, args []string) error {
	args = append([]string{"test", "-json", "-vet=off", "-shuffle=on", "-timeout=30m"}, args...)
	say("go %s", strings.Join(args, " "))
	cmd := command(ctx, env, "go", args...)
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	read := r.read(out)
	return errors.Join(cmd.Wait(), read)
}

// spent is the processor time of all programs that this one has waited for, with their children's.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// code looks at the packages without running them.
func code(ctx context.Context, packages []string) error {
	defer took("go vet, gofmt")()
	if err := command(ctx, nil, "go", append([]string{"vet"}, packages...)...).Run(); err != nil {
		return fmt.Errorf("go vet has found something: %w", err)
	}
	list := command(ctx, nil, "go", append([]string{"list", "-f", "{{.Dir}}"}, packages...)...)
	list.Stdout = nil
	dirs, err := list.Output()
	if err != nil {
		return fmt.Errorf("listing packages: %w", err)
	}
	format := command(ctx, nil, "gofmt", append([]string{"-l"}, sources(strings.Fields(string(dirs)))...)...)
	format.Stdout = nil
	unformatted, err := format.Output()
	if err != nil {
		return fmt.Errorf("gofmt: %w", err)
	}
	if len(unformatted) > 0 {
		return fmt.Errorf("not as gofmt writes it:\n%s", unformatted)
	}
	return nil
}

// static runs staticcheck with its default checks, but for those of style.
func static(ctx context.Context) error {
	defer took("staticcheck")()
	if err := command(ctx, nil, "go", "tool", "staticcheck", "-checks=inherit,-ST*", everything).Run(); err != nil {
		return fmt.Errorf("staticcheck has found something: %w", err)
	}
	return nil
}

// took says how long something took when what it returns is called.
func took(what string) func() {
	began := time.Now()
	return func() { say("%s (%v)", what, time.Since(began).Round(100*time.Millisecond)) }
}

// servers starts what the environment does not give and returns the variables for the tests and what ends the servers.
func servers(ctx context.Context) (env []string, end func(), err error) {
	var stops []func()
	end = func() {
		for _, stop := range slices.Backward(stops) {
			stop()
		}
	}
	o := embedded.Options{Throwaway: true, Log: os.Stderr}
	env = []string{testdb.Run + "=" + rand.Text()}
	if os.Getenv("DATABASE_URL") == "" {
		began := time.Now()
		p, err := embedded.StartPostgres(ctx, o)
		if err != nil {
			return nil, nil, err
		}
		stops = append(stops, p.Stop)
		env = append(env, "DATABASE_URL="+p.URL)
		say("PostgreSQL runs (%v)", time.Since(began).Round(time.Millisecond))
	}
	if os.Getenv("REDIS_URL") == "" {
		began := time.Now()
		r, err := embedded.StartRedis(ctx, o)
		if err != nil {
			end()
			return nil, nil, err
		}
		stops = append(stops, r.Stop)
		env = append(env, "REDIS_URL="+r.URL)
		say("Redis runs (%v)", time.Since(began).Round(time.Millisecond))
	}
	return env, end, nil
}

// command is a program whose output is ours. When the context ends it and all that it started are interrupted.
func command(ctx context.Context, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// say writes one line about what is going on. It goes to standard error: standard output is go test's.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "check: "+format+"\n", args...) }
