package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pendamping/flows/sandbox"
)

var box *sandbox.Box

func TestMain(m *testing.M) {
	box = sandbox.Start(sandbox.Jobs{
		"copy": func(c sandbox.Call) error {
			for _, f := range c.In {
				if _, err := io.Copy(c.Out, f); err != nil {
					return err
				}
			}
			_, err := io.WriteString(c.Out, strings.Join(c.Args, " "))
			return err
		},
		"env": func(c sandbox.Call) error {
			_,
				err := fmt.Fprint(c.Out, strings.Join(os.Environ(), "\n"))
			return err
		},
		"files": openFiles,
		"error": func(sandbox.Call) error { return errors.New("no such\npicture") },
		"panic": func(c sandbox.Call) error { fmt.Fprint(c.Out, "half"); panic("a bug") },
		"large": func(c sandbox.Call) error {
			switch need := int64(64 << 20); {
			case need > c.Most:
				return errors.New("too large")
			case need > c.Memory:
				return sandbox.ErrLarge
			}
			_, err := fmt.Fprint(c.Out, "done")
			return err
		},
		"eat": eat,
		"spin": func(sandbox.Call) error {
			for {
				runtime.KeepAlive(0)
			}
		},
		"hang": func(sandbox.Call) error { time.Sleep(time.Hour); return nil },
		"flood": func(c sandbox.Call) error {
			for {
				c.Out.Write(make([]byte, 1<<16))
			}
		},
		"disk": func(sandbox.Call) error {
			f, err := os.Create("big")
			for err == nil {
				_, err = f.Write(make([]byte, 1<<20))
			}
			return err
		},
		"program": program,
		"nice":    nice,
	})
	os.Exit(m.Run())
}

// eat touches as much memory as it is told to, and tells how much it has then.
func eat(c sandbox.Call) error {
	n, err := strconv.Atoi(c.Args[0])
	if err != nil {
		return err
	}
	var held [][]byte
	for range n {
		b := make([]byte, 1<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		held = append(held, b)
	}
	_, err = fmt.Fprint(c.Out, len(held))
	return err
}

// program starts others that outlive it if nobody ends them, and tells their numbers.
func program(c sandbox.Call) error {
	for range 3 {
		cmd := exec.Command("/bin/sh", "-c", "trap '' TERM HUP INT; (sleep 300 & sleep 300) & sleep 300; sleep 300")
		if err := cmd.Start(); err != nil {
			return err
		}
	}
	if c.Args[0] == "wait" {
		time.Sleep(time.Hour)
	}
	return nil
}

func nice(c sandbox.Call) error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	line := slices.IndexFunc(strings.Split(string(status), "\n"), func(l string) bool { return l == "NoNewPrivs:\t1" })
	p, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0) // 20 less the niceness
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(c.Out, line >= 0, p)
	return err
}

// openFiles lists what the child has open and did not open itself.
func openFiles(c sandbox.Call) error {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, e := range list {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && !strings.HasPrefix(to, "anon_inode:") &&
			!strings.HasPrefix(to, "/sys/") {
			fmt.Fprintln(c.Out, e.Name(), to)
		}
	}
	return nil
}

// small are limits that a harmless run keeps.
var small = sandbox.Limits{Memory: 32 << 20, CPU: 20 * time.Second, Wall: time.Minute, Output: 1 << 20}

func TestRun(t *testing.T) {
	a, b := file(t, "first "), file(t, "second ")
	for range 2 { // the inputs are read from their beginning each time
		out, err := box.Run(t.Context(), "copy", small, []string{"and", "words"}, a, b)
		if err != nil || string(out) != "first second and words" {
			t.Errorf("%q, %v", out, err)
		}
	}
	f, done, err := sandbox.File(strings.NewReader("from memory "), 11)
	if err != nil {
		t.Fatal(err)
	}
	out, err := box.Run(t.Context(), "copy", small, nil, f)
	if done(); err != nil || string(out) != "from memory" {
		t.Errorf("%q, %v", out, err)
	}
}

func file(t *testing.T, words string) *os.File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(name, []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestJobErrors(t *testing.T) {
	_, err := box.Run(t.Context(), "error", small, nil)
	if wrong := (*sandbox.JobError)(nil); !errors.As(err, &wrong) || wrong.Text != "no such picture" {
		t.Errorf("a job's error: %v", err)
	}
	if _, err := box.Run(t.Context(), "nothing", small, nil); err == nil || errors.Is(err, sandbox.ErrLimit) {
		t.Errorf("an unknown job: %v", err)
	}
	out, err := box.Run(t.Context(), "panic", small, nil)
	if !errors.Is(err, sandbox.ErrLimit) || string(out) != "half" || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("a panic: %q, %v", out, err)
	}
}

// A file that needs more memory is told from one that no run has enough for.
func TestLarge(t *testing.T) {
	l := small
	if _, err := box.Run(t.Context(), "large", l, nil); err == nil || err.Error() != "too large" {
		t.Errorf("more than the most: %v", err)
	}
	l.Most = 128 << 20
	if _, err := box.Run(t.Context(), "large", l, nil); !errors.Is(err, sandbox.ErrLarge) {
		t.Errorf("more than a small run has: %v", err)
	}
	l.Large = true
	if out, err := box.Run(t.Context(), "large", l, nil); err != nil || string(out) != "done" {
		t.Errorf("a large run: %q, %v", out, err)
	}
}

// The child knows nothing of the parent's secrets and holds none of its files.
func TestNothingInherited(t *testing.T) {
	t.Setenv("TELEGRAM_TOKEN", "123:secret")
	t.Setenv("DATABASE_URL", "postgres://secret")
	held, err := os.Create(filepath.Join(t.TempDir(), "held"))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	out, err := box.Run(t.Context(), "env", small, nil)
	if err != nil || bytes.Contains(out, []byte("secret")) || bytes.Contains(out, []byte("PENDAMPING")) {
		t.Errorf("the child's environment: %v\n%s", err, out)
	}
	if !sandbox.Enforced {
		t.Skip("no /proc here")
	}
	out, err = box.Run(t.Context(), "files", small, nil, file(t, "in"))
	// 0 to 3, and the listed folder
	if lines := strings.Count(string(out), "\n"); err != nil || lines > 5 || bytes.Contains(out, []byte("held")) {
		t.Errorf("the child's files: %v\n%s", err, out)
	}
	if out, err = box.Run(t.Context(), "nice", small, nil); err != nil || string(out) != "true 1" {
		t.Errorf("no new privileges, priority 1: %q, %v", out, err)
	}
}

// Each way to misbehave ends in ErrLimit, and nothing is left of it.
func TestLimits(t *testing.T) {
	if !sandbox.Enforced {
		t.Skip("the system has no limits")
	}
	t.Setenv("TMPDIR", t.TempDir())
	for _, c := range []struct {
		job, arg, why string
		l             sandbox.Limits
	}{
		{"eat", "2000", "", sandbox.Limits{Memory: 32 << 20, CPU: 60 * time.Second, Wall: patient, Output: 1 << 10}},
		{"spin", "", "signal: killed", sandbox.Limits{
			Memory: 32 << 20, CPU: time.Second, Wall: patient, Output: 1 << 10,
		}},
		{"hang", "", "not done within", sandbox.Limits{
			Memory: 32 << 20, CPU: time.Second, Wall: 300 * time.Millisecond, Output: 1 << 10,
		}},
		{"program", "wait", "not done within", sandbox.Limits{
			Memory: 32 << 20, CPU: time.Second, Wall: time.Second, Output: 1 << 10,
		}},
		{"flood", "", "more than 1024 bytes", sandbox.Limits{
			Memory: 32 << 20, CPU: 60 * time.Second, Wall: patient, Output: 1 << 10,
		}},
		{"disk", "", "", sandbox.Limits{Memory: 32 << 20, CPU: 60 * time.Second, Wall: patient, Output: 4 << 20}},
	} {
		t.Run(c.job, func(t *testing.T) {
			_, err := box.Run(t.Context(), c.job, c.l, []string{c.arg})
			if wrong := (*sandbox.JobError)(nil); c.job == "disk" && errors.As(err, &wrong) &&
				strings.Contains(wrong.Text, "file too large") {
				err = fmt.Errorf("%w: %w", err, sandbox.ErrLimit)
			}
			if !errors.Is(err, sandbox.ErrLimit) || !strings.Contains(err.Error(), c.why) {
				t.Errorf("ended with %v", err)
			}
			nobodyLeft(t)
		})
	}
	// What stays within its limits isn't hindered by them.
	if out, err := box.Run(t.Context(), "eat", sandbox.Limits{
		Memory: 96 << 20, CPU: 60 * time.Second, Wall: patient, Output: 1 << 10,
	}, []string{"90"}); err != nil || string(out) != "90" {
		t.Errorf("90 MiB of 96: %q, %v", out, err)
	}
}

const patient = 2 * time.Minute

// A job that ends before the programs that it started takes them along, and so does a caller who stops waiting.
func TestOrphans(t *testing.T) {
	if !sandbox.Enforced {
		t.Skip("the system has no process groups")
	}
	t.Setenv("TMPDIR", t.TempDir())
	if _, err := box.Run(t.Context(), "program", small, []string{"go"}); err != nil {
		t.Error(err)
	}
	nobodyLeft(t)
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, stop)
	if _, err := box.Run(ctx, "program", small, []string{"wait"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who stopped waiting: %v", err)
	}
	nobodyLeft(t)
}

// nobodyLeft checks that no process runs in a scratch folder of the sandbox, and that no such folder is left.
func nobodyLeft(t *testing.T) {
	t.Helper()
	var left []string
	for range 100 { // init may need a moment to take the killed ones
		left = nil
		folders, err := filepath.Glob("/proc/[0-9]*/cwd")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range folders {
			if to, err := os.Readlink(f); err == nil && strings.HasPrefix(to, filepath.Join(os.TempDir(), "sandbox-")) {
				left = append(left, f+" → "+to)
			}
		}
		if len(left) == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if len(left) > 0 {
		t.Errorf("still there: %q", left)
	}
	folders, err := filepath.Glob(filepath.Join(os.TempDir(), "sandbox-*"))
	if err != nil || len(folders) > 0 {
		t.Errorf("left over: %q, %v", folders, err)
	}
}

func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if _, err := box.Run(b.Context(), "copy", small, nil); err != nil {
			b.Fatal(err)
		}
	}
}
