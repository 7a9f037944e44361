// Package sandbox runs code that reads strangers' bytes (pictures, PDFs, workbooks) in a child process of the same
// binary, so that a malicious file can take no more memory, processor time or clock time than its limits, and a crash
// loses one result instead of the bot.
//
// The child sees its inputs, its output and an empty folder. It inherits neither the environment, which holds the token
// and the database's address, nor any other open file. When a run ends, for whatever reason, its whole process group is
// killed, with the programs that it started.
//
// On Linux the kernel enforces memory and processor limits (setrlimit). Elsewhere only the deadline, the size of the
// output and the limits that the jobs themselves check hold; see Enforced.
package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Job reads the call's inputs and writes a result. It runs in the child. The text of its error reaches the caller, so
// it must not repeat what people wrote.
type Job func(c Call) error

// Jobs are the jobs of a binary, by name.
type Jobs map[string]Job

// Call is what a job is given.
type Call struct {
	Args []string
	In   []*os.File // read from their beginning
	Out  io.Writer
	// Memory is how many bytes the job's buffers may take. A job that finds in a file's header that it needs more, but
	// not more than Most, returns ErrLarge without allocating them.
	Memory, Most int64
}

// Limits bound one run.
type Limits struct {
	Memory int64         // bytes for the job's buffers, without those of the runtime
	Most   int64         // bytes that a large run of the same job would get; 0: as Memory
	CPU    time.Duration // of each process of the run, in whole seconds
	Wall   time.Duration // until the run is killed
	Output int64         // bytes of the result, and of a file that the run writes
	Large  bool          // the run takes Most, and waits until no other large run of this Box is under way
}

var (
	// ErrLarge says that the file needs more memory than the run had, and that a large run may have enough.
	ErrLarge = errors.New("the file needs more memory than a small run has")
	// ErrLimit says that the run broke a limit or crashed. The result may hold what it wrote before.
	ErrLimit = errors.New("the run broke a limit or crashed")
)

// JobError is the error that a job returned.
type JobError struct{ Text string }

// Error returns what the job said.
func (e *JobError) Error() string { return e.Text }

// variable is what tells a process that it is a child: it holds an order.
const variable = "PENDAMPING_SANDBOX"

// order is what a child is told, as JSON.
type order struct {
	Job          string
	Args         []string
	In           int // inputs are the files from descriptor 3 on
	Memory, Most int64
	CPU          int64 // seconds
	File         int64 // bytes
}

// Exit codes of a child.
const (
	exitJobError = 3
	exitLarge    = 4
)

// Box runs jobs. Only Start makes one, because a binary that doesn't call Start would run itself anew instead of a job.
type Box struct {
	jobs  Jobs
	large chan struct{}
}

// Start returns a Box in an ordinary process, which runs the jobs of all these rooms. In a child it runs one and ends
// the process, so main calls it before anything else.
func Start(rooms ...Jobs) *Box {
	jobs := Jobs{}
	for _, some := range rooms {
		maps.Copy(jobs, some)
	}
	if words, child := os.LookupEnv(variable); child {
		os.Exit(obey(jobs, words))
	}
	return &Box{jobs: jobs, large: make(chan struct{}, 1)}
}

// obey does what a child is told and returns its exit code.
func obey(jobs Jobs, words string) int {
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, "sandbox:", strings.ReplaceAll(err.Error(), "\n", " "))
		return exitJobError
	}
	var o order
	if err := json.Unmarshal([]byte(words), &o); err != nil {
		return fail(err)
	}
	os.Unsetenv(variable) // the programs that it starts are no children of ours
	job := jobs[o.Job]
	if o.Job == check {
		job = checkJob
	}
	if job == nil {
		return fail(fmt.Errorf("there is no job %q", o.Job))
	}
	if err := confine(o); err != nil {
		return fail(fmt.Errorf("limits can't be set: %w", err))
	}
	c := Call{Args: o.Args, Out: os.Stdout, Memory: o.Memory, Most: o.Most}
	for i := range o.In {
		c.In = append(c.In, os.NewFile(uintptr(3+i), "input"))
	}
	err := job(c)
	switch {
	case errors.Is(err, ErrLarge):
		return exitLarge
	case err != nil:
		return fail(err)
	}
	return 0
}

// Run runs a job in a child and returns what it wrote. The inputs are read from their beginning; they stay open. Errors
// are ErrLarge, ErrLimit, a *JobError, that of ctx, and those of starting a process. With ErrLimit the result holds
// what was written until then.
func (b *Box) Run(ctx context.Context, job string, l Limits, args []string, in ...*os.File) ([]byte, error) {
	l.Most = max(l.Most, l.Memory)
	if l.Large {
		l.Memory = l.Most
		select {
		case b.large <- struct{}{}:
			defer func() { <-b.large }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	dir, err := os.MkdirTemp("", "sandbox-")
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	defer os.RemoveAll(dir)
	for _, f := range in {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("sandbox: input: %w", err)
		}
	}
	words, err := json.Marshal(order{Job: job, Args: args, In: len(in), Memory: l.Memory, Most: l.Most,
		CPU: int64(max(l.CPU, time.Second) / time.Second), File: l.Output})
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	program, err := self()
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	within, stop := context.WithTimeout(ctx, l.Wall)
	defer stop()
	out, said := bounded{most: l.Output, full: stop}, bounded{most: 4096, full: func() {}}
	cmd := exec.CommandContext(within, program)
	cmd.Args = []string{"pendamping-sandbox-" + job}
	cmd.Dir, cmd.Env = dir, append(environment(dir), variable+"="+string(words))
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = &out, &said, in
	cmd.WaitDelay = time.Second
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	endGroup(cmd.Process.Pid)
	err = cmd.Wait()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case out.over:
		return out.held, fmt.Errorf("sandbox: %s: more than %d bytes: %w", job, l.Output, ErrLimit)
	case within.Err() != nil:
		return out.held, fmt.Errorf("sandbox: %s: not done within %v: %w", job, l.Wall, ErrLimit)
	case err == nil:
		return out.held, nil
	case errors.As(err, &exit) && exit.ExitCode() == exitLarge:
		return nil, ErrLarge
	case errors.As(err, &exit) && exit.ExitCode() == exitJobError:
		return nil, &JobError{strings.TrimPrefix(said.line(), "sandbox: ")}
	case errors.As(err, &exit):
		return out.held, fmt.Errorf("sandbox: %s: %v %s: %w", job, exit, said.line(), ErrLimit)
	}
	return out.held, fmt.Errorf("sandbox: %s: %v: %w", job, err, ErrLimit)
}

// check is the job of Check.
const check = "check"

// Check runs a job that takes the memory of a small run, to see that children work here at all.
func (b *Box) Check(ctx context.Context) error {
	const memory = 64 << 20
	out, err := b.Run(ctx, check, Limits{Memory: memory, CPU: 10 * time.Second, Wall: time.Minute, Output: 1 << 10},
		nil)
	if err == nil && string(out) != "ok" {
		err = errors.New("sandbox: the child answered nothing")
	}
	return err
}

func checkJob(c Call) error {
	held := make([]byte, c.Memory)
	for i := 0; i < len(held); i += 4096 {
		held[i] = 1
	}
	_, err := io.WriteString(c.Out, "ok")
	return err
}

// environment is what a child and the programs that it starts know of ours: where programs and their data are, and the
// folder for what they write.
func environment(dir string) []string {
	env := []string{"TMPDIR=" + dir, "HOME=" + dir, "GOMAXPROCS=1", "GOTRACEBACK=none"}
	for _, name := range []string{"PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "SYSTEMROOT"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// bounded keeps what is written up to a size, and calls full when there is more.
type bounded struct {
	held []byte
	most int64
	over bool
	full func()
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), int(b.most)-len(b.held))
	b.held = append(b.held, p[:n]...)
	if n < len(p) && !b.over {
		b.over = true
		b.full()
	}
	return len(p), nil
}

// line is the first line, in at most 300 bytes.
func (b *bounded) line() string {
	line, _, _ := strings.Cut(string(b.held), "\n")
	return strings.ToValidUTF8(line[:min(len(line), 300)], "")
}

// File returns r as an input for Run: r itself if it is a file, else a temporary copy of at most that many bytes. done
// closes what it made.
func File(r io.Reader, most int64) (f *os.File, done func(), err error) {
	if f, ok := r.(*os.File); ok {
		return f, func() {}, nil
	}
	f, err = os.CreateTemp("", "sandbox-in-")
	if err != nil {
		return nil, nil, fmt.Errorf("sandbox: %w", err)
	}
	done = func() { f.Close(); os.Remove(f.Name()) }
	if _, err := io.Copy(f, io.LimitReader(r, most)); err != nil {
		done()
		return nil, nil, fmt.Errorf("sandbox: input: %w", err)
	}
	return f, done, nil
}
